// Strings of RFC 5228 §8.1: quoted ones and `text:`. The hard part is the string that was never
// closed: it pairs with the next string's opening quote, far below, and everything behind it is
// read inside out. It is told by its end: a word touches its close, and it runs over a line end, or
// a quote is left over on its line.

extension Lexer {
  mutating func quotedString() {
    let start = index
    var escape: Range<Int>?
    guard let end = quotedEnd(from: start, escape: &escape), !looksUnclosed(start..<end) else {
      return openString(start, before: probableEnd(from: start))
    }
    if isOpenOnItsLine(start..<end) {
      return openString(start, before: probableEnd(of: start..<end))
    }
    if let escape {
      let escaped = source.text(escape.lowerBound + 1..<escape.upperBound)
      report(.uselessEscape(escaped), escape, edit: edit(ofEscape: escape, in: start..<end))
    }
    emitString(.quotedString, start..<end, valueBytes: end - start - 2)
  }

  /// Behind the closing quote, nil when there is none. `escape` becomes the first backslash that
  /// escapes nothing, with what follows it (RFC 5228 §2.4.2).
  private func quotedEnd(from start: Int, escape: inout Range<Int>?) -> Int? {
    let bytes = source.bytes
    var at = start + 1
    while at < bytes.count {
      switch bytes[at] {
      case UInt8(ascii: "\""): return at + 1
      case UInt8(ascii: "\\"):
        guard at + 1 < bytes.count else { return nil }
        let next = bytes[at + 1]
        if next == UInt8(ascii: "\"") || next == UInt8(ascii: "\\") {
          at += 2
        } else {
          let length = UTF8Scan.scalar(in: bytes, at: at + 1).length
          if escape == nil && next > 0x20 { escape = at..<at + 1 + length }
          at += 1
        }
      default: at += 1
      }
    }
    return nil
  }

  // MARK: Backslashes that say nothing

  /// Whether the keys of a `:regex` may follow; until the next name or end of a statement.
  mutating func noteRegex(_ kind: Token.Kind, _ range: Range<Int>) {
    switch kind {
    case .tag:
      if source.text(range).lowercasedASCII == ":regex" { isBehindRegex = true }
    case .identifier, .semicolon, .leftBrace, .rightBrace: isBehindRegex = false
    default: break
    }
  }

  /// In a pattern the backslash was meant for the pattern, so each in the string is doubled.
  /// Elsewhere it is removed, which changes nothing, but where what was meant cannot be known: a
  /// class or sign of patterns, a wildcard, or `\n` of other languages.
  private func edit(
    ofEscape escape: Range<Int>, in string: Range<Int>
  ) -> (bytes: Range<Int>, text: String)? {
    if isBehindRegex {
      return string.count <= Self.patternBytesMended ? (string, doubled(string)) : nil
    }
    let next = source.bytes[escape.lowerBound + 1]
    if Self.meansMore.contains(next) { return nil }
    return (escape, source.text(escape.lowerBound + 1..<escape.upperBound))
  }

  /// What a backslash means something before in patterns, with `:matches`, or in other languages.
  private static let meansMore = Set(
    "0123456789abcdfghknprstuvxwzABDEGHKNPQRSVWXZ.*?+()[]{}|^$/-<>".utf8)

  /// Longer patterns nobody wrote by hand.
  private static let patternBytesMended = 4_096

