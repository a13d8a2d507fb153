// Parameters of Content-Type and Content-Disposition (RFC 2045 §5.1, RFC 2183 §2), read as widely
// as mail programs read them: missing semicolons, unquoted blanks, quotes that never end.
// Trusts nothing; linear in the field, at most `parametersMax` parameters that decide how a part is
// read or called, and as many others. What else a parameter's text could mean is kept with it and
// worked out in `ParameterList+Values` when asked for.

/// The parameters of one field as they stand there.
struct ParameterList {
  struct Parameter {
    /// Without the marks of RFC 2231, and without what hides it: `filena(c)me`, `file\name`.
    let name: ParameterName
    let isQuoted: Bool
    /// Without quotes and folds.
    let value: [UInt8]
    let form: ParameterForm
    /// All from the equals sign to the next parameter, without line ends; empty where the form is
    /// plain, since then it says no more than the value.
    let text: [UInt8]
    /// Where its equals sign stands.
    let equals: Int
  }

  private(set) var parameters: [Parameter] = []
  /// Whether parameters were left out for their number.
  private(set) var isTruncated = false
  /// Whether something in the field is not as RFC 2045 §5.1 has it.
  private(set) var isBroken = false
  let parametersMax: Int

  /// A parameter whose text has not ended yet.
  private struct Open {
    let name: ParameterName
    let equals: Int
    /// With the quotes, if it has some.
    let value: Range<Int>
    let isQuoted: Bool
    var textEnd: Int
  }

  init(_ bytes: Span<UInt8>, _ value: Range<Int>, parametersMax: Int) {
    self.parametersMax = parametersMax
    let end = value.upperBound
    var index = value.lowerBound
    var open: Open?
    var isBeforeSemicolon = true
    var isAfterValue = false
    var knownCount = 0
    var vainBytesLeft = 4 * value.count
    while index < end {
      let start = index
      guard let word = Self.attribute(bytes, &index, end) else {
        let stop = bytes[index - 1] == ASCII.semicolon ? index - 1 : index
        if isAfterValue {
          open?.textEnd = stop
        } else if !isBeforeSemicolon, !ParameterForm.isBlank(bytes, start..<stop) {
          isBroken = true
          if open?.isQuoted == false { open?.textEnd = stop }
        }
        isBeforeSemicolon = false
        isAfterValue = false
        continue
      }
      let equals = index - 1
      let name = ParameterName(bytes, word: word, in: start..<equals)
      if isAfterValue { open?.textEnd = word.lowerBound }
      if isBeforeSemicolon || isAfterValue || name.isHidden { isBroken = true }
      let first = Self.valueStart(bytes, index, end, vainBytesLeft: &vainBytesLeft)
      let isQuoted = first < end && bytes[first] == ASCII.quote
      index = isQuoted ? Self.quotedEnd(bytes, first, end) : Self.unquotedEnd(bytes, first, end)
      isBeforeSemicolon = false
      isAfterValue = true
      guard !name.base.isEmpty else { continue }
      if let open { close(bytes, open) }
      open = nil
      // What decides how a part is read is counted for itself, so that it cannot be pushed out.
      let isFull = (name.isKnown ? knownCount : parameters.count - knownCount) >= parametersMax
      guard !isFull else {
        isTruncated = true
        continue
      }
      if name.isKnown { knownCount += 1 }
      open = Open(
        name: name, equals: equals, value: first..<index, isQuoted: isQuoted, textEnd: index)
    }
    if let open { close(bytes, open) }
  }

  private mutating func close(_ bytes: Span<UInt8>, _ open: Open) {
    let text = ASCII.trimmed(
      bytes, open.equals + 1..<max(open.textEnd, open.value.upperBound))
    var (form, token) = ParameterForm.read(bytes, text)
    var value: [UInt8]
    if open.isQuoted {
      value = ParameterForm.unquoted(bytes, open.value)
    } else {
      // `name=(1).pdf`: the parenthesis is meant as part of the name.
      if token.lowerBound != open.value.lowerBound { token = open.value }
      let range = form == .commented ? token : ASCII.trimmed(bytes, open.value)
      value = range.map { bytes[$0] }
      value.removeAll { $0 == ASCII.lineFeed || $0 == ASCII.carriageReturn }
    }
    // Neighbouring encoded words with blanks between them are one value.
    if form == .odd, !open.isQuoted, EncodedWords.cover(value.span) == .all { form = .plain }
    if form == .odd { isBroken = true }
    var rest: [UInt8] = []
    if form != .plain {
      rest = text.map { bytes[$0] }
      rest.removeAll { $0 == ASCII.lineFeed || $0 == ASCII.carriageReturn }
    }
    parameters.append(
      Parameter(
        name: open.name, isQuoted: open.isQuoted, value: value, form: form, text: rest,
        equals: open.equals))
  }

  // MARK: Finding

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
      if byte == ASCII.equals, word.isEmpty, let last = EncodedWords.end(bytes, at: index, end) {
        word = index..<last
        index = last
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
  ///
  /// Comments that turn out to be text are read again: `vainBytesLeft` bytes of a field at most.
  private static func valueStart(
    _ bytes: Span<UInt8>, _ start: Int, _ end: Int, vainBytesLeft: inout Int
  ) -> Int {
    let first = afterFolding(bytes, start, end)
    guard first < end, bytes[first] == ASCII.open, vainBytesLeft > 0 else { return first }
    let next = ContentTypeReader.skipComments(bytes, first, end)
    if next < end, bytes[next] != ASCII.semicolon,
      ASCII.isFolding(bytes[next - 1]) || bytes[next] == ASCII.quote
    {
      return next
    }
    vainBytesLeft -= next - first
    return first
  }

  /// The end of a quoted string (RFC 5322 §3.2.4); of one that never ends, the end of the field.
  private static func quotedEnd(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Int {
    var index = start + 1
    while index < end {
      if bytes[index] == ASCII.quote { return index + 1 }
      index += bytes[index] == ASCII.backslash ? 2 : 1
    }
    return end
  }

  /// The end of a value without quotes: a semicolon, or blanks that another `name=` follows.
  private static func unquotedEnd(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Int {
    var index = start
    while index < end, bytes[index] != ASCII.semicolon {
      guard ASCII.isFolding(bytes[index]) else {
        index += 1
        continue
      }
      let word = afterFolding(bytes, index, end)
      var wordEnd = word
      _ = ContentTypeReader.token(bytes, &wordEnd, end)
      if wordEnd > word, wordEnd < end, bytes[wordEnd] == ASCII.equals { return index }
      // The word was looked at once; no byte is looked at a third time.
      index = wordEnd
    }
    return index
  }

  private static func afterFolding(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Int {
    var index = start
    while index < end, ASCII.isFolding(bytes[index]) { index += 1 }
    return index
  }
}
