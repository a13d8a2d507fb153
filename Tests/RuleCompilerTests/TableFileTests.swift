// Lists in files, as the compiler sees them: what is wrong in one is said with its file and line.

import RuleBytecode
import Testing

@testable import RuleCompiler

struct TableFileTests {
  /// The codes with their places, for a table of that type whose file holds these bytes.
  private func codes(
    _ type: String, _ reading: FileAccess.Reading, max: String = ""
  ) -> [String] {
    let text = """
      require ["defang", "extlists"];
      table :file "list" :type "\(type)"\(max) "t";
      phase mail { rule "a" { if lookup "table:t" "${sender}" { log "x"; } } }
      """
    var sources = SourceSet(access: FileAccess { _, _ in reading })
    _ = sources.add(SourceFile(name: "p.rules", directory: "/etc/x", bytes: Array(text.utf8)))
    let result = Compiler.compilation(sources)
    return result.diagnostics.shown.compactMap { diagnostic in
      guard let source = result.sources.file(of: diagnostic.range) else { return nil }
      let place = source.position(ofByte: diagnostic.range.bytes.lowerBound)
      return "\(diagnostic.problem.code.rawValue) \(source.name):\(place.line):\(place.column)"
    }
  }

  private func codes(_ type: String, _ text: String, max: String = "") -> [String] {
    codes(type, .bytes(Array(text.utf8)), max: max)
  }

  @Test(arguments: [
    ("set", "one\ntwo words\n# comment\n\nthree\n"), ("map", "key value\nother  more words\n"),
    ("cidr", "10.0.0.0/8 # inside\n2001:db8::/32\n"), ("domain", "example.com\r\nexample.org"),
    ("address", "a@example.com\n@example.org\nabuse@\n[ann@example.com]\nbob@example.com\n"),
    ("map", "# makemap\nexample.com\tOK\n  and more\n"), ("set", ""),
  ])
  func goodFilesSayNothing(_ type: String, _ text: String) {
    #expect(codes(type, text) == [])
  }

  @Test(
    arguments: [
      ("cidr", "10.0.0.0/8\n10.0.0.300\n", ["L023 /etc/x/list:2:1"]),
      ("cidr", "10.0.0.1/8\n", ["L005 /etc/x/list:1:1"]),
      (
        "domain", "example.com\nfoo..bar\n-x.example\n",
        ["L023 /etc/x/list:2:1", "L023 /etc/x/list:3:1"]
      ),
      ("address", "nobody\n", ["L023 /etc/x/list:1:1"]),
      ("map", "a 1\nb\n", ["L031 /etc/x/list:2:1"]),
      ("set", "a\nb\na\n", ["F006 /etc/x/list:3:1"]),
      ("set", "a\n[ann\n[]\n", ["L031 /etc/x/list:2:1", "L031 /etc/x/list:3:1"]),
      ("set", "a\u{1}b\n", ["L031 /etc/x/list:1:1"]),
    ] as [(String, String, [String])])
  func mistakesHaveTheirLine(_ type: String, _ text: String, _ expected: [String]) {
    #expect(codes(type, text) == expected)
  }

  @Test func filesThatAreNotThere() {
    #expect(codes("set", .missing) == ["D023 p.rules:2:13"])
    #expect(codes("set", .unreadable("it is a directory")) == ["D022 p.rules:2:13"])
    #expect(codes("set", .unknown) == [])
  }

  @Test func entriesAreLimitedByTheDeclaration() {
    #expect(codes("set", "a\nb\n", max: " :max 2") == [])
    #expect(codes("set", "a\nb\nc\n", max: " :max 2") == ["L031 /etc/x/list:3:1"])
  }
}
