// Prose in a charset of one byte for each character, such as ISO 8859-1. To libmagic it is text as
// UTF-8 is (src/encoding.c: latin1 and extended ASCII), but its bytes can pass first tests of
// binary formats that no UTF-8 passes. They were listed from its database (5.44) as those of
// PlainTextRivals were; a text with one of them anywhere, or that begins like one, is libmagic's.

enum OneByteText {
  /// True where no test on bytes beyond ASCII can pass. The text has passed all tests of PlainText.
  static func isProven(_ bytes: Span<UInt8>) -> Bool {
    guard bytes.count >= 8, begins(bytes) else { return false }
    let pairs = pairs.span
    for index in 1..<bytes.count where bytes[index] >= 0x80 || bytes[index - 1] >= 0x80 {
      if pairs[Int(bytes[index - 1]) << 8 | Int(bytes[index])] { return false }
    }
    return true
  }

  /// First bytes of formats with a byte beyond ASCII in their first four, and others that have one
  /// a little later.
  private static let riskyFirst = Set("`N=:vs\"#$%&'(7fqYx\\U4ZdVme8RJ@AOIBMXLW.CQ1pE<0".utf8)
  private static let signed = [15, 16, 9608]
  private static let longer = ["XARA", "LUKS", "WordPro", "RF64"].map { Array($0.utf8) }

  private static func begins(_ bytes: Span<UInt8>) -> Bool {
    let isLater = bytes[1] < 0x80 && bytes[2] < 0x80 && bytes[3] < 0x80
    guard isLater || !riskyFirst.contains(bytes[0]) else { return false }
    for magic in longer where SureSignature.matches(bytes, magic, at: 0) { return false }
    // The one test of bits instead of bytes, 0x0FEEDDB0 at offset 4, and those that a negative
    // number passes.
    if bytes[5] & 0xEE == 0xEE { return false }
    return !signed.contains { $0 < bytes.count && bytes[$0] >= 0x80 }
  }

  /// Two bytes of each format whose test stands at a later offset, by both.
  private static let pairs: [Bool] = {
    var pairs = [Bool](repeating: false, count: 65_536)
    for (first, second) in rivals { pairs[first << 8 | second] = true }
    return pairs
  }()

  private static let rivals: [(Int, Int)] = [
    (0xCD, 0x21), (0x55, 0xAA), (0x60, 0xEA), (0xFF, 0x42), (0x88, 0xF0), (0xFC, 0x57),
    (0xDE, 0xC0), (0x24, 0xFF), (0xEF, 0xCD), (0x4A, 0xFB), (0x40, 0xA5), (0x57, 0xFB),
    (0x6B, 0xEA), (0xDC, 0xA7), (0xC2, 0x33), (0x90, 0x90), (0xDA, 0xBE), (0xEA, 0x70),
    (0x58, 0xDF), (0xE2, 0xE1), (0xD2, 0xD7), (0x53, 0xEF), (0xFC, 0x4E),
  ]
}
