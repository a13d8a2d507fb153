// Values seen before (RFC 7352), by time lines.

import Testing

@testable import PolicyMemory

struct DuplicateTests {
  struct Line: CustomTestStringConvertible, Sendable {
    let testDescription: String
    var isFromLast = false
    /// Second, value, handle, and whether it was seen before.
    let sights: [(second: Int64, value: String, handle: String, isDuplicate: Bool)]
  }

  /// `:seconds 100`.
  static let lines: [Line] = [
    Line(
      testDescription: "from the first sight",
      sights: [
        (0, "v", "", false), (1, "v", "", true), (99, "v", "", true), (100, "v", "", false),
        (199, "v", "", true), (200, "v", "", false),
      ]),
    Line(
      testDescription: "from the last sight", isFromLast: true,
      sights: [
        (0, "v", "", false), (99, "v", "", true), (198, "v", "", true), (298, "v", "", false),
      ]),
    Line(
      testDescription: "values and handles",
      sights: [
        (0, "v", "", false), (0, "v", "h", false), (0, "w", "", false), (0, "V", "", false),
        (0, "vh", "", false), (0, "h", "v", false), (0, "v", "h", true), (0, "", "", false),
        (0, "", "", true),
      ]),
    Line(
      testDescription: "a clock that goes back: for so long from then",
      sights: [
        (9_000, "v", "", false), (0, "v", "", true), (99, "v", "", true), (100, "v", "", false),
      ]),
    Line(
      testDescription: "a clock beyond all sense",
      sights: [
        (.max - now, "v", "", false), (-now, "v", "", true), (100 - now, "v", "", false),
        (.min + now, "v", "", true),
      ]),
  ]

  @Test(arguments: lines)
  func timeLine(line: Line) throws {
    let file = try MemoryFolder().open()
    try Self.follow(line, MemoryBench(file))
  }

  static func follow(_ line: Line, _ bench: MemoryBench) throws {
    let memory = DuplicateMemory(bench.records)
    for (index, sight) in line.sights.enumerated() {
      let question = DuplicateQuestion(
        uniqueID: sight.value, handle: sight.handle, seconds: 100, isFromLast: line.isFromLast)
      let time = now.addingReportingOverflow(sight.second).partialValue
      let before = try bench.dump()
      let dry = try memory.isDuplicate(question, nowSeconds: time, isDry: true)
      #expect(dry == sight.isDuplicate, "sight \(index), dry")
      #expect(try bench.dump() == before)
      #expect(try memory.isDuplicate(question, nowSeconds: time) == sight.isDuplicate)
    }
  }

  @Test(arguments: [false, true], 1...6 as ClosedRange<UInt64>)
  func asAListOfAll(isFromLast: Bool, seed: UInt64) throws {
    var random = SeededNumbers(seed: seed)
    let file = try MemoryFolder().open()
    let memory = DuplicateMemory(file)
    // Value, and the moment that counts.
    var seen: [(value: String, since: Int64)] = []
    var time = now
    for _ in 0..<200 {
      time += Int64.random(in: 0...15, using: &random)
      if Int.random(in: 0..<12, using: &random) == 0 { _ = try file.expire(nowSeconds: time) }
      let value = String(Int.random(in: 0...4, using: &random))
      let index = seen.lastIndex { $0.value == value && $0.since + 50 > time }
      let question = DuplicateQuestion(uniqueID: value, seconds: 50, isFromLast: isFromLast)
      #expect(try memory.isDuplicate(question, nowSeconds: time) == (index != nil))
      if index == nil || isFromLast { seen.append((value, time)) }
    }
    try file.expectSound()
  }
}
