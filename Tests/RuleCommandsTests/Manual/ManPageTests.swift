// The manual pages: no mistake that mandoc finds, options as the command line parser has them,
// every name of the language. DEFANG_RECORD=1 writes the options anew and fails that run.

import Foundation
import RuleBytecode
import RuleCompiler
import Testing

struct ManPageTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "docs/man")
  /// Installed by tools/install-needs.sh.
  private static let mandoc = "/usr/bin/mandoc"
  private static let marks = (begin: "\n.\\\" begin\n", end: ".\\\" end\n")

  private static func page(_ name: String) throws -> String {
    try String(contentsOf: folder.appending(path: name), encoding: .utf8)
  }

  @Test(
    .enabled(if: FileManager.default.isExecutableFile(atPath: mandoc)),
    arguments: ["defang-rulec.1", "defang-rules.5"])
  func mandocFindsNoFault(name: String) throws {
    let process = Process()
    process.executableURL = URL(filePath: Self.mandoc)
    process.arguments = ["-T", "lint", "-W", "warning", Self.folder.appending(path: name).path]
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "\(String(decoding: output, as: UTF8.self))")
  }

  @Test func optionsAreThoseOfTheParser() throws {
    let page = try Self.page("defang-rulec.1")
    let begin = try #require(page.range(of: Self.marks.begin))
    let end = try #require(page.range(of: Self.marks.end))
    let made = CommandManual.text(try CommandManual.read())
    if ProcessInfo.processInfo.environment["DEFANG_RECORD"] != nil {
      let text = page[..<begin.upperBound] + made + page[end.lowerBound...]
      let url = Self.folder.appending(path: "defang-rulec.1")
      try Data(text.utf8).write(to: url, options: .atomic)
      Issue.record("docs/man/defang-rulec.1 was recorded: review it")
      return
    }
    let old = page[begin.upperBound..<end.lowerBound].split(separator: "\n")
    let new = made.split(separator: "\n")
    let line = zip(old, new).prefix { $0 == $1 }.count
    #expect(
      old == new,
      "line \(line + 1) of COMMANDS; DEFANG_RECORD=1 swift test --filter ManPageTests")
  }

  /// What the generator reads is there: options with one value, flags and arguments.
  @Test func theParserTellsItsOptions() throws {
    let made = CommandManual.text(try CommandManual.read())
    for text in [
      ".Ss compile\n", ".It Fl -check\n", ".It Fl o , Fl -output Ar output\n", ".It Ar paths ...\n",
      ".It Fl -client-ip Ar client-ip\n", "Default: 127.0.0.1.\n",
    ] {
      #expect(made.contains(text), "\(text)")
    }
  }

  @Test func everyNameOfTheLanguageHasItsLine() throws {
    let page = try Self.page("defang-rules.5")
    let items = page.split(separator: "\n").filter { $0.hasPrefix(".It Ic ") }
      .flatMap { $0.dropFirst(7).split(separator: " ") }.map(String.init)
    let language = Vocabulary.language
    let names = language.commands.union(language.tests).union(Phase.allCases.map(\.name))
    #expect(names.subtracting(items) == [])
    // Commas stand between names.
    #expect(Set(items).subtracting(names) == [","])
  }
}
