// A rewritten header, told as changes; and what spamd is told of a delivery.
import Testing

@testable import Scanners

struct HeaderLinesTests {
  private static func fields(_ text: String) -> [HeaderLines.Field] {
    HeaderLines.fields(bytes(text), bytesMax: 1_000)
  }

  static let cases: [(old: String, new: String, changes: [ScanHeaderChange])] = [
    ("A: 1\r\nB: 2\r\n", "A: 1\nB: 2\n", []),
    (
      "Subject: a\nB: 2\n", "X-Spam: yes\n\tvery\nSubject: [spam] a\nB: 2\n",
      [
        .remove(name: "Subject", occurrence: 1),
        .add(name: "X-Spam", value: "yes\n\tvery", position: 0),
        .add(name: "Subject", value: "[spam] a", position: 1),
      ]
    ),
    (
      "X: 1\nx: 2\nX: 1\n", "x: 2\n",
      [.remove(name: "X", occurrence: 3), .remove(name: "X", occurrence: 1)]
    ),
    ("no field\nA: 1\n\nB: in the body\n", "A: 1\n", []),
    (
      "A:1\n", "A:\n", [.remove(name: "A", occurrence: 1), .add(name: "A", value: "", position: 0)]
    ),
  ]

  @Test(arguments: cases)
  func isToldAsChanges(_ one: (old: String, new: String, changes: [ScanHeaderChange])) {
    let changes = HeaderLines.changes(from: Self.fields(one.old), to: Self.fields(one.new))
    #expect(changes == one.changes)
  }

  private static func envelope(_ change: (inout ScanEnvelope) -> Void) -> ScanEnvelope {
    var envelope = ScanEnvelope(
      clientAddress: "192.0.2.1", clientName: "c.example", helo: "h.example", sender: "a@b.example",
      recipients: ["r@d.example"], queueID: "Q1")
    envelope.hostName = "mx.example.net"
    envelope.date = "Sat, 21 Nov 2026 10:00:00 +0000"
    change(&envelope)
    return envelope
  }

  static let traces: [(ScanEnvelope, [String])] = [
    (
      envelope { _ in },
      [
        "X-Envelope-From: <a@b.example>",
        "Received: from h.example (c.example [192.0.2.1])\r\n\tby mx.example.net with ESMTP id Q1"
          + "\r\n\tfor <r@d.example>; Sat, 21 Nov 2026 10:00:00 +0000",
      ]
    ),
    (
      envelope {
        $0.clientAddress = "2001:db8::1"
        $0.clientName = "[2001:db8::1]"
        $0.helo = "x) by evil (\r\nX: y"
        $0.login = "ann"
        $0.recipients = ["a@d.example", "b@d.example"]
        $0.queueID = nil
        $0.date = nil
      },
      [
        "X-Envelope-From: <a@b.example>",
        "Received: from x by evil X: y ([IPv6:2001:db8::1])\r\n\tby mx.example.net with ESMTPA",
      ]
    ),
    (envelope { $0.clientAddress = nil }, ["X-Envelope-From: <a@b.example>"]),
    (ScanEnvelope(), []),
  ]

  @Test(arguments: traces)
  func aDeliveryIsToldInTwoFields(_ envelope: ScanEnvelope, _ fields: [String]) {
    #expect(SpamTrace.fields(envelope) == fields)
  }

  /// What spamd says of the fields that it was only told is no change of the mail.
  @Test func whatWasOnlyToldIsNoChange() async throws {
    let trace = SpamTrace.fields(Self.envelope { _ in }).map { $0 + "\r\n" }.joined()
    let head = "X-Spam-Flag: YES\r\n" + trace + "Subject: a\r\n\r\n"
    let reply =
      "SPAMD/1.1 0 EX_OK\r\nContent-length: \(head.utf8.count)\r\nSpam: True ; 9 / 5\r\n\r\n" + head
    let server = try await FakeScanner(.say(bytes(reply)))
    defer { server.stop() }
    let service = ScanService(.spamd([.headers]), [try ScannerHost(server.host)])
    let job = ScanJob(bytes("Subject: a\r\n\r\nb"), Self.envelope { _ in })
    guard case .result(let result) = await service.scan(job) else {
      Issue.record("no result")
      return
    }
    #expect(result.headerChanges == [.add(name: "X-Spam-Flag", value: "YES", position: 0)])
    let sent = String(decoding: server.received[0], as: UTF8.self)
    #expect(sent.hasSuffix("\r\n\r\n\(trace)Subject: a\r\n\r\nb"))
  }
}
