// What surrounds a call, without one: addresses, breakers, the queue, the reader of answers.
import NIOCore
import RuleBytecode
import Testing

@testable import Scanners

struct ScannerHostTests {
  static let longestPath = "/" + String(repeating: "a", count: ScannerHost.pathBytesMax - 1)

  static let right: [(String, ScannerHost)] = [
    ("unix:/run/clamav/clamd.ctl", .unix(path: "/run/clamav/clamd.ctl")),
    ("inet:3310@127.0.0.1", .inet(host: "127.0.0.1", port: 3310)),
    ("inet:1@scan.example.net", .inet(host: "scan.example.net", port: 1)),
    ("inet6:65535@::1", .inet(host: "::1", port: 65_535)),
    ("unix:" + longestPath, .unix(path: longestPath)),
  ]

  @Test(arguments: right)
  func isReadAndWritten(_ text: String, _ host: ScannerHost) throws {
    #expect(try ScannerHost(text) == host)
    #expect("\(host)" == text)
  }

  @Test(arguments: [
    "", "unix:", "unix:run/s", "inet:3310", "inet:@host", "inet:0@host", "inet:65536@host",
    "inet:+1@host", "inet:1@", "inet:1@a@b", "inet:1@a b", "tcp:1@host", "/run/s",
    "unix:" + longestPath + "a", "inet:1@" + String(repeating: "a", count: 256),
  ])
  func isRefused(_ text: String) {
    #expect(throws: ScannerHost.BadAddress(text: text)) { try ScannerHost(text) }
  }

  @Test func listsAreBounded() throws {
    let text = Array(repeating: "inet:1@a", count: ScannerHost.hostsMax).joined(separator: ", ")
    #expect(try ScannerHost.list(text).count == ScannerHost.hostsMax)
    #expect(throws: ScannerHost.BadAddress.self) { try ScannerHost.list(text + ",inet:1@a") }
    #expect(throws: ScannerHost.BadAddress.self) { try ScannerHost.list("inet:1@a,") }
  }
}

struct CircuitBreakerTests {
  private func at(_ seconds: UInt64) -> NIODeadline { .uptimeNanoseconds(seconds * 1_000_000_000) }

  @Test func opensAtItsBoundAndMakesOneTrial() {
    var breaker = CircuitBreaker(failuresMax: 3, pause: .seconds(10))
    for _ in 1...2 { breaker.failed(isTrial: false, at(0)) }
    #expect(breaker.mayCall(at(0)) == (true, false))
    breaker.failed(isTrial: false, at(5))
    #expect(breaker.mayCall(at(14)) == (false, false))
    #expect(breaker.mayCall(at(15)) == (true, true))
    #expect(breaker.mayCall(at(15)) == (false, false), "one trial at a time")
    breaker.failed(isTrial: false, at(15))
    #expect(breaker.state == .trial, "a call from before the trial does not decide it")
    breaker.failed(isTrial: true, at(16))
    #expect(breaker.state == .open(until: at(26)))
    #expect(breaker.mayCall(at(26)) == (true, true))
    breaker.abandoned(isTrial: true, at(27))
    #expect(breaker.mayCall(at(27)) == (true, true), "a trial that was given up may be made anew")
    breaker.succeeded()
    #expect(breaker.state == .closed(failures: 0))
  }

  @Test func successesForgetFailures() {
    var breaker = CircuitBreaker(failuresMax: 2, pause: .seconds(10))
    for _ in 1...5 {
      breaker.failed(isTrial: false, at(0))
      breaker.succeeded()
    }
    #expect(breaker.mayCall(at(0)).allowed)
  }

  @Test func rosterSkipsHostsThatAreLeftAlone() {
    var limits = ScannerLimits(for: .clamd)
    limits.failuresMax = 1
    limits.leaveAloneMilliseconds = 10_000
    var roster = HostRoster(count: 3, limits)
    #expect(roster.next(from: 0, at(0)) == .init(index: 0, isTrial: false))
    #expect(roster.settle(.init(index: 0, isTrial: false), .cut, at(0)) == .leftAlone)
    #expect(roster.next(from: 0, at(1)) == .init(index: 1, isTrial: false))
    #expect(roster.next(from: 2, at(1)) == .init(index: 2, isTrial: false))
    #expect(roster.next(from: 3, at(1)) == nil)
    #expect(roster.next(from: 0, at(10)) == .init(index: 0, isTrial: true))
    #expect(roster.next(from: 0, at(10)) == .init(index: 1, isTrial: false))
    let trial = HostRoster.Turn(index: 0, isTrial: true)
    #expect(roster.settle(trial, .cut, at(10)) == nil, "a trial that fails is no news")
    #expect(roster.next(from: 0, at(20)) == trial)
    #expect(roster.settle(trial, nil, at(20)) == .backAgain)
    #expect(roster.settle(.init(index: 0, isTrial: false), nil, at(21)) == nil)
  }
}

struct CallQueueTests {
  @Test func placesGoToThoseWhoCameFirst() {
    var queue = CallQueue(runningMax: 2, waitingMax: 2)
    var entries: [CallQueue.Entry] = []
    for call: UInt64 in 1...5 { entries.append(queue.enter(call)) }
    #expect(entries == [.go, .go, .wait, .wait, .full])
    var wereWaiting: [Bool] = []
    for call: UInt64 in [3, 3, 5] { wereWaiting.append(queue.giveUp(call)) }
    #expect(wereWaiting == [true, false, false])
    entries = [queue.enter(6)]
    var next: [UInt64?] = []
    for _ in 1...3 { next.append(queue.leave()) }
    #expect(next == [4, 6, nil])
    #expect(queue.running == 1)
    entries.append(queue.enter(7))
    #expect(entries == [.wait, .go])
  }
}

