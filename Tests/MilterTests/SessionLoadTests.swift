// Overload: how many sessions there may be and how much memory messages may take, what is kept for
// this host, and that what has begun is finished.

import MilterBridge
import MilterWire
import NIOCore
import RuleVM
import Testing

@Suite struct SessionLoadTests {
  private static let busy = "refuse 451 4.3.2 Too busy, please try again later"
  private static let proceed = "proceed"

  private static func limits(
    sessions: Int = 10, memory: Int = 20_000, reserve: Int = 20,
    overload: OverloadAnswer = .tempfail
  ) -> BridgeLimits {
    var limits = BridgeLimits()
    limits.sessionsMax = sessions
    limits.memoryBytesMax = memory
    limits.reservePercent = reserve
    limits.overload = overload
    return limits
  }

  /// Family letter and address, as an MTA tells of a client.
  private static func client(_ family: String, _ address: String) -> [UInt8] {
    let port: [UInt8] = family == "U" ? [] : [0x30, 0x39]
    let text = family == "U" ? [] : Array("\(address)\0".utf8)
    return packet("C", Array("host.example\0\(family)".utf8) + port + text)
  }

  @Test(arguments: [
    (10, 20, "8 full, 2 reserved"), (10, 0, "10 full, 0 reserved"), (1, 10, "1 full, 0 reserved"),
    (100_000, 90, "10000 full, 90000 reserved"), (15, 10, "14 full, 1 reserved"),
  ]) func sessionsHaveTheirShares(_ sessions: Int, _ reserve: Int, _ shares: String) {
    let load = SessionLoad(Self.limits(sessions: sessions, reserve: reserve), addresses: [])
    var counts: [Admission: Int] = [:]
    for _ in 0..<sessions { counts[load.begin(), default: 0] += 1 }
    #expect("\(counts[.full] ?? 0) full, \(counts[.reserved] ?? 0) reserved" == shares)
    #expect(load.begin() == .turnedAway)
    #expect(load.turnedAwayCount == 1)
    // One that ends makes room for one.
    load.end()
    load.end()
    #expect(load.begin() != .turnedAway)
    #expect(load.begin() == .turnedAway)
  }

  @Test(arguments: [
    ("4", "127.0.0.1", true), ("4", "127.8.8.8", true), ("6", "IPv6:::1", true),
    ("4", "192.0.2.7", true), ("6", "IPv6:2001:db8::7", true), ("L", "/run/x", true),
    ("U", "", true), ("4", "192.0.2.8", false), ("6", "IPv6:2001:db8::8", false),
    ("4", "garbage", false),
  ]) func theReserveIsForThisHost(_ family: String, _ address: String, _ isServed: Bool) throws {
    let limits = Self.limits()
    let load = SessionLoad(limits, addresses: ["192.0.2.7", "2001:db8::7"])
    let bench = try Bench(limits: limits, load: load, admission: .reserved)
    #expect(try bench.say(Self.client(family, address)) == [Self.proceed])
    let answer = isServed ? Self.proceed : Self.busy
    #expect(try bench.say(packet("H", "x\0")) == [answer])
    #expect(try bench.say(packet("M", "<a@b>\0")) == [answer])
    #expect(bench.policy.calls.contains("mail <a@b>") == isServed)
    #expect(load.turnedAwayCount == (isServed ? 0 : 1))
    // The next SMTP session of the connection is judged anew.
    _ = try bench.say(packet("K") + Self.client("4", "127.0.0.1"))
    #expect(try bench.say(packet("M", "<c@d>\0")) == [Self.proceed])
  }

  /// Where the client is has to be told, and the answer awaited, whatever the policy reads.
  @Test func aReservedSessionAsksForTheClient() throws {
    let needs = NegotiationNeeds(
      sent: [.message], header: false, body: false, verdicts: [], actions: [], macros: nil)
    let limits = Self.limits()
    let load = SessionLoad(limits, addresses: [])
    for (admission, isAsked) in [(Admission.full, false), (.reserved, true), (.turnedAway, false)] {
      let bench = try Bench(
        needs: needs, limits: limits, steps: 0x1F_FFFF, load: load, admission: admission)
      let steps = try #require(bench.session.negotiated?.steps)
      #expect(steps.contains(.noConnect) != isAsked)
      #expect(steps.contains(.noReplyMAIL) == (admission == .full))
    }
  }

