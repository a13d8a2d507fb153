// Rules of a page's own style sheets that hide what they select. Only selectors of one class, one
// identifier or one element are understood, and no rule for some screens only: there honest mail
// hides what it shows on others.
// Trusts nothing: one pass, and so many selectors.
internal import MailMessage

/// The simple kind of selector.
package struct StyleSelector: Hashable {
  enum Kind { case element, `class`, identifier }
  let kind: Kind
  let name: MarkupName

  init(_ kind: Kind, _ name: MarkupName) {
    self.kind = kind
    self.name = name
  }

  /// `.name`, `td.name`, `#name`, `name`; nil for all others. Names longer than we keep are all
  /// alike, so they select nothing.
  init?(_ text: ArraySlice<UInt8>) {
    guard !text.isEmpty else { return nil }
    let plain = text.allSatisfy { byte in
      byte == 45 || byte == 95 || byte == 46 || byte == 35 || byte &- 48 < 10
        || byte &- 97 < 26 || byte >= 128
    }
    guard plain else { return nil }
    if let mark = text.lastIndex(where: { $0 == 46 || $0 == 35 }) {
      self.init(text[mark] == 46 ? .class : .identifier, MarkupName(text[(mark + 1)...]))
    } else {
      self.init(.element, MarkupName(text))
    }
    guard name.count > 0, !name.isLong else { return nil }
  }
}

package enum StyleSheet {
  package static func hidingSelectors(of page: Span<UInt8>, max: Int) -> Set<StyleSelector> {
    var found: Set<StyleSelector> = []
    var index = 0
    while found.count < max,
      let open = ByteScan.firstIndex(of: 60, in: page, from: index, to: page.count)
    {
      index = open + 1
      if MarkupText.holds("<!--", page, at: open) {
        // What only Outlook reads hides nothing from others.
        guard let end = after("-->", page, open + 2) else { break }
        index = end
      } else if MarkupText.holds("<style", page, at: open) {
        let start = ByteScan.firstIndex(of: 62, in: page, from: open, to: page.count)
        guard let start else { break }
        let end = after("</style", page, start) ?? page.count
        collect((start + 1..<Swift.max(start + 1, end)).map { page[$0] }, max, &found)
        index = Swift.max(end, index)
      }
    }
    return found
  }

  /// Where the word ends.
  private static func after(_ word: String, _ page: Span<UInt8>, _ start: Int) -> Int? {
    let bytes = Array(word.utf8)
    return ByteSearch.firstIndex(of: bytes, in: page, Swift.min(start, page.count)..<page.count)
      .map { $0 + bytes.count }
  }

  private static func collect(_ text: [UInt8], _ max: Int, _ found: inout Set<StyleSelector>) {
    let plain = StyleText.plain(text)
    var start = 0
    while start < plain.count, let open = plain[start...].firstIndex(of: 123) {
      let head = head(plain[start..<open])
      if head.first == 64 {
        start = isForScreens(head) ? open + 1 : endOfBlock(plain, open)
        continue
      }
      let end = plain[open...].firstIndex(of: 125) ?? plain.count
      if StyleDeclarations.effect(of: Array(plain[(open + 1)..<end])).isHidden {
        for selector in head.split(separator: 44) where found.count < max {
          if let one = StyleSelector(StyleText.trimmed(selector)) { found.insert(one) }
        }
      }
      start = end + 1
    }
  }

  /// Without statements before it, and without the comment signs of old pages.
  private static func head(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var head = text
    if let end = head.lastIndex(where: { $0 == 59 || $0 == 125 }) { head = head[(end + 1)...] }
    head = StyleText.trimmed(head)
    if StyleText.begins(head, "<!--") { head = StyleText.trimmed(head.dropFirst(4)) }
    return head
  }

  /// `@media screen`, without a condition.
  private static func isForScreens(_ head: ArraySlice<UInt8>) -> Bool {
    StyleText.begins(head, "@media") && !head.contains(40)
      && !ByteSearch.contains(Array("print".utf8), in: head.span)
  }

  /// Behind a block with blocks inside of it.
  private static func endOfBlock(_ plain: [UInt8], _ open: Int) -> Int {
    var depth = 0
    var index = open
    while index < plain.count {
      if plain[index] == 123 { depth += 1 }
      if plain[index] == 125 {
        depth -= 1
        if depth == 0 { return index + 1 }
      }
      index += 1
    }
    return plain.count
  }
}
