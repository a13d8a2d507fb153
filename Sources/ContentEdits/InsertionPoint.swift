// Where the body of a page begins and ends, told by the tokens that a browser sees: not in
// comments, scripts, attributes or texts of a form.
// Trusts nothing: one pass.
internal import FileContents

enum InsertionPoint {
  private static let head = MarkupName("head")
  private static let body = MarkupName("body")
  private static let html = MarkupName("html")

  /// Behind the first `<body>`, else behind the head, `<html>` or the document type, else 0.
  static func beginning(of page: Span<UInt8>) -> Int {
    var tokens = MarkupTokenizer(.browser)
    var best = 0
    var name = MarkupName()
    while true {
      switch tokens.next(page) {
      case .end: return best
      case .tag: name = tokens.name
      case .tagEnd:
        guard tokens.isTagClosed else { return best }
        if name == body, !tokens.hasPrefix { return tokens.offset }
        if name == html, !tokens.hasPrefix { best = max(best, tokens.offset) }
      case .endTag where tokens.name == head: best = tokens.offset
      case .declaration where best == 0: best = tokens.offset
      default: break
      }
    }
  }

  /// Before the last `</body>`, else before the last `</html>`, else at the end; but before
  /// whatever is open there and would take the fragment in.
  static func end(of page: Span<UInt8>) -> Int {
    var tokens = MarkupTokenizer(.browser)
    var endOfBody: Int?
    var endOfPage: Int?
    // Where the tag began that was read last; raw text belongs to it.
    var tagStart = 0
    while true {
      let start = tokens.offset
      switch tokens.next(page) {
      case .end: return endOfBody ?? endOfPage ?? page.count
      case .tag: tagStart = start
      case .tagEnd where !tokens.isTagClosed: return endOfBody ?? endOfPage ?? tagStart
      case .endTag:
        guard tokens.isTagClosed else { return endOfBody ?? endOfPage ?? start }
        if tokens.hasPrefix { continue }
        if tokens.name == body { endOfBody = start }
        if tokens.name == html { endOfPage = start }
      case .rawText(let range) where range.upperBound == page.count:
        return endOfBody ?? endOfPage ?? tagStart
      case .comment(let range) where range.upperBound == page.count,
        .declaration(let range) where range.upperBound == page.count,
        .instruction(let range) where range.upperBound == page.count:
        return endOfBody ?? endOfPage ?? start
      default: break
      }
    }
  }
}
