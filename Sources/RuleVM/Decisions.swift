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

/// `hold` or `quarantine`: recorded while the rules go on, weighed at the end.
package struct Disposition: Equatable, Sendable {
  package enum Kind: String, Equatable, Sendable { case hold, quarantine }

  package let kind: Kind
  package let reason: String
  package let phase: Phase
  package let rule: String?
  package let location: String?
  /// Index among the accepted recipients; nil for the message.
  package let recipient: Int?
  /// Index of its record.
  let action: Int
}

/// One thing that will be done, as `run` lists it.
package struct ActionRecord: Equatable, Sendable {
  /// An argument that has no field of its own here.
  package struct Argument: Equatable, Sendable {
    package let name: String
    package let values: [String]
    package let isList: Bool
  }

  package let kind: Action
  package let rule: String?
  package var part: String?
  package var name: String?
  package var value: String?
  package var address: String?
  package var reason: String?
  /// The recipient that it is about.
  package var recipient: String?
  /// `:index` or `:at`; 0 when not given.
  package var index: UInt32 = 0
  package var flags: ActionFlags = []
  package var arguments: [Argument] = []
  /// A later edit of the same part took its place, or it could not be carried out.
  package var isSuperseded = false
  /// The index of that later edit.
  var supersededBy: Int?
  /// The part, by its index in the message.
  var partIndex: Int?
  /// The failure policy in force at its rule, by its index in the program.
  var policy: Int?
  /// Of `apply_scan_headers`: the scanner had not been asked yet.
  var waitsForScan = false
  /// Where `replace_with_link` puts the part.
  package var link: LinkPlace?

  package init(_ kind: Action, rule: String?) {
    self.kind = kind
    self.rule = rule
  }

  /// The command's name.
  package var action: String { kind.name }

  /// The only value of an argument.
  func argument(_ name: String) -> String? {
    arguments.first { $0.name == name }?.values.first
  }

  /// It changes the mail that is delivered, so a refusal drops it; copies, notices and the like
  /// stay (LANGUAGE.md §3).
  package var isEdit: Bool {
    switch kind {
    case .quarantine, .saveCopy, .train, .delay, .event, .log, .notify, .score, .set,
      .compute, .lookup:
      false
    default: true
    }
  }
}

extension ActionRecord {
  /// `redirect :copy`.
  var isCopyToOther: Bool { kind == .redirect && flags.contains(.copy) }

  /// It is done although its message or recipient is refused.
  var outlivesRefusal: Bool {
    if kind == .quarantine { return !flags.isDisjoint(with: [.copy, .part]) }
    return !isEdit
  }
}

package struct LogRecord: Equatable, Sendable {
  package let level: LogLevel
  package let text: String
  package let rule: String?
}

package struct EventRecord: Equatable, Sendable {
  package let name: String
  package let values: [String]
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

/// What a plain Sieve script came to.
package struct ScriptResult: Equatable, Sendable {
  /// RFC 5228 §2.10.2: nothing cancelled it, so the message is kept as if `keep` stood there.
  package let keepsImplicitly: Bool
  /// It says `keep`.
  package let keepsExplicitly: Bool
}

/// All that the rules have said about one message so far.
package struct Decisions: Sendable {
  /// The questions of `duplicate`, to be noted when the message is taken; at most as many as
  /// there are checks.
  var duplicates: [[String]] = []
  package var actions: [ActionRecord] = []
  package var edits = EditPlan()
  package var envelope: [EnvelopeEdit] = []
  /// Edits of single recipients' own copies (`for_each_rcpt :split`), by index.
  package var recipientEdits: [Int: EditPlan] = [:]
  package var dispositions: [Disposition] = []
  package var notices: [NoticeOrder] = []
  package var log: [LogRecord] = []
  package var events: [EventRecord] = []
  package var failures: [FailureRecord] = []
  /// Names of the rules that acted, in order of their first action.
  package var rules: [String] = []
  /// What rules would have done that only observe, verdicts included.
  package var observed: [ActionRecord] = []
  /// Of each plain Sieve script, in their order.
  package var scripts: [ScriptResult] = []

  package init() {}
}

/// How a run ended.
package enum RunResult: Equatable, Sendable {
  /// The first verdict of the run, or none.
  case decided(Verdict?)
  case waiting([CheckRequest])
}
