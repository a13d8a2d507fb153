// The shape of a source as the formatter sees it: commands, heads, brackets, each with the columns
// it takes when written on one line. Built from tokens of a source that parses; widths are counted
// once, from the inside out, so that the writer decides each break in constant time.

/// A name with what follows it, or an entry of a list of strings.
struct LayoutSequence {
  enum Element {
    /// One token.
    case word(Int)
    case group(LayoutGroup)

    var firstToken: Int {
      switch self {
      case .word(let token): token
      case .group(let group): group.open
      }
    }
  }

  var elements: [Element] = []
  /// On one line, without what stands before its first token; nil when a line must break in it.
  var columns: Int? = 0
  /// Behind its last token.
  var end = 0

  var firstToken: Int { elements.first?.firstToken ?? end }
}

/// `[…]` of strings or `(…)` of tests.
struct LayoutGroup {
  let open: Int
  var entries: [LayoutSequence] = []
  var close: Int
  var columns: Int?
  /// The author gave each entry a line.
  var isOnePerLine = false
  /// A test list: when it breaks, each test begins a line.
  let isTests: Bool
}

struct LayoutCommand {
  let head: LayoutSequence
  /// The `;`, or the `{`.
  let end: Int
  var block: LayoutBlock?
  var columns: Int?
}

struct LayoutBlock {
  let open: Int
  let commands: [LayoutCommand]
  let close: Int
  let columns: Int?
}

struct LayoutBuilder {
  private let words: FormatSource
  private var index = 0

  init(_ words: FormatSource) { self.words = words }

  /// Nil for a source that does not parse.
  mutating func build() -> [LayoutCommand]? {
    guard let commands = commands(), kind == .endOfFile else { return nil }
    return commands
  }

  private var kind: Token.Kind { words.tokens[index].kind }

  // The parser has bounded the nesting, hence the recursion below.

  private mutating func commands() -> [LayoutCommand]? {
    var result: [LayoutCommand] = []
    while kind == .identifier {
      guard let command = command() else { return nil }
      result.append(command)
    }
    return result
  }

  private mutating func command() -> LayoutCommand? {
    guard let head = sequence() else { return nil }
    let end = index
    switch kind {
    case .semicolon:
      index += 1
      let columns = Self.sum(head.columns, words.gapColumns(before: end), 1)
      return LayoutCommand(head: head, end: end, columns: columns)
    case .leftBrace:
      guard let block = block() else { return nil }
      let columns = Self.sum(head.columns, words.gapColumns(before: end), block.columns)
      return LayoutCommand(head: head, end: end, block: block, columns: columns)
    default: return nil
    }
  }

  private mutating func block() -> LayoutBlock? {
    let open = index
    index += 1
    guard let commands = commands(), kind == .rightBrace else { return nil }
    let close = index
    index += 1
    let isEmpty = commands.isEmpty && words.comments(before: close).isEmpty
    var columns: Int? = isEmpty || words.areOnOneLine(open, close) ? 2 : nil
    for command in commands {
      columns = Self.sum(
        columns, words.gapColumns(before: command.head.firstToken), command.columns)
    }
    columns = Self.sum(columns, words.gapColumns(before: close), 0)
    return LayoutBlock(open: open, commands: commands, close: close, columns: columns)
  }

  /// Up to what ends a head or an entry.
  private mutating func sequence() -> LayoutSequence? {
    var result = LayoutSequence()
    while true {
      let first = index
      let element: LayoutSequence.Element
      let columns: Int?
      switch kind {
      case .identifier, .tag, .number, .quotedString, .multiLineString:
        element = .word(first)
        columns = words.columns(ofToken: first)
        index += 1
      case .leftBracket, .leftParenthesis:
        guard let group = group() else { return nil }
        element = .group(group)
        columns = group.columns
      default:
        result.end = index
        return result.elements.isEmpty ? nil : result
      }
      let gap = result.elements.isEmpty ? 0 : words.gapColumns(before: first)
      result.columns = Self.sum(result.columns, gap, columns)
      result.elements.append(element)
    }
  }

  private mutating func group() -> LayoutGroup? {
    let isTests = kind == .leftParenthesis
    var group = LayoutGroup(open: index, close: index, columns: 2, isTests: isTests)
    repeat {
      if !group.entries.isEmpty {
        group.columns = Self.sum(group.columns, words.gapColumns(before: index), 1)
      }
      index += 1
      let gap = words.gapColumns(before: index)
      guard let entry = sequence() else { return nil }
      group.columns = Self.sum(group.columns, gap, entry.columns)
      group.entries.append(entry)
    } while kind == .comma
    guard kind == (isTests ? .rightParenthesis : .rightBracket) else { return nil }
    group.close = index
    group.columns = Self.sum(group.columns, words.gapColumns(before: index), 0)
    group.isOnePerLine =
      group.entries.count > 1 && group.entries.allSatisfy { words.startsLine($0.firstToken) }
    if group.isOnePerLine { group.columns = nil }
    index += 1
    return group
  }

  private static func sum(_ first: Int?, _ second: Int?, _ third: Int?) -> Int? {
    guard let first, let second, let third else { return nil }
    return first + second + third
  }
}
