// Base64 (RFC 4648 §4), and its form for names and fields without padding (§5).

enum Base64Text {
  private static let standard = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
  private static let safe = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

  static func encode(_ bytes: [UInt8]) -> String {
    let text = encode(bytes, standard)
    return text + String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
  }

  static func encodeSafely(_ bytes: some Sequence<UInt8>) -> String {
    encode(Array(bytes), safe)
  }

  private static func encode(_ bytes: [UInt8], _ letters: [UInt8]) -> String {
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count / 3 * 4 + 4)
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let rest = min(3, bytes.count - start)
      var word: UInt32 = 0
      for offset in 0..<3 {
        word = word << 8 | (offset < rest ? UInt32(bytes[start + offset]) : 0)
      }
      for offset in 0...rest { text.append(letters[Int(word >> UInt32(18 - 6 * offset)) & 63]) }
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// Nil for what this does not write: other letters, padding, stray bits at the end.
  static func decodeSafely(_ text: some StringProtocol) -> [UInt8]? {
    var bytes: [UInt8] = []
    var word: UInt32 = 0
    var bits = 0
    for letter in text.utf8 {
      guard let value = safe.firstIndex(of: letter) else { return nil }
      word = word << 6 | UInt32(value)
      bits += 6
      if bits >= 8 {
        bits -= 8
        bytes.append(UInt8(truncatingIfNeeded: word >> UInt32(bits)))
        word &= (1 << UInt32(bits)) - 1
      }
    }
    return bits < 6 && word == 0 ? bytes : nil
  }
}
