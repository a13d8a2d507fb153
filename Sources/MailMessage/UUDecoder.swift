// uuencode as a transfer encoding (POSIX uuencode(1); never standardised for mail).
// Trusts nothing: a line decodes to no more than its length sign says and than it holds.

enum UUDecoder {
  /// Appends every file in `bytes`, one after the other; returns whether all of it was well formed.
  /// Without any `begin` line all lines are taken for data.
  static func append(_ bytes: Span<UInt8>, to output: inout [UInt8]) -> Bool {
    var isInside = false
    var hasBegun = false
    var isClean = true
    var line = 0
    let start = output.count
    let lines = TextLines(bytes, at: 0)
    while line < bytes.count {
      let (content, next) = lines.line(bytes, at: line)
      if isBegin(bytes, content) {
        isInside = true
        hasBegun = true
      } else if isInside {
        if isEnd(bytes, content) {
          isInside = false
        } else if !appendLine(bytes, content, to: &output) {
          isClean = false
        }
      }
      line = next
    }
    if !hasBegun, output.count == start { return appendBare(bytes, to: &output) }
    return isClean && !isInside
  }

  /// `begin 644 name`
  private static func isBegin(_ bytes: Span<UInt8>, _ line: Range<Int>) -> Bool {
    let word = "begin ".utf8
    guard line.count > word.count + 3 else { return false }
    for (offset, byte) in word.enumerated() where bytes[line.lowerBound + offset] != byte {
      return false
    }
    let mode = line.lowerBound + word.count
    return (mode..<mode + 3).allSatisfy { ASCII.digit(bytes[$0]) != nil }
  }

  private static func isEnd(_ bytes: Span<UInt8>, _ line: Range<Int>) -> Bool {
    let trimmed = ASCII.trimmed(bytes, line)
    return trimmed.count == 3 && bytes[trimmed.lowerBound] == 101
      && bytes[trimmed.lowerBound + 1] == 110 && bytes[trimmed.lowerBound + 2] == 100
  }

  /// Data whose `begin` line is missing.
  private static func appendBare(_ bytes: Span<UInt8>, to output: inout [UInt8]) -> Bool {
    let lines = TextLines(bytes, at: 0)
    var line = 0
    while line < bytes.count {
      let (content, next) = lines.line(bytes, at: line)
      _ = appendLine(bytes, content, to: &output)
      line = next
    }
    return false
  }

  /// One line: a length sign, then groups of four characters for three bytes. Blanks at its end
  /// that were lost on the way count as zero.
  private static func appendLine(
    _ bytes: Span<UInt8>, _ line: Range<Int>, to output: inout [UInt8]
  ) -> Bool {
    guard let first = line.first, let length = value(bytes[first]) else { return line.isEmpty }
    var left = Int(length)
    var index = first + 1
    var isClean = true
    while left > 0, index < line.upperBound {
      var bits: UInt32 = 0
      for offset in 0..<4 {
        let at = index + offset
        let six = at < line.upperBound ? value(bytes[at]) : 0
        if six == nil { isClean = false }
        bits = bits << 6 | UInt32(six ?? 0)
      }
      for shift in [16, 8, 0] where left > 0 {
        output.append(UInt8(truncatingIfNeeded: bits >> UInt32(shift)))
        left -= 1
      }
      index += 4
    }
    return isClean && left == 0
  }

  /// Six bits: blank to underscore; the grave accent stands for zero too.
  private static func value(_ byte: UInt8) -> UInt8? {
    byte &- 32 <= 64 ? (byte &- 32) & 63 : nil
  }
}
