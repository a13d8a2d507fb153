// The text of style sheets: comments, escapes and blanks gone, so that words can be compared.

enum StyleText {
  /// Without comments, in lower case, with escapes resolved (CSS Syntax 3 §4.3.7) and every run of
  /// blanks made one.
  static func plain(_ text: [UInt8]) -> [UInt8] {
    var plain: [UInt8] = []
    plain.reserveCapacity(text.count)
    var index = 0
    while index < text.count {
      let byte = text[index]
      if byte == 47, index + 1 < text.count, text[index + 1] == 42 {
        index = endOfComment(text, index + 2)
      } else if byte == 92 {
        index = escape(text, index + 1, &plain)
      } else if MarkupTokenizer.isBlank(byte) {
        if plain.last != 32 { plain.append(32) }
        index += 1
      } else {
        if byte != 0 { plain.append(byte &- 65 < 26 ? byte | 0x20 : byte) }
        index += 1
      }
    }
    return plain
  }

  private static func endOfComment(_ text: [UInt8], _ start: Int) -> Int {
    var index = start
    while index + 1 < text.count {
      if text[index] == 42, text[index + 1] == 47 { return index + 2 }
      index += 1
    }
    return text.count
  }

  private static func escape(_ text: [UInt8], _ start: Int, _ plain: inout [UInt8]) -> Int {
    var index = start
    var value = 0
    while index < text.count, index - start < 6, let digit = hex(text[index]) {
      value = value << 4 | digit
      index += 1
    }
    if index == start {
      if index < text.count { plain.append(text[index]) }
      return index + 1
    }
    if value < 128 {
      let byte = UInt8(value)
      plain.append(byte &- 65 < 26 ? byte | 0x20 : byte)
    }
    if index < text.count, MarkupTokenizer.isBlank(text[index]) { index += 1 }
    return index
  }

  static func hex(_ byte: UInt8) -> Int? {
    if byte &- 48 < 10 { return Int(byte - 48) }
    let folded = byte | 0x20
    return folded &- 97 < 6 ? Int(folded - 87) : nil
  }

  static func trimmed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var slice = text
    while slice.first == 32 { slice.removeFirst() }
    while slice.last == 32 { slice.removeLast() }
    return slice
  }

  /// A value without its `!important`.
  static func value(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    trimmed(text.prefix { $0 != 33 })
  }

  static func begins(_ text: ArraySlice<UInt8>, _ word: String) -> Bool {
    text.starts(with: word.utf8)
  }

  /// `rect(0 0 0 0)`, `rect(1px,1px,1px,1px)`, `inset(50%)`: nothing is left.
  static func clipsAll(_ value: ArraySlice<UInt8>) -> Bool {
    begins(value, "rect(0") || begins(value, "rect(1px") || begins(value, "inset(50%")
      || begins(value, "inset(100%") || begins(value, "circle(0")
  }
}

/// A colour, as far as it matters whether two are the same.
enum StyleColor: Equatable {
  case opaque(UInt32)
  case transparent
  /// A picture.
  case unknown

  private static let names: [MarkupName: UInt32] = Dictionary(
    uniqueKeysWithValues: [
      ("white", 0xFFFFFF), ("black", 0), ("red", 0xFF0000), ("lime", 0xFF00), ("blue", 0xFF),
      ("yellow", 0xFFFF00), ("aqua", 0xFFFF), ("cyan", 0xFFFF), ("fuchsia", 0xFF00FF),
      ("magenta", 0xFF00FF), ("gray", 0x808080), ("grey", 0x808080), ("silver", 0xC0C0C0),
      ("maroon", 0x800000), ("green", 0x8000), ("navy", 0x80), ("purple", 0x800080),
      ("olive", 0x808000), ("teal", 0x8080), ("snow", 0xFFFAFA), ("ivory", 0xFFFFF0),
      ("whitesmoke", 0xF5F5F5), ("lightgray", 0xD3D3D3), ("lightgrey", 0xD3D3D3),
      ("gainsboro", 0xDCDCDC), ("orange", 0xFFA500),
    ].map { (MarkupName($0.0), UInt32($0.1)) })

  /// Nil when the value is none that we know.
  static func read(_ value: ArraySlice<UInt8>) -> StyleColor? {
    let text = StyleText.trimmed(value)
    guard let first = text.first else { return nil }
    if first == 35 { return digits(text.dropFirst()) }
    let word = MarkupName(text)
    if word == MarkupName("transparent") { return .transparent }
    if let rgb = names[word] { return .opaque(rgb) }
    return StyleText.begins(text, "rgb") ? numbers(text) : nil
  }

  private static func digits(_ text: ArraySlice<UInt8>) -> StyleColor? {
    guard text.count <= 8 else { return nil }
    var values: [UInt32] = []
    for byte in text {
      guard let digit = StyleText.hex(byte) else { return nil }
      values.append(UInt32(digit))
    }
    switch values.count {
    case 3, 4:
      if values.count == 4, values[3] == 0 { return .transparent }
      return .opaque(values.prefix(3).reduce(0) { $0 << 8 | $1 * 17 })
    case 6, 8:
      if values.count == 8, values[6] == 0, values[7] == 0 { return .transparent }
      return .opaque(values.prefix(6).reduce(0) { $0 << 4 | $1 })
    default: return nil
    }
  }

  /// `rgb(1, 2, 3)`, `rgba(1 2 3 / 0)`.
  private static func numbers(_ text: ArraySlice<UInt8>) -> StyleColor? {
    let inside = text.drop { $0 != 40 }.dropFirst().prefix { $0 != 41 }
    let parts = inside.split { $0 == 44 || $0 == 32 || $0 == 47 }
    guard parts.count >= 3 else { return nil }
    if parts.count > 3, let alpha = StyleSize(parts[3]), alpha.isAtMost(50) { return .transparent }
    var rgb: UInt32 = 0
    for part in parts.prefix(3) {
      guard part.count <= 3, let number = Int(String(decoding: part, as: UTF8.self)),
        (0...255).contains(number)
      else { return nil }
      rgb = rgb << 8 | UInt32(number)
    }
    return .opaque(rgb)
  }

  /// `background: #fff url(x) no-repeat`: of a picture nobody knows the colour.
  static func background(_ value: ArraySlice<UInt8>) -> StyleColor? {
    if let color = read(value) { return color }
    if value.contains(40) { return .unknown }
    for word in value.split(separator: 32) {
      if let color = read(word) { return color }
    }
    return nil
  }
}
