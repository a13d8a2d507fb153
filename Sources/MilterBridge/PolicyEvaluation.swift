// What a policy is to a session: something that is told facts, runs phases, may wait for outside
// checks, and decides. The session knows nothing of rules; the policy knows nothing of milter.

package import MilterWire
package import RuleBytecode
package import RuleVM

/// The message as it came: "Name: value CRLF … CRLF body".
package struct ReceivedMessage: Sendable {
  /// Header, its empty line, and the body as far as it has come. With `.headerLeadingSpace`
  /// negotiated these are the message's own bytes; else each value is preceded by one blank.
  package var bytes: [UInt8]
  /// `BridgeLimits.messageBytesMax` cut it.
  package var isTruncated: Bool
  /// What came, also what was cut off.
  package var sizeBytes: Int

  package init(bytes: [UInt8], isTruncated: Bool = false, sizeBytes: Int) {
    self.bytes = bytes
    self.isTruncated = isTruncated
    self.sizeBytes = sizeBytes
  }
}

/// The end of one run.
package enum RunDecision: Sendable, Equatable {
  /// No verdict; also an `accept`, which the evaluation remembers for its scope: the session goes
  /// on, so that no later message of it passes unseen.
  case proceed
  /// Reject or tempfail: the session (connect, HELO), this recipient (RCPT), else the message.
  case refuse(SMTPReply)
  /// The whole message; from MAIL on.
  case discard
  /// The last word on a message; only from `endOfMessage`.
  case finish(MessageDecision)
}

/// What becomes of a message, changes included: all of it is carried out, or nothing.
package struct MessageDecision: Sendable, Equatable {
  package enum Verdict: Sendable, Equatable {
    case accept
    case refuse(SMTPReply)
    case discard
  }

  package var verdict: Verdict
  /// In the order to be carried out; without effect unless the verdict is `.accept`.
  package var modifications: [Modification]

  package init(verdict: Verdict, modifications: [Modification] = []) {
    self.verdict = verdict
    self.modifications = modifications
  }
}

/// Why an evaluation gave up; the message is answered 451 4.3.0 and the log says why.
package enum EvaluationFailure: Error, Sendable, Equatable {
  case fuel(limit: Int)
  /// The limit's name.
  case limit(String)
  case internalFault(String)
  /// The input has ended the process before.
  case poison
}

/// What a run, or the answer to a check, led to.
package enum RunOutcome: Sendable, Equatable {
  case decided(RunDecision)
  /// Suspended; these checks are to be started. Resumed by `answer`.
  case waiting([CheckRequest])
  case failed(EvaluationFailure)
}

/// The policy's side of one MTA session. Used by one thread at a time; one run at a time; while a
/// run waits, only `answer`, `expireChecks` and `resetMessage` are called.
package protocol PolicyEvaluation: AnyObject {
  /// A macro as sent ("i", "{auth_authen}"), before the run it belongs to. Never holds NUL.
  func setMacro(_ name: Span<UInt8>, _ value: Span<UInt8>, stage: MacroStage)

  func connect(_ facts: ConnectFacts) -> RunOutcome
  /// Once more in a session: the former HELO is forgotten.
  func helo(_ name: [UInt8]) -> RunOutcome
  /// `path` as the MTA gave it, with or without angle brackets.
  func mail(_ path: [UInt8], arguments: [[UInt8]]) -> RunOutcome
  func recipient(_ path: [UInt8], arguments: [[UInt8]]) -> RunOutcome
  func data() -> RunOutcome
  /// `message` is the header with its empty line. The body is appended to the same storage: a kept
  /// copy costs copying it.
  func headers(_ message: ReceivedMessage) -> RunOutcome
  /// The phases message, part and eom, and all waiting between them.
  func endOfMessage(_ message: ReceivedMessage) -> RunOutcome

  /// What is said instead of a run whose input has ended the process twice. It may read nothing of
  /// that input.
  func poisoned(atEndOfMessage: Bool) -> RunOutcome

  /// The answer to a check. Nil when it resumes nothing: an unknown number, a check that was
  /// started early, or others are still awaited.
  func answer(_ id: UInt32, _ answer: CheckAnswer) -> RunOutcome?
  /// The session's deadline: every check that the waiting run still lacks has failed.
  func expireChecks() -> RunOutcome?
  /// Asked after each decided run: how long its reply is to be held back.
  func takeDelaySeconds() -> Int
  /// Asked after each decided run: checks to start now because a later run will read them.
  func earlyRequests() -> [CheckRequest]
  /// Asked at the end of the header: false when the body will not be read.
  var wantsBody: Bool { get }
  /// Asked when the message is over: what is still to be done for one that was refused before its
  /// end. Nobody waits for the answers.
  func leftovers() -> [CheckRequest]
  /// The session answers the command at hand by a tempfail of its own, whatever the evaluation
  /// said.
  func gaveUp(_ problem: String)
  /// What is known of session and message; nil where nobody can play it again.
  var facts: SessionFacts? { get }
  /// The message is over (answered, RSET, or the next MAIL): forget it and the run that waits.
  func resetMessage()
}

extension PolicyEvaluation {
  package func takeDelaySeconds() -> Int { 0 }
  package func earlyRequests() -> [CheckRequest] { [] }
  package func leftovers() -> [CheckRequest] { [] }
  package func poisoned(atEndOfMessage: Bool) -> RunOutcome { .failed(.poison) }
  package func gaveUp(_ problem: String) {}
  package var facts: SessionFacts? { nil }
  package var wantsBody: Bool { true }
}

/// A policy as sessions begin with it: what it needs of the MTA, and how to make its evaluation.
package struct SessionPolicy: Sendable {
  package let needs: NegotiationNeeds
  /// Who answers what its rules ask.
  package let checks: any CheckService
  /// Who is shown what is in hand; nil where nobody would act on it.
  package let hands: (any HandWatch)?
  /// Called once for each SMTP session, with an id for the log.
  package let makeEvaluation: @Sendable (_ sessionID: String) -> any PolicyEvaluation
  /// What the policy says of the mail server's time-outs; the limits of all sessions hold else.
  package let patience: MTAPatience

  package init(
    needs: NegotiationNeeds, checks: any CheckService = NoChecks(),
    patience: MTAPatience = MTAPatience(), hands: (any HandWatch)? = nil,
    makeEvaluation: @escaping @Sendable (_ sessionID: String) -> any PolicyEvaluation
  ) {
    self.needs = needs
    self.checks = checks
    self.patience = patience
    self.hands = hands
    self.makeEvaluation = makeEvaluation
  }

  /// How long a run may wait for what it asks.
  package func waitSeconds(atEndOfMessage: Bool, _ limits: BridgeLimits) -> Int {
    atEndOfMessage
      ? patience.declaredEndSeconds ?? limits.endOfMessageSeconds
      : patience.declaredCommandSeconds ?? limits.commandSeconds
  }
}
