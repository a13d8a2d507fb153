// What a page says of its own charset: `<meta charset>`, `<meta http-equiv content>`, and the
// declaration of XML. Only these bytes are written anew.
internal import FileContents

enum DeclaredCharset {
  private static let meta = MarkupName("meta")
  private static let charset = MarkupName("charset")
  private static let content = MarkupName("content")
  private static let equivalent = MarkupName("http-equiv")
  private static let type: StaticString = "content-type"
  private static let utf8 = Array("utf-8".utf8)
  private static let utf8Type = Array("text/html;charset=utf-8".utf8)

  static func replaced(in html: [UInt8]) -> [UInt8] {
    var edits = RangeEdits()
    var tokens = MarkupTokenizer(.browser)
    var isMeta = false
    var isType = false
    var found: [(range: Range<Int>, isContent: Bool)] = []
    loop: while true {
      switch tokens.next(html.span) {
      case .end: break loop
      case .tag:
        isMeta = tokens.name == meta
        isType = false
        found.removeAll(keepingCapacity: true)
      case .attribute where isMeta:
        let value = tokens.value
        if tokens.attribute == equivalent, value.count == type.utf8CodeUnitCount {
          isType = Words.holds(type, html.span, at: value.lowerBound)
        }
        if tokens.attribute == charset { found.append((value, false)) }
        if tokens.attribute == content { found.append((value, true)) }
      case .tagEnd where isMeta && tokens.isTagClosed:
        for one in found {
          if !one.isContent {
            edits.replace(one.range, with: utf8)
          } else if isType {
            replaceParameter(html, one.range, &edits)
          }
        }
      case .instruction(let range): replaceEncoding(html, range, &edits)
      default: break
      }
    }
    return edits.applied(to: html)
  }

  /// `text/html; charset=X`
  private static func replaceParameter(
    _ html: [UInt8], _ range: Range<Int>, _ edits: inout RangeEdits
  ) {
    guard let (start, hasReference) = find("charset", html, range) else { return }
    if hasReference { return edits.replace(range, with: utf8Type) }
    guard let value = value(html, start..<range.upperBound) else { return }
    edits.replace(value, with: utf8)
  }

  /// `<?xml version="1.0" encoding="X"?>`
  private static func replaceEncoding(
    _ html: [UInt8], _ range: Range<Int>, _ edits: inout RangeEdits
  ) {
    guard Words.holds("xml", html.span, at: range.lowerBound),
      let (start, _) = find("encoding", html, range),
      let value = value(html, start..<range.upperBound)
    else { return }
    edits.replace(value, with: utf8)
  }

  /// Behind the word, and whether a reference hides something of the value.
  private static func find(
    _ word: StaticString, _ html: [UInt8], _ range: Range<Int>
  ) -> (start: Int, hasReference: Bool)? {
    let count = word.utf8CodeUnitCount
    guard range.count >= count else { return nil }
    for start in range.lowerBound...(range.upperBound - count)
    where html[start] | 0x20 == word.description.utf8.first
      && Words.holds(word, html.span, at: start)
    {
      return (start + count, html[range].contains(38))
    }
    return nil
  }

  /// The word behind an equals sign.
  private static func value(_ html: [UInt8], _ range: Range<Int>) -> Range<Int>? {
    var start = range.lowerBound
    while start < range.upperBound, html[start] <= 32 { start += 1 }
    guard start < range.upperBound, html[start] == 61 else { return nil }
    start += 1
    while start < range.upperBound, html[start] <= 32 || html[start] == 34 || html[start] == 39 {
      start += 1
    }
    var end = start
    while end < range.upperBound, html[end] > 32, !isEnd(html[end]) { end += 1 }
    return start..<end
  }

  private static func isEnd(_ byte: UInt8) -> Bool {
    byte == 34 || byte == 39 || byte == 59 || byte == 63 || byte == 44
  }
}
