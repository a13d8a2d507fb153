// The text of a page as a reader sees it: paragraphs, lists, tables, quotes, links with their
// addresses, words of pictures; nothing of what is not shown.
// Trusts nothing: one pass; of the elements that are open it keeps a few.
internal import FileContents
internal import MailMessage

struct PageTextReader {
  private let limits: ContentEditLimits
  private var lines = TextLines()
  private var hidden: HiddenText
  private var leftOut = LeftOutContent()
  private var lists: [PageList] = []
  private var quoteDepth = 0
  private var preformattedDepth = 0
  /// The address of the link that is open, and its text as far as it may be the same.
  private var link: [UInt8]?
  private var linkText: [UInt8] = []

  // The tag that is being read.
  private var kind: TextElement?
  private var value: [UInt8] = []
  private var address: [UInt8]?
  private var words: [UInt8] = []

  private struct PageList {
    let isOrdered: Bool
    var next = 1
  }

  init(limits: ContentEditLimits) {
    self.limits = limits
    hidden = HiddenText(openMax: limits.hidingElementsMax)
  }

  var text: [UInt8] { lines.text }

  mutating func read(_ page: Span<UInt8>) {
    hidden.begin(StyleSheet.hidingSelectors(of: page, max: limits.hidingSelectorsMax))
    var tokens = MarkupTokenizer(.browser)
    while true {
      switch tokens.next(page) {
      case .end:
        endLink()
        return lines.finish()
      case .text(let range): if isShown { text(page, range) }
      case .tag: begin(tokens)
      case .attribute: attribute(tokens, page)
      case .tagEnd(let isSelfClosing): finish(tokens, isSelfClosing)
      case .endTag: end(&tokens)
      case .rawText, .comment, .declaration, .instruction: break
      }
    }
  }

  private var isShown: Bool { !hidden.isHiding && !leftOut.isActive }

  // MARK: Text

  private mutating func text(_ page: Span<UInt8>, _ range: Range<Int>) {
    value.removeAll(keepingCapacity: true)
    Escape.decode(value: page, range, to: &value)
    show(value)
  }

