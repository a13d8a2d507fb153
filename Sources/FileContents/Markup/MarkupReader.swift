// What HTML and SVG do when they are opened: scripts, forms, frames, content in addresses, text
// that nobody sees. A page is read as a browser reads it, and where browsers, mail programs and XML
// differ, in each of these ways.
// Trusts nothing: each way is one pass; what is open at a time is bounded.
internal import MailMessage
internal import RuleBytecode

/// Finds the traits of one page.
struct MarkupReader {
  private let limits: DocumentLimits
  /// A picture: its scripts are scripts of SVG only, and text in it need not be seen.
  private let isPicture: Bool
  private(set) var findings = ContentFindings()
  private var hidden: HiddenText
  /// Pages inside of attributes, with how deep they stand.
  private var inner: [(page: [UInt8], depth: Int)] = []
  /// Where in this page those stand that were taken.
  private var innerStarts: Set<Int> = []
  private(set) var bytesRead = 0
  private var scratch: [UInt8] = []
  private var tag = Tag()

  /// What was seen of the tag that is being read.
  private struct Tag {
    var isScript = false
    var isMeta = false
    /// Its type is one of data, so that nothing runs.
    var isData = false
    var hasOtherType = false
    var isDownload = false
    var hasData = false
    var isInSVG = false
  }

  /// Bytes that may be read, by the page's length and by what is left for all.
  private var bytesLeft: Int
  private let isShort: Bool

  private init(_ limits: DocumentLimits, _ pageBytes: Int, _ bytesMax: Int, isPicture: Bool) {
    self.limits = limits
    let wanted = pageBytes * limits.markupPassesMax + limits.markupBytesLeast
    isShort = bytesMax < wanted
    bytesLeft = min(wanted, bytesMax)
    self.isPicture = isPicture
    hidden = HiddenText(openMax: limits.hiddenElementsMax)
  }

  /// - Parameter isXML: It is XML as well, or nothing but that.
  static func findings(
    in page: Span<UInt8>, isPicture: Bool, isXML: Bool, _ limits: DocumentLimits,
    bytesMax: Int
  ) -> (findings: ContentFindings, bytesRead: Int) {
    var reader = MarkupReader(limits, page.count, bytesMax, isPicture: isPicture)
    reader.readAllWays(page, isXML: isXML, depth: 0)
    while let next = reader.inner.popLast() {
      reader.readAllWays(next.page.span, isXML: false, depth: next.depth)
    }
    return (reader.findings, reader.bytesRead)
  }

  /// A NUL is a character to some programs and nothing to others; without it, text in two-byte
  /// characters is plain as well.
  private mutating func readAllWays(_ page: Span<UInt8>, isXML: Bool, depth: Int) {
    readDialects(page, isXML: isXML, depth: depth)
    guard ByteScan.firstIndex(of: 0, in: page, from: 0, to: page.count) != nil else { return }
    var plain: [UInt8] = []
    plain.reserveCapacity(page.count)
    for index in page.indices where page[index] != 0 { plain.append(page[index]) }
    readDialects(plain.span, isXML: isXML, depth: depth)
  }

  private mutating func readDialects(_ page: Span<UInt8>, isXML: Bool, depth: Int) {
    innerStarts = []
    let differs = read(page, MarkupDialect(), depth: depth)
    if differs {
      _ = read(page, MarkupDialect(runsScripts: false, knowsForeign: false), depth: depth)
    }
    if isXML { _ = read(page, MarkupDialect(isXML: true), depth: depth) }
  }

  // MARK: One way

  private mutating func read(
    _ page: Span<UInt8>, _ dialect: MarkupDialect, depth: Int
  ) -> Bool {
    guard bytesLeft >= page.count else {
      findings.limitsHit.insert(isShort ? .archiveBytes : .archiveDepth)
      return false
    }
    bytesLeft -= page.count
    bytesRead += page.count
    var tokens = MarkupTokenizer(dialect)
    hidden.begin(StyleSheet.hidingSelectors(of: page, max: limits.hidingSelectorsMax))
    while true {
      let token = tokens.next(page)
      switch token {
      case .end: return tokens.metDifference
      case .tag: begin(tokens)
      case .attribute: attribute(tokens, page, depth)
      case .tagEnd(let isSelfClosing): finish(tokens, isSelfClosing)
      case .endTag: hidden.close(tokens.name)
      case .text(let range): text(page, range)
      case .rawText(let range): rawText(tokens, page, range)
      case .declaration(let range): declaration(page, range)
      case .instruction(let range): instruction(page, range)
      case .comment: break
      }
    }
  }

