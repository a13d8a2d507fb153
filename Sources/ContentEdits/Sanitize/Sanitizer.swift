// Writes a page anew with nothing in it but elements, attributes, addresses and styles of the
// tables beside this file (PageElement, PageAttribute, PageAddress, PageStyle).
//
// Why nothing comes back by mutation: of the page only text and judged values get through, each
// escaped; the output has no raw text, no comment, no foreign content and no attribute without
// quotes, so all programs cut it in the same places; and its tags are balanced.
// Trusts nothing: one pass; what is open is bounded, and so is what is written twice.
internal import FileContents
internal import MailMessage

struct Sanitizer {
  /// An element that is open in the output.
  struct Open {
    let element: PageElement
    /// Its start tag in the output; empty where none was written.
    var tag: Range<Int>
    /// Its end tag came while a block inside of it was open: it ends where that does.
    var isEnding = false
    /// The address to show where it ends.
    var address: [UInt8]?
  }

  let links: HTMLEdit.LinkPolicy
  let limits: ContentEditLimits
  var output: [UInt8] = []
  var open: [Open] = []
  /// How many of each element are open.
  var openCounts = [Int32](repeating: 0, count: PageElement.allCases.count)
  /// Of each element, how many were too deep to be opened.
  private var tooDeep = [Int32](repeating: 0, count: PageElement.allCases.count)
  /// Start tags of formatting elements that were closed by something around them, and go on in
  /// what follows.
  var reopening: [Open] = []
  var reopensLeft: Int
  private var leftOut = LeftOutContent()
  /// Something that is shown was written.
  private var hasContent = false
  private var hasFrame: ElementSet = []
  private var hasDoctype = false

  // The tag that is being read.
  private var element: PageElement?
  private var attributes: [UInt8] = []
  private var attributesSeen: UInt64 = 0
  private var address: [UInt8]?
  private var hasPicture = false
  private var value: [UInt8] = []

  init(links: HTMLEdit.LinkPolicy, limits: ContentEditLimits) {
    self.links = links
    self.limits = limits
    reopensLeft = limits.reopenedTagsMax
  }

  mutating func read(_ page: Span<UInt8>) {
    output.reserveCapacity(page.count + page.count / 8)
    var tokens = MarkupTokenizer(.browser)
    while true {
      switch tokens.next(page) {
      case .end: return close(downTo: 0, keepsFormat: false)
      case .text(let range): text(page, range)
      case .tag: begin(tokens)
      case .attribute: if element != nil { attribute(tokens, page) }
      case .tagEnd(let isSelfClosing): finish(tokens, isSelfClosing)
      case .endTag: end(&tokens)
      case .declaration(let range): declaration(page, range)
      case .rawText, .comment, .instruction: break
      }
    }
  }

  private mutating func text(_ page: Span<UInt8>, _ range: Range<Int>) {
    if leftOut.isActive { return }
    if !hasContent || !reopening.isEmpty, !isBlank(page, range) {
      hasContent = true
      reopen()
    }
    Escape.append(text: page, range, to: &output)
  }

  private func isBlank(_ page: Span<UInt8>, _ range: Range<Int>) -> Bool {
    for index in range where page[index] > 32 { return false }
    return true
  }

  /// A page that has a document type keeps one, since it decides how boxes are measured.
  private mutating func declaration(_ page: Span<UInt8>, _ range: Range<Int>) {
    guard !hasDoctype, !hasContent, open.isEmpty, !leftOut.isActive,
      Words.holds("doctype", page, at: range.lowerBound)
    else { return }
    hasDoctype = true
    output += "<!DOCTYPE html>".utf8
  }

  // MARK: Start tags

  private mutating func begin(_ tokens: MarkupTokenizer) {
    element = nil
    if leftOut.begins(tokens) || tokens.hasPrefix { return }
    element = PageElement.byName[tokens.name]
    attributes.removeAll(keepingCapacity: true)
    attributesSeen = 0
    address = nil
    hasPicture = false
  }

