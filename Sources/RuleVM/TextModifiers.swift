// The modifiers of `set` (RFC 5229 §4.1, RFC 5435 §6, the regex draft) on bytes: any text, also one
// that is no UTF-8. What they make is cut at the limit, never inside a character or an escape.
internal import RuleBytecode

extension TextModifier {
  func apply(to text: ArraySlice<UInt8>, bytesMax: Int) -> [UInt8] {
    switch self {
    case .lower: Self.cut(text, bytesMax).map(Self.lower)
    case .upper: Self.cut(text, bytesMax).map(Self.upper)
    case .lowerfirst: Self.first(of: text, bytesMax, Self.lower)
    case .upperfirst: Self.first(of: text, bytesMax, Self.upper)
    case .quotewildcard: Self.quoted(text, bytesMax, "*?\\")
    case .quoteregex: Self.quoted(text, bytesMax, "\\^$.|?*+()[]{}-#&~ \t\n\r")
    case .encodeurl: Self.encoded(text, bytesMax)
    case .length: Array(String(text.characterCount).utf8)
    case .escapehtml: Self.escaped(text, bytesMax)
    }
  }

  // RFC 5229 §4.1.3: letters outside of US-ASCII stay as they are.
  private static func lower(_ byte: UInt8) -> UInt8 { byte &- 65 < 26 ? byte | 0x20 : byte }
  private static func upper(_ byte: UInt8) -> UInt8 { byte &- 97 < 26 ? byte & 0xDF : byte }

  private static func cut(_ text: ArraySlice<UInt8>, _ bytesMax: Int) -> ArraySlice<UInt8> {
    text.prefix(text.cut(at: bytesMax))
  }

  private static func first(
    of text: ArraySlice<UInt8>, _ bytesMax: Int, _ map: (UInt8) -> UInt8
  ) -> [UInt8] {
    var result = Array(cut(text, bytesMax))
    if let byte = result.first { result[0] = map(byte) }
    return result
  }

  private static func quoted(
    _ text: ArraySlice<UInt8>, _ bytesMax: Int, _ special: StaticString
  ) -> [UInt8] {
    let special = Array("\(special)".utf8)
    return pieces(of: text, bytesMax) { special.contains($0) ? [UInt8(ascii: "\\"), $0] : nil }
  }

  /// RFC 3986 §2.3: all but the unreserved characters, byte by byte.
  private static func encoded(_ text: ArraySlice<UInt8>, _ bytesMax: Int) -> [UInt8] {
    let digits = Array("0123456789ABCDEF".utf8)
    var result: [UInt8] = []
    for byte in text {
      let isUnreserved: Bool
      switch byte {
      case 48...57, 65...90, 97...122: isUnreserved = true
      case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
        isUnreserved = true
      default: isUnreserved = false
      }
      let piece =
        isUnreserved
        ? [byte] : [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      guard result.count + piece.count <= bytesMax else { break }
      result += piece
    }
    return result
  }

  private static func escaped(_ text: ArraySlice<UInt8>, _ bytesMax: Int) -> [UInt8] {
    pieces(of: text, bytesMax) { byte in
      switch byte {
      case UInt8(ascii: "&"): Array("&amp;".utf8)
      case UInt8(ascii: "<"): Array("&lt;".utf8)
      case UInt8(ascii: ">"): Array("&gt;".utf8)
      case UInt8(ascii: "\""): Array("&quot;".utf8)
      case UInt8(ascii: "'"): Array("&#39;".utf8)
      default: nil
      }
    }
  }

  /// Single bytes replaced; what is not stays, whole characters at a time.
  private static func pieces(
    of text: ArraySlice<UInt8>, _ bytesMax: Int, _ replacement: (UInt8) -> [UInt8]?
  ) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(min(text.count, bytesMax))
    var at = text.startIndex
    while at < text.endIndex {
      let (_, length) = text.character(at: at)
      let piece = replacement(text[at]) ?? Array(text[at..<at + length])
      guard result.count + piece.count <= bytesMax else { break }
      result += piece
      at += length
    }
    return result
  }
}

extension ArraySlice<UInt8> {
  /// The character at an index and its bytes; nil and one byte where there is none.
  func character(at index: Int) -> (scalar: Unicode.Scalar?, length: Int) {
    let first = self[index]
    if first < 0x80 { return (Unicode.Scalar(first), 1) }
    var decoder = UTF8()
    var rest = self[index...].makeIterator()
    guard case .scalarValue(let scalar) = decoder.decode(&rest) else { return (nil, 1) }
    return (scalar, UTF8.width(scalar))
  }

  /// Characters, and bytes that belong to none.
  var characterCount: Int {
    var count = 0
    var at = startIndex
    while at < endIndex {
      at += character(at: at).length
      count += 1
    }
    return count
  }

  /// At most so many bytes from the front, whole characters.
  func cut(at bytesMax: Int) -> Int {
    guard count > bytesMax else { return count }
    var end = Swift.max(bytesMax, 0)
    var back = 0
    while end > 0, back < 3, self[startIndex + end] & 0xC0 == 0x80 {
      end -= 1
      back += 1
    }
    // Continuation bytes without a character before them are cut where the limit is.
    return self[startIndex + end] & 0xC0 == 0x80 ? Swift.max(bytesMax, 0) : end
  }
}
