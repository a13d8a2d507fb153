// The names in a field that is written so plainly that every mail program reads it in one way. Most
// fields of most mail are, and the ways in which the others can be read cost twenty times as much.
// Takes less than it could: what it refuses is read by `ParameterList`, which finds the same in
// what this takes (the tests compare them).

/// The `name` and `filename` of one Content-Type or Content-Disposition.
struct PlainParameters {
  /// The type or the disposition.
  private(set) var value = 0..<0
  private(set) var name: Range<Int>?
  private(set) var fileName: Range<Int>?

  /// Nil unless the field is a word, or two with a slash, then parameters with a semicolon before
  /// each, blanks behind semicolons alone, values of harmless letters, and none that comes twice or
  /// that is about names in another way.
  init?(_ bytes: Span<UInt8>, _ field: Range<Int>, parametersMax: Int) {
    let field = ASCII.trimmed(bytes, field)
    var index = field.lowerBound
    Self.skip(bytes, &index, field.upperBound, where: Self.isOfType)
    value = field.lowerBound..<index
    var count = 0
    while index < field.upperBound {
      guard bytes[index] == ASCII.semicolon, count < parametersMax else { return nil }
      index += 1
      Self.skip(bytes, &index, field.upperBound, where: Self.isBlank)
      // A semicolon at the end.
      if index == field.upperBound { break }
      guard takeParameter(bytes, &index, field.upperBound) else { return nil }
      count += 1
    }
  }

  private mutating func takeParameter(
    _ bytes: Span<UInt8>, _ index: inout Int, _ end: Int
  ) -> Bool {
    let word = index
    Self.skip(bytes, &index, end, where: Self.isOfWord)
    let key = word..<index
    guard !key.isEmpty, index < end, bytes[index] == ASCII.equals else { return false }
    index += 1
    guard index < end else { return false }
    let isQuoted = bytes[index] == ASCII.quote
    if isQuoted { index += 1 }
    let start = index
    Self.skip(bytes, &index, end, where: isQuoted ? Self.isOfQuoted : Self.isOfWord)
    let value = start..<index
    if isQuoted {
      guard index < end, bytes[index] == ASCII.quote else { return false }
      index += 1
    }
    return !value.isEmpty && note(bytes, key, value)
  }

  private mutating func note(
    _ bytes: Span<UInt8>, _ key: Range<Int>, _ value: Range<Int>
  ) -> Bool {
    let isName = ASCII.isEqual(bytes.extracting(key), Self.nameWord.span)
    if isName || ASCII.isEqual(bytes.extracting(key), Self.fileNameWord.span) {
      guard value.allSatisfy({ Self.isOfWord(bytes[$0]) }) else { return false }
      guard isName ? name == nil : fileName == nil else { return false }
      if isName { name = value } else { fileName = value }
      return true
    }
    return !TypeSyntax.mentions(bytes, key, "name") && !TypeSyntax.mentions(bytes, value, "name")
  }

  private static let nameWord = Array("name".utf8)
  private static let fileNameWord = Array("filename".utf8)

  @inline(__always)
  private static func skip(
    _ bytes: Span<UInt8>, _ index: inout Int, _ end: Int, where isWanted: (UInt8) -> Bool
  ) {
    while index < end, isWanted(bytes[index]) { index += 1 }
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    ASCII.isBlank(byte) || byte == ASCII.carriageReturn || byte == ASCII.lineFeed
  }

  /// Letters, digits, and what stands for nothing else anywhere: + - . _
  private static func isOfWord(_ byte: UInt8) -> Bool {
    (byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10 || byte == 0x2B || byte == 0x2D
      || byte == 0x2E || byte == 0x5F
  }

  private static func isOfType(_ byte: UInt8) -> Bool { isOfWord(byte) || byte == ASCII.slash }

  /// With what boundaries have: ' / : =
  private static func isOfQuoted(_ byte: UInt8) -> Bool {
    isOfType(byte) || byte == 0x27 || byte == ASCII.colon || byte == ASCII.equals
  }
}

extension Part {
  /// All declared names, where both fields are plain and stand once; nil elsewhere.
  var plainNames: [ParameterValue]? {
    let (dispositions, types) = (fields(.contentDisposition), fields(.contentType))
    guard dispositions.count <= 1, types.count <= 1 else { return nil }
    var found: [ParameterValue] = []
    var misplaced: [ParameterValue] = []
    func add(_ range: Range<Int>?, to list: inout [ParameterValue], _ trust: ParameterValue.Trust) {
      guard let range else { return }
      let text = String(decoding: bytes[range], as: UTF8.self)
      list.append(ParameterValue(text: text, trust: trust))
    }
    if let field = dispositions.first {
      guard let plain = PlainParameters(bytes.span, field.value, parametersMax: parametersMax)
      else { return nil }
      add(plain.fileName, to: &found, .standard)
      let isForm = ASCII.isEqual(bytes.span.extracting(plain.value), Self.formWord.span)
      if !isForm { add(plain.name, to: &misplaced, .odd) }
    }
    if let field = types.first {
      guard let plain = PlainParameters(bytes.span, field.value, parametersMax: parametersMax)
      else { return nil }
      add(plain.name, to: &found, .standard)
      add(plain.fileName, to: &misplaced, .odd)
    }
    return found + misplaced
  }

  private static let formWord = Array("form-data".utf8)
}
