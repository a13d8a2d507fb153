// Parameters of Content-Type and Content-Disposition (RFC 2045 §5.1, RFC 2183 §2), read as widely
// as mail programs read them: missing semicolons, unquoted blanks, quotes that never end.
// Trusts nothing; linear in the field, at most `parametersMax` parameters.

/// The parameters of one field as they stand there.
struct ParameterList {
  struct Parameter {
    /// Lower-case, without the marks of RFC 2231.
    let name: [UInt8]
    /// The piece's number (RFC 2231 §3), if it is one of several.
    let section: Int?
    /// Whether the value is percent-encoded (RFC 2231 §4).
    let isExtended: Bool
    let isQuoted: Bool
    /// Without quotes and folds.
    let value: [UInt8]
  }

  private(set) var parameters: [Parameter] = []
  /// Whether parameters were left out for their number.
  private(set) var isTruncated = false

  init(_ bytes: Span<UInt8>, _ value: Range<Int>, parametersMax: Int) {
    var index = value.lowerBound
    let end = value.upperBound
    while index < end {
      guard let name = Self.attribute(bytes, &index, end) else { continue }
      index = Self.valueStart(bytes, index, end)
      let isQuoted = index < end && bytes[index] == ASCII.quote
      let text = isQuoted ? Self.quoted(bytes, &index, end) : Self.unquoted(bytes, &index, end)
      guard !name.isEmpty else { continue }
      guard parameters.count < parametersMax else {
        isTruncated = true
        return
      }
      parameters.append(Self.parameter(bytes, name, value: text, isQuoted: isQuoted))
    }
  }

  // MARK: Reading

  /// Moves behind the next `=` and returns the word before it; nil when a semicolon comes first.
  private static func attribute(
    _ bytes: Span<UInt8>, _ index: inout Int, _ end: Int
  ) -> Range<Int>? {
    var word = index..<index
    var isInWord = false
    while index < end {
      let byte = bytes[index]
      if byte == ASCII.open {
        index = ContentTypeReader.skipComments(bytes, index, end)
        isInWord = false
        continue
      }
      index += 1
      if byte == ASCII.semicolon { return nil }
      if byte == ASCII.equals { return word }
      if ASCII.isFolding(byte) {
        isInWord = false
      } else {
        word = (isInWord ? word.lowerBound : index - 1)..<index
        isInWord = true
      }
    }
    return nil
  }

