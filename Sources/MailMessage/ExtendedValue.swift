// Parameter values in percent encoding with a charset (RFC 2231 §4), and plain ones, as text.

/// Decodes the values of one part's parameters.
struct ValueDecoder {
  private let converters = OpenConverters()

  /// The text of a value in one or more pieces, in order; two where the order of its bytes is open.
  func texts(_ pieces: [ParameterList.Parameter]) -> [String] {
    guard let first = pieces.first, pieces.contains(where: \.name.isExtended) else {
      return plainTexts(pieces.flatMap(\.value))
    }
    var charset: [UInt8] = []
    var bytes: [UInt8] = []
    for (index, piece) in pieces.enumerated() {
      var value = piece.value[...]
      if index == 0, first.name.isExtended, let prefix = ExtendedValue.charsetPrefix(piece.value) {
        charset = Array(piece.value[..<prefix.charsetEnd])
        value = piece.value[prefix.textStart...]
      }
      if piece.name.isExtended {
        PercentText.append(value, to: &bytes)
      } else {
        bytes += value
      }
    }
    return inEachOrder(charset) { order in
      var text: [UInt8] = []
      var converter = CharsetConverter(wideOrder: order, converters: converters)
      _ = converter.append(bytes.span, charset: charset.span, to: &text)
      return text
    }
  }

  /// The text of a plain value: encoded words decoded, 8-bit text taken for UTF-8.
  func plainTexts(_ value: [UInt8]) -> [String] {
    inEachOrder(value) { order in
      var text: [UInt8] = []
      EncodedWords.append(value.span, to: &text, wideOrder: order, converters)
      return text
    }
  }

  /// The text of a whole field, the big end of wide characters first.
  func text(_ bytes: Span<UInt8>) -> [UInt8] {
    var text: [UInt8] = []
    EncodedWords.append(bytes, to: &text, wideOrder: .bigEndian, converters)
    return text
  }

  /// The encoded words of the value without what stands around them.
  func wordsAlone(_ value: [UInt8]) -> [String] {
    plainTexts(EncodedWords.ranges(value.span).flatMap { value[$0] })
  }

  private func inEachOrder(
    _ named: [UInt8], _ decode: (ByteOrder) -> [UInt8]
  ) -> [String] {
    let first = String(decoding: decode(.bigEndian), as: UTF8.self)
    guard ByteOrder.mayMatter(named.span) else { return [first] }
    return [first, String(decoding: decode(.littleEndian), as: UTF8.self)]
  }
}

/// The marks of an extended value.
enum ExtendedValue {
  /// Where `charset'language'` ends; nil where there are no two apostrophes.
  static func charsetPrefix(_ value: [UInt8]) -> (charsetEnd: Int, textStart: Int)? {
    let apostrophe: UInt8 = 39
    guard let first = value.firstIndex(of: apostrophe),
      let second = value[(first + 1)...].firstIndex(of: apostrophe)
    else { return nil }
    return (first, second + 1)
  }
}

/// Percent signs with two digits (RFC 3986 §2.1), as RFC 2231 borrows them.
enum PercentText {
  private static let percent: UInt8 = 37

  /// Resolves `%41`; a percent sign without two digits stays.
  static func append(_ value: ArraySlice<UInt8>, to bytes: inout [UInt8]) {
    var index = value.startIndex
    while index < value.endIndex {
      let byte = value[index]
      index += 1
      if byte == percent, index + 1 < value.endIndex, let high = ASCII.hex(value[index]),
        let low = ASCII.hex(value[index + 1])
      {
        bytes.append(high << 4 | low)
        index += 2
      } else {
        bytes.append(byte)
      }
    }
  }

  /// The text with its percent signs resolved, broken UTF-8 mended; nil where there are none.
  static func resolved(_ text: String) -> String? {
    guard text.utf8.contains(percent) else { return nil }
    var bytes: [UInt8] = []
    append(Array(text.utf8)[...], to: &bytes)
    guard bytes.count < text.utf8.count else { return nil }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Whether the last percent sign has its digits beyond the end, or one has none at all.
  static func isCut(_ value: [UInt8]) -> Bool {
    value.suffix(2).contains(percent)
  }

  static func isBroken(_ value: [UInt8]) -> Bool {
    value.indices.contains { index in
      guard value[index] == percent else { return false }
      return index + 2 >= value.count || ASCII.hex(value[index + 1]) == nil
        || ASCII.hex(value[index + 2]) == nil
    }
  }
}
