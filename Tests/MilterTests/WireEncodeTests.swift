// What we send: packets byte for byte, and text and names that come from mail made harmless.

import MilterWire
import NIOCore
import Testing

@Suite struct WireEncodeTests {
  static func bytes(_ reply: MilterReply) -> [UInt8] {
    var buffer = ByteBuffer()
    buffer.writeReply(reply)
    return Array(buffer.readableBytesView)
  }

  static let goldens: [(MilterReply, [UInt8])] = [
    (.proceed, packet("c")), (.accept, packet("a")), (.reject, packet("r")),
    (.tempfail, packet("t")), (.discard, packet("d")), (.skip, packet("s")),
    (.progress, packet("p")),
    (
      .refuse(.refusal(permanent: true, code: "554", enhanced: "5.7.9", text: "no")),
      packet("y", "554 5.7.9 no\0")
    ),
    (
      .refuse(.refusal(permanent: false, text: "a\r\nb\nc\rd\r\n")),
      packet("y", "451-4.7.1 a\r\n451-4.7.1 b\r\n451-4.7.1 c\r\n451 4.7.1 d\0")
    ),
    (.modification(.addHeader(name: "X", value: [97, 10, 32, 98])), packet("h", "X\0a\n b\0")),
    (
      .modification(.insertHeader(index: 3, name: "X", value: [98])),
      packet("i", integer(3) + Array("X\0b\0".utf8))
    ),
    (
      .modification(.changeHeader(name: "X", occurrence: 2, value: [])),
      packet("m", integer(2) + Array("X\0\0".utf8))
    ),
    (.modification(.replaceBody([120])), packet("b", "x")),
    (.modification(.addRecipient("<a@b>", arguments: "")), packet("+", "<a@b>\0")),
    (
      .modification(.addRecipient("<a@b>", arguments: "NOTIFY=NEVER")),
      packet("2", "<a@b>\0NOTIFY=NEVER\0")
    ),
    (.modification(.deleteRecipient("<a@b>")), packet("-", "<a@b>\0")),
    (.modification(.changeSender("<a@b>", arguments: "")), packet("e", "<a@b>\0")),
    (.modification(.quarantine(reason: "why")), packet("q", "why\0")),
  ]

  @Test(arguments: goldens) func writes(_ reply: MilterReply, _ expected: [UInt8]) {
    #expect(Self.bytes(reply) == expected)
  }

  @Test func negotiation() {
    let answer = NegotiationAnswer(
      offer: NegotiationOffer(version: 9, actions: .all, steps: [.skip, .noBody]),
      actions: [.addHeaders], steps: [.skip, .noHELO],
      macroLists: [.mail: ["i", "{auth_type}"], .connect: []])
    let expected =
      integer(6) + integer(0x101) + integer(0x400) + integer(0) + [0] + integer(2)
      + Array("i {auth_type}\0".utf8)
    #expect(Self.bytes(.negotiated(answer)) == packet("O", expected))
  }

  /// An old MTA has no macro lists: none are sent, and the right to is not claimed.
  @Test func negotiationWithOldMTA() {
    let answer = NegotiationAnswer(
      offer: NegotiationOffer(version: 2, actions: [.addHeaders], steps: [.noBody]),
      actions: .all, steps: .all, macroLists: [.mail: ["i"]])
    #expect(
      Self.bytes(.negotiated(answer)) == packet("O", integer(2) + integer(1) + integer(0x10)))
  }

  static let chunks: [(Int, [Int])] = [
    (65_535, [65_535]), (65_536, [65_535, 1]), (140_000, [65_535, 65_535, 8_930]),
  ]

  @Test(arguments: chunks)
  func bodyChunks(_ count: Int, _ expected: [Int]) throws {
    let body = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
    var sent = ByteBuffer(bytes: Self.bytes(.modification(.replaceBody(body))))
    var sizes: [Int] = []
    var together: [UInt8] = []
    while let length = sent.readInteger(as: UInt32.self) {
      let letter = sent.readInteger(as: UInt8.self)
      let data = sent.readBytes(length: Int(length) - 1)
      #expect(letter == UInt8(ascii: "b"))
      let chunk = try #require(data)
      sizes.append(chunk.count)
      together += chunk
    }
    #expect(sizes == expected)
    #expect(together == body)
  }
}

@Suite struct SMTPReplyTests {
  static let codes: [(Bool, String, String, String)] = [
    (true, "", "", "550 5.7.1"), (false, "", "", "451 4.7.1"),
    (true, "554", "5.6.0", "554 5.6.0"), (false, "421", "4.3.2", "421 4.3.2"),
    (true, "451", "4.7.1", "550 5.7.1"), (false, "550", "5.7.1", "451 4.7.1"),
    (true, "250", "2.0.0", "550 5.7.1"), (true, "5500", "5.7", "550 5.7.1"),
    (true, "55a", "5.7.1111", "550 5.7.1"), (true, "560", "5.7.x", "550 5.7.1"),
    (true, "550", "5.12.345", "550 5.12.345"), (true, "５５０", "5..1", "550 5.7.1"),
  ]

  @Test(arguments: codes)
  func classAgrees(_ permanent: Bool, _ code: String, _ enhanced: String, _ expected: String) {
    let reply = SMTPReply.refusal(permanent: permanent, code: code, enhanced: enhanced, text: "")
    #expect("\(reply.code) \(reply.enhanced)" == expected)
    #expect(reply.isPermanent == permanent)
  }

