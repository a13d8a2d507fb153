// Lines as they are written: one each, that nothing in mail can end or imitate, and that can be
// read back.

import Foundation
import Logging
import Logs
import MilterBridge
import RuleBytecode
import Testing

@testable import RuleVM

struct LineTests {
  @Test func aVerdict() {
    #expect(
      VerdictLine.entry(.rejected()).text
        == "4bX1y2: verdict=reject phase=eom code=554 rule=virus at=policy.rules:31:5"
        + " reply=\"554 5.7.1 Message contains Eicar\" client=192.0.2.1 name=host.example"
        + " from=<ann@example.net> nrcpt=2 to=<bob@example.com>,<eve@example.com> way=in size=1234"
        + " msgid=<1@example.net> score=0.0 ms=12.345"
        + " checks=dnsbl/zen.example.org:2.000,scan/clamav:10.000! cost=0 image=0011223344556677")
  }

  @Test func aVerdictAsJSON() throws {
    let line = VerdictLine.entry(.rejected()).line(.json)
    #expect(line.hasPrefix(#"{"queue_id":"4bX1y2","session":"a1-7","verdict":"reject","#))
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    #expect(object["nrcpt"] as? Int == 2 && object["size"] as? Int == 1_234)
    #expect(object["to"] as? [String] == ["<bob@example.com>", "<eve@example.com>"])
  }

  @Test func beforeThereIsAQueueID() {
    var record = DecisionRecord()
    record.sessionID = "a1-7"
    record.phase = .connect
    let line = VerdictLine.entry(record).text
    #expect(line.hasPrefix("a1-7: verdict=accept phase=connect "))
    #expect(!line.contains("from="))
  }

  @Test func manyRecipientsAndChecks() {
    var record = DecisionRecord.accepted()
    record.recipients = (0..<100).map { "<\($0)@example.com>" }
    record.checks = (0..<30).map { _ in CheckTime(.mx, name: "", nanoseconds: 0, failed: false) }
    let line = VerdictLine.entry(record).text
    #expect(line.contains("nrcpt=100 to=<0@example.com>,"))
    #expect(line.components(separatedBy: "@example.com").count - 1 == VerdictLine.recipientsMax)
    #expect(line.components(separatedBy: "mx:").count - 1 == VerdictLine.checksMax)
    #expect(line.contains("more-checks=18"))
  }

  /// Whatever stands in mail: the line is one line, and its words are ours.
  @Test(arguments: [
    "\r\n4bX1y2: verdict=accept", "\0", "\u{1B}[2J", "\u{202E}gpj.exe", "\u{2028}x", "\u{85}",
    "\" verdict=accept x=\"", "a b=c",
    "\\", "\u{FEFF}", "\u{200B}", "\u{E0041}", "ä日本", "",
    String(repeating: "x", count: 5_000),
    String(decoding: [0xFF, 0xC3, 0x28] as [UInt8], as: UTF8.self),
    "a,b", "\\u{a}", "\u{61C}", "\u{7F}",
  ])
  func nothingForgesALine(text: String) throws {
    var record = DecisionRecord.rejected()
    (record.queueID, record.sender, record.messageID) = (text.isEmpty ? nil : text, text, text)
    (record.recipients, record.client.helo) = ([text, text], text)
    (record.client.name, record.client.login) = (text, text)
    for entry in MessageLines().entries(record) {
      for line in [entry.line(.text), entry.line(.json)] {
        #expect(line.utf8.count < 8_000)
        #expect(!line.unicodeScalars.contains(where: TraceText.isUnsafeToShow), "\(line)")
      }
      let words = try Self.words(of: entry.text)
      #expect(words.filter { $0.hasPrefix("verdict=") } == ["verdict=reject"])
      #expect(try JSONSerialization.jsonObject(with: Data(entry.line(.json).utf8)) is [String: Any])
    }
  }

  private struct Unreadable: Error {}

  /// The words of a line as a reader of logfmt sees them: quotes with backslashes.
  private static func words(of line: String) throws -> [String] {
    var words: [String] = [""]
    var isQuoted = false
    var isEscaped = false
    for scalar in line.unicodeScalars {
      if isEscaped {
        isEscaped = false
      } else if scalar == "\\" {
        isEscaped = true
      } else if scalar == "\"" {
        isQuoted.toggle()
      } else if scalar == " ", !isQuoted {
        words.append("")
        continue
      }
      words[words.count - 1].unicodeScalars.append(scalar)
    }
    if isQuoted || isEscaped { throw Unreadable() }
    return words
  }

  /// What was escaped can be told from what was written so.
  @Test func escapesAreExact() {
    let shown = ["\n", "\\n", "\\u{a}", "\"", "a"].map(LogText.quoted)
    #expect(shown == [#""\u{a}""#, #""\\n""#, #""\\u{a}""#, #""\"""#, "a"])
    #expect(LogText.list(["a,b", "c"]) == #""a\u{2c}b,c""#)
    #expect(LogText.key("a b") == #""a b""# && LogText.key("x: y").contains(":") == false)
  }

  @Test(
    arguments: [(0, "0.000"), (999, "0.000"), (1_000, "0.001"), (1_500_000_000, "1500.000")]
      as [(Int64, String)])
  func milliseconds(nanoseconds: Int64, shown: String) {
    #expect(LogText.milliseconds(nanoseconds) == shown)
  }

  // MARK: Other lines

  @Test func whatRulesLog() {
    var record = DecisionRecord.accepted()
    record.decisions.log = [LogRecord(level: .warning, text: "odd\nname", rule: "r")]
    record.decisions.failures = [
      FailureRecord(
        failure: .scanner, reason: "scan clamav: no connection", rule: "v", answer: .tempfail)
    ]
    record.trace = [.rule(name: "r", location: "a.rules:1:1")]
    let entries = MessageLines().entries(record)
    #expect(
      entries.dropFirst().map(\.text) == [
        #"4bX1y2: log level=warning rule=r text="odd\u{a}name""#,
        #"4bX1y2: failed=scanner reason="scan clamav: no connection" rule=v answered=tempfail"#,
        #"4bX1y2: trace:   rule "r" at a.rules:1:1"#,
      ])
    #expect(entries.map(\.level) == [.info, .warning, .warning, .info])
  }

  private static let said =
    "4bX1y2: event event=virus value1=Eicar value2=a,b rule=r from=<ann@example.net> "

  @Test(arguments: [
    (
      EventForm.message,
      [said + #"nrcpt=2 subject="Hello, you""#]
    ),
    (
      .recipient,
      ["bob", "eve"].map { said + #"to=<\#($0)@example.com> subject="Hello, you""# }
    ),
    (
      .graphdefang,
      ["bob", "eve"].map {
        "4bX1y2: MDLOG,4bX1y2,virus,Eicar,a%2Cb,ann@example.net,\($0)@example.com,Hello%2C you"
      }
    ),
  ])
  func events(form: EventForm, lines: [String]) {
    var record = DecisionRecord.accepted()
    record.decisions.events = [EventRecord(name: "virus", values: ["Eicar", "a,b"], rule: "r")]
    #expect(MessageLines(events: form).entries(record).dropFirst().map(\.text) == lines)
  }

  @Test func anEventWithoutRecipientsAndValues() {
    var record = DecisionRecord.accepted()
    (record.recipients, record.sender, record.subject) = ([], "<>", "")
    record.decisions.events = [EventRecord(name: "e\n", values: [], rule: nil)]
    let lines = MessageLines(events: .graphdefang).entries(record).dropFirst().map(\.text)
    #expect(lines == ["4bX1y2: MDLOG,4bX1y2,e%0A,,,,,"])
  }
}
