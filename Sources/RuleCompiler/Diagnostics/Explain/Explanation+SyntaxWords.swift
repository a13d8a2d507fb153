// The texts of family S, S001 to S015: characters, strings, numbers, names.

import RuleBytecode

extension Explanation {
  static let syntaxWords: [Explanation] = [
    Explanation(
      .unknownCharacter, "a character without a meaning",
      """
      A character stands outside of strings and comments that the language does
      not use: an operator, another kind of quote, a comment of another language.
      """,
      in: .phase(.headers),
      wrong: """
        rule "big" { if header :is "X-Level" "5" && exists "X-Bulk" { stop; } }
        """,
      right: """
        rule "big" { if allof (header :is "X-Level" "5", exists "X-Bulk") { stop; } }
        """,
      why: """
        The grammar is that of Sieve (RFC 5228): there are no operators. 'And', 'or' and
        'not' are the tests allof, anyof and not; a comparison is a test with a tag.
        Strings stand in straight double quotes, comments begin with '#'.
        """),
    Explanation(
      .unterminatedString, "a string that is never closed",
      """
      A '"' opens a string, and no '"' closes it where one could be meant. The
      message stands where the string begins.
      """,
      in: .phase(.eom),
      wrong: """
        rule "note" { log "seen; }
        """,
      right: """
        rule "note" { log "seen"; }
        """,
      why: """
        Strings may run over several lines, so the compiler guesses where the missing
        quote belongs and goes on behind that. A quote inside of a string is written \\".
        """),
    Explanation(
      .unterminatedComment, "a comment that is never closed",
      """
      A comment that begins with '/*' goes on to '*/', and there is none. What follows
      it is not read at all.
      """,
      in: .whole,
      wrong: """
        require "defang";
        phase eom { rule "note" { log "seen"; } }
        /* the rest is for later
        """,
      right: """
        require "defang";
        phase eom { rule "note" { log "seen"; } }
        /* the rest is for later */
        """,
      why: """
        A policy that ends in an open comment does less than it seems to do. Comments of
        this kind do not nest; for one line '#' is simpler, since it ends with the line.
        """),
    Explanation(
      .unterminatedText, "a text that is never closed",
      """
      'text:' begins a text of several lines. It ends with a line that holds nothing
      but a dot, and there is no such line.
      """,
      in: .phase(.eom),
      wrong: """
        rule "refuse" { reject text:
        We do not take this.
        ; }
        """,
      right: """
        rule "refuse" { reject text:
        We do not take this.
        .
        ; }
        """,
      why: """
        The dot must be the first and only character of its line, without blanks. A line
        of the text that begins with a dot is written with two dots.
        """),
    Explanation(
      .controlCharacter, "a control character",
      """
      The file holds a control character, such as an escape or a lone carriage return.
      Only tabs and line ends may stand in a policy.
      """,
      in: .phase(.eom),
      wrong: "rule \"note\" { log \"se\u{8}en\"; }",
      right: """
        rule "note" { log "seen"; }
        """,
      why: """
        Editors and terminals act on control characters in place of showing them: what
        people review would not be what runs. Delete the character, or retype the line.
        Lines may end with LF or with CR LF, not with CR alone.
        """),
    Explanation(
      .bidirectionalMark, "a mark that reorders the line",
      """
      The file holds a Unicode mark that changes the direction of writing. It is not
      seen itself, and it changes the order in which the rest of the line is shown.
      """,
      in: .phase(.eom),
      wrong: "rule \"note\" { log \"seen\u{202E}\"; }",
      right: """
        rule "note" { log "seen"; }
        """,
      why: """
        With such marks a rule can be shown as another rule than it is (CVE-2021-42574).
        No policy needs them: text from right to left is shown correctly without.
        """),
    Explanation(
      .invalidUTF8, "bytes that are not UTF-8",
      """
      The file holds bytes that do not form UTF-8, most often letters with accents that
      were saved in another character set, such as ISO 8859-1.
      """,
      why: """
        Rules compare text with mail that was converted to UTF-8; bytes of another
        character set would never match. Save the file as UTF-8, or convert it:
        iconv -f ISO-8859-1 -t UTF-8 old.rules > new.rules.
        """),
    Explanation(
      .nulByte, "not a text file",
      """
      The file holds a NUL byte, so it is not a text. Most often it is an image (.drc)
      or another binary file that was named by mistake.
      """,
      why: """
        The compiler reads rules. An image is what it has made from rules: give it to
        'defang-rulec dump', 'run' or 'trace', or to the daemon.
        """),
    Explanation(
      .numberTooBig, "a number that is too big",
      """
      A number is more than the machine can hold. K, M and G behind a number multiply it
      by 1024, by 1024² and by 1024³.
      """,
      in: .phase(.eom),
      wrong: """
        rule "big" { if size :over 99999999999G { stop; } }
        """,
      right: """
        rule "big" { if size :over 99G { stop; } }
        """,
      why: """
        Numbers count bytes, seconds and entries, and are kept in 63 bits. A limit beyond
        that is never reached, so it is refused in place of being cut silently.
        """),
    Explanation(
      .badNumber, "not a number",
      """
      A word begins with a digit, or with '-' and a digit, and is no number. Numbers are
      digits with nothing or one of K, M and G behind them.
      """,
      in: .phase(.eom),
      wrong: """
        rule "spam" { if score :over 5.5 { stop; } }
        """,
      right: """
        rule "spam" { if score :over "5.5" { stop; } }
        """,
      why: """
        The grammar of Sieve has whole numbers without a sign only. Scores, and all else
        that may be negative or have a fraction, are written as strings.
        """),
    Explanation(
      .stringTooLong, "a string that is too long",
      """
      A string, or a text: of several lines, holds more bytes than one string may: one
      mebibyte.
      """,
      why: """
        Every input of the compiler has a limit, so that a damaged file costs little time
        and memory. Most often a quote is missing and the string swallowed what follows
        it. Long lists belong into a table, long texts into a file.
        """),
    Explanation(
      .nameTooLong, "a name that is too long",
      """
      The name of a command, test or tag has more than 64 letters. No name of the
      language is near that.
      """,
      in: .phase(.eom),
      wrong: """
        rule "note" { loglogloglogloglogloglogloglogloglogloglogloglogloglogloglogloglog "x"; }
        """,
      right: """
        rule "note" { log "x"; }
        """,
      why: """
        Words outside of strings are commands, tests and tags. A text that belongs into
        quotes and lost them is the usual reason.
        """),
    Explanation(
      .wordsAfterTextOpening, "words behind 'text:'",
      """
      Something stands on the line of 'text:'. The text itself begins on the next line;
      only a comment may follow on this one.
      """,
      in: .phase(.eom),
      wrong: """
        rule "refuse" { reject text: No thanks.
        .
        ; }
        """,
      right: """
        rule "refuse" { reject text:
        No thanks.
        .
        ; }
        """,
      why: """
        RFC 5228 §8.1 has it so. For a text of one line a quoted string is shorter:
        reject "No thanks.";
        """),
    Explanation(
      .emptyTag, "':' without a name",
      """
      A ':' begins a tag, as in ':is', and no name follows it, or a blank stands between
      the two.
      """,
      in: .phase(.headers),
      wrong: """
        rule "hello" { if header : is "Subject" "hello" { stop; } }
        """,
      right: """
        rule "hello" { if header :is "Subject" "hello" { stop; } }
        """,
      why: """
        A tag is one word: the colon belongs to it. A colon is never put behind a word,
        but for 'text:'.
        """),
    Explanation(
      .expectedCommand, "no command where one is expected",
      """
      A command begins with its name. Here something else stands where a command should
      begin: a string, a tag, a number or a bracket.
      """,
      in: .phase(.eom),
      wrong: """
        rule "note" { "seen"; }
        """,
      right: """
        rule "note" { log "seen"; }
        """,
      why: """
        Often the name of the command is missing, or a ';' too many ended the command
        before its last argument.
        """),
  ]
}
