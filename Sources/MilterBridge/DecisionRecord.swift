// What is known of a message, a recipient or a session when its fate is known: a plain value for
// logs, history and figures.

package import RuleBytecode
package import RuleVM

/// One line's worth of what happened, and its trace when that is on.
package struct DecisionRecord: Sendable {
  package var sessionID = ""
  package var queueID: String?
  package var phase = Phase.connect
  /// Nil: accepted without a verdict.
  package var verdict: Verdict?
  /// What became of the message; nil for a refusal before its end.
  package var outcome: Outcome?
  /// The filter itself failed, and the message was answered by a tempfail for that reason.
  package var problem: String?

  package var client = ClientFacts()
  package var sender = ""
  package var recipients: [String] = []
  package var direction: MailDirection?
  /// As announced or seen.
  package var sizeBytes: Int?
  package var messageID = ""
  package var subject = ""
  package var quarantineID = ""

  package var decisions = Decisions()
  package var score: Int64 = 0
  package var cost = 0
  package var limits: [String] = []
  package var refusedEdits = 0
  /// Domains whose DKIM signatures the edits broke.
  package var brokenSignatures: [String] = []
  /// Mail of ours, which no rule has seen.
  package var isOwn = false

  /// How long the mail server waited for us, since MAIL or the end of the message before.
  package var nanoseconds: Int64 = 0
  package var checks: [CheckTime] = []
  /// The digest of the image that decided.
  package var image = ""
  /// Rules that acted, with what their tests saw, when that was wished for.
  package var matches: [RuleMatch] = []
  /// What the rules did, when a trace of this message is wanted.
  package var trace: [TraceEvent] = []

  package init() {}

  /// The last word, as one of accept, reject, tempfail, discard, hold and quarantine.
  package var fate: String {
    if problem != nil { return Outcome.Fate.tempfail.rawValue }
    return outcome?.fate.rawValue ?? verdict?.kind.name ?? Outcome.Fate.accept.rawValue
  }

  /// The end of a message, not a refusal before it.
  package var isOfMessage: Bool { phase == .eom }

  /// The rule that decided: the verdict's, or the first that ordered what became of the message.
  package var rule: String? { outcome?.rule ?? verdict?.rule }
  package var location: String? { outcome?.location ?? verdict?.location }
  package var reply: ReplyText? { outcome?.reply ?? verdict?.reply }
}

/// Who the client is, as far as it was said.
package struct ClientFacts: Sendable, Equatable {
  package var address = ""
  package var name = ""
  package var helo = ""
  package var login = ""

  package init() {}
}

/// A question to the outside, and how long its answer took.
package struct CheckTime: Sendable, Equatable {
  package let kind: CheckKind
  package let name: String
  package let nanoseconds: Int64
  package let failed: Bool

  package init(_ kind: CheckKind, name: String, nanoseconds: Int64, failed: Bool) {
    self.kind = kind
    self.name = name
    self.nanoseconds = nanoseconds
    self.failed = failed
  }
}
