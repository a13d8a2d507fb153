// The greylist by time lines, and held against a plain model over random ones.

import Testing

@testable import PolicyMemory

/// What happens one after the other, with the answer that is expected.
struct GreylistLine: CustomTestStringConvertible, Sendable {
  struct Try: Sendable {
    /// Since the line's beginning; need not rise.
    let second: Int64
    var client = "192.0.2.7"
    var sender = "a@example.net"
    var recipient = "b@example.com"
    let reason: GreylistDecision.Reason
    var wait: Int64 = 0
  }

  let testDescription: String
  let parameters: GreylistParameters
  let tries: [Try]

  init(
    _ name: String, _ set: (inout GreylistParameters) -> Void, _ tries: [Try]
  ) {
    testDescription = name
    var parameters = GreylistParameters()
    set(&parameters)
    self.parameters = parameters
    self.tries = tries
  }

  init(_ name: String, _ tries: [Try]) { self.init(name, { _ in }, tries) }

  private static let day: Int64 = 86_400

  static let all: [GreylistLine] = [
    GreylistLine(
      "waits and comes back",
      [
        Try(second: 0, reason: .new, wait: 300), Try(second: 1, reason: .early, wait: 299),
        Try(second: 299, reason: .early, wait: 1), Try(second: 300, reason: .cameBack),
        Try(second: 301, reason: .known),
      ]),
    GreylistLine(
      "comes back in the last second",
      [Try(second: 0, reason: .new, wait: 300), Try(second: 14_400, reason: .cameBack)]),
    GreylistLine(
      "comes back too late: forgotten, waits anew, is not refused",
      [
        Try(second: 0, reason: .new, wait: 300), Try(second: 14_401, reason: .new, wait: 300),
        Try(second: 14_701, reason: .cameBack),
      ]),
    GreylistLine(
      "an early try does not begin the time anew",
      [
        Try(second: 0, reason: .new, wait: 300), Try(second: 200, reason: .early, wait: 100),
        Try(second: 300, reason: .cameBack),
      ]),
    GreylistLine(
      "known is renewed by each mail, and an old friend waits again",
      [
        Try(second: 0, reason: .new, wait: 300), Try(second: 300, reason: .cameBack),
        Try(second: 300 + 30 * day, reason: .known), Try(second: 300 + 60 * day, reason: .known),
        Try(second: 300 + 91 * day - 1, reason: .known),
        Try(second: 300 + 122 * day - 1, reason: .new, wait: 300),
        Try(second: 600 + 122 * day - 1, reason: .cameBack),
      ]),
    GreylistLine(
      "a neighbour is the same client, one from the next network is not",
      [
        Try(second: 0, reason: .new, wait: 300),
        Try(second: 300, client: "192.0.2.250", reason: .cameBack),
        Try(second: 301, client: "192.0.3.7", reason: .new, wait: 300),
      ]),
    GreylistLine(
      "IPv6 by 64 bits, IPv4 in IPv6 as IPv4",
      [
        Try(second: 0, client: "2001:db8:0:1::1", reason: .new, wait: 300),
        Try(second: 300, client: "2001:db8:0:1:ffff::9", reason: .cameBack),
        Try(second: 300, client: "2001:db8:0:2::1", reason: .new, wait: 300),
        Try(second: 300, client: "::ffff:192.0.2.1", reason: .new, wait: 300),
        Try(second: 600, client: "192.0.2.2", reason: .cameBack),
      ]),
    GreylistLine(
      "each bit of :net4 counts", { $0.net4Bits = 25 },
      [
        Try(second: 0, client: "192.0.2.1", reason: .new, wait: 300),
        Try(second: 1, client: "192.0.2.127", reason: .early, wait: 299),
        Try(second: 1, client: "192.0.2.128", reason: .new, wait: 300),
      ]),
    GreylistLine(
      "each bit of :net6 counts", { $0.net6Bits = 47 },
      [
        Try(second: 0, client: "2001:db8:2::", reason: .new, wait: 300),
        Try(second: 1, client: "2001:db8:3:ffff::", reason: .early, wait: 299),
        Try(second: 1, client: "2001:db8:4::", reason: .new, wait: 300),
      ]),
    GreylistLine(
      "other people wait for themselves; letters do not count",
      [
        Try(second: 0, reason: .new, wait: 300),
        Try(second: 100, sender: "c@example.net", reason: .new, wait: 300),
        Try(second: 100, recipient: "c@example.com", reason: .new, wait: 300),
        Try(second: 200, sender: "A@Example.NET", reason: .early, wait: 100),
        Try(second: 200, sender: "", reason: .new, wait: 300),
      ]),
    GreylistLine(
      "parts do not run into each other",
      [
        Try(second: 0, sender: "a", recipient: "b c", reason: .new, wait: 300),
        Try(second: 1, sender: "a b", recipient: "c", reason: .new, wait: 300),
        Try(second: 1, sender: "a\tb", recipient: "c", reason: .new, wait: 300),
        Try(second: 1, sender: "a", recipient: "b\tc", reason: .new, wait: 300),
        Try(second: 2, sender: "a\tb", recipient: "c", reason: .early, wait: 299),
      ]),
    GreylistLine(
      "a client without an address",
      [
        Try(second: 0, client: "", reason: .new, wait: 300),
        Try(second: 300, client: "", reason: .cameBack),
      ]),
    GreylistLine(
      "a network of which enough came through", { $0.allowAfter = 2 },
      [
        Try(second: 0, recipient: "1", reason: .new, wait: 300),
        Try(second: 0, recipient: "2", reason: .new, wait: 300),
        Try(second: 300, recipient: "1", reason: .cameBack),
        // One mail with two recipients is one.
        Try(second: 309, recipient: "2", reason: .cameBack),
        Try(second: 309, recipient: "3", reason: .new, wait: 300),
        Try(second: 310, recipient: "1", reason: .known),
        Try(second: 311, client: "192.0.2.9", recipient: "4", reason: .network),
        Try(second: 311, client: "192.0.3.9", recipient: "4", reason: .new, wait: 300),
        Try(second: 310 + 31 * day - 1, recipient: "5", reason: .network),
        Try(second: 310 + 62 * day - 1, recipient: "6", reason: .new, wait: 300),
      ]),
    GreylistLine(
      "an :expire within the :delay counts from its end",
      {
        $0.delaySeconds = 3_600
        $0.expireSeconds = 60
      },
      [
        Try(second: 0, reason: .new, wait: 3_600), Try(second: 3_600, reason: .cameBack),
        Try(second: 0, sender: "x", reason: .new, wait: 3_600),
        Try(second: 3_660, sender: "x", reason: .cameBack),
        Try(second: 0, sender: "y", reason: .new, wait: 3_600),
        Try(second: 3_661, sender: "y", reason: .new, wait: 3_600),
      ]),
    GreylistLine(
      "a clock that goes back costs one wait from then, not until it has caught up",
      [
        Try(second: 9 * day, reason: .new, wait: 300), Try(second: 0, reason: .early, wait: 300),
        Try(second: 300, reason: .cameBack), Try(second: 301, reason: .known),
        Try(second: -9 * day, reason: .known), Try(second: -9 * day + 1, reason: .known),
      ]),
    GreylistLine(
      "a clock beyond all sense", { $0.allowAfter = 1 },
      [
        Try(second: .max - now, reason: .new, wait: 300),
        Try(second: -now, reason: .early, wait: 300), Try(second: 300 - now, reason: .cameBack),
        Try(second: .min + now, reason: .network),
      ]),
    GreylistLine(
      "parameters beyond all sense",
      {
        $0.delaySeconds = -1
        $0.expireSeconds = .max
        $0.keepSeconds = .max
        $0.net4Bits = 99
        $0.net6Bits = -1
      },
      [
        Try(second: 0, reason: .new), Try(second: 1, reason: .known),
        Try(second: 1, client: "::1", reason: .new),
        Try(second: 1, client: "fe80::", reason: .known),
      ]),
  ]
}

