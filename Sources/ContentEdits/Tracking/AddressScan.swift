// Addresses of pages in running text: where they begin and end. What is not surely part of one is
// none of it.
internal import MailMessage

enum AddressScan {
  /// The first in that range.
  static func next(_ text: Span<UInt8>, _ range: Range<Int>) -> Int? {
    var index = range.lowerBound
    while let colon = ByteScan.firstIndex(of: 58, in: text, from: index, to: range.upperBound) {
      for start in [colon - 4, colon - 5]
      where start >= range.lowerBound && begins(text, at: start, before: range.upperBound) {
        return start
      }
      index = colon + 1
    }
    return nil
  }

  static func begins(_ text: Span<UInt8>, at start: Int, before end: Int) -> Bool {
    guard end - start > 8 else { return false }
    return Words.holds("http://", text, at: start) || Words.holds("https://", text, at: start)
  }

  /// Where the address ends; punctuation behind it is not its own.
  static func end(_ text: Span<UInt8>, _ range: Range<Int>, isMarkup: Bool) -> Int {
    var end = range.lowerBound
    while end < range.upperBound, !isOutside(text, end, range.upperBound) {
      if text[end] == 38, isMarkup, endOfAmpersand(text, end, range.upperBound) == nil,
        isReference(text, end, range.upperBound)
      {
        break
      }
      end += 1
    }
    while end > range.lowerBound, isPunctuation(text[end - 1]) { end -= 1 }
    return end
  }

  /// Blanks, brackets and quotes, those of Unicode too.
  private static func isOutside(_ text: Span<UInt8>, _ index: Int, _ end: Int) -> Bool {
    let byte = text[index]
    if byte <= 32 || byte == 60 || byte == 62 || byte == 34 { return true }
    guard byte >= 0xC2, index + 1 < end else { return false }
    return (byte == 0xC2 && text[index + 1] == 0xA0)
      || (byte == 0xE2 && (text[index + 1] == 0x80 || text[index + 1] == 0x81))
  }

  private static func isPunctuation(_ byte: UInt8) -> Bool {
    switch byte {
    // ! ' ) , . : ; ? ] }
    case 33, 39, 41, 44, 46, 58, 59, 63, 93, 125: true
    default: false
    }
  }

  private static let ampersands: [StaticString] = ["&amp;", "&#38;", "&#x26;"]

  /// The end of a reference to an ampersand at that place.
  static func endOfAmpersand(_ text: Span<UInt8>, _ start: Int, _ end: Int) -> Int? {
    for word in ampersands where Words.holds(word, text, at: start) {
      let next = start + word.utf8CodeUnitCount
      return next <= end ? next : nil
    }
    return nil
  }

  /// A reference with its semicolon, to whatever.
  private static func isReference(_ text: Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
    var index = start + 1
    let last = min(end, start + 10)
    while index < last,
      text[index] == 35 || (text[index] | 0x20) &- 97 < 26
        || text[index] &- 48 < 10
    {
      index += 1
    }
    return index < end && index > start + 1 && text[index] == 59
  }
}
