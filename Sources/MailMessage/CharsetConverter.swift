// Bytes in a declared charset to UTF-8 (RFC 2045 §5.1, RFC 2978): the common charsets here, the
// rest by iconv. The charset's name comes from the mail and may be anything.

/// Converts to UTF-8 and keeps the last iconv handle, since text tends to stay in its charset.
struct CharsetConverter: ~Copyable {
  private var converters: OpenConverters?
  private var current: SharedIconv?
  private var currentName = ""
  private let wideOrder: ByteOrder?

  /// `wideOrder` is that of UTF-16 and its like without a byte order mark; without it, iconv's.
  init(wideOrder: ByteOrder? = nil, converters: OpenConverters? = nil) {
    self.wideOrder = wideOrder
    self.converters = converters
  }

  /// Appends `bytes` as valid UTF-8; returns false when the charset is not known, and then keeps
  /// ASCII and valid UTF-8 and makes U+FFFD of the rest.
  mutating func append(
    _ bytes: Span<UInt8>, charset: Span<UInt8>, to text: inout [UInt8], limitBytes: Int = .max
  ) -> Bool {
    let name = String(decoding: ASCII.lowered(charset, charset.indices), as: UTF8.self)
    switch CharsetName.kind(name) {
    case .utf8: UTF8Text.append(bytes, to: &text)
    case .latin1: WindowsLatin.append(bytes, to: &text)
    case .unknown:
      UTF8Text.append(bytes, to: &text)
      return false
    case .iconv(let canonical):
      let ordered = wideOrder?.charset(canonical, of: bytes)
      guard open(ordered ?? CharsetName.ordered(canonical, bytes)) else {
        UTF8Text.append(bytes, to: &text)
        return false
      }
      let converted = current?.append(bytes, to: &text, limitBytes: limitBytes) ?? 0
      if text.count < limitBytes {
        UTF8Text.append(bytes.extracting(converted..<bytes.count), to: &text)
      }
    }
    return true
  }

  /// Makes `current` the converter of `name`, if there is one.
  private mutating func open(_ name: String) -> Bool {
    if currentName != name {
      let converters = converters ?? OpenConverters()
      self.converters = converters
      current = converters.converter(name)
      currentName = name
    }
    return current != nil
  }
}

/// The converters that the texts of one value, or of one part's names, use: each opened once.
final class OpenConverters {
  /// Opening one can load a library (half a millisecond), so mail may not ask for thousands.
  private var opensLeft: Int
  private var known: [String: SharedIconv?] = [:]

  init(opensMax: Int = 32) { opensLeft = opensMax }

  func converter(_ name: String) -> SharedIconv? {
    if let found = known[name] { return found }
    guard opensLeft > 0 else { return nil }
    opensLeft -= 1
    let opened = SharedIconv(charset: name)
    known[name] = .some(opened)
    return opened
  }
}

/// A converter with several users, one after the other.
final class SharedIconv {
  private var iconv: Iconv

  init?(charset: String) {
    guard let opened = Iconv(charset: charset) else { return nil }
    iconv = opened
  }

  func append(_ bytes: Span<UInt8>, to text: inout [UInt8], limitBytes: Int) -> Int {
    iconv.append(bytes, to: &text, limitBytes: limitBytes)
  }
}

/// Which byte of a UTF-16 unit comes first. RFC 2781 §4.3 has the big end first where the mail does
/// not say; many programs have the little one first.
package enum ByteOrder: Sendable {
  case bigEndian, littleEndian

  private static let orderless = [
    "utf-16": "utf-16", "utf16": "utf-16", "ucs-2": "utf-16", "ucs2": "utf-16",
    "iso-10646-ucs-2": "utf-16", "utf-32": "utf-32", "utf32": "utf-32", "ucs-4": "utf-32",
    "ucs4": "utf-32", "iso-10646-ucs-4": "utf-32",
  ]

  /// The charset that says the order, for one that leaves it open; nil for others and for text
  /// that begins with a byte order mark.
  func charset(_ name: String, of text: Span<UInt8>) -> String? {
    guard let family = Self.orderless[name] else { return nil }
    if text.count > 3 {
      let isWide = text[0] == 0 && text[1] == 0
      let first = isWide ? (text[2], text[3]) : (text[0], text[1])
      if first == (0xFE, 0xFF) || first == (0xFF, 0xFE) { return nil }
    }
    return family + (self == .bigEndian ? "be" : "le")
  }

  /// Whether a charset that leaves the order open may be named in `text`.
  static func mayMatter(_ text: Span<UInt8>) -> Bool {
    orderMarks.contains { ASCII.firstIndex(of: $0.span, in: text) != nil }
  }

  private static let orderMarks: [[UInt8]] = ["utf-16", "utf16", "utf-32", "utf32", "ucs"].map {
    Array($0.utf8)
  }
}
