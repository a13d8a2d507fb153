// The text that a reader of HTML sees, for comparisons (RFC 5173 §5.3): tags, comments, scripts and
// style sheets gone, character references resolved, blanks joined as browsers join them.
// Trusts nothing: one pass that never goes back, no stack, so any input costs its length once.

/// Takes the markup off.
package enum HTMLText {
  /// Appends the text of `html`, which is UTF-8; elements that begin a new line give one line end.
  package static func append(_ html: Span<UInt8>, to text: inout [UInt8]) {
    var reader = Reader(start: text.count)
    reader.read(html, &text)
  }

  /// Elements whose content is no text for readers (HTML Living Standard §13.1.2).
  private static let hidden: [[UInt8]] = ["script", "style"].map { Array($0.utf8) }

  /// Elements that a browser puts on lines of their own.
  private static let blocks: Set<[UInt8]> = Set(
    [
      "address", "article", "aside", "blockquote", "body", "br", "center", "dd", "div", "dl", "dt",
      "fieldset", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header",
      "hr", "html", "li", "main", "nav", "ol", "p", "pre", "section", "table", "tbody", "tfoot",
      "thead", "title", "tr", "ul",
    ].map { Array($0.utf8) })

  /// Cells stand apart, on one line.
  private static let cells: Set<[UInt8]> = Set(["td", "th"].map { Array($0.utf8) })

  /// The longest of these names.
  private static let nameBytesMax = 10

  private struct Reader {
    /// What was there before belongs to somebody else.
    private let start: Int
    private var index = 0
    /// A blank or line end that is written before the next character, if there is one.
    private var pending: UInt8?

    init(start: Int) { self.start = start }

    mutating func read(_ html: Span<UInt8>, _ text: inout [UInt8]) {
      while index < html.count {
        let byte = html[index]
        if byte == 60 {
          markup(html, &text)
        } else if byte == 38 {
          reference(html, &text)
        } else if ASCII.isFolding(byte) || byte == 12 {
          separate(ASCII.space)
          index += 1
        } else {
          write(byte, &text)
          index += 1
        }
      }
    }

    private mutating func separate(_ byte: UInt8) {
      if pending != ASCII.lineFeed { pending = byte }
    }

    private mutating func write(_ byte: UInt8, _ text: inout [UInt8]) {
      if let pending, text.count > start {
        if pending == ASCII.lineFeed { text.append(ASCII.carriageReturn) }
        text.append(pending)
      }
      pending = nil
      text.append(byte)
    }

    // MARK: Markup

    /// `<` begins a tag only before a letter, `/`, `!` or `?`; else it is text.
    private mutating func markup(_ html: Span<UInt8>, _ text: inout [UInt8]) {
      let next = index + 1 < html.count ? html[index + 1] : 0
      switch next {
      case 33: declaration(html)
      case 63: skip(past: 62, html)
      case ASCII.slash:
        index += 1
        tag(html, isEnd: true)
      case _ where ASCII.lower(next) &- 97 < 26: tag(html, isEnd: false)
      default:
        write(60, &text)
        index += 1
      }
    }

    /// A comment, or what browsers take for one.
    private mutating func declaration(_ html: Span<UInt8>) {
      index += 2
      guard byte(0, html) == ASCII.dash, byte(1, html) == ASCII.dash else {
        return skip(past: 62, html)
      }
      index += 2
      if byte(0, html) == 62 {
        index += 1
        return
      }
      if byte(0, html) == ASCII.dash, byte(1, html) == 62 {
        index += 2
        return
      }
      while let dash = ByteScan.firstIndex(
        of: ASCII.dash, in: html, from: index, to: html.count)
      {
        index = dash + 1
        guard byte(0, html) == ASCII.dash else { continue }
        if byte(1, html) == 62 {
          index += 2
          return
        }
        if byte(1, html) == 33, byte(2, html) == 62 {
          index += 3
          return
        }
      }
      index = html.count
    }

    /// The byte so far behind; 0 behind the end.
    private func byte(_ offset: Int, _ html: Span<UInt8>) -> UInt8 {
      index + offset < html.count ? html[index + offset] : 0
    }

    private mutating func skip(past byte: UInt8, _ html: Span<UInt8>) {
      let hit = ByteScan.firstIndex(of: byte, in: html, from: index, to: html.count)
      index = hit.map { $0 + 1 } ?? html.count
    }

    /// A tag at `index`, which is the byte before its name.
    private mutating func tag(_ html: Span<UInt8>, isEnd: Bool) {
      index += 1
      let start = index
      while index < html.count, !endsName(html[index]) { index += 1 }
      let length = min(index - start, HTMLText.nameBytesMax + 1)
      let name = ASCII.lowered(html, start..<start + length)
      skipAttributes(html)
      if HTMLText.blocks.contains(name) {
        separate(ASCII.lineFeed)
      } else if HTMLText.cells.contains(name) {
        separate(ASCII.space)
      } else if !isEnd, HTMLText.hidden.contains(name) {
        skipContent(of: name, html)
      }
    }

    private func endsName(_ byte: UInt8) -> Bool {
      byte == 62 || byte == ASCII.slash || ASCII.isFolding(byte) || byte == 12
    }

    /// To behind the `>`; one in a quoted value of an attribute does not end the tag.
    private mutating func skipAttributes(_ html: Span<UInt8>) {
      var isValueNext = false
      while index < html.count {
        let byte = html[index]
        index += 1
        if byte == 62 { return }
        if isValueNext, byte == ASCII.quote || byte == 39 {
          skip(past: byte, html)
          isValueNext = false
        } else if byte == ASCII.equals {
          isValueNext = true
        } else if !ASCII.isFolding(byte) {
          isValueNext = false
        }
      }
    }

    /// To the end tag of that name.
    private mutating func skipContent(of name: [UInt8], _ html: Span<UInt8>) {
      while let open = ByteScan.firstIndex(of: 60, in: html, from: index, to: html.count) {
        let end = open + 2 + name.count
        index = open + 1
        guard end < html.count, html[open + 1] == ASCII.slash,
          ASCII.isEqual(html.extracting(open + 2..<end), name.span), endsName(html[end])
        else { continue }
        index = end
        return skip(past: 62, html)
      }
      index = html.count
    }

    // MARK: Character references

    private mutating func reference(_ html: Span<UInt8>, _ text: inout [UInt8]) {
      guard let (scalar, next) = CharacterReference.read(html, at: index) else {
        write(38, &text)
        index += 1
        return
      }
      index = next
      // A no-break space is a blank to whoever compares; a soft hyphen and its like are not seen.
      switch scalar.value {
      case 0xA0, 9...13, 32: separate(ASCII.space)
      case 0xAD: break
      default: for byte in String(scalar).utf8 { write(byte, &text) }
      }
    }
  }
}
