// What came of a played session, as `run` prints it and policy tests compare it.
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
}
