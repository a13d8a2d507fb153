// The formatter: recorded layouts, and what holds for any source. DEFANG_RECORD=1 writes the
// layouts anew and fails that run.
//
// `Format/NAME.rules` is the source, `Format/NAME.formatted` what becomes of it.

import Foundation
import Testing

@testable import RuleCompiler

/// A source and what the formatter makes of it.
struct Formatted {
  let source: SourceFile
  let outcome: SourceFormatter.Outcome
  let diagnostics: Diagnostics

  init(_ text: String, limits: CompilerLimits = .standard) {
    self.init(bytes: Array(text.utf8), limits: limits)
  }

  init(bytes: [UInt8], limits: CompilerLimits = .standard) {
    source = SourceFile(name: "t.rules", bytes: bytes, limits: limits)
    var diagnostics = Diagnostics(limits: limits)
    outcome = SourceFormatter.format(source, file: 0, limits: limits, diagnostics: &diagnostics)
    self.diagnostics = diagnostics
  }

  var bytes: [UInt8]? { if case .formatted(let bytes) = outcome { bytes } else { nil } }
  var text: String? { bytes.map { String(decoding: $0, as: UTF8.self) } }

  /// What holds for every source: it parses or is refused, the result has the same words, and
  /// formatted again it is the same.
  func check(_ comment: Testing.Comment? = nil) {
    #expect(outcome != .wouldDiffer, comment)
    #expect((outcome == .notParsed) == diagnostics.hasErrors, comment)
    guard let bytes else { return }
    let again = Formatted(bytes: bytes)
    #expect(again.outcome == outcome, comment)
    let limits = CompilerLimits.standard
    let words = FormatSource(source, limits: limits)
    #expect(words.hasSameWords(as: FormatSource(again.source, limits: limits)), comment)
  }
}

struct FormatterTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Format")
  static let names: [String] =
    ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
    .filter { $0.hasSuffix(".rules") }.map { String($0.dropLast(6)) }.sorted()

  @Test func thereAreLayouts() {
    #expect(Self.names.count >= 8)
  }

  @Test(arguments: names)
  func layoutIsTheRecordedOne(name: String) throws {
    let bytes = [UInt8](try Data(contentsOf: Self.folder.appending(path: name + ".rules")))
    let formatted = Formatted(bytes: bytes)
    formatted.check()
    let result = try #require(formatted.bytes)
    let url = Self.folder.appending(path: name + ".formatted")
    if ProcessInfo.processInfo.environment["DEFANG_RECORD"] != nil {
      try Data(result).write(to: url, options: .atomic)
      Issue.record("Format/\(name).formatted was recorded: review it, then run again without")
      return
    }
    let recorded = [UInt8](try Data(contentsOf: url))
    #expect(
      String(decoding: result, as: UTF8.self) == String(decoding: recorded, as: UTF8.self))
    #expect(result == recorded)
  }

  /// What the house keeps in its form: the policies people copy from.
  @Test func policiesOfTheHouseAreFormatted() throws {
    let rules = Self.folder.deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "rules")
    let names = try FileManager.default.subpathsOfDirectory(atPath: rules.path)
      .filter { $0.hasSuffix(".rules") }
    #expect(names.contains { $0.contains("/") })
    for name in names {
      let bytes = [UInt8](try Data(contentsOf: rules.appending(path: name)))
      #expect(Formatted(bytes: bytes).bytes == bytes, "defang-rulec fmt -w rules/\(name)")
    }
  }

  @Test(arguments: CheckerCorpusTests.right + CheckerCorpusTests.wrong)
  func corpusKeepsItsMeaning(file: CorpusFile) {
    Formatted(file.text).check()
  }

  @Test(arguments: ManualTests.examples)
  func manualKeepsItsMeaning(example: ManualTests.Example) {
    Formatted(example.text).check()
  }

  // MARK: At the limits

  @Test func lineOfAllColumnsAndOneMore() {
    // `log "…";` around it: 7 columns.
    let fits = String(repeating: "é", count: SourceFormatter.columnsMax - 7)
    #expect(Formatted("log\n\"\(fits)\";").text == "log \"\(fits)\";\n")
    #expect(Formatted("log \"\(fits)x\";").text == "log\n  \"\(fits)x\";\n")
  }

  @Test func emptySources() {
    #expect(Formatted("").text == "")
    #expect(Formatted("\n \n\t\n").text == "")
    #expect(Formatted("\u{FEFF}\n").text == "\u{FEFF}")
    #expect(Formatted("\n\n# c").text == "# c\n")
  }

  @Test func resultAsLargeAsASourceMayBe() {
    let text = "if true{\nstop;}"
    let formatted = "if true {\n  stop;\n}\n"
    var limits = CompilerLimits()
    limits.sourceBytesMax = formatted.utf8.count
    #expect(Formatted(text, limits: limits).text == formatted)
    limits.sourceBytesMax -= 1
    #expect(Formatted(text, limits: limits).outcome == .tooLarge)
  }

  @Test func sourceThatDoesNotParse() {
    let formatted = Formatted("if true { stop }")
    #expect(formatted.outcome == .notParsed)
    #expect(formatted.diagnostics.shown.map(\.problem.code) == [.missingSemicolon])
  }
}
