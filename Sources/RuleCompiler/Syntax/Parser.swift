// Tokens to `Script`: the generic grammar of RFC 5228 §8.2. Trusts the lexer's token list and
// nothing about its order. Recursion is bounded by the nesting limits, work is linear in tokens.
//
// One mistake gives one message: after a mistake in the head of a command (all before its `;` or
// block) the head's further complaints are dropped, and the node is marked as damaged. What is
// mended with certainty (a missing comma or `;`) drops nothing.

/// Parses one source file.
package struct Parser {
  let source: SourceFile
  let file: Int
  let limits: CompilerLimits
  let vocabulary: Vocabulary
  let tokens: [Token]
  var diagnostics: Diagnostics
  var index = 0
  var nodes = 0
  /// Mistakes that left holes, counted; a node during whose parsing it grew is damaged.
  var damage = 0
  var isHeadBroken = false
  /// What begins here may be meant for the statement above, which was not ended.
  var isBehindMissingSemicolon = false
  var isInTestList = false
  lazy var closesExceedOpens =
    tokens.count { $0.kind == .rightBrace } > tokens.count { $0.kind == .leftBrace }
  var braces: BraceRecord

  /// Reads one file. Every mistake goes to `diagnostics`; what can be understood is in the result.
  /// - Parameter file: the index of `source` in its `SourceSet`.
  package static func parse(
    _ source: SourceFile, file: Int, limits: CompilerLimits = .standard,
    vocabulary: Vocabulary = .language, diagnostics: inout Diagnostics
  ) -> Script {
    let empty = Script(file: file, commands: [], comments: [], isStructureReliable: false)
    if source.isTooLarge {
      let problem = SyntaxProblem.sourceTooLarge(max: limits.sourceBytesMax)
      diagnostics.report(.syntax(problem), at: SourceRange(file: file, bytes: 0..<0))
      return empty
    }
    guard SourceHygiene(source: source, file: file).check(&diagnostics) else { return empty }
    var lexer = Lexer(
      source, file: file, limits: limits, vocabulary: vocabulary, diagnostics: diagnostics)
    lexer.run()
    var parser = Parser(lexer)
    let commands = parser.parseCommands(depth: 0)
    parser.reportUnclosedBraces()
    diagnostics = parser.diagnostics
    return Script(
      file: file, commands: commands, comments: lexer.result.comments,
      isStructureReliable: parser.braces.isReliable)
  }

  private init(_ lexer: Lexer) {
    source = lexer.source
    file = lexer.file
    limits = lexer.limits
    vocabulary = lexer.vocabulary
    tokens = lexer.result.tokens
    diagnostics = lexer.diagnostics
    braces = BraceRecord(isTruncated: lexer.result.isTruncated)
  }

  // MARK: Commands

  /// `commands = *command`, up to the `}` of the block or the end of the file.
  mutating func parseCommands(depth: Int) -> [Command] {
    var commands: [Command] = []
    while token.kind != .endOfFile {
      isHeadBroken = false
      switch token.kind {
      case .identifier: commands.append(parseCommand(depth: depth))
      case .rightBrace:
        if depth > 0 { return commands }
        reportStrayBrace()
      case .semicolon: reportStraySemicolons()
      default:
        if token.kind != .unknown { complain(.expectedCommand(found), at: range(token.range)) }
        skipStatement()
      }
    }
    return commands
  }

  private mutating func parseCommand(depth: Int) -> Command {
    let damageBefore = damage
    let mayBelongAbove = isBehindMissingSemicolon
    isBehindMissingSemicolon = false
    let name = parseCommandName()
    var arguments = parseArguments(of: name, isTest: false, testDepth: 0)
    reportMissingTest(of: name, &arguments)
    if skipUnexpected(in: name) { Self.markLast(&arguments.tests) }
    let isDamaged = damage > damageBefore
    let block = parseEnd(of: name, depth: depth)
    return Command(
      name: name, arguments: arguments, block: block,
      range: range(name.range.bytes.lowerBound..<previousEnd), isDamaged: isDamaged,
      mayBelongAbove: mayBelongAbove)
  }

  /// `else if` is how most languages have it and Sieve has not: taken as `elsif`.
  private mutating func parseCommandName() -> Identifier {
    let name = parseIdentifier()
    guard name.text == "else", token.kind == .identifier, word(token) == "if" else { return name }
    let both = name.range.through(range(token.range))
    complain(.elseIf, at: both, fixIts: [.init(replace: both, with: "elsif")])
    isHeadBroken = false
    index += 1
    return Identifier(text: "elsif", range: both)
  }

  /// What stands behind a test and does not belong there may have been meant for it. Recursion is
  /// bounded by the limit on nested tests.
  private static func markLast(_ tests: inout [Test]) {
    guard let last = tests.indices.last else { return }
    tests[last].isDamaged = true
    markLast(&tests[last].arguments.tests)
  }

  /// True when what was there may have been an argument.
  private mutating func skipUnexpected(in name: Identifier) -> Bool {
    // `a && b`: what stands behind a sign that there is not belongs to it.
    let isBehindSign = index > 0 && tokens[index - 1].kind == .unknown
    if isAtHeadEnd || (isAtNewStatement && (!isBehindSign || isOnNewLine)) { return false }
    // `header contains "A" "b"`: a word is not what the test lacks.
    let isArgument = token.kind != .identifier || ["and", "or", "then"].contains(word(token))
    complain(
      isRightBehindString
        ? .behindString(source.text(token.range)) : .unexpected(found, in: name.text),
      at: range(token.range))
    skipHead()
    return isArgument
  }

  /// The `;` or the block, or what is to be said when neither is there.
  private mutating func parseEnd(of name: Identifier, depth: Int) -> Block? {
    switch token.kind {
    case .semicolon:
      let semicolon = range(token.range)
      index += 1
      guard token.kind == .leftBrace, vocabulary.blockNeeders.contains(name.text) else {
        return nil
      }
      mention(
        .semicolonBeforeBlock(of: name.text), at: semicolon,
        fixIts: [.init(replace: semicolon, with: "")])
      return parseBlock(depth: depth)
    case .leftBrace: return parseBlock(depth: depth)
    default:
      if vocabulary.blockNeeders.contains(name.text) {
        return parseUnopenedBlock(of: name, depth: depth)
      }
      let place = range(previousEnd..<previousEnd)
      // The dot that ends a text stands alone on its line.
      let isBehindText = index > 0 && tokens[index - 1].kind == .multiLineString
      mention(
        .missingSemicolon(after: name.text), at: place,
        fixIts: [.init(replace: place, with: isBehindText ? "\n;" : ";")])
      isBehindMissingSemicolon = true
      return nil
    }
  }

  private mutating func parseBlock(depth: Int) -> Block {
    let open = range(token.range)
    let openIndent = indentation(ofTokenAt: index)
    guard depth < limits.commandNestingMax else {
      complain(.blocksTooDeep(max: limits.commandNestingMax), at: open)
      skipBalancedBlock()
      return Block(commands: [], openBrace: open, closeBrace: range(previousEnd..<previousEnd))
    }
    index += 1
    let commands = parseCommands(depth: depth + 1)
    guard token.kind == .rightBrace else {
      braces.unclosed.append(open)
      return Block(commands: commands, openBrace: open, closeBrace: range(token.range))
    }
    braces.closed(open, indent: openIndent, closeIndent: indentation(ofFirstOnLineAt: index))
    let close = range(token.range)
    index += 1
    return Block(commands: commands, openBrace: open, closeBrace: close)
  }

  /// A head that wants a block, without its `{`. If the file closes more than it opens, only the
  /// brace is missing; else the block has one statement, as it may in other languages.
  private mutating func parseUnopenedBlock(of name: Identifier, depth: Int) -> Block {
    let place = range(previousEnd..<previousEnd)
    let wasBroken = isHeadBroken
    complain(.missingOpenBrace(after: name.text, found: found), at: range(token.range))
    braces.isPaired = false
    isHeadBroken = false
    var commands: [Command] = []
    if !wasBroken && token.kind == .identifier && depth < limits.commandNestingMax {
      if closesExceedOpens {
        commands = parseCommands(depth: depth + 1)
        if token.kind == .rightBrace { index += 1 }
      } else {
        commands = [parseCommand(depth: depth + 1)]
      }
    }
    return Block(
      commands: commands, openBrace: place, closeBrace: range(previousEnd..<previousEnd))
  }
}
