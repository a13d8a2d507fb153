// The session is strict about the order of commands; whether real mail servers keep that order is
// seen here: they are led through turns that clients make, with refusals at each step, and the
// daemon must never find a command out of its place.
import Foundation
import MailLab
import Testing

@Suite("Mail servers keep the order", .serialized)
struct ServerOrderTests {
  private static let policy = """
    require ["defang", "envelope", "variables"];
    phase helo { rule "helo" { if string :is "${helo}" "bad.example" { reject "At HELO"; } } }
    phase mail {
      rule "mail" { if envelope :localpart :is "from" "mail" { reject "At MAIL"; } }
      rule "drop" { if envelope :localpart :is "from" "drop" { discard; } }
    }
    phase rcpt { rule "rcpt" { if envelope :localpart :is "to" "rcpt" { reject "At RCPT"; } } }
    phase data { rule "data" { if envelope :localpart :is "from" "data" { reject "At DATA"; } } }
    phase headers {
      rule "headers" { if envelope :localpart :is "from" "headers" { tempfail "At header"; } }
    }
    phase eom {
      rule "eom" { if envelope :localpart :is "from" "eom" { reject "At end"; } }
      rule "gone" { discard; }
    }
    """

  private static let good = ["MAIL FROM:<ann@example.com>", "RCPT TO:<bob@example.org>"]

  /// `=message` sends one, `=part` half of one and hangs up.
  static let turns: [[String]] = [
    good + ["DATA", "=message"] + good + ["DATA", "=message", "QUIT"],
    ["EHLO again.example"] + good + ["EHLO again.example"] + good + ["HELO x.example"],
    ["EHLO bad.example"] + good + ["RSET"] + good + ["EHLO good.example"] + good,
    good + ["RSET", "RSET", "NOOP"] + good + ["XYZZY", "VRFY bob", "DATA", "=message"],
    good + ["MAIL FROM:<eve@example.com>", "HELP", "RSET"] + good,
    ["MAIL FROM:<mail@example.com>", "MAIL FROM:<mail@example.com>"] + good + ["DATA", "=message"],
    ["MAIL FROM:<mail@example.com>", "RCPT TO:<bob@example.org>", "DATA", "RSET"] + good,
    ["MAIL FROM:<mail@example.com>", "EHLO again.example"] + good + ["QUIT"],
    ["MAIL FROM:<drop@example.com>", "RCPT TO:<bob@example.org>", "RSET"] + good,
    ["MAIL FROM:<drop@example.com>", "RCPT TO:<bob@example.org>", "DATA", "=message"] + good,
    ["MAIL FROM:<ann@example.com>", "RCPT TO:<rcpt@example.org>", "DATA", "RSET"] + good,
    [
      "MAIL FROM:<ann@example.com>", "RCPT TO:<rcpt@example.org>", "XYZZY",
      "MAIL FROM:<a@b.example>",
    ],
    ["MAIL FROM:<ann@example.com>", "RCPT TO:<rcpt@example.org>", "EHLO again.example"] + good,
    ["MAIL FROM:<data@example.com>", "RCPT TO:<bob@example.org>", "DATA", "XYZZY"] + good,
    ["MAIL FROM:<data@example.com>", "RCPT TO:<bob@example.org>", "DATA", "RSET"] + good,
    ["MAIL FROM:<headers@example.com>", "RCPT TO:<bob@example.org>", "DATA", "=message"] + good,
    ["MAIL FROM:<headers@example.com>", "RCPT TO:<bob@example.org>", "DATA", "=message", "XYZZY"],
    ["MAIL FROM:<eom@example.com>", "RCPT TO:<bob@example.org>", "DATA", "=message"] + good
      + ["DATA", "=message"],
    [
      "MAIL FROM:<eom@example.com>", "RCPT TO:<bob@example.org>", "DATA", "=message",
      "EHLO x.example",
    ],
    good + ["DATA", "=part"], ["DATA", "RCPT TO:<bob@example.org>", "MAIL FROM:<>", "DATA"],
    ["MAIL FROM:<ann@example.com>", "=hang-up"], good + ["=hang-up"],
    ["XCLIENT ADDR=192.0.2.7 NAME=h.example", "EHLO again.example"] + good + ["DATA", "=message"],
  ]

  private static let message = Array("Subject: one\r\n\r\nHello\r\n".utf8)

  @Test("whatever a client does", arguments: MTAKind.allCases)
  func keepsOrder(kind: MTAKind) throws {
    let server = try MailServer(kind)
    defer { server.stop() }
    let daemon = try DaemonUnderTest(
      policy: Self.policy, frontEnd: .nio, trace: false, address: server.milterAddress)
    try daemon.start()
    for turn in Self.turns {
      do { try play(turn, on: server) } catch { Issue.record("\(turn): \(error)") }
      #expect(!daemon.log.contains("out of order"), "\(turn)\n\(daemon.log.suffix(400))")
    }
    #expect(daemon.terminate() == .code(0))
    #expect(!daemon.log.contains("out of order"), "\(daemon.log.suffix(2_000))")
  }

  private func play(_ turn: [String], on server: MailServer) throws {
    let client = try server.connect()
    try client.command("EHLO client.example.com")
    for line in turn {
      switch line {
      case "=message":
        try client.sendMessage(Self.message)
        _ = try client.readReply()
      case "=part": return try client.sendMessage(Self.message, finished: false)
      case "=hang-up": return
      default: try client.command(line)
      }
    }
  }
}
