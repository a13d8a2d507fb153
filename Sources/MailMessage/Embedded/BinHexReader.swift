// BinHex 4.0 (RFC 1741 appendix A): a Macintosh file in 64 characters between two colons, with
// runs packed. Trusts nothing: what the packed runs unfold to is bounded, lengths are checked.

/// Reads one BinHex file.
struct BinHexReader {
  private static let values: [UInt8] = {
    var values = [UInt8](repeating: 255, count: 256)
    let alphabet = "!\"#$%&'()*+,-012345689@ABCDEFGHIJKLMNPQRSTUVXYZ[`abcdefhijklmpqr"
    for (value, byte) in alphabet.utf8.enumerated() { values[Int(byte)] = UInt8(value) }
    return values
  }()

  /// Lines between the announcement and the colon that begins the data.
  private static let foreignLinesMax = 8
  /// Length, name, version, type, creator, flags, two lengths and a checksum, at most.
  private static let headerBytesMax = 1 + 255 + 21

  private var bytes: [UInt8] = []
  private var bits: UInt32 = 0
  private var bitCount = 0
  private var isRun = false
  private var isDamaged = false
  private var isCut = false
  private let bytesMax: Int

  private init(bytesMax: Int) { self.bytesMax = bytesMax }

  /// The file behind a line that announces it: `(This file must be converted with BinHex 4.0)`.
  static func read(_ text: Span<UInt8>, at start: Int, bytesMax: Int) -> FoundFile? {
    let lines = TextLines(text, at: start)
    let line = lines.line(text, at: start)
    let word: [UInt8] = Array("binhex".utf8)
    guard TextLines.hasPrefix(text, line.content, "(this file "), line.content.count <= 200,
      ASCII.firstIndex(of: word.span, in: text.extracting(line.content)) != nil
    else { return nil }
    guard
      var found = read(text, from: line.next, linesMax: foreignLinesMax, bytesMax: bytesMax)
    else { return nil }
    found.file.range = start..<found.file.range.upperBound
    return found
  }

  /// The file that begins with a colon at the start of one of the next lines.
  static func read(
    _ text: Span<UInt8>, from start: Int, linesMax: Int, bytesMax: Int
  ) -> FoundFile? {
    let lines = TextLines(text, at: start)
    var position = start
    var linesLeft = linesMax
    while position < text.count, linesLeft > 0 {
      let line = lines.line(text, at: position)
      if let first = line.content.first, text[first] == ASCII.colon {
        // Both forks and their header are unfolded; more than the data is never kept.
        let room = bytesMax > .max - headerBytesMax ? .max : bytesMax + headerBytesMax
        var reader = BinHexReader(bytesMax: room)
        let end = reader.decode(text, from: first + 1)
        return reader.file(range: first..<end, bytesMax: bytesMax)
      }
      linesLeft -= 1
      position = line.next
    }
    return nil
  }

  /// Decodes up to the closing colon; returns what is behind it.
  private mutating func decode(_ text: Span<UInt8>, from start: Int) -> Int {
    let values = Self.values.span
    var index = start
    while index < text.count, !isCut {
      let byte = text[index]
      index += 1
      if byte == ASCII.colon { return index }
      let value = values[Int(byte)]
      guard value < 64 else {
        if !ASCII.isFolding(byte) { isDamaged = true }
        continue
      }
      bits = bits << 6 | UInt32(value)
      bitCount += 6
      guard bitCount >= 8 else { continue }
      bitCount -= 8
      take(UInt8(truncatingIfNeeded: bits >> UInt32(bitCount)))
    }
    isDamaged = true
    return index
  }

  /// 0x90 and a count repeat the byte before; 0x90 0 is the byte 0x90 itself.
  private mutating func take(_ byte: UInt8) {
    guard isRun || byte != 0x90 else {
      isRun = true
      return
    }
    var count = 1
    var value = byte
    if isRun {
      isRun = false
      count = byte == 0 ? 1 : Int(byte) - 1
      value = byte == 0 ? 0x90 : bytes.last ?? 0
    }
    if count > bytesMax - bytes.count {
      isCut = true
      count = max(0, bytesMax - bytes.count)
    }
    for _ in 0..<count { bytes.append(value) }
  }

  /// The data fork; the resource fork where the file has no other.
  private func file(range: Range<Int>, bytesMax: Int) -> FoundFile? {
    guard let nameLength = bytes.first.map(Int.init), bytes.count >= nameLength + 22 else {
      return nil
    }
    let header = nameLength + 22
    let dataLength = number(at: nameLength + 12)
    let resourceLength = number(at: nameLength + 16)
    var file = EmbeddedFile(range: range)
    file.addName(TextLines.name(bytes.span, 1..<1 + nameLength))
    file.isDamaged = isDamaged || !isSummed(0..<header - 2)
    let isResource = dataLength == 0 && resourceLength > 0
    let start = min(bytes.count, isResource ? header + 2 : header)
    let length = isResource ? resourceLength : dataLength
    let end = length > bytes.count - start ? bytes.count : start + length
    // Stops at the limit: nobody knows how much more there is.
    if end - start < length || !isSummed(start..<end) { file.isDamaged = file.isDamaged || !isCut }
    file.content = Array(bytes[start..<min(end, start + min(bytesMax, bytes.count - start))])
    return FoundFile(file: file, isCut: length > bytesMax || (isCut && end - start < length))
  }

  private func number(at offset: Int) -> Int {
    bytes[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
  }

  /// Whether the checksum behind the range is the range's own.
  private func isSummed(_ range: Range<Int>) -> Bool {
    guard range.upperBound + 2 <= bytes.count else { return false }
    let sum = Checksum.crc16(bytes.span.extracting(range))
    return bytes[range.upperBound] == UInt8(sum >> 8)
      && bytes[range.upperBound + 1] == UInt8(truncatingIfNeeded: sum)
  }
}