struct GreylistTests {
  @Test(arguments: GreylistLine.all)
  func timeLine(line: GreylistLine) throws {
    let file = try MemoryFolder().open()
    try Self.follow(line, MemoryBench(file))
    try file.expectSound()
  }

  static func follow(_ line: GreylistLine, _ bench: MemoryBench) throws {
    let greylist = Greylist(bench.records)
    for (index, step) in line.tries.enumerated() {
      let question = GreylistQuestion(
        client: step.client, sender: step.sender, recipient: step.recipient)
      let (time, _) = now.addingReportingOverflow(step.second)
      let expected = GreylistDecision(reason: step.reason, waitSeconds: step.wait)
      let before = try bench.dump()
      let dry = try greylist.decide(question, line.parameters, nowSeconds: time, isDry: true)
      #expect(dry == expected, "try \(index), dry")
      #expect(try bench.dump() == before)
      #expect(try greylist.decide(question, line.parameters, nowSeconds: time) == expected)
    }
  }

  /// The rule was changed to a shorter `:expire` while a record of the longer one is still there.
  @Test func lateByAnotherRule() throws {
    let greylist = Greylist(try MemoryFolder().open())
    let question = GreylistQuestion(client: "192.0.2.1", sender: "", recipient: "b")
    var short = GreylistParameters()
    short.expireSeconds = 600
    _ = try greylist.decide(question, nowSeconds: now)
    #expect(try greylist.decide(question, short, nowSeconds: now + 601).reason == .late)
    #expect(try greylist.decide(question, short, nowSeconds: now + 901).reason == .cameBack)
  }

