// Each way in which a scanner can fail is a failure of its own, within the call's deadline.
import NIOCore
import Testing

@testable import Scanners

struct FaultTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let act: FakeAct
    let expected: ScanAnswer
    var testDescription: String { name }

    init(_ name: String, _ act: FakeAct, _ expected: ScanAnswer) {
      (self.name, self.act, self.expected) = (name, act, expected)
    }
  }

  static let cases: [Case] = [
    .init("clean", .say(bytes("stream: OK\0")), .result(ScanResult(.clean))),
    .init("and holds", .sayAndHold(bytes("stream: OK\0")), .result(ScanResult(.clean))),
    .init("what follows", .sayAndHold(bytes("stream: OK\0X")), .result(ScanResult(.clean))),
    .init("too big", .say(bytes("INSTREAM size limit exceeded. ERROR\0")), .tooBig),
    .init("silent", .silence, .failed(.timedOut(.answer))),
    .init("half, then silent", .sayAndHold(bytes("stream: ")), .failed(.timedOut(.answer))),
    .init("cut half-way", .say(bytes("stream: O")), .failed(.cut)),
    .init("whole but for its end", .say(bytes("stream: OK")), .failed(.cut)),
    .init("closed at once", .close, .failed(.cut)),
    .init("flood", .flood([UInt8](repeating: 65, count: 3_000)), .failed(.tooLong)),
    .init("garbage", .say(bytes("220 mx ESMTP\0")), .failed(.garbage("220 mx ESMTP"))),
    .init("no name", .say(bytes("stream:  FOUND\0")), .failed(.garbage("stream:  FOUND"))),
    .init(
      "a name with controls", .say(bytes("stream: a\r\nb FOUND\0")),
      .failed(.garbage("stream: a??b FOUND"))),
    .init("refused", .say(bytes("no memory ERROR\0")), .failed(.refused("no memory ERROR"))),
  ]

  @Test(arguments: cases)
  func eachFaultIsOneFailure(_ fault: Case) async throws {
    let server = try await FakeScanner(fault.act)
    defer { server.stop() }
    let service = ScanService(.clamd, [try ScannerHost(server.host)])
    let patience = if case .failed(.timedOut) = fault.expected { 200 } else { 20_000 }
    let answer = await service.scan(ScanJob(bytes("mail"), timeoutMilliseconds: patience))
    #expect(answer == fault.expected)
    #expect(service.load == (0, 0))
  }

  /// clamd says that it is too much and closes, with most of the stream unread.
  @Test func anAnswerBeforeTheEndOfTheRequestIsRead() async throws {
    let server = try await FakeScanner(.sayEarly(bytes("INSTREAM size limit exceeded. ERROR\0")))
    defer { server.stop() }
    let service = ScanService(.clamd, [try ScannerHost(server.host)])
    let job = ScanJob([UInt8](repeating: 65, count: 8_000_000), timeoutMilliseconds: 20_000)
    #expect(await service.scan(job) == .tooBig)
  }

  @Test func nobodyThereIsUnreachable() async throws {
    let host = try ScannerHost("unix:/nonexistent/scanner")
    guard case .failed(.unreachable) = await ScanService(.clamd, [host]).scan(ScanJob([])) else {
      Issue.record("somebody answered")
      return
    }
  }

  @Test func theNextHostIsAskedWhenOneFails() async throws {
    let bad = try await FakeScanner(.close)
    defer { bad.stop() }
    let good = try await FakeScanner(.say(bytes("stream: OK\0")))
    defer { good.stop() }
    var limits = ScannerLimits(for: .clamd)
    limits.failuresMax = 2
    let hosts = try [
      ScannerHost("unix:/nonexistent/scanner"), ScannerHost(bad.host), ScannerHost(good.host),
    ]
    let service = ScanService(.clamd, hosts, limits)
    for _ in 1...4 { #expect(await service.scan(ScanJob([65])) == .result(ScanResult(.clean))) }
    #expect(bad.received.count == 2, "it is left alone after two failures")
    #expect(good.received.count == 4)
  }

  @Test func aServiceThatFailsIsLeftAlone() async throws {
    let bad = try await FakeScanner(.close)
    defer { bad.stop() }
    var limits = ScannerLimits(for: .clamd)
    limits.failuresMax = 3
    let service = ScanService(.clamd, [try ScannerHost(bad.host)], limits)
    for _ in 1...3 { #expect(await service.scan(ScanJob([65])) == .failed(.cut)) }
    #expect(await service.scan(ScanJob([65])) == .failed(.leftAlone))
    #expect(bad.received.count == 3)
  }

  /// Mail that a scanner cannot do says nothing about the scanner.
  @Test func refusalsSilenceNobody() async throws {
    let server = try await FakeScanner(.say(bytes("cannot parse ERROR\0")))
    defer { server.stop() }
    var limits = ScannerLimits(for: .clamd)
    limits.failuresMax = 1
    let service = ScanService(.clamd, [try ScannerHost(server.host)], limits)
    for _ in 1...3 {
      #expect(await service.scan(ScanJob([65])) == .failed(.refused("cannot parse ERROR")))
    }
    #expect(server.received.count == 3)
  }

  @Test func callsAtOnceAreBounded() async throws {
    let server = try await FakeScanner(.say(bytes("stream: OK\0"), afterBytes: 1_000))
    defer { server.stop() }
    var limits = ScannerLimits(for: .clamd)
    limits.callsMax = 3
    let service = ScanService(.clamd, [try ScannerHost(server.host)], limits)
    let clean = await withTaskGroup(of: Bool.self) { group in
      for _ in 1...40 {
        group.addTask {
          await service.scan(ScanJob([UInt8](repeating: 65, count: 1_000)))
            == .result(ScanResult(.clean))
        }
      }
      return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
    #expect(clean == 40)
    #expect(server.received.count == 40)
    #expect(server.unansweredMost == 3)
  }

  @Test func whoWaitsLongerThanItsDeadlineIsTold() async throws {
    let server = try await FakeScanner(.silence)
    defer { server.stop() }
    var limits = ScannerLimits(for: .clamd)
    (limits.callsMax, limits.waitingMax) = (1, 1)
    let service = ScanService(.clamd, [try ScannerHost(server.host)], limits)
    let first = Task { await service.scan(ScanJob([65])) }
    while service.load.running == 0 { await Task.yield() }
    let second = Task { await service.scan(ScanJob([65])) }
    while service.load.waiting == 0 { await Task.yield() }
    #expect(await service.scan(ScanJob([65])) == .failed(.busy))
    second.cancel()
    #expect(await second.value == .failed(.cancelled))
    let late = await service.scan(ScanJob([65], timeoutMilliseconds: 100))
    #expect(late == .failed(.timedOut(.place)))
    first.cancel()
    #expect(await first.value == .failed(.cancelled))
    #expect(service.load == (0, 0))
    #expect(service.breakers == [.closed(failures: 0)])
  }
}

func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }
