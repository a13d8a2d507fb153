// Words into lines of text: filled, indented, quoted.
// Trusts nothing: what is kept of a line is one word; no line is longer than mail allows.

struct TextLines {
  /// RFC 5322 §2.1.1: lines should have 78 characters and must not have more than 998 bytes.
  static let columnsMax = 78
  static let bytesMax = 998

  private(set) var text: [UInt8] = []
  /// How many signs of quoting begin each line.
  var quotes = 0
  /// Blanks before each line.
  var indent = 0
  /// What stands in the last columns of the indent of the next line.
  var marker: [UInt8] = []

  private var word: [UInt8] = []
  private var wordColumns = 0
  private var wordIsShown = false
  /// Columns of the line that are written, with the indent.
  private var column = 0
  private var lineBytes = 0
  /// The signs of quoting that begin the line that is written.
  private var lineQuotes = 0
  private var isAtStart = true
  /// A blank is to come before the next word.
  private var hasBlank = false
  /// Line ends are to come before the next word.
  private var breaks = 0
  /// What stands between two cells, if something comes in the same line.
  private var separator: [UInt8] = []

  /// Whether nothing was written yet since the last line end.
  var isLineEmpty: Bool { isAtStart || breaks > 0 }

  // MARK: What comes

  mutating func blank() {
    endWord()
    hasBlank = true
  }

  /// The next word stands on a new line, with `count - 1` empty ones before it.
  mutating func newLine(_ count: Int = 1) {
    endWord()
    breaks = max(breaks, count)
    hasBlank = false
    separator = []
  }

  /// A line end as it stands in preformatted text, or a forced one: they add up to two.
  mutating func lineEnd() {
    endWord()
    breaks = min(breaks + 1, 2)
    hasBlank = false
    separator = []
  }

  /// The next word stands in another cell of the same row.
  mutating func nextCell() {
    endWord()
    if !isLineEmpty { separator = Self.cellMark }
  }

  private static let cellMark = Array(" | ".utf8)

  @inline(__always)
  mutating func append(ascii byte: UInt8) {
    if word.count > Self.bytesMax / 2 { endWord() }
    word.append(byte)
    wordColumns += 1
    wordIsShown = true
  }

  mutating func append(_ scalar: Unicode.Scalar) {
    let bytes = UTF8.encode(scalar)
    if isIdeograph(scalar.value) {
      // A line may end before and behind each of them.
      endWord()
      word.append(contentsOf: bytes ?? UTF8.encodedReplacementCharacter)
      wordColumns = 2
      wordIsShown = true
      return endWord()
    }
    if word.count + 4 > Self.bytesMax / 2 { endWord() }
    word.append(contentsOf: bytes ?? UTF8.encodedReplacementCharacter)
    wordColumns += 1
    wordIsShown = wordIsShown || !isJoiner(scalar.value)
  }

  mutating func append(_ bytes: some Sequence<UInt8>) {
    for scalar in String(decoding: Array(bytes), as: UTF8.self).unicodeScalars { append(scalar) }
  }

  /// Ends the last line.
  mutating func finish() {
    endWord()
    if !isAtStart { text.append(10) }
  }

  // MARK: Lines

  /// Preformatted text keeps its lines however long.
  var isFilled = true

  private mutating func endWord() {
    guard !word.isEmpty else { return }
    defer {
      word.removeAll(keepingCapacity: true)
      wordColumns = 0
      wordIsShown = false
    }
    guard wordIsShown else { return }
    if breaks > 0, !text.isEmpty { breakLine(breaks) }
    breaks = 0
    let gap = separator.isEmpty ? (hasBlank && !isAtStart ? 1 : 0) : separator.count
    let isTooLong = isFilled && column + gap + wordColumns > Self.columnsMax
    if !isAtStart, isTooLong || lineBytes + gap + word.count > Self.bytesMax {
      breakLine(1)
    }
    if isAtStart {
      beginLine()
    } else if !separator.isEmpty {
      write(separator, columns: separator.count)
    } else if hasBlank {
      write([32], columns: 1)
    }
    hasBlank = false
    separator = []
    write(word, columns: wordColumns)
  }

  private mutating func write(_ bytes: [UInt8], columns: Int) {
    text += bytes
    column += columns
    lineBytes += bytes.count
  }

  private mutating func beginLine() {
    isAtStart = false
    lineQuotes = quotes
    column = 0
    lineBytes = 0
    for _ in 0..<quotes { write([62, 32], columns: 2) }
    let blanks = max(0, indent - marker.count)
    write([UInt8](repeating: 32, count: blanks), columns: blanks)
    write(marker, columns: marker.count)
    marker = []
  }

  private mutating func breakLine(_ count: Int) {
    if !isAtStart { text.append(10) }
    for _ in 1..<max(1, count) {
      // A quoted block is no wider than what is around it.
      for level in 0..<min(quotes, lineQuotes) { text += level == 0 ? [62] : [32, 62] }
      text.append(10)
    }
    isAtStart = true
    hasBlank = false
    separator = []
    column = 0
    lineBytes = 0
  }

  // MARK: Characters

  /// Chinese, Japanese and Korean writing has no blanks between words.
  private func isIdeograph(_ value: UInt32) -> Bool {
    switch value {
    case 0x2E80...0x9FFF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFF01...0xFF60, 0x20000...0x3FFFD:
      true
    default: false
    }
  }

  /// Shows nothing by itself.
  private func isJoiner(_ value: UInt32) -> Bool {
    switch value {
    case 0x200B...0x200F, 0x202A...0x202E, 0x2060...0x206F, 0xFE00...0xFE0F: true
    default: false
    }
  }
}
