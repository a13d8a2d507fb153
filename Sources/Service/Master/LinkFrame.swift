// What master and worker say to each other over a pair of sockets: frames of a length, a kind, a
// number and bytes. Both ends are this program, of the same build; a frame that makes no sense ends
// the link, which ends the worker.
internal import NIOCore

struct LinkFrame: Equatable, Sendable {
  enum Kind: UInt8, CaseIterable, Sendable {
    // From the master.
    /// The first: how to run, as JSON.
    case settings
    /// An image to take as the policy; answered by `taken` with its number.
    case policy
    /// Marks of what was in hand when workers died.
    case suspects
    /// Take connections; answered by `serving`, and by `quiet` when it takes no more.
    case serve
    /// Send what waits, remove what is past its time, run what runs by the clock.
    case keepHouse
    /// A reload was refused before it came to a worker: for the figures.
    case refused
    /// A second policy to compare with, behind its share and a line end; none if empty. Answered by
    /// `answer` as `taken` says it.
    case shadow
    /// The log's level and whose mail is traced, as JSON.
    case tune
    /// No new connections; the bytes are the seconds for messages in hand, with the number
    /// `replaced` for sessions. The worker ends.
    case drain
    /// Answered by `pong` when every event loop has turned.
    case ping
    /// A question of the control socket, its verb; answered by `answer` with a line of JSON.
    case ask
    /// An image that might be taken; answered by `answer` as `taken` says it.
    case examine
    // From the worker.
    /// Empty bytes: the policy is live. Else an exit code, a line end, and why not.
    case taken
    case serving
    /// It ends, and takes no connections any more.
    case quiet
    case pong
    case answer
    /// The mark of a suspect whose run ended well.
    case cleared
    /// What went on in one second, as JSON.
    case pulse
  }

  var kind: Kind
  var number: UInt64 = 0
  var bytes: [UInt8] = []

  /// An image is the largest; the kind and the number come on top.
  static let bytesMax = 128 << 20
  private static let headBytes = 9

  /// Of `drain`: another worker serves.
  static let replaced: UInt64 = 1

  enum Problem: Error, Equatable {
    case length(Int)
    case kind(UInt8)
  }

  func write(to buffer: inout ByteBuffer) {
    buffer.reserveCapacity(minimumWritableBytes: 4 + Self.headBytes + bytes.count)
    buffer.writeInteger(UInt32(Self.headBytes + bytes.count))
    buffer.writeInteger(kind.rawValue)
    buffer.writeInteger(number)
    buffer.writeBytes(bytes)
  }

  /// The next frame; nil when it is not whole yet.
  static func take(from buffer: inout ByteBuffer) throws(Problem) -> LinkFrame? {
    guard let length = buffer.getInteger(at: buffer.readerIndex, as: UInt32.self) else {
      return nil
    }
    let count = Int(length) - headBytes
    guard (0...bytesMax).contains(count) else { throw .length(Int(length)) }
    guard buffer.readableBytes >= 4 + Int(length) else { return nil }
    buffer.moveReaderIndex(forwardBy: 4)
    // All of it is there.
    let raw = buffer.readInteger(as: UInt8.self) ?? .max
    let number = buffer.readInteger(as: UInt64.self) ?? 0
    let bytes = buffer.readBytes(length: count) ?? []
    guard let kind = Kind(rawValue: raw) else { throw .kind(raw) }
    return LinkFrame(kind: kind, number: number, bytes: bytes)
  }
}
