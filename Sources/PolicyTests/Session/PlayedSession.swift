// What came of a played session, as `run` prints it and policy tests compare it.
internal import RuleBytecode
package import RuleVM

package struct PlayedSession {
  package struct Recipient {
    package let address: String
    /// The rules' own.
    package var verdict: Verdict?
    package var isQuarantined = false
    /// What quarantined it in its own turn.
    var quarantine: Disposition?
    /// What `on_mixed` made of a refusal at the end.
    package var becomes: MixedFate?

    init(address: String, verdict: Verdict?) {
      self.address = address
      self.verdict = verdict
    }

    /// It was not refused at RCPT.
    var isAccepted: Bool { verdict == nil || verdict?.kind == .accept }

    /// What the rules have said of it, in one word.
    package var verdictName: String {
      let isRefused = verdict?.kind == .reject || verdict?.kind == .tempfail
      return isQuarantined && !isRefused ? "quarantine" : verdict?.kind.name ?? "accept"
    }
  }

  /// The verdict of the rules; nil for an accepted message without one.
  package var verdict: Verdict?
  /// What became of the message, all things weighed.
  package var outcome = Outcome.accepted
  package var recipients: [Recipient] = []
  package var decisions = Decisions()
  package var trace: [TraceEvent] = []
  package var score: Int64 = 0
  package var fuelUsed = 0
  package var limits: [String] = []
  /// The message as it would be delivered; nil when it is not, or when none was sent.
  package var result: [UInt8]?

  package init() {}

  /// The fate of the message in one word.
  package var verdictName: String { outcome.fate.rawValue }

  /// What is carried out: a message that is not taken keeps no edits.
  package var carriedOut: [ActionRecord] { decisions.carriedOut(outcome) }

  /// Edits of the message that are decided and that `result` does not have, each command once.
  package var notInResult: [String] {
    var names: [String] = []
    // Only the daemon runs programs and has keys.
    for record in carriedOut
    where [.filterProgram, .dkimSign, .arcSeal].contains(record.kind) {
      if !names.contains(record.action) { names.append(record.action) }
    }
    return names
  }
}

extension String {
  /// Lines joined by LF, whatever ended them.
  package func replacingLineEnds() -> String {
    split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" || $0 == "\r" }
      .joined(separator: "\n")
  }
}
