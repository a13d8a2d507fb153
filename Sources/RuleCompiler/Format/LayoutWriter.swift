// Writes a layout: decides where lines break, and puts tokens and comments down.
//
// Written once more, its result must not change. So a break is decided by widths, and by breaks of
// the source only where the result has them again: around comments, in lists of one entry a line,
// in blocks on one line.
//
// The parser looks at line ends in one place: a name on a new line can begin a statement. So no
// line breaks before the name of a test, but inside of parentheses.

struct LayoutWriter {
  private let words: FormatSource
  private let bytesMax: Int
  private(set) var bytes: [UInt8] = []
  /// More bytes than a source may have were wanted; the rest was not written.
  private(set) var isOverfull = false
  private var column = 0
  /// Of the line that is being written.
  private var lineIndent = 0
  private var isFresh = true
  private let lineEnd: [UInt8]
  private let columnsMax = SourceFormatter.columnsMax
  private let step = SourceFormatter.indentColumns

  init(_ words: FormatSource, bytesMax: Int) {
    self.words = words
    self.bytesMax = bytesMax
    lineEnd = Array((words.usesCarriageReturns ? "\r\n" : "\n").utf8)
    bytes.reserveCapacity(min(bytesMax, words.source.bytes.count + words.source.bytes.count / 4))
    bytes += words.source.bytes[..<words.markBytes]
  }

  mutating func write(_ commands: [LayoutCommand]) {
    write(commands, indent: 0)
    let end = words.tokens.count - 1
    writeComments(before: end, isBreaking: false, indent: 0, keepsBlank: true)
    if !isFresh { append(lineEnd[...]) }
  }

  // MARK: Commands

  private mutating func write(_ commands: [LayoutCommand], indent: Int) {
    var index = 0
    while index < commands.count && !isOverfull {
      var end = index + 1
      while end < commands.count && words.isWord(commands[end].head.firstToken, oneOf: Self.chained)
      {
        end += 1
      }
      write(chain: commands[index..<end], indent: indent)
      index = end
    }
  }

  /// What goes on with the `if` before it.
  private static let chained = ["elsif", "else"]

  private mutating func write(chain: ArraySlice<LayoutCommand>, indent: Int) {
    let isFlat = chain.count > 1 && indent + (flatColumns(chain) ?? columnsMax) <= columnsMax
    var endsExpanded = false
    for (order, command) in chain.enumerated() {
      put(
        command.head.firstToken, isBreaking: order == 0 || !(isFlat || endsExpanded),
        indent: indent, keepsBlank: order == 0)
      endsExpanded = writeRest(of: command, indent: indent)
    }
  }

  private func flatColumns(_ chain: ArraySlice<LayoutCommand>) -> Int? {
    guard let first = chain.first, let last = chain.last, var total = first.columns,
      words.areOnOneLine(first.head.firstToken, last.block?.close ?? last.end)
    else { return nil }
    for command in chain.dropFirst() {
      guard let gap = words.gapColumns(before: command.head.firstToken),
        let columns = command.columns
      else { return nil }
      total += gap + columns
    }
    return total
  }

  /// All behind the name, which has been written. True when its block has lines of its own.
  private mutating func writeRest(of command: LayoutCommand, indent: Int) -> Bool {
    let first = command.head.firstToken
    let start = column - words.firstLineColumns(ofToken: first)
    if let columns = command.columns, start + columns <= columnsMax {
      putFlat(first + 1...(command.block?.close ?? command.end))
      return false
    }
    let ending = (words.gapColumns(before: command.end) ?? 1) + 1
    if let columns = command.head.columns, start + columns + ending <= columnsMax {
      putFlat(first + 1..<command.head.end)
    } else {
      // Two steps before a block, so that the head and what is in the block look different.
      let next = indent + (command.block == nil ? step : 2 * step)
      writeRest(of: command.head, indent: next, ending: ending)
    }
    put(command.end, indent: indent)
    guard let block = command.block else { return false }
    write(block.commands, indent: indent + step)
    let isEmpty = block.commands.isEmpty && words.comments(before: block.close).isEmpty
    put(block.close, isBreaking: !isEmpty, indent: indent, commentIndent: indent + step)
    return !isEmpty
  }

  // MARK: Heads that do not fit on a line

  /// All but the first token. `indent`: of the lines that it goes on with; `ending`: columns of
  /// what must follow on the same line.
  private mutating func writeRest(of sequence: LayoutSequence, indent: Int, ending: Int) {
    for (order, element) in sequence.elements.enumerated().dropFirst() {
      let isLast = order + 1 == sequence.elements.count
      switch element {
      case .word(let token):
        let wanted =
          isLast ? ending : valueColumns(sequence, order, indent: indent, ending: ending)
        let gap = words.gapColumns(before: token) ?? 0
        let needed = gap + words.firstLineColumns(ofToken: token) + wanted
        let isBreaking =
          column + needed > columnsMax && words.tokens[token].kind != .identifier
        put(token, isBreaking: isBreaking, indent: indent)
      case .group(let group): write(group, indent: indent, ending: isLast ? ending : 0)
      }
    }
  }

  /// A tag keeps its value beside it if a line can hold both.
  private func valueColumns(
    _ sequence: LayoutSequence, _ order: Int, indent: Int, ending: Int
  ) -> Int {
    guard case .word(let token) = sequence.elements[order], words.tokens[token].kind == .tag,
      order + 1 < sequence.elements.count
    else { return 0 }
    let tag = words.firstLineColumns(ofToken: token)
    switch sequence.elements[order + 1] {
    case .group(let group):
      return group.isTests ? 0 : (words.gapColumns(before: group.open) ?? 0) + 1
    case .word(let value):
      let kind = words.tokens[value].kind
      guard kind != .tag && kind != .identifier else { return 0 }
      let isLast = order + 2 == sequence.elements.count
      let columns =
        (words.gapColumns(before: value) ?? 0) + words.firstLineColumns(ofToken: value)
        + (isLast ? ending : 0)
      return indent + tag + columns <= columnsMax ? columns : 0
    }
  }

