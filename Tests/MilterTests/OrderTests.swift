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
    "E": packet("E"), "d": packet("D", "Ei\0Q1\0"), "A": packet("A"),
    "K": packet("K"), "U": packet("U", "XYZ\0"),
  ]

  /// What has come, and what may come next, where every step was agreed to be sent. Q may always. A
  /// message is ended by its end or by A, or before its content by a greeting or a MAIL; nothing is
  /// gone back to but from DATA to RCPT, and nothing jumped but DATA, which older versions do not
  /// have, the header and the body, which may be empty.
  static let table: [(before: String, next: String)] = [
    ("", "O"),
    ("O", "CDdK"),
    ("OC", "HMDdAKU"),
    ("OCH", "HMDdAKU"),
    ("OCM", "HMDRdAKU"),
    ("OCHM", "HMDRdAKU"),
    ("OCHMR", "HMDRTLNdAKU"),
    ("OCHMRT", "HMDRTLNdAKU"),
    ("OCHMRTL", "LNdAK"),
    ("OCHMRTLN", "BEdAK"),
    ("OCHMRTLNB", "BEdAK"),
    // Over: as if it had never been.
    ("OCHMRTLNBE", "HMDdAKU"),
    ("OCHMRTNE", "HMDdAKU"),
    ("OCHMRA", "HMDdAKU"),
    ("OCHMRTLNBA", "HMDdAKU"),
    // Another SMTP session begins, on what was negotiated.
    ("OCHMRK", "CDdK"),
    ("OCHMRKC", "HMDdAKU"),
  ]

  /// The same where the steps before the colon were agreed to be left out: they may be jumped.
  static let shortened: [(steps: ProtocolSteps, before: String, next: String)] = [
    (.noConnect, "O", "CHMDdAKU"),
    (.noConnect, "OK", "CHMDdAKU"),
    (.noConnect, "OHM", "HMDRdAKU"),
    (.noHELO, "OC", "HMDdAKU"),
    (.noRCPT, "OCHM", "HMDRTLNdAKU"),
    (.noEndOfHeaders, "OCHMR", "HMDRTLNBEdAKU"),
    (.noEndOfHeaders, "OCHMRTL", "LNBEdAK"),
    (.noHeaders, "OCHMRT", "HMDRTLNdAKU"),
    (.noBody, "OCHMRTLN", "BEdAK"),
    ([.noRCPT, .noHeaders, .noEndOfHeaders, .noBody], "OCHM", "HMDRTLNBEdAKU"),
  ]

  /// The same after a refusal at the last step: mail servers go on without A, for to them the
  /// message is over.
  static let refused: [(run: String, before: String, next: String)] = [
    ("connect", "OCHM", "HMRDdAKU"),
    ("helo x", "OCHM", "HMRDdAKU"),
    ("mail <a@b>", "OCHM", "HMRDdAKU"),
    ("rcpt <c@d>", "OCHMR", "HMDRTLNdAKU"),
    ("data", "OCHMRT", "HMRTLNDdAKU"),
    ("headers 8", "OCHMRTLN", "HMBEDdAKU"),
  ]

  /// A session whose policy asks for no more than what is not in `steps`, and refuses in `run`.
  private static func session(
    _ steps: ProtocolSteps, refusing run: String?
  ) -> (Session, RecordingTransport) {
    let lent = Lending(ScriptedEvaluation())
    if let run { lent.evaluation.outcomes[run] = .decided(.refuse(refusal("no"))) }
    let policy = SessionPolicy(needs: needs(without: steps)) { _ in lent.evaluation }
    let session = Session(
      policy: policy, limits: BridgeLimits(), identity: "test", log: quiet)
    let transport = RecordingTransport()
    session.transport = transport
    return (session, transport)
  }

  private static func needs(without steps: ProtocolSteps) -> NegotiationNeeds {
    var needs = NegotiationNeeds.everything
    if steps.contains(.noConnect) {
      needs.sent.remove(.connect)
      needs.verdicts.remove(.connect)
    }
    if steps.contains(.noHELO) {
      needs.sent.remove(.helo)
      needs.verdicts.subtract([.connect, .helo])
    }
    if steps.contains(.noRCPT) { needs.sent.remove(.recipient) }
    if steps.contains(.noBody) { needs.body = false }
    if !steps.isDisjoint(with: [.noHeaders, .noEndOfHeaders]) {
      (needs.header, needs.body) = (false, false)
    }
    return needs
  }

  /// How the connection ended, if it did. The mail server offers to leave `steps` out and no
  /// others.
  private static func end(
    after letters: String, steps: ProtocolSteps = [], refusing run: String? = nil
  ) throws -> SessionEnd? {
    let (session, transport) = session(steps, refusing: run)
    var decoder = PacketDecoder()
    for letter in letters {
      let bytes =
        letter == "O" ? offerPacket(steps: steps.rawValue) : packets[letter] ?? packet(letter)
      var input = ByteBuffer(bytes: bytes)
      while let command = try decoder.next(&input) { session.handle(command) }
    }
    return transport.end
  }

  private static func check(
    _ before: String, _ next: String, steps: ProtocolSteps = [], refusing run: String? = nil
  ) throws {
    for letter in packets.keys {
      let end = try end(after: before + String(letter), steps: steps, refusing: run)
      #expect((end == nil) == next.contains(letter), "\(letter) after '\(before)'")
      #expect(end == nil || end == .fault)
    }
    #expect(try end(after: before + "Q", steps: steps, refusing: run) == .quit)
  }

  @Test(arguments: table) func onlyWhatMayComeIsTaken(_ before: String, _ next: String) throws {
    try Self.check(before, next)
  }

  @Test(arguments: shortened)
  func whatWasLeftOutMayBeJumped(
    _ steps: ProtocolSteps, _ before: String, _ next: String
  ) throws {
    try Self.check(before, next, steps: steps)
  }

  @Test(arguments: refused)
  func whatWasRefusedIsOver(_ run: String, _ before: String, _ next: String) throws {
    try Self.check(before, next, refusing: run)
  }

  /// One line says what was wrong, and nothing is handled behind it.
  @Test func oneLineIsLogged() throws {
    let lines = LogLines()
    let policy = SessionPolicy(needs: .everything) { _ in ScriptedEvaluation() }
    let session = Session(
      policy: policy, limits: BridgeLimits(), identity: "s-1", log: lines.logger)
    let transport = RecordingTransport()
    session.transport = transport
    var decoder = PacketDecoder()
    var input = ByteBuffer(bytes: offerPacket(steps: 0) + packet("E") + packet("E") + packet("T"))
    while let command = try decoder.next(&input) { session.handle(command) }
    #expect(lines.all == ["connection closed: end of message out of order, after negotiated"])
    #expect(transport.end == .fault)
  }
}