  private mutating func text(_ page: Span<UInt8>, _ range: Range<Int>) {
    guard !isPicture, hidden.isHiding, !findings.traits.contains(.hiddenText) else { return }
    if MarkupText.hasText(page, range) { findings.traits.insert(.hiddenText) }
  }

  private mutating func rawText(
    _ tokens: MarkupTokenizer, _ page: Span<UInt8>, _ range: Range<Int>
  ) {
    switch tokens.element {
    case .script: script(page, range)
    case .style: addresses(inStyle: page, range)
    default: break
    }
  }

  private mutating func script(_ page: Span<UInt8>, _ range: Range<Int>) {
    guard !findings.traits.contains(.blobUrl) else { return }
    if Self.blobWords.contains(where: { ByteSearch.contains($0, in: page, range) }) {
      findings.traits.insert(.blobUrl)
    }
  }

  private static let blobWords = [
    "new blob", "createobjecturl", "mssaveoropenblob", "mssaveblob", "blob:",
  ].map { Array($0.utf8) }

  /// Sheets that fetch their pictures from a data address.
  private mutating func addresses(inStyle page: Span<UInt8>, _ range: Range<Int>) {
    if ByteSearch.contains(Self.dataAddress, in: page, range)
      || ByteSearch.contains(Self.quotedDataAddress, in: page, range)
    {
      findings.traits.insert(.dataUrl)
    }
    if ByteSearch.contains(Self.expression, in: page, range)
      || ByteSearch.contains(Self.scriptAddress, in: page, range)
    {
      foundScript(inSVG: false)
    }
  }

  private static let dataAddress = Array("url(data:".utf8)
  private static let quotedDataAddress = Array("url(\"data:".utf8)
  private static let expression = Array("expression(".utf8)
  private static let scriptAddress = Array("javascript:".utf8)

  /// An entity that comes from elsewhere, or that has markup of its own, can hold any script.
  private mutating func declaration(_ page: Span<UInt8>, _ range: Range<Int>) {
    guard MarkupText.holds("entity", page, at: range.lowerBound) else { return }
    if Self.entityWords.contains(where: { ByteSearch.contains($0, in: page, range) }) {
      foundScript(inSVG: isPicture)
    }
  }

  private static let entityWords = [
    " system", " public", "\nsystem", "\npublic", "\tsystem", "\tpublic", "<", "&#", "javascript",
  ].map { Array($0.utf8) }

  /// A style sheet of XSLT is a program.
  private mutating func instruction(_ page: Span<UInt8>, _ range: Range<Int>) {
    guard MarkupText.holds("xml-stylesheet", page, at: range.lowerBound) else { return }
    if ByteSearch.contains(Self.transformation, in: page, range)
      || ByteSearch.contains(Self.scriptAddress, in: page, range)
    {
      foundScript(inSVG: isPicture)
    }
  }

  private static let transformation = Array("xsl".utf8)

  // MARK: Tags

  private mutating func begin(_ tokens: MarkupTokenizer) {
    tag = Tag()
    tag.isInSVG = isPicture || tokens.svgDepth > 0 || tokens.element == .svg
    hidden.begin(tag: tokens.name)
    switch tokens.element {
    case .script: tag.isScript = true
    case .form: findings.traits.insert(.htmlForm)
    case .iframe, .frame, .object: findings.traits.insert(.htmlIframe)
    case .meta: tag.isMeta = true
    default: break
    }
  }

  private mutating func finish(_ tokens: MarkupTokenizer, _ isSelfClosing: Bool) {
    if tag.isScript, !tag.isData || tag.hasOtherType { foundScript(inSVG: tag.isInSVG) }
    if tag.isDownload, tag.hasData { findings.traits.insert(.blobUrl) }
    // Of HTML only the void elements close themselves, whatever they say.
    let isEmpty =
      tokens.element == .void || tokens.element == .meta || tokens.element == .link
      || (isSelfClosing && (tokens.isForeign || tokens.dialect.isXML))
    hidden.open(isEmpty: isEmpty, isParagraph: tokens.element == .paragraph)
  }

