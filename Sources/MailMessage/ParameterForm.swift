// How well formed a parameter's value is, and what else programs may take for it.
// Every reading is one pass over the text; there are at most a dozen.

/// What stands between the equals sign and the next parameter.
enum ParameterForm {
  /// A token or a quoted string.
  case plain
  /// The same with comments (RFC 2045 §5.1 takes them from RFC 822).
  case commented
  /// A quoted string with escapes of characters that need none: `"c:\dir"`.
  case escaped
  /// Anything else.
  case odd

  /// The form of the text, which has no blanks around it, and the token or quoted string in it.
  ///
  /// Characters that RFC 2045 would have in quotes, but that no program stumbles over, such as the
  /// slash in `type=text/html`, are taken for part of a token.
  static func read(
    _ bytes: Span<UInt8>, _ text: Range<Int>
  ) -> (form: ParameterForm, value: Range<Int>) {
    let start = ContentTypeReader.skipComments(bytes, text.lowerBound, text.upperBound)
    guard start < text.upperBound else { return (.odd, text) }
    var index = start
    var form = ParameterForm.plain
    if bytes[start] == ASCII.quote {
      guard let string = quotedString(bytes, start..<text.upperBound) else { return (.odd, text) }
      index = string.end
      if string.hasNeedlessEscape { form = .escaped }
    } else {
      while index < text.upperBound, isTokenLike(bytes[index]) { index += 1 }
      guard index > start else { return (.odd, text) }
      let hasSecondSign = bytes[start] == ASCII.equals
      if hasSecondSign, EncodedWords.end(bytes, at: start, index) == nil { return (.odd, text) }
      if bytes[start] == apostrophe, bytes[index - 1] == apostrophe { return (.odd, text) }
    }
    let end = ContentTypeReader.skipComments(bytes, index, text.upperBound)
    guard end == text.upperBound, isClosed(bytes, index..<end),
      isClosed(bytes, text.lowerBound..<start)
    else { return (.odd, text) }
    if form == .plain, start..<index != text { form = .commented }
    return (form, start..<index)
  }

  static let apostrophe: UInt8 = 39

  private static func isTokenLike(_ byte: UInt8) -> Bool {
    switch byte {
    case 0...32, 127, ASCII.quote, ASCII.open, ASCII.close, ASCII.backslash, ASCII.semicolon, 44:
      false
    default: true
    }
  }

  /// Whether only blanks and whole comments stand there.
  static func isBlank(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
    ContentTypeReader.skipComments(bytes, range.lowerBound, range.upperBound) == range.upperBound
      && isClosed(bytes, range)
  }

  /// Of blanks and comments, whether all comments are closed.
  private static func isClosed(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
    var depth = 0
    var index = range.lowerBound
    while index < range.upperBound {
      switch bytes[index] {
      case ASCII.backslash: index += 1
      case ASCII.open: depth += 1
      case ASCII.close: depth -= 1
      default: break
      }
      index += 1
    }
    return depth == 0
  }

  /// Where the quoted string ends; nil where it does not, or has controls in it.
  private static func quotedString(
    _ bytes: Span<UInt8>, _ range: Range<Int>
  ) -> (end: Int, hasNeedlessEscape: Bool)? {
    var index = range.lowerBound + 1
    var hasNeedlessEscape = false
    while index < range.upperBound {
      let byte = bytes[index]
      if byte == ASCII.quote { return (index + 1, hasNeedlessEscape) }
      if (byte < 32 && !ASCII.isFolding(byte)) || byte == 127 { return nil }
      if byte == ASCII.backslash {
        index += 1
        guard index < range.upperBound else { return nil }
        if bytes[index] != ASCII.quote, bytes[index] != ASCII.backslash {
          hasNeedlessEscape = true
        }
      }
      index += 1
    }
    return nil
  }

  /// The content of a quoted string (RFC 5322 §3.2.4), unfolded; it may lack its end.
  static func unquoted(_ bytes: Span<UInt8>, _ string: Range<Int>) -> [UInt8] {
    let end = string.upperBound
    var text: [UInt8] = []
    var index = string.lowerBound + 1
    while index < end {
      var byte = bytes[index]
      index += 1
      if byte == ASCII.quote { break }
      if byte == ASCII.backslash, index < end {
        byte = bytes[index]
        index += 1
      }
      if !isLineEnd(bytes, index - 1, end) { text.append(byte) }
    }
    return text
  }

