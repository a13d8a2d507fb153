// A message as it crosses the wire: every line ends with CRLF, dots at the beginning of lines are
// doubled (RFC 5321 §2.3.8, §4.5.2).

enum WireText {
  /// The message with CRLF line ends only, the last line ended. A bare LF becomes one; so does a
  /// bare CR in the body; in the header, where it would begin a field of its own, a blank. What is
  /// right already is copied as it is.
  static func canonical(_ message: [UInt8]) -> [UInt8] {
    if isCanonical(message.span) { return message }
    var result: [UInt8] = []
    result.reserveCapacity(message.count + message.count / 32 + 2)
    var isHeader = true
    var lineStart = 0
    var index = 0
    while index < message.count {
      let byte = message[index]
      index += 1
      if byte == 0x0D, index < message.count, message[index] == 0x0A { continue }
      if byte == 0x0D, isHeader {
        result.append(0x20)
        continue
      }
      guard byte == 0x0A || byte == 0x0D else {
        result.append(byte)
        continue
      }
      if result.count == lineStart { isHeader = false }
      result.append(0x0D)
      result.append(0x0A)
      lineStart = result.count
    }
    if result.count > lineStart {
      result.append(0x0D)
      result.append(0x0A)
    }
    return result
  }

  private static func isCanonical(_ bytes: Span<UInt8>) -> Bool {
    var previous: UInt8 = 0
    for index in 0..<bytes.count {
      let byte = bytes[index]
      if (byte == 0x0A) != (previous == 0x0D) { return false }
      previous = byte
    }
    return bytes.count == 0 || previous == 0x0A
  }

  static func isASCII(_ bytes: Span<UInt8>) -> Bool {
    for index in 0..<bytes.count where bytes[index] >= 0x80 { return false }
    return true
  }
}

/// Hands out a canonical message in blocks with its dots doubled, and the dot that ends it.
struct DottedBlocks {
  private let message: [UInt8]
  private let blockBytes: Int
  private var position = 0
  private var isDone = false

  init(_ message: [UInt8], blockBytes: Int) {
    self.message = message
    self.blockBytes = blockBytes
  }

  mutating func next() -> [UInt8]? {
    guard !isDone else { return nil }
    let end = min(position + blockBytes, message.count)
    var block: [UInt8] = []
    block.reserveCapacity(end - position + 64)
    while position < end {
      let byte = message[position]
      let isAtStart = position == 0 || message[position - 1] == 0x0A
      if isAtStart, byte == UInt8(ascii: ".") { block.append(byte) }
      block.append(byte)
      position += 1
    }
    if position == message.count {
      isDone = true
      block.append(contentsOf: [UInt8(ascii: "."), 0x0D, 0x0A])
    }
    return block
  }
}
