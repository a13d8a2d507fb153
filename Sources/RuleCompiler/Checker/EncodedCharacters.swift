// `${hex:…}` and `${unicode:…}` (RFC 5228 §2.4.2.4): characters by their numbers, replaced before
// anything else is read in a string.

import RuleBytecode

enum EncodedCharacters {
  struct Decoded {
    var text: String
    /// Something was replaced: offsets in the text are not those in the source any more.
    var isChanged = false
    /// Numbers that are no characters, as bytes of the given text.
    var wrong: [Range<Int>] = []
  }

  /// What does not follow the grammar stands for itself (RFC 5228 §2.4.2.4).
  static func decode(_ text: String) -> Decoded {
    let bytes = Array(text.utf8)
    var result = Decoded(text: text)
    var decoded: [UInt8] = []
    var at = 0
    while at < bytes.count {
      if bytes[at] == UInt8(ascii: "$"), let (content, end) = sequence(bytes, at) {
        decoded += content ?? []
        result.isChanged = true
        if content == nil { result.wrong.append(at..<end) }
        at = end
      } else {
        decoded.append(bytes[at])
        at += 1
      }
    }
    if result.isChanged { result.text = String(decoding: decoded, as: UTF8.self) }
    return result
  }

  /// The bytes that a sequence stands for, and its end; nil content for a number that is no
  /// character, nil for what is no sequence.
  private static func sequence(_ bytes: [UInt8], _ start: Int) -> (content: [UInt8]?, end: Int)? {
    for (name, isHex) in [("${hex:", true), ("${unicode:", false)] {
      let opening = Array(name.utf8)
      guard bytes.count - start > opening.count,
        bytes[start..<start + opening.count].map(lower) == opening
      else { continue }
      return numbers(bytes, start + opening.count, isHex: isHex)
    }
    return nil
  }

  private static func numbers(
    _ bytes: [UInt8], _ start: Int, isHex: Bool
  ) -> (content: [UInt8]?, end: Int)? {
    var content: [UInt8]? = []
    var count = 0
    var at = start
    while at < bytes.count {
      while at < bytes.count, isBlank(bytes[at]) { at += 1 }
      if at < bytes.count, bytes[at] == UInt8(ascii: "}") {
        return count > 0 ? (content, at + 1) : nil
      }
      let first = at
      var value = 0
      while at < bytes.count, let digit = digit(bytes[at]) {
        value = min(value * 16 + digit, 0x110000)
        at += 1
      }
      guard at > first, !isHex || at - first <= 2 else { return nil }
      guard at < bytes.count, isBlank(bytes[at]) || bytes[at] == UInt8(ascii: "}") else {
        return nil
      }
      count += 1
      if isHex {
        content?.append(UInt8(value))
      } else if let scalar = Unicode.Scalar(UInt32(value)) {
        content? += Array(String(scalar).utf8)
      } else {
        content = nil
      }
    }
    return nil
  }

  /// Blank, tab or line end.
  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == 32 || byte == 9 || byte == 13 || byte == 10
  }

  private static func lower(_ byte: UInt8) -> UInt8 { byte &- 65 < 26 ? byte | 0x20 : byte }

  private static func digit(_ byte: UInt8) -> Int? {
    switch byte {
    case 48...57: Int(byte) - 48
    case 65...70: Int(byte) - 55
    case 97...102: Int(byte) - 87
    default: nil
    }
  }
}

extension CheckContext {
  /// A string's value as the language reads it.
  mutating func decoded(_ literal: StringLiteral) -> StringLiteral {
    guard file.capabilities.contains("encoded-character"), literal.value.contains("${") else {
      return literal
    }
    let decoded = EncodedCharacters.decode(literal.value)
    for range in decoded.wrong {
      report(.literal(.encodedCharacter), at: place(of: range, in: literal))
    }
    guard decoded.isChanged else { return literal }
    return StringLiteral(
      value: decoded.text, form: literal.form, range: literal.range, isDecoded: true)
  }
}
