// The door to memchr, for signatures that can stand anywhere in a file.
// Trusts its callers for nothing: every range is checked against the span before a pointer is made.

internal import Glibc

enum ByteSearch {
  /// The offset of the first `pattern`, of four bytes at least, in `bytes[range]`. It is looked for
  /// by its byte at `anchor`, which should be a rare one; where that stands everywhere, in a steady
  /// pass at about a nanosecond a byte.
  static func first(
    _ pattern: StaticBytes, anchor: Int = 0, in bytes: Span<UInt8>, _ range: Range<Int>
  ) -> Int? {
    let wanted = pattern[anchor]
    var from = range.lowerBound + anchor
    let to = range.upperBound - (pattern.count - 1 - anchor)
    var missesLeft = 64 + range.count / 64
    while from < to {
      guard let hit = firstByte(wanted, in: bytes, from..<to) else { return nil }
      if SureSignature.matches(bytes, pattern, at: hit - anchor) { return hit - anchor }
      from = hit + 1
      missesLeft -= 1
      if missesLeft == 0 { return steadyFirst(pattern, in: bytes, from - anchor, range.upperBound) }
    }
    return nil
  }

  /// The offset of the last `pattern` in `bytes[range]`.
  static func last(
    _ pattern: StaticBytes, anchor: Int = 0, in bytes: Span<UInt8>, _ range: Range<Int>
  ) -> Int? {
    var found: Int?
    var from = range.lowerBound
    while let next = first(pattern, anchor: anchor, in: bytes, from..<range.upperBound) {
      found = next
      from = next + 1
    }
    return found
  }

  /// Four bytes at a time in one word that moves on byte by byte.
  private static func steadyFirst(
    _ pattern: StaticBytes, in bytes: Span<UInt8>, _ from: Int, _ to: Int
  ) -> Int? {
    let wanted = SureSignature.big32(pattern.span, at: 0)
    var window: UInt32 = 0
    for index in from..<to {
      window = window << 8 | UInt32(bytes[index])
      guard window == wanted, index - 3 >= from, index - 3 + pattern.count <= to else { continue }
      if SureSignature.matches(bytes, pattern, at: index - 3) { return index - 3 }
    }
    return nil
  }

  /// The offset of the first such byte in `bytes[range]`.
  static func firstByte(_ byte: UInt8, in bytes: Span<UInt8>, _ range: Range<Int>) -> Int? {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= bytes.count, "a search leaves its bytes")
    return unsafe bytes.withUnsafeBufferPointer { buffer -> Int? in
      guard let base = buffer.baseAddress else { return nil }
      guard let hit = unsafe memchr(base + range.lowerBound, Int32(byte), range.count) else {
        return nil
      }
      return unsafe UnsafeRawPointer(hit) - UnsafeRawPointer(base)
    }
  }
}