  /// The string with `\\` for each backslash that says nothing.
  private func doubled(_ string: Range<Int>) -> String {
    var bytes: [UInt8] = []
    var at = string.lowerBound
    while at < string.upperBound {
      let byte = source.bytes[at]
      bytes.append(byte)
      at += 1
      guard byte == UInt8(ascii: "\\"), at < string.upperBound else { continue }
      let next = source.bytes[at]
      if next == UInt8(ascii: "\"") || next == byte {
        bytes.append(next)
        at += 1
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// True for a string over several lines with a word right behind its closing quote. The quote is
  /// then most likely the opening one of the next string. (`"…"anyof` is the one legal case.)
  private func looksUnclosed(_ range: Range<Int>) -> Bool {
    source.bytes[range].contains(UInt8(ascii: "\n")) && isTouched(at: range.upperBound)
  }

  /// Something stands right behind a closing quote that does not stand there in good scripts.
  private func isTouched(at end: Int) -> Bool {
    guard let next = byte(at: end) else { return false }
    switch next {
    case 0...0x20, UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "]"), UInt8(ascii: "["),
      UInt8(ascii: ")"), UInt8(ascii: "("), UInt8(ascii: "{"), UInt8(ascii: "}"),
      UInt8(ascii: "#"), UInt8(ascii: "/"), UInt8(ascii: ":"):
      return false
    default:
      let word = source.text(end..<nameEnd(from: end))
      return !vocabulary.testTakers.contains(word.lowercasedASCII)
    }
  }

  /// True for a string on one line, `"Subject "` of `"Subject "offer"`, that ends as what stands
  /// before a string does, with a word right behind its close and an odd number of quotes from its
  /// start to the end of a line that is not long.
  private func isOpenOnItsLine(_ range: Range<Int>) -> Bool {
    guard let before = source.bytes[range].dropLast().last, " [(,".utf8.contains(before),
      isTouched(at: range.upperBound), !source.bytes[range].contains(UInt8(ascii: "\n"))
    else { return false }
    let last = min(source.bytes.count, range.upperBound + Self.lineBytesLookedAt)
    var isOdd = false
    var at = range.upperBound
    while at < last && source.bytes[at] != UInt8(ascii: "\n") {
      if source.bytes[at] == UInt8(ascii: "\\") {
        at += 1
      } else if source.bytes[at] == UInt8(ascii: "\"") {
        isOdd.toggle()
      }
      at += 1
    }
    return isOdd && (at >= source.bytes.count || at < last)
  }

  /// Bounds the second look at each string.
  private static let lineBytesLookedAt = 400

  /// Reports a string where it starts, and goes on behind what it most likely was meant to hold.
  private mutating func openString(_ start: Int, before cut: Int) {
    report(.unterminatedString, start..<cut)
    emit(.unknown, cut - start)
    result.isTruncated = true
    stringRecoveries += 1
    if stringRecoveries >= limits.stringRecoveriesMax { stop() }
  }

  /// Before the `;` or the ` {` of the line, else at its end.
  private func probableEnd(from start: Int) -> Int {
    let end = lineEnd(from: start)
    var at = start + 1
    while at < end {
      let byte = source.bytes[at]
      if byte == UInt8(ascii: ";") { return trimmedEnd(start + 1, at) }
      if byte == UInt8(ascii: "{") && source.bytes[at - 1] == UInt8(ascii: " ") {
        return trimmedEnd(start + 1, at)
      }
      at += 1
    }
    return max(end, start + 1)
  }

  /// Of a string whose close is the next one's opening: before the first sign that does not stand
  /// in most texts.
  private func probableEnd(of range: Range<Int>) -> Int {
    let end = range.upperBound - 1
    let signs = Set("[]{}(),;:".utf8)
    let first = range.dropFirst().first { at in
      guard at < end, signs.contains(source.bytes[at]) else { return false }
      let isOpening = "[{(:".utf8.contains(source.bytes[at])
      return !isOpening || source.bytes[at - 1] == UInt8(ascii: " ")
    }
    return trimmedEnd(range.lowerBound + 1, first ?? end)
  }

  /// Without the blanks and closing brackets before it.
  private func trimmedEnd(_ start: Int, _ end: Int) -> Int {
    var end = end
    while end > start && " ])".utf8.contains(source.bytes[end - 1]) { end -= 1 }
    return end
  }

  /// `multi-line = "text:" *(SP / HTAB) (hash-comment / CRLF) *(line) "." CRLF`.
  mutating func multiLineString() {
    let start = index
    let firstLineEnd = lineEnd(from: start)
    var at = start + 5
    while let next = byte(at: at), next == 0x20 || next == 0x09 { at += 1 }
    let hasWords = at < firstLineEnd && byte(at: at) != UInt8(ascii: "#")
    let end = firstLineEnd < noDotLineFrom ? dotLineEnd(from: firstLineEnd) : nil
    if hasWords { return wordsBehindText(start, words: at..<firstLineEnd, end: end) }
    if at < firstLineEnd { addComment(.hash, at..<firstLineEnd) }
    if let end {
      emitString(.multiLineString, start..<end, valueBytes: end - firstLineEnd)
    } else {
      report(.unterminatedText, start..<start + 5)
      stopInside(start)
    }
  }

  /// `text: words`. With a line of a dot below, the words are the mistake; without one, a string
  /// on one line was meant, and it is treated as an open string is.
  private mutating func wordsBehindText(_ start: Int, words: Range<Int>, end: Int?) {
    if let end {
      let place = words.lowerBound..<words.lowerBound
      report(.wordsAfterTextOpening, words, edit: (place, "\n"))
      return emit(.unknown, end - start)
    }
    noDotLineFrom = min(noDotLineFrom, words.upperBound)
    let cut = probableEnd(from: start)
    report(.wordsAfterTextOpening, words.lowerBound..<max(words.lowerBound + 1, cut))
    result.isTruncated = true
    emit(.unknown, cut - start)
  }

  /// Behind the dot of the first line that holds nothing else. `start` is at a line end.
  private func dotLineEnd(from start: Int) -> Int? {
    let bytes = source.bytes
    var at = start
    while true {
      while at < bytes.count && bytes[at] != UInt8(ascii: "\n") { at += 1 }
      at += 1
      guard at < bytes.count else { return nil }
      if bytes[at] == UInt8(ascii: "."), lineEnd(from: at) == at + 1 { return at + 1 }
    }
  }

  private mutating func emitString(_ kind: Token.Kind, _ range: Range<Int>, valueBytes: Int) {
    if valueBytes > limits.stringBytesMax {
      report(.stringTooLong(bytes: valueBytes, max: limits.stringBytesMax), range)
      emit(.unknown, range.count)
    } else {
      emit(kind, range.count)
    }
  }
}

extension String {
  /// Names are compared without regard to case (RFC 5234 §2.3) and are ASCII: no Unicode tables.
  var lowercasedASCII: String {
    String(decoding: utf8.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
  }
}