  /// Where the value after an equals sign begins: after blanks, and after comments that a blank
  /// parts from it. `name=(1).pdf` has none: the parenthesis is meant as part of the name.
  private static func valueStart(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Int {
    let first = afterFolding(bytes, start, end)
    guard first < end, bytes[first] == ASCII.open else { return first }
    let next = ContentTypeReader.skipComments(bytes, first, end)
    guard next < end, bytes[next] != ASCII.semicolon, ASCII.isFolding(bytes[next - 1]) else {
      return first
    }
    return next
  }

  /// A quoted string (RFC 5322 §3.2.4); one that never ends reaches to the end of the field.
  private static func quoted(_ bytes: Span<UInt8>, _ index: inout Int, _ end: Int) -> [UInt8] {
    var text: [UInt8] = []
    index += 1
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

  /// A value without quotes: to the semicolon, or to blanks that another `name=` follows.
  private static func unquoted(_ bytes: Span<UInt8>, _ index: inout Int, _ end: Int) -> [UInt8] {
    var text: [UInt8] = []
    var length = 0
    while index < end, bytes[index] != ASCII.semicolon {
      let byte = bytes[index]
      if ASCII.isFolding(byte) {
        let wordStart = afterFolding(bytes, index, end)
        var wordEnd = wordStart
        _ = ContentTypeReader.token(bytes, &wordEnd, end)
        if wordEnd > wordStart, wordEnd < end, bytes[wordEnd] == ASCII.equals { break }
        for blank in index..<wordStart where ASCII.isBlank(bytes[blank]) {
          text.append(bytes[blank])
        }
        index = wordStart
        // The word was looked at once; take it now, so that no byte is looked at a third time.
        for part in wordStart..<wordEnd { text.append(bytes[part]) }
        index = wordEnd
      } else {
        text.append(byte)
        index += 1
      }
      if let last = text.last, !ASCII.isBlank(last) { length = text.count }
    }
    text.removeLast(text.count - length)
    return text
  }

  private static func afterFolding(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Int {
    var index = start
    while index < end, ASCII.isFolding(bytes[index]) { index += 1 }
    return index
  }

  /// Whether the byte is a LF, or the CR before one: what unfolding removes.
  private static func isLineEnd(_ bytes: Span<UInt8>, _ index: Int, _ end: Int) -> Bool {
    if bytes[index] == ASCII.lineFeed { return true }
    return bytes[index] == ASCII.carriageReturn && index + 1 < end
      && bytes[index + 1] == ASCII.lineFeed
  }

  /// Takes the marks of RFC 2231 off the name: `name*`, `name*0`, `name*0*`.
  private static func parameter(
    _ bytes: Span<UInt8>, _ name: Range<Int>, value: [UInt8], isQuoted: Bool
  ) -> Parameter {
    var end = name.upperBound
    let isExtended = end > name.lowerBound && bytes[end - 1] == ASCII.star
    if isExtended { end -= 1 }
    var digits = end
    while digits > name.lowerBound, end - digits < 5, ASCII.digit(bytes[digits - 1]) != nil {
      digits -= 1
    }
    var section: Int?
    if digits < end, digits > name.lowerBound, bytes[digits - 1] == ASCII.star {
      section = (digits..<end).reduce(0) { $0 * 10 + (ASCII.digit(bytes[$1]) ?? 0) }
      end = digits - 1
    }
    return Parameter(
      name: ASCII.lowered(bytes, name.lowerBound..<end), section: section,
      isExtended: isExtended, isQuoted: isQuoted, value: value)
  }

  // MARK: Values

  /// Every value declared for `name`, as UTF-8: percent-encoded ones first (RFC 6266 §4.3 has the
  /// reason), then those in pieces, then plain ones. Encoded words are decoded: RFC 2047 §5 forbids
  /// them here, and most mail programs read them.
  func values(named name: String) -> [String] {
    let ours = parameters.filter { $0.name.elementsEqual(name.utf8) }
    var values: [String] = []
    for parameter in ours where parameter.section == nil && parameter.isExtended {
      values.append(ExtendedValue.text([parameter]))
    }
    let pieces = ours.filter { $0.section != nil }
    if !pieces.isEmpty { values.append(ExtendedValue.text(inOrder(pieces))) }
    for parameter in ours where parameter.section == nil && !parameter.isExtended {
      values.append(ExtendedValue.plainText(parameter.value))
      // Mail programs differ on where an unquoted value with blanks ends, unless it is in encoded
      // words.
      let isEncoded = parameter.value.starts(with: [ASCII.equals, ASCII.question])
      if !parameter.isQuoted, !isEncoded, let word = firstWord(parameter.value) {
        values.append(ExtendedValue.plainText(word))
      }
    }
    return values
  }

  /// Every value declared for `name` as bytes, plain ones first and only to their first blank or
  /// comment when unquoted: for boundaries and charsets, which nobody writes as RFC 2231 would.
  func tokens(named name: String) -> [[UInt8]] {
    let ours = parameters.filter { $0.name.elementsEqual(name.utf8) }
    let plain = ours.filter { $0.section == nil && !$0.isExtended }
      .map { $0.isQuoted ? $0.value : beforeComment(firstWord($0.value) ?? $0.value) }
    guard plain.count < ours.count else { return plain }
    let pieces = ours.filter { $0.section != nil }
    var others = ours.filter { $0.section == nil && $0.isExtended }.map { [$0] }
    if !pieces.isEmpty { others.append(inOrder(pieces)) }
    return plain + others.map { Array(ExtendedValue.text($0).utf8) }
  }

  /// The pieces by number (RFC 2231 §3 lets them come in any order), the first of each number.
  private func inOrder(_ pieces: [Parameter]) -> [Parameter] {
    var seen: Set<Int> = []
    return pieces.filter { seen.insert($0.section ?? 0).inserted }
      .sorted { ($0.section ?? 0) < ($1.section ?? 0) }
  }

  private func firstWord(_ value: [UInt8]) -> [UInt8]? {
    guard let blank = value.firstIndex(where: ASCII.isBlank) else { return nil }
    return Array(value[..<blank])
  }

  /// What is before a comment: a parenthesis is no part of a token (RFC 2045 §5.1).
  private func beforeComment(_ value: [UInt8]) -> [UInt8] {
    guard let open = value.firstIndex(of: ASCII.open), open > 0 else { return value }
    return Array(value[..<open])
  }
}
