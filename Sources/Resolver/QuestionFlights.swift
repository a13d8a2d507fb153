// Questions that are not answered yet, and who waits for each: one flight for equal questions, a
// bounded number of them on their way at once, and for each asker a time after which it is told
// that there was none. It knows no network and no clock.

struct QuestionFlights<Asker> {
  enum Admission: Equatable {
    /// The first to ask this.
    case opened
    /// Someone has asked already.
    case joined
    case refused
  }

  private struct Flight {
    var askers: [Int: Asker] = [:]
    var isStarted = false
  }

  private struct Deadline {
    let at: Int64
    let question: DNSQuestion
    let number: Int
  }

  private static var spareDeadlines: Int { 1_024 }

  private let limits: ResolverLimits
  private var flights: [DNSQuestion: Flight] = [:]
  /// Not started, first come first.
  private var queue: [DNSQuestion] = []
  private var queueStart = 0
  /// A heap, the earliest first; those of askers that were answered stay until their time.
  private var deadlines: [Deadline] = []
  private var lastNumber = 0
  private(set) var active = 0
  private(set) var askers = 0

  init(limits: ResolverLimits) { self.limits = limits }

  var open: Int { flights.count }
  var nextDeadline: Int64? { deadlines.first?.at }
  /// With those of askers that have their answer.
  var deadlineCount: Int { deadlines.count }

  mutating func add(_ asker: Asker, to question: DNSQuestion, until deadline: Int64) -> Admission {
    guard askers < limits.askersMax else { return .refused }
    let isNew = flights[question] == nil
    guard !isNew || flights.count < limits.openMax else { return .refused }
    lastNumber += 1
    flights[question, default: Flight()].askers[lastNumber] = asker
    askers += 1
    if deadlines.count > 2 * askers + Self.spareDeadlines { dropSpareDeadlines() }
    push(Deadline(at: deadline, question: question, number: lastNumber))
    guard isNew else { return .joined }
    queue.append(question)
    return .opened
  }

  /// The next to be put on its way, if there is one and there is room.
  mutating func start() -> DNSQuestion? {
    while active < limits.activeMax, queueStart < queue.count {
      let question = queue[queueStart]
      queueStart += 1
      if queueStart == queue.count || queueStart > 1_024 && queueStart * 2 > queue.count {
        queue.removeFirst(queueStart)
        queueStart = 0
      }
      guard let flight = flights[question], !flight.isStarted else { continue }
      if flight.askers.isEmpty {
        flights[question] = nil
        continue
      }
      flights[question]?.isStarted = true
      active += 1
      return question
    }
    return nil
  }

  /// The flight is over; those who still wait for it.
  mutating func land(_ question: DNSQuestion) -> [Asker] {
    guard let flight = flights.removeValue(forKey: question) else { return [] }
    if flight.isStarted { active -= 1 }
    askers -= flight.askers.count
    return flight.askers.sorted { $0.key < $1.key }.map(\.value)
  }

  /// Those whose time is up. Their flight goes on: others may join it, and its answer is kept.
  mutating func expire(now: Int64) -> [Asker] {
    var late: [Asker] = []
    while let first = deadlines.first, first.at <= now {
      pop()
      if let asker = flights[first.question]?.askers.removeValue(forKey: first.number) {
        askers -= 1
        late.append(asker)
      }
    }
    return late
  }

  /// Everybody, for good.
  mutating func abandon() -> [Asker] {
    let all = flights.keys.flatMap { flights[$0]?.askers.map(\.value) ?? [] }
    self = QuestionFlights(limits: limits)
    return all
  }

  // MARK: The heap

  /// Of askers that have their answer: once for as many as there were, so it costs each a step.
  private mutating func dropSpareDeadlines() {
    let live = deadlines.filter { flights[$0.question]?.askers[$0.number] != nil }
    deadlines = []
    for deadline in live { push(deadline) }
  }

  private mutating func push(_ deadline: Deadline) {
    deadlines.append(deadline)
    var child = deadlines.count - 1
    while child > 0, deadlines[child].at < deadlines[(child - 1) / 2].at {
      deadlines.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  private mutating func pop() {
    deadlines.swapAt(0, deadlines.count - 1)
    deadlines.removeLast()
    var parent = 0
    while true {
      let left = parent * 2 + 1
      guard left < deadlines.count else { return }
      let right = left + 1
      let isRight = right < deadlines.count && deadlines[right].at < deadlines[left].at
      let child = isRight ? right : left
      guard deadlines[child].at < deadlines[parent].at else { return }
      deadlines.swapAt(child, parent)
      parent = child
    }
  }
}
