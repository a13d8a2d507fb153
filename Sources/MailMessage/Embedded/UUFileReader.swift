// Files that a `begin` line opens: uuencode, xxencode and begin-base64 (POSIX uuencode(1)).
// Some programs (Outlook among them) read `begin` and two blanks without a mode; so do we, if data
// follows. Trusts nothing: what the next lines hold decides whether there is a file at all.

/// Reads one file that stands in a text.
struct UUFileReader {
  private enum Kind { case sixBit, base64 }

  private struct Opening {
    let kind: Kind
    let hasMode: Bool
    let isNameEncoded: Bool
    let name: Range<Int>
  }

  /// Lines between `begin` and the first data that may be foreign.
  private static let foreignLinesMax = 8

  private let lines: TextLines
  private let opening: Opening
  private let bytesMax: Int
  private var file: EmbeddedFile
  private var alphabet: SixBitAlphabet?
  private var foreignLines = 0
  private var encoded: [UInt8] = []
  /// Behind the last line that belongs to the file.
  private var end: Int

  static func read(_ text: Span<UInt8>, at start: Int, bytesMax: Int) -> FoundFile? {
    let lines = TextLines(text, at: start)
    let first = lines.line(text, at: start)
    guard let opening = opening(text, first.content) else { return nil }
    var reader = UUFileReader(
      lines: lines, opening: opening, bytesMax: bytesMax,
      file: EmbeddedFile(range: start..<first.next), end: first.next)
    return opening.kind == .base64
      ? reader.readBase64(text, from: first.next) : reader.readLines(text, from: first.next)
  }

  /// `begin 644 name`: the mode has three octal digits or four.
  private static func opening(_ text: Span<UInt8>, _ line: Range<Int>) -> Opening? {
    let kind = TextLines.word(text, from: line.lowerBound, to: line.upperBound)
    let isSixBit = kind.count == 5 && TextLines.hasPrefix(text, kind, "begin")
    let isBase64 = TextLines.hasPrefix(text, kind, "begin-base64")
    guard isSixBit || isBase64 else { return nil }
    let mode = TextLines.word(text, from: kind.upperBound, to: line.upperBound)
    let hasMode = 3...4 ~= mode.count && mode.allSatisfy { text[$0] &- 48 < 8 }
    guard hasMode || (isSixBit && mode.lowerBound - kind.upperBound >= 2) else { return nil }
    return Opening(
      kind: isBase64 ? .base64 : .sixBit, hasMode: hasMode,
      isNameEncoded: TextLines.hasPrefix(text, kind, "begin-base64-encoded"),
      name: (hasMode ? mode.upperBound : mode.lowerBound)..<line.upperBound)
  }

  private static func isEnd(_ text: Span<UInt8>, _ line: Range<Int>) -> Bool {
    let trimmed = ASCII.trimmed(text, line)
    return trimmed.count == 3 && TextLines.hasPrefix(text, trimmed, "end")
  }

  private mutating func takeName(_ text: Span<UInt8>) {
    guard opening.isNameEncoded else {
      return file.addName(TextLines.name(text, unquoted(text, opening.name)))
    }
    var decoded: [UInt8] = []
    var decoder = Base64Decoder()
    _ = decoder.append(text.extracting(opening.name), to: &decoded, limitBytes: 1_024)
    file.addName(TextLines.name(decoded.span, decoded.indices))
  }

  /// Quotes around a name are no part of it, as Outlook and Thunderbird take it.
  private func unquoted(_ text: Span<UInt8>, _ name: Range<Int>) -> Range<Int> {
    let trimmed = ASCII.trimmed(text, name)
    guard trimmed.count > 2, text[trimmed.lowerBound] == ASCII.quote,
      text[trimmed.upperBound - 1] == ASCII.quote
    else { return trimmed }
    return trimmed.lowerBound + 1..<trimmed.upperBound - 1
  }

  // MARK: Six-bit lines

