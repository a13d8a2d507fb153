// Lines of a text that may hold files, and what is written in them.
// Trusts nothing: every offset stays inside of the text.

/// How the lines of a text end: with LF, a CR before it dropped; or with CR where LFs are missing.
struct TextLines {
  let lineEnd: UInt8

  /// The line end that the text uses at `start`: what ends the line there ends the next ones too.
  init(_ text: Span<UInt8>, at start: Int) {
    var index = start
    while index < text.count, text[index] != ASCII.lineFeed, text[index] != ASCII.carriageReturn {
      index += 1
    }
    let isBare =
      index < text.count && text[index] == ASCII.carriageReturn
      && (index + 1 == text.count || text[index + 1] != ASCII.lineFeed)
    lineEnd = isBare ? ASCII.carriageReturn : ASCII.lineFeed
  }

  /// The line at `start` without its end, and where the next one begins.
  func line(_ text: Span<UInt8>, at start: Int) -> (content: Range<Int>, next: Int) {
    let found = ByteScan.firstIndex(of: lineEnd, in: text, from: start, to: text.count)
    var content = start..<(found ?? text.count)
    if lineEnd == ASCII.lineFeed, let last = content.last, text[last] == ASCII.carriageReturn {
      content = start..<last
    } else if lineEnd == ASCII.carriageReturn, let first = content.first,
      text[first] == ASCII.lineFeed
    {
      content = first + 1..<content.upperBound
    }
    return (content, found.map { $0 + 1 } ?? text.count)
  }

  /// Whether the line begins with `word`, which is lower-case, in any case of letters.
  static func hasPrefix(_ text: Span<UInt8>, _ line: Range<Int>, _ word: String) -> Bool {
    var index = line.lowerBound
    for byte in word.utf8 {
      guard index < line.upperBound, ASCII.lower(text[index]) == byte else { return false }
      index += 1
    }
    return true
  }

  /// The next run of bytes that are no blanks at or after `start`.
  static func word(_ text: Span<UInt8>, from start: Int, to end: Int) -> Range<Int> {
    var lower = start
    while lower < end, ASCII.isBlank(text[lower]) { lower += 1 }
    var upper = lower
    while upper < end, !ASCII.isBlank(text[upper]) { upper += 1 }
    return lower..<upper
  }

  /// A name as text: UTF-8, or else windows-1252; nil for an empty one.
  static func name(_ text: Span<UInt8>, _ range: Range<Int>) -> String? {
    var trimmed = ASCII.trimmed(text, range)
    // Quotes around it are no part of it (yEnc 1.3); no file has them in its name.
    if trimmed.count > 2, text[trimmed.lowerBound] == ASCII.quote,
      text[trimmed.upperBound - 1] == ASCII.quote
    {
      trimmed = trimmed.lowerBound + 1..<trimmed.upperBound - 1
    }
    guard !trimmed.isEmpty else { return nil }
    let bytes = text.extracting(trimmed)
    if let valid = try? UTF8Span(validating: bytes) { return String(copying: valid) }
    var converted: [UInt8] = []
    WindowsLatin.append(bytes, to: &converted)
    return String(decoding: converted, as: UTF8.self)
  }

  /// The decimal number that `range` is, at most nine digits.
  static func number(_ text: Span<UInt8>, _ range: Range<Int>) -> Int? {
    guard 1...9 ~= range.count else { return nil }
    var value = 0
    for index in range {
      guard let digit = ASCII.digit(text[index]) else { return nil }
      value = value * 10 + digit
    }
    return value
  }
}
