// Who the client was, by what trusted relays wrote, and by nothing else.
import RuleBytecode
import Testing

@testable import RuleVM

struct RelayTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let peer: String
    let fields: [String]
    /// `client.ip`, `client.name`, and whether `ip "client"` finds the stranger.
    let expected: String
    var testDescription: String { name }

    init(_ name: String, peer: String = "192.0.2.25", _ fields: [String], _ expected: String) {
      self.name = name
      self.peer = peer
      self.fields = fields
      self.expected = expected
    }
  }

  private static let outside = "from a (mail.example.org [198.51.100.7]) by mx1"
  private static let inside = "from mx1 (mx1.example.net [192.0.2.26]) by mx2"
  private static let filter = "from localhost (localhost [127.0.0.1]) by mx1"

  static let cases: [Case] = [
    Case("one relay", [outside], "198.51.100.7 mail.example.org yes"),
    Case("two relays", [inside, outside], "198.51.100.7 mail.example.org yes"),
    Case("a filter of its own", [filter, outside], "198.51.100.7 mail.example.org yes"),
    Case(
      "a stranger's fields below", [outside, inside, "from x (y [203.0.113.1]) by z"],
      "198.51.100.7 mail.example.org yes"),
    Case(
      "no verified name", ["from a (unknown [198.51.100.7]) by mx1"],
      "198.51.100.7 [198.51.100.7] yes"),
    Case("a peer that is no relay", peer: "203.0.113.9", [outside], "203.0.113.9 peer.example no"),
    Case(
      "mail of the relay itself", ["by mx1 (Postfix, from userid 0)", outside],
      "192.0.2.25 peer.example no"),
    Case(
      "mail of the relay behind", [inside, "by mx1 (Postfix, from userid 0)", outside],
      "192.0.2.26 mx1.example.net no"),
    Case("no field at all", [], "192.0.2.25 peer.example no"),
    Case("a relay's field that cannot be read", ["from a by mx1", outside], "  no"),
    Case("too many relays", Array(repeating: inside, count: 31), "  no"),
    Case(
      "as many as may be", Array(repeating: inside, count: 29) + [outside],
      "198.51.100.7 mail.example.org yes"),
  ]

  @Test(arguments: cases)
  func client(_ test: Case) throws {
    let session = try TestPolicy.session(
      """
      table :inline ["192.0.2.0/24"] :type "cidr" "our-mx";
      trusted_relays "table:our-mx";
      phase mail { rule "early" { log "${client.ip}"; } }
      phase headers {
        rule "who" { log "${client.ip} ${client.name}"; }
        rule "direct" { log "${client.direct_ip}${client.port}"; }
        rule "found" { if ip "client" "198.51.100.0/24" { log "yes"; } else { log "no"; } }
      }
      """)
    session.set(.clientIP, test.peer.utf8)
    session.set(.clientDirectIP, test.peer.utf8)
    session.set(.clientName, "peer.example".utf8)
    let header = (test.fields.map { "Received: \($0); now\r\n" } + ["Subject: s\r\n", "\r\n"])
      .joined()
    // Twice in one session: each message is told anew, and before it there is the peer again.
    for _ in 0..<2 {
      _ = session.mail("<ann@example.net>")
      _ = session.recipient("<bob@example.com>")
      _ = session.headers(Array(header.utf8))
      let log = session.decisions.log.map(\.text)
      #expect(log.first == test.peer)
      #expect("\(log[1]) \(log[3])" == test.expected)
      #expect(log[2].hasPrefix(test.peer))
      _ = session.endOfMessage(Array((header + "x\r\n").utf8))
      session.resetMessage()
    }
  }
}