  private mutating func show(_ bytes: [UInt8]) {
    if link != nil, linkText.count < Self.linkTextMax {
      linkText += bytes.prefix(Self.linkTextMax)
    }
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      if byte > 32, byte < 127 {
        lines.append(ascii: byte)
        index += 1
        continue
      }
      // A run of other bytes: blanks and letters beyond ASCII.
      var end = index + 1
      while end < bytes.count, bytes[end] <= 32 || bytes[end] >= 127 { end += 1 }
      show(String(decoding: bytes[index..<end], as: UTF8.self))
      index = end
    }
  }

  private mutating func show(_ text: String) {
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 10 where preformattedDepth > 0: lines.lineEnd()
      case 9 where preformattedDepth > 0, 32 where preformattedDepth > 0: lines.append(" ")
      case 9, 10, 12, 13, 32, 0xA0, 0x2028, 0x2029: lines.blank()
      // A soft hyphen, a byte order mark, and what newsletters fill their previews with.
      case 0...31, 0x7F...0x9F, 0xAD, 0xFEFF, 0x34F, 0x200B: break
      default: lines.append(scalar)
      }
    }
  }

  private static let linkTextMax = 2_048

  // MARK: Tags

  private mutating func begin(_ tokens: MarkupTokenizer) {
    kind = nil
    address = nil
    words.removeAll(keepingCapacity: true)
    hidden.begin(tag: tokens.name)
    if leftOut.begins(tokens) || tokens.hasPrefix { return }
    kind = TextElement.table[tokens.name]
  }

  private mutating func attribute(_ tokens: MarkupTokenizer, _ page: Span<UInt8>) {
    guard !tokens.attributeHasPrefix, let attribute = TextAttribute.table[tokens.attribute] else {
      return
    }
    value.removeAll(keepingCapacity: true)
    let range = tokens.value
    guard range.count <= limits.attributeBytesMax else { return }
    Escape.decode(value: page, range, to: &value)
    switch attribute {
    case .href: if kind == .link, address == nil { address = PageAddress.link(value) }
    case .alternative: if kind == .picture { words = value }
    case .style: hidden.style(value)
    case .hidden: hidden.attributeHidden(isUntilFound: value == Self.untilFound)
    case .class: hidden.classes(page, range)
    case .identifier: hidden.identifier(page, range)
    case .color: hidden.color(value)
    case .background: hidden.background(value)
    case .backgroundPicture: hidden.backgroundPicture()
    }
  }

  private static let untilFound = Array("until-found".utf8)

  private mutating func finish(_ tokens: MarkupTokenizer, _ isSelfClosing: Bool) {
    leftOut.ends(tokens, isSelfClosing: isSelfClosing)
    let isVoid =
      tokens.element == .void || tokens.element == .meta || tokens.element == .link
      || (isSelfClosing && tokens.isForeign)
    hidden.open(isEmpty: isVoid, isParagraph: tokens.element == .paragraph)
    guard let kind, tokens.isTagClosed else { return }
    switch kind {
    case .lineEnd: if isShown { lines.lineEnd() }
    case .ruler:
      guard isShown else { return }
      lines.newLine(2)
      lines.append(Self.rule)
      lines.newLine(2)
    case .block: lines.newLine()
    case .paragraph: lines.newLine(2)
    case .quote:
      quoteDepth += 1
      setMargins(2)
    case .ordered, .unordered:
      lines.newLine(lists.isEmpty ? 2 : 1)
      if lists.count < limits.textLevelsMax { lists.append(PageList(isOrdered: kind == .ordered)) }
      setMargins(0)
    case .item: beginItem()
    case .row: lines.newLine()
    case .cell: lines.nextCell()
    case .preformatted:
      lines.newLine(2)
      preformattedDepth += 1
      lines.isFilled = false
    case .link:
      endLink()
      if isShown { link = address }
    case .picture: if isShown { picture() }
    }
  }

  private static let rule = [UInt8](repeating: 45, count: 40)

  private mutating func end(_ tokens: inout MarkupTokenizer) {
    hidden.close(tokens.name)
    let kind = TextElement.table[tokens.name]
    // What is open is not known here; a block is more likely open outside of a picture than in it.
    if leftOut.closes(&tokens, isOpen: kind != nil && kind != .link) { return }
    guard !tokens.hasPrefix, tokens.isTagClosed else { return }
    switch kind {
    case .lineEnd: if isShown { lines.lineEnd() }
    case .block, .row, .item: lines.newLine()
    case .paragraph: lines.newLine(2)
    case .quote:
      quoteDepth = max(0, quoteDepth - 1)
      setMargins(2)
    case .ordered, .unordered:
      lines.newLine(lists.count > 1 ? 1 : 2)
      _ = lists.popLast()
      setMargins(0)
    case .preformatted:
      lines.newLine(2)
      preformattedDepth = max(0, preformattedDepth - 1)
      lines.isFilled = preformattedDepth == 0
    case .link: endLink()
    case .cell, .picture, .ruler, nil: break
    }
  }

  // MARK: Blocks

  /// The margins of what comes next, which stands on a new line.
  private mutating func setMargins(_ breaks: Int) {
    lines.newLine(max(1, breaks))
    lines.quotes = min(quoteDepth, limits.textLevelsMax)
    lines.marker = []
    lines.indent = lists.reduce(0) { $0 + ($1.isOrdered ? 4 : 2) }
  }

  private mutating func beginItem() {
    lines.newLine()
    guard let list = lists.last else {
      lines.marker = Array("* ".utf8)
      return
    }
    lines.marker = Array((list.isOrdered ? "\(list.next). " : "* ").utf8)
    lists[lists.count - 1].next += 1
  }

  // MARK: Links and pictures

  private mutating func picture() {
    let text = words.drop { $0 <= 32 }
    guard !text.isEmpty else { return }
    lines.blank()
    show([91] + text + [93])
    lines.blank()
  }

  /// A link's address stands behind its text, unless that is the address.
  private mutating func endLink() {
    guard let address = link else { return }
    link = nil
    let text = linkText.drop { $0 <= 32 }
    let shown = Array(text.reversed().drop { $0 <= 32 }.reversed())
    linkText.removeAll(keepingCapacity: true)
    let isShown =
      shown == address || shown + [47] == address
      || address.suffix(from: schemeEnd(address)) == shown[...]
    guard !isShown else { return }
    lines.blank()
    lines.append([60] + address + [62])
  }

  /// Behind `https://` or `mailto:`.
  private func schemeEnd(_ address: [UInt8]) -> Int {
    let colon = address.firstIndex(of: 58) ?? 0
    let isPage = address[colon...].starts(with: [58, 47, 47])
    return min(address.count, colon + (isPage ? 3 : 1))
  }
}