  /// Whether the byte is a LF, or the CR before one: what unfolding removes.
  private static func isLineEnd(_ bytes: Span<UInt8>, _ index: Int, _ end: Int) -> Bool {
    if bytes[index] == ASCII.lineFeed { return true }
    return bytes[index] == ASCII.carriageReturn && index + 1 < end
      && bytes[index + 1] == ASCII.lineFeed
  }
}

/// Other readings of a value that is not plain.
enum OddValue {
  /// What programs make of `text`, likeliest first; some may be equal.
  static func readings(of text: [UInt8], form: ParameterForm) -> [[UInt8]] {
    let literal = withoutQuotes(text[..<(text.firstIndex(of: ASCII.semicolon) ?? text.endIndex)])
    switch form {
    case .plain: return []
    case .commented: return text.first == ASCII.quote ? [] : [literal, joined(text)]
    case .escaped: return [withoutQuotes(text[...]), toSecondQuote(text)]
    case .odd: break
    }
    var readings = [joined(text), literal]
    if literal.contains(ASCII.backslash) { readings.append(unescaped(literal[...])) }
    if text.first == ASCII.quote {
      readings.append(toSecondQuote(text))
    } else {
      readings.append(firstWord(text))
    }
    if literal.first == ASCII.equals {
      readings.append(Array(literal.drop { $0 == ASCII.equals || ASCII.isFolding($0) }))
    }
    if let inner = inApostrophes(literal) { readings.append(inner) }
    if let semicolon = text.firstIndex(of: ASCII.semicolon),
      text[semicolon...].contains(ASCII.dot)
    {
      readings.append(withoutQuotes(unescaped(text[...])[...]))
    }
    return readings
  }

  /// Quotes, escapes and comments taken out, the rest joined, to the first bare semicolon.
  private static func joined(_ text: [UInt8]) -> [UInt8] {
    let bytes = text.span
    var result: [UInt8] = []
    var isQuoted = false
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      if !isQuoted, byte == ASCII.semicolon { break }
      if !isQuoted, byte == ASCII.open {
        index = ContentTypeReader.skipComments(bytes, index, bytes.count)
        continue
      }
      index += 1
      if byte == ASCII.quote {
        isQuoted.toggle()
        // `"a" ".pdf"`: two strings side by side are one to some.
        if !isQuoted { index = nextString(bytes, index) ?? index }
      } else if byte == ASCII.backslash, index < bytes.count {
        result.append(bytes[index])
        index += 1
      } else {
        result.append(byte)
      }
    }
    return result
  }

  /// Where the next quoted string begins, if only blanks are before it.
  private static func nextString(_ bytes: Span<UInt8>, _ start: Int) -> Int? {
    var index = start
    while index < bytes.count, ASCII.isFolding(bytes[index]) { index += 1 }
    return index < bytes.count && bytes[index] == ASCII.quote ? index : nil
  }

  /// Without the quotes and blanks around it.
  private static func withoutQuotes(_ text: ArraySlice<UInt8>) -> [UInt8] {
    func isOuter(_ byte: UInt8) -> Bool { byte == ASCII.quote || ASCII.isFolding(byte) }
    guard let first = text.firstIndex(where: { !isOuter($0) }),
      let last = text.lastIndex(where: { !isOuter($0) })
    else { return [] }
    return Array(text[first...last])
  }

  private static func unescaped(_ text: ArraySlice<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    var isEscaped = false
    for byte in text {
      if byte == ASCII.backslash, !isEscaped {
        isEscaped = true
      } else {
        result.append(byte)
        isEscaped = false
      }
    }
    return result
  }

  /// What a reader without escapes takes for a quoted string.
  private static func toSecondQuote(_ text: [UInt8]) -> [UInt8] {
    let inner = text.dropFirst().prefix { $0 != ASCII.quote }
    guard let last = inner.lastIndex(where: { $0 != ASCII.backslash }) else { return [] }
    return Array(inner[...last])
  }

  /// Mail programs differ on where an unquoted value with blanks ends.
  private static func firstWord(_ text: [UInt8]) -> [UInt8] {
    Array(
      text.prefix {
        $0 > 32 && $0 != ASCII.quote && $0 != ASCII.open && $0 != ASCII.semicolon && $0 != 127
      })
  }

  private static func inApostrophes(_ text: [UInt8]) -> [UInt8]? {
    guard text.first == ParameterForm.apostrophe else { return nil }
    return Array(text.dropFirst().prefix { $0 != ParameterForm.apostrophe })
  }
}
