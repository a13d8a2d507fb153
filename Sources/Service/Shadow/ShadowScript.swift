// What a live session was told, and what outside checks answered it: enough to play its message to
// another policy later, on another thread, without touching the session.
internal import MilterBridge
internal import MilterWire
internal import RuleBytecode
internal import RuleVM

enum ShadowEvent: Sendable {
  case macro([UInt8], [UInt8], MacroStage)
  case connect(ConnectFacts)
  case helo([UInt8])
  case mail([UInt8], [[UInt8]])
  case recipient([UInt8], [[UInt8]])
  case data
  case headers(ReceivedMessage)
  case end(ReceivedMessage)
}

/// A check of the live session with its answer: a shadow that asks the same gets the same.
struct SharedAnswer: Sendable {
  private let request: CheckRequest
  let answer: CheckAnswer

  init(_ request: CheckRequest, _ answer: CheckAnswer) {
    self.request = request
    self.answer = answer
  }

  /// It is about the client, however many messages follow; of a failure the next one asks again.
  var holdsForSession: Bool {
    if case .failed = answer { return false }
    return request.kind.info.isOfSession
  }

  func fits(_ other: CheckRequest) -> Bool {
    request.kind == other.kind && request.name == other.name
      && request.arguments == other.arguments && request.order == other.order
      && request.subject?.pieces == other.subject?.pieces
  }
}

/// A message to be played, with what became of it.
struct ShadowJob: Sendable {
  let sessionID: String
  let events: [ShadowEvent]
  let answers: [SharedAnswer]
  let live: ShadowFate

  /// Bytes of mail that it holds.
  var bytes: Int {
    events.reduce(0) { sum, event in
      switch event {
      case .headers(let message), .end(let message): sum + message.bytes.count
      default: sum + 100
      }
    }
  }
}

/// What became of a message, as far as policies are compared by it.
struct ShadowFate: Sendable, Equatable {
  /// `open`: nobody decided, since it did not come to its end.
  var verdict = ShadowFate.open
  var rule = ""
  /// Paths of recipients that were refused, sorted.
  var refused: [String] = []
  /// What was done, in order.
  var actions: [String] = []
  /// The policy failed: out of fuel, or our own fault.
  var problem: String?
  var queueID = ""

  static let open = "open"

  /// - Parameter records: of one message, in their order.
  init(_ records: [DecisionRecord]) {
    for record in records {
      if let id = record.queueID { queueID = id }
      if let problem = record.problem { self.problem = problem }
      if record.phase == .rcpt, record.verdict?.reach == .recipient {
        refused += record.recipients
        continue
      }
      verdict = record.fate
      rule = record.rule ?? ""
      if let outcome = record.outcome {
        actions = record.decisions.carriedOut(outcome).map(\.action)
      }
    }
    refused.sort()
  }
}

/// How two fates differ: the first that holds.
enum ShadowResult: String, CaseIterable, Sendable {
  case same, verdict, recipients, rule, actions
  /// The shadow itself failed; the live message knows nothing of it.
  case failed
  /// There was no time or memory for it.
  case dropped

  init(live: ShadowFate, shadow: ShadowFate) {
    if shadow.problem != nil {
      self = .failed
    } else if live.verdict != shadow.verdict {
      self = .verdict
    } else if live.refused != shadow.refused {
      self = .recipients
    } else if live.rule != shadow.rule {
      self = .rule
    } else {
      self = live.actions == shadow.actions ? .same : .actions
    }
  }
}