  /// What a plain list says, searched from end to end.
  private struct Model {
    var tries: [(triple: [String], first: Int64)] = []
    var passes: [(triple: [String], time: Int64)] = []

    mutating func waits(
      _ triple: [String], _ parameters: GreylistParameters, _ now: Int64
    ) -> Int64 {
      if let last = passes.last(where: { $0.triple == triple }),
        now < last.time + parameters.keepSeconds
      {
        passes.append((triple, now))
        return 0
      }
      if let index = tries.lastIndex(where: { $0.triple == triple }),
        now <= tries[index].first + parameters.expireSeconds
      {
        let left = tries[index].first + parameters.delaySeconds - now
        if left > 0 { return left }
        tries.remove(at: index)
        passes.append((triple, now))
        return 0
      }
      tries.append((triple, now))
      return parameters.delaySeconds
    }
  }

  @Test(arguments: 1...12 as ClosedRange<UInt64>)
  func asTheModel(seed: UInt64) throws {
    var random = SeededNumbers(seed: seed)
    let folder = try MemoryFolder()
    var file = try folder.open { $0.expireBatch = 3 }
    var model = Model()
    var parameters = GreylistParameters()
    parameters.delaySeconds = Int64.random(in: 1...20, using: &random)
    parameters.expireSeconds = Int64.random(in: 21...60, using: &random)
    parameters.keepSeconds = Int64.random(in: 30...120, using: &random)
    var time = now
    for _ in 0..<250 {
      time += Int64.random(in: 0...20, using: &random)
      if Int.random(in: 0..<12, using: &random) == 0 { _ = try file.expire(nowSeconds: time) }
      if Int.random(in: 0..<60, using: &random) == 0 { file = try folder.open() }
      let network = Int.random(in: 0...1, using: &random)
      let host = Int.random(in: 1...9, using: &random)
      let sender = ["", "a@example.net"].randomElement(using: &random) ?? ""
      let question = GreylistQuestion(
        client: "192.0.\(network).\(host)", sender: sender, recipient: "b@example.com")
      let wait = try Greylist(file).decide(question, parameters, nowSeconds: time).waitSeconds
      #expect(wait == model.waits([String(network), sender], parameters, time))
    }
    try file.expectSound()
    time += 1_000
    #expect(try file.expire(nowSeconds: time).isDone)
    #expect(try file.dump() == [])
  }
}
