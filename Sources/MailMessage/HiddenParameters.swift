// Parameters that the standards do not see, but that some programs find: behind a quote that never
// ends or inside of a comment or a quoted string, for programs that split at every semicolon; and
// inside of encoded words, for programs that decode a header before they read it.

enum HiddenParameters {
  /// Values of `name` in the field that `list` does not have.
  static func values(
    named name: String, _ bytes: Span<UInt8>, _ field: Range<Int>, _ list: ParameterList,
    _ decoder: ValueDecoder
  ) -> [ParameterValue] {
    var found: [ParameterValue] = []
    var hasCover = false
    var hasWords = false
    for index in field {
      let byte = bytes[index]
      if byte == ASCII.quote || byte == ASCII.open { hasCover = true }
      if byte == ASCII.question, index > field.lowerBound, bytes[index - 1] == ASCII.equals {
        hasWords = true
      }
    }
    if hasCover || list.isBroken { addCovered(name, bytes, field, list, decoder, to: &found) }
    if hasWords, list.isBroken { addEncoded(name, bytes, field, list, decoder, to: &found) }
    return found
  }

  /// What is left when quotes and comments protect nothing.
  private static func addCovered(
    _ name: String, _ bytes: Span<UInt8>, _ field: Range<Int>, _ list: ParameterList,
    _ decoder: ValueDecoder, to found: inout [ParameterValue]
  ) {
    let seen = Set(list.parameters.map(\.equals))
    var start = field.lowerBound
    while start < field.upperBound, found.count < list.parametersMax {
      let end =
        ByteScan.firstIndex(of: ASCII.semicolon, in: bytes, from: start, to: field.upperBound)
        ?? field.upperBound
      // `filename:a.pdf`: some read it as a header field.
      if let equals = ByteScan.firstIndex(of: ASCII.equals, in: bytes, from: start, to: end)
        ?? ByteScan.firstIndex(of: ASCII.colon, in: bytes, from: start, to: end),
        !seen.contains(equals)
      {
        let word = lastWord(bytes, start..<equals)
        let other = ParameterName(bytes, word: word, in: start..<equals)
        if other.base.elementsEqual(name.utf8) {
          let value = (equals + 1..<end).map { bytes[$0] }
          found.add(
            OddValue.readings(of: value, form: .odd).flatMap(decoder.plainTexts),
            list.isBroken ? .odd : .partial)
        }
      }
      start = end + 1
    }
  }

  private static func lastWord(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Range<Int> {
    let text = ASCII.trimmed(bytes, range)
    var start = text.upperBound
    while start > text.lowerBound, ContentTypeReader.isToken(bytes[start - 1]) { start -= 1 }
    return start..<text.upperBound
  }

  /// What decoding the whole field first brings to light.
  private static func addEncoded(
    _ name: String, _ bytes: Span<UInt8>, _ field: Range<Int>, _ list: ParameterList,
    _ decoder: ValueDecoder, to found: inout [ParameterValue]
  ) {
    let text = decoder.text(bytes.extracting(field))
    let decoded = ParameterList(text.span, 0..<text.count, parametersMax: list.parametersMax)
    for value in decoded.candidates(named: name, decoder)
    where value.trust != .partial {
      found.add([value.text], .odd)
    }
  }
}
