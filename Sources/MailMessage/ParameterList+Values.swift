// What a parameter may mean to the programs that read it, most trusted first.

/// One value that some program takes for the parameter's.
struct ParameterValue {
  /// How the value comes about; the raw value orders values.
  enum Trust: UInt8, CaseIterable {
    /// As the standards have it, or as near to them as the text allows.
    case standard
    /// Another reading of text that breaks the standards.
    case odd
    /// What programs that know the standards only in part make of valid text.
    case partial
  }

  let text: String
  let trust: Trust
}

extension ParameterList {
  /// Every value declared for `name`, as UTF-8: percent-encoded ones first (RFC 6266 §4.3 has the
  /// reason), then those in pieces, then plain ones, then other readings of these. Encoded words
  /// are decoded: RFC 2047 §5 forbids them here, and most mail programs read them.
  func values(named name: String) -> [String] {
    let all = candidates(named: name, ValueDecoder())
    return ParameterValue.Trust.allCases.flatMap { trust in
      all.filter { $0.trust == trust }.map(\.text)
    }
  }

  /// The same with the trust that each deserves; not ordered by it, and with doubles.
  func candidates(named name: String, _ decoder: ValueDecoder) -> [ParameterValue] {
    let ours = parameters.filter { $0.name.base.elementsEqual(name.utf8) }
    var found: [ParameterValue] = []
    for parameter in ours where parameter.name.section == nil && parameter.name.isExtended {
      found.add(decoder.texts([parameter]), .standard)
      found.add(otherTexts(parameter, decoder), .odd)
      if EncodedWords.cover(parameter.value.span) != .none {
        found.add(decoder.plainTexts(parameter.value), .odd)
      }
    }
    let pieces = ours.filter { $0.name.section != nil }
    let singles = ours.filter { $0.name.section == nil }
    found += PieceReadings(pieces, singles).values(decoder)
    for parameter in singles where !parameter.name.isExtended {
      addPlain(parameter, decoder, to: &found)
    }
    return found
  }

  private func addPlain(
    _ parameter: Parameter, _ decoder: ValueDecoder, to found: inout [ParameterValue]
  ) {
    found.add(decoder.plainTexts(parameter.value), .standard)
    if EncodedWords.cover(parameter.value.span) == .some {
      found.add(decoder.wordsAlone(parameter.value), .odd)
      found.add([String(decoding: parameter.value, as: UTF8.self)], .odd)
    }
    found.add(otherTexts(parameter, decoder), parameter.form == .odd ? .odd : .partial)
    if !parameter.isQuoted, let cut = strictToken(parameter.value) {
      found.add([String(decoding: cut, as: UTF8.self)], .odd)
    }
  }

  private func otherTexts(_ parameter: Parameter, _ decoder: ValueDecoder) -> [String] {
    OddValue.readings(of: parameter.text, form: parameter.form)
      .flatMap(decoder.plainTexts)
  }

  /// What a reader of RFC 2045's tokens stops at, if it looks like a file by then.
  private func strictToken(_ value: [UInt8]) -> ArraySlice<UInt8>? {
    let cut = value.prefix {
      ContentTypeReader.isToken($0) && ![58, 60, 62, 63, 64, 91, 92, 93].contains($0)
    }
    guard cut.count < value.count, cut.contains(ASCII.dot), cut.last != ASCII.dot else {
      return nil
    }
    return cut
  }

  /// How many values are declared as names, each piece of one left out.
  var nameCount: Int {
    parameters.count { parameter in
      guard parameter.name.section == nil else { return false }
      let base = parameter.name.base
      return base.elementsEqual("filename".utf8) || base.elementsEqual("name".utf8)
    }
  }

  /// Every value declared for `name` as bytes, plain ones first and only to their first blank when
  /// unquoted: for boundaries and charsets, which nobody writes as RFC 2231 would.
  func tokens(named name: String) -> [[UInt8]] {
    let ours = parameters.filter { $0.name.base.elementsEqual(name.utf8) }
    let plain = ours.filter { $0.name.section == nil && !$0.name.isExtended }
      .map { $0.isQuoted ? $0.value : Self.firstWord($0.value) }
    guard plain.count < ours.count else { return plain }
    let pieces = ours.filter { $0.name.section != nil }
    var others = ours.filter { $0.name.section == nil && $0.name.isExtended }.map { [$0] }
    if !pieces.isEmpty { others.append(PieceReadings.inOrder(pieces)) }
    return plain + others.flatMap(ValueDecoder().texts).map { Array($0.utf8) }
  }

  /// To the first blank, and to a comment: a parenthesis is no part of a token (RFC 2045 §5.1).
  private static func firstWord(_ value: [UInt8]) -> [UInt8] {
    let word = value.prefix { !ASCII.isBlank($0) }
    guard let open = word.firstIndex(of: ASCII.open), open > 0 else { return Array(word) }
    return Array(word[..<open])
  }

  /// What other programs may take for a plain value of `name` that is not well formed, as bytes.
  func otherTokens(named name: String) -> [[UInt8]] {
    parameters.filter { $0.name.base.elementsEqual(name.utf8) }
      .flatMap { OddValue.readings(of: $0.text, form: $0.form) }
  }
}

extension [ParameterValue] {
  mutating func add(_ texts: [String], _ trust: ParameterValue.Trust) {
    for text in texts where !text.isEmpty { append(ParameterValue(text: text, trust: trust)) }
  }
}
