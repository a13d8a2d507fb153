// Fix-its: each of the corpus mends its mistake and makes no other, and edits that touch each other
// are not mixed.

import Testing

@testable import RuleCompiler

struct FixItTests {
  private static let fixable = CheckerCorpusTests.wrong.filter {
    Compiled($0.text).diagnostics.shown.contains { !$0.fixIts.isEmpty } && !hiding.contains($0.name)
  }

  /// Files in which a mistake keeps quiet about another one until it is mended.
  private static let hiding: Set = ["damaged-test-keeps-quiet.rules"]

  @Test func manyOfTheCorpusAreFixable() {
    #expect(Self.fixable.count >= 40)
  }

  /// With all fixes of a file carried out, what is left is what had none.
  @Test(arguments: fixable)
  func fixesMendAndBreakNothing(_ file: CorpusFile) {
    let before = Compiled(file.text)
    let diagnostics = before.diagnostics.shown
    let fix = FixApplication.apply(diagnostics, to: before.sources)
    let after = Compiled(String(decoding: fix.files[0], as: UTF8.self))
    var left = diagnostics.filter { $0.fixIts.isEmpty }.map(\.problem.code.rawValue)
    #expect(fix.mendedCount == diagnostics.count - left.count)
    for code in after.diagnostics.shown.map(\.problem.code.rawValue) {
      let index = left.firstIndex(of: code)
      #expect(index != nil, "\(code) is new in:\n\(String(decoding: fix.files[0], as: UTF8.self))")
      if let index { left.remove(at: index) }
    }
    #expect(left == [])
  }

  /// `before` becomes `after`, in a rule of phase headers.
  @Test(arguments: [
    ("log “seen”;", "log \"seen\";"),
    ("log 'seen';", "log \"seen\";"),
    ("l\u{43E}g \"seen\";", "log \"seen\";"),
    ("log\u{A0}\u{A0}\"seen\";", "log \"seen\";"),
    ("log\u{200B} \"seen\";", "log \"seen\";"),
    ("if exists \"A\"; { stop; }", "if exists \"A\" { stop; }"),
    ("log \"s\\een\";", "log \"seen\";"),
    ("reject 550 \"no\";", "reject :code \"550\" \"no\";"),
    ("tempfail 451 \"later\";", "tempfail :code \"451\" \"later\";"),
    ("acept;", "accept;"), ("logg \"x\";", "logg \"x\";"),
    ("if headr :is \"A\" \"b\" { stop; }", "if header :is \"A\" \"b\" { stop; }"),
    ("// seen\nstop;", "# seen\nstop;"),
    ("if header : is \"A\" \"b\" { stop; }", "if header :is \"A\" \"b\" { stop; }"),
    ("if header :is \"A\" [5, b] { stop; }", "if header :is \"A\" [\"5\", b] { stop; }"),
    (
      "if header \"Subject\" :contains \"x\" { stop; }",
      "if header :contains \"Subject\" \"x\" { stop; }"
    ),
    ("if (exists \"A\") { stop; }", "if exists \"A\" { stop; }"),
    ("if anyof exists \"A\" { stop; }", "if anyof (exists \"A\") { stop; }"),
    ("if header \"A:\" \"b\" { stop; }", "if header \"A\" \"b\" { stop; }"),
    ("reject :code 550 \"no\";", "reject :code \"550\" \"no\";"),
    ("if exists [\"A\", \"B\", \"a\"] { stop; }", "if exists [\"A\", \"B\"] { stop; }"),
    ("log \"from ${cleint.ip}\";", "log \"from ${client.ip}\";"),
    ("log :leve \"info\" \"x\";", "log :level \"info\" \"x\";"),
    ("log :level \"info\" :level \"debug\" \"x\";", "log :level \"info\" \"x\";"),
    (
      "if address \"From\" \"<a@b.example>\" { stop; }",
      "if address \"From\" \"a@b.example\" { stop; }"
    ),
    ("score 5 \"X\";", "score \"5\" \"X\";"),
    ("score \"1,5\" \"X\";", "score \"1.5\" \"X\";"),
    ("deleteheader :index \"2\" \"X\";", "deleteheader :index 2 \"X\";"),
  ]) func edit(_ before: String, _ after: String) {
    #expect(Self.fixed(Self.rule(before)) == Self.rule(after))
  }

