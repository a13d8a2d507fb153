// Content that is left out whole although it is markup: pictures and formulas in other languages,
// what is not shown until a script takes it, what a form offers.
// What the tokenizer gives as raw text (script, style, title, textarea, noscript and so on) needs
// no help. Frames, forms, plug-ins, audio and video lose their tags only: what is inside of them is
// for whoever cannot show them.
internal import FileContents

struct LeftOutContent {
  private static let names: Set<MarkupName> = Set(
    ["svg", "math", "template", "select", "datalist"].map { MarkupName($0) })
  private static let foreign: Set<MarkupName> = Set(["svg", "math"].map { MarkupName($0) })

  /// Those that can stand in themselves; a list in a list ends it.
  private static let nesting: Set<MarkupName> = Set(
    ["svg", "math", "template"].map { MarkupName($0) })

  private var name: MarkupName?
  private var depth = 0
  /// The tag that is being read opens what is left out.
  private var isOpening = false

  var isActive: Bool { name != nil || isOpening }

  /// A start tag; returns whether it is left out.
  mutating func begins(_ tokens: MarkupTokenizer) -> Bool {
    isOpening = false
    guard !tokens.hasPrefix else { return name != nil }
    if let name {
      if Self.foreign.contains(name), tokens.isForeign, tokens.element.endsForeign {
        self.name = nil
        depth = 0
        return false
      }
      isOpening = tokens.name == name && Self.nesting.contains(name)
      return true
    }
    isOpening = tokens.isLeftOutCandidate && Self.names.contains(tokens.name)
    return isOpening
  }

  mutating func ends(_ tokens: MarkupTokenizer, isSelfClosing: Bool) {
    guard isOpening else { return }
    isOpening = false
    // `<svg/>` is whole; of HTML only void elements close themselves.
    if isSelfClosing, Self.foreign.contains(tokens.name) { return }
    name = tokens.name
    depth += 1
  }

  /// An end tag; returns whether it is left out.
  mutating func closes(_ tokens: MarkupTokenizer) -> Bool {
    guard let name else { return false }
    if tokens.name == name, !tokens.hasPrefix {
      depth -= 1
      if depth == 0 { self.name = nil }
    }
    return true
  }
}

extension MarkupElement? {
  /// Ends SVG and MathML where it stands inside (HTML Living Standard §13.2.6.5).
  fileprivate var endsForeign: Bool {
    switch self {
    case .breakout, .paragraph, .meta, .void, .object: true
    default: false
    }
  }
}

extension MarkupTokenizer {
  /// Spares the look into the table for nearly every tag: none of these is text or a block.
  fileprivate var isLeftOutCandidate: Bool {
    switch element {
    case .breakout, .paragraph, .void: false
    default: true
    }
  }
}
