// Plain text without libmagic. A body of prose costs libmagic 1.2 ms for 4 KB (it tries some 3,500
// patterns, many of them regular expressions over 8 KB), and every mail has one. Most prose can be
// proven to be of kind text in 10 µs: it looks like text to libmagic (src/encoding.c), and it
// passes the first test of no entry that would give it another family (PlainTextRivals). Which text
// it is (text/plain, text/x-c …) stays open, so the MIME name is still libmagic's to say.
// Trusts nothing; anything unusual is left to libmagic, which costs time and never an answer.

enum PlainText {
  /// Longer texts are left to libmagic: its database tests places from here on.
  static let bytesMax = 32_752

  /// True where libmagic's answer is certain to be of kind text.
  static func isProven(_ bytes: Span<UInt8>) -> Bool {
    guard bytes.count >= 8, bytes.count <= bytesMax, beginsLikeProse(bytes) else { return false }
    for (offset, rival) in atOffset where matches(bytes, rival, at: offset) { return false }
    return hasNoRivalInside(bytes)
  }

  private static let beginnings = byFirstByte(PlainTextRivals.beginnings)
  private static let anyCaseBeginnings = byFirstByte(PlainTextRivals.beginningsInAnyCase)
  private static let anywhere = byFirstByte(
    PlainTextRivals.anywhere + ["try:", "except", "finally:"])
  private static let lineWords = byFirstByte(PlainTextRivals.beginningLines)
  private static let atOffset = PlainTextRivals.atOffset.map { ($0.0, Array($0.1.utf8)) }
  private static let importWord = Array("import".utf8)
  private static let fromWord = Array("from".utf8)
  private static let tryWord = Array("try:".utf8)
  private static let exceptWords = [Array("except".utf8), Array("finally:".utf8)]

  private static func byFirstByte(_ texts: [String]) -> [[StaticBytes]] {
    var lists = [[StaticBytes]](repeating: [], count: 256)
    for text in texts {
      let bytes = Array(text.utf8)
      lists[Int(bytes[0])].append(bytes)
    }
    return lists
  }

  /// By two bytes: whether the first is more than a letter on its line, or both begin a string of
  /// `anywhere`, in either case; a bit each. One look for each byte of a text; without it the lists
  /// cost four times as much.
  private static let telling: [UInt64] = {
    var pairs = [UInt64](repeating: 0, count: 1024)
    func insert(_ first: UInt8, _ second: UInt8) {
      pairs[Int(first) << 2 | Int(second >> 6)] |= 1 << UInt64(second & 63)
    }
    func cases(_ byte: UInt8) -> [UInt8] { byte &- 0x61 < 26 ? [byte, byte & 0xDF] : [byte] }
    for rival in anywhere.joined() {
      for first in cases(rival[0]) { for second in cases(rival[1]) { insert(first, second) } }
    }
    for first in UInt8.min...UInt8.max where first < 0x20 && first != 0x09 || first >= 0x7F {
      for second in UInt8.min...UInt8.max { insert(first, second) }
    }
    return pairs
  }()

  /// From `start` on, the first byte that is more than a letter on its line; the last byte always
  /// is.
  @inline(__always)
  private static func nextTelling(
    _ bytes: Span<UInt8>, _ start: Int, _ telling: Span<UInt64>
  ) -> Int {
    var index = start
    var byte = bytes[index]
    while index + 1 < bytes.count {
      let second = bytes[index + 1]
      if telling[Int(byte) << 2 | Int(second >> 6)] >> UInt64(second & 63) & 1 != 0 { break }
      byte = second
      index += 1
    }
    return index
  }

