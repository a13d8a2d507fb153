// Parameter values in percent encoding with a charset (RFC 2231 §4), and plain ones, as text.

enum ExtendedValue {
  /// The text of a value in one or more pieces, in order.
  static func text(_ pieces: [ParameterList.Parameter]) -> String {
    guard let first = pieces.first, pieces.contains(where: \.isExtended) else {
      return plainText(pieces.flatMap(\.value))
    }
    var charset: [UInt8] = []
    var bytes: [UInt8] = []
    for (index, piece) in pieces.enumerated() {
      var value = piece.value[...]
      if index == 0, first.isExtended, let prefix = charsetPrefix(piece.value) {
        charset = Array(piece.value[..<prefix.charsetEnd])
        value = piece.value[prefix.textStart...]
      }
      if piece.isExtended {
        appendUnescaped(value, to: &bytes)
      } else {
        bytes += value
      }
    }
    var text: [UInt8] = []
    var converter = CharsetConverter()
    _ = converter.append(bytes.span, charset: charset.span, to: &text)
    return String(decoding: text, as: UTF8.self)
  }

  /// The text of a plain value: encoded words decoded, 8-bit text taken for UTF-8.
  static func plainText(_ value: [UInt8]) -> String {
    var text: [UInt8] = []
    EncodedWords.append(value.span, to: &text)
    return String(decoding: text, as: UTF8.self)
  }

  /// Where `charset'language'` ends; nil where there are no two apostrophes.
  private static func charsetPrefix(_ value: [UInt8]) -> (charsetEnd: Int, textStart: Int)? {
    let apostrophe: UInt8 = 39
    guard let first = value.firstIndex(of: apostrophe),
      let second = value[(first + 1)...].firstIndex(of: apostrophe)
    else { return nil }
    return (first, second + 1)
  }

  /// Resolves `%41`; a percent sign without two digits stays.
  private static func appendUnescaped(_ value: ArraySlice<UInt8>, to bytes: inout [UInt8]) {
    var index = value.startIndex
    while index < value.endIndex {
      let byte = value[index]
      index += 1
      if byte == 37, index + 1 < value.endIndex, let high = ASCII.hex(value[index]),
        let low = ASCII.hex(value[index + 1])
      {
        bytes.append(high << 4 | low)
        index += 2
      } else {
        bytes.append(byte)
      }
    }
  }
}
