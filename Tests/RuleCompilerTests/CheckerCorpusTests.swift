// The corpus: wrong policies with the diagnostics they must give, all of a file in one run, and
// right ones that must print nothing.
//
// A wrong policy names what it expects in comments: `# expect: CODE line:column`.

import Foundation
import RuleBytecode
import Testing

@testable import RuleCompiler

struct CorpusFile: CustomTestStringConvertible, Sendable {
  let name: String
  let text: String
  var testDescription: String { name }

  static func all(in folder: String) -> [CorpusFile] {
    let url = Bundle.module.resourceURL?.appending(path: folder)
    let files =
      url.flatMap {
        try? FileManager.default.contentsOfDirectory(at: $0, includingPropertiesForKeys: nil)
      } ?? []
    return files.filter { $0.pathExtension == "rules" }
      .sorted { $0.lastPathComponent < $1.lastPathComponent }
      .map { file in
        let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
        return CorpusFile(name: file.lastPathComponent, text: text)
      }
  }

  var expected: [String] {
    text.split(separator: "\n").filter { $0.hasPrefix("# expect: ") }
      .map { String($0.dropFirst("# expect: ".count)) }
  }
}

struct CheckerCorpusTests {
  static let wrong = CorpusFile.all(in: "Wrong")
  static let right = CorpusFile.all(in: "Right")

  @Test func isThere() {
    #expect(Self.wrong.count >= 70)
    #expect(Self.right.count >= 25)
  }

  @Test(arguments: wrong)
  func wrongPolicy(_ file: CorpusFile) throws {
    #expect(!file.expected.isEmpty)
    let compiled = Compiled(file.text)
    #expect(compiled.codes.sorted() == file.expected.sorted())
    // Errors leave no program, warnings alone do.
    #expect((compiled.program == nil) == compiled.diagnostics.hasErrors)
    if let program = compiled.program { _ = try VerifiedProgram(program) }
  }

  @Test(arguments: right)
  func rightPolicy(_ file: CorpusFile) throws {
    let compiled = Compiled(file.text)
    #expect(compiled.codes == [])
    let program = try #require(compiled.program)
    _ = try VerifiedProgram(program)
    let again = try VerifiedProgram(image: program.image())
    #expect(again.program == program)
  }

  /// Every code of the checker's families that a source can reach stands in the corpus.
  @Test func reachesEachCode() {
    let reached = Set(
      Self.wrong.flatMap { $0.expected.compactMap { $0.split(separator: " ").first } }
        + FlowWrongTests.cases.map { $0.code[...] })
    let notYet: Set = [
      // Files; see `TableFileTests`.
      "L031", "D022", "D023", "D026", "D027", "D028", "D029",
      // The parser says it first.
      "A013",
      // Too large for a file that a person reads; see `EmitterLimitTests`.
      "F010",
    ]
    let codes = ProblemCode.allCases.map(\.rawValue).filter {
      // Syntax, test files and configurations have suites of their own.
      !$0.hasPrefix("S") && !$0.hasPrefix("T") && !$0.hasPrefix("C")
    }
    for code in codes where !notYet.contains(code) {
      #expect(reached.contains(Substring(code)), "\(code) has no wrong policy")
    }
  }

  @Test func everyActionOfThePhaseTableHasItsCommand() {
    // These are of declarations and capabilities that are checked elsewhere.
    let elsewhere: Set = ["return", "error", "lookup", "extracttext"]
    let missing = Set(Action.allCases.map(\.name)).subtracting(Registry.actions.keys)
    #expect(missing.isSubset(of: elsewhere))
    #expect(Set(Registry.actions.keys).isSubset(of: Set(Action.allCases.map(\.name))))
  }

  /// The parser recovers well only around names it knows.
  @Test func vocabularyHasAllNames() {
    let words = Vocabulary.language
    #expect(Set(Registry.tests.keys).isSubset(of: words.tests))
    #expect(Set(Registry.actions.keys).union(Registry.structure).isSubset(of: words.commands))
  }
}
