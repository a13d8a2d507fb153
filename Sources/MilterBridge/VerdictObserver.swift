// The one place where the fate of messages becomes known, for logs, history and figures. Without an
// observer nothing of it costs anything.

package import RuleBytecode
package import RuleVM

/// What an observer wants to be told of the session at hand.
package struct ObserverWishes: OptionSet, Sendable {
  package let rawValue: UInt8
  package init(rawValue: UInt8) { self.rawValue = rawValue }

  /// How long phases take.
  package static let phases = ObserverWishes(rawValue: 1)
  /// Which rules act, and of some sessions how long rules take.
  package static let rules = ObserverWishes(rawValue: 2)
  /// Rules that acted, with what their tests saw.
  package static let matches = ObserverWishes(rawValue: 4)
}

/// Watches sessions. Called on their threads, so it must never wait.
package protocol VerdictObserver: Sendable {
  /// Asked when a session begins.
  var wishes: ObserverWishes { get }
  /// Asked when a session begins: whom to trace.
  var traceSelection: TraceSelection { get }
  /// Numbers messages, for traces of one in so many.
  func nextMessageNumber() -> Int

  func sessionBegan()
  func sessionEnded()
  /// A phase has been answered.
  func ran(_ phase: Phase, nanoseconds: Int64)
  /// What rules did since the last time; `timeScale` says how many sessions a measured time stands
  /// for.
  func used(_ rules: [RuleUse], timeScale: Int64)
  /// The rules have decided about a message, or refused the session or a recipient, and the mail
  /// server has its answer.
  func decided(_ record: DecisionRecord)
}

extension VerdictObserver {
  package var wishes: ObserverWishes { [] }
  package var traceSelection: TraceSelection { TraceSelection() }
  package func nextMessageNumber() -> Int { 0 }
  package func sessionBegan() {}
  package func sessionEnded() {}
  package func ran(_ phase: Phase, nanoseconds: Int64) {}
  package func used(_ rules: [RuleUse], timeScale: Int64) {}
}
