// A policy for sessions that are refused whatever they bring.
internal import MilterWire
internal import RuleVM

extension SessionPolicy {
  /// For a server whose sessions are all beyond its limit; each message is a tempfail.
  package static let refusing = SessionPolicy(needs: .refusal) { _ in Refusal() }
}

/// Hardly asked: beyond the limit of sessions each is answered before its policy.
private final class Refusal: PolicyEvaluation {
  private var failed: RunOutcome { .failed(.internalFault("no worker")) }

  func setMacro(_ name: Span<UInt8>, _ value: Span<UInt8>, stage: MacroStage) {}
  func connect(_ facts: ConnectFacts) -> RunOutcome { failed }
  func helo(_ name: [UInt8]) -> RunOutcome { failed }
  func mail(_ path: [UInt8], arguments: [[UInt8]]) -> RunOutcome { failed }
  func recipient(_ path: [UInt8], arguments: [[UInt8]]) -> RunOutcome { failed }
  func data() -> RunOutcome { failed }
  func headers(_ message: ReceivedMessage) -> RunOutcome { failed }
  func endOfMessage(_ message: ReceivedMessage) -> RunOutcome { failed }
  func answer(_ id: UInt32, _ answer: CheckAnswer) -> RunOutcome? { nil }
  func expireChecks() -> RunOutcome? { nil }
  func resetMessage() {}
}
