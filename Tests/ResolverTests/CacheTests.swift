// The cache: how long it keeps what, and its bounds.
import RuleBytecode
import Testing

@testable import Resolver

func question(_ name: String, _ type: DNSType = .a) throws -> DNSQuestion {
  DNSQuestion(try DNSName(name), type)
}

func address(_ text: String) throws -> DNSRecord {
  .address(try #require(IPAddress(text)))
}

struct CacheTests {
  private static let limits: DNSCacheLimits = {
    var limits = DNSCacheLimits()
    limits.positiveSecondsMin = 2
    limits.positiveSecondsMax = 100
    limits.negativeSecondsMax = 50
    limits.negativeSecondsUnsaid = 7
    limits.failureSeconds = 5
    return limits
  }()

  /// An answer and the seconds that it is kept.
  static let lives: [(DNSAnswer, Int)] = [
    (.records([.text([[65]])], ttlSeconds: 0), 2),
    (.records([.text([[65]])], ttlSeconds: 2), 2),
    (.records([.text([[65]])], ttlSeconds: 30), 30),
    (.records([.text([[65]])], ttlSeconds: 100), 100),
    (.records([.text([[65]])], ttlSeconds: 101), 100),
    (.none(.noName, ttlSeconds: 0), 0),
    (.none(.noName, ttlSeconds: 50), 50),
    (.none(.noRecords, ttlSeconds: 51), 50),
    (.none(.noRecords, ttlSeconds: nil), 7),
    (.failed(.serverFailure), 5),
    (.failed(.timeout), 5),
    (.failed(.garbage), 5),
    (.failed(.busy), 0),
    (.failed(.budget), 0),
    (.failed(.stopped), 0),
  ]

  @Test(arguments: lives) func keepsAsLongAsItMay(_ answer: DNSAnswer, _ seconds: Int) throws {
    var cache = DNSCache(limits: Self.limits)
    let asked = try question("a.example")
    cache.keep(answer, to: asked, now: 1_000)
    let end = 1_000 + Int64(seconds) * 1_000
    #expect((cache.answer(to: asked, now: end - 1) != nil) == (seconds > 0))
    #expect(cache.answer(to: asked, now: end) == nil)
    #expect(cache.count == 0 && cache.bytes == 0)
  }

  @Test func tellsTheTimeThatIsLeft() throws {
    var cache = DNSCache()
    let asked = try question("a.example", .txt)
    cache.keep(.records([.text([[65]])], ttlSeconds: 30), to: asked, now: 0)
    #expect(
      cache.answer(to: asked, now: 12_000) == .records([.text([[65]])], ttlSeconds: 18))
  }

  @Test func typesAreApart() throws {
    var cache = DNSCache()
    cache.keep(.none(.noRecords, ttlSeconds: 9), to: try question("a.example", .aaaa), now: 0)
    #expect(cache.answer(to: try question("a.example"), now: 0) == nil)
    #expect(cache.answer(to: try question("A.Example.", .aaaa), now: 0) != nil)
  }

  @Test func holdsSoManyEntriesAndNoMore() throws {
    var limits = DNSCacheLimits()
    limits.entriesMax = 3
    var cache = DNSCache(limits: limits)
    for index in 0..<3 {
      cache.keep(.none(.noName, ttlSeconds: 60), to: try question("n\(index).example"), now: 0)
    }
    #expect(cache.count == 3 && cache.statistics.evictions == 0)
    // Asked for, so the second chance is its.
    #expect(cache.answer(to: try question("n0.example"), now: 0) != nil)
    cache.keep(.none(.noName, ttlSeconds: 60), to: try question("n3.example"), now: 0)
    #expect(cache.count == 3 && cache.statistics.evictions == 1)
    #expect(cache.answer(to: try question("n0.example"), now: 0) != nil)
    #expect(cache.answer(to: try question("n1.example"), now: 0) == nil)
    #expect(cache.answer(to: try question("n3.example"), now: 0) != nil)
  }

  @Test func holdsSoManyBytesAndNoMore() throws {
    let answer = DNSAnswer.records(
      [.text([[UInt8](repeating: 65, count: 200)])], ttlSeconds: 60)
    let cost = DNSCache.cost(try question("n0.example", .txt), answer)
    for (room, kept) in [(2 * cost, 2), (2 * cost - 1, 1), (cost, 1), (cost - 1, 0)] {
      var limits = DNSCacheLimits()
      limits.bytesMax = room
      var cache = DNSCache(limits: limits)
      for index in 0..<4 { cache.keep(answer, to: try question("n\(index).example", .txt), now: 0) }
      #expect(cache.count == kept)
      #expect(cache.bytes == kept * cost)
    }
  }

  /// What the cache says it holds is what it holds, whatever was done to it.
  @Test func countsRightAfterManySteps() throws {
    var limits = DNSCacheLimits()
    (limits.entriesMax, limits.bytesMax) = (40, 12_000)
    var cache = DNSCache(limits: limits)
    var random = Numbers(seed: 7)
    var sizes: [DNSQuestion: DNSAnswer] = [:]
    for step in 0..<20_000 {
      let asked = try question("n\(random.next(80)).example", .txt)
      if random.next(3) == 0 {
        let text = [UInt8](repeating: 65, count: random.next(600))
        let answer = DNSAnswer.records([.text([text])], ttlSeconds: random.next(20))
        cache.keep(answer, to: asked, now: Int64(step) * 10)
        sizes[asked] = answer
      } else if let found = cache.answer(to: asked, now: Int64(step) * 10) {
        #expect(found.records == sizes[asked]?.records)
      }
      #expect(cache.count <= 40 && cache.bytes <= 12_000)
    }
    for asked in sizes.keys { _ = cache.answer(to: asked, now: .max) }
    #expect(cache.count == 0 && cache.bytes == 0)
    #expect(cache.statistics.evictions > 100)
  }
}

/// SplitMix64: the same numbers in each run.
struct Numbers {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next(_ bound: Int) -> Int {
    state &+= 0x9e37_79b9_7f4a_7c15
    var value = state
    value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
    value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
    return Int((value ^ value >> 31) % UInt64(bound))
  }
}
