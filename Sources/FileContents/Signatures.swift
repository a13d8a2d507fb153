// What the first bytes of a file say it can be opened as. Generous: a reader that is asked in vain
// finds nothing.
internal import MailMessage

enum Signatures {
  /// Where the content begins: behind a byte order mark, blanks and NULs.
  private static func start(_ bytes: Span<UInt8>) -> Int {
    var index = 0
    if bytes.count >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF { index = 3 }
    if bytes.count >= 2, bytes[0] ^ bytes[1] == 1, bytes[0] >= 0xFE { index = 2 }
    while index < min(bytes.count, windowBytes),
      MarkupTokenizer.isBlank(bytes[index]) || bytes[index] == 0
    {
      index += 1
    }
    return index
  }

  /// How far in a file the sign of its type is looked for.
  private static let windowBytes = 1_024

  /// WHATWG MIME Sniffing §7.1, and the names of a few more elements.
  static func isPage(_ bytes: Span<UInt8>) -> Bool {
    let start = start(bytes)
    guard start < bytes.count, bytes[start] == 60 else { return false }
    var name = MarkupName()
    for index in (start + 1)..<min(bytes.count, start + 40) {
      let byte = bytes[index]
      if byte == 0 { continue }
      if byte == 62 || byte == 47 || MarkupTokenizer.isBlank(byte) || name.isLong { break }
      name.append(byte)
      if pageSigns.contains(name) { return true }
    }
    return pageNames.contains(name)
  }

  private static let pageSigns: Set<MarkupName> = Set(["!--", "!doctype"].map { MarkupName($0) })
  private static let pageNames: Set<MarkupName> = Set(
    [
      "html", "head", "script", "iframe", "h1", "div", "font", "table", "a", "style", "title", "b",
      "body", "br", "p", "form", "img", "meta", "center", "span", "base", "link", "input", "svg",
      "?xml", "object", "embed", "frameset", "noscript", "pre", "ul", "ol", "blockquote", "hr",
    ].map { MarkupName($0) })

  /// Readers look for its head in the first kilobyte (ISO 32000-1, annex H §3.4.1).
  static func isPDF(_ bytes: Span<UInt8>) -> Bool {
    ByteSearch.contains(pdf, in: bytes, 0..<min(bytes.count, windowBytes + pdf.count))
  }

  private static let pdf = Array("%pdf-".utf8)

  /// Word looks at no more than this.
  static func isRTF(_ bytes: Span<UInt8>) -> Bool {
    ByteSearch.holds(rtf, bytes, at: start(bytes))
  }

  private static let rtf = Array("{\\rt".utf8)

  /// What tells documents of Office, PDF, pages and shortcuts from what they are often sent with.
  static func isDocument(_ head: Span<UInt8>) -> Bool {
    CompoundFile.isLikely(head) || ZipMark.at(0, head) == .local || isRTF(head) || isPDF(head)
      || isLink(head) || isNotes(head) || isActiveMIME(head)
      || (isPage(head) && !isXML(head))
  }

  static func isLink(_ bytes: Span<UInt8>) -> Bool { begins(bytes, link) }

  private static let link: [UInt8] = [
    0x4C, 0, 0, 0, 0x01, 0x14, 0x02, 0, 0, 0, 0, 0, 0xC0, 0, 0, 0, 0, 0, 0, 0x46,
  ]

  /// A section of OneNote, or a list of them.
  static func isNotes(_ bytes: Span<UInt8>) -> Bool { begins(bytes, notes) }

  private static let notes: [UInt8] = [0xE4, 0x52, 0x5C, 0x7B, 0x8C, 0xD8, 0xA7, 0x4D]

  /// Where a web archive (RFC 2557) begins: at its first field, or where something stands before it
  /// that is none, at its version.
  static func webArchive(_ bytes: Span<UInt8>) -> Int? {
    let start = start(bytes)
    let window = start..<min(bytes.count, start + 16 * windowBytes)
    guard let version = ByteSearch.firstIndex(of: mimeVersion, in: bytes, window) else {
      return nil
    }
    if version > start, bytes[version - 1] != 10, bytes[version - 1] != 13 { return nil }
    var index = start
    while index < version, bytes[index] &- 33 < 94, bytes[index] != 58 { index += 1 }
    return index > start && bytes[index] == 58 ? start : version
  }

  private static let mimeVersion = Array("mime-version:".utf8)

  static func isActiveMIME(_ bytes: Span<UInt8>) -> Bool { begins(bytes, activeMIME) }

  private static let activeMIME = Array("ActiveMime".utf8)

  private static func begins(_ bytes: Span<UInt8>, _ sign: [UInt8]) -> Bool {
    guard bytes.count >= sign.count else { return false }
    for index in sign.indices where bytes[index] != sign[index] { return false }
    return true
  }

  static func isXML(_ bytes: Span<UInt8>) -> Bool {
    ByteSearch.holds(xml, bytes, at: start(bytes))
  }

  private static let xml = Array("<?xml".utf8)

  /// An SVG element near the beginning, and no HTML before it.
  static func isSVG(_ bytes: Span<UInt8>) -> Bool {
    let start = start(bytes)
    guard start < bytes.count, bytes[start] == 60 else { return false }
    let window = start..<min(bytes.count, start + 4 * windowBytes)
    guard let found = ByteSearch.firstIndex(of: svg, in: bytes, window) else { return false }
    return !ByteSearch.contains(html, in: bytes, start..<found)
      && !ByteSearch.contains(body, in: bytes, start..<found)
  }

  private static let svg = Array("<svg".utf8)
  private static let html = Array("<html".utf8)
  private static let body = Array("<body".utf8)
}
