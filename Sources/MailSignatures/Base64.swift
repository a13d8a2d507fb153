// Base64 as tags hold it (RFC 6376 §2.10): folding anywhere, and strict otherwise, since two ways
// of reading a signature are one too many.
internal import MailMessage

enum Base64 {
  private static let alphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  private static let values: [UInt8] = {
    var table = [UInt8](repeating: 255, count: 256)
    for (value, byte) in alphabet.enumerated() { table[Int(byte)] = UInt8(value) }
    return table
  }()

  /// Nil for foreign bytes, an incomplete group or padding that does not close it.
  static func decode(_ bytes: Span<UInt8>, _ range: Range<Int>) -> [UInt8]? {
    var decoded: [UInt8] = []
    decoded.reserveCapacity(range.count / 4 * 3 + 3)
    var word: UInt32 = 0
    var letterCount = 0
    var paddingCount = 0
    for index in range where !ASCII.isFolding(bytes[index]) {
      if bytes[index] == ASCII.equals {
        paddingCount += 1
        continue
      }
      let value = values[Int(bytes[index])]
      guard value < 64, paddingCount == 0 else { return nil }
      word = word << 6 | UInt32(value)
      letterCount += 1
      guard letterCount % 4 == 0 else { continue }
      for shift in [16, 8, 0] { decoded.append(UInt8(truncatingIfNeeded: word >> UInt32(shift))) }
      word = 0
    }
    switch (letterCount % 4, paddingCount) {
    case (0, 0): break
    case (2, 2): decoded.append(UInt8(truncatingIfNeeded: word >> 4))
    case (3, 1):
      decoded.append(UInt8(truncatingIfNeeded: word >> 10))
      decoded.append(UInt8(truncatingIfNeeded: word >> 2))
    default: return nil
    }
    return decoded.isEmpty ? nil : decoded
  }
}