  /// In a picture there is no other script than its own.
  private mutating func foundScript(inSVG: Bool) {
    if inSVG { findings.traits.insert(.svgScript) }
    if !isPicture { findings.traits.insert(.htmlScript) }
  }

  private mutating func attribute(_ tokens: MarkupTokenizer, _ page: Span<UInt8>, _ depth: Int) {
    let value = tokens.value
    guard let attribute = MarkupAttribute.table[tokens.attribute] else {
      if tokens.attribute.isHandler, !value.isEmpty { handler(page, value) }
      return
    }
    switch attribute {
    case .picture:
      hidden.backgroundPicture()
      address(page, value)
    case .address: address(page, value)
    case .formAction:
      findings.traits.insert(.htmlForm)
      address(page, value)
    case .values: decoded(page, value) { reader, text in reader.list(text) }
    case .document: document(page, value, depth)
    case .content where tag.isMeta: decoded(page, value) { reader, text in reader.refresh(text) }
    case .style:
      addresses(inStyle: page, value)
      decoded(page, value) { reader, text in reader.hidden.style(text) }
    case .hidden:
      hidden.attributeHidden(isUntilFound: MarkupText.holds("until", page, at: value.lowerBound))
    case .class: hidden.classes(page, value)
    case .id: hidden.identifier(page, value)
    case .color: decoded(page, value) { reader, text in reader.hidden.color(text) }
    case .background: decoded(page, value) { reader, text in reader.hidden.background(text) }
    case .type:
      let name = MarkupName(String(decoding: value.prefix(20).map { page[$0] }, as: UTF8.self))
      if Self.dataTypes.contains(name) { tag.isData = true } else { tag.hasOtherType = true }
    case .download: tag.isDownload = true
    case .attributeName:
      let name = MarkupName(String(decoding: value.prefix(20).map { page[$0] }, as: UTF8.self))
      if name.isHandler { foundScript(inSVG: tag.isInSVG) }
    case .content: break
    }
  }

  /// Types of `script` that no program runs: mail has them for orders and tickets.
  private static let dataTypes: Set<MarkupName> = Set(
    ["application/json", "application/ld+json"].map { MarkupName($0) })

  private mutating func handler(_ page: Span<UInt8>, _ range: Range<Int>) {
    foundScript(inSVG: tag.isInSVG)
    script(page, range)
  }

  private mutating func address(_ page: Span<UInt8>, _ range: Range<Int>) {
    switch MarkupText.scheme(page, range) {
    case .script:
      foundScript(inSVG: tag.isInSVG)
      script(page, range)
    case .data:
      findings.traits.insert(.dataUrl)
      tag.hasData = true
    case .blob: findings.traits.insert(.blobUrl)
    case .other: break
    }
  }

  private mutating func decoded(
    _ page: Span<UInt8>, _ range: Range<Int>, _ use: (inout MarkupReader, [UInt8]) -> Void
  ) {
    var text = scratch
    scratch = []
    text.removeAll(keepingCapacity: true)
    MarkupText.decode(page, range, to: &text)
    use(&self, text)
    scratch = text
  }

  /// Addresses between semicolons.
  private mutating func list(_ text: [UInt8]) {
    var start = 0
    while start < text.count {
      let end =
        ByteScan.firstIndex(of: 59, in: text.span, from: start, to: text.count) ?? text.count
      address(text.span, start..<end)
      start = end + 1
    }
  }

  /// `<meta http-equiv="refresh" content="0; url=ADDRESS">`.
  private mutating func refresh(_ text: [UInt8]) {
    guard let found = ByteSearch.firstIndex(of: Self.target, in: text.span, 0..<text.count) else {
      return
    }
    var start = found + Self.target.count
    while start < text.count, MarkupTokenizer.isBlank(text[start]) || text[start] == 61 {
      start += 1
    }
    while start < text.count, text[start] == 34 || text[start] == 39 { start += 1 }
    address(text.span, start..<text.count)
  }

  private static let target = Array("url".utf8)

  private mutating func document(_ page: Span<UInt8>, _ range: Range<Int>, _ depth: Int) {
    findings.traits.insert(.htmlIframe)
    guard depth < limits.innerPagesDepthMax else {
      findings.limitsHit.insert(.archiveDepth)
      return
    }
    guard innerStarts.insert(range.lowerBound).inserted else { return }
    decoded(page, range) { reader, text in reader.inner.append((text, depth + 1)) }
  }
}
