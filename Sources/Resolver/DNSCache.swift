// Answers that are still good: found ones for the smallest of their times, what is not there for as
// long as its zone says, failures for some seconds; all within bounds, also of entries and bytes.
// Which entry goes when there is no more room is approximately the one not asked for longest: a
// hand goes round, passes who was asked for since its last visit, and takes the first that was not.
// Time comes from outside, in milliseconds of a clock that never goes back.

package struct DNSCache {
  private struct Entry {
    let question: DNSQuestion
    let answer: DNSAnswer
    let expiry: Int64
    let bytes: Int
    var isAsked = false
  }

  /// What it did since it was made.
  package struct Statistics: Equatable, Sendable {
    package var hits = 0
    package var misses = 0
    /// Entries that went for want of room, before their time.
    package var evictions = 0
  }

  private let limits: DNSCacheLimits
  private var places: [DNSQuestion: Int] = [:]
  private var slots: [Entry?] = []
  private var freeSlots: [Int] = []
  private var hand = 0
  package private(set) var bytes = 0
  package private(set) var statistics = Statistics()

  package init(limits: DNSCacheLimits = DNSCacheLimits()) { self.limits = limits }

  package var count: Int { places.count }

  /// With the seconds that are left of its time.
  package mutating func answer(to question: DNSQuestion, now: Int64) -> DNSAnswer? {
    guard let place = places[question], let entry = slots[place] else {
      statistics.misses += 1
      return nil
    }
    guard entry.expiry > now else {
      remove(place)
      statistics.misses += 1
      return nil
    }
    statistics.hits += 1
    slots[place]?.isAsked = true
    return entry.answer.lasting(Int((entry.expiry - now) / 1_000))
  }

  package mutating func keep(_ answer: DNSAnswer, to question: DNSQuestion, now: Int64) {
    if let old = places[question] { remove(old) }
    let seconds = seconds(of: answer)
    let cost = Self.cost(question, answer)
    guard seconds > 0, cost <= limits.bytesMax, limits.entriesMax > 0 else { return }
    while count >= limits.entriesMax || bytes + cost > limits.bytesMax { evictOne(now) }
    let entry = Entry(
      question: question, answer: answer, expiry: now + Int64(seconds) * 1_000, bytes: cost)
    bytes += cost
    if let free = freeSlots.popLast() {
      slots[free] = entry
      places[question] = free
    } else {
      places[question] = slots.count
      slots.append(entry)
    }
  }

  package mutating func removeAll() {
    places = [:]
    slots = []
    freeSlots = []
    (hand, bytes) = (0, 0)
  }

  private func seconds(of answer: DNSAnswer) -> Int {
    switch answer {
    case .records(_, let ttl): min(max(ttl, limits.positiveSecondsMin), limits.positiveSecondsMax)
    case .none(_, .some(let ttl)): min(ttl, limits.negativeSecondsMax)
    case .none(_, nil): limits.negativeSecondsUnsaid
    case .failed(let failure): failure.isOfTheServer ? limits.failureSeconds : 0
    }
  }

  /// There is at least one entry.
  private mutating func evictOne(_ now: Int64) {
    while true {
      if hand >= slots.count { hand = 0 }
      let place = hand
      hand += 1
      guard let entry = slots[place] else { continue }
      if entry.isAsked, entry.expiry > now {
        slots[place]?.isAsked = false
      } else {
        if entry.expiry > now { statistics.evictions += 1 }
        return remove(place)
      }
    }
  }

  private mutating func remove(_ place: Int) {
    guard let entry = slots[place] else { return }
    bytes -= entry.bytes
    places[entry.question] = nil
    slots[place] = nil
    freeSlots.append(place)
  }

  /// What an entry takes, by the sizes of the values, the tables' places and a list's header.
  static func cost(_ question: DNSQuestion, _ answer: DNSAnswer) -> Int {
    answer.records.reduce(160 + 2 * (32 + question.name.text.utf8.count)) { $0 + $1.memoryBytes }
  }
}

extension DNSAnswer {
  fileprivate func lasting(_ seconds: Int) -> DNSAnswer {
    switch self {
    case .records(let records, _): .records(records, ttlSeconds: seconds)
    case .none(let absence, .some): .none(absence, ttlSeconds: seconds)
    default: self
    }
  }
}

extension DNSRecord {
  fileprivate var memoryBytes: Int {
    switch self {
    case .address: 16 + 48
    case .mailExchange(_, let host), .pointer(let host):
      16 + (host.name.map { 32 + $0.text.utf8.count } ?? 0)
    case .text(let strings): strings.reduce(16 + 32) { $0 + 8 + 32 + $1.count }
    }
  }
}
