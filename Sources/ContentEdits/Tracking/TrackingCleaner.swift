// Finds what only tells others that a mail was read, and removes exactly that.
// Trusts nothing: each byte is looked at once as markup and once as address.
internal import FileContents

struct TrackingCleaner {
  private var edits = RangeEdits()

  /// The same bytes without what was found.
  func output(from content: [UInt8]) -> [UInt8] { edits.applied(to: content) }

  // MARK: Pages

  private static let href = MarkupName("href")
  private static let source = MarkupName("src")
  private static let image = MarkupName("img")

  mutating func readPage(_ page: Span<UInt8>) {
    var tokens = MarkupTokenizer(.browser)
    var pixel = PixelTest()
    var tagStart = 0
    var addresses: [Range<Int>] = []
    while true {
      let start = tokens.offset
      switch tokens.next(page) {
      case .end: return
      case .text(let range): readText(page, range, isMarkup: true)
      case .tag:
        tagStart = start
        addresses.removeAll(keepingCapacity: true)
        pixel = PixelTest(isImage: tokens.name == Self.image)
      case .attribute:
        pixel.attribute(tokens, page)
        if tokens.attribute == Self.href || tokens.attribute == Self.source {
          addresses.append(tokens.value)
        }
      case .tagEnd:
        guard tokens.isTagClosed else { return }
        if pixel.isPixel {
          edits.remove(tagStart..<tokens.offset)
        } else {
          for address in addresses { readAddress(page, address) }
        }
      default: break
      }
    }
  }

  /// A whole value that may be an address.
  private mutating func readAddress(_ page: Span<UInt8>, _ range: Range<Int>) {
    var start = range.lowerBound
    while start < range.upperBound, page[start] <= 32 { start += 1 }
    guard AddressScan.begins(page, at: start, before: range.upperBound) else { return }
    var end = range.upperBound
    while end > start, page[end - 1] <= 32 { end -= 1 }
    readQuery(page, start..<end, isMarkup: true)
  }

  // MARK: Text

  mutating func readText(_ text: Span<UInt8>, _ range: Range<Int>, isMarkup: Bool) {
    var index = range.lowerBound
    while let start = AddressScan.next(text, index..<range.upperBound) {
      let end = AddressScan.end(text, start..<range.upperBound, isMarkup: isMarkup)
      readQuery(text, start..<end, isMarkup: isMarkup)
      index = end
    }
  }

  // MARK: Queries

  /// A parameter goes with the separator before it, the first one with that behind it, and the last
  /// that there is with the question mark.
  private mutating func readQuery(_ text: Span<UInt8>, _ address: Range<Int>, isMarkup: Bool) {
    var mark = address.lowerBound
    while mark < address.upperBound, text[mark] != 63, text[mark] != 35 { mark += 1 }
    guard mark < address.upperBound, text[mark] == 63 else { return }
    var separator = mark..<mark + 1
    var keptOne = false
    var removesFirst = false
    while true {
      let start = separator.upperBound
      var end = start
      while end < address.upperBound, text[end] != 35, text[end] != 38 { end += 1 }
      if TrackingParameters.contains(text, name(text, start..<end)) {
        if keptOne { edits.remove(separator.lowerBound..<end) } else { removesFirst = true }
      } else {
        if removesFirst, !keptOne { edits.remove(mark + 1..<start) }
        keptOne = true
      }
      guard end < address.upperBound, text[end] == 38 else {
        if !keptOne { edits.remove(mark..<end) }
        return
      }
      let next = isMarkup ? AddressScan.endOfAmpersand(text, end, address.upperBound) : nil
      separator = end..<(next ?? end + 1)
    }
  }

  private func name(_ text: Span<UInt8>, _ range: Range<Int>) -> Range<Int> {
    var end = range.lowerBound
    while end < range.upperBound, text[end] != 61 { end += 1 }
    return range.lowerBound..<end
  }
}
