// What the parser does when it does not find what the grammar asks for: what it says, where it
// goes on. All steps move forward only, so the whole is linear.

/// What is known about the pairing of braces.
struct BraceRecord {
  /// Closing braces may be inside a string that was never closed.
  let isTruncated: Bool
  var isPaired = true
  /// Open at the end of the file, innermost first.
  var unclosed: [SourceRange] = []
  /// The `{` of a block whose `}` stands further left than the block's first line: most likely
  /// that `}` was meant for an outer block, and this one has none.
  private(set) var suspect: SourceRange?

  init(isTruncated: Bool) {
    self.isTruncated = isTruncated
  }

  var isReliable: Bool { !isTruncated && isPaired && unclosed.isEmpty }

  mutating func closed(_ open: SourceRange, indent: Int?, closeIndent: Int?) {
    guard suspect == nil, let indent, let closeIndent, closeIndent < indent else { return }
    suspect = open
  }
}

extension Parser {
  // MARK: Saying it

  /// A mistake that leaves a hole. Said once for each head.
  mutating func complain(
    _ problem: SyntaxProblem, at range: SourceRange,
    notes: [Diagnostic.Note] = [], fixIts: [Diagnostic.FixIt] = []
  ) {
    mention(problem, at: range, notes: notes, fixIts: fixIts)
    damage += 1
    isHeadBroken = true
  }

  /// A mistake that is mended with certainty: others in the same head are still worth saying.
  mutating func mention(
    _ problem: SyntaxProblem, at range: SourceRange,
    notes: [Diagnostic.Note] = [], fixIts: [Diagnostic.FixIt] = []
  ) {
    if isHeadBroken { return }
    diagnostics.report(.syntax(problem), at: range, notes: notes, fixIts: fixIts)
  }

  mutating func reportStrayBrace() {
    if braces.isReliable { complain(.strayCloseBrace, at: range(token.range)) }
    braces.isPaired = false
    index += 1
  }

  mutating func reportStraySemicolons() {
    let first = range(token.range)
    while token.kind == .semicolon { index += 1 }
    let all = range(first.bytes.lowerBound..<previousEnd)
    complain(.straySemicolon, at: all, fixIts: [.init(replace: all, with: "")])
  }

  /// At the end of the file, with notes at the `{` that are open.
  mutating func reportUnclosedBraces() {
    guard !braces.isTruncated, braces.isPaired, !braces.unclosed.isEmpty else { return }
    var opened = Array(braces.unclosed.prefix(3))
    if let suspect = braces.suspect { opened[0] = suspect }
    let end = range(source.bytes.count..<source.bytes.count)
    // Where an inner block lacks its brace, one at the end would only move the mistake.
    let isSafe = braces.unclosed.count == 1 && braces.suspect == nil
    let fixIts = isSafe ? [Diagnostic.FixIt(replace: end, with: "}\n")] : []
    diagnostics.report(
      .syntax(.missingCloseBrace), at: end,
      notes: opened.map { Diagnostic.Note(.opened("{"), at: $0) }, fixIts: fixIts)
  }

  /// Counts a command or test, and ends the parsing when there are too many.
  private mutating func countNode(_ place: SourceRange) {
    nodes += 1
    guard nodes == limits.nodesMax + 1 else { return }
    diagnostics.report(.syntax(.tooManyCommands(max: limits.nodesMax)), at: place)
    isHeadBroken = true
    damage += 1
    braces.isPaired = false
    index = tokens.count - 1
  }

  // MARK: Going on

  /// To `;`, `{`, `}`, the end, or a line that begins with a command.
  mutating func skipHead() {
    while !isAtHeadEnd && !(isOnNewLine && isAtCommandWord) { index += 1 }
  }

  /// Behind the statement that begins here and is none; moves by one token at least.
  mutating func skipStatement() {
    let start = index
    damage += 1
    isHeadBroken = true
    skipHead()
    switch token.kind {
    case .semicolon: index += 1
    case .leftBrace: skipBalancedBlock()
    default: if index == start && token.kind != .endOfFile { index += 1 }
    }
  }

