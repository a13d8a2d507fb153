// What operators read of a service that fails: that it is left alone and why, and that it answers
// again when a trial shows it. Pauses are a millisecond here, so the next call is the trial.
import NIOCore
import NIOPosix
import RuleBytecode
import Scanners
import Synchronization
import Testing

@testable import LiveChecks

@Suite(.serialized) struct BreakerLogTests {
  private static let failuresMax = 2

  /// Waits until a pause of a millisecond is over.
  private static func pause() async throws { try await Task.sleep(for: .milliseconds(5)) }

  private final class Log: Sendable {
    private let kept = Mutex<[String]>([])
    var lines: [String] { kept.withLock { $0 } }
    func add(_ line: String) { kept.withLock { $0.append(line) } }
  }

  private static func expect(_ lines: [String], of name: String, left: String) {
    #expect(lines.count == 2, "\(lines)")
    #expect(lines.first?.hasPrefix("\(name) \(left) for 0 s") == true, "\(lines)")
    #expect(lines.last == "\(name) answers again", "\(lines)")
  }

  @Test func aScanner() async throws {
    let server = try await FailingServer(.absent, .once("stream: OK\0", garbage: "x"))
    let service = server.service
    defer { service.stop() }
    let address = try #require(service.words["address"])
    var limits = ScannerLimits(for: .clamd)
    (limits.failuresMax, limits.leaveAloneMilliseconds) = (Self.failuresMax, 1)
    let log = Log()
    let scanner = ScanService(
      .clamd, try ScannerHost.list(address), limits, group: MultiThreadedEventLoopGroup.singleton
    ) { log.add($0) }
    for _ in 0..<Self.failuresMax { _ = await scanner.scan(ScanJob([65])) }
    try await service.restart()
    try await Self.pause()
    _ = await scanner.scan(ScanJob([65]))
    Self.expect(log.lines, of: "scanner \(address)", left: "is left alone")
  }

  @Test func aTable() async throws {
    let server = try await FailingServer(.absent, .once("6:OK yes,", garbage: "x"))
    let service = server.service
    defer { service.stop() }
    let desk = try TableDesk(.socketmap, try #require(service.words["address"])) {
      ($0.failuresMax, $0.leaveAloneMilliseconds, $0.keepMilliseconds) = (Self.failuresMax, 1, 0)
    }
    #expect(desk.leftAlone == [:])
    for _ in 0..<Self.failuresMax { _ = await desk.reason("key") }
    #expect(desk.leftAlone == ["table 't'": 1])
    try await service.restart()
    try await Self.pause()
    #expect(try await desk.value("key") == "yes")
    #expect(desk.leftAlone == [:])
    Self.expect(desk.logged, of: "table 't':", left: "left alone")
  }

  /// A trial that fails opens nothing anew, and what is gone is not left alone for ever.
  @Test func whatIsGoneIsForgotten() async throws {
    let board = BreakerBoard()
    var limits = TableCallLimits()
    (limits.failuresMax, limits.leaveAloneMilliseconds) = (1, 1)
    func fail(_ health: ServerHealth) async throws {
      _ = try? await health.watch { () throws(TableTrouble) in throw TableTrouble("away") }
      try await Self.pause()
    }
    do {
      let health = ServerHealth("table 't'", limits, board: board) { _ in }
      let next = ServerHealth("table 't'", limits, board: board) { _ in }
      try await fail(health)
      try await fail(health)
      #expect(board.all == ["table 't'": 1])
      try await fail(next)
      #expect(board.all == ["table 't'": 2])
      _ = try await health.watch { () throws(TableTrouble) in 1 }
      #expect(board.all == ["table 't'": 1])
    }
    #expect(board.all == [:])
  }

  @Test func aMailServer() async throws {
    let host = try await FakeMailHost(.init(greeting: "554 no\r\n"))
    var settings = Callouts.Settings(hostName: "filter.example.com")
    (settings.limits.failuresMax, settings.limits.leaveAloneMilliseconds) = (Self.failuresMax, 1)
    let log = Log()
    settings.log = { log.add($0) }
    let board = BreakerBoard()
    settings.board = board
    let callouts = Callouts(
      settings, try TableResolver([]), MultiThreadedEventLoopGroup.singleton)
    let server = "127.0.0.1:\(host.port)"
    func ask(_ number: Int) async {
      let question = CalloutQuestion(server: server, address: "\(number)@example.net")
      _ = await callouts.answer(to: question, timeoutMilliseconds: 60_000)
    }
    for number in 0..<Self.failuresMax { await ask(number) }
    #expect(board.all == ["call-out server \(server)": 1])
    host.set(.init())
    try await Self.pause()
    await ask(Self.failuresMax)
    #expect(board.all == [:])
    Self.expect(log.lines, of: "call-out: \(server)", left: "is left alone")
  }
}
