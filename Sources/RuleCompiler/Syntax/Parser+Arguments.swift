// `arguments = *argument [ test / test-list ]`, strings lists and test lists.

extension Parser {
  /// The arguments behind the name of a command or test.
  /// - Parameter testDepth: how many tests this name is inside of; 0 for a command.
  mutating func parseArguments(
    of name: Identifier, isTest: Bool, testDepth: Int
  ) -> Arguments {
    let start = index
    var arguments = Arguments(items: [], tests: [], testList: nil, range: name.range.end)
    skipTestsInBrackets(of: name)
    parseItems(of: name, into: &arguments.items)
    if token.kind == .leftParenthesis {
      let open = range(token.range)
      arguments.tests = parseTestList(of: name, testDepth: testDepth)
      arguments.testList = range(open.bytes.lowerBound..<previousEnd)
    } else if token.kind == .identifier,
      isAnswer(of: name.text, behind: arguments.items.last)
        || !isStatementStart(after: name.text, isTest: isTest)
    {
      arguments.tests = [parseTest(depth: testDepth + 1)]
    }
    if index > start {
      arguments.range = range(tokens[start].start..<previousEnd)
    }
    return arguments
  }

  /// `anyof [a, b]`, `anyof { a, b }`: what stands in there is skipped.
  private mutating func skipTestsInBrackets(of name: Identifier) {
    guard ["anyof", "allof"].contains(name.text),
      tokens[min(index + 1, tokens.count - 1)].kind == .identifier
    else { return }
    let close: Token.Kind
    switch token.kind {
    case .leftBracket: close = .rightBracket
    case .leftBrace where isListInBraces: close = .rightBrace
    default: return
    }
    complain(.expectedTest(found), at: range(token.range))
    index += 1
    while !isAtHeadEnd, token.kind != close { index += 1 }
    if token.kind == close { index += 1 }
  }

  /// The braces here hold a comma and no statement. Looked at as far as they go, once.
  private var isListInBraces: Bool {
    let rest = tokens[(index + 1)...].prefix(limits.argumentsMax)
    let end = rest.firstIndex {
      $0.kind == .semicolon || $0.kind == .leftBrace || $0.kind == .rightBrace
    }
    guard let end, tokens[end].kind == .rightBrace else { return false }
    return tokens[index..<end].contains { $0.kind == .comma }
  }

  private mutating func parseItems(of name: Identifier, into items: inout [Argument]) {
    while true {
      let place = token
      guard let value = parseValue(of: name) else {
        guard token.kind == .unknown else { return }
        damage += 1
        isHeadBroken = true
        index += 1
        continue
      }
      if items.count < limits.argumentsMax {
        let whole = range(place.start..<previousEnd)
        items.append(Argument(value: value, range: whole))
      } else {
        complain(
          .tooManyArguments(of: name.text, max: limits.argumentsMax), at: range(place.range))
      }
    }
  }

  private mutating func parseValue(of name: Identifier) -> Argument.Value? {
    let this = token
    switch this.kind {
    case .tag:
      index += 1
      return .tag(source.text(this.start + 1..<this.end).lowercasedASCII)
    case .number:
      index += 1
      return .number(NumberLiteral(value: number(this), range: range(this.range)))
    case .quotedString, .multiLineString:
      index += 1
      return .string(string(this))
    case .leftBracket: return .list(parseStringList(of: name))
    default: return nil
    }
  }

  // MARK: String lists

  /// `string-list = "[" string *("," string) "]"`.
  private mutating func parseStringList(of name: Identifier) -> [StringLiteral] {
    let open = range(token.range)
    index += 1
    var strings: [StringLiteral] = []
    if token.kind == .rightBracket {
      if vocabulary.emptyListTakers.contains(name.text) {
        index += 1
        return []
      }
      complain(.emptyStringList, at: open.through(range(token.range)))
      index += 1
      return []
    }
    // A string without its comma may be the first one behind a list that was not closed.
    var gap: (place: SourceRange, index: Int, count: Int)?
    while parseListEntry(into: &strings) {
      if token.kind == .comma {
        let comma = range(token.range)
        index += 1
        if token.kind == .rightBracket {
          mention(.trailingComma, at: comma, fixIts: [.init(replace: comma, with: "")])
          break
        }
      } else if token.isString {
        if let gap { mentionMissingComma(at: gap.place) }
        gap = (range(previousEnd..<previousEnd), index, strings.count)
      } else if token.kind != .unknown {
        break
      }
    }
    if let gap, token.kind == .rightBracket {
      mentionMissingComma(at: gap.place)
    } else if let gap, !isHeadBroken {
      index = gap.index
      strings.removeSubrange(gap.count...)
    }
    closeBracket(.rightBracket, opened: open)
    return strings
  }

  /// False when what stands there belongs to no list.
  private mutating func parseListEntry(into strings: inout [StringLiteral]) -> Bool {
    switch token.kind {
    case .quotedString, .multiLineString:
      if strings.count < limits.listEntriesMax {
        strings.append(string(token))
      } else {
        complain(.tooManyListEntries(max: limits.listEntriesMax), at: range(token.range))
      }
    case .unknown:
      damage += 1
      isHeadBroken = true
    case .number, .tag, .identifier, .comma:
      complain(.expectedString(found), at: range(token.range), fixIts: quotedEntry)
      if token.kind == .comma { return true }
    default: return false
    }
    index += 1
    return true
  }

