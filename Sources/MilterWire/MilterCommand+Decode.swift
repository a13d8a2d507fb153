// One whole packet (without its length) to one command. Strict: a packet that is shorter or longer
// than its fields is refused, as libmilter refuses it; nothing is repaired by guessing.

package import NIOCore

extension MilterCommand {
  /// Decodes a packet of at least one byte. Body packets do not come here (`PacketDecoder`).
  package static func decode(
    _ packet: ByteBuffer, limits: WireLimits
  ) throws(WireError) -> MilterCommand {
    var data = packet
    guard let letter = data.readInteger(as: UInt8.self) else { throw .emptyPacket }
    switch letter {
    case UInt8(ascii: "L"): return try header(&data)
    case UInt8(ascii: "D"): return try macros(&data)
    case UInt8(ascii: "C"): return try connect(&data)
    case UInt8(ascii: "H"): return .helo(try string(&data, letter))
    case UInt8(ascii: "M"): return .mail(try words(data, letter, limits))
    case UInt8(ascii: "R"): return .recipient(try words(data, letter, limits))
    case UInt8(ascii: "U"): return .unknown(try string(&data, letter))
    case UInt8(ascii: "O"): return .negotiate(try offer(&data))
    case UInt8(ascii: "B"): return .body(data, isLast: true)
    case UInt8(ascii: "T"): return try bare(.data, data, letter)
    case UInt8(ascii: "N"): return try bare(.endOfHeaders, data, letter)
    case UInt8(ascii: "E"): return try bare(.endOfBody, data, letter)
    case UInt8(ascii: "A"): return try bare(.abort, data, letter)
    case UInt8(ascii: "Q"): return try bare(.quit, data, letter)
    case UInt8(ascii: "K"): return try bare(.quitNewConnection, data, letter)
    default: throw .unknownCommand(letter)
    }
  }

  private static func bare(
    _ command: MilterCommand, _ data: ByteBuffer, _ letter: UInt8
  ) throws(WireError) -> MilterCommand {
    guard data.readableBytes == 0 else { throw .trailingBytes(command: letter) }
    return command
  }

  /// Reads up to the next NUL and over it.
  private static func field(
    _ data: inout ByteBuffer, _ letter: UInt8
  ) throws(WireError) -> ByteBuffer {
    guard let end = data.readableBytesUInt8Span.firstIndexOfNUL,
      let text = data.readSlice(length: end)
    else { throw .truncated(command: letter) }
    data.moveReaderIndex(forwardBy: 1)
    return text
  }

  /// A packet that is one string.
  private static func string(
    _ data: inout ByteBuffer, _ letter: UInt8
  ) throws(WireError) -> ByteBuffer {
    let text = try field(&data, letter)
    guard data.readableBytes == 0 else { throw .trailingBytes(command: letter) }
    return text
  }

  private static func header(_ data: inout ByteBuffer) throws(WireError) -> MilterCommand {
    let letter = UInt8(ascii: "L")
    let name = try field(&data, letter)
    return .header(name: name, value: try string(&data, letter))
  }

  /// Strings, at least one, each ended by NUL.
  private static func words(
    _ data: ByteBuffer, _ letter: UInt8, _ limits: WireLimits
  ) throws(WireError) -> StringList {
    let span = data.readableBytesUInt8Span
    guard span.count > 0, span[span.count - 1] == 0 else { throw .truncated(command: letter) }
    var count = 0
    for index in span.indices where span[index] == 0 { count += 1 }
    guard count <= limits.argumentsMax else { throw .tooManyArguments(limit: limits.argumentsMax) }
    return StringList(data)
  }

  private static func macros(_ data: inout ByteBuffer) throws(WireError) -> MilterCommand {
    let letter = UInt8(ascii: "D")
    guard let command = data.readInteger(as: UInt8.self) else {
      throw .truncated(command: letter)
    }
    guard let stage = MacroStage(commandLetter: command) else {
      throw .unknownMacroStage(command)
    }
    let span = data.readableBytesUInt8Span
    var count = 0
    for index in span.indices where span[index] == 0 { count += 1 }
    let isEnded = span.count == 0 || span[span.count - 1] == 0
    guard isEnded, count.isMultiple(of: 2) else { throw .truncated(command: letter) }
    return .macros(stage, StringList(data))
  }

  private static func connect(_ data: inout ByteBuffer) throws(WireError) -> MilterCommand {
    let letter = UInt8(ascii: "C")
    let host = try field(&data, letter)
    guard let code = data.readInteger(as: UInt8.self) else { throw .truncated(command: letter) }
    guard let family = AddressFamily(rawValue: code) else { throw .unknownAddressFamily(code) }
    var facts = ConnectFacts(
      hostName: Array(host.readableBytesView), family: family, address: [], port: 0)
    // MTAs send nothing, or an empty port and address, after "unknown".
    if family == .unknown { return .connect(facts) }
    guard let port = data.readInteger(as: UInt16.self) else { throw .truncated(command: letter) }
    facts.port = port
    facts.address = ConnectFacts.plainAddress(Array(try string(&data, letter).readableBytesView))
    return .connect(facts)
  }

  private static func offer(_ data: inout ByteBuffer) throws(WireError) -> NegotiationOffer {
    guard
      let (version, actions, steps) = data.readMultipleIntegers(
        as: (UInt32, UInt32, UInt32).self)
    else { throw .truncated(command: UInt8(ascii: "O")) }
    guard version >= MilterProtocol.oldestVersion else { throw .unsupportedVersion(version) }
    return NegotiationOffer(
      version: version, actions: ProtocolActions(rawValue: actions),
      steps: ProtocolSteps(rawValue: steps))
  }
}

extension ConnectFacts {
  /// sendmail writes IPv6 addresses as RFC 5321 §4.1.3 literals, with the tag "IPv6:".
  package static func plainAddress(_ text: [UInt8]) -> [UInt8] {
    let tag = Array("ipv6:".utf8)
    guard text.count > tag.count else { return text }
    let isTagged = zip(text, tag).allSatisfy { byte, expected in
      byte == expected || (byte | 0x20 == expected && expected != UInt8(ascii: ":"))
    }
    return isTagged ? Array(text[tag.count...]) : text
  }
}
