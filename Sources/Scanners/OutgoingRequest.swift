// A request as pieces to write. The message is never copied as a whole: a piece at a time goes out
// when the connection takes it.
internal import NIOCore

struct OutgoingRequest: Sendable {
  enum Framing: Sendable, Equatable {
    case plain
    /// Each piece behind its length in four bytes, the highest first; a length of 0 is the end
    /// (clamd(8), INSTREAM).
    case counted
    /// Each piece behind its length in hexadecimal, an empty one at the end (RFC 9112 §7.1).
    case chunked
  }

  static let pieceBytesMax = 65_536

  private let head: [UInt8]
  private let body: [UInt8]
  private let framing: Framing
  /// Bytes of the body that are written; nil before the head is.
  private var written: Int?
  private var isEnded = false

  init(_ head: [UInt8], body: [UInt8] = [], _ framing: Framing = .plain) {
    self.head = head
    self.body = body
    self.framing = framing
  }

  /// Nil at the end.
  mutating func next() -> ByteBuffer? {
    guard let start = written else {
      written = 0
      return ByteBuffer(bytes: head)
    }
    guard start < body.count else { return end() }
    let piece = body[start..<min(body.count, start + Self.pieceBytesMax)]
    written = piece.endIndex
    var buffer = ByteBuffer()
    buffer.reserveCapacity(piece.count + 16)
    switch framing {
    case .plain: buffer.writeBytes(piece)
    case .counted:
      buffer.writeInteger(UInt32(piece.count))
      buffer.writeBytes(piece)
    case .chunked:
      buffer.writeString(String(piece.count, radix: 16) + "\r\n")
      buffer.writeBytes(piece)
      buffer.writeString("\r\n")
    }
    return buffer
  }

  private mutating func end() -> ByteBuffer? {
    guard framing != .plain, !isEnded else { return nil }
    isEnded = true
    return framing == .counted ? ByteBuffer(integer: UInt32(0)) : ByteBuffer(string: "0\r\n\r\n")
  }
}