  /// A number or a bare word of a list as the string that it was meant to be.
  private var quotedEntry: [Diagnostic.FixIt] {
    switch token.kind {
    case .number, .identifier:
      [.init(replace: range(token.range), with: "\"\(source.text(token.range))\"")]
    default: []
    }
  }

  // MARK: Tests

  /// `test = identifier arguments`. Bounded: `depth` counts from 1 and stops at its limit.
  mutating func parseTest(depth: Int) -> Test {
    let damageBefore = damage
    let name = parseIdentifier()
    guard depth <= limits.testNestingMax else {
      complain(.testsTooDeep(max: limits.testNestingMax), at: name.range)
      skipHead()
      return Test(
        name: name,
        arguments: Arguments(items: [], tests: [], testList: nil, range: name.range.end),
        range: name.range, isDamaged: true)
    }
    var arguments = parseArguments(of: name, isTest: true, testDepth: depth)
    reportMissingTest(of: name, &arguments)
    return Test(
      name: name, arguments: arguments,
      range: range(name.range.bytes.lowerBound..<previousEnd), isDamaged: damage > damageBefore)
  }

  /// `test-list = "(" test *("," test) ")"`.
  private mutating func parseTestList(of name: Identifier, testDepth: Int) -> [Test] {
    let open = range(token.range)
    index += 1
    var tests: [Test] = []
    if token.kind == .rightParenthesis {
      complain(.emptyTestList(of: name.text), at: open.through(range(token.range)))
      index += 1
      return []
    }
    while parseListTest(into: &tests, testDepth: testDepth) {
      if token.kind == .comma {
        let comma = range(token.range)
        index += 1
        if token.kind == .rightParenthesis {
          mention(.trailingComma, at: comma, fixIts: [.init(replace: comma, with: "")])
          break
        }
      } else if token.kind == .identifier, ["and", "or"].contains(word(token)) {
        complain(.unexpected(found, in: name.text), at: range(token.range))
        skipListEntry()
        break
      } else if token.kind == .identifier && !isCommandOnly(word(token)) {
        mentionMissingComma(at: range(previousEnd..<previousEnd))
      } else {
        break
      }
    }
    closeBracket(.rightParenthesis, opened: open)
    return tests
  }

  /// False when the list cannot go on here.
  private mutating func parseListTest(into tests: inout [Test], testDepth: Int) -> Bool {
    if token.kind == .identifier {
      let outer = isInTestList
      isInTestList = true
      tests.append(parseTest(depth: testDepth + 1))
      isInTestList = outer
      return true
    }
    if token.kind == .unknown {
      damage += 1
      isHeadBroken = true
    } else {
      complain(.expectedTest(found), at: range(token.range))
    }
    skipListEntry()
    return token.kind == .comma
  }

  /// `if`, `not` and their like without a test.
  mutating func reportMissingTest(of name: Identifier, _ arguments: inout Arguments) {
    guard vocabulary.testNeeders.contains(name.text), arguments.tests.isEmpty,
      arguments.testList == nil
    else { return }
    guard let first = arguments.items.first, case .string = first.value,
      arguments.items.contains(where: { $0.tag != nil })
    else {
      complain(.missingTest(after: name.text, found: found), at: range(token.range))
      return
    }
    // `if "${helo}" :is "x"`: what follows was meant for a test that is not there.
    complain(.missingTest(after: name.text, found: .string), at: first.range)
    arguments.items = []
  }

  /// Whether the identifier here begins the next statement and is not a trailing test. The grammar
  /// cannot tell `set "a" "b"` without its `;` before `stop` from a command with a test.
  private func isStatementStart(after head: String, isTest: Bool) -> Bool {
    let next = word(token)
    if vocabulary.testTakers.contains(head) {
      return isCommandOnly(next) && isOnNewLine
    }
    let isTestOnly = vocabulary.tests.contains(next) && !vocabulary.commands.contains(next)
    // A test that takes no test is over at the next name, but for a test that was given to it.
    // In a list of tests, a comma is more likely what is missing.
    if isTest && vocabulary.tests.contains(head) {
      return !isTestOnly || isOnNewLine || isInTestList
    }
    if vocabulary.commands.contains(head) {
      return vocabulary.commands.contains(next) || (isOnNewLine && !isTestOnly)
    }
    return isCommandOnly(next) || (isOnNewLine && vocabulary.commands.contains(next))
  }

  /// `on_error :dns tempfail`: the verdict was meant as a text.
  private func isAnswer(of head: String, behind last: Argument?) -> Bool {
    head == "on_error" && last?.tag != nil && !isOnNewLine
  }

  private mutating func mentionMissingComma(at place: SourceRange) {
    mention(.missingComma, at: place, fixIts: [.init(replace: place, with: ",")])
  }

  private mutating func closeBracket(_ kind: Token.Kind, opened open: SourceRange) {
    if token.kind == kind {
      index += 1
      return
    }
    let isList = kind == .rightBracket
    let place = range(previousEnd..<previousEnd)
    complain(
      isList ? .missingCloseBracket(found) : .missingCloseParenthesis(found), at: place,
      notes: [.init(.opened(isList ? "[" : "("), at: open)],
      fixIts: [.init(replace: place, with: isList ? "]" : ")")])
  }
}
