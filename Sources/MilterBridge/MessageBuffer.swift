// The message's bytes as the MTA tells them, put together again. One buffer, capped; the MTA's
// bytes are kept as they are, but for folds, which come as LF and go into the message as CRLF.

internal import NIOCore

/// Buffers for messages, lent to the sessions of one event loop one message at a time, so that an
/// idle session holds none and a busy one does not allocate. Used on one thread.
package final class BufferPool {
  private var free: [[UInt8]] = []
  private let buffersMax: Int
  private let keptBytesMax: Int

  package init(buffersMax: Int = 8, keptBytesMax: Int = 1_048_576) {
    self.buffersMax = buffersMax
    self.keptBytesMax = keptBytesMax
  }

  func take() -> [UInt8] { free.popLast() ?? [] }

  func give(_ buffer: consuming [UInt8]) {
    guard free.count < buffersMax, (1...keptBytesMax).contains(buffer.capacity) else { return }
    // Somebody who still holds a copy makes this allocate; none should.
    buffer.removeAll(keepingCapacity: true)
    free.append(buffer)
  }
}

/// The bytes of the message in hand.
struct MessageBuffer {
  private let bytesMax: Int
  private let pool: BufferPool
  private var bytes: [UInt8] = []
  private var sizeBytes = 0
  private var isHeaderEnded = false
  private var isTruncated = false
  /// False when the policy does not read the body of this message.
  var wantsBody = true

  /// An announced size is believed up to this when memory is reserved for it.
  private static let believedBytesMax = 262_144

  init(bytesMax: Int, pool: BufferPool) {
    self.bytesMax = bytesMax
    self.pool = pool
  }

  /// A copy-on-write view of what has come.
  var received: ReceivedMessage {
    ReceivedMessage(bytes: bytes, isTruncated: isTruncated, sizeBytes: sizeBytes)
  }

  /// Bytes that are kept.
  var heldBytes: Int { bytes.count }

  /// The size that the client announced, for the buffer's first size.
  mutating func expect(bytes announced: Int) {
    guard announced > 0 else { return }
    begin()
    bytes.reserveCapacity(min(announced, Self.believedBytesMax, bytesMax))
  }

  private mutating func begin() {
    if bytes.capacity == 0 { bytes = pool.take() }
  }

  mutating func appendHeader(_ name: ByteBuffer, _ value: ByteBuffer, addingBlank: Bool) {
    if bytes.isEmpty { begin() }
    // Every byte of the value could be a fold's LF.
    let most = name.readableBytes + 2 * value.readableBytes + 4
    guard bytes.count + most <= bytesMax else {
      return appendSlowly(name, value, addingBlank: addingBlank)
    }
    let before = bytes.count
    bytes.append(contentsOf: name.readableBytesView)
    bytes.append(58)
    if addingBlank { bytes.append(32) }
    if value.readableBytesUInt8Span.containsLF {
      bytes.append(addingCapacity: 2 * value.readableBytes) { output in
        Self.restoreLineEnds(value.readableBytesUInt8Span, into: &output)
      }
    } else {
      bytes.append(contentsOf: value.readableBytesView)
    }
    bytes.append(13)
    bytes.append(10)
    sizeBytes += bytes.count - before
  }

  /// Folds come as LF, or from some as CRLF; the message has CRLF.
  private static func restoreLineEnds(_ value: Span<UInt8>, into output: inout OutputSpan<UInt8>) {
    var last: UInt8 = 0
    for index in value.indices {
      let byte = value[index]
      if byte == 10 && last != 13 { output.append(13) }
      output.append(byte)
      last = byte
    }
  }

  /// Near the limit: byte by byte, up to the limit exactly.
  private mutating func appendSlowly(
    _ name: ByteBuffer, _ value: ByteBuffer, addingBlank: Bool
  ) {
    for byte in name.readableBytesView { append(byte) }
    append(58)
    if addingBlank { append(32) }
    var last: UInt8 = 0
    for byte in value.readableBytesView {
      if byte == 10 && last != 13 { append(13) }
      append(byte)
      last = byte
    }
    append(13)
    append(10)
  }

  private mutating func append(_ byte: UInt8) {
    sizeBytes += 1
    if bytes.count < bytesMax { bytes.append(byte) } else { isTruncated = true }
  }

  /// The empty line after the header, once.
  mutating func endHeader() {
    guard !isHeaderEnded else { return }
    isHeaderEnded = true
    append(13)
    append(10)
  }

  mutating func appendBody(_ piece: ByteBuffer) {
    if !isHeaderEnded { endHeader() }
    sizeBytes += piece.readableBytes
    guard wantsBody else { return }
    let room = bytesMax - bytes.count
    let view = piece.readableBytesView
    if room < view.count { isTruncated = true }
    bytes.append(contentsOf: view.prefix(room))
  }

  mutating func reset() {
    if bytes.capacity > 0 {
      // Out of `self` first: given away while still held here, it would be copied.
      var spent: [UInt8] = []
      swap(&spent, &bytes)
      pool.give(consume spent)
    }
    sizeBytes = 0
    isHeaderEnded = false
    isTruncated = false
    wantsBody = true
  }
}

extension Span where Element == UInt8 {
  fileprivate var containsLF: Bool {
    var index = 0
    while index < count {
      if self[index] == 10 { return true }
      index &+= 1
    }
    return false
  }
}
