// Senders that are known, by time lines.

import Testing

@testable import PolicyMemory

struct SenderTests {
  enum Event: Sendable {
    case from, to
  }

  struct Facts: Equatable, Sendable {
    /// Seconds of the line, as those of the events.
    var first: Int64?
    var last: Int64?
    var count: Int64 = 0
    var wrote: Int64?
  }

  struct Line: CustomTestStringConvertible, Sendable {
    let testDescription: String
    /// Second, what happens, address, scope, and what was known before.
    let events: [(second: Int64, event: Event, address: String, scope: String, before: Facts)]
  }

  /// Forgotten 1,000 seconds after the last mail.
  static let lines: [Line] = [
    Line(
      testDescription: "mails are counted",
      events: [
        (0, .from, "a@x", "", Facts()), (5, .from, "a@x", "", Facts(first: 0, last: 0, count: 1)),
        (9, .from, "A@X", "", Facts(first: 0, last: 5, count: 2)),
        (9, .from, "b@x", "", Facts()),
      ]),
    Line(
      testDescription: "we wrote first",
      events: [
        (0, .to, "a@x", "", Facts()), (5, .from, "a@x", "", Facts(wrote: 0)),
        (6, .to, "a@x", "", Facts(first: 5, last: 5, count: 1, wrote: 0)),
        (7, .from, "a@x", "", Facts(first: 5, last: 5, count: 1, wrote: 6)),
      ]),
    Line(
      testDescription: "each scope for itself",
      events: [
        (0, .to, "a@x", "ann", Facts()), (1, .from, "a@x", "bob", Facts()),
        (1, .from, "a@x", "Ann", Facts(wrote: 0)),
      ]),
    Line(
      testDescription: "forgotten after the last mail, whoever wrote it",
      events: [
        (0, .from, "a@x", "", Facts()), (999, .to, "a@x", "", Facts(first: 0, last: 0, count: 1)),
        (1_998, .from, "a@x", "", Facts(first: 0, last: 0, count: 1, wrote: 999)),
        (2_998, .from, "a@x", "", Facts()),
      ]),
    Line(
      testDescription: "the null path is nobody",
      events: [(0, .from, "", "", Facts()), (1, .from, "", "", Facts())]),
    Line(
      testDescription: "a clock that goes back",
      events: [
        (900, .from, "a@x", "", Facts()), (0, .from, "a@x", "", Facts(first: 0, last: 0, count: 1)),
        (999, .from, "a@x", "", Facts(first: 0, last: 0, count: 2)),
      ]),
  ]

  @Test(arguments: lines)
  func timeLine(line: Line) throws {
    let file = try MemoryFolder().open()
    try Self.follow(line, MemoryBench(file))
  }

  static func follow(_ line: Line, _ bench: MemoryBench) throws {
    let memory = SenderMemory(bench.records, keepSeconds: 1_000)
    for (index, step) in line.events.enumerated() {
      let before = try bench.dump()
      for isDry in [true, false] {
        let facts =
          switch step.event {
          case .from:
            try memory.received(
              from: step.address, scope: step.scope, nowSeconds: now + step.second, isDry: isDry)
          case .to:
            try memory.wrote(
              to: step.address, scope: step.scope, nowSeconds: now + step.second, isDry: isDry)
          }
        let found = Facts(
          first: facts.firstSeconds.map { $0 - now }, last: facts.lastSeconds.map { $0 - now },
          count: facts.count, wrote: facts.wroteSeconds.map { $0 - now })
        #expect(found == step.before, "event \(index)")
        if isDry { #expect(try bench.dump() == before) }
      }
    }
  }

  @Test func aClockBeyondAllSense() throws {
    let memory = SenderMemory(try MemoryFolder().open(), keepSeconds: .max)
    for time in [.max, .min, 0, now] as [Int64] {
      _ = try memory.received(from: "a@x", nowSeconds: time)
    }
    #expect(try memory.received(from: "a@x", nowSeconds: now).count == 4)
  }

  @Test func theOldestMakesRoom() throws {
    let file = try MemoryFolder().open { $0.sendersMax = 2 }
    let memory = SenderMemory(file)
    for (second, address) in ["a", "b", "a", "c"].enumerated() {
      _ = try memory.received(from: address, nowSeconds: now + Int64(second))
    }
    #expect(try file.count(.sender) == 2)
    let counts = try ["a", "b", "c"].map {
      try memory.received(from: $0, nowSeconds: now + 9, isDry: true).count
    }
    #expect(counts == [2, 0, 1])
  }
}
