// Ways of the mistake maker: what people mistype, and what they bring from other languages.

@testable import RuleCompiler

extension MistakeWay {
  static let syntax: [MistakeWay] = [
    MistakeWay(.syntax, "missing semicolon") { policy, _ in
      policy.actions.filter { !isMultiLine($0.command.arguments) }.map {
        let end = $0.command.range.bytes.upperBound - 1
        return Break(.missingSemicolon, end..<end + 1, "", at: end..<end)
      }
    },
    MistakeWay(.syntax, "missing close brace") { policy, _ in
      let end = policy.bytes.count
      return policy.commands.compactMap(\.command.block).map {
        Break(.missingCloseBrace, $0.closeBrace.bytes, "", at: end..<end)
      }
    },
    MistakeWay(.syntax, "stray close brace") { policy, _ in
      let end = policy.bytes.count
      return [Break(.strayCloseBrace, end..<end, "«}»\n")]
    },
    MistakeWay(.syntax, "missing open brace") { policy, _ in
      policy.commands.compactMap(\.command.block).compactMap { block in
        block.commands.first.map {
          Break(.missingOpenBrace, block.openBrace.bytes, "", at: $0.name.range.bytes)
        }
      }
    },
    MistakeWay(.syntax, "string never closed") { policy, _ in
      policy.literals.filter { $0.literal.form == .quoted }.map {
        let range = $0.literal.range.bytes
        let end = range.upperBound - 1
        return Break(.unterminatedString, end..<end + 1, "", at: range.lowerBound..<end)
      }
    },
    MistakeWay(.syntax, "comment never closed") { policy, _ in
      if policy.text.contains("*/") { return [] }
      return policy.rules(in: RightPolicy.phases).compactMap { rule -> Break? in
        inserted("«/*» why", in: rule).map { Break(.unterminatedComment, [$0]) }
      }
    },
    MistakeWay(.syntax, "missing comma in a list") { policy, _ in
      gaps(policy).map { Break(.missingComma, $0, "", at: $0.lowerBound..<$0.lowerBound) }
    },
    MistakeWay(.syntax, "missing comma between tests") { policy, _ in
      testGaps(policy).map { Break(.missingComma, $0, "", at: $0.lowerBound..<$0.lowerBound) }
    },
    MistakeWay(.syntax, "comma behind the last") { policy, _ in
      lists(policy).map {
        let end = $0.last?.range.bytes.upperBound ?? 0
        return Break(.trailingComma, end..<end, "«,»")
      }
    },
    MistakeWay(.syntax, "missing bracket") { policy, _ in
      lists(policy).map {
        let end = $0.last?.range.bytes.upperBound ?? 0
        return Break(.missingCloseBracket, end..<end + 1, "", at: end..<end)
      }
    },
    MistakeWay(.syntax, "missing parenthesis") { policy, _ in
      testLists(policy).compactMap { list, tests -> Break? in
        guard let last = tests.last?.range.bytes.upperBound else { return nil }
        return Break(
          .missingCloseParenthesis, list.upperBound - 1..<list.upperBound, "", at: last..<last)
      }
    },
    MistakeWay(.syntax, "single quotes") { policy, _ in
      simple(policy).map { literal in
        Break(.unknownCharacter, literal.range.bytes, "«'\(literal.value)'»")
      }
    },
    MistakeWay(.syntax, "printer's quotes") { policy, _ in
      simple(policy).map { literal in
        Break(.unknownCharacter, literal.range.bytes, "«“\(literal.value)”»")
      }
    },
    MistakeWay(.syntax, "operator for :is") { policy, random in
      policy.tests.filter { ["header", "envelope", "string"].contains($0.name) }.compactMap {
        ask -> Break? in
        let items = ask.test.arguments.items
        guard items.first?.tag == "is", items.count == 3 else { return nil }
        let at = items[2].range.bytes.lowerBound
        let sign = ["==", "=", "!="][random.below(3)]
        let edits = [
          Break.Edit(items[0].range.bytes, ""), Break.Edit(at..<at, "«\(sign)» "),
        ]
        return Break(.unknownCharacter, edits)
      }
    },
    MistakeWay(.syntax, "else if") { policy, _ in
      policy.commands(named: "elsif").map {
        Break(.elseIf, $0.command.name.range.bytes, "«else if»")
      }
    },
    MistakeWay(.syntax, "infix and") { policy, random in
      testLists(policy).compactMap { list, tests -> Break? in
        guard tests.count == 2 else { return nil }
        let words = tests.map { policy.source($0.range.bytes) }
        guard let name = policy.tests.first(where: { $0.test.arguments.testList?.bytes == list })
        else { return nil }
        let range = name.test.name.range.bytes.lowerBound..<list.upperBound
        let sign = ["&&", "||"][random.below(2)]
        return Break(.unknownCharacter, range, "\(words[0]) «\(sign)» \(words[1])")
      }
    },
    MistakeWay(.syntax, "sign for not") { policy, _ in
      policy.tests(named: "not").map {
        let range = $0.test.name.range.bytes
        return Break(.unknownCharacter, range.lowerBound..<range.upperBound + 1, "«!»")
      }
    },
    MistakeWay(.syntax, "semicolon behind a block") { policy, _ in
      policy.commands.compactMap(\.command.block).map {
        let end = $0.closeBrace.bytes.upperBound
        return Break(.straySemicolon, end..<end, "«;»")
      }
    },
    MistakeWay(.syntax, "empty list") { policy, _ in
      lists(policy).compactMap { list -> Break? in
        guard let first = list.first?.range.bytes, let last = list.last?.range.bytes else {
          return nil
        }
        return Break(.emptyStringList, first.lowerBound - 1..<last.upperBound + 1, "«[]»")
      }
    },
    MistakeWay(.syntax, "empty list of tests") { policy, _ in
      testLists(policy).map { list, _ in Break(.emptyTestList, list, "«()»") }
    },
    MistakeWay(.syntax, "test left out") { policy, _ in
      policy.commands.filter { ["if", "elsif", "group"].contains($0.name) }.compactMap {
        site -> Break? in
        guard let test = site.command.arguments.tests.first, let block = site.command.block else {
          return nil
        }
        return Break(.missingTest, test.range.bytes, "", at: block.openBrace.bytes)
      }
    },
    MistakeWay(.syntax, "amount without quotes") { policy, _ in
      policy.actions.filter { $0.name == "score" }.compactMap { site -> Break? in
        guard let literal = site.command.arguments.items.first?.strings?.first,
          literal.value.contains(".") || literal.value.hasPrefix("-")
        else { return nil }
        return Break(.badNumber, literal.range.bytes, "«\(literal.value)»")
      }
    },
    MistakeWay(.syntax, "unit that there is not") { policy, random in
      policy.tests(named: "size").compactMap { ask -> Break? in
        ask.test.arguments.items.last.map {
          Break(.badNumber, $0.range.bytes, "«\(["10MB", "5Kb", "1T"][random.below(3)])»")
        }
      }
    },
    MistakeWay(.syntax, "control character") { policy, _ in
      simple(policy).map {
        let start = $0.range.bytes.lowerBound + 1
        return Break(.controlCharacter, start..<start, "«\u{07}»")
      }
    },
    MistakeWay(.syntax, "mark of writing direction") { policy, _ in
      simple(policy).map {
        let start = $0.range.bytes.lowerBound + 1
        return Break(.bidirectionalMark, start..<start, "«\u{202E}»")
      }
    },
    MistakeWay(.syntax, "word without quotes") { policy, _ in
      lists(policy).flatMap { $0 }.filter { $0.value.allSatisfy { $0.isLetter && $0.isASCII } }
        .filter { !$0.value.isEmpty }.map {
          Break(.expectedString, $0.range.bytes, "«\($0.value)»")
        }
    },
    MistakeWay(.syntax, "comment of other languages") { policy, _ in
      policy.commands(named: "rule").map {
        let start = $0.command.name.range.bytes.lowerBound
        return Break(.unknownCharacter, start..<start, "«//» note what this is for\n  ")
      }
    },
    MistakeWay(.syntax, "words behind text:") { policy, _ in
      policy.literals.filter { $0.literal.form == .multiLine }.map {
        let end = $0.literal.range.bytes.lowerBound + "text:".utf8.count
        return Break(.wordsAfterTextOpening, end..<end, " «Dear sender,»")
      }
    },
    MistakeWay(.syntax, "text that never ends") { policy, _ in
      policy.literals.filter { $0.literal.form == .multiLine }.map {
        let range = $0.literal.range.bytes
        return Break(
          .unterminatedText, range.upperBound - 2..<range.upperBound - 1, "",
          at: range.lowerBound..<range.lowerBound + 5)
      }
    },
  ]

