// yEnc (the informal standard of yenc.org, draft 1.3): bytes plus 42, with `=` as the escape.
// Trusts nothing: sizes and checksums that the lines declare only tell whether it is damaged.

/// Reads one yEnc file, or one piece of it.
struct YEncReader {
  private struct Opening {
    var name: Range<Int>
    var size: Int?
    var part: Int?
  }

  static func read(_ text: Span<UInt8>, at start: Int, bytesMax: Int) -> FoundFile? {
    let lines = TextLines(text, at: start)
    let first = lines.line(text, at: start)
    guard let opening = opening(text, first.content) else { return nil }
    var found = FoundFile(file: EmbeddedFile(range: start..<first.next))
    found.file.addName(TextLines.name(text, opening.name))
    found.part = opening.part
    var position = first.next
    var size = opening.size
    var isEnded = false
    while position < text.count, !isEnded, !found.isCut {
      let line = lines.line(text, at: position)
      if TextLines.hasPrefix(text, line.content, "=ybegin ") { break }
      if TextLines.hasPrefix(text, line.content, "=ypart ") {
        size = pieceSize(text, line.content) ?? size
      } else if TextLines.hasPrefix(text, line.content, "=yend") {
        isEnded = true
        found.file.isDamaged = !isIntact(text, line.content, found, size)
      } else {
        append(text, line.content, &found, bytesMax)
      }
      position = line.next
    }
    if !isEnded { found.file.isDamaged = true }
    found.file.range = start..<position
    return found
  }

  /// `=ybegin part=1 total=2 line=128 size=123456 name=file name.bin`
  private static func opening(_ text: Span<UInt8>, _ line: Range<Int>) -> Opening? {
    guard TextLines.hasPrefix(text, line, "=ybegin ") else { return nil }
    var opening = Opening(name: line.upperBound..<line.upperBound)
    var hasLine = false
    var position = line.lowerBound + 8
    while position < line.upperBound {
      let word = TextLines.word(text, from: position, to: line.upperBound)
      if TextLines.hasPrefix(text, word, "name=") {
        opening.name = word.lowerBound + 5..<line.upperBound
        return opening
      }
      if TextLines.hasPrefix(text, word, "line=") { hasLine = true }
      opening.size = value(text, word, "size=") ?? opening.size
      opening.part = value(text, word, "part=") ?? opening.part
      position = word.upperBound
    }
    return hasLine && opening.size != nil ? opening : nil
  }

  private static func value(_ text: Span<UInt8>, _ word: Range<Int>, _ key: String) -> Int? {
    guard TextLines.hasPrefix(text, word, key) else { return nil }
    return TextLines.number(text, word.lowerBound + key.utf8.count..<word.upperBound)
  }

  /// `=ypart begin=1 end=100000`
  private static func pieceSize(_ text: Span<UInt8>, _ line: Range<Int>) -> Int? {
    let begin = keyword(text, line, "begin=").flatMap { TextLines.number(text, $0) }
    let end = keyword(text, line, "end=").flatMap { TextLines.number(text, $0) }
    guard let begin, let end, end >= begin else { return nil }
    return end - begin + 1
  }

  private static func keyword(
    _ text: Span<UInt8>, _ line: Range<Int>, _ key: String
  ) -> Range<Int>? {
    var position = line.lowerBound
    while position < line.upperBound {
      let word = TextLines.word(text, from: position, to: line.upperBound)
      if TextLines.hasPrefix(text, word, key) {
        return word.lowerBound + key.utf8.count..<word.upperBound
      }
      position = max(word.upperBound, position + 1)
    }
    return nil
  }

  /// `=yend size=123 part=1 pcrc32=abcdef12 crc32=abcdef12`: the first is that of a piece.
  private static func isIntact(
    _ text: Span<UInt8>, _ line: Range<Int>, _ found: FoundFile, _ size: Int?
  ) -> Bool {
    let content = found.file.content
    if let size, size != content.count { return false }
    let key = found.part == nil ? "crc32=" : "pcrc32="
    guard let declared = keyword(text, line, key), 1...8 ~= declared.count else { return true }
    var wanted: UInt32 = 0
    for index in declared {
      guard let digit = ASCII.hex(text[index]) else { return false }
      wanted = wanted << 4 | UInt32(digit)
    }
    return wanted == Checksum.crc32(content.span)
  }

  private static func append(
    _ text: Span<UInt8>, _ line: Range<Int>, _ found: inout FoundFile, _ bytesMax: Int
  ) {
    var isEscaped = false
    for index in line {
      let byte = text[index]
      if byte == ASCII.equals, !isEscaped {
        isEscaped = true
        continue
      }
      guard found.file.content.count < bytesMax else {
        found.isCut = true
        return
      }
      found.file.content.append(byte &- (isEscaped ? 106 : 42))
      isEscaped = false
    }
  }
}

/// Where a piece of a file in several stands among the files found.
struct YEncPiece {
  let file: Int
  let part: Int

  /// The files with the pieces of each name put together, in the order of their numbers, at the
  /// place of the first piece.
  static func joined(_ files: [EmbeddedFile], _ pieces: [YEncPiece]) -> [EmbeddedFile] {
    guard pieces.count > 1 else { return files }
    var groups: [String: [YEncPiece]] = [:]
    for piece in pieces { groups[files[piece.file].names.first ?? "", default: []].append(piece) }
    var joined: [EmbeddedFile?] = files
    for group in groups.values where group.count > 1 {
      var whole = files[group[0].file]
      whole.content = []
      for piece in group.sorted(by: { ($0.part, $0.file) < ($1.part, $1.file) }) {
        whole.content += files[piece.file].content
        whole.isDamaged = whole.isDamaged || files[piece.file].isDamaged
        joined[piece.file] = nil
      }
      joined[group[0].file] = whole
    }
    return joined.compactMap { $0 }
  }
}
