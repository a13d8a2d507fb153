// The texts of family A, A001 to A014: counts, kinds, tags, tests and blocks.

import RuleBytecode

extension Explanation {
  static let argumentShapes: [Explanation] = [
    Explanation(
      .missingArgument, "an argument is missing",
      """
      The command or test lacks an argument that it cannot do without. The message says
      which one, and of which kind.
      """,
      in: .phase(.headers),
      wrong: """
        rule "hello" { if header :is "Subject" { stop; } }
        """,
      right: """
        rule "hello" { if header :is "Subject" "hello" { stop; } }
        """,
      why: """
        Arguments have their meaning by their order: for 'header' first the names of
        fields, then the keys. With one missing, the compiler cannot know which.
        """),
    Explanation(
      .extraArgument, "an argument too many",
      """
      The command or test takes fewer arguments than stand here. The first one too many
      is marked.
      """,
      in: .phase(.headers),
      wrong: """
        rule "list" { if exists "List-Id" "List-Post" { stop; } }
        """,
      right: """
        rule "list" { if exists ["List-Id", "List-Post"] { stop; } }
        """,
      why: """
        Several strings for one argument stand in brackets, as a list. An argument that
        were silently ignored would be a rule that does not say what it does.
        """),
    Explanation(
      .wrongKind, "an argument of the wrong kind",
      """
      The argument is a number where a string is wanted, a list where there can be only
      one, or the like.
      """,
      in: .phase(.eom),
      wrong: """
        rule "big" { if size :over "10M" { stop; } }
        """,
      right: """
        rule "big" { if size :over 10M { stop; } }
        """,
      why: """
        Numbers stand without quotes, strings and decimals in quotes, several strings in
        brackets. Nothing is converted behind your back.
        """),
    Explanation(
      .conflictingTags, "tags that exclude each other",
      """
      Two tags of one command say different things about the same matter, such as two
      ways of matching.
      """,
      in: .phase(.headers),
      wrong: """
        rule "hello" { if header :is :contains "Subject" "hello" { stop; } }
        """,
      right: """
        rule "hello" { if header :contains "Subject" "hello" { stop; } }
        """,
      why: """
        RFC 5228 §2.7.1 allows one match type in a test. For both, ask two tests in an
        anyof or allof.
        """),
    Explanation(
      .duplicateTag, "a tag that stands twice",
      """
      The same tag stands twice in one command. Only the value of one of them could
      count.
      """,
      in: .phase(.mail),
      wrong: """
        rule "no" { if fact "sender.arg.SIZE" { reject :code "550" :code "554" "no"; } }
        """,
      right: """
        rule "no" { if fact "sender.arg.SIZE" { reject :code "554" "no"; } }
        """,
      why: """
        Which one was meant is known to the writer only. Remove the other.
        """),
    Explanation(
      .tagAfterPositional, "a tag behind the other arguments",
      """
      Tags stand directly behind the name of the command or test, before its other
      arguments.
      """,
      in: .phase(.headers),
      wrong: """
        rule "hello" { if header "Subject" :contains "hello" { stop; } }
        """,
      right: """
        rule "hello" { if header :contains "Subject" "hello" { stop; } }
        """,
      why: """
        RFC 5228 §2.6.2 wants it so, and one order makes rules easier to read.
        """),
    Explanation(
      .tagWantsValue, "a tag without its value",
      """
      The tag is followed by a value of its own, and what stands behind it is missing or
      of another kind.
      """,
      in: .phase(.mail),
      wrong: """
        rule "no" { if fact "sender.arg.SIZE" { reject :code 554 "no"; } }
        """,
      right: """
        rule "no" { if fact "sender.arg.SIZE" { reject :code "554" "no"; } }
        """,
      why: """
        The value stands directly behind its tag. Whether it is a string, a number or a
        list is up to the tag; the message says what is expected.
        """),
    Explanation(
      .tagNeeds, "a tag that needs another one",
      """
      The tag means something only together with another tag that is not there.
      """,
      in: .phase(.eom),
      wrong: """
        rule "trim" { deleteheader :last "X-Trace"; }
        """,
      right: """
        rule "trim" { deleteheader :index 1 :last "X-Trace"; }
        """,
      why: """
        ':last' says from which end ':index' counts (RFC 5293 §5). Alone it would change
        nothing.
        """),
    Explanation(
      .tableAsText, "a table's name among the texts",
      """
      A test without ':list' compares with the text "table:…" itself, and never looks
      into the table.
      """,
      in: .file,
      wrong: """
        table :inline ["bad.example"] :type "domain" "bad";
        phase mail { rule "no" { if envelope :domain "from" "table:bad" { reject "No"; } } }
        """,
      right: """
        table :inline ["bad.example"] :type "domain" "bad";
        phase mail { rule "no" { if envelope :domain :list "from" "table:bad" { reject "No"; } } }
        """,
      why: """
        Names of tables mean something behind ':list' alone (RFC 6134 §2.2).
        """),
    Explanation(
      .unexpectedTest, "a test that belongs nowhere",
      """
      A test stands behind a command or test that takes none.
      """,
      in: .phase(.eom),
      wrong: """
        rule "list" { log "seen" exists "List-Id"; }
        """,
      right: """
        rule "list" { if exists "List-Id" { log "seen"; } }
        """,
      why: """
        Conditions stand in front: if TEST { … }. If the word was meant as text, put it
        into quotes.
        """),
    Explanation(
      .missingTestArgument, "the test is missing",
      """
      The command needs a test, and there is none: 'define' gives a name to a test or to
      a block of commands, and here is neither.
      """,
      in: .whole,
      wrong: """
        require "defang";
        define "bulk";
        phase headers { rule "note" { log "seen"; } }
        """,
      right: """
        require "defang";
        define "bulk" exists "List-Id";
        phase headers { rule "note" { if is "bulk" { log "seen"; } } }
        """,
      why: """
        A name without a meaning would be an error at each of its uses; so it is one
        here.
        """),
    Explanation(
      .testListNotAllowed, "a list of tests where one is wanted",
      """
      'if', 'elsif', 'not' and 'group' take one test. A list in parentheses belongs to
      'anyof' and 'allof'.
      """,
      in: .phase(.headers),
      wrong: """
        rule "list" { if (exists "List-Id", exists "List-Post") { stop; } }
        """,
      right: """
        rule "list" { if anyof (exists "List-Id", exists "List-Post") { stop; } }
        """,
      why: """
        A list alone does not say whether one or all of its tests must be true.
        """),
    Explanation(
      .testListWanted, "one test where a list is wanted",
      """
      'anyof' and 'allof' take a list of tests in parentheses.
      """,
      in: .phase(.headers),
      wrong: """
        rule "list" { if anyof exists "List-Id" { stop; } }
        """,
      right: """
        rule "list" { if anyof (exists "List-Id", exists "List-Post") { stop; } }
        """,
      why: """
        The parentheses show where the list ends, so that lists can stand inside of each
        other. With one test alone 'anyof' is not needed: if exists "List-Id" { … }
        """),
    Explanation(
      .missingBlock, "the block is missing",
      """
      The command holds other commands, between '{' and '}', and has no block here.
      """,
      why: """
        Most often the command ended with a ';' where its block should begin: rule "x";
        means nothing, rule "x" { … } is a rule.
        """),
    Explanation(
      .unexpectedBlock, "a block that belongs nowhere",
      """
      The command ends with ';' and has no block.
      """,
      in: .phase(.headers),
      wrong: """
        rule "list" { log "seen" { stop; } }
        """,
      right: """
        rule "list" { log "seen"; stop; }
        """,
      why: """
        Only conditions, loops and declarations hold other commands. What is to be done
        after a command simply stands behind it.
        """),
  ]
}
