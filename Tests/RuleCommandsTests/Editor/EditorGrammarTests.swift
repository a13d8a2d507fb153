// The editor files are what the vocabulary says, and the TextMate grammar reads the policies of the
// repository as the compiler does. DEFANG_RECORD=1 writes the files anew and fails that run.

import Foundation
import Testing

@testable import RuleCompiler

struct EditorGrammarTests {
  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  static let files = ["vim/syntax/defang.vim", "vscode/syntaxes/defang.tmLanguage.json"]

  @Test(arguments: files)
  func filesAreWhatTheVocabularySays(file: String) throws {
    let url = Self.root.appending(path: "grammar/\(file)")
    let text = file.hasPrefix("vim") ? EditorGrammar.vim : EditorGrammar.textMate
    if ProcessInfo.processInfo.environment["DEFANG_RECORD"] != nil {
      try Data(text.utf8).write(to: url, options: .atomic)
      Issue.record("grammar/\(file) was recorded: review it, then run without DEFANG_RECORD")
      return
    }
    let recorded = try String(contentsOf: url, encoding: .utf8)
    #expect(recorded == text, "run tools/make-editor-files.sh")
  }

  @Test func thereArePoliciesToRead() { #expect(Self.policies.count > 10) }

  @Test func everyNameHasOneColour() {
    let words = EditorGrammar.words.flatMap(\.words)
    #expect(Set(words).count == words.count)
    let language = Vocabulary.language
    #expect(Set(words) == language.commands.union(language.tests))
  }

  static let policies = ["rules", "Tests/RuleCompilerTests/Right"].flatMap { folder in
    let files = try? FileManager.default.contentsOfDirectory(
      at: root.appending(path: folder), includingPropertiesForKeys: nil)
    return (files ?? []).filter { $0.pathExtension == "rules" }.sorted { $0.path < $1.path }
  }

  /// Names that no colour is for are data: phases, and words of statements.
  private static func kind(of scope: String) -> String {
    let names = EditorGrammar.words.map(\.scope) + ["variable.other"]
    if names.contains(scope) { return "identifier" }
    if scope.hasPrefix("string.") { return "string" }
    switch scope {
    case "": return "blank"
    case "constant.character.escape", "variable.other.interpolated": return "string"
    case "constant.numeric": return "number"
    case "entity.other.attribute-name.tag": return "tag"
    default: return scope.hasPrefix("comment.") ? "comment" : scope
    }
  }

  @Test(arguments: policies)
  func theGrammarReadsAsTheLexerDoes(file: URL) throws {
    let text = try String(contentsOf: file, encoding: .utf8)
    let reader = try TextMateReader(grammar: EditorGrammar.textMate)
    let scopes = reader.scopes(of: text).map(Self.kind)
    // Offsets of the lexer are bytes, those of the grammar UTF-16 units.
    var units: [Int] = []
    for character in text.unicodeScalars {
      let unit = (units.last ?? -1) + 1
      for _ in 0..<character.utf8.count { units.append(unit) }
      if character.utf16.count > 1 { units[units.count - 1] += 1 }
    }
    let bytes = Array(text.utf8)
    let source = SourceFile(name: file.lastPathComponent, bytes: bytes)
    var lexer = Lexer(
      source, file: 0, limits: .standard, vocabulary: .language, diagnostics: Diagnostics())
    lexer.run()
    #expect(lexer.diagnostics.shown.isEmpty)
    for token in lexer.result.tokens where token.kind != .endOfFile {
      let kinds = Self.kinds(of: token.kind)
      let wrong = token.range.first { byte in
        !kinds.contains(scopes[units[byte]]) && bytes[byte] != 10 && bytes[byte] != 13
      }
      guard let wrong else { continue }
      let (line, column) = source.position(ofByte: wrong)
      Issue.record("\(source.name):\(line):\(column): \(kinds) is shown as \(scopes[units[wrong]])")
    }
    for comment in lexer.result.comments {
      #expect(comment.range.bytes.allSatisfy { scopes[units[$0]] == "comment" || bytes[$0] == 10 })
    }
  }

  private static func kinds(of token: Token.Kind) -> Set<String> {
    switch token {
    case .identifier: ["identifier"]
    case .tag: ["tag"]
    case .number: ["number"]
    case .quotedString: ["string"]
    // A comment may stand behind `text:`.
    case .multiLineString: ["string", "comment"]
    default: ["blank"]
    }
  }
}
