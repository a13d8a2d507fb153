// What came of a played session, as `run` prints it and policy tests compare it.
internal import RuleBytecode
package import RuleVM

package struct PlayedSession {
  package struct Recipient {
    package let address: String
    package let verdict: Verdict?
  }

  /// The verdict that decided; nil for an accepted message without one.
  package var verdict: Verdict?
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
  package var verdictName: String { verdict?.kind.name ?? "accept" }

  /// What is carried out: a message that is not taken keeps no edits.
  package var carriedOut: [ActionRecord] {
    verdict.map { $0.kind != .accept } ?? false ? [] : decisions.actions
  }
}

extension String {
  /// Lines joined by LF, whatever ended them.
  package func replacingLineEnds() -> String {
    split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" || $0 == "\r" }
      .joined(separator: "\n")
  }
}