  private mutating func attribute(_ tokens: MarkupTokenizer, _ page: Span<UInt8>) {
    guard !tokens.attributeHasPrefix, let element,
      let attribute = PageAttribute.table[tokens.attribute],
      attribute.only?.contains(element) ?? true, attributesSeen & attribute.bit == 0
    else { return }
    attributesSeen |= attribute.bit
    let isLong = tokens.value.count > limits.attributeBytesMax
    guard !isLong || attribute.kind == .picture else { return }
    value.removeAll(keepingCapacity: true)
    Escape.decode(value: page, tokens.value, to: &value)
    let before = attributes.count
    attributes.append(32)
    attributes += attribute.name
    attributes += [61, 34]
    if append(attribute.kind) {
      attributes.append(34)
    } else {
      attributes.removeLast(attributes.count - before)
    }
  }

  /// Appends the value; false when the attribute goes.
  private mutating func append(_ kind: PageAttribute.Kind) -> Bool {
    switch kind {
    case .text: Escape.append(value: value, to: &attributes)
    case .plain:
      guard PageAttribute.isPlain(value) else { return false }
      attributes += value
    case .style:
      return PageStyle.append(value, max: limits.declarationsMax, to: &attributes)
    case .link:
      address = PageAddress.link(value)
      guard links == .keep, let address else { return false }
      Escape.append(value: address, to: &attributes)
    case .picture:
      guard let address = PageAddress.picture(value) else { return false }
      hasPicture = true
      Escape.append(value: address, to: &attributes)
    }
    return true
  }

  private mutating func finish(_ tokens: MarkupTokenizer, _ isSelfClosing: Bool) {
    leftOut.ends(tokens, isSelfClosing: isSelfClosing)
    guard let element, tokens.isTagClosed else { return }
    switch element {
    case .html, .body: openFrame(element)
    case .a: openLink()
    case .img:
      // A picture from elsewhere leaves its words.
      guard hasPicture || attributesSeen & Self.alternative != 0 else { return }
      start(element)
    default: start(element)
    }
  }

  private static let alternative = PageAttribute.table[MarkupName("alt")]?.bit ?? 0

  /// The frame of the page is opened once, before anything is shown, and closed at the very end.
  private mutating func openFrame(_ element: PageElement) {
    guard !hasContent, !hasFrame.contains(element),
      open.isEmpty || (element == .body && open.count == 1 && open[0].element == .html)
    else { return }
    hasFrame = hasFrame + (element == .html ? [.html] : [.body])
    write(element)
  }

  private mutating func openLink() {
    if links == .keep, address != nil {
      attributes += Self.relation
      return start(.a)
    }
    // Not written, but followed: what is shown behind it stands where it ends.
    endImplied(before: .a)
    guard open.count < limits.nestingMax else { return }
    let shown = links == .text ? address : nil
    push(Open(element: .a, tag: output.count..<output.count, address: shown))
  }

  private static let relation = Array(" rel=\"noopener noreferrer\"".utf8)

  private mutating func start(_ element: PageElement) {
    hasContent = true
    endImplied(before: element)
    guard open.count < limits.nestingMax else {
      if !ElementSet.void.contains(element) { tooDeep[Int(element.rawValue)] += 1 }
      return
    }
    if !ElementSet.endsParagraph.contains(element), !ElementSet.tableParts.contains(element) {
      reopen()
    }
    write(element)
  }

  private mutating func write(_ element: PageElement) {
    let start = output.count
    output.append(60)
    output += element.name
    output += attributes
    output.append(62)
    if !ElementSet.void.contains(element) {
      push(Open(element: element, tag: start..<output.count))
    }
  }

  mutating func push(_ entry: Open) {
    open.append(entry)
    openCounts[Int(entry.element.rawValue)] += 1
  }

  // MARK: End tags

  private mutating func end(_ tokens: inout MarkupTokenizer) {
    let element = PageElement.byName[tokens.name]
    let isOpen = element.map { openCounts[Int($0.rawValue)] > 0 } ?? false
    if leftOut.closes(&tokens, isOpen: isOpen) { return }
    guard let element, !tokens.hasPrefix, tokens.isTagClosed else { return }
    if element == .br {
      // `</br>` is a line end (HTML Living Standard §13.2.6.4.7).
      attributes.removeAll(keepingCapacity: true)
      return start(.br)
    }
    if tooDeep[Int(element.rawValue)] > 0 {
      tooDeep[Int(element.rawValue)] -= 1
      return
    }
    close(element)
  }
}
