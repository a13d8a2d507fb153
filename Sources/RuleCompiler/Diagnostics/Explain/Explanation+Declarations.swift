// The texts of family D, D001 to D007: what stands where.

import RuleBytecode

extension Explanation {
  static let declarations: [Explanation] = [
    Explanation(
      .ruleInRule, "a rule inside of a rule",
      """
      Rules do not nest. Most often the '}' of the rule before is missing.
      """,
      in: .phase(.eom),
      wrong: """
        rule "outer" { rule "inner" { stop; } }
        """,
      right: """
        rule "outer" { log "seen"; }
        rule "inner" { stop; }
        """,
      why: """
        A rule is what traces, counters and reports speak of; one inside of another
        would be counted twice. For common commands use 'define' and 'call'.
        """),
    Explanation(
      .statementOutsideRule, "a command outside of a rule",
      """
      A phase or group holds rules. A command that does something stands directly in it.
      """,
      in: .phase(.eom),
      wrong: """
        log "seen";
        """,
      right: """
        rule "note" { log "seen"; }
        """,
      why: """
        Every action belongs to a rule, so that logs and traces can say which rule it
        was.
        """),
    Explanation(
      .statementAtTopLevel, "a command outside of a phase",
      """
      At the top of a file stand declarations and phases. A command that does something
      stands there without a phase that says when it runs.
      """,
      in: .file,
      wrong: """
        addheader "X-Checked" "yes";
        phase eom { rule "note" { log "seen"; } }
        """,
      right: """
        phase eom { rule "note" { log "seen"; addheader "X-Checked" "yes"; } }
        """,
      why: """
        A file with require "defang" says for each rule at which point of the session it
        runs. Plain Sieve scripts, without that line, run at the end of the message.
        """),
    Explanation(
      .misplaced, "a declaration in the wrong place",
      """
      Phases, tables and definitions stand at the top of the file, rules in phases and
      groups. Here one stands inside of something else.
      """,
      in: .file,
      wrong: """
        phase eom { rule "note" { phase data { log "seen"; } } }
        """,
      right: """
        phase eom { rule "note" { log "seen"; } }
        phase data { rule "data" { log "seen"; } }
        """,
      why: """
        Often a '}' is missing further up, and the rest of the file stands inside of a
        rule.
        """),
    Explanation(
      .elsifWithoutIf, "'elsif' or 'else' without an 'if'",
      """
      'elsif' and 'else' go on with the 'if' directly before them. Here another command
      stands before, or none.
      """,
      in: .phase(.headers),
      wrong: """
        rule "list" { if exists "List-Id" { stop; } log "no list"; else { log "else"; } }
        """,
      right: """
        rule "list" { if exists "List-Id" { stop; } else { log "no list"; } }
        """,
      why: """
        A command between the branches ends the chain, since it would be done whichever
        branch is taken.
        """),
    Explanation(
      .elseTwice, "a branch behind 'else'",
      """
      'else' is taken when no branch before it was; so nothing can come behind it.
      """,
      in: .phase(.headers),
      wrong: """
        rule "list" { if exists "A" { stop; } else { log "b"; } else { log "c"; } }
        """,
      right: """
        rule "list" { if exists "A" { stop; } elsif exists "B" { log "b"; } else { log "c"; } }
        """,
      why: """
        Branches with a test of their own are 'elsif' and stand before the 'else'. What is
        to be done in every case stands behind the whole chain, without a branch.
        """),
    Explanation(
      .requireNotFirst, "'require' behind other commands",
      """
      All 'require' stand at the top of the file, before anything else.
      """,
      in: .whole,
      wrong: """
        require "defang";
        phase mail { rule "null" { if envelope "from" "" { stop; } } }
        require "envelope";
        """,
      right: """
        require ["defang", "envelope"];
        phase mail { rule "null" { if envelope "from" "" { stop; } } }
        """,
      why: """
        RFC 5228 §3.2: the first lines say what a script needs, so that a program that
        lacks it need not read on.
        """),
  ]
}
