// What the rules decided: plain values. The machine does nothing itself; who drives it carries
// them out at the end of the message, all or nothing.
package import MailEdits
package import RuleBytecode

/// An SMTP reply as the rules worded it; its lines are not yet made fit for the wire.
package struct ReplyText: Equatable, Sendable {
  package let code: String
  package let enhanced: String
  package let text: String
}

/// A verdict and where it came from.
package struct Verdict: Equatable, Sendable {
  package enum Cause: Equatable, Sendable {
    case rule
    /// A check of that class failed, and the failure policy said so.
    case failure(FailureClass)
    case trap(Trap)
  }

  package let kind: VerdictKind
  /// What it reaches: session, message, recipient or part.
  package let reach: Reach
  package let reply: ReplyText?
  package let phase: Phase
  /// Nil when no rule was running.
  package let rule: String?
  package let location: String?
  package let cause: Cause
}

/// One thing that will be done, as `run` lists it.
package struct ActionRecord: Equatable, Sendable {
  /// The command's name.
  package let action: String
  package let rule: String?
  package var part: String?
  package var name: String?
  package var value: String?
}

package struct LogRecord: Equatable, Sendable {
  package let level: LogLevel
  package let text: String
  package let rule: String?
}

/// A check that failed, with what the policy said about it.
package struct FailureRecord: Equatable, Sendable {
  package let failure: FailureClass
  /// What failed and why; empty where nothing more is known than the class.
  package let reason: String
  package let rule: String?
  package let answer: FailureAnswer
}

/// All that the rules have said about one message so far.
package struct Decisions: Sendable {
  package var actions: [ActionRecord] = []
  package var edits = EditPlan()
  package var log: [LogRecord] = []
  package var failures: [FailureRecord] = []
  /// Names of the rules that acted, in order of their first action.
  package var rules: [String] = []

  package init() {}
}

/// How a run ended.
package enum RunResult: Equatable, Sendable {
  /// The first verdict of the run, or none.
  case decided(Verdict?)
  case waiting([CheckRequest])
}
