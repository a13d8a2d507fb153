// The texts of family P.

import RuleBytecode

extension Explanation {
  static let phases: [Explanation] = [
    Explanation(
      .notInTimer, "what is about mail, in a job by the clock",
      """
      A job of 'every' asks or does what needs a client or a mail, and there is none
      when it runs.
      """,
      in: .file,
      wrong: """
        every 3600 "hourly" { log "from ${sender}"; }
        """,
      right: """
        every 3600 "hourly" { log "at ${now}"; }
        """,
      why: """
        A job runs by the clock, beside all sessions. It can write to the log, tell events,
        look things up in tables and notify an address.
        """),
    Explanation(
      .testNotPossible, "a test that this phase cannot answer",
      """
      The test asks for something that is not there yet: at RCPT, for example, nobody
      has seen the header.
      """,
      in: .file,
      wrong: """
        phase rcpt { rule "hello" { if header "Subject" "hello" { stop; } } }
        """,
      right: """
        phase headers { rule "hello" { if header "Subject" "hello" { stop; } } }
        """,
      why: """
        A mail server asks the filter step by step. 'defang-rulec explain phases' says
        what is known from which phase on; move the rule there. What was known earlier
        stays known.
        """),
    Explanation(
      .factNotKnown, "a fact that this phase does not know",
      """
      ${…} or the test 'fact' reads something that is not known in this phase. The
      message names the phases in which it is.
      """,
      in: .file,
      wrong: """
        phase connect { rule "note" { log "from ${sender}"; } }
        """,
      right: """
        phase mail { rule "note" { log "from ${sender}"; } }
        """,
      why: """
        It would be an empty text here, whoever sends. Some facts belong to one phase
        alone: those of a recipient to rcpt, those of a part to part.
        """),
    Explanation(
      .variableOfOtherPhase, "a variable of another phase's run",
      """
      The variable is set for one run of another phase and is gone here. A run is one
      evaluation: one recipient, one part, one message.
      """,
      in: .file,
      wrong: """
        phase mail { rule "a" { set "who" "${sender.domain}"; } }
        phase eom { rule "b" { log "from ${who}"; } }
        """,
      right: """
        phase mail { rule "a" { set :message "who" "${sender.domain}"; } }
        phase eom { rule "b" { log "from ${who}"; } }
        """,
      why: """
        Without a scope a variable lives for its run, so that one recipient cannot leak
        into the next. ':message' keeps it for the message, ':session' for the session;
        --fix writes the scope into the 'set'.
        """),
    Explanation(
      .actionNotPossible, "an action that this phase cannot do",
      """
      The command works on something that this phase does not have: parts are edited in
      phase part, headers from mail on.
      """,
      in: .file,
      wrong: """
        phase rcpt { rule "strip" { if fact "rcpt.arg.NOTIFY" { drop; } } }
        """,
      right: """
        phase part { rule "strip" { if part :is "kind" "executable" { drop; } } }
        """,
      why: """
        Remember in a variable what you know here (set :message …), and act in the phase
        that has what the command works on.
        """),
    Explanation(
      .tagNotPossible, "a tag that this phase cannot give",
      """
      The tag is part of the command, but not in this phase: ':message' means something
      only where there is a message.
      """,
      in: .file,
      wrong: """
        phase connect { rule "near" { if ip "client" "192.0.2.1" { accept :message; } } }
        """,
      right: """
        phase connect { rule "near" { if ip "client" "192.0.2.1" { accept; } } }
        """,
      why: """
        In most phases a verdict reaches as far as it can by itself. ':message' is for
        rcpt and part, whose verdicts reach one recipient or one part otherwise.
        """),
    Explanation(
      .tagNeeded, "a tag that this phase needs",
      """
      The command is possible in this phase only together with a tag.
      """,
      in: .phase(.rcpt),
      wrong: """
        rule "away" { if fact "rcpt.arg.NOTIFY" { discard; } }
        """,
      right: """
        rule "away" { if fact "rcpt.arg.NOTIFY" { discard :message; } }
        """,
      why: """
        SMTP has no way to accept a recipient and throw away that one's copy silently.
        'discard :message' throws away the message for all of them, and says so.
        """),
    Explanation(
      .scopeNotPossible, "a scope that this phase does not have",
      """
      The variable's scope is not there in this phase: no message at connect, no
      recipient but in rcpt.
      """,
      in: .file,
      wrong: """
        phase connect { rule "near" { set :message "peer" "${client.ip}"; } }
        phase mail { rule "note" { log "from ${peer}"; } }
        """,
      right: """
        phase connect { rule "near" { set :session "peer" "${client.ip}"; } }
        phase mail { rule "note" { log "from ${peer}"; } }
        """,
      why: """
        At connect and HELO there is only the session. What is set for it is readable in
        every later phase, for each message of the session.
        """),
    Explanation(
      .dataNotAvailable, "a question for what is not there yet",
      """
      The test is possible here, but one thing it asks for is not: at MAIL nobody has
      named a recipient.
      """,
      in: .file,
      wrong: """
        phase mail { rule "ann" { if envelope "to" "ann@example.com" { stop; } } }
        """,
      right: """
        phase rcpt { rule "ann" { if envelope "to" "ann@example.com" { stop; } } }
        """,
      why: """
        In rcpt "to" is this recipient; from data on it is each of the accepted ones.
        """),
    Explanation(
      .definitionNotPossible, "a definition that this phase cannot use",
      """
      Something inside of the definition is not possible in the phase that uses it. The
      note points at it.
      """,
      in: .file,
      wrong: """
        define "bulk" exists "List-Id";
        phase rcpt { rule "note" { if is "bulk" { log "bulk"; } } }
        """,
      right: """
        define "bulk" exists "List-Id";
        phase headers { rule "note" { if is "bulk" { log "bulk"; } } }
        """,
      why: """
        A definition has no phase of its own: it is possible where all that it holds is
        possible.
        """),
  ]
}
