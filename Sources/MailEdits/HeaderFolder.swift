// Writing one header value: folded before blanks (RFC 5322 §2.2.3), non-ASCII as encoded-words
// (RFC 2047). The input is clean text (HeaderText.clean); the output is ASCII whose lines are
// parted by LF and a blank, which is how milter wants them (smfi_addheader); CRLF is made where
// needed.
internal import MailMessage

struct HeaderFolder {
  /// Characters of a line that should not be exceeded (RFC 5322 §2.1.1).
  static let lineCharactersMax = 78
  /// The same for a line with an encoded-word (RFC 2047 §2).
  static let encodedLineCharactersMax = 76
  /// A longer word cannot be folded and is written as encoded-words, so no line exceeds 998.
  static let wordBytesMax = 512
  /// More blanks in a row than this are written as one.
  static let blanksMax = 64

  private struct Word {
    let blanks: Int
    let range: Range<Int>
    let needsEncoding: Bool
    let looksEncoded: Bool
  }

  private var output: [UInt8] = []
  private var column: Int
  private var isFirst = true
  /// Of the line that is written now.
  private var lineMax = Self.lineCharactersMax

  private init(column: Int) { self.column = column }

  /// - Parameters:
  ///   - name: The field's name; it only counts for the length of the first line.
  ///   - value: Clean text.
  static func fold(name: String, value: [UInt8]) -> [UInt8] {
    // What fits as it is needs no look at its words.
    if name.utf8.count + 2 + value.count <= lineCharactersMax,
      value.allSatisfy({ $0 > 0x1F && $0 < 0x7F }), value.first != 0x20
    {
      return value
    }
    var folder = HeaderFolder(column: name.utf8.count + 2)
    folder.write(value)
    return folder.output
  }

  private mutating func write(_ value: [UInt8]) {
    let words = Self.words(of: value)
    guard words.contains(where: \.needsEncoding),
      let first = words.firstIndex(where: { $0.needsEncoding || $0.looksEncoded }),
      let last = words.lastIndex(where: { $0.needsEncoding || $0.looksEncoded })
    else {
      for word in words { write(word, of: value) }
      return
    }
    for word in words[..<first] { write(word, of: value) }
    let text = Array(value[words[first].range.lowerBound..<words[last].range.upperBound])
    writeEncoded(text, blanks: words[first].blanks)
    for word in words[(last + 1)...] { write(word, of: value) }
  }

  private static func words(of value: [UInt8]) -> [Word] {
    var words: [Word] = []
    var index = 0
    while index < value.count {
      let start = index
      while index < value.count, value[index] == 0x20 { index += 1 }
      let blanks = index - start
      let wordStart = index
      var isASCII = true
      while index < value.count, value[index] != 0x20 {
        if value[index] >= 0x80 { isASCII = false }
        index += 1
      }
      guard wordStart < index else { break }
      let range = wordStart..<index
      words.append(
        Word(
          blanks: blanks > blanksMax ? 1 : blanks, range: range,
          needsEncoding: !isASCII || range.count > wordBytesMax,
          looksEncoded: value[wordStart...].starts(with: "=?".utf8)))
    }
    return words
  }

  private mutating func write(_ word: Word, of value: [UInt8]) {
    let blanks = separate(blanks: word.blanks, count: word.range.count)
    output.append(contentsOf: value[word.range])
    column += blanks + word.range.count
  }

  /// Writes the blanks before a word of `count` characters, with a fold where it would not fit.
  /// Returns how many blanks the word's line got.
  private mutating func separate(blanks: Int, count: Int) -> Int {
    defer { isFirst = false }
    if isFirst { return 0 }
    if column + blanks + count > lineMax {
      output.append(0x0A)
      column = 0
      lineMax = Self.lineCharactersMax
    }
    output.append(contentsOf: [UInt8](repeating: 0x20, count: max(1, blanks)))
    return max(1, blanks)
  }
}

extension HeaderFolder {
  private static let opening = Array("=?utf-8?".utf8)
  /// Characters of an encoded-word (RFC 2047 §2), and what is left of them for the text.
  private static let encodedWordMax = 75
  private static let frameCount = 12

  /// Encoded-words for the whole text, never parting a character; B or Q, whichever is shorter.
  private mutating func writeEncoded(_ text: [UInt8], blanks: Int) {
    let quotedCount = text.reduce(0) { $0 + Self.quotedCount($1) }
    let isQuoted = quotedCount <= (text.count + 2) / 3 * 4
    var index = 0
    while index < text.count {
      // A first word begins on the line that is there if a third of its text fits.
      let left = Self.encodedLineCharactersMax - column - max(1, blanks) - Self.frameCount
      let room = left >= 20 ? min(left, Self.encodedWordMax - Self.frameCount) : 63
      let end = Self.chunkEnd(text, from: index, room: room, isQuoted: isQuoted)
      let word = Self.encodedWord(Array(text[index..<end]), isQuoted: isQuoted)
      lineMax = Self.encodedLineCharactersMax
      let written = separate(blanks: index == 0 ? blanks : 1, count: word.count)
      lineMax = Self.encodedLineCharactersMax
      output.append(contentsOf: word)
      column += written + word.count
      index = end
    }
  }

  private static func quotedCount(_ byte: UInt8) -> Int {
    byte == 0x20 || isQuotedLiteral(byte) ? 1 : 3
  }

  /// What may stand for itself in any place where an encoded-word may stand (RFC 2047 §5 rule 3).
  private static func isQuotedLiteral(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    case UInt8(ascii: "!"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "-"),
      UInt8(ascii: "/"):
      true
    default: false
    }
  }

  /// As many whole characters as fit into `room`; at least one.
  private static func chunkEnd(
    _ text: [UInt8], from start: Int, room: Int, isQuoted: Bool
  ) -> Int {
    var end = start
    var quoted = 0
    while end < text.count {
      var next = end + 1
      while next < text.count, text[next] & 0xC0 == 0x80 { next += 1 }
      quoted += text[end..<next].reduce(0) { $0 + quotedCount($1) }
      let size = isQuoted ? quoted : (next - start + 2) / 3 * 4
      if size > room, end > start { break }
      end = next
    }
    return end
  }

  private static func encodedWord(_ text: [UInt8], isQuoted: Bool) -> [UInt8] {
    var word = opening
    word.append(contentsOf: isQuoted ? [0x71, 0x3F] : [0x62, 0x3F])
    if isQuoted {
      for byte in text {
        if byte == 0x20 {
          word.append(0x5F)
        } else if isQuotedLiteral(byte) {
          word.append(byte)
        } else {
          QuotedPrintable.appendEscape(byte, to: &word)
        }
      }
    } else {
      Base64Encoder.append(text.span, to: &word)
    }
    word.append(contentsOf: [0x3F, 0x3D])
    return word
  }
}
