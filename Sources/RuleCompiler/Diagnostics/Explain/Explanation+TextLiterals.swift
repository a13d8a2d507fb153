// The texts of family L, L013 and up: texts, names, variables, table entries.

import RuleBytecode

extension Explanation {
  static let textLiterals: [Explanation] = [
    Explanation(
      .replyLineTooLong, "a line of a reply that is too long",
      """
      One line of the reply's text has more than 512 bytes.
      """,
      why: """
        RFC 5321 §4.5.3.1.5 limits the lines of a reply, and mail servers cut or refuse
        longer ones. Give several lines as a list: reject ["first", "second"]; Text from
        mail is split by itself.
        """),
    Explanation(
      .replyControl, "a control character in a reply",
      """
      A line of the reply holds a line end or another control character.
      """,
      in: .phase(.mail),
      wrong: """
        rule "no" { if fact "sender.arg.SIZE" { reject "Not wanted.
        Ask postmaster."; } }
        """,
      right: """
        rule "no" { if fact "sender.arg.SIZE" { reject ["Not wanted.", "Ask postmaster."]; } }
        """,
      why: """
        A line end would begin a line without a reply code, which breaks the protocol.
        A list of strings, or a text:, gives one line each.
        """),
    Explanation(
      .replyNotASCII, "a reply that is not ASCII",
      """
      The reply holds letters beyond ASCII.
      """,
      in: .phase(.mail),
      wrong: """
        rule "no" { if fact "sender.arg.SIZE" { reject "Empfänger unbekannt"; } }
        """,
      right: """
        rule "no" { if fact "sender.arg.SIZE" { reject "Empfaenger unbekannt"; } }
        """,
      why: """
        Only clients that announced SMTPUTF8 may be sent such text (RFC 6531 §3.7.4.2);
        for the others the letters are lost. It is a warning: the verdict is the same.
        """),
    Explanation(
      .headerValueControl, "a control character in a header",
      """
      The value of a header field holds a line end or another control character.
      """,
      in: .phase(.eom),
      wrong: """
        rule "mark" { addheader "X-Checked" "first
        second"; }
        """,
      right: """
        rule "mark" { addheader "X-Checked" "first, second"; }
        """,
      why: """
        A line end would begin a new field. Write the value on one line: long ones are
        folded when the message is written.
        """),
    Explanation(
      .badName, "not a name for this",
      """
      The name of what is declared is empty, too long, or holds a character that a name
      must not have. Names of variables are letters, digits and '_'.
      """,
      in: .phase(.eom),
      wrong: """
        rule "count" { set "2nd" "x"; log "${n}"; set "n" "y"; }
        """,
      right: """
        rule "count" { set "second" "x"; log "${second}"; }
        """,
      why: """
        Names stand in logs, counters and ${…}, and must be told apart from text there.
        Names with a dot, and those of facts, are not for variables.
        """),
    Explanation(
      .badSymbol, "not a symbol of a score",
      """
      The symbol behind an amount has letters, digits and '_', at most 64 of them.
      """,
      in: .phase(.eom),
      wrong: """
        rule "odd" { score "1.5" "odd name"; }
        """,
      right: """
        rule "odd" { score "1.5" "ODD_NAME"; }
        """,
      why: """
        Symbols are written side by side into headers and logs, with blanks and commas
        between them.
        """),
    Explanation(
      .badMediaType, "not a media type",
      """
      A media type is two words with a '/' between them, without parameters.
      """,
      in: .phase(.part),
      wrong: """
        rule "gone" { replace :type "html" "<p>Removed.</p>"; }
        """,
      right: """
        rule "gone" { replace :type "text/html" "<p>Removed.</p>"; }
        """,
      why: """
        It becomes the Content-Type of the part, whose form RFC 2045 §5.1 fixes. The
        charset is added by itself.
        """),
    Explanation(
      .badVariable, "'${' without a name",
      """
      '${' begins a variable, and no name with a closing '}' follows.
      """,
      in: .phase(.eom),
      wrong: """
        rule "note" { log "from ${sender"; }
        """,
      right: """
        rule "note" { log "from ${sender}"; }
        """,
      why: """
        Plain Sieve takes such text as it stands (RFC 5229 §3); in a policy it is nearly
        always a slip. For the two characters themselves write "$" and "{" apart.
        """),
    Explanation(
      .captureBeyondGroups, "a match variable beyond the wildcards",
      """
      ${1}, ${2} … are what the wildcards of the last match took. The match before has
      fewer of them.
      """,
      in: .phase(.headers),
      wrong: """
        rule "list" { if header :matches "Subject" "[*]*" { log "list ${3}"; } }
        """,
      right: """
        rule "list" { if header :matches "Subject" "[*]*" { log "list ${1}"; } }
        """,
      why: """
        Each '*' and each '?' counts, from the left, and ${0} is the whole value. One
        that cannot be set would be an empty text for ever.
        """),
    Explanation(
      .badEncodedCharacter, "a number that is no character",
      """
      ${unicode:…} and ${hex:…} give characters by their numbers. This number is beyond
      the last character, or one of the surrogates, which are no characters.
      """,
      in: .file,
      wrong: """
        require ["defang", "encoded-character"];
        phase eom { rule "note" { log "${unicode:D83D}"; } }
        """,
      right: """
        require ["defang", "encoded-character"];
        phase eom { rule "note" { log "${unicode:1F4E7}"; } }
        """,
      why: """
        RFC 5228 §2.4.2.4 makes it an error; what does not look like a number at all is
        text as it stands.
        """),
    Explanation(
      .captureWithoutMatch, "a match variable without a match",
      """
      ${1} and its like are set by a test with ':matches' in the same rule, and none
      stands before this place.
      """,
      in: .phase(.headers),
      wrong: """
        rule "list" { if exists "List-Id" { log "list ${1}"; } }
        """,
      right: """
        rule "list" { if header :matches "List-Id" "*<*>" { log "list ${2}"; } }
        """,
      why: """
        Match variables last for one rule. What later rules need is kept with 'set'.
        """),
    Explanation(
      .badTableEntry, "an entry that does not fit its table",
      """
      The table has a type, and this entry is nothing of that type.
      """,
      in: .file,
      wrong: """
        table :inline ["example.org", "example..net"] :type "domain" "ours";
        phase mail { rule "ours" { if envelope :domain :list "from" "table:ours" { stop; } } }
        """,
      right: """
        table :inline ["example.org", "example.net"] :type "domain" "ours";
        phase mail { rule "ours" { if envelope :domain :list "from" "table:ours" { stop; } } }
        """,
      why: """
        An entry that can never match is a hole in the list that nobody sees. Entries of
        the type set may be any text.
        """),
    Explanation(
      .badZone, "a text that is no time zone",
      """
      A zone is written as a sign, two digits for the hours and two for the minutes.
      """,
      in: .whole,
      wrong: """
        require ["defang", "date"];
        phase eom { rule "night" { if currentdate :zone "CET" "hour" "03" { log "night"; } } }
        """,
      right: """
        require ["defang", "date"];
        phase eom { rule "night" { if currentdate :zone "+0100" "hour" "03" { log "night"; } } }
        """,
      why: """
        Names of zones mean different offsets in different places, and change with summer
        time.
        """),
    Explanation(
      .badParameterName, "a text that no parameter can be called",
      """
      The names of MIME parameters are words without blanks and special characters. Write
      the name alone, without the equals sign and the value.
      """,
      in: .whole,
      wrong: """
        require ["defang", "mime"];
        phase headers {
          rule "text" { if header :mime :param "charset=" "Content-Type" "utf-8" { stop; } }
        }
        """,
      right: """
        require ["defang", "mime"];
        phase headers {
          rule "text" { if header :mime :param "charset" "Content-Type" "utf-8" { stop; } }
        }
        """,
      why: """
        RFC 2045 §5.1: a parameter's name is a token, so such a test would never be true.
        """),
  ]
}
