// Reading UTF-8 one scalar at a time, strictly (RFC 3629 §4: no overlong forms, no surrogates,
// nothing above U+10FFFF). Trusts nothing about the bytes but that the offset is one of them.

/// Decodes single scalars out of source bytes.
enum UTF8Scan {
  /// A scalar and its length in bytes; `value` is nil and the length 1 when it is not UTF-8.
  struct Scalar: Equatable {
    let value: UInt32?
    let length: Int
  }

  static func scalar(in bytes: [UInt8], at index: Int) -> Scalar {
    let first = bytes[index]
    if first < 0x80 { return Scalar(value: UInt32(first), length: 1) }
    let bad = Scalar(value: nil, length: 1)
    let length: Int
    let smallest: UInt32
    switch first {
    case 0xC2...0xDF: (length, smallest) = (2, 0x80)
    case 0xE0...0xEF: (length, smallest) = (3, 0x800)
    case 0xF0...0xF4: (length, smallest) = (4, 0x10000)
    default: return bad
    }
    guard bytes.count - index >= length else { return bad }
    var value = UInt32(first) & (0x7F >> UInt32(length))
    for next in bytes[index + 1..<index + length] {
      guard next & 0xC0 == 0x80 else { return bad }
      value = value << 6 | UInt32(next & 0x3F)
    }
    guard value >= smallest, Unicode.Scalar(value) != nil else { return bad }
    return Scalar(value: value, length: length)
  }

  /// The scalar there; nil where there is none, also behind the end.
  static func value(in bytes: [UInt8], at index: Int) -> UInt32? {
    index < bytes.count ? scalar(in: bytes, at: index).value : nil
  }

  /// C0 but for tab and line feed, DEL, C1, and the separators that some editors take for line
  /// ends: what they show is not what is there.
  static func isControl(_ value: UInt32) -> Bool {
    switch value {
    case 0x09, 0x0A: false
    case 0...0x1F, 0x7F...0x9F, 0x2028, 0x2029: true
    default: false
    }
  }

  /// Marks that change the order in which a line is shown ("Trojan Source", CVE-2021-42574).
  static func isBidirectionalMark(_ value: UInt32) -> Bool {
    switch value {
    case 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: true
    default: false
    }
  }
}
