// Cuts HTML, SVG and XML into tags, attributes and text, as HTML Living Standard §13.2.5 does:
// whatever comes is cut somehow, and a browser cuts it in the same places.
// Trusts nothing: one pass that never goes back, no stack, no copies.
internal import MailMessage

/// How a page is cut; where programs differ it is read in more than one way.
package struct MarkupDialect: Sendable {
  /// The content of `noscript` is text, as for a browser that runs scripts.
  var runsScripts = true
  /// SVG and MathML inside of HTML have no raw text; else everything is HTML.
  var knowsForeign = true
  /// XML 1.0: comments end at `-->` alone, sections of character data are text everywhere.
  var isXML = false
  /// Exactly as the Living Standard has it; else a little more is taken for markup than browsers
  /// do, for programs that are looser.
  var isExact = false

  /// What a browser reads.
  package static let browser = MarkupDialect(isExact: true)
}

/// A piece of a page.
package enum MarkupToken: Equatable {
  case text(Range<Int>)
  /// The content of an element that is not markup; `name` is the element's.
  case rawText(Range<Int>)
  /// `name` of a start tag; its attributes come next, then `.tagEnd`.
  case tag
  /// `attribute` and `value`.
  case attribute
  case tagEnd(isSelfClosing: Bool)
  case endTag
  /// A comment or what is read as one.
  case comment(Range<Int>)
  /// `<!DOCTYPE` or another declaration, without its brackets.
  case declaration(Range<Int>)
  case instruction(Range<Int>)
  case end
}

