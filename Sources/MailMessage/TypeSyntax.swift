// Whether a Content-Type is written so plainly that every mail program reads it the same way.
// Cost: one look at each byte; it is asked of every part.

/// How a Content-Type field is written (RFC 2045 §5.1).
struct TypeSyntax {
  /// Whether the RFC allows it; a semicolon at the end is let pass, since it is so common.
  private(set) var isValid = true
  /// Whether type and subtype are there as the RFC has them, whatever follows.
  private(set) var isTypeValid = true
  /// Whether, besides, it has nothing that is often misread: comments, escapes, folded words,
  /// blanks around signs, a boundary in pieces.
  private(set) var isPlain = true
  /// Whether a comment never ends.
  private(set) var hasOpenComment = false
  /// Whether a boundary is declared or, in what is not valid, spoken of.
  private(set) var hasBoundary = false

  init(_ bytes: Span<UInt8>, _ value: Range<Int>) {
    var index = value.lowerBound
    let end = ASCII.trimmed(bytes, value).upperBound
    skip(bytes, &index, end)
    word(bytes, &index, end)
    sign(bytes, &index, end, ASCII.slash)
    word(bytes, &index, end)
    isTypeValid = isValid && (index == end || bytes[index] != ASCII.slash)
    while isValid, index < end { parameter(bytes, &index, end) }
    guard !isValid else { return }
    isPlain = false
    if !hasBoundary { hasBoundary = Self.mentions(bytes, value, "boundary") }
  }

  /// Whether the word stands anywhere in the value; a value is no longer than a header may be.
  static func mentions(_ bytes: Span<UInt8>, _ value: Range<Int>, _ word: String) -> Bool {
    let word = Array(word.utf8)
    return ASCII.firstIndex(of: word.span, in: bytes.extracting(value)) != nil
  }

  private mutating func parameter(_ bytes: Span<UInt8>, _ index: inout Int, _ end: Int) {
    skip(bytes, &index, end)
    guard index < end else { return }
    guard bytes[index] == ASCII.semicolon else {
      isValid = false
      return
    }
    index += 1
    skip(bytes, &index, end)
    guard index < end else { return }
    let start = index
    word(bytes, &index, end)
    note(bytes, start..<index)
    sign(bytes, &index, end, ASCII.equals)
    guard isValid, index < end else {
      isValid = false
      return
    }
    if bytes[index] == ASCII.quote {
      quoted(bytes, &index, end)
    } else {
      word(bytes, &index, end)
    }
  }

  /// A boundary must be declared once, and in one piece to be plain.
  private mutating func note(_ bytes: Span<UInt8>, _ name: Range<Int>) {
    guard name.count >= 8 else { return }
    let start = bytes.extracting(name.lowerBound..<name.lowerBound + 8)
    guard ASCII.isEqual(start, Self.boundary.span) else { return }
    if name.count > 8 {
      isPlain = false
    } else if hasBoundary {
      isValid = false
    }
    hasBoundary = true
  }

  private static let boundary = Array("boundary".utf8)

  private mutating func word(_ bytes: Span<UInt8>, _ index: inout Int, _ end: Int) {
    let start = index
    while index < end, ContentTypeReader.isToken(bytes[index]), bytes[index] != ASCII.backslash {
      index += 1
    }
    if index == start { isValid = false }
  }

  private mutating func sign(
    _ bytes: Span<UInt8>, _ index: inout Int, _ end: Int, _ sign: UInt8
  ) {
    let start = index
    skip(bytes, &index, end)
    guard index < end, bytes[index] == sign else {
      isValid = false
      return
    }
    if index > start { isPlain = false }
    index += 1
    let next = index
    skip(bytes, &index, end)
    if index > next { isPlain = false }
  }

  private mutating func quoted(_ bytes: Span<UInt8>, _ index: inout Int, _ end: Int) {
    index += 1
    while index < end, bytes[index] != ASCII.quote {
      switch bytes[index] {
      case ASCII.backslash:
        isPlain = false
        index += 1
      case ASCII.carriageReturn, ASCII.lineFeed: isPlain = false
      case ASCII.tab: break
      case 0..<32, 127: isValid = false
      default: break
      }
      index += 1
    }
    if index >= end { isValid = false }
    index += 1
  }

  /// Over blanks, folds and comments.
  private mutating func skip(_ bytes: Span<UInt8>, _ index: inout Int, _ end: Int) {
    while index < end, ASCII.isFolding(bytes[index]) { index += 1 }
    guard index < end, bytes[index] == ASCII.open else { return }
    isPlain = false
    index = ContentTypeReader.skipComments(bytes, index, end)
    guard index == end, bytes[end - 1] != ASCII.close else { return }
    isValid = false
    hasOpenComment = true
  }
}
