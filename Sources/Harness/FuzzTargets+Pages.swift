// What the fuzzers and tests do with bytes as a page or a text whose content is edited.
internal import ContentEdits
internal import FileContents
internal import MailMessage

extension FuzzTargets {
  /// A page through every edit of content.
  public static func sanitize(_ bytes: [UInt8]) -> [String] {
    var faults: [String] = []
    for links in HTMLEdit.LinkPolicy.allCases {
      let once = HTMLEdit.sanitized(bytes, links: links)
      if HTMLEdit.sanitized(once, links: links) != once { faults.append("\(links): not the same") }
      faults += flaws(inPage: once).map { "\(links): \($0)" }
    }
    var limits = ContentEditLimits()
    limits.nestingMax = 3
    limits.reopenedTagsMax = 2
    limits.htmlBytesMax = 200
    let small = HTMLEdit.sanitized(bytes, limits: limits)
    faults += flaws(inPage: small).map { "small: \($0)" }
    return faults + text(of: bytes) + others(bytes)
  }

  private static func text(of bytes: [UInt8]) -> [String] {
    let text = HTMLEdit.plainText(of: bytes)
    var faults: [String] = []
    if (try? UTF8Span(validating: text.span)) == nil { faults.append("text not in UTF-8") }
    if text.split(separator: 10).contains(where: { $0.count > 998 }) { faults.append("long line") }
    return faults
  }

  private static func others(_ bytes: [UInt8]) -> [String] {
    var faults: [String] = []
    let fragment = Array("<hr>fragment".utf8)
    for place in [HTMLEdit.Place.beginning, .end] {
      let result = HTMLEdit.inserting(fragment, into: bytes, at: place)
      if result.count != bytes.count + fragment.count { faults.append("inserted and changed") }
    }
    for result in [HTMLEdit.withoutTracking(bytes), PlainTextEdit.withoutTracking(bytes)]
    where result.count > bytes.count {
      faults.append("more than before without tracking")
    }
    let declared = HTMLEdit.declaringUTF8(bytes)
    if HTMLEdit.declaringUTF8(declared) != declared { faults.append("charset declared twice") }
    return faults
  }

  // MARK: What may stay, said once more

  private static let elements = names(
    """
    html body address article aside blockquote center div figcaption figure footer header hr main \
    nav p pre section h1 h2 h3 h4 h5 h6 abbr acronym b bdi bdo big br cite code del dfn em font i \
    ins kbd mark nobr q rp rt ruby s samp small span strike strong sub sup time tt u var wbr dd \
    dir dl dt li menu ol ul caption col colgroup table tbody td tfoot th thead tr a img
    """)

  private static let attributes = names(
    """
    title alt summary abbr lang dir role align valign width height bgcolor color border \
    cellpadding cellspacing hspace vspace face size noshade rules frame bordercolor text link \
    vlink alink topmargin leftmargin marginwidth marginheight colspan rowspan span nowrap scope \
    type start value compact reversed clear datetime style href src rel
    """)

  private static func names(_ text: String) -> Set<MarkupName> {
    Set(text.split(separator: " ").map { MarkupName($0) })
  }

  private static func flaws(inPage page: [UInt8]) -> [String] {
    var tokens = MarkupTokenizer(.browser)
    var flaws: [String] = []
    var depth = 0
    while flaws.count < 5 {
      switch tokens.next(page.span) {
      case .end:
        if depth != 0 { flaws.append("\(depth) tags open") }
        return flaws
      case .text, .declaration: break
      case .tag:
        if !elements.contains(tokens.name) || tokens.hasPrefix { flaws.append("element") }
        if tokens.element != .void { depth += 1 }
      case .attribute:
        if !attributes.contains(tokens.attribute) || tokens.attributeHasPrefix {
          flaws.append("attribute")
        }
      case .tagEnd: if !tokens.isTagClosed { flaws.append("open tag") }
      case .endTag: depth -= 1
      case .rawText, .comment, .instruction: flaws.append("no markup")
      }
    }
    return flaws
  }
}
