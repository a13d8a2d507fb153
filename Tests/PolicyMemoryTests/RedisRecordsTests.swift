// The time lines of all memories on a real Redis, as on a file; two hosts at once; what Redis
// itself does to records.
import LiveChecks
import MailLab
import NIOPosix
import RuleBytecode
import Testing

@testable import PolicyMemory

@Suite(.serialized) final class RedisRecordsTests {
  private let server: RedisServer
  private let threads = NIOThreadPool(numberOfThreads: 1)

  init() throws {
    server = try RedisServer()
    threads.start()
  }

  deinit {
    threads.shutdownGracefully { _ in }
    server.stop()
  }

  /// One host's, with connections of its own.
  private func store(_ prefix: String = "t", secret: String? = nil) throws -> RedisRecords {
    var settings = try RedisMemorySettings("unix:\(server.socketPath)")
    settings.prefix = prefix
    settings.secretPath = secret
    // Other tests may keep both processors for longer than a call has.
    var limits = RedisRecords.Limits()
    limits.callMilliseconds = 60_000
    limits.connectMilliseconds = 60_000
    return RedisRecords(
      settings, MultiThreadedEventLoopGroup.singleton, threads, limits: limits)
  }

  /// All records, as text.
  private static let dump = """
    local all = {}
    for _, key in ipairs(redis.call('KEYS', '*')) do
      all[#all + 1] = key .. ' ' .. redis.call('GET', key)
    end
    table.sort(all)
    return all
    """

  private func bench(_ prefix: String) throws -> MemoryBench {
    let server = self.server
    return MemoryBench(try store(prefix)) {
      try server.run("EVAL", Self.dump, "0").split(separator: "\n").map(String.init)
    }
  }

  @Test func greylists() throws {
    for line in GreylistLine.all {
      try GreylistTests.follow(line, try bench(line.testDescription))
    }
  }

  @Test func rates() throws {
    for line in RateTests.lines {
      try RateTests.follow(line, try bench(line.testDescription))
    }
  }

  @Test func duplicates() throws {
    for line in DuplicateTests.lines {
      try DuplicateTests.follow(line, try bench(line.testDescription))
    }
  }

  @Test func senders() throws {
    for line in SenderTests.lines {
      try SenderTests.follow(line, try bench(line.testDescription))
    }
  }

  @Test func twoHostsAtOnce() throws {
    let hosts = [try store(), try store()]
    try MemoryRace.run { thread in hosts[thread % 2] }
  }

  /// Redis forgets by itself, a minute behind the record's own end.
  @Test func recordsExpire() throws {
    let records = try store()
    let question = DuplicateQuestion(uniqueID: "v", seconds: 100)
    _ = try DuplicateMemory(records).isDuplicate(question, nowSeconds: now)
    let left = try server.run("TTL", "t:5:=\tv")
    #expect((1...160).contains(try #require(Int(left))))
  }

  @Test func prefixesDoNotKnowEachOther() throws {
    let question = DuplicateQuestion(uniqueID: "v")
    for prefix in ["one", "two"] {
      let memory = DuplicateMemory(try store(prefix))
      #expect(try !memory.isDuplicate(question, nowSeconds: now))
      #expect(try memory.isDuplicate(question, nowSeconds: now))
    }
  }

  /// What stands under our names and is none of ours is no answer.
  @Test(arguments: ["x", "9000000000 x", "9000000000 -1", "9000000000 1 2", "-5 1"])
  func damagedRecords(value: String) throws {
    let memory = DuplicateMemory(try store())
    try server.run("SET", "t:5:=\tv", value)
    #expect(throws: Record.damaged) {
      try memory.isDuplicate(DuplicateQuestion(uniqueID: "v"), nowSeconds: now)
    }
  }

  @Test func aFullServerIsAFailure() throws {
    let memory = DuplicateMemory(try store())
    try server.run("CONFIG", "SET", "maxmemory", "1")
    let failure = try #require(throws: MemoryFailure.self) {
      try memory.isDuplicate(DuplicateQuestion(uniqueID: "v"), nowSeconds: now)
    }
    #expect(failure.message.hasPrefix("no room: it says: OOM"))
    #expect(failure.isTemporary)
  }

  @Test func aServerThatGoesAndComesAgain() throws {
    let memory = DuplicateMemory(try store())
    let question = DuplicateQuestion(uniqueID: "v")
    _ = try memory.isDuplicate(question, nowSeconds: now)
    server.stop()
    let failure = try #require(throws: MemoryFailure.self) {
      try memory.isDuplicate(question, nowSeconds: now)
    }
    #expect(failure.message.contains("no connection to unix:"))
    try server.start()
    #expect(try !memory.isDuplicate(question, nowSeconds: now))
  }

  @Test func aServerThatFailsIsLeftAlone() throws {
    var limits = RedisRecords.Limits()
    limits.failuresMax = 2
    limits.leaveAloneMilliseconds = 3_600_000
    let settings = try RedisMemorySettings("unix:\(server.socketPath)")
    let board = BreakerBoard()
    let records = RedisRecords(
      settings, MultiThreadedEventLoopGroup.singleton, threads, limits: limits, board: board)
    server.stop()
    let reasons = (0..<3).map { _ in
      Result { () throws(MemoryFailure) in
        try RateCounter(records).count(
          key: "k", RateParameters(limit: 1, windowSeconds: 60), nowSeconds: now)
      }
    }.map { result in
      if case .failure(let failure) = result { failure.message } else { "" }
    }
    #expect(reasons[1].contains("no connection"))
    #expect(reasons[2].contains("left alone for a while"))
    #expect(board.all == ["memory \(settings.host)": 1])
  }

  @Test(arguments: ["", "redis", "unix:relative", "inet:host", "inet:0@host"])
  func noAddresses(text: String) {
    #expect(throws: LiveFailure.self) { try RedisMemorySettings(text) }
  }
}