  private mutating func readLines(_ text: Span<UInt8>, from start: Int) -> FoundFile? {
    var position = start
    var isEnded = false
    while position < text.count, !isEnded, file.content.count <= bytesMax {
      let line = lines.line(text, at: position)
      if Self.isEnd(text, line.content) {
        isEnded = true
        end = line.next
      } else if Self.opening(text, line.content) != nil {
        break
      } else if !take(text, line.content) {
        return nil
      } else if foreignLines == 0 {
        end = line.next
      }
      position = line.next
    }
    // Nothing but `begin` and `end` is an empty file; without either there is no file.
    guard alphabet != nil || (isEnded && opening.hasMode) else { return nil }
    // No mail program of today knows xxencode: it is read, and odd.
    let isUsual = alphabet == nil || alphabet?.value(ASCII.space) == 0
    if !isEnded || !isUsual { file.isDamaged = true }
    return found(text)
  }

  /// Takes a line; returns false when it shows that there is no file.
  private mutating func take(_ text: Span<UInt8>, _ line: Range<Int>) -> Bool {
    if alphabet == nil { alphabet = alphabet(of: text, line) }
    let fit = alphabet?.fit(text, line) ?? (isZero(text, line) ? .zero : .none)
    switch fit {
    case .zero: return true
    case .data, .short:
      // What was foreign before stood between data.
      if foreignLines > 0 { file.isDamaged = true }
      foreignLines = 0
      if alphabet?.append(text, line, to: &file.content) == false { noteShort(text, line) }
    case .none:
      foreignLines += 1
      file.isDamaged = true
      return alphabet != nil || foreignLines < Self.foreignLinesMax
    }
    return true
  }

  /// A line without data, before any shows the alphabet.
  private func isZero(_ text: Span<UInt8>, _ line: Range<Int>) -> Bool {
    let trimmed = ASCII.trimmed(text, line)
    guard let first = trimmed.first else { return true }
    return trimmed.count == 1 && (text[first] == 96 || text[first] == 43)
  }

  /// A line that is short of its length: a fault only where no blanks can have been lost.
  private mutating func noteShort(_ text: Span<UInt8>, _ line: Range<Int>) {
    guard alphabet?.value(ASCII.space) == 0, line.count > 1 else {
      file.isDamaged = true
      return
    }
    if alphabet?.fit(text, line) == SixBitAlphabet.Fit.none { file.isDamaged = true }
  }

  /// The alphabet that the first line of data shows.
  private func alphabet(of text: Span<UInt8>, _ line: Range<Int>) -> SixBitAlphabet? {
    guard !line.isEmpty else { return nil }
    for alphabet in [SixBitAlphabet.uuencode, .xxencode] {
      if alphabet.fit(text, line) == .data { return alphabet }
    }
    let isShort = opening.hasMode && SixBitAlphabet.uuencode.fit(text, line) == .short
    return isShort && line.count > 1 ? .uuencode : nil
  }

  // MARK: base64

  /// Lines of base64 up to one that begins with `====`.
  private mutating func readBase64(_ text: Span<UInt8>, from start: Int) -> FoundFile? {
    var position = start
    var isEnded = false
    while position < text.count, !isEnded {
      let line = lines.line(text, at: position)
      if TextLines.hasPrefix(text, line.content, "====") {
        isEnded = true
      } else if Self.opening(text, line.content) != nil {
        break
      }
      position = line.next
      end = line.next
    }
    var decoder = Base64Decoder()
    let body = text.extracting(start..<(isEnded ? lastLine(text, before: end) : end))
    let isWhole = decoder.append(body, to: &file.content, limitBytes: bytesMax)
    file.isDamaged = !isEnded || decoder.isMalformed
    guard !file.content.isEmpty || isEnded else { return nil }
    return found(text, isCut: !isWhole)
  }

  /// Where the line begins that ends at `end`.
  private func lastLine(_ text: Span<UInt8>, before end: Int) -> Int {
    var start = end
    while start > 0, text[start - 1] != ASCII.equals { start -= 1 }
    while start > 0, text[start - 1] != lines.lineEnd { start -= 1 }
    return start
  }

  private mutating func found(_ text: Span<UInt8>, isCut: Bool = false) -> FoundFile {
    takeName(text)
    let isLong = file.content.count > bytesMax
    if isLong { file.content.removeLast(file.content.count - bytesMax) }
    file.range = file.range.lowerBound..<end
    return FoundFile(file: file, isCut: isCut || isLong)
  }
}
