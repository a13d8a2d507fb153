// The texts of family S, S016 to S022: the ends of commands, blocks, tests.

import RuleBytecode

extension Explanation {
  static let syntaxStructure: [Explanation] = [
    Explanation(
      .missingSemicolon, "';' is missing",
      """
      A command without a block ends with ';'. This one does not; the message stands
      where the ';' belongs.
      """,
      in: .phase(.eom),
      wrong: """
        rule "note" { log "seen" }
        """,
      right: """
        rule "note" { log "seen"; }
        """,
      why: """
        Without it the next command would be read as an argument of this one. The
        compiler reads on as if it stood there, so this is the only message for it.
        """),
    Explanation(
      .missingOpenBrace, "'{' is missing",
      """
      A command that holds other commands (if, rule, phase, group …) has them between
      '{' and '}', also when there is one only. Here no '{' follows.
      """,
      in: .phase(.headers),
      wrong: """
        rule "list" { if exists "List-Id" stop; }
        """,
      right: """
        rule "list" { if exists "List-Id" { stop; } }
        """,
      why: """
        Sieve has no 'if' with a bare statement: where a condition ends must not depend
        on line ends or indentation.
        """),
    Explanation(
      .missingCloseBrace, "'}' is missing",
      """
      The file ends inside of a block. The note names the '{' that has no '}'; where the
      indentation shows a likelier one, it names that.
      """,
      in: .whole,
      wrong: """
        require "defang";
        phase eom {
          rule "note" { log "seen"; }
        """,
      right: """
        require "defang";
        phase eom {
          rule "note" { log "seen"; }
        }
        """,
      why: """
        It can only be noticed at the end of the file, so look at the note. Complaints
        about what is nested in what are held back, since they would be guesses.
        """),
    Explanation(
      .strayCloseBrace, "'}' that closes nothing",
      """
      A '}' stands where no block is open: one too many, or the '{' it belongs to is
      missing further up.
      """,
      in: .whole,
      wrong: """
        require "defang";
        phase eom { rule "note" { log "seen"; } } }
        """,
      right: """
        require "defang";
        phase eom { rule "note" { log "seen"; } }
        """,
      why: """
        A brace too many further up ends a phase early, and what follows stands outside
        of it. So look at the blocks before this place as well.
        """),
    Explanation(
      .straySemicolon, "';' without a command",
      """
      A ';' stands where no command precedes it: two in a row, or one behind the '}' of
      a block.
      """,
      in: .phase(.eom),
      wrong: """
        rule "note" { log "seen";; }
        """,
      right: """
        rule "note" { log "seen"; }
        """,
      why: """
        Sieve knows no empty command. A block ends with its '}' and has no ';' behind it.
        """),
    Explanation(
      .missingTest, "a test is missing",
      """
      'if', 'elsif', 'not', 'anyof', 'allof' and 'group' are followed by a test, and here
      is none.
      """,
      in: .phase(.headers),
      wrong: """
        rule "list" { if { stop; } }
        """,
      right: """
        rule "list" { if exists "List-Id" { stop; } }
        """,
      why: """
        A test is a name with its arguments, such as 'exists "List-Id"'. What holds for
        all mail needs no 'if' at all.
        """),
    Explanation(
      .emptyTestList, "an empty list of tests",
      """
      'anyof ()' and 'allof ()' have nothing to ask.
      """,
      in: .phase(.headers),
      wrong: """
        rule "list" { if anyof () { stop; } }
        """,
      right: """
        rule "list" { if anyof (exists "List-Id", exists "List-Post") { stop; } }
        """,
      why: """
        Whether an empty list is true or false is a matter of taste: Sieve's grammar
        forbids it. Say 'true' or 'false' if that is meant.
        """),
  ]
}