  /// What would decide for the writer, or could not be sure, is left alone.
  @Test(arguments: [
    "if header :is :contains \"A\" \"b\" { stop; }", "log ‘a \"b\" c’;", "frobnicate;",
    "if (exists \"A\", exists \"B\") { stop; }", "if exists \"A\" \"B\" { stop; }",
    "accept; reject \"no\";", "log \"${spaceship.ip}\";", "if anyof { stop; }",
    #"if header :is "Subject" "\d\.\*" { stop; }"#, #"log "a\nb";"#,
    "strip;", "skip;", "stpo;", "bounce;",
    "if spf :is \"temperror\" { stop; }", "if fact \"auth_authen\" { stop; }",
    "log \"${auth_authen}\";", "reject 250 \"no\";",
    "if exists [\"A\", # one, two\n\"a\"] { stop; }", "if header \"a b:\" \"c\" { stop; }",
  ]) func noEdit(_ statement: String) {
    let compiled = Compiled(Self.rule(statement))
    #expect(!compiled.codes.isEmpty)
    #expect(compiled.diagnostics.shown.allSatisfy { $0.fixIts.isEmpty })
  }

  /// In the keys of a `:regex` a lone backslash is doubled, never taken away.
  @Test(arguments: [
    (
      #"if header :regex "Subject" "\d{3}-\\d{2}\.\"" { stop; }"#,
      #"if header :regex "Subject" "\\d{3}-\\d{2}\\.\"" { stop; }"#
    ),
    (
      #"if header :comparator "i;octet" :regex ["A", "B"] ["x", "a\!\w"] { stop; }"#,
      #"if header :comparator "i;octet" :regex ["A", "B"] ["x", "a\\!\\w"] { stop; }"#
    ),
  ]) func patternKeepsItsBackslashes(_ before: String, _ after: String) {
    let head = "require [\"defang\", \"regex\"];\nphase headers { rule \"a\" { "
    #expect(Self.fixed(head + before + " } }") == head + after + " } }")
  }

  @Test func scopeIsWrittenIntoEachSet() {
    let text = """
      require "defang";
      phase mail {
        rule "a" { set "who" "${sender}"; }
        rule "b" { if fact "auth.user" { set "who" "${auth.user}"; } }
      }
      phase eom { rule "c" { log "${who}"; log "again ${who}"; } }
      """
    let mended = Self.fixed(text)
    #expect(mended.contains("set :message \"who\" \"${sender}\""))
    #expect(mended.contains("set :message \"who\" \"${auth.user}\""))
    #expect(Compiled(mended).codes == [])
  }

  @Test func requireIsMovedToTheTop() {
    let text = "require \"defang\";\nphase eom { rule \"a\" { stop; } }\nrequire \"envelope\";\n"
    #expect(
      Self.fixed(text)
        == "require \"envelope\";\nrequire \"defang\";\nphase eom { rule \"a\" { stop; } }\n\n")
  }

  /// Of two fixes that touch each other one is done; the same edit asked for twice is done once.
  @Test func editsDoNotMix() {
    var sources = SourceSet()
    let file = sources.add(SourceFile(name: "t", bytes: Array("abcdef".utf8)))
    func diagnostic(_ edits: (Range<Int>, String)...) -> Diagnostic {
      let place = SourceRange(file: file, bytes: 0..<1)
      return Diagnostic(
        .syntax(.straySemicolon), at: place,
        fixIts: edits.map {
          .init(replace: SourceRange(file: file, bytes: $0.0), with: $0.1)
        })
    }
    let fix = FixApplication.apply(
      [
        diagnostic((1..<3, "X")), diagnostic((2..<4, "Y"), (5..<6, "Z")),
        diagnostic((4..<4, "+")), diagnostic((4..<4, "+"), (6..<6, "!")), diagnostic((4..<4, "-")),
        diagnostic((9..<10, "?")),
      ], to: sources)
    #expect(String(decoding: fix.files[0], as: UTF8.self) == "aXd+ef!")
    #expect(fix.mendedCount == 3)
  }

  private static func rule(_ statement: String) -> String {
    "require \"defang\";\nphase headers { rule \"a\" { \(statement) } }\n"
  }

  private static func fixed(_ text: String) -> String {
    let compiled = Compiled(text)
    let fix = FixApplication.apply(compiled.diagnostics.shown, to: compiled.sources)
    return String(decoding: fix.files[0], as: UTF8.self)
  }
}
