// Header fields by name, and their values as text.

extension MailMessage {
  /// Whether the field has this name, whatever the case of its ASCII letters.
  package func isField(_ field: HeaderField, named name: Span<UInt8>, in part: Int = 0) -> Bool {
    guard field.name.count == name.count else { return false }
    let bytes = parts[part].bytes
    return ASCII.isEqual(bytes.span.extracting(field.name), name)
  }

  /// The fields of this name in the header of a part (by default the message's own), in order.
  package func fields(named name: String, in part: Int = 0) -> [HeaderField] {
    let source = parts[part].source
    return source.bytes.fields(source.fields, named: Array(name.utf8))
  }

  /// The first field of this name in the header of a part (by default the message's own).
  package func firstField(named name: String, in part: Int = 0) -> HeaderField? {
    let name = Array(name.utf8)
    return parts[part].fields.first { isField($0, named: name.span, in: part) }
  }

  /// Appends the value with its folds undone (RFC 5322 §2.2.3) and outer blanks taken off; no byte
  /// is changed otherwise.
  package func appendUnfolded(_ field: HeaderField, to text: inout [UInt8]) {
    Unfolding.append(bytes.span, field.value, to: &text)
  }

  /// Appends the value as valid UTF-8: unfolded, encoded words decoded (RFC 2047), raw 8-bit text
  /// kept where it is UTF-8 (RFC 6532) and made U+FFFD elsewhere.
  package func appendDecoded(_ field: HeaderField, to text: inout [UInt8]) {
    parts[0].appendDecoded(field, to: &text)
  }

  /// The addresses in a field (RFC 5322 §3.4), those in groups too. Their number is bounded by
  /// `MailLimits.headerBytesMax`.
  package func addresses(in field: HeaderField) -> [Mailbox] {
    AddressParser.mailboxes(bytes.span.extracting(field.value))
  }
}

extension Part {
  /// The same of a field of this part, which need not stand in the message's own buffer.
  package func appendDecoded(_ field: HeaderField, to text: inout [UInt8]) {
    var unfolded: [UInt8] = []
    Unfolding.append(bytes.span, field.value, to: &unfolded)
    EncodedWords.append(unfolded.span, to: &text)
  }
}

/// RFC 5322 §2.2.3: a line end followed by a blank is one that folding put there.
enum Unfolding {
  static func append(_ bytes: Span<UInt8>, _ value: Range<Int>, to text: inout [UInt8]) {
    let trimmed = ASCII.trimmed(bytes, value)
    var start = trimmed.lowerBound
    let end = trimmed.upperBound
    while let lineFeed = ByteScan.firstIndex(
      of: ASCII.lineFeed, in: bytes, from: start, to: end)
    {
      let hasReturn = lineFeed > start && bytes[lineFeed - 1] == ASCII.carriageReturn
      text.append(copying: bytes.extracting(start..<(hasReturn ? lineFeed - 1 : lineFeed)))
      start = lineFeed + 1
    }
    text.append(copying: bytes.extracting(start..<end))
  }
}

extension [UInt8] {
  /// Those of `fields`, which are ranges of this array, that have a name, in order.
  func fields(_ fields: [HeaderField], named name: [UInt8]) -> [HeaderField] {
    // Lent once: each loan counts a reference, and headers have many fields.
    let (bytes, wanted) = (span, name.span)
    var found: [HeaderField] = []
    for field in fields where field.name.count == wanted.count {
      if ASCII.isEqual(bytes.extracting(field.name), wanted) { found.append(field) }
    }
    return found
  }
}
