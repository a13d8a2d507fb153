// Pictures of one point or none that come from elsewhere: nobody sees them, they tell that the mail
// was opened.
internal import FileContents

struct PixelTest {
  private let isImage: Bool
  private var isRemote = false
  private var width: Bool?
  private var height: Bool?
  /// What a style says counts before what an attribute says.
  private var styleWidth: Bool?
  private var styleHeight: Bool?

  init(isImage: Bool = false) { self.isImage = isImage }

  var isPixel: Bool {
    isImage && isRemote && styleWidth ?? width ?? false && styleHeight ?? height ?? false
  }

  private static let source = MarkupName("src")
  private static let width = MarkupName("width")
  private static let height = MarkupName("height")
  private static let style = MarkupName("style")

  mutating func attribute(_ tokens: MarkupTokenizer, _ page: Span<UInt8>) {
    guard isImage else { return }
    let range = tokens.value
    switch tokens.attribute {
    case Self.source:
      var start = range.lowerBound
      while start < range.upperBound, page[start] <= 32 { start += 1 }
      isRemote =
        AddressScan.begins(page, at: start, before: range.upperBound)
        || Words.holds("//", page, at: start)
    case Self.width: width = width ?? isTiny(page, range)
    case Self.height: height = height ?? isTiny(page, range)
    case Self.style: readStyle(page, range)
    default: break
    }
  }

  private mutating func readStyle(_ page: Span<UInt8>, _ range: Range<Int>) {
    var start = range.lowerBound
    while start < range.upperBound {
      var end = start
      while end < range.upperBound, page[end] != 59 { end += 1 }
      while start < end, page[start] <= 32 { start += 1 }
      if Words.holds("width:", page, at: start) { styleWidth = isTiny(page, start + 6..<end) }
      if Words.holds("height:", page, at: start) { styleHeight = isTiny(page, start + 7..<end) }
      start = end + 1
    }
  }

  /// Whether it is 0 or 1, in points of some kind.
  private func isTiny(_ page: Span<UInt8>, _ range: Range<Int>) -> Bool {
    var index = range.lowerBound
    while index < range.upperBound, page[index] <= 32 { index += 1 }
    guard index < range.upperBound, page[index] == 48 || page[index] == 49 else { return false }
    index += 1
    guard index < range.upperBound else { return true }
    return page[index] <= 32 || page[index] == 33 || Words.holds("px", page, at: index)
      || Words.holds("pt", page, at: index)
  }
}
