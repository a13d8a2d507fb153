// Content that is left out whole although it is markup: pictures and formulas in other languages,
// what is not shown until a script takes it, what a form offers. One that is not closed ends where
// browsers end it, so that what comes behind stays.
// What the tokenizer gives as raw text (script, style, title, textarea, noscript and so on) needs
// no help. Frames, forms, plug-ins, audio and video lose their tags only: what is inside of them is
// for whoever cannot show them.
internal import FileContents

struct LeftOutContent {
  private enum Kind {
    /// SVG and MathML.
    case foreign
    case template
    /// A list of a form: neither in itself nor around a table.
    case select
    /// Ends with what is around it.
    case plain
  }

  private static let kinds: [MarkupName: Kind] = [
    MarkupName("svg"): .foreign, MarkupName("math"): .foreign, MarkupName("template"): .template,
    MarkupName("select"): .select, MarkupName("datalist"): .plain,
  ]

  /// Start tags that end a list (HTML Living Standard §13.2.6.4.16).
  private static let endsList = names("select input keygen textarea")
  private static let tableParts = names("caption table tbody tfoot thead tr td th")

  private static func names(_ text: String) -> Set<MarkupName> {
    Set(text.split(separator: " ").map { MarkupName($0) })
  }

  private var name = MarkupName()
  private var kind: Kind?
  private var depth = 0
  /// The tag that is being read opens what is left out.
  private var opening: Kind?

  var isActive: Bool { kind != nil || opening != nil }

  /// A start tag; returns whether it is left out.
  mutating func begins(_ tokens: MarkupTokenizer) -> Bool {
    opening = nil
    guard !tokens.hasPrefix else { return kind != nil }
    guard let kind else {
      if tokens.mayBeLeftOut { opening = Self.kinds[tokens.name] }
      return opening != nil
    }
    switch kind {
    case .foreign where tokens.isForeign && tokens.element.endsForeign: end()
    case .select where Self.endsList.contains(tokens.name): end()
    case .select where Self.tableParts.contains(tokens.name): end()
    case .foreign, .template: opening = tokens.name == name ? kind : nil
    case .select, .plain: break
    }
    // A list in a list is the end of it, and nothing else.
    return isActive || Self.kinds[tokens.name] == .select
  }

  mutating func ends(_ tokens: MarkupTokenizer, isSelfClosing: Bool) {
    guard let opening else { return }
    self.opening = nil
    // `<svg/>` is whole; of HTML only void elements close themselves.
    if isSelfClosing, opening == .foreign { return }
    name = tokens.name
    kind = opening
    depth += 1
  }

  /// An end tag; returns whether it is left out.
  ///
  /// - Parameter isOpen: An element of that name is open around what is left out.
  mutating func closes(_ tokens: inout MarkupTokenizer, isOpen: Bool) -> Bool {
    guard let kind else { return false }
    if tokens.hasPrefix { return true }
    if tokens.name == name {
      depth -= 1
      if depth == 0 { end() }
      return true
    }
    switch kind {
    case .foreign where isOpen && tokens.isForeign:
      tokens.leaveForeign()
      end()
    case .plain where isOpen: end()
    case .select where Self.tableParts.contains(tokens.name): end()
    default: return true
    }
    return false
  }

  private mutating func end() {
    kind = nil
    depth = 0
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
  fileprivate var mayBeLeftOut: Bool {
    switch element {
    case .breakout, .paragraph, .void: false
    default: true
    }
  }
}
