// Text in UTF-8 to a charset that a part declares, exactly or not at all: what the charset has no
// character for is never replaced by something like it.
// The charset's name comes from the mail and may be anything.

/// Writes text in one charset.
package struct CharsetEncoder: ~Copyable {
  private enum Way {
    case utf8
    /// A character is the byte of its number, up to this one.
    case direct(last: UInt32)
    case iconv
  }

  private let way: Way
  private let charset: [UInt8]
  private var iconv: IconvEncoder?
  private var converter = CharsetConverter()

  /// Nil where the charset is not known, or where it writes ASCII as other bytes (UTF-16, UTF-7,
  /// EBCDIC): what is put beside such text must be in UTF-8 of its own.
  package init?(charset: String) {
    let name = String(decoding: charset.utf8.map(ASCII.lower), as: UTF8.self)
    self.charset = Array(name.utf8)
    switch CharsetName.kind(name) {
    case .utf8:
      way = CharsetName.isASCII(name) ? .direct(last: 0x7F) : .utf8
    case .latin1 where name == "iso-8859-1": way = .direct(last: 0xFF)
    case .unknown: return nil
    case .latin1, .iconv:
      guard !CharsetName.hidesASCII(name), let encoder = IconvEncoder(charset: name) else {
        return nil
      }
      way = .iconv
      iconv = consume encoder
    }
  }

  /// The text in the charset; nil where that cannot say it, or where a reader would read something
  /// else.
  package mutating func encode(_ text: [UInt8]) -> [UInt8]? {
    guard (try? UTF8Span(validating: text.span)) != nil else { return nil }
    var bytes: [UInt8] = []
    switch way {
    case .utf8: return text
    case .direct(let last):
      for scalar in String(decoding: text, as: UTF8.self).unicodeScalars {
        // 0x80–0x9F are read as windows-1252.
        guard scalar.value <= last, !(0x80...0x9F).contains(scalar.value) else { return nil }
        bytes.append(UInt8(scalar.value))
      }
      return bytes
    case .iconv:
      guard iconv?.append(text.span, to: &bytes) == true else { return nil }
      // Converters give some characters a second byte sequence, and readers differ in a few: what
      // does not come back as it was is not written.
      let charset = charset
      var back: [UInt8] = []
      _ = converter.append(bytes.span, charset: charset.span, to: &back)
      return back == text ? bytes : nil
    }
  }
}
