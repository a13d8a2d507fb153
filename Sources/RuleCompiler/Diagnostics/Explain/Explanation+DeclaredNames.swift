// The texts of family D, D008 and up: what is declared and used.

import RuleBytecode

extension Explanation {
  static let declaredNames: [Explanation] = [
    Explanation(
      .duplicateName, "a name that is declared twice",
      """
      Two rules, two tables or two definitions have the same name. The note points at
      the first one.
      """,
      in: .phase(.eom),
      wrong: """
        rule "note" { log "one"; }
        rule "note" { log "two"; }
        """,
      right: """
        rule "note one" { log "one"; }
        rule "note two" { log "two"; }
        """,
      why: """
        Names are unique in the whole policy, over all of its files: logs and counters
        speak of rules by name. A rule and a table may share one.
        """),
    Explanation(
      .usedBeforeDefinition, "used before it is declared",
      """
      The definition or table is declared further down. It must stand before its first
      use.
      """,
      in: .file,
      wrong: """
        define "loud" is "bulk";
        define "bulk" exists "List-Id";
        phase headers { rule "note" { if is "loud" { log "bulk"; } } }
        """,
      right: """
        define "bulk" exists "List-Id";
        define "loud" is "bulk";
        phase headers { rule "note" { if is "loud" { log "bulk"; } } }
        """,
      why: """
        With this order no definition can use itself, so that every run ends; and who
        reads from the top always knows the names.
        """),
    Explanation(
      .undefined, "a name that nobody declares",
      """
      There is no definition, table or the like of this name. When a declared name is
      near, the message offers it.
      """,
      in: .file,
      wrong: """
        define "bulk" exists "List-Id";
        phase headers { rule "note" { if anyof (is "bulk", is "bulkk") { log "bulk"; } } }
        """,
      right: """
        define "bulk" exists "List-Id";
        phase headers { rule "note" { if is "bulk" { log "bulk"; } } }
        """,
      why: """
        Names of one policy are shared by all of its files, in the order in which these
        are given: a file that declares something stands before those that use it.
        """),
    Explanation(
      .recursion, "a definition that uses itself",
      """
      The definition asks for itself, directly or through others.
      """,
      in: .file,
      wrong: """
        define "bulk" anyof (exists "List-Id", is "bulk");
        phase headers { rule "note" { if is "bulk" { log "bulk"; } } }
        """,
      right: """
        define "bulk" anyof (exists "List-Id", exists "List-Post");
        phase headers { rule "note" { if is "bulk" { log "bulk"; } } }
        """,
      why: """
        There is no recursion in this language: the cost of every rule is known before
        it runs, and every run ends.
        """),
    Explanation(
      .unused, "declared and never used",
      """
      The definition or table is not used anywhere, or the variable is set and never
      read.
      """,
      in: .file,
      wrong: """
        define "bulk" exists "List-Id";
        phase headers { rule "note" { log "seen"; } }
        """,
      right: """
        define "bulk" exists "List-Id";
        phase headers { rule "note" { if is "bulk" { log "seen"; } } }
        """,
      why: """
        Either a rule is missing that was meant to use it, or it is left over. It is not
        said when a part of the policy could not be read, since it may be used there.
        """),
    Explanation(
      .variableNeverSet, "a variable that is never set",
      """
      The variable is read, and no 'set' of the policy gives it a value: it is always
      the empty text.
      """,
      in: .phase(.eom),
      wrong: """
        rule "note" { set "who" "${sender}"; log "from ${who} ${wo}"; }
        """,
      right: """
        rule "note" { set "who" "${sender}"; log "from ${who}"; }
        """,
      why: """
        Most often the name is mistyped. It is a warning, since Sieve gives unset
        variables a meaning (RFC 5229 §3).
        """),
    Explanation(
      .wrongUseOfDefinition, "a definition of the other kind",
      """
      'is' asks a definition that is a test, 'call' does one that is a block of
      commands. Here the other kind is named.
      """,
      in: .file,
      wrong: """
        define "bulk" exists "List-Id";
        phase headers { rule "note" { call "bulk"; } }
        """,
      right: """
        define "bulk" exists "List-Id";
        phase headers { rule "note" { if is "bulk" { log "seen"; } } }
        """,
      why: """
        define "x" TEST; names a test, define "x" { … } names commands. The note points
        at the definition.
        """),
    Explanation(
      .wrongTableType, "a table of the wrong type",
      """
      The table cannot answer this question: 'ip' asks tables of type cidr, ':list' asks
      tables of texts, domains or addresses.
      """,
      in: .file,
      wrong: """
        table :inline ["192.0.2.1"] "near";
        phase connect { rule "near" { if ip "client" "table:near" { stop; } } }
        """,
      right: """
        table :inline ["192.0.2.1"] :type "cidr" "near";
        phase connect { rule "near" { if ip "client" "table:near" { stop; } } }
        """,
      why: """
        The type says how entries are compared. Without ':type' a table is a set of
        texts, in which an address would be compared letter by letter.
        """),
    Explanation(
      .noSections, "a table without sections",
      """
      'lookup :scope' reads a section of a table, and this table cannot have any.
      """,
      in: .file,
      wrong: """
        table :inline ["ann yes"] :type "map" "wishes";
        phase rcpt {
          rule "wish" {
            if lookup :set "w" :scope "${rcpt}" "table:wishes" "${sender}" { log "${w}"; }
          }
        }
        """,
      right: """
        table :file "wishes" :type "map" "wishes";
        phase rcpt {
          rule "wish" {
            if lookup :set "w" :scope "${rcpt}" "table:wishes" "${sender}" { log "${w}"; }
          }
        }
        """,
      why: """
        In a file a line [ann@example.com] begins a section; a database has them where
        its query takes the section as $2. Elsewhere the scope would change nothing, or
        fail when mail comes.
        """),
    Explanation(
      .mixedFateMissing, "no answer for mixed refusals",
      """
      A recipient can be refused at the end of the message while others get it, and
      'on_mixed' does not say what becomes of it then.
      """,
      in: .file,
      wrong: """
        phase eom {
          rule "each" { for_each_rcpt { if exists "X-Bulk" { reject "No bulk mail"; } } }
        }
        """,
      right: """
        on_mixed :reject "notify";
        phase eom {
          rule "each" { for_each_rcpt { if exists "X-Bulk" { reject "No bulk mail"; } } }
        }
        """,
      why: """
        SMTP has one answer at the end of the data for all recipients. What is refused for
        some must be kept, thrown away, delivered or reported; only you can know which.
        """),
    Explanation(
      .ownMissing, "direction without own",
      """
      The direction of a mail is asked, and nothing says which domains are ours.
      """,
      in: .file,
      wrong: """
        phase rcpt { rule "out" { if direction "out" { log "leaves"; } } }
        """,
      right: """
        table :inline ["example.com"] :type "domain" "our-domains";
        own :domains "table:our-domains";
        phase rcpt { rule "out" { if direction "out" { log "leaves"; } } }
        """,
      why: """
        In and out are seen from us: whose domains those are only the policy can say.
        Name them in a table of type domain, and the addresses of your own clients in
        one of type cidr: who comes from there, or has logged in, is one of us.
        """),
    Explanation(
      .noRules, "a policy without rules",
      """
      The policy holds no rule: it lets all mail pass.
      """,
      in: .file,
      wrong: """
        phase eom { }
        """,
      right: """
        phase eom { rule "note" { log "seen"; } }
        """,
      why: """
        That is legal, and hardly meant: perhaps a file is missing on the command line,
        or all rules stand in comments.
        """),
    Explanation(
      .standsTwice, "a setting of the policy that stands twice",
      """
      This declaration holds for the whole policy, all its files included, and another one
      of its kind stands there already.
      """,
      in: .file,
      wrong: """
        settings :admin "postmaster@example.org";
        settings :daemon "mailer-daemon@example.org";
        phase eom { rule "note" { log "seen"; } }
        """,
      right: """
        settings :admin "postmaster@example.org" :daemon "mailer-daemon@example.org";
        phase eom { rule "note" { log "seen"; } }
        """,
      why: """
        Of two that disagree nobody could say which one holds.
        """),
  ]
}
