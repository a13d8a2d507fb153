// `grammar/rules.ebnf` against the parser: its names, and that each production is defined once.

import Foundation
import Testing

@testable import RuleCompiler

struct GrammarFileTests {
  private let productions: [String: String]

  init() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    var text = try String(contentsOf: root.appending(path: "grammar/rules.ebnf"), encoding: .utf8)
    while let open = text.range(of: "/* "),
      let close = text.range(of: " */", range: open.upperBound..<text.endIndex)
    {
      text.removeSubrange(open.lowerBound..<close.upperBound)
    }
    var productions: [String: String] = [:]
    var current = ""
    for line in text.split(separator: "\n") {
      let halves = line.components(separatedBy: "::=")
      if halves.count == 2 {
        current = halves[0].trimmingCharacters(in: .whitespaces)
        try #require(productions[current] == nil, "\(current) is defined twice")
        productions[current] = halves[1]
      } else {
        productions[current]? += " " + line
      }
    }
    self.productions = productions
  }

  /// The words in quotes of one production.
  private func terminals(_ name: String) throws -> Set<String> {
    let body = try #require(productions[name])
    let words = body.components(separatedBy: "\"").enumerated()
      .filter { $0.offset % 2 == 1 }.map(\.element)
    #expect(Set(words).count == words.count, "\(name) has a name twice")
    return Set(words)
  }

  @Test func namesAreThoseOfTheParser() throws {
    let vocabulary = Vocabulary.language
    let commands = try terminals("declaration").union(terminals("statement"))
    #expect(commands == vocabulary.commands)
    #expect(try terminals("test-name") == vocabulary.tests)
    #expect(try terminals("test-taker") == vocabulary.testTakers)
    #expect(try terminals("block-command") == vocabulary.blockNeeders)
    #expect(vocabulary.testNeeders == vocabulary.testTakers.subtracting(["define"]))
  }

  @Test func everyProductionIsDefined() {
    let isName: (Character) -> Bool = { $0.isLowercase || $0 == "-" }
    for (name, body) in productions {
      // Outside of quotes and brackets only names of productions are left.
      var bare = body.replacing(/'[^']*'/, with: " ").replacing(/"[^"]*"/, with: " ")
      bare = bare.replacing(/\[[^\]]*\]/, with: " ").replacing(/#x[0-9A-F]+/, with: " ")
      for word in bare.split(whereSeparator: { !isName($0) }) {
        #expect(productions[String(word)] != nil, "\(name) uses \(word)")
      }
    }
  }
}
