// The order of the protocol as a table: which packet may come at which point of a connection. What
// may not ends the connection, which MTAs answer with 451.

import MilterBridge
import MilterWire
import NIOCore
import Testing

@Suite struct OrderTests {
  private static let packets: [Character: [UInt8]] = [
    "O": offerPacket(steps: 0), "D": packet("D", "Mi\0Q1\0"), "C": connectPacket,
    "H": packet("H", "x\0"), "M": packet("M", "<a@b>\0"), "R": packet("R", "<c@d>\0"),
    "T": packet("T"), "L": packet("L", "A\0b\0"), "N": packet("N"), "B": packet("B", "x"),
    "E": packet("E"), "A": packet("A"), "K": packet("K"), "U": packet("U", "XYZ\0"),
  ]

  /// What has come, and what may come next. Q may always. HELO and MAIL end a message that was not
  /// finished, as RSET does: after a refusal MTAs do not always say so. Steps may be left out
  /// forward, since MTAs leave out those that were negotiated away, and never be gone back.
  static let table: [(before: String, next: String)] = [
    ("", "O"),
    ("O", "OCHMDAKU"),
    ("OC", "HMDAKU"),
    ("OCH", "HMDAKU"),
    ("OCHM", "HMRTLNBEDAKU"),
    ("OCHMR", "HMRTLNBEDAKU"),
    ("OCHMRT", "HMTLNBEDAKU"),
    ("OCHMRTL", "HMLNBEDAKU"),
    ("OCHMRTLN", "HMBEDAKU"),
    ("OCHMRTLNB", "HMBEDAKU"),
    // Over: as if it had never been.
    ("OCHMRTLNBE", "HMDAKU"),
    ("OCHMRA", "HMDAKU"),
    // Another SMTP session begins, on what was negotiated.
    ("OCHMRK", "OCHMDAKU"),
  ]

  private static func session() -> (Session, RecordingTransport) {
    let lent = Lending(ScriptedEvaluation())
    let policy = SessionPolicy(needs: .everything) { _ in lent.evaluation }
    let session = Session(
      policy: policy, limits: BridgeLimits(), identity: "test", log: quiet)
    let transport = RecordingTransport()
    session.transport = transport
    return (session, transport)
  }

  /// How the connection ended, if it did.
  private static func end(after letters: String) throws -> SessionEnd? {
    let (session, transport) = session()
    var decoder = PacketDecoder()
    for letter in letters {
      var input = ByteBuffer(bytes: packets[letter] ?? packet(letter))
      while let command = try decoder.next(&input) { session.handle(command) }
    }
    return transport.end
  }

  @Test(arguments: table) func onlyWhatMayComeIsTaken(_ before: String, _ next: String) throws {
    for letter in Self.packets.keys {
      let end = try Self.end(after: before + String(letter))
      #expect((end == nil) == next.contains(letter), "\(letter) after '\(before)'")
      #expect(end == nil || end == .fault)
    }
    #expect(try Self.end(after: before + "Q") == .quit)
  }
}