  private mutating func write(_ group: LayoutGroup, indent: Int, ending: Int) {
    let gap = words.gapColumns(before: group.open) ?? 0
    if let columns = group.columns, column + gap + columns + ending <= columnsMax {
      put(group.open, indent: indent)
      return putFlat(group.open + 1...group.close)
    }
    put(group.open, isBreaking: column + gap + 1 > columnsMax, indent: indent)
    let outer = lineIndent
    for (order, entry) in group.entries.enumerated() {
      let isLast = order + 1 == group.entries.count
      let first = entry.firstToken
      let fits =
        column + (words.gapColumns(before: first) ?? 0) + words.firstLineColumns(ofToken: first)
        + (isLast ? 0 : 1) <= columnsMax
      put(
        first, isBreaking: order == 0 || group.isTests || group.isOnePerLine || !fits,
        indent: outer + step, keepsBlank: true)
      writeEntry(entry, indent: outer + step, ending: isLast ? 0 : 1)
      if !isLast { put(entry.end, indent: outer + step) }
    }
    put(group.close, isBreaking: true, indent: outer, commentIndent: outer + step)
  }

  private mutating func writeEntry(_ entry: LayoutSequence, indent: Int, ending: Int) {
    let start = column - words.firstLineColumns(ofToken: entry.firstToken)
    if let columns = entry.columns, start + columns + ending <= columnsMax {
      putFlat(entry.firstToken + 1..<entry.end)
    } else {
      writeRest(of: entry, indent: indent + step, ending: ending)
    }
  }

  // MARK: Putting down

  private mutating func putFlat(_ tokens: some Sequence<Int>) {
    for token in tokens { put(token, indent: lineIndent) }
  }

  /// The comments before a token, then the token.
  private mutating func put(
    _ token: Int, isBreaking: Bool = false, indent: Int, commentIndent: Int? = nil,
    keepsBlank: Bool = false
  ) {
    let breaks = words.breaks(beforeToken: token)
    let isFirst = token == 0 && words.comments(before: token).isEmpty
    if !words.comments(before: token).isEmpty {
      // A comment before a closing bracket belongs to what stands before it.
      let isClosing = commentIndent != nil
      writeComments(
        before: token, isBreaking: isBreaking && !isClosing, indent: commentIndent ?? indent,
        keepsBlank: keepsBlank || isClosing)
      if breaks > .none || (isBreaking && isClosing) {
        newLine(indent: indent, isBlank: keepsBlank && breaks == .blankLine)
      } else {
        blanks(words.blanksBehindLastComment(before: token))
      }
    } else if isBreaking && !isFirst {
      let isBlank = keepsBlank && breaks == .blankLine && !isBehindOpening(token)
      newLine(indent: indent, isBlank: isBlank)
    } else if token > 0 && words.tokens[token - 1].kind == .multiLineString {
      newLine(indent: indent, isBlank: false)
    } else if !isFirst {
      blanks(words.blanks(before: token))
    }
    append(words.source.bytes[words.tokens[token].range])
  }

  /// Comments stay on the line of what stands before them, or begin one, as they were.
  private mutating func writeComments(
    before token: Int, isBreaking: Bool, indent: Int, keepsBlank: Bool
  ) {
    var mustBreak = isBreaking && token > 0 && !words.startsLine(token)
    for comment in words.comments(before: token) {
      let breaks = words.breaks(beforeComment: comment)
      let isFirst = bytes.count == words.markBytes
      if !isFirst && (breaks > .none || mustBreak) {
        let isBehindOpening =
          comment == words.comments(before: token).lowerBound
          && isBehindOpening(token)
        newLine(
          indent: indent, isBlank: keepsBlank && breaks == .blankLine && !isBehindOpening)
      } else if !isFirst {
        let isFirstHere = comment == words.comments(before: token).lowerBound
        let least = isFirstHere ? words.blanksBeforeFirstComment(before: token) : 1
        blanks(words.isHash(comment) ? 2 : least)
      }
      mustBreak = false
      append(words.source.bytes[words.comments[comment]])
    }
  }

  private func isBehindOpening(_ token: Int) -> Bool {
    guard token > 0 else { return true }
    switch words.tokens[token - 1].kind {
    case .leftBrace, .leftBracket, .leftParenthesis: return true
    default: return false
    }
  }

  private mutating func blanks(_ count: Int) {
    if isFresh { return }
    for _ in 0..<count { bytes.append(0x20) }
    column += count
  }

  private mutating func newLine(indent: Int, isBlank: Bool) {
    if isOverfull { return }
    append(lineEnd[...])
    if isBlank { append(lineEnd[...]) }
    for _ in 0..<indent { bytes.append(0x20) }
    column = indent
    lineIndent = indent
    isFresh = true
  }

  private mutating func append(_ piece: ArraySlice<UInt8>) {
    guard bytes.count + piece.count <= bytesMax else {
      isOverfull = true
      return
    }
    bytes += piece
    if let last = piece.lastIndex(of: UInt8(ascii: "\n")) {
      column = FormatSource.columns(piece[(last + 1)...])
    } else {
      column += FormatSource.columns(piece)
    }
    if !piece.isEmpty { isFresh = false }
  }
}
