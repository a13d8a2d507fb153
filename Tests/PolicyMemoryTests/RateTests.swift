// Rates by time lines, and held against a list of all that was counted.

import RuleBytecode
import Testing

@testable import PolicyMemory

struct RateTests {
  struct Line: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let limit: Int64
    let window: Int64
    /// Second, amount, and the total that is expected.
    let counts: [(second: Int64, amount: Int64, total: Int64)]
  }

  static let lines: [Line] = [
    Line(
      testDescription: "the limit is passed by one more", limit: 3, window: 60,
      counts: [(0, 1, 1), (0, 1, 2), (30, 1, 3), (59, 1, 4), (60, 1, 3)]),
    Line(
      testDescription: "what was over counts too", limit: 1, window: 10,
      counts: [(0, 1, 1), (5, 1, 2), (10, 1, 2), (15, 1, 2), (24, 1, 2), (34, 1, 1)]),
    Line(
      testDescription: "a window of one second", limit: 1, window: 1,
      counts: [(0, 1, 1), (0, 1, 2), (1, 1, 1)]),
    Line(
      testDescription: "amounts; nothing and less than nothing count nothing", limit: 1_000,
      window: 60,
      counts: [(0, 600, 600), (1, 0, 600), (2, -9, 600), (3, 400, 1_000), (4, 1, 1_001)]),
    Line(
      testDescription: "buckets of a minute: up to one of them too old", limit: 9, window: 3_600,
      counts: [(0, 1, 1), (3_599, 1, 2), (3_658, 1, 3), (3_659, 1, 3)]),
    Line(
      testDescription: "a clock that goes back loses nothing and holds nobody for longer", limit: 9,
      window: 60, counts: [(100, 2, 2), (98, 1, 3), (0, 1, 4), (59, 1, 5), (60, 1, 2)]),
    Line(
      testDescription: "sums do not overflow", limit: 1 << 40, window: 60,
      counts: [
        (0, .max, RateWindow.amountMax), (0, .max, RateWindow.amountMax),
        (1, .max, RateWindow.amountMax), (61, 1, 1),
      ]),
    Line(
      testDescription: "a clock beyond all sense", limit: 9, window: 2_678_400,
      counts: [
        (.max - RateTests.start, 1, 1), (-RateTests.start, 1, 2), (.min + RateTests.start, 1, 3),
      ]),
  ]

  /// The begin of a bucket of each of the windows.
  private static let start: Int64 = 1_779_998_400

  @Test(arguments: lines)
  func timeLine(line: Line) throws {
    let file = try MemoryFolder().open()
    try Self.follow(line, MemoryBench(file))
    #expect(try file.count(.rate) == 1)
  }

  static func follow(_ line: Line, _ bench: MemoryBench) throws {
    let counter = RateCounter(bench.records)
    let rate = RateParameters(limit: line.limit, windowSeconds: line.window)
    for (index, step) in line.counts.enumerated() {
      let time = Self.start.addingReportingOverflow(step.second).partialValue
      let expected = RateAnswer(total: step.total, isOver: step.total > line.limit)
      let before = try bench.dump()
      let dry = try counter.count(step.amount, key: "k", rate, nowSeconds: time, isDry: true)
      #expect(dry == expected, "count \(index), dry")
      #expect(try bench.dump() == before)
      #expect(try counter.count(step.amount, key: "k", rate, nowSeconds: time) == expected)
    }
  }

  @Test func othersCountForThemselves() throws {
    let counter = RateCounter(try MemoryFolder().open())
    let rates = [
      RateParameters(limit: 1, windowSeconds: 60), RateParameters(limit: 2, windowSeconds: 60),
      RateParameters(limit: 1, windowSeconds: 61),
      RateParameters(limit: 1, windowSeconds: 60, unit: .bytes),
    ]
    for key in ["a", "A", "", "a\0", String(repeating: "x", count: 100_000)] {
      for rate in rates {
        #expect(try counter.count(key: key, rate, nowSeconds: now).total == 1)
      }
    }
    #expect(try counter.count(key: "a\0", rates[0], nowSeconds: now).total == 2)
  }

  @Test(arguments: 1...12 as ClosedRange<UInt64>)
  func asAListOfAll(seed: UInt64) throws {
    var random = SeededNumbers(seed: seed)
    let folder = try MemoryFolder()
    var file = try folder.open()
    let window = Int64.random(in: seed.isMultiple(of: 2) ? 1...60 : 61...4_000, using: &random)
    let rate = RateParameters(limit: 20, windowSeconds: window)
    let slack = (window + 59) / 60 - 1
    var counted: [(time: Int64, amount: Int64)] = []
    var time = now
    for _ in 0..<250 {
      time += Int64.random(in: 0...max(window / 6, 1), using: &random)
      if Int.random(in: 0..<12, using: &random) == 0 { _ = try file.expire(nowSeconds: time) }
      if Int.random(in: 0..<60, using: &random) == 0 { file = try folder.open() }
      let amount = Int64.random(in: 0...5, using: &random)
      counted.append((time, amount))
      let answer = try RateCounter(file).count(amount, key: "k", rate, nowSeconds: time)
      func sum(_ span: Int64) -> Int64 {
        counted.reduce(0) { $1.time > time - span ? $0 + $1.amount : $0 }
      }
      // Exact up to a minute; else no less than the window and no more than one bucket besides.
      #expect((sum(window)...sum(window + slack)).contains(answer.total))
      #expect(answer.isOver == (answer.total > 20))
    }
    #expect(try file.expire(nowSeconds: time + 2 * window + 60).records == 1)
  }

  /// However much is counted in however long a time.
  @Test(arguments: [1, 59, 60, 61, 3_599, 3_600, 86_400, 2_678_400] as [Int64])
  func aWindowIsBounded(seconds: Int64) throws {
    var window = RateWindow(windowSeconds: seconds)
    var most = 0
    for step in 0..<600 {
      _ = window.count(1, now: now + Int64(step) * max(seconds / 130, 1))
      most = max(most, window.buckets.count)
    }
    #expect(most <= RateWindow.bucketsMax)
    let record = try #require(window.record)
    #expect(try RateWindow(windowSeconds: seconds, words: record.words) == window)
    #expect(try Record(text: record.text, endSeconds: record.endSeconds) == record)
  }
}
