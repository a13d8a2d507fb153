// Content of elements that is no markup (HTML Living Standard §13.2.5.2 to §13.2.5.31): it ends at
// the element's own end tag.
// Trusts nothing: one pass that never goes back.
internal import MailMessage

extension MarkupTokenizer {
  /// Up to the end tag of that name.
  mutating func rawText(_ name: MarkupName, _ page: Span<UInt8>) -> Range<Int> {
    let start = index
    while let open = ByteScan.firstIndex(of: 60, in: page, from: index, to: page.count) {
      index = open + 1
      guard open + 1 < page.count, page[open + 1] == 47 else { continue }
      var found = MarkupName()
      var end = open + 2
      while end < page.count, !Self.endsName(page[end]), !found.isLong {
        found.append(page[end])
        end += 1
      }
      guard found == name else { continue }
      index = open
      return start..<open
    }
    index = page.count
    return start..<index
  }

  private static let script = MarkupName("script")
  private static let plaintext = MarkupName("plaintext")

  mutating func exactRawText(_ name: MarkupName, _ page: Span<UInt8>) -> Range<Int> {
    if name == Self.script { return scriptText(page) }
    guard name == Self.plaintext else { return rawText(name, page) }
    let start = index
    index = page.count
    return start..<index
  }

  /// §13.2.5.15 to §13.2.5.31: what looks like a comment can hold a whole script with its end tag.
  private mutating func scriptText(_ page: Span<UInt8>) -> Range<Int> {
    let start = index
    var isEscaped = false
    var isDoubleEscaped = false
    var dashes = 0
    while index < page.count {
      let byte = page[index]
      dashes = byte == 45 ? dashes + 1 : dashes
      if byte == 62, dashes >= 2 {
        isEscaped = false
        isDoubleEscaped = false
      }
      if byte == 60 {
        if endsWord(after: "</script", page) {
          if !isDoubleEscaped { return start..<index }
          isDoubleEscaped = false
        } else if !isEscaped, MarkupText.holds("<!--", page, at: index) {
          isEscaped = true
          dashes = 2
          index += 4
          continue
        } else if isEscaped, !isDoubleEscaped {
          isDoubleEscaped = endsWord(after: "<script", page)
        }
      }
      if byte != 45 { dashes = 0 }
      index += 1
    }
    return start..<index
  }

  /// Whether the word stands here, and a name ends with it.
  private func endsWord(after word: String, _ page: Span<UInt8>) -> Bool {
    let end = index + word.utf8.count
    return end < page.count && Self.endsName(page[end]) && MarkupText.holds(word, page, at: index)
  }
}
