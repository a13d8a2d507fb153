// docs/LANGUAGE.md, docs/STORES.md and rules/ against the compiler: the manual shows nothing that
// does not compile, names what there is, and gives limits as they are.
//
// A block marked `rules` compiles without a diagnostic, one marked `rules wrong CODE` gives that
// code. `require` is put before blocks without one, unless they are marked `plain`.

import Foundation
import RuleBytecode
import Testing

@testable import RuleCommands
@testable import RuleCompiler

struct ManualTests {
  struct Example: Sendable, CustomTestStringConvertible {
    let file: String
    /// 1-based line of its first line in the manual, so that messages point there.
    let line: Int
    let text: String
    /// What it must be reported for; nil when it is right.
    let code: String?
    var testDescription: String { "\(file):\(line)" }
  }

  private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
  private static let manual = text(of: "LANGUAGE.md")
  private static let header = "require [\"defang\", \"envelope\", \"variables\", \"extlists\"];\n"

  private static func text(of file: String) -> String {
    (try? String(contentsOf: root.appending(path: "docs/\(file)"), encoding: .utf8)) ?? ""
  }

  static let examples: [Example] = ["LANGUAGE.md", "STORES.md"].flatMap { read($0) }

  private static func read(_ file: String) -> [Example] {
    var examples: [Example] = []
    var open: (line: Int, words: [Substring], text: String)?
    for (index, line) in text(of: file)
      .split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
      if let block = open {
        if line == "```" {
          let isWhole = block.words.contains("plain") || block.text.contains("require ")
          examples.append(
            Example(
              file: file, line: block.line, text: (isWhole ? "" : header) + block.text,
              code: block.words.contains("wrong") ? block.words.last.map(String.init) : nil))
          open = nil
        } else {
          open?.text += line + "\n"
        }
      } else if line.hasPrefix("```rules") {
        open = (index + 2, line.split(separator: " "), "")
      }
    }
    return examples
  }

  private func compile(_ name: String, _ text: String) -> (isProgram: Bool, printed: String) {
    var sources = SourceSet()
    _ = sources.add(SourceFile(name: name, bytes: Array(text.utf8)))
    let (program, diagnostics) = Compiler.compile(sources)
    return (program != nil, DiagnosticPrinter(sources: sources).text(diagnostics))
  }

  @Test func thereAreExamples() {
    #expect(Self.examples.count > 15)
    #expect(Self.examples.contains { $0.code != nil })
    #expect(Self.examples.contains { $0.file == "STORES.md" })
  }

  @Test(arguments: examples)
  func exampleMeansWhatItSays(example: Example) {
    let (isProgram, printed) = compile("example", example.text)
    if let code = example.code {
      // Warnings are printed, and it runs.
      #expect(isProgram == (ProblemCode(rawValue: code)?.severity == .warning))
      #expect(printed.contains("[\(code)]"))
    } else {
      #expect(printed == "")
      #expect(isProgram)
    }
  }

  @Test func policiesOfTheHouseAreRight() throws {
    let folder = Self.root.appending(path: "rules")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".rules") }
    #expect(names.contains("starter.rules"))
    for name in names {
      let sources = try PolicyFiles.sources([folder.appending(path: name).path])
      let result = Compiler.compilation(sources)
      let printed = DiagnosticPrinter(sources: result.sources).text(result.diagnostics)
      #expect(printed == "")
      #expect(result.program != nil)
    }
  }

  @Test func everyNameIsInTheManual() {
    let tests = Registry.tests.keys.sorted()
    let structure = Registry.structure.filter { !["if", "elsif", "else", "require"].contains($0) }
    let signatures =
      Registry.tests.values.map { $0.signature } + Registry.actions.values.map { $0.signature }
      + Registry.declarations.values.map { $0.signature }
    let tags = signatures.flatMap(\.tags).map { ":" + $0.name }
    var names: [String] = tests + Registry.actions.keys.sorted() + structure + tags
    names += FailureClass.allCases.map { ":" + $0.name }
    names += FailureAnswer.allCases.map(\.name)
    names += Phase.allCases.map(\.name)
    names += PartField.allCases.map(\.fieldName)
    names += TableType.allCases.map(\.name)
    names += Capability.known.sorted()
    names += LogLevel.allCases.map(\.name)
    let words = Self.wordsInCode
    for name in names where !words.contains(name) {
      Issue.record("the manual does not name \(name)")
    }
  }

  /// What the text, outside of examples, shows as code: `name`, or a command with its arguments.
  private static let wordsInCode: Set<String> = {
    var isExample = false
    let text = manual.split(separator: "\n").filter { line in
      if line.hasPrefix("```") { isExample.toggle() }
      return !isExample && !line.hasPrefix("```")
    }.joined(separator: "\n")
    let spans = text.split(separator: "`", omittingEmptySubsequences: false)
      .enumerated().filter { $0.offset % 2 == 1 }.map(\.element)
    let words = spans.flatMap { $0.split { " \n|[](),\"{}…".contains($0) } }
    return Set(words.map { String($0.last == ";" ? $0.dropLast() : $0) })
  }()

  @Test(arguments: ProblemCode.allCases)
  func codeIsInTheManual(_ code: ProblemCode) {
    let words = Self.manual.split { $0.isWhitespace }
    #expect(words.contains { $0 == code.rawValue }, "section 8 lists all codes")
  }

  @Test func codesInTheManualExist() {
    let known = Dictionary(uniqueKeysWithValues: ProblemCode.allCases.map { ($0.rawValue, $0) })
    for match in Self.manual.matches(of: /\b[SNALPDFETRC]0[0-9][0-9]\b/) {
      #expect(known[String(match.output)] != nil, "there is no code \(match.output)")
    }
    let sentence = Self.manual.split(separator: "\n\n").first { $0.hasPrefix("Warnings are ") }
    let warnings = (sentence ?? "").matches(of: /[A-Z]0[0-9][0-9]/).map { String($0.output) }
    #expect(!warnings.isEmpty)
    for code in warnings { #expect(known[code]?.severity == .warning) }
  }

  @Test func limitsAreThoseOfTheCompiler() {
    for (label, value) in Mirror(reflecting: CompilerLimits.standard).children {
      guard let label, Self.manual.contains("| `\(label)` |") else { continue }
      let row = Self.manual.split(separator: "\n").first { $0.hasPrefix("| `\(label)` |") } ?? ""
      #expect(row.hasSuffix("| \(value) |"))
    }
    #expect(Self.manual.contains("| `sourceBytesMax` |"))
  }
}
