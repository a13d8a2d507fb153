// Of a message that is over nothing may show in the next, nor of an SMTP session in the next on the
// same connection: a canary is put into every field of the first, which is cut off behind each of
// its packets, and then the second must be answered as in a fresh session. And macros that are
// missing, doubled or far too long are no more than words.

import MilterBridge
import MilterWire
import NIOCore
import Testing

@Suite struct CanaryTests {
  /// Tells all it knows, remembers what it can, and refuses what it saw before.
  private static let rules = """
    phase helo {
      rule "h" { if string :contains "${helo}" "canary" { set :session "seen" "${helo}"; } }
    }
    phase mail { rule "m" { set :message "kept" "${sender} ${auth.user}"; } }
    phase rcpt {
      rule "r" {
        if string :contains "${rcpt}" "refused" { reject "no"; }
        set :message "whom" "${rcpt}";
      }
    }
    phase headers { rule "l" { if header :contains "subject" "canary" { score "5" "SEEN"; } } }
    phase eom {
      rule "e" {
        addheader "X-E" "${kept}|${whom}|${queue.id}|${auth.user}|${rcpt.count}|${score}|${seen}";
        addheader "X-F" "${helo}|${tls.version}|${subject}|${message.size}|${client.ip}";
      }
      rule "b" { if body :contains "canary" { addheader "X-B" "b"; } }
    }
    """

  private static func message(_ word: String) -> [[UInt8]] {
    [
      packet("D", "Mi\0Q\(word)\0{auth_authen}\0login-\(word)\0"),
      packet("M", "<\(word)@example.net>\0SIZE=100\0"),
      packet("D", "R{rcpt_addr}\0\(word)@example.com\0"), packet("R", "<\(word)@example.com>\0"),
      packet("R", "<refused-\(word)@example.com>\0"), packet("T"),
      packet("L", "Subject\0\(word)\0"), packet("L", "X-\(word)\0\(word)\0"), packet("N"),
      packet("B", "\(word)\r\n"), packet("B", "more \(word)\r\n"), packet("D", "Ei\0Q\(word)\0"),
      packet("E"),
    ]
  }

  private static let second = message("second").flatMap { $0 }
  private static let canary = message("canary")

  /// How a message is cut off, and what goes before the next.
  private static let cuts: [(String, [UInt8])] = [
    ("abort", packet("A")),
    ("new connection", packet("K") + connectPacket + packet("H", "x\0")),
  ]

  private static let fresh = Result { try PolicyBench(rules).say(second) }

  @Test(arguments: cuts, 1...13)
  func nothingOutlivesItsMessage(_ cut: (String, [UInt8]), _ packets: Int) throws {
    let bench = try PolicyBench(Self.rules)
    for packet in Self.canary.prefix(packets) { _ = try bench.say(packet) }
    _ = try bench.say(cut.1)
    let replies = try bench.say(Self.second)
    #expect(replies == (try Self.fresh.get()), "after \(packets) packets and \(cut.0)")
    #expect(!replies.joined().contains(Self.asBytes("canary")))
  }

  /// A HELO belongs to the SMTP session, and goes with it.
  @Test func nothingOutlivesItsSession() throws {
    let bench = try PolicyBench(Self.rules)
    _ = try bench.say(packet("D", "H{tls_version}\0canary\0") + packet("H", "canary.example\0"))
    _ = try bench.say(packet("K") + connectPacket + packet("H", "x\0"))
    #expect(try bench.say(Self.second) == (try Self.fresh.get()))
  }

  @Test func manyMessagesInARow() throws {
    let bench = try PolicyBench(Self.rules)
    for _ in 0..<100 {
      _ = try bench.say(Self.canary.flatMap { $0 })
      #expect(try bench.say(Self.second) == (try Self.fresh.get()))
    }
  }

  @Test func theSecondIsAnsweredAtAll() throws {
    let replies = try Self.fresh.get()
    #expect(
      replies.contains {
        $0.contains("X-E") && $0.contains(Self.asBytes("|Qsecond|login-second|1|"))
      })
  }

  /// As changes of a header print their value.
  private static func asBytes(_ text: String) -> String {
    text.utf8.map(String.init).joined(separator: ", ")
  }

  // MARK: Macros

  private static let huge = String(repeating: "m", count: 65_536)

  /// Before MAIL, and what the header then says of queue id and login.
  static let macros: [([UInt8], String)] = [
    ([], "|"), (packet("D", "M"), "|"), (packet("D", "Mi\0\0{auth_authen}\0\0"), "|"),
    (packet("D", "M\0\0\0x\0"), "|"),
    (packet("D", "Mi\0Q1\0i\0Q2\0"), "Q2|"),
    (packet("D", "Mi\0Q1\0") + packet("D", "Mi\0Q2\0"), "Q2|"),
    (packet("D", "Mi\0Q1\0{auth_authen}\0\u{1}\u{2}\0"), "Q1|"),
    (packet("D", "C{auth_authen}\0early\0"), "|early"),
  ]

  private static func change(_ value: String) -> [String] {
    [
      "\(Modification.insertHeader(index: 0, name: "X", value: Array(value.utf8)))", "proceed",
    ]
  }

  private static let reading =
    "phase eom { rule \"r\" { addheader \"X\" \"${queue.id}|${auth.user}\"; } }"

  @Test(arguments: macros) func macrosAreOnlyWords(_ bytes: [UInt8], _ value: String) throws {
    let bench = try PolicyBench(Self.reading)
    let rest = messagePackets().dropFirst(packet("D", "Mi\0QUEUE1\0").count)
    let replies = try bench.say(bytes + rest)
    #expect(replies.suffix(2) == Self.change(value), "\(replies)")
  }

  @Test func aHugeMacroIsCutOrRefusedAndForgotten() throws {
    let bench = try PolicyBench(Self.reading)
    let rest = Array(messagePackets().dropFirst(packet("D", "Mi\0QUEUE1\0").count))
    let replies = try bench.say(packet("D", "M{auth_authen}\0\(Self.huge)\0") + rest)
    #expect(replies.last == "proceed" || replies.last?.hasPrefix("refuse 451") == true)
    #expect(try bench.say(messagePackets()).suffix(2) == Self.change("QUEUE1|"))
  }

  /// A NUL ends a name or a value, so one inside of a value leaves a name without a value.
  @Test func aNULParts() throws {
    let bench = try PolicyBench(Self.reading)
    #expect(throws: WireError.truncated(command: UInt8(ascii: "D"))) {
      try bench.say(packet("D", "Mi\0Q\01\0"))
    }
  }
}
