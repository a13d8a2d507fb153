// Type and encoding of a part as its header declares them (RFC 2045 §5.1, §6.1), read generously.

enum ContentTypeReader {
  /// The declared type, or nil where none can be read.
  static func read(_ bytes: Span<UInt8>, _ value: Range<Int>) -> ContentType? {
    var index = skipComments(bytes, value.lowerBound, value.upperBound)
    let type = token(bytes, &index, value.upperBound)
    guard !type.isEmpty else { return nil }
    index = skipComments(bytes, index, value.upperBound)
    guard index < value.upperBound, bytes[index] == ASCII.slash else {
      // Without a subtype, only "multipart" still says how to read the content.
      let name = text(bytes, type)
      return name == "multipart" ? ContentType(type: name, subtype: "mixed") : nil
    }
    index = skipComments(bytes, index + 1, value.upperBound)
    let subtype = token(bytes, &index, value.upperBound)
    guard !subtype.isEmpty else { return nil }
    return ContentType(type: text(bytes, type), subtype: text(bytes, subtype))
  }

  /// Moves over a token (RFC 2045 §5.1) and returns it.
  static func token(_ bytes: Span<UInt8>, _ index: inout Int, _ end: Int) -> Range<Int> {
    let start = index
    while index < end, isToken(bytes[index]) { index += 1 }
    return start..<index
  }

  /// Printable ASCII but the tspecials that can end a type.
  static func isToken(_ byte: UInt8) -> Bool {
    guard byte > 32, byte < 127 else { return false }
    switch byte {
    case ASCII.slash, ASCII.semicolon, ASCII.open, ASCII.close, ASCII.quote, ASCII.equals, 44:
      return false
    default: return true
    }
  }

  /// The offset after blanks, folds and comments (RFC 5322 §3.2.2) at `start`.
  static func skipComments(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Int {
    var index = start
    var depth = 0
    while index < end {
      let byte = bytes[index]
      if byte == ASCII.open {
        depth += 1
      } else if byte == ASCII.close, depth > 0 {
        depth -= 1
      } else if byte == ASCII.backslash, depth > 0 {
        index += 1
      } else if depth == 0, !ASCII.isFolding(byte) {
        return index
      }
      index += 1
    }
    return end
  }

  /// The lower-cased text of a token; short ones need no allocation.
  static func text(_ bytes: Span<UInt8>, _ range: Range<Int>) -> String {
    let token = bytes.extracting(range)
    for name in common where ASCII.isEqual(token, name.bytes.span) { return name.text }
    return String(decoding: ASCII.lowered(bytes, range), as: UTF8.self)
  }

  /// What nearly every message consists of; saves making the string.
  private static let common: [(bytes: [UInt8], text: String)] = [
    "text", "plain", "html", "multipart", "mixed", "alternative", "related", "application",
    "octet-stream", "pdf", "image", "message", "rfc822",
  ].map { (Array($0.utf8), $0) }
}

enum TransferEncodingReader {
  struct Encoding {
    let value: TransferEncoding
    let name: String?
    let isConflicting: Bool
    /// Whether it is one that everybody knows, and nothing else stands in the field.
    let isPlain: Bool
  }

  static func read(_ bytes: Span<UInt8>, _ block: StructureReader.HeaderBlock) -> Encoding {
    guard let field = block.encoding else {
      return Encoding(value: .sevenBit, name: nil, isConflicting: false, isPlain: true)
    }
    let name = name(bytes, field.value)
    let isEmpty = ASCII.trimmed(bytes, field.value).isEmpty
    let value = name.isEmpty && !isEmpty ? .unknown : encoding(name)
    return Encoding(
      value: value, name: name,
      isConflicting: block.hasSecondEncoding || hasSecondWord(bytes, field.value),
      isPlain: value != .unknown && !name.isEmpty
        && ASCII.trimmed(bytes, field.value).count == name.utf8.count)
  }

  /// The declared name, lower-case, without comments around it.
  static func name(_ bytes: Span<UInt8>, _ value: Range<Int>) -> String {
    var index = ContentTypeReader.skipComments(bytes, value.lowerBound, value.upperBound)
    // Some programs quote it; mail programs decode all the same.
    if index < value.upperBound, bytes[index] == ASCII.quote { index += 1 }
    let token = ContentTypeReader.token(bytes, &index, value.upperBound)
    return ContentTypeReader.text(bytes, token)
  }

  /// Whether a second encoding follows the first.
  private static func hasSecondWord(_ bytes: Span<UInt8>, _ value: Range<Int>) -> Bool {
    var index = ContentTypeReader.skipComments(bytes, value.lowerBound, value.upperBound)
    _ = ContentTypeReader.token(bytes, &index, value.upperBound)
    while index < value.upperBound, !ContentTypeReader.isToken(bytes[index]) { index += 1 }
    let token = ContentTypeReader.token(bytes, &index, value.upperBound)
    return !token.isEmpty && encoding(ContentTypeReader.text(bytes, token)) != .unknown
  }

  static func encoding(_ name: String) -> TransferEncoding {
    switch name {
    case "", "7bit": .sevenBit
    case "8bit": .eightBit
    case "binary": .binary
    case "quoted-printable": .quotedPrintable
    case "base64": .base64
    case "x-uuencode", "uuencode", "x-uue", "uue", "x-uu", "uu": .uuencode
    default: .unknown
    }
  }
}
