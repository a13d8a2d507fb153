// The texts of family N.

import RuleBytecode

extension Explanation {
  static let names: [Explanation] = [
    Explanation(
      .unknownCommand, "no such command",
      """
      There is no command of this name. When a known name is near, the message offers
      it, and --fix writes it.
      """,
      in: .phase(.eom),
      wrong: """
        rule "note" { logg "seen"; }
        """,
      right: """
        rule "note" { log "seen"; }
        """,
      why: """
        A command that nobody knows cannot be skipped: it might be the one that refuses
        the mail. Commands of Sieve that deliver into mailboxes are not for a filter at
        the mail server.
        """),
    Explanation(
      .unknownTest, "no such test",
      """
      There is no test of this name. When a known name is near, the message offers it.
      """,
      in: .phase(.headers),
      wrong: """
        rule "list" { if exist "List-Id" { stop; } }
        """,
      right: """
        rule "list" { if exists "List-Id" { stop; } }
        """,
      why: """
        Names of tests are compared without regard to case. A test that you defined
        yourself is asked with 'is': if is "name" { … }
        """),
    Explanation(
      .unknownTag, "no such tag",
      """
      The command or test has no tag of this name, or takes it only together with a
      capability that is not required.
      """,
      in: .phase(.headers),
      wrong: """
        rule "hello" { if header :contain "Subject" "hello" { stop; } }
        """,
      right: """
        rule "hello" { if header :contains "Subject" "hello" { stop; } }
        """,
      why: """
        Each command lists its own tags; what holds for one need not hold for another.
        An unknown one is never ignored, since it may change what the command does.
        """),
    Explanation(
      .unknownCapability, "no such capability",
      """
      'require' names a capability that does not exist.
      """,
      in: .whole,
      wrong: """
        require ["defang", "envelop"];
        phase mail { rule "null" { if envelope "from" "" { stop; } } }
        """,
      right: """
        require ["defang", "envelope"];
        phase mail { rule "null" { if envelope "from" "" { stop; } } }
        """,
      why: """
        RFC 5228 §3.2: a script must not run where one of its capabilities is missing.
        With a near name the rest is checked as if that were required, so that this is
        the only message.
        """),
    Explanation(
      .refusedCapability, "a capability of the mailbox",
      """
      The capability belongs to the program that delivers mail into mailboxes: folders,
      flags, vacation answers. This filter works at the mail server, before that.
      """,
      in: .whole,
      wrong: """
        require ["vacation", "reject"];
        if size :over 10M { reject "too big"; }
        """,
      right: """
        require "reject";
        if size :over 10M { reject "too big"; }
        """,
      why: """
        At this point a message has several recipients and no mailbox yet. Leave such
        rules in the Sieve script of the mailbox, where they run after delivery.
        """),
    Explanation(
      .missingRequire, "a capability is not required",
      """
      A command, test or tag needs a capability that the 'require' at the top of the
      file does not name. It is said once for each capability and file.
      """,
      in: .whole,
      wrong: """
        require "defang";
        phase mail { rule "null" { if envelope "from" "" { stop; } } }
        """,
      right: """
        require ["defang", "envelope"];
        phase mail { rule "null" { if envelope "from" "" { stop; } } }
        """,
      why: """
        Sieve has it so: the first line of a script says what it needs. 'defang' brings
        all of our own commands; the tests of other RFCs have their own names.
        """),
    Explanation(
      .unknownComparator, "no such comparator",
      """
      ':comparator' names a way of comparing that does not exist.
      """,
      in: .phase(.headers),
      wrong: """
        rule "hello" { if header :comparator "i;octets" "Subject" "Hello" { stop; } }
        """,
      right: """
        rule "hello" { if header :comparator "i;octet" "Subject" "Hello" { stop; } }
        """,
      why: """
        Without ':comparator' letters A to Z are compared without regard to case
        ("i;ascii-casemap"). "i;octet" compares the bytes as they are.
        """),
    Explanation(
      .unknownPhase, "no such phase",
      """
      'phase' is followed by the name of a point of the SMTP session, and this is none.
      """,
      in: .file,
      wrong: """
        phase recipient { rule "note" { log "seen"; } }
        """,
      right: """
        phase rcpt { rule "note" { log "seen"; } }
        """,
      why: """
        The phases are connect, helo, mail, rcpt, data, headers, message, part and eom;
        'defang-rulec explain phases' says when each runs. The name has no quotes.
        """),
    Explanation(
      .unknownFact, "no such fact",
      """
      ${…} with a dot, and the test 'fact', name a fact that the session or the message
      has. There is none of this name.
      """,
      in: .phase(.connect),
      wrong: """
        rule "note" { log "from ${client.address}"; }
        """,
      right: """
        rule "note" { log "from ${client.ip}"; }
        """,
      why: """
        'defang-rulec explain facts' lists them all, with the phases in which each is
        known. A mistyped one would be an empty text for ever, so it is an error.
        """),
    Explanation(
      .unknownNamespace, "no facts of this family",
      """
      The word before the dot of ${…} is no family of facts. Families are client, server,
      sender, rcpt, part and others.
      """,
      in: .phase(.connect),
      wrong: """
        rule "note" { log "from ${clnt.ip}"; }
        """,
      right: """
        rule "note" { log "from ${client.ip}"; }
        """,
      why: """
        Names with a dot are facts; variables of your own have none. So a later fact can
        never be taken for one of your variables.
        """),
    Explanation(
      .unknownValue, "a value that is not among the possible ones",
      """
      The argument must be one word of a fixed list, and this is none of them. The
      message gives the list.
      """,
      in: .phase(.connect),
      wrong: """
        rule "near" { if ip "peer" "192.0.2.0/24" { stop; } }
        """,
      right: """
        rule "near" { if ip "client" "192.0.2.0/24" { stop; } }
        """,
      why: """
        A word that nobody knows would make the test false for ever or the tag without
        effect, and nobody would notice.
        """),
    Explanation(
      .commandAsTest, "a command where a test belongs",
      """
      Behind 'if', 'not', 'anyof' and their like stands the name of a command. Commands
      do something; only tests can be asked.
      """,
      in: .phase(.headers),
      wrong: """
        rule "list" { if stop { log "seen"; } }
        """,
      right: """
        rule "list" { if exists "List-Id" { log "seen"; stop; } }
        """,
      why: """
        The order is always the same: if TEST { commands }. What is to be done stands
        between the braces.
        """),
    Explanation(
      .testAsCommand, "a test where a command belongs",
      """
      A test stands where something is to be done. A test by itself has no effect; it
      must be asked by 'if' or 'group'.
      """,
      in: .phase(.headers),
      wrong: """
        rule "list" { exists "List-Id"; stop; }
        """,
      right: """
        rule "list" { if exists "List-Id" { stop; } }
        """,
      why: """
        Without the 'if' the rule would go on whatever the test says, and that is hardly
        what was meant.
        """),
  ]
}
