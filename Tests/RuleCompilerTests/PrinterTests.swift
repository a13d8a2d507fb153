// The text form of diagnostics, byte by byte (LANGUAGE.md §10), and the values for JSON.

import Testing

@testable import RuleCompiler

struct PrinterTests {
  /// Prints one problem at a piece of a source.
  private func print(
    _ source: String, _ piece: String, _ problem: Problem, name: String = "policy.rules",
    style: DiagnosticPrinter.Style = .plain
  ) throws -> String {
    var sources = SourceSet()
    let bytes = Array(source.utf8)
    let file = sources.add(SourceFile(name: name, bytes: bytes))
    let wanted = Array(piece.utf8)
    let start = try #require(bytes.indices.first { bytes[$0...].starts(with: wanted) })
    let end = start + wanted.count
    let diagnostic = Diagnostic(problem, at: SourceRange(file: file, bytes: start..<end))
    return DiagnosticPrinter(sources: sources, style: style).text(diagnostic)
  }

  private let notPossible = Problem.phase(
    .actionNotPossible("replace", phase: "rcpt", need: .part, possible: ["part", "eom"]))

  /// The example of the language description, whole.
  @Test func contract() throws {
    let source = String(repeating: "#\n", count: 13) + "    replace \"Attachment removed.\";\n"
    let text = try print(
      source, "replace",
      .phase(.actionNotPossible("replace", phase: "rcpt", need: .part, possible: ["part", "eom"])))
    #expect(
      text == """
        policy.rules:14:5: error: 'replace' is not possible in phase rcpt [P004]
        14 |     replace "Attachment removed.";
           |     ^~~~~~~ it needs a MIME part; parts exist in the phases part and eom
           help: remember it here (set :message "strip" "1") and replace in phase part

        """)
  }

  @Test func tabsAreKept() throws {
    let text = try print("\tif\t\treplace \"x\";", "replace", notPossible)
    let lines = text.split(separator: "\n")
    #expect(lines[0].hasPrefix("policy.rules:1:6: "))
    #expect(lines[1] == "1 | \tif\t\treplace \"x\";")
    #expect(lines[2].hasPrefix("  | \t  \t\t^~~~~~~ it needs"))
  }

  @Test func tabInsideTheSpanIsUnderlined() throws {
    // Column 4 is the gutter, so the tab behind "ab" goes from 6 to 8.
    let text = try print("ab\tcd;", "ab\tcd", .syntax(.invalidUTF8))
    #expect(text.contains("\n  | ^~~~~~\n"))
  }

  @Test(arguments: [
    ("set \"日本\" x;", 12), ("set \"😀😀\" x;", 12), ("set \"e\u{301}e\" x;", 10),
    ("set \"éé\" x;", 10), ("set \"\u{202E}\" x;", 16),
  ]) func wideCharacters(_ source: String, _ column: Int) throws {
    let lines = try print(source, "x;", .syntax(.invalidUTF8)).split(separator: "\n")
    #expect(lines[2] == "  | " + String(repeating: " ", count: column - 1) + "^~")
  }

  @Test func controlsAreEscaped() throws {
    let source = "reject \"\u{1B}[31m\u{202E}\u{7}\u{200B}\r\";"
    let text = try print(source, "reject", .name(.unknownCommand("a\u{1B}b\u{2066}", nearest: nil)))
    #expect(text.contains("1 | reject \"<U+001B>[31m<U+202E><U+0007><U+200B><U+000D>\";\n"))
    #expect(text.contains("there is no command 'a<U+001B>b<U+2066>'"))
    let shown = text.unicodeScalars.filter { $0 != "\n" && $0.value < 0x20 || $0.value > 0x7E }
    #expect(shown.isEmpty)
  }

  @Test func invalidBytesAreShown() {
    let parsed = Parsed(bytes: Array("# a".utf8) + [0xE9, 0xFF] + Array("b".utf8))
    #expect(parsed.text.contains("1 | # a<E9><FF>b\n  |    ^~~~~~~~\n"))
  }

  @Test func namesOfFilesAreEscaped() throws {
    let text = try print("x;", "x", .syntax(.invalidUTF8), name: "a\n\u{1B}[2Jb")
    #expect(text.hasPrefix("a<U+000A><U+001B>[2Jb:1:1: error: "))
  }

  @Test func longLinesAreCut() throws {
    let source = String(repeating: "a", count: 500) + " bad " + String(repeating: "c", count: 500)
    let lines = try print(source, "bad", .syntax(.invalidUTF8)).split(separator: "\n")
    #expect(lines[0].hasPrefix("policy.rules:1:502: "))
    let echo = lines[1].dropFirst(4)
    #expect(echo.hasPrefix("…aaa") && echo.hasSuffix("ccc…"))
    #expect(echo.count == EchoedLine.columnsMax + 2)
    let caret = lines[2].dropFirst(4).prefix { $0 == " " }.count
    #expect(echo.dropFirst(caret).hasPrefix("bad c"))
    #expect(lines[2].hasSuffix(" ^~~"))
  }

  @Test(arguments: [99, 100, 101]) func linesUpToTheLimitAreWhole(_ length: Int) throws {
    let source = "bad " + String(repeating: "c", count: length - 4)
    let lines = try print(source, "bad", .syntax(.invalidUTF8)).split(separator: "\n")
    let isWhole = lines[1] == "1 | " + source
    #expect(isWhole == (length <= EchoedLine.columnsMax))
    #expect(lines[1].hasSuffix("…") != isWhole)
  }

  @Test func longSpanIsCut() throws {
    let source = "x \"" + String(repeating: "y", count: 5_000) + "\";"
    let piece = String(source.dropFirst(2).dropLast())
    let lines = try print(source, piece, .syntax(.invalidUTF8)).split(separator: "\n")
    #expect(lines.allSatisfy { $0.count < 120 })
  }

  @Test func spanOverLinesMarksTheFirst() throws {
    let text = try print("a {\n  b;\n}", "a {\n  b;\n}", .syntax(.invalidUTF8))
    #expect(text.contains("\n1 | a {\n  | ^~~\n"))
  }

  @Test func notesFollow() {
    #expect(
      Parsed("rule \"a\" {\n  stop;\n", name: "-").text == """
        -:3:1: error: '}' is missing at the end of the file [S018]
        3 |
          | ^
          help: add '}' where the block ends
          fix: insert }
        -:1:10: note: the '{' that is not closed
        1 | rule "a" {
          |          ^

        """)
  }

  @Test func helpLinesUpWithTheGutter() {
    let source = String(repeating: "\n", count: 99) + "stop stop;"
    #expect(
      Parsed(source).text == """
        t.rules:100:5: error: ';' is missing at the end of 'stop' [S016]
        100 | stop stop;
            |     ^
            help: add ';' here
            fix: insert ;

        """)
  }

  @Test func binaryIsNotEchoed() {
    let text = Parsed(bytes: [0x7F, 0x45, 0x00, 0x01]).text
    #expect(text.split(separator: "\n").count == 2)
    #expect(text.hasPrefix("t.rules:1:3: error: this is no text"))
  }

  @Test func warningsSaySo() {
    #expect(Parsed("x \"\\.\";").text.hasPrefix("t.rules:1:4: warning: the backslash before '.'"))
  }

  @Test func colourChangesNothingElse() throws {
    let plain = try print("  replace;", "replace", notPossible)
    var colour = try print("  replace;", "replace", notPossible, style: .colour)
    #expect(colour.contains("\u{1B}[1;31merror:\u{1B}[0m"))
    while let escape = colour.firstIndex(of: "\u{1B}"),
      let end = colour[escape...].firstIndex(of: "m")
    {
      colour.removeSubrange(escape...end)
    }
    #expect(colour == plain)
  }

  @Test func fileWithoutBytesHasNoEcho() {
    var sources = SourceSet()
    let file = sources.add(SourceFile(name: "gone.rules", bytes: []))
    let diagnostic = Diagnostic(
      .syntax(.unreadable("no such file")), at: SourceRange(file: file, bytes: 0..<0))
    #expect(
      DiagnosticPrinter(sources: sources).text(diagnostic)
        == """
        gone.rules:1:1: error: cannot be read: no such file [S039]
           help: name a rules file that can be read, or '-' for standard input

        """)
  }

  @Test func recordHasAllValues() throws {
    let parsed = Parsed("a [\"é\" \"y\"];\nb { c;", name: "p.rules")
    let records = parsed.diagnostics.shown.map { DiagnosticRecord($0, sources: parsed.sources) }
    let comma = try #require(records.first)
    let brace = try #require(records.last)
    #expect(comma.code == "S025" && comma.severity == .error && comma.label == nil)
    #expect(comma.help == "add ',' here")
    #expect(
      comma.place
        == .init(
          file: "p.rules", line: 1, column: 7, endLine: 1, endColumn: 7, byteStart: 7, byteEnd: 7))
    #expect(comma.fixIts.map(\.replacement) == [","])
    #expect(comma.fixIts.map(\.place) == [comma.place])
    #expect(brace.notes.map(\.message) == ["the '{' that is not closed"])
    #expect(
      brace.notes.map { [$0.place.line, $0.place.column, $0.place.endColumn] } == [[2, 3, 4]])
  }
}
