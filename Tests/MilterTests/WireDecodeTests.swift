// The packet grammar: what is right is read, what is wrong is named, and cuts make no difference.

import MilterWire
import NIOCore
import Testing

@Suite struct WireDecodeTests {
  static let goldens: [([UInt8], String)] = [
    (offerPacket(), "O 6 1ff 1fffff"),
    (packet("O", integer(2) + integer(0x3F) + integer(0x7F) + [1, 2]), "O 2 3f 7f"),
    (packet("D", "Ci\0AB\0{x}\0\0"), #"D connect ["i", "AB", "{x}", ""]"#),
    (packet("D", "E"), "D endOfMessage []"),
    (packet("D", "Lx\0y\0"), #"D other ["x", "y"]"#),
    (connectPacket, "C host.example inet 192.0.2.1 12345"),
    (
      packet("C", Array("h\0".utf8) + [0x36, 0, 25] + Array("IPv6:2001:db8::1\0".utf8)),
      "C h inet6 2001:db8::1 25"
    ),
    (packet("C", Array("h\0".utf8) + [0x4C, 0, 0] + Array("/run/s\0".utf8)), "C h unix /run/s 0"),
    (packet("C", "h\0U"), "C h unknown  0"),
    (packet("H", "mx.example\0"), "H mx.example"),
    (packet("M", "<a@b>\0SIZE=1\0"), #"M ["<a@b>", "SIZE=1"]"#),
    (packet("R", "<>\0"), #"R ["<>"]"#),
    (packet("T"), "data"), (packet("N"), "endOfHeaders"), (packet("E"), "endOfBody"),
    (packet("A"), "abort"), (packet("Q"), "quit"), (packet("K"), "quitNewConnection"),
    (packet("L", "Subject\0 a\n b\0"), "L Subject: a\n b"),
    (packet("L", "X\0\0"), "L X:"),
    (packet("B", "body"), "B body"), (packet("B"), "B "),
    (packet("U", "XYZ 1\0"), "U XYZ 1"),
  ]

  @Test(arguments: goldens) func reads(_ bytes: [UInt8], _ expected: String) throws {
    #expect(try decodeAll(bytes) == [expected])
  }

  static let faults: [([UInt8], WireError)] = [
    ([0, 0, 0, 0], .emptyPacket),
    ([0x80, 0, 0, 0], .packetTooLong(bytes: 1 << 31, limitBytes: 1_048_577)),
    ([0xFF, 0xFF, 0xFF, 0xFF, 0x42], .packetTooLong(bytes: 0xFFFF_FFFF, limitBytes: 1_048_577)),
    (packet("z"), .unknownCommand(0x7A)),
    (packet("\0"), .unknownCommand(0)),
    (packet("O", integer(6) + integer(0) + [0, 0, 0]), .truncated(command: 0x4F)),
    (packet("O", integer(1) + integer(0) + integer(0)), .unsupportedVersion(1)),
    (packet("D"), .truncated(command: 0x44)),
    (packet("D", "Cname\0"), .truncated(command: 0x44)),
    (packet("D", "Cname\0value"), .truncated(command: 0x44)),
    (packet("D", "zname\0value\0"), .unknownMacroStage(0x7A)),
    (packet("C", "host"), .truncated(command: 0x43)),
    (packet("C", "host\0"), .truncated(command: 0x43)),
    (packet("C", "host\0" + "9"), .unknownAddressFamily(0x39)),
    (packet("C", Array("host\0".utf8) + [0x34, 0]), .truncated(command: 0x43)),
    (packet("C", Array("host\0".utf8) + [0x34, 0, 1, 0x31]), .truncated(command: 0x43)),
    (packet("C", Array("h\0".utf8) + [0x34, 0, 1, 0x31, 0, 0]), .trailingBytes(command: 0x43)),
    (packet("H", "name"), .truncated(command: 0x48)),
    (packet("H", "name\0more"), .trailingBytes(command: 0x48)),
    (packet("M"), .truncated(command: 0x4D)),
    (packet("R", "<a@b>"), .truncated(command: 0x52)),
    (packet("L", "Subject\0value"), .truncated(command: 0x4C)),
    (packet("L", "Subject\0value\0\0"), .trailingBytes(command: 0x4C)),
    (packet("T", "x"), .trailingBytes(command: 0x54)),
    (packet("E", "x"), .trailingBytes(command: 0x45)),
  ]

  @Test(arguments: faults) func refuses(_ bytes: [UInt8], _ expected: WireError) {
    #expect(throws: expected) { try decodeAll(bytes) }
    #expect(throws: expected) { try decodeAll(bytes, chunk: 1) }
  }

  @Test(arguments: [1, 3, 7, 4_096]) func cutsMakeNoDifference(_ chunk: Int) throws {
    let body = String(repeating: "0123456789abcdef\r\n", count: 4_000)
    let stream =
      offerPacket() + connectPacket + packet("H", "x\0") + messagePackets(body: body)
      + packet("B") + messagePackets() + packet("Q")
    #expect(try decodeAll(stream, chunk: chunk) == decodeAll(stream))
  }

  @Test func packetLimit() throws {
    var limits = WireLimits()
    limits.packetBytesMax = 10
    #expect(try decodeAll(packet("H", "12345678\0"), limits: limits) == ["H 12345678"])
    #expect(throws: WireError.packetTooLong(bytes: 11, limitBytes: 10)) {
      try decodeAll(packet("H", "123456789\0"), limits: limits)
    }
    #expect(try decodeAll(packet("B", "123456789"), limits: limits) == ["B 123456789"])
    #expect(throws: WireError.packetTooLong(bytes: 11, limitBytes: 10)) {
      try decodeAll(packet("B", "1234567890"), limits: limits)
    }
  }

  @Test func argumentLimit() throws {
    var limits = WireLimits()
    limits.argumentsMax = 2
    #expect(try decodeAll(packet("M", "a\0b\0"), limits: limits) == [#"M ["a", "b"]"#])
    #expect(throws: WireError.tooManyArguments(limit: 2)) {
      try decodeAll(packet("M", "a\0b\0c\0"), limits: limits)
    }
  }

  /// A byte of a body is handed on when it comes, so that nothing of a packet's announced size is
  /// ever held.
  @Test func bodyComesInPieces() throws {
    var decoder = PacketDecoder()
    var first = ByteBuffer(bytes: packet("B", "abcdef").prefix(8))
    #expect(try decoder.next(&first) == .body(ByteBuffer(string: "abc"), isLast: false))
    #expect(decoder.isWithinPacket)
    #expect(try decoder.next(&first) == nil)
    var rest = ByteBuffer(string: "def")
    #expect(try decoder.next(&rest) == .body(ByteBuffer(string: "def"), isLast: true))
    #expect(!decoder.isWithinPacket)
  }

  @Test func pairsOfMacros() {
    var pairs: [String] = []
    StringList(ByteBuffer(string: "i\0Q1\0{a}\0\0")).forEachPair { name, value in
      pairs.append("\(name.count)=\(value.count)")
    }
    #expect(pairs == ["1=2", "3=0"])
  }
}