package struct MarkupTokenizer {
  let dialect: MarkupDialect
  package private(set) var name = MarkupName()
  package private(set) var element: MarkupElement?
  /// The name has a prefix of a namespace, which only XML knows.
  package private(set) var hasPrefix = false
  package private(set) var attribute = MarkupName()
  package private(set) var attributeHasPrefix = false
  /// The attribute's value without quotes.
  package private(set) var value = 0..<0
  /// The tag that was read last ends with `>`; else the page ends first, and browsers drop it.
  package private(set) var isTagClosed = false
  /// Where it reads.
  var index = 0
  private var isInTag = false
  /// The element whose content is no markup.
  private var raw: MarkupName?
  /// Inside of SVG or MathML, where raw text is markup.
  package private(set) var isForeign = false
  /// How many SVG elements are open.
  private(set) var svgDepth = 0
  /// Something was met that the other dialect reads differently.
  private(set) var metDifference = false

  package init(_ dialect: MarkupDialect) { self.dialect = dialect }

  /// Where the next token begins.
  package var offset: Int { index }

  package mutating func next(_ page: Span<UInt8>) -> MarkupToken {
    if isInTag {
      let token = inTag(page)
      if case .tagEnd(let isSelfClosing) = token { enter(isSelfClosing) }
      return token
    }
    if let raw {
      self.raw = nil
      let text = dialect.isExact ? exactRawText(raw, page) : rawText(raw, page)
      if !text.isEmpty { return .rawText(text) }
    }
    guard index < page.count else { return .end }
    guard page[index] == 60 else { return .text(textRange(page)) }
    return markup(page)
  }

  private mutating func textRange(_ page: Span<UInt8>) -> Range<Int> {
    let start = index
    index = ByteScan.firstIndex(of: 60, in: page, from: index + 1, to: page.count) ?? page.count
    return start..<index
  }

  // MARK: Markup

  private mutating func markup(_ page: Span<UInt8>) -> MarkupToken {
    var next = index + 1
    while next < page.count, page[next] == 0 { next += 1 }
    let byte = next < page.count ? page[next] : 0
    switch byte {
    case 33:
      index = next + 1
      return declaration(page)
    case 63:
      index = next + 1
      let range = bogus(page)
      return .instruction(range)
    case 47:
      return endTag(next, page)
    case _ where (byte | 0x20) &- 97 < 26:
      index = next
      readName(page)
      isInTag = true
      return .tag
    default:
      return .text(textRange(page))
    }
  }

  private mutating func endTag(_ slash: Int, _ page: Span<UInt8>) -> MarkupToken {
    let start = slash + 1
    guard start < page.count, (page[start] | 0x20) &- 97 < 26 else {
      // `</>` is nothing, and `</` before anything else a comment.
      index = start
      return .comment(bogus(page))
    }
    index = start
    readName(page)
    while case .attribute = inTag(page) {}
    leave()
    return .endTag
  }

  /// A prefix of a namespace does not count: `svg:script` runs as `script` does.
  private mutating func readName(_ page: Span<UInt8>) {
    name.removeAll()
    hasPrefix = false
    while index < page.count, !Self.endsName(page[index]) {
      if page[index] == 58 {
        name.removeAll()
        hasPrefix = true
      } else {
        name.append(page[index])
      }
      index += 1
    }
    element = MarkupElement.table[name]
  }

  package static func isBlank(_ byte: UInt8) -> Bool { byte == 32 || (byte >= 9 && byte <= 13) }

  static func endsName(_ byte: UInt8) -> Bool { byte == 62 || byte == 47 || isBlank(byte) }

  // MARK: Attributes

  private mutating func inTag(_ page: Span<UInt8>) -> MarkupToken {
    var isSelfClosing = false
    isTagClosed = false
    while index < page.count {
      let byte = page[index]
      if byte == 62 {
        index += 1
        isTagClosed = true
        break
      }
      if byte == 47 || Self.isBlank(byte) || byte == 0 {
        isSelfClosing = byte == 47
        index += 1
        continue
      }
      readAttribute(page)
      return .attribute
    }
    isInTag = false
    return .tagEnd(isSelfClosing: isSelfClosing)
  }

  private mutating func readAttribute(_ page: Span<UInt8>) {
    attribute.removeAll()
    attributeHasPrefix = false
    // An equals sign at the beginning belongs to the name (§13.2.5.32).
    attribute.append(page[index])
    index += 1
    while index < page.count, page[index] != 61, !Self.endsName(page[index]) {
      if page[index] == 58 {
        attribute.removeAll()
        attributeHasPrefix = true
      } else {
        attribute.append(page[index])
      }
      index += 1
    }
    var next = index
    while next < page.count, Self.isBlank(page[next]) || page[next] == 0 { next += 1 }
    value = index..<index
    guard next < page.count, page[next] == 61 else { return }
    next += 1
    while next < page.count, Self.isBlank(page[next]) || page[next] == 0 { next += 1 }
    index = next
    guard index < page.count, page[index] != 62 else {
      value = index..<index
      return
    }
    let quote = page[index]
    if quote == 34 || quote == 39 {
      let start = index + 1
      let end = ByteScan.firstIndex(of: quote, in: page, from: start, to: page.count) ?? page.count
      value = start..<end
      index = min(end + 1, page.count)
    } else {
      let start = index
      while index < page.count, page[index] != 62, !Self.isBlank(page[index]) { index += 1 }
      value = start..<index
    }
  }

  // MARK: Elements

  private mutating func enter(_ isSelfClosing: Bool) {
    guard let element else { return }
    let hasRawText = !dialect.isXML && !isForeign && !hasPrefix
    switch element {
    case .svg, .math:
      metDifference = true
      if isSelfClosing { return }
      if element == .svg { svgDepth += 1 }
      isForeign = dialect.knowsForeign
    case .foreignObject: isForeign = false
    case .title where isForeign && svgDepth > 0: isForeign = false
    case .noscript:
      metDifference = true
      if dialect.runsScripts, hasRawText { raw = name }
    case .plaintext where hasRawText: raw = name
    case .iframe where hasRawText && dialect.isExact: raw = name
    case .breakout, .paragraph, .meta, .void, .object:
      if !dialect.isXML { isForeign = false }
    default:
      if element.isRaw, hasRawText { raw = name }
    }
  }

  /// What is open around it was closed, and SVG and MathML with it.
  package mutating func leaveForeign() {
    svgDepth = 0
    isForeign = false
  }

  private mutating func leave() {
    switch element {
    case .svg:
      svgDepth = max(0, svgDepth - 1)
      isForeign = svgDepth > 0 && dialect.knowsForeign
    case .math: isForeign = svgDepth > 0 && dialect.knowsForeign
    case .foreignObject, .title: isForeign = svgDepth > 0 && dialect.knowsForeign
    default: break
    }
  }

  // MARK: Comments and declarations

  private mutating func declaration(_ page: Span<UInt8>) -> MarkupToken {
    if byte(0, page) == 45, byte(1, page) == 45 {
      index += 2
      return .comment(comment(page))
    }
    if MarkupText.holds("[cdata[", page, at: index) {
      metDifference = true
      if dialect.isXML || isForeign {
        index += 7
        return .text(sectionText(page))
      }
      return .comment(bogus(page))
    }
    return .declaration(dialect.isXML ? xmlDeclaration(page) : bogus(page))
  }

  /// The byte so far behind; 0 behind the end.
  private func byte(_ offset: Int, _ page: Span<UInt8>) -> UInt8 {
    index + offset < page.count ? page[index + offset] : 0
  }

  /// To behind the next `>`.
  private mutating func bogus(_ page: Span<UInt8>) -> Range<Int> {
    let start = index
    let end = ByteScan.firstIndex(of: 62, in: page, from: start, to: page.count) ?? page.count
    index = min(end + 1, page.count)
    return start..<end
  }

  /// §13.2.5.43 to §13.2.5.51: `<!-->` and `<!--->` are whole, `--!>` ends one too.
  private mutating func comment(_ page: Span<UInt8>) -> Range<Int> {
    let start = index
    if !dialect.isXML {
      if byte(0, page) == 62 { return skip(1, from: start, page) }
      if byte(0, page) == 45, byte(1, page) == 62 { return skip(2, from: start, page) }
    }
    while let dash = ByteScan.firstIndex(of: 45, in: page, from: index, to: page.count) {
      index = dash + 1
      guard byte(0, page) == 45 else { continue }
      if byte(1, page) == 62 { return skip(2, from: start, page) }
      if !dialect.isXML, byte(1, page) == 33, byte(2, page) == 62 {
        return skip(3, from: start, page)
      }
    }
    index = page.count
    return start..<index
  }

  private mutating func skip(_ count: Int, from start: Int, _ page: Span<UInt8>) -> Range<Int> {
    let end = index
    index += count
    return start..<end
  }

  private mutating func sectionText(_ page: Span<UInt8>) -> Range<Int> {
    let start = index
    while let bracket = ByteScan.firstIndex(of: 93, in: page, from: index, to: page.count) {
      index = bracket + 1
      if byte(0, page) == 93, byte(1, page) == 62 {
        index += 2
        return start..<bracket
      }
    }
    index = page.count
    return start..<index
  }

  /// To the end of the declaration, or to the bracket that opens those inside of it.
  private mutating func xmlDeclaration(_ page: Span<UInt8>) -> Range<Int> {
    let start = index
    while index < page.count {
      let byte = page[index]
      if byte == 34 || byte == 39 {
        let end = ByteScan.firstIndex(of: byte, in: page, from: index + 1, to: page.count)
        index = end ?? page.count - 1
      }
      index += 1
      if byte == 62 || byte == 91 { return start..<index - 1 }
    }
    return start..<index
  }
}
