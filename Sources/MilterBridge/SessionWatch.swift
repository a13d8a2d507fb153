// What is measured of one session for its observer: how long the mail server waits for each answer,
// which checks were asked and how long they took, and whether the message at hand is traced.

internal import RuleBytecode
internal import RuleVM

struct SessionWatch {
  let observer: any VerdictObserver
  let wishes: ObserverWishes
  /// Whom to trace, as far as this session can still be meant.
  private var selection: TraceSelection
  private(set) var messageSelection: TraceSelection
  /// Of the message at hand rules are timed.
  private(set) var timesRules: Bool
  private var messageCount: Int

  private var phase = Phase.connect
  private var began: ContinuousClock.Instant?
  private(set) var nanoseconds: Int64 = 0
  private var open: [UInt32: OpenCheck] = [:]
  private(set) var checks: [CheckTime] = []

  private struct OpenCheck {
    let kind: CheckKind
    let name: String
    let began: ContinuousClock.Instant
  }

  /// Shown of a message; policies that ask more are measured by the figures.
  static let checksMax = 64
  /// Rules are timed in one message of so many.
  static let messagesPerTimed = 16

  init(_ observer: any VerdictObserver) {
    self.observer = observer
    wishes = observer.wishes
    selection = observer.traceSelection
    messageSelection = selection
    // Not always the first of a session: most have but one.
    messageCount = wishes.contains(.rules) ? Int.random(in: 0..<Self.messagesPerTimed) : 0
    timesRules = wishes.contains(.rules) && messageCount == 0
  }

  var isTraced: Bool { !messageSelection.isEmpty }

  // MARK: Whom to trace

  mutating func connected(_ client: String) {
    selection = selection.narrowed(client: client)
    messageSelection = selection
  }

  mutating func mailBegan(_ sender: String) {
    if wishes.contains(.rules) {
      timesRules = messageCount % Self.messagesPerTimed == 0
      messageCount += 1
    }
    messageSelection = selection
    guard !selection.isEmpty else { return }
    messageSelection = selection.narrowed(
      sender: AddressParserText.bare(sender), messageNumber: observer.nextMessageNumber())
  }

  // MARK: Times

  mutating func begin(_ phase: Phase) {
    self.phase = phase
    if phase == .mail { nanoseconds = 0 }
    began = .now
  }

  /// The phase has its answer.
  mutating func end() {
    guard let began else { return }
    self.began = nil
    let time = Self.nanoseconds(since: began)
    nanoseconds += time
    if wishes.contains(.phases) { observer.ran(phase, nanoseconds: time) }
  }

  mutating func asked(_ requests: [CheckRequest]) {
    let now = ContinuousClock.now
    for request in requests where open.count + checks.count < Self.checksMax {
      open[request.id] = OpenCheck(kind: request.kind, name: request.name, began: now)
    }
  }

  mutating func answered(_ id: UInt32, _ answer: CheckAnswer) {
    guard let check = open.removeValue(forKey: id) else { return }
    var failed = false
    if case .failed = answer { failed = true }
    checks.append(
      CheckTime(
        check.kind, name: check.name, nanoseconds: Self.nanoseconds(since: check.began),
        failed: failed))
  }

  mutating func resetMessage() {
    nanoseconds = 0
    checks = []
    open = [:]
    messageSelection = selection
  }

  private static func nanoseconds(since start: ContinuousClock.Instant) -> Int64 {
    let parts = (ContinuousClock.now - start).components
    return parts.seconds * 1_000_000_000 + parts.attoseconds / 1_000_000_000
  }
}

/// A path of the envelope without its brackets.
enum AddressParserText {
  static func bare(_ path: String) -> String {
    path.hasPrefix("<") && path.hasSuffix(">") ? String(path.dropFirst().dropLast()) : path
  }
}
