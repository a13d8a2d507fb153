// Encoded words in header values (RFC 2047 with the language mark of RFC 2231 §5).
// Read generously: anywhere in a value, also inside other words and with blanks in them. Linear:
// the search for an end is never repeated over the same bytes.

/// Decodes header text.
package enum EncodedWords {
  private struct Word {
    let start: Int
    let charset: Range<Int>
    let isBase64: Bool
    let text: Range<Int>
    let end: Int
  }

  /// How much of a text is encoded words.
  enum Cover { case none, some, all }

  /// Appends `bytes`, an unfolded value, as valid UTF-8 with its encoded words decoded.
  ///
  /// Blanks between two encoded words vanish (§6.2), and the bytes of neighbours with the same
  /// charset are joined before they are converted: some programs cut characters in two.
  package static func append(
    _ bytes: Span<UInt8>, to text: inout [UInt8]
  ) {
    append(bytes, to: &text, wideOrder: nil, nil)
  }

  /// The same with the order of UTF-16 without a byte order mark, and with converters that other
  /// texts share.
  static func append(
    _ bytes: Span<UInt8>, to text: inout [UInt8], wideOrder: ByteOrder?,
    _ converters: OpenConverters?
  ) {
    var plainStart = 0
    var finder = Finder()
    var pending = Pending(wideOrder, converters)
    while let word = finder.next(bytes) {
      let isNeighbour = pending.isInUse && isBlank(bytes, plainStart..<word.start)
      if !isNeighbour {
        pending.flush(bytes, to: &text)
        UTF8Text.append(bytes.extracting(plainStart..<word.start), to: &text)
      }
      pending.take(bytes, word.charset, text: word.text, isBase64: word.isBase64, to: &text)
      plainStart = word.end
    }
    pending.flush(bytes, to: &text)
    UTF8Text.append(bytes.extracting(plainStart..<bytes.count), to: &text)
  }

  /// Where the encoded words of a text stand.
  static func ranges(_ bytes: Span<UInt8>) -> [Range<Int>] {
    var finder = Finder()
    var ranges: [Range<Int>] = []
    while let word = finder.next(bytes) { ranges.append(word.start..<word.end) }
    return ranges
  }

  static func cover(_ bytes: Span<UInt8>) -> Cover {
    var finder = Finder()
    var last: Int?
    while let word = finder.next(bytes) {
      guard isBlank(bytes, (last ?? 0)..<word.start) else { return .some }
      last = word.end
    }
    guard let last else { return .none }
    return isBlank(bytes, last..<bytes.count) ? .all : .some
  }

  /// Where the encoded word that begins at `start` ends; nil without one that is reasonably short
  /// (RFC 2047 §2 allows 75 bytes).
  static func end(_ bytes: Span<UInt8>, at start: Int, _ end: Int) -> Int? {
    guard start + 1 < end, bytes[start + 1] == ASCII.question else { return nil }
    var finder = Finder()
    let near = bytes.extracting(start..<min(end, start + 100))
    guard let word = finder.next(near), word.start == 0 else { return nil }
    return start + word.end
  }

  /// Finds the words of a text one after the other.
  private struct Finder {
    private var position = 0
    private var end = 0

    mutating func next(_ bytes: Span<UInt8>) -> Word? {
      while let start = nextStart(bytes, from: position) {
        // An end found once serves every start before it.
        if end < start + 2 { end = nextEnd(bytes, from: start + 2) ?? Int.max }
        guard end != Int.max else { return nil }
        if let word = word(bytes, at: start, firstEnd: end) {
          position = word.end
          return word
        }
        position = start + 2
      }
      return nil
    }
  }

  private static func isBlank(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
    range.allSatisfy { ASCII.isFolding(bytes[$0]) }
  }

  /// The next `=?`.
  private static func nextStart(_ bytes: Span<UInt8>, from: Int) -> Int? {
    pair(ASCII.equals, ASCII.question, bytes, from: from)
  }

  /// The next `?=`.
  private static func nextEnd(_ bytes: Span<UInt8>, from: Int) -> Int? {
    pair(ASCII.question, ASCII.equals, bytes, from: from)
  }

  private static func pair(
    _ first: UInt8, _ second: UInt8, _ bytes: Span<UInt8>, from: Int
  ) -> Int? {
    var index = from
    while let hit = ByteScan.firstIndex(of: first, in: bytes, from: index, to: bytes.count) {
      if hit + 1 < bytes.count, bytes[hit + 1] == second { return hit }
      index = hit + 1
    }
    return nil
  }

  /// The encoded word that begins at `start`; `firstEnd` is the first `?=` after that. A charset
  /// and an encoding take few bytes, so that looking for them costs little.
  private static func word(_ bytes: Span<UInt8>, at start: Int, firstEnd: Int) -> Word? {
    let charsetStart = start + 2
    let charsetBound = min(charsetStart + 80, bytes.count)
    guard
      let charsetEnd = ByteScan.firstIndex(
        of: ASCII.question, in: bytes, from: charsetStart, to: charsetBound),
      charsetEnd > charsetStart, charsetEnd + 2 < bytes.count,
      bytes[charsetEnd + 2] == ASCII.question
    else { return nil }
    let kind = ASCII.lower(bytes[charsetEnd + 1])
    guard kind == 98 || kind == 113 else { return nil }
    let textStart = charsetEnd + 3
    // `=?utf-8?q?=41?=`: the first `?=` may be the one before the text.
    let end = firstEnd >= textStart ? firstEnd : nextEnd(bytes, from: textStart)
    guard let end else { return nil }
    return Word(
      start: start, charset: charsetStart..<charsetEnd, isBase64: kind == 98, text: textStart..<end,
      end: end + 2)
  }

  /// Decoded bytes of neighbouring words that wait for more of their charset.
  private struct Pending: ~Copyable {
    private var charset: Range<Int>?
    private var decoded: [UInt8] = []
    private var converter: CharsetConverter

    init(_ wideOrder: ByteOrder?, _ converters: OpenConverters?) {
      converter = CharsetConverter(wideOrder: wideOrder, converters: converters)
    }

    var isInUse: Bool { charset != nil }

    mutating func take(
      _ bytes: Span<UInt8>, _ name: Range<Int>, text: Range<Int>, isBase64: Bool,
      to output: inout [UInt8]
    ) {
      // The language follows a star (RFC 2231 §5).
      let star = ByteScan.firstIndex(
        of: ASCII.star, in: bytes, from: name.lowerBound, to: name.upperBound)
      let ours = name.lowerBound..<(star ?? name.upperBound)
      if let charset, !ASCII.isEqual(bytes.extracting(charset), bytes.extracting(ours)) {
        flush(bytes, to: &output)
      }
      charset = ours
      if isBase64 {
        var decoder = Base64Decoder()
        _ = decoder.append(bytes.extracting(text), to: &decoded, limitBytes: Int.max)
      } else {
        QuotedPrintable.appendWord(bytes.extracting(text), to: &decoded)
      }
    }

    mutating func flush(_ bytes: Span<UInt8>, to output: inout [UInt8]) {
      guard let name = charset else { return }
      let waiting = decoded
      decoded = []
      charset = nil
      _ = converter.append(waiting.span, charset: bytes.extracting(name), to: &output)
    }
  }
}