struct OutgoingRequestTests {
  private func all(_ request: OutgoingRequest) -> [[UInt8]] {
    var request = request
    var pieces: [[UInt8]] = []
    while let piece = request.next() { pieces.append(Array(piece.readableBytesView)) }
    return pieces
  }

  @Test(arguments: [0, 1, 65_535, 65_536, 65_537, 131_072])
  func bodiesGoOutInPieces(_ count: Int) {
    let body = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
    #expect(Array(all(.init([1, 2], body: body)).joined()) == [1, 2] + body)
    let counted = all(.init([9], body: body, .counted))
    #expect(counted.first == [9] && counted.last == [0, 0, 0, 0])
    var back: [UInt8] = []
    for piece in counted.dropFirst().dropLast() {
      let length = piece.prefix(4).reduce(0) { $0 << 8 | Int($1) }
      #expect(length == piece.count - 4 && length <= OutgoingRequest.pieceBytesMax && length > 0)
      back += piece.dropFirst(4)
    }
    #expect(back == body)
  }
}

struct ReplyReaderTests {
  static let limits: ScannerLimits = {
    var limits = ScannerLimits(messageBytesMax: 1)
    limits.replyLineBytesMax = 20
    limits.replyFieldsMax = 2
    limits.replyBodyBytesMax = 8
    return limits
  }()

  static let cases: [(String, String)] = [
    ("A 0 ok\r\nContent-length: 3\r\n\r\nabc", "A 0 ok|abc"),
    ("A 0 ok\nContent-length: 3\n\nabcdef", "A 0 ok|abc"),
    ("A 0 ok\r\n\r\nabc", "A 0 ok|abc"),
    ("A\r\nContent-length: 0\r\n\r\n", "A|"),
    ("A\r\nContent-length: 8\r\n\r\n12345678", "A|12345678"),
    ("A\r\nContent-length: 9\r\n\r\n123456789", "tooLong"),
    ("A\r\n\r\n12345678", "A|12345678"),
    ("A\r\n\r\n123456789", "tooLong"),
    ("A\r\nContent-length: 4\r\n\r\nabc", "cut"),
    ("A\r\nContent-length: 4", "cut"),
    ("A", "cut"),
    ("", "cut"),
    ("12345678901234567890\n\n", "12345678901234567890|"),
    ("123456789012345678901\n\n", "tooLong"),
    ("A\na: 1\nb: 2\n\n", "A|"),
    ("A\na: 1\nb: 2\nc: 3\n\n", "tooLong"),
    ("A\nno field\n\n", "garbage"),
    ("A\n: x\n\n", "garbage"),
    ("A\nContent-length: -1\n\n", "garbage"),
    ("A\nContent-length: x\n\n", "garbage"),
    ("A\ncontent-length: 1\nContent-Length: 2\n\n", "garbage"),
  ]

  /// However the bytes are cut, the answer is the same.
  @Test(arguments: cases, [1, 2, 7, 1_000])
  func answersAreReadWithinTheirBounds(_ pair: (String, String), _ step: Int) {
    let (text, expected) = pair
    #expect(read(Array(text.utf8), step) == expected)
  }

  private func read(_ bytes: [UInt8], _ step: Int) -> String {
    var reader = ReplyReader(.headed, Self.limits)
    do throws(ScanFailure) {
      for start in stride(from: 0, to: bytes.count, by: step) {
        if let reply = try reader.take(bytes[start..<min(bytes.count, start + step)]) {
          return reply.line + "|" + String(decoding: reply.body, as: UTF8.self)
        }
      }
      let reply = try reader.end()
      return reply.line + "|" + String(decoding: reply.body, as: UTF8.self)
    } catch {
      return switch error {
      case .garbage: "garbage"
      default: "\(error)" == "\(ScanFailure.cut)" ? "cut" : "tooLong"
      }
    }
  }

  @Test func transferEncodingsAreNotForUs() {
    var reader = ReplyReader(.headed, ScannerLimits(messageBytesMax: 1))
    #expect(throws: ScanFailure.garbage("a transfer encoding")) {
      try reader.take(bytes("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"))
    }
  }
}

struct ScanAnswerTests {
  @Test func factsAreThoseOfTheLanguage() throws {
    var result = ScanResult(.spam)
    result.name = "N"
    result.score = Decimal.parse(bytes("6.8"))
    result.threshold = Decimal.parse(bytes("5"))
    result.symbols = ["A", "B"]
    result.report = "lines\n"
    result.action = "add header"
    #expect(
      ScanAnswer.result(result).facts == [
        "result": "spam", "name": "N", "score": "6.8", "threshold": "5.0", "symbols": "A,B",
        "report": "lines\n", "action": "add header",
      ])
    #expect(ScanAnswer.result(ScanResult(.ham)).facts == ["result": "ham"])
    #expect(ScanAnswer.tooBig.facts == ["result": "too-big"])
    #expect(ScanAnswer.failed(.cut).facts == nil)
  }

  @Test(arguments: [
    ("a\r\nX-Evil: 1", "a??X-Evil: 1"), ("a\u{0}b", "a?b"), ("grün", "grün"),
    (String(repeating: "a", count: 2_000), String(repeating: "a", count: 995)),
  ])
  func wordsOfOthersStayOnTheirLine(_ text: String, _ line: String) {
    #expect(ScannerText.line(text) == line)
  }
}
