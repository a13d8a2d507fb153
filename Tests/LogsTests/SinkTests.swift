// Where lines go: sockets that come and go, and a queue that never makes anybody wait.

import Foundation
import Logging
import Logs
import MailLab
import MilterBridge
import RuleBytecode
import Synchronization
import Testing

@testable import RuleVM

@Suite(.serialized) struct SinkTests {
  private static let line = LogLine(
    level: .warning, key: "Q1", text: "Q1: hello", fields: [("DEFANG_QUEUE_ID", "Q1")])

  @Test func syslog() throws {
    let folder = try LabDirectory()
    let inbox = try DatagramInbox(at: folder.path + "/log")
    let sink = DatagramSink(.syslog, path: inbox.path)
    #expect(sink.write([Self.line]) == 1)
    #expect(Laboratory.waitUntil(timeoutSeconds: 30) { !inbox.all.isEmpty })
    // Mail, warning; RFC 3164 §4.1.2 for the time.
    let form =
      /<20>[A-Z][a-z]{2} [ 1-3][0-9] [0-9]{2}:[0-9]{2}:[0-9]{2} defangd\[[0-9]+\]: Q1: hello/
    #expect(inbox.all.first?.wholeMatch(of: form) != nil, "\(inbox.all)")
    inbox.stop()
  }

  @Test func journal() throws {
    let folder = try LabDirectory()
    let inbox = try DatagramInbox(at: folder.path + "/journal")
    let sink = DatagramSink(.journal, path: inbox.path)
    let odd = LogLine(level: .error, key: nil, text: "x", fields: [("DEFANG_FROM", "a\nb")])
    #expect(sink.wantsFields && sink.write([Self.line, odd]) == 2)
    #expect(Laboratory.waitUntil(timeoutSeconds: 30) { inbox.all.count == 2 })
    let head = "SYSLOG_IDENTIFIER=defangd\nSYSLOG_FACILITY=2\n"
    #expect(
      inbox.all == [
        "MESSAGE=Q1: hello\nPRIORITY=4\n" + head + "DEFANG_QUEUE_ID=Q1\n",
        "MESSAGE=x\nPRIORITY=3\n" + head + "DEFANG_FROM\n\u{3}\0\0\0\0\0\0\0a\nb\n",
      ])
    inbox.stop()
  }

  @Test func aDaemonThatIsRestartedIsFoundAgain() throws {
    let folder = try LabDirectory()
    let path = folder.path + "/log"
    let sink = DatagramSink(.syslog, path: path)
    #expect(sink.write([Self.line]) == 0)
    for _ in 0..<2 {
      let inbox = try DatagramInbox(at: path)
      #expect(sink.write([Self.line]) == 1)
      #expect(Laboratory.waitUntil(timeoutSeconds: 30) { inbox.all.count == 1 })
      inbox.stop()
      try FileManager.default.removeItem(atPath: path)
      #expect(Laboratory.waitUntil(timeoutSeconds: 30) { sink.write([Self.line]) == 0 })
    }
  }

  @Test func aLineOfSyslogIsBounded() throws {
    let folder = try LabDirectory()
    let inbox = try DatagramInbox(at: folder.path + "/log")
    let long = LogLine(level: .info, key: nil, text: String(repeating: "日", count: 5_000))
    #expect(DatagramSink(.syslog, path: inbox.path).write([long]) == 1)
    #expect(Laboratory.waitUntil(timeoutSeconds: 30) { !inbox.all.isEmpty })
    let bytes = try #require(inbox.all.first).utf8.count
    #expect((7_997...8_000).contains(bytes) && inbox.all.first?.last == "日")
    inbox.stop()
  }

  // MARK: The queue

  /// Takes nothing until it is let.
  private final class Gate: LogSink {
    let isOpen = Atomic(false)
    let taken = Mutex<[String]>([])

    func write(_ lines: ArraySlice<LogLine>) -> Int {
      guard isOpen.load(ordering: .relaxed) else { return 0 }
      taken.withLock { $0 += lines.map(\.text) }
      return lines.count
    }
  }

  @Test(arguments: [(10, 1 << 20), (1_000, 20)])
  func whatDoesNotFitIsCounted(lines: Int, bytes: Int) {
    let gate = Gate()
    var limits = LogPump.Limits()
    (limits.linesMax, limits.bytesMax, limits.retryMilliseconds) = (lines, bytes, 1)
    let pump = LogPump(gate, limits: limits)
    for number in 0..<15 { pump.put([LogLine(level: .info, key: nil, text: "\(number % 10)x")]) }
    // A batch may be in the hands of the thread.
    #expect(pump.lost >= 1 && pump.lost <= 5)
    gate.isOpen.store(true, ordering: .relaxed)
    pump.stop(withinMilliseconds: 30_000)
    let taken = gate.taken.withLock { $0 }
    #expect(taken.count { $0.hasSuffix("x") } + pump.lost == 15)
    #expect(taken.prefix(3) == ["0x", "1x", "2x"])
    #expect(taken.contains { $0.hasSuffix("lines of the log were lost: nobody took them in time") })
  }

  @Test func levelsChangeWhileItRuns() {
    let gate = Gate()
    gate.isOpen.store(true, ordering: .relaxed)
    let desk = LogDesk(LogDesk.Settings(), pump: LogPump(gate))
    desk.note("one")
    desk.level = .error
    desk.note("two")
    desk.note("three", about: "Q1", level: .error)
    desk.logger.warning("four")
    desk.logger.error("five\n", metadata: ["session": "s-1"])
    desk.stop()
    #expect(gate.taken.withLock { $0 } == ["one", "Q1: three", #"s-1: error: five\u{a}"#])
  }

  /// Where failures alone are wanted a message that has none is not written, and one that has keeps
  /// its line of them.
  @Test func failuresAreWrittenWithoutVerdicts() {
    let gate = Gate()
    gate.isOpen.store(true, ordering: .relaxed)
    let desk = LogDesk(LogDesk.Settings(), pump: LogPump(gate))
    desk.level = .warning
    desk.write(.accepted())
    var record = DecisionRecord.accepted()
    record.decisions.failures = [
      FailureRecord(failure: .dns, reason: "timeout", rule: "listed", answer: .continue)
    ]
    desk.write(record)
    record = .accepted()
    record.problem = "fuel"
    desk.write(record)
    desk.stop()
    let lines = gate.taken.withLock { $0 }
    #expect(lines.count == 2)
    #expect(lines.first == "4bX1y2: failed=dns reason=timeout rule=listed answered=continue")
    #expect(lines.last?.hasPrefix("4bX1y2: verdict=tempfail ") == true, "\(lines)")
  }
}