  /// Behind the `}` that belongs to the `{` here.
  mutating func skipBalancedBlock() {
    let open = range(token.range)
    var depth = 0
    while token.kind != .endOfFile {
      if token.kind == .leftBrace { depth += 1 }
      if token.kind == .rightBrace { depth -= 1 }
      index += 1
      if depth == 0 { return }
    }
    braces.unclosed.append(open)
  }

  /// To the `,` or `)` of the test list, or the end of the head.
  mutating func skipListEntry() {
    var depth = 0
    while !isAtHeadEnd {
      switch token.kind {
      case .leftParenthesis: depth += 1
      case .rightParenthesis:
        if depth == 0 { return }
        depth -= 1
      case .comma: if depth == 0 { return }
      default: break
      }
      index += 1
    }
  }

  // MARK: Looking

  /// The token to be read; `endOfFile`, the last one, for ever.
  var token: Token { tokens[min(index, tokens.count - 1)] }

  /// Behind the token before.
  var previousEnd: Int { index > 0 ? tokens[min(index, tokens.count) - 1].end : 0 }

  var isAtHeadEnd: Bool {
    switch token.kind {
    case .semicolon, .leftBrace, .rightBrace, .endOfFile: true
    default: false
    }
  }

  var isAtCommandWord: Bool {
    token.kind == .identifier && vocabulary.commands.contains(word(token))
  }

  /// The identifier here can only begin the next statement.
  var isAtNewStatement: Bool {
    isAtCommandWord || (token.kind == .identifier && isOnNewLine)
  }

  func isCommandOnly(_ word: String) -> Bool {
    vocabulary.commands.contains(word) && !vocabulary.tests.contains(word)
  }

  /// `"say "hello`: a word without a blank behind a string.
  var isRightBehindString: Bool {
    token.kind == .identifier && index > 0 && tokens[index - 1].kind == .quotedString
      && previousEnd == token.start
  }

  /// A line end stands between the token before and this one.
  var isOnNewLine: Bool {
    source.bytes[previousEnd..<max(previousEnd, token.start)].contains(UInt8(ascii: "\n"))
  }

  /// Blanks before the first token of the line with this token; nil when that is unusually many.
  func indentation(ofTokenAt index: Int) -> Int? {
    let start = source.lineStart(ofByte: tokens[index].start)
    let isBlank: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 }
    let blanks = source.bytes[start...].prefix(257).prefix(while: isBlank).count
    return blanks > 256 ? nil : blanks
  }

  /// The same, but nil when the token is not the first of its line.
  func indentation(ofFirstOnLineAt index: Int) -> Int? {
    guard let blanks = indentation(ofTokenAt: index) else { return nil }
    let start = source.lineStart(ofByte: tokens[index].start)
    return tokens[index].start == start + blanks ? blanks : nil
  }

  func word(_ token: Token) -> String {
    source.text(token.range).lowercasedASCII
  }

  var found: SyntaxProblem.Found {
    let text = source.text(token.range.lowerBound..<min(token.end, token.start + 80))
    return switch token.kind {
    case .identifier: .word(text)
    case .tag: .tag(text)
    case .number: .number(text)
    case .quotedString, .multiLineString: .string
    case .endOfFile: .endOfFile
    default: .symbol(text)
    }
  }

  /// The name of a command or test; each has one, so they are counted here.
  mutating func parseIdentifier() -> Identifier {
    let name = Identifier(text: word(token), range: range(token.range))
    index += 1
    countNode(name.range)
    return name
  }

  func string(_ token: Token) -> StringLiteral {
    let form: StringLiteral.Form = token.kind == .quotedString ? .quoted : .multiLine
    let decoding = StringDecoding(bytes: source.bytes, form: form, range: token.range)
    return StringLiteral(value: decoding.value(), form: form, range: range(token.range))
  }

  /// The lexer has let only numbers through that can be read.
  func number(_ token: Token) -> Int {
    let value = Lexer.value(of: source.bytes[token.range], max: limits.numberMax)
    return if case .value(let number) = value { number } else { 0 }
  }

  func range(_ bytes: Range<Int>) -> SourceRange {
    SourceRange(file: file, bytes: bytes)
  }
}
