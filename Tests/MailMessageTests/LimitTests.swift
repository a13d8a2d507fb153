// Each limit at its value and one past it, and messages made to exhaust the reader.

import MailMessage
import Testing

@Suite struct LimitTests {
  private func parts(_ count: Int) -> String {
    "Content-Type: multipart/mixed; boundary=b\n\n"
      + String(repeating: "--b\n\nx\n", count: count) + "--b--\n"
  }

  @Test func partsLimit() {
    var limits = MailLimits()
    limits.partsMax = 4
    let fitting = MailMessage(text: parts(3), limits: limits)
    #expect(fitting.parts.count == 4 && fitting.limitsHit.isEmpty)
    let past = MailMessage(text: parts(4), limits: limits)
    #expect(past.parts.count == 4 && past.limitsHit == [.parts])
    #expect(past.content(of: 3) == "x")
    #expect(past.anomalies.isEmpty)
    checkRanges(past)
  }

  @Test(arguments: [0, 1, 2])
  func partsLimitOnNesting(_ partsMax: Int) {
    var limits = MailLimits()
    limits.partsMax = partsMax
    let text = "Content-Type: message/rfc822\n\nContent-Type: multipart/mixed\n\nx"
    let message = MailMessage(text: text, limits: limits)
    #expect(message.parts.count == max(1, partsMax))
    #expect(message.limitsHit == [.parts])
    checkRanges(message)
  }

  @Test func depthLimitOfMultiparts() {
    var limits = MailLimits()
    limits.depthMax = 2
    let inner = "--b\nContent-Type: multipart/mixed; boundary=c\n\n--c\n"
    let head = "Content-Type: multipart/mixed; boundary=b\n\n"
    let fitting = MailMessage(text: head + inner + "\nx\n--c--\n--b--\n", limits: limits)
    #expect(fitting.parts.map(\.path) == ["1", "1.1", "1.1.1"] && fitting.limitsHit.isEmpty)
    let past = MailMessage(
      text: head + inner + "Content-Type: multipart/mixed; boundary=d\n\n--d\n\nx\n--c--\n--b--\n",
      limits: limits)
    #expect(past.parts.map(\.path) == ["1", "1.1", "1.1.1"] && past.limitsHit == [.depth])
    #expect(past.content(of: 2) == "--d||x")
    #expect(!past.parts[2].isContainer)
  }

  @Test func depthLimitOfMessages() {
    var limits = MailLimits()
    limits.depthMax = 3
    let header = "Content-Type: message/rfc822\n\n"
    let fitting = MailMessage(text: String(repeating: header, count: 3) + "\nx", limits: limits)
    #expect(fitting.parts.count == 4 && fitting.limitsHit.isEmpty)
    let past = MailMessage(text: String(repeating: header, count: 4) + "\nx", limits: limits)
    #expect(past.parts.count == 4 && past.limitsHit == [.depth])
  }

  @Test func headersLimit() {
    var limits = MailLimits()
    limits.headersMax = 3
    let header = "A: 1\nB: 2\nC: 3\n"
    #expect(MailMessage(text: header + "\nx", limits: limits).limitsHit.isEmpty)
    let past = MailMessage(text: header + "D: 4\n\nx", limits: limits)
    #expect(past.limitsHit == [.headers] && past.headers.count == 3)
    #expect(past.content(of: 0) == "x")
  }

  @Test func allHeadersLimit() {
    var limits = MailLimits()
    limits.allHeadersMax = 3
    let head = "Content-Type: multipart/mixed; boundary=b\n\n--b\nA: 1\n\n--b\nB: 2\n"
    #expect(MailMessage(text: head + "\n--b--", limits: limits).limitsHit.isEmpty)
    let past = MailMessage(text: head + "C: 3\n\nx\n--b--", limits: limits)
    #expect(past.limitsHit == [.headers] && past.parts[2].fields.count == 1)
    #expect(past.content(of: 2) == "x")
  }

  @Test func allHeaderBytesLimit() {
    var limits = MailLimits()
    let head = "Content-Type: multipart/mixed; boundary=b\n\n--b\nA: 1\n"
    limits.allHeaderBytesMax = 41 + 4 + 6
    let fitting = MailMessage(text: head + "\n--b\nB: 234\n\nx\n--b--", limits: limits)
    #expect(fitting.limitsHit.isEmpty && fitting.parts[2].fields.count == 1)
    let past = MailMessage(text: head + "\n--b\nB: 2345\n\nx\n--b--", limits: limits)
    #expect(past.limitsHit == [.headerBytes] && past.parts[2].fields.isEmpty)
    #expect(past.content(of: 2) == "x")
  }

  @Test func headerBytesLimit() throws {
    var limits = MailLimits()
    limits.headerBytesMax = 14
    let fitting = MailMessage(text: "A: 1\nB: 234\n\nx", limits: limits)
    #expect(fitting.limitsHit.isEmpty && fitting.headers.count == 2)
    let past = MailMessage(text: "A: 1\nB: 2345\n\nx", limits: limits)
    #expect(past.limitsHit == [.headerBytes] && past.headers.count == 2)
    let long = MailMessage(text: "A: 1\nB: 23456789\nC: 1\n\nx", limits: limits)
    #expect(long.limitsHit == [.headerBytes] && long.headers.count == 2)
    let cut = try #require(long.headers.last)
    #expect(text(long.bytes[cut.value]) == " 23456")
    #expect(text(long.bytes[cut.line]) == "B: 23456789\r\n")
    #expect(long.content(of: 0) == "x")
    checkRanges(long)
  }

