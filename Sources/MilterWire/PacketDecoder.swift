// Bytes of the connection to commands, however the bytes are cut. Trusts nothing: a packet's
// announced length is compared with the limit and is otherwise only a number to count down; memory
// grows by what has come. Body bytes are handed on as they come and never gathered here.

package import NIOCore

package struct PacketDecoder {
  private let limits: WireLimits
  /// The beginning of a packet whose rest has not come, or the packet handed out last.
  private var partial = ByteBuffer()
  private var partialIsSpent = false
  private var isInsideBody = false
  private var bodyBytesLeft = 0

  private static let lengthBytes = 4
  /// A drained buffer larger than this is given back rather than kept by an idle session.
  private static let keptBytesMax = 4_096

  package init(limits: WireLimits = WireLimits()) { self.limits = limits }

  /// True while the rest of a packet is awaited: then the peer's time for it runs.
  package var isWithinPacket: Bool {
    isInsideBody || (!partialIsSpent && partial.readableBytes > 0)
  }

  /// The next command, nil when more bytes are needed. Consumes `input`.
  package mutating func next(_ input: inout ByteBuffer) throws(WireError) -> MilterCommand? {
    if partialIsSpent { dropPartial() }
    if isInsideBody { return nextBodyPiece(&input) }
    guard partial.readableBytes > 0 else { return try nextWhole(&input) }
    return try nextPieced(&input)
  }

  /// The common case: the packet lies whole in what was read; slices of it are handed out.
  private mutating func nextWhole(_ input: inout ByteBuffer) throws(WireError) -> MilterCommand? {
    guard let length = try packetLength(input) else {
      keep(&input, bytes: input.readableBytes)
      return nil
    }
    if input.isBodyPacket {
      input.moveReaderIndex(forwardBy: Self.lengthBytes + 1)
      return beginBody(bytes: length - 1, &input)
    }
    guard input.readableBytes >= Self.lengthBytes + length else {
      keep(&input, bytes: input.readableBytes)
      return nil
    }
    input.moveReaderIndex(forwardBy: Self.lengthBytes)
    // The guard above counted these bytes.
    guard let packet = input.readSlice(length: length) else { return nil }
    return try MilterCommand.decode(packet, limits: limits)
  }

  /// A packet that began in an earlier read: take just what completes it.
  private mutating func nextPieced(_ input: inout ByteBuffer) throws(WireError) -> MilterCommand? {
    let headBytes = Self.lengthBytes + 1
    keep(&input, bytes: min(headBytes - partial.readableBytes, input.readableBytes))
    guard let length = try packetLength(partial) else { return nil }
    if partial.isBodyPacket {
      dropPartial()
      return beginBody(bytes: length - 1, &input)
    }
    let missing = Self.lengthBytes + length - partial.readableBytes
    keep(&input, bytes: min(missing, input.readableBytes))
    guard partial.readableBytes == Self.lengthBytes + length else { return nil }
    var packet = partial
    packet.moveReaderIndex(forwardBy: Self.lengthBytes)
    partialIsSpent = true
    return try MilterCommand.decode(packet, limits: limits)
  }

  /// The announced length once it and the command letter are there, checked against the limit.
  private func packetLength(_ buffer: ByteBuffer) throws(WireError) -> Int? {
    guard let announced = buffer.getInteger(at: buffer.readerIndex, as: UInt32.self) else {
      return nil
    }
    let length = Int(announced)
    guard length > 0 else { throw .emptyPacket }
    guard length <= limits.packetBytesMax else {
      throw .packetTooLong(bytes: length, limitBytes: limits.packetBytesMax)
    }
    return buffer.readableBytes > Self.lengthBytes ? length : nil
  }

  private mutating func beginBody(bytes: Int, _ input: inout ByteBuffer) -> MilterCommand? {
    if bytes == 0 { return .body(ByteBuffer(), isLast: true) }
    isInsideBody = true
    bodyBytesLeft = bytes
    return nextBodyPiece(&input)
  }

  private mutating func nextBodyPiece(_ input: inout ByteBuffer) -> MilterCommand? {
    let count = min(bodyBytesLeft, input.readableBytes)
    guard count > 0, let piece = input.readSlice(length: count) else { return nil }
    bodyBytesLeft -= count
    isInsideBody = bodyBytesLeft > 0
    return .body(piece, isLast: !isInsideBody)
  }

  private mutating func keep(_ input: inout ByteBuffer, bytes: Int) {
    guard bytes > 0, var piece = input.readSlice(length: bytes) else { return }
    partial.writeBuffer(&piece)
  }

  private mutating func dropPartial() {
    partialIsSpent = false
    if partial.capacity > Self.keptBytesMax {
      partial = ByteBuffer()
    } else {
      partial.clear()
    }
  }
}

extension ByteBuffer {
  fileprivate var isBodyPacket: Bool {
    getInteger(at: readerIndex + 4, as: UInt8.self) == UInt8(ascii: "B")
  }
}