  @Test func overloadCanLetMailPass() throws {
    let limits = Self.limits(overload: .accept)
    let load = SessionLoad(limits, addresses: [])
    let bench = try Bench(limits: limits, load: load, admission: .turnedAway)
    _ = try bench.say(connectPacket + packet("H", "x\0"))
    #expect(try bench.say(messagePackets()).allSatisfy { $0 == Self.proceed })
    #expect(bench.policy.calls.isEmpty)
  }

  private func bench(
    _ limits: BridgeLimits, _ load: SessionLoad, from address: String = "192.0.2.1"
  ) throws -> Bench {
    let bench = try Bench(limits: limits, load: load)
    _ = try bench.say(Self.client("4", address) + packet("H", "x\0"))
    return bench
  }

  private func begin(_ bench: Bench, bytes: Int) throws {
    let body = String(repeating: "x", count: bytes)
    _ = try bench.say(
      packet("M", "<a@b>\0") + packet("R", "<c@d>\0") + packet("L", "A\0b\0") + packet("N")
        + packet("B", body))
  }

  @Test(arguments: [OverloadAnswer.tempfail, .accept])
  func memoryIsForWhatHasBegun(_ overload: OverloadAnswer) throws {
    let limits = Self.limits(overload: overload)
    let load = SessionLoad(limits, addresses: [])
    let first = try bench(limits, load)
    try begin(first, bytes: 17_000)
    #expect(load.messageBytes >= 16_000)
    let second = try bench(limits, load)
    let refused = overload == .tempfail ? Self.busy : Self.proceed
    #expect(try second.say(packet("M", "<e@f>\0")) == [refused])
    #expect(!second.policy.calls.contains("mail <e@f>"))
    // The reserve is this host's, and the limit everybody's.
    let own = try bench(limits, load, from: "127.0.0.1")
    try begin(own, bytes: 8_000)
    #expect(own.policy.calls.contains("mail <a@b>"))
    let other = try bench(limits, load, from: "127.0.0.1")
    #expect(try other.say(packet("M", "<e@f>\0")) == [refused])
    #expect(load.turnedAwayCount == 2)
    // What has begun ends as it would, and makes room.
    #expect(try first.say(packet("E")) == [Self.proceed])
    #expect(first.policy.messages.last?.bytes.count ?? 0 > 17_000)
    own.session.connectionDidClose()
    #expect(load.messageBytes == 0)
    #expect(try second.say(packet("M", "<g@h>\0")) == [Self.proceed])
    #expect(second.policy.calls.contains("mail <g@h>"))
  }

  /// At the limit there is no room, one byte below it there is.
  @Test func memoryHasAnExactLimit() throws {
    for (bytes, isServed) in [(9_999, true), (10_000, false)] {
      let limits = Self.limits(memory: 10_000, reserve: 0)
      let load = SessionLoad(limits, addresses: [])
      let first = try bench(limits, load)
      // "A: b", its line end and an empty line.
      try begin(first, bytes: bytes - 8)
      #expect(load.messageBytes == bytes)
      let second = try bench(limits, load)
      #expect(
        try second.say(packet("M", "<e@f>\0")) == [isServed ? Self.proceed : Self.busy])
    }
  }

  /// Counted is what had begun to come, and of which the mail server was told nothing.
  @Test func messagesWhoseEndNeverComesAreCounted() throws {
    let begun = packet("M", "<a@b>\0") + packet("R", "<c@d>\0")
    let content =
      begun + packet("T") + packet("L", "A\0b\0") + packet("N") + packet("B", "x")
    func count(
      _ bytes: [UInt8], refusing run: String? = nil, closes: Bool = false
    ) throws -> Int {
      let load = SessionLoad(Self.limits(), addresses: [])
      let bench = try bench(Self.limits(), load)
      if let run { bench.policy.outcomes[run] = .decided(.refuse(refusal("no"))) }
      _ = try bench.say(bytes)
      if closes { bench.session.connectionDidClose() }
      return load.abandonedCount
    }
    #expect(try count(content + packet("A")) == 1)
    #expect(try count(content, closes: true) == 1)
    #expect(try count(content + packet("A") + content + packet("K")) == 2)
    #expect(try count(content, refusing: "data", closes: true) == 0)
    #expect(try count(content, refusing: "eom") == 0)
    #expect(try count(content + packet("E"), closes: true) == 0)
    #expect(try count(content + packet("E") + packet("A")) == 0)
    #expect(try count(begun + packet("A")) == 0)
  }
}