  @Test func parametersLimit() {
    var limits = MailLimits()
    limits.parametersMax = 2
    let head = "Content-Disposition: attachment; a=1; b=2; filename=x; filename=y"
    let fitting = MailMessage(text: head + "\n\n", limits: limits)
    #expect(fitting.limitsHit.isEmpty && fitting.parts[0].names == ["x", "y", "xy"])
    let past = MailMessage(text: head + "; filename=z\n\n", limits: limits)
    #expect(past.limitsHit == [.parameters] && past.parts[0].names == ["x", "y", "xy"])
    let others = MailMessage(
      text: "Content-Disposition: a; b=1; c=2; d=3; filename=x\n\n", limits: limits)
    #expect(others.limitsHit == [.parameters] && others.parts[0].names == ["x"])
    let type = MailMessage(text: "Content-Type: a/b; c=1; d=2; e=3\n\n", limits: limits)
    #expect(type.limitsHit == [.parameters])
  }

  @Test func names() {
    #expect(
      MailLimit.allCases.map(\.name) == [
        "parts", "depth", "headers", "header-bytes", "decoded-bytes", "parameters",
        "names", "readings", "reading-bytes", "embedded-files", "embedded-bytes",
      ])
    let stable = [
      "bare-cr", "bare-lf", "nul", "duplicate-headers", "duplicate-content-type",
      "boundary-conflict", "encoding-conflict", "bad-base64", "name-conflict", "missing-end",
    ]
    #expect(Array(Anomaly.allCases.map(\.name).prefix(10)) == stable)
    #expect(Set(Anomaly.allCases.map(\.name)).count == Anomaly.allCases.count)
  }

  // MARK: Exhaustion. These end in time or the test run does not.

  @Test func hundredThousandParts() {
    let message = MailMessage(text: parts(100_000))
    #expect(message.parts.count == MailLimits().partsMax && message.limitsHit == [.parts])
    var limits = MailLimits()
    limits.partsMax = 200_000
    #expect(MailMessage(text: parts(100_000), limits: limits).parts.count == 100_001)
  }

  @Test func twoThousandLevels() {
    let text = (0..<2_000).map { "Content-Type: multipart/mixed; boundary=b\($0)x\n\n--b\($0)x\n" }
      .joined()
    let message = MailMessage(text: text)
    #expect(message.parts.count == 51 && message.limitsHit == [.depth])
    var limits = MailLimits()
    limits.depthMax = 2_000
    limits.partsMax = 3_000
    let deep = MailMessage(text: text, limits: limits)
    #expect(deep.parts.count == 2_001 && deep.limitsHit.isEmpty)
  }

  @Test func twentyThousandMessages() {
    let text = String(repeating: "Content-Type: message/rfc822\n\n", count: 20_000)
    #expect(MailMessage(text: text).limitsHit == [.depth])
  }

  @Test func hundredThousandHeaders() {
    let message = MailMessage(text: String(repeating: "A: b\n", count: 100_000) + "\nx")
    #expect(message.limitsHit == [.headers, .headerBytes])
    #expect(message.headers.count == 1_000 && message.content(of: 0) == "x")
  }

  @Test func longHeader() {
    let message = MailMessage(
      text: "Subject: " + String(repeating: "a", count: 10_000_000) + "\nB: c\n\nx")
    #expect(message.limitsHit == [.headerBytes])
    #expect(message.headers.count == 1 && message.content(of: 0) == "x")
    #expect(message.decoded("subject")?.utf8.count == MailLimits().headerBytesMax - 9)
  }

  @Test func longLine() {
    let head = mail("Content-Type: multipart/mixed; boundary=b\n\n--b\n\n")
    let message = MailMessage(head + [UInt8](repeating: 45, count: 64_000_000))
    #expect(message.parts.count == 2 && message.anomalies == [.missingEnd, .longLine])
  }

  /// Header values that would cost a careless decoder the square of their length.
  @Test(arguments: [
    "=?utf-8?q?", "=?", "=?a?b?", "=?utf-8?q?a?= ", "=?koi8-r?q?a?= =?gb18030?q?b?= ", "a@b,", "(",
    "\"", "<", "a:", "@", "a; name=\"", "name*1=a;", "name=a b;", "=", "a b=", " ", "\\",
  ])
  func longValues(_ piece: String) throws {
    let value = String(repeating: piece, count: 200_000 / piece.utf8.count)
    let message = MailMessage(text: "Content-Type: \(value)\nContent-Disposition: \(value)\n\n")
    let field = try #require(message.headers.first)
    _ = message.decoded("content-type")
    _ = message.addresses(in: field)
    _ = message.parts[0].names
    #expect(message.parts.count == 1)
  }
}