  static let texts: [(String, [String])] = [
    ("", [""]), ("plain", ["plain"]), ("50% off", ["50%% off"]),
    ("a\nb", ["a", "b"]), ("a\r\n\r\nb\n", ["a", "", "b"]), ("tab\there", ["tab here"]),
    ("nul\0esc\u{1B}", ["nul?esc?"]), ("\u{E9}t\u{E9}", ["??t??"]), ("del\u{7F}", ["del?"]),
  ]

  @Test(arguments: texts) func textIsHarmless(_ given: String, _ expected: [String]) {
    #expect(refusal(given).wireLines.map(text) == expected)
  }

  /// "550-5.7.1 " and CRLF are 12 of the 512 bytes.
  @Test func lineLimit() {
    #expect(refusal(String(repeating: "x", count: 500)).wireLines.map(\.count) == [500])
    #expect(refusal(String(repeating: "x", count: 501)).wireLines.map(\.count) == [500, 1])
    #expect(refusal(String(repeating: "%", count: 251)).wireLines.map(\.count) == [500, 2])
  }

  @Test func longLinesBreakAtBlanks() {
    let words = Array(repeating: "abcdefghi", count: 100).joined(separator: " ")
    let lines = refusal(words).wireLines.map(text)
    #expect(lines.joined(separator: " ") == words)
    #expect(lines.allSatisfy { $0.utf8.count <= 500 })
  }

  @Test func lineCountLimit() {
    let lines = { (count: Int) in Array(repeating: "x", count: count).joined(separator: "\n") }
    #expect(refusal(lines(32)).wireLines.count == 32)
    #expect(refusal(lines(33)).wireLines.count == 32)
  }
}

@Suite struct ModificationTests {
  static let values: [(String, String)] = [
    ("plain", "plain"), ("a\r\n b", "a\n b"), ("a\n\tb", "a\n\tb"),
    ("a\r\nX-Forged: yes", "a X-Forged: yes"), ("a\nb", "a b"), ("a\rb", "a b"),
    ("a\0b", "a b"), ("end\r\n", "end "), ("\r\n", " "),
  ]

  @Test(arguments: values) func valuesAreClean(_ given: String, _ expected: String) throws {
    let change = Modification.addHeader(name: "X", value: Array(given.utf8))
    let sent = try change.checked(actions: .all, steps: [])
    #expect(sent == .addHeader(name: "X", value: Array(expected.utf8)))
  }

  /// With leading space negotiated the MTA adds none; deleting stays deleting.
  @Test func leadingSpace() throws {
    let steps: ProtocolSteps = [.headerLeadingSpace]
    let add = { (value: String) in
      try Modification.addHeader(name: "X", value: Array(value.utf8))
        .checked(actions: .all, steps: steps)
    }
    #expect(try add("v") == .addHeader(name: "X", value: Array(" v".utf8)))
    #expect(try add("\tv") == .addHeader(name: "X", value: Array("\tv".utf8)))
    #expect(try add("\r\n v") == .addHeader(name: "X", value: Array("\n v".utf8)))
    let delete = Modification.changeHeader(name: "X", occurrence: 1, value: [])
    #expect(try delete.checked(actions: .all, steps: steps) == delete)
  }

  static let faults: [(Modification, WireError)] = [
    (.addHeader(name: "", value: []), .badHeaderName("")),
    (.addHeader(name: "X\r\nY", value: []), .badHeaderName("X\r\nY")),
    (.insertHeader(index: 0, name: "X:", value: []), .badHeaderName("X:")),
    (.changeHeader(name: "X Y", occurrence: 1, value: []), .badHeaderName("X Y")),
    (.insertHeader(index: -1, name: "X", value: []), .badHeaderIndex(-1)),
    (.changeHeader(name: "X", occurrence: 0, value: []), .badHeaderIndex(0)),
    (.addRecipient("<a@b>\r\n", arguments: ""), .badAddress),
    (.addRecipient("<a@b>", arguments: "X\0"), .badAddress),
    (.deleteRecipient(""), .badAddress),
    (.changeSender("<\u{7F}>", arguments: ""), .badAddress),
  ]

  @Test(arguments: faults) func refused(_ change: Modification, _ expected: WireError) {
    #expect(throws: expected) { try change.checked(actions: .all, steps: []) }
  }

  @Test func sizeLimit() throws {
    let most = WireLimits.replyDataBytesMax - 7
    let fits = Modification.addHeader(name: "X", value: Array(repeating: 97, count: most))
    #expect(try fits.checked(actions: .all, steps: []) == fits)
    let over = Modification.addHeader(name: "X", value: Array(repeating: 97, count: most + 1))
    #expect(throws: WireError.changeTooLong(bytes: 65_536, limitBytes: 65_535)) {
      try over.checked(actions: .all, steps: [])
    }
  }

  @Test func onlyWhatWasNegotiated() {
    #expect(throws: WireError.actionNotNegotiated(.changeBody)) {
      try Modification.replaceBody([1]).checked(actions: [.addHeaders], steps: [])
    }
    #expect(throws: WireError.actionNotNegotiated(.addRecipientsWithArguments)) {
      try Modification.addRecipient("<a@b>", arguments: "X").checked(
        actions: [.addRecipients], steps: [])
    }
  }

  @Test func emptyBodyIsAnEmptyLine() throws {
    let sent = try Modification.replaceBody([]).checked(actions: .all, steps: [])
    #expect(sent == .replaceBody([13, 10]))
  }
}
