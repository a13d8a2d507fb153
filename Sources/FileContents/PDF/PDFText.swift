// Words of a PDF (ISO 32000-1 §7.2): what ends them, names with their escapes, the beginning of
// objects.

enum PDFText {
  /// Neither blank nor delimiter.
  static func isRegular(_ byte: UInt8) -> Bool { !isBlank(byte) && !isDelimiter(byte) }

  static func isBlank(_ byte: UInt8) -> Bool {
    byte == 32 || byte == 0 || (byte >= 9 && byte <= 13 && byte != 11)
  }

  private static func isDelimiter(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "<"), UInt8(ascii: ">"),
      UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "{"), UInt8(ascii: "}"),
      UInt8(ascii: "/"), UInt8(ascii: "%"):
      true
    default: false
    }
  }

  static func begins(_ bytes: Span<UInt8>, _ range: Range<Int>, _ word: String) -> Bool {
    guard range.count >= word.utf8.count else { return false }
    var index = range.lowerBound
    for byte in word.utf8 {
      if bytes[index] != byte { return false }
      index += 1
    }
    return true
  }

  /// The name at `index`, which then is behind it. `#xx` is a byte (§7.3.5).
  static func name(_ bytes: Span<UInt8>, _ index: inout Int) -> PDFName {
    var name = MarkupName()
    while index < bytes.count, isRegular(bytes[index]) {
      if bytes[index] == UInt8(ascii: "#"), bytes.count - index > 2,
        let high = StyleText.hex(bytes[index + 1]), let low = StyleText.hex(bytes[index + 2])
      {
        name.append(exactly: UInt8(high << 4 | low))
        index += 3
      } else {
        name.append(exactly: bytes[index])
        index += 1
      }
    }
    return PDFName.table[name] ?? .other
  }

  /// Digits between blanks that are looked at before `obj`.
  private static let numberBytesMax = 12

  /// Whether `obj` stands there, behind the two numbers that every object begins with.
  static func beginsObject(_ bytes: Span<UInt8>, at index: Int) -> Bool {
    guard bytes[index] == UInt8(ascii: "o"), begins(bytes, index..<bytes.count, "obj") else {
      return false
    }
    var place = index
    for _ in 0..<2 {
      let number = place
      while place > 0, number - place < numberBytesMax, isBlank(bytes[place - 1]) { place -= 1 }
      let digits = place
      while place > 0, digits - place < numberBytesMax, bytes[place - 1] &- 48 < 10 { place -= 1 }
      if place == digits || digits == number && number != index { return false }
    }
    return true
  }

  static func endsObject(_ bytes: Span<UInt8>, at index: Int) -> Bool {
    bytes[index] == UInt8(ascii: "e") && begins(bytes, index..<bytes.count, "endobj")
  }
}
