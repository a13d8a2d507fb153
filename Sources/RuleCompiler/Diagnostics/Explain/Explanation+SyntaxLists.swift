// The texts of family S, S023 to S031 and S040: lists, what stands in the wrong place.

import RuleBytecode

extension Explanation {
  static let syntaxLists: [Explanation] = [
    Explanation(
      .emptyStringList, "an empty list",
      """
      '[]' holds no string. A list has one entry at least.
      """,
      in: .phase(.headers),
      wrong: """
        rule "list" { if exists [] { stop; } }
        """,
      right: """
        rule "list" { if exists ["List-Id", "List-Post"] { stop; } }
        """,
      why: """
        A test without keys would never be true, or always: nobody remembers which. The
        grammar of Sieve forbids it.
        """),
    Explanation(
      .trailingComma, "',' behind the last entry",
      """
      A ',' stands behind the last entry of a list, before the closing bracket.
      """,
      in: .phase(.headers),
      wrong: """
        rule "list" { if exists ["List-Id", "List-Post",] { stop; } }
        """,
      right: """
        rule "list" { if exists ["List-Id", "List-Post"] { stop; } }
        """,
      why: """
        The grammar of Sieve allows commas between entries only. An entry that was lost
        in an edit shows in the same way, so the compiler does not let it pass.
        """),
    Explanation(
      .missingComma, "',' is missing in a list",
      """
      Two entries of a list stand side by side without a ',' between them.
      """,
      in: .phase(.headers),
      wrong: """
        rule "list" { if exists ["List-Id" "List-Post"] { stop; } }
        """,
      right: """
        rule "list" { if exists ["List-Id", "List-Post"] { stop; } }
        """,
      why: """
        Unlike in C, strings that stand side by side are not joined. The compiler reads
        on as if the comma stood there.
        """),
    Explanation(
      .expectedString, "no string in a list of strings",
      """
      A list in brackets holds strings. Here a number, a tag or a bare word stands in
      one.
      """,
      in: .phase(.headers),
      wrong: """
        rule "level" { if header "X-Level" [5, 6] { stop; } }
        """,
      right: """
        rule "level" { if header "X-Level" ["5", "6"] { stop; } }
        """,
      why: """
        What rules compare in mail is text, also where it looks like a number. Put each
        entry into quotes.
        """),
    Explanation(
      .expectedTest, "no test in a list of tests",
      """
      The list in parentheses behind 'anyof' or 'allof' holds tests. Here something else
      stands in it.
      """,
      in: .phase(.headers),
      wrong: """
        rule "list" { if anyof (exists "List-Id", "List-Post") { stop; } }
        """,
      right: """
        rule "list" { if anyof (exists "List-Id", exists "List-Post") { stop; } }
        """,
      why: """
        Each test of the list begins with its own name; the name before is not carried
        over to the next entry.
        """),
    Explanation(
      .missingCloseBracket, "']' is missing",
      """
      A list that began with '[' is not closed where it can go on no further. The note
      names its '['.
      """,
      in: .phase(.headers),
      wrong: """
        rule "list" { if exists ["List-Id", "List-Post" { stop; } }
        """,
      right: """
        rule "list" { if exists ["List-Id", "List-Post"] { stop; } }
        """,
      why: """
        The entries before it are read; the message stands where the bracket most likely
        belongs.
        """),
    Explanation(
      .missingCloseParenthesis, "')' is missing",
      """
      A list of tests that began with '(' is not closed where it can go on no further.
      The note names its '('.
      """,
      in: .phase(.headers),
      wrong: """
        rule "list" { if anyof (exists "List-Id", exists "List-Post" { stop; } }
        """,
      right: """
        rule "list" { if anyof (exists "List-Id", exists "List-Post") { stop; } }
        """,
      why: """
        With several lists inside of each other count the parentheses from the note on:
        the first one that lacks its partner may be further inside.
        """),
    Explanation(
      .unexpected, "something behind the end of a command",
      """
      The arguments of a command are over, and before its ';' or '{' stands something
      that cannot belong to it.
      """,
      in: .phase(.headers),
      wrong: """
        rule "list" { if exists "List-Id") { stop; } }
        """,
      right: """
        rule "list" { if exists "List-Id" { stop; } }
        """,
      why: """
        Most often it is a bracket too many or a word that lost its quotes.
        """),
    Explanation(
      .elseIf, "'else if' in place of 'elsif'",
      """
      The second branch of an 'if' with a test of its own is written 'elsif', in one
      word.
      """,
      in: .phase(.headers),
      wrong: """
        rule "list" { if exists "List-Id" { stop; } else if exists "X-Bulk" { continue; } }
        """,
      right: """
        rule "list" { if exists "List-Id" { stop; } elsif exists "X-Bulk" { continue; } }
        """,
      why: """
        In Sieve 'else' is followed by its block at once. The compiler reads it as
        'elsif' and goes on.
        """),
    Explanation(
      .uselessEscape, "a backslash that says nothing",
      """
      In a quoted string a backslash stands before a character that needs none. The
      string then holds that character alone: "\\." is just ".".
      """,
      in: .phase(.headers),
      wrong: """
        rule "sale" { if header :contains "Subject" "50\\% off" { stop; } }
        """,
      right: """
        rule "sale" { if header :contains "Subject" "50% off" { stop; } }
        """,
      why: """
        It is legal in Sieve (RFC 5228 §2.4.2), hence a warning. But in patterns it is
        often meant for the pattern: there the backslash itself must be doubled, "\\\\.".
        """),
  ]
}
