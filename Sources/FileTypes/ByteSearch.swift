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
    let to = range.upperBound - (pattern.count - 1 - anchor)
    var from = range.lowerBound + anchor
    var missesLeft = 64 + range.count / 64
    while from < to {
      let hit = firstPair(
        pattern, anchor, in: bytes, from..<to, missesLeft: &missesLeft)
      guard let hit else { return nil }
      if missesLeft == 0 { return steadyFirst(pattern, in: bytes, hit - anchor, range.upperBound) }
      if SureSignature.matches(bytes, pattern, at: hit - anchor) { return hit - anchor }
      from = hit + 1
    }
    return nil
  }

  /// Where the anchor and the byte beside it stand; or where the search gave up, with no misses
  /// left.
  private static func firstPair(
    _ pattern: StaticBytes, _ anchor: Int, in bytes: Span<UInt8>, _ range: Range<Int>,
    missesLeft: inout Int
  ) -> Int? {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= bytes.count, "a search leaves its bytes")
    let wanted = Int32(pattern[anchor])
    let step = anchor == 0 ? 1 : -1
    let beside = pattern[anchor + step]
    return unsafe bytes.withUnsafeBufferPointer { buffer -> Int? in
      guard let base = buffer.baseAddress else { return nil }
      var from = range.lowerBound
      while from < range.upperBound, missesLeft > 0 {
        guard let found = unsafe memchr(base + from, wanted, range.upperBound - from) else {
          return nil
        }
        let hit = unsafe UnsafeRawPointer(found) - UnsafeRawPointer(base)
        let other = hit + step
        if other >= 0, other < buffer.count, unsafe base[other] == beside { return hit }
        from = hit + 1
        missesLeft -= 1
      }
      return from < range.upperBound ? from : nil
    }
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

  /// Whether none of `bytes[..<count]` is a control character that text never has, by libmagic's
  /// table (src/encoding.c of file 5.44: its class F). Written so that the compiler takes sixteen
  /// bytes at once: a page is read at 10 GB/s, and not at 1.
  static func hasOnlyText(_ bytes: Span<UInt8>, count: Int) -> Bool {
    precondition(count >= 0 && count <= bytes.count, "a search leaves its bytes")
    return unsafe bytes.withUnsafeBufferPointer { buffer -> Bool in
      var start = 0
      while start < count {
        let end = min(start + 1024, count)
        var faults: UInt8 = 0
        for index in start..<end {
          let byte = unsafe buffer[index]
          // BEL to CR and ESC are in text.
          let isFault =
            (byte < 7 ? 1 : 0) | (byte &- 14 < 13 ? 1 : 0) | (byte &- 28 < 4 ? 1 : 0)
            | (byte == 0x7F ? 1 : 0) as UInt8
          faults |= isFault
        }
        if faults != 0 { return false }
        start = end
      }
      return true
    }
  }
}