  /// Begins with ASCII, without a control among the first four bytes, and with no rival; not like
  /// what libmagic takes for zlib ("8 ", "x@" …), LATM ("V" and a character beyond U+07FF), a cpio
  /// archive ("qǀ" to "qǿ"), or tar.
  private static func beginsLikeProse(_ bytes: Span<UInt8>) -> Bool {
    let first = bytes[0]
    let second = bytes[1]
    guard first < 0x80 else { return false }
    for index in 0..<4 where bytes[index] < 0x20 || bytes[index] == 0x7F { return false }
    if first & 0x0F == 8, second & 0x1F == 0 { return false }
    if first == UInt8(ascii: "V") && second >= 0xE0 { return false }
    if first == UInt8(ascii: "q") && second == 0xC7 { return false }
    for rival in beginnings[Int(first)] where SureSignature.matches(bytes, rival, at: 0) {
      return false
    }
    for rival in anyCaseBeginnings[Int(lower(first))] where matches(bytes, rival, at: 0) {
      return false
    }
    return !SureSignature.maybeTar(bytes)
  }

  /// One pass: text throughout, and no rival anywhere.
  private static func hasNoRivalInside(_ bytes: Span<UInt8>) -> Bool {
    var index = 0
    var isUTF8 = true
    var isLineStart = true
    var hasTry = false
    var hasExcept = false
    let telling = telling.span
    while index < bytes.count {
      if !isLineStart { index = nextTelling(bytes, index, telling) }
      let byte = bytes[index]
      if byte >= 0x80 {
        let length = sequenceLength(bytes, at: index)
        if length == 0 { isUTF8 = false }
        index += max(1, length)
        isLineStart = false
        continue
      }
      if byte < 0x20 || byte == 0x7F {
        guard byte == 0x0A || byte == 0x0D || byte == 0x09 else { return false }
        if byte != 0x09 { isLineStart = true }
        index += 1
        continue
      }
      let first = lower(byte)
      if isLineStart, byte != 0x20 {
        if isRivalLine(bytes, at: index, first) { return false }
        isLineStart = false
        continue
      }
      switch rival(bytes, at: index, first) {
      case .none: break
      case .tryWord: hasTry = true
      case .exceptWord: hasExcept = true
      case .other: return false
      }
      index += 1
    }
    return !(hasTry && hasExcept) && (isUTF8 || OneByteText.isProven(bytes))
  }

  /// What of `anywhere` stands at a place. Python needs both "try:" and a word that follows it.
  private enum Rival { case none, tryWord, exceptWord, other }

  private static func rival(_ bytes: Span<UInt8>, at index: Int, _ first: UInt8) -> Rival {
    for rival in anywhere[Int(first)] where matches(bytes, rival, at: index) {
      if rival == tryWord { return .tryWord }
      return exceptWords.contains(rival) ? .exceptWord : .other
    }
    return .none
  }

  private static func isRivalLine(_ bytes: Span<UInt8>, at start: Int, _ first: UInt8) -> Bool {
    for rival in lineWords[Int(first)] where matches(bytes, rival, at: start) { return true }
    guard first == fromWord[0], matches(bytes, fromWord, at: start) else { return false }
    var index = start
    // Stopping at a CR as well keeps a text of many such lines linear.
    while index < bytes.count, bytes[index] != 0x0A, bytes[index] != 0x0D {
      if matches(bytes, importWord, at: index) { return true }
      index += 1
    }
    return false
  }

  /// True where `lowercase` stands at `offset`, in either case.
  private static func matches(
    _ bytes: Span<UInt8>, _ lowercase: StaticBytes, at offset: Int
  ) -> Bool {
    guard bytes.count - offset >= lowercase.count else { return false }
    for index in 0..<lowercase.count where lower(bytes[offset + index]) != lowercase[index] {
      return false
    }
    return true
  }

  @inline(__always)
  private static func lower(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }

  /// The length of the well-formed UTF-8 sequence at `index` (Unicode 15, table 3-7); 0 if none is.
  private static func sequenceLength(_ bytes: Span<UInt8>, at index: Int) -> Int {
    let lead = bytes[index]
    let length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2
    guard lead >= 0xC2, lead <= 0xF4, bytes.count - index >= length else { return 0 }
    for offset in 1..<length where bytes[index + offset] & 0xC0 != 0x80 { return 0 }
    switch (lead, bytes[index + 1]) {
    case (0xE0, ..<0xA0), (0xED, 0xA0...), (0xF0, ..<0x90), (0xF4, 0x90...): return 0
    default: return length
    }
  }
}
