// From the source of a string to its value and back: escapes (RFC 5228 §2.4.2), dot-stuffing
// (§8.1) and line ends. One walk serves both ways, so that the two cannot disagree.

/// Walks through the bytes that a string literal stands for.
struct StringDecoding {
  let bytes: [UInt8]
  let form: StringLiteral.Form
  /// With quotes, or from `text:` to its dot; found by the lexer, so both ends are there.
  let range: Range<Int>

  /// The value.
  func value() -> String {
    let inner = range.lowerBound + 1..<range.upperBound - 1
    if form == .quoted && !bytes[inner].contains(where: { $0 == 0x5C || $0 == 0x0A }) {
      return String(decoding: bytes[inner], as: UTF8.self)
    }
    var result: [UInt8] = []
    result.reserveCapacity(range.count)
    walk { byte, _ in
      result.append(byte)
      return true
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// Where a piece of the value's UTF-8 stands in the source. A piece past the end is the end.
  func sourceRange(ofValue piece: Range<Int>) -> Range<Int> {
    var offset = 0
    var lower: Int?
    var upper: Int?
    walk { _, place in
      if offset == piece.lowerBound { lower = place.lowerBound }
      if offset < piece.upperBound { upper = place.upperBound }
      offset += 1
      return offset <= piece.upperBound || lower == nil
    }
    let end = form == .quoted ? range.upperBound - 1 : range.upperBound
    let first = lower ?? end
    return first..<max(first, piece.isEmpty ? first : upper ?? first)
  }

  /// Gives each byte of the value with the source bytes it comes from, until `body` says false.
  private func walk(_ body: (UInt8, Range<Int>) -> Bool) {
    switch form {
    case .quoted: walkQuoted(body)
    case .multiLine: walkMultiLine(body)
    }
  }

  private func walkQuoted(_ body: (UInt8, Range<Int>) -> Bool) {
    let end = range.upperBound - 1
    var at = range.lowerBound + 1
    while at < end {
      // Whatever is escaped is itself: `\.` is `.`; the lexer made sure that `\` is not last.
      let skip = bytes[at] == 0x5C && at + 1 < end && !isLineEnd(at + 1) ? 1 : 0
      guard emit(at, skip: skip, body) else { return }
      at = next(at + skip)
    }
  }

  private func walkMultiLine(_ body: (UInt8, Range<Int>) -> Bool) {
    let end = range.upperBound - 1
    var at = range.lowerBound
    while bytes[at] != 0x0A { at += 1 }
    at += 1
    var isLineStart = true
    while at < end {
      let isStuffed = isLineStart && bytes[at] == 0x2E && bytes[at + 1] == 0x2E
      guard emit(at, skip: isStuffed ? 1 : 0, body) else { return }
      let this = at + (isStuffed ? 1 : 0)
      isLineStart = isLineEnd(this)
      at = next(this)
    }
  }

  /// LF, or CR with LF.
  private func isLineEnd(_ at: Int) -> Bool {
    bytes[at] == 0x0A || (bytes[at] == 0x0D && at + 1 < range.upperBound && bytes[at + 1] == 0x0A)
  }

  private func next(_ at: Int) -> Int {
    bytes[at] == 0x0D && isLineEnd(at) ? at + 2 : at + 1
  }

  private func emit(_ at: Int, skip: Int, _ body: (UInt8, Range<Int>) -> Bool) -> Bool {
    let place = at..<next(at + skip)
    if isLineEnd(at + skip) { return body(0x0D, place) && body(0x0A, place) }
    return body(bytes[at + skip], place)
  }
}

extension SourceFile {
  /// The source bytes of a piece of a string's value, given as offsets in the value's UTF-8: for
  /// mistakes inside strings, such as in `${…}`. Exact as long as the string was valid UTF-8.
  package func range(ofValue piece: Range<Int>, in literal: StringLiteral) -> SourceRange {
    let decoding = StringDecoding(bytes: bytes, form: literal.form, range: literal.range.bytes)
    return SourceRange(file: literal.range.file, bytes: decoding.sourceRange(ofValue: piece))
  }
}
