// What the trace shows, as values; `TraceText` words them. Nothing is kept while it is off.
package import RuleBytecode

package enum TraceEvent: Equatable, Sendable {
  /// A run begins; the subject is the part's path or the recipient.
  case run(Phase, subject: String?)
  case rule(name: String, location: String)
  /// The test of a group, asked before its rules.
  case group(test: String, location: String)
  /// A test with the values it looked at.
  case test(text: String, location: String, values: [String], outcome: Outcome)
  case action(String)
  /// What failed, what the policy says, and why it failed where that is known.
  case failure(FailureClass, FailureAnswer, reason: String)
  /// What a rule would do that only observes.
  case observed(String)
  /// A recipient's turn in a loop over them.
  case turn(String)
  case waiting(String)
  /// A check that a later rule will ask has begun.
  case early(String)
  case ended(Ending)

  package enum Outcome: Equatable, Sendable {
    case no, yes
    case failed(FailureClass)
  }

  /// Why a run stopped.
  package enum Ending: Equatable, Sendable {
    case noMoreRules
    /// `stop` in the rule at hand.
    case stopped
    case verdict(String)
    case trap(Trap)
  }
}
