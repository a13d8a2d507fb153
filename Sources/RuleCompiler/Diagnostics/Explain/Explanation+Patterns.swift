// The texts of family R: regular expressions.

import RuleBytecode

extension Explanation {
  static let patterns: [Explanation] = [
    Explanation(
      .badPattern, "not a pattern",
      """
      The text behind ':regex' is no regular expression of PCRE2. The mark stands where
      the reading ended.
      """,
      in: .file,
      wrong: """
        require ["defang", "regex"];
        phase headers { rule "list" { if header :regex "List-Id" "<([^>]+>" { stop; } } }
        """,
      right: """
        require ["defang", "regex"];
        phase headers { rule "list" { if header :regex "List-Id" "<([^>]+)>" { stop; } } }
        """,
      why: """
        In a quoted string a backslash is written twice: "\\\\d+" is the pattern \\d+.
        """),
    Explanation(
      .explosivePattern, "a pattern that a sender can make slow",
      """
      Two repetitions of the pattern can take the same text, so a text that fails in the
      end is tried in each of the ways in which they can share it. The message shows such
      a text: what stands in quotes, the middle one n times.
      """,
      in: .file,
      wrong: """
        require ["defang", "regex"];
        phase headers { rule "names" { if header :regex "To" "^(\\\\w+ ?)+$" { stop; } } }
        """,
      right: """
        require ["defang", "regex"];
        phase headers { rule "names" { if header :regex "To" "^\\\\w+( \\\\w+)*$" { stop; } } }
        """,
      why: """
        A mail filter reads what strangers write. Let the repetitions exclude each other,
        by different characters or by something fixed between them; or give a bound with
        ':backtrack n': past n steps the test is an error of class :limit.
        """),
    Explanation(
      .unjudgedPattern, "a pattern whose cost is not known",
      """
      The pattern has something that no automaton has: a back-reference, a recursion, a
      look-around of unbounded length; or it is very large.
      """,
      in: .file,
      wrong: """
        require ["defang", "regex"];
        phase headers { rule "twice" { if header :regex "Subject" "(\\\\w+) \\\\1" { stop; } } }
        """,
      right: """
        require ["defang", "regex"];
        phase headers {
          rule "twice" {
            if header :regex :backtrack 10000 "Subject" "(\\\\w+) \\\\1" { stop; }
          }
        }
        """,
      why: """
        What cannot be shown to be harmless needs a bound: past so many steps the test is
        an error of class :limit.
        """),
    Explanation(
      .slowPattern, "a pattern that a sender can make slow, in plain Sieve",
      """
      As R002, in a plain Sieve script, which has no way to give a bound: the pattern runs
      with its steps counted, and past their limit the script ends in tempfail.
      """,
      in: .whole,
      wrong: """
        require "regex";
        if header :regex "To" "^(\\\\w+ ?)+$" { discard; }
        """,
      right: """
        require "regex";
        if header :regex "To" "^\\\\w+( \\\\w+)*$" { discard; }
        """,
      why: """
        A mail filter reads what strangers write. Let the repetitions exclude each other,
        by different characters or by something fixed between them.
        """),
    Explanation(
      .patternIsText, "a pattern that is a plain text",
      """
      The pattern holds nothing but characters that stand for themselves, perhaps bound to
      the start or the end of the text. Looking for that text needs no regular expression.
      """,
      in: .file,
      wrong: """
        require ["defang", "regex"];
        phase headers { rule "sale" { if header :regex "Subject" "sale" { stop; } } }
        """,
      right: """
        require ["defang", "regex"];
        phase headers { rule "sale" { if header :contains "Subject" "sale" { stop; } } }
        """,
      why: """
        ':contains' and ':is' do the same at a fraction of the cost, and say what is meant.
        """),
    Explanation(
      .patternNeverMatches, "a pattern that never matches",
      """
      No text at all can match this pattern: mostly because '^' or '$' stands in its
      middle.
      """,
      in: .file,
      wrong: """
        require ["defang", "regex"];
        phase headers { rule "re" { if header :regex "Subject" "Re:^\\\\d+" { stop; } } }
        """,
      right: """
        require ["defang", "regex"];
        phase headers { rule "re" { if header :regex "Subject" "^Re:\\\\d+" { stop; } } }
        """,
      why: """
        '^' is the start of the whole text and '$' its end, not those of a line. '(?m)' at
        the front of a pattern makes them the ends of lines.
        """),
    Explanation(
      .uselessPatternStart, "a part of a pattern that changes nothing",
      """
      A pattern may match anywhere in the text, so a leading '.*' says nothing.
      """,
      in: .file,
      wrong: """
        require ["defang", "regex"];
        phase headers { rule "sale" { if header :regex "Subject" ".*sale\\\\d" { stop; } } }
        """,
      right: """
        require ["defang", "regex"];
        phase headers { rule "sale" { if header :regex "Subject" "sale\\\\d" { stop; } } }
        """,
      why: """
        It makes the match slower and the pattern harder to read. A pattern of whole
        texts, as other tools have them, is written with '^' and '$'.
        """),
  ]
}
