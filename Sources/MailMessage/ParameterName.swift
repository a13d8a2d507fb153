// The name of a parameter with the marks of RFC 2231: `name*`, `name*0`, `name*0*`; and what it is
// once blanks, comments, quotes, controls and encoded words are taken out of it, since some mail
// programs take them out before they compare.

struct ParameterName {
  /// Lower-case, without marks.
  let base: [UInt8]
  /// The piece's number (RFC 2231 §3), if it is one of several.
  let section: Int?
  /// Whether the value is percent-encoded (RFC 2231 §4).
  let isExtended: Bool
  /// Marks that RFC 2231 §7 does not have: `name*01`, `name**`, `name*x`.
  let hasOddMarks: Bool
  /// Whether anything but the one word stands before the equals sign.
  let isHidden: Bool

  /// Numbers beyond it are as good as it: nobody writes so many pieces.
  private static let sectionMax = 1_000_000

  /// Parameters that decide how a part is read or called.
  private static let known: [[UInt8]] = ["filename", "name", "boundary", "charset"].map {
    Array($0.utf8)
  }

  /// Whether it decides how a part is read or called.
  var isKnown: Bool { Self.known.contains(base) }

  /// The name of the parameter whose equals sign follows `text`; `word` is the last word there.
  init(_ bytes: Span<UInt8>, word: Range<Int>, in text: Range<Int>) {
    let isHidden = !Self.isPlain(bytes, word, in: text)
    let plain = ParameterName(marked: ASCII.lowered(bytes, word), isHidden: isHidden)
    guard isHidden else {
      self = plain
      return
    }
    let squeezed = ParameterName(marked: Self.squeezed(bytes, text), isHidden: true)
    self = Self.known.contains(squeezed.base) ? squeezed : plain
  }

  /// Takes the marks off.
  private init(marked text: [UInt8], isHidden: Bool) {
    self.isHidden = isHidden
    guard let star = text.firstIndex(of: ASCII.star) else {
      (base, section, isExtended, hasOddMarks) = (text, nil, false, false)
      return
    }
    base = Array(text[..<star])
    let marks = text[(star + 1)...]
    let digits = marks.prefix { ASCII.digit($0) != nil }
    isExtended = marks.isEmpty || marks.last == ASCII.star
    section =
      digits.isEmpty
      ? nil : digits.reduce(0) { min($0 * 10 + (ASCII.digit($1) ?? 0), Self.sectionMax) }
    let hasZeros = digits.count > 1 && digits.first == 48
    let rest = marks.count - digits.count
    hasOddMarks = hasZeros || (digits.isEmpty ? rest > 0 : rest > (isExtended ? 1 : 0))
  }

  private static func isPlain(
    _ bytes: Span<UInt8>, _ word: Range<Int>, in text: Range<Int>
  ) -> Bool {
    let end = text.upperBound
    guard ContentTypeReader.skipComments(bytes, text.lowerBound, end) == word.lowerBound,
      ContentTypeReader.skipComments(bytes, word.upperBound, end) == end
    else { return false }
    return word.allSatisfy { ContentTypeReader.isToken(bytes[$0]) && bytes[$0] != 92 }
  }

  /// The letters alone, lower-case.
  private static func squeezed(_ bytes: Span<UInt8>, _ text: Range<Int>) -> [UInt8] {
    var decoded: [UInt8] = []
    // Names are ASCII: whatever their charset, nothing needs to be opened for them.
    EncodedWords.append(
      bytes.extracting(text), to: &decoded, wideOrder: nil, OpenConverters(opensMax: 0))
    let span = decoded.span
    var letters: [UInt8] = []
    var index = 0
    while index < span.count {
      let byte = span[index]
      if byte == ASCII.open {
        index = ContentTypeReader.skipComments(span, index, span.count)
        continue
      }
      index += 1
      if byte > 32, byte < 127, byte != ASCII.quote, byte != ASCII.backslash {
        letters.append(ASCII.lower(byte))
      }
    }
    return letters
  }
}