  // MARK: Places

  private static func isMultiLine(_ arguments: Arguments) -> Bool {
    arguments.items.contains { $0.strings?.contains { $0.form == .multiLine } == true }
  }

  private static func lists(_ policy: RightPolicy) -> [[StringLiteral]] {
    return policy.argumentLists.flatMap { arguments in
      arguments.items.compactMap { if case .list(let list) = $0.value { list } else { nil } }
    }
  }

  /// The commas of the lists.
  private static func gaps(_ policy: RightPolicy) -> [Range<Int>] {
    lists(policy).flatMap { list in
      zip(list, list.dropFirst()).compactMap {
        comma(policy, $0.range.bytes.upperBound..<$1.range.bytes.lowerBound)
      }
    }
  }

  private static func comma(_ policy: RightPolicy, _ range: Range<Int>) -> Range<Int>? {
    policy.bytes[range].firstIndex(of: UInt8(ascii: ",")).map { $0..<$0 + 1 }
  }

  private static func testLists(
    _ policy: RightPolicy
  ) -> [(range: Range<Int>, tests: [Test])] {
    policy.tests.compactMap { ask in
      ask.test.arguments.testList.map { ($0.bytes, ask.test.arguments.tests) }
    }
  }

  private static func testGaps(_ policy: RightPolicy) -> [Range<Int>] {
    testLists(policy).flatMap { _, tests in
      zip(tests, tests.dropFirst()).compactMap {
        comma(policy, $0.range.bytes.upperBound..<$1.range.bytes.lowerBound)
      }
    }
  }

  /// Strings that read the same in any quotes.
  private static func simple(_ policy: RightPolicy) -> [StringLiteral] {
    policy.literals.map(\.literal).filter { literal in
      literal.form == .quoted && !literal.value.isEmpty
        && literal.value.allSatisfy { $0.isLetter || $0 == " " || $0 == "-" }
        && literal.value.allSatisfy(\.isASCII)
    }
  }
}
