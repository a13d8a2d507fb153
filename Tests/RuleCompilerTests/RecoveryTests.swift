// One mistake gives exactly one diagnostic, at the right place, and the rest is still understood.

import Testing

@testable import RuleCompiler

struct RecoveryTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let source: String
    let codes: [String]
    var testDescription: String { source.debugDescription }
    init(_ source: String, _ codes: String...) {
      self.source = source
      self.codes = codes
    }
  }

  static let lexical: [Case] = [
    Case("if header \"a\" == \"b\" { stop; }", "S001 1:15"),
    Case("if true && false { stop; }", "S001 1:9"),
    Case("if !true { stop; }", "S001 1:4"),
    Case("reject 'No such user';", "S001 1:8"),
    Case("reject “No such user”;", "S001 1:8"),
    Case("// comment\nstop;", "S001 1:1"),
    Case("stop; @\nstop;", "S001 1:7"),
    Case("set \"a\" $b;\nstop;", "S001 1:9"),
    Case("rule \"a\" { reject \"oops; }\n", "S002 1:19"),
    Case("rule \"a\" { reject \"oops; }\nrule \"b\" { reject \"fine\"; }\n", "S002 1:19"),
    Case("rule \"a { stop; }\nrule \"b\" { stop; }\n", "S002 1:6"),
    Case(
      "set \"a\" \"b;\nset \"c\" \"d\";\nset \"e\" \"f;\nset \"g\" \"h\";\n", "S002 1:9", "S002 3:9"
    ),
    Case("stop; /* open\nstop;", "S003 1:7"),
    Case("rule \"a\" { /* open }", "S003 1:12"),
    Case("rule \"a\" { reject text:\nfoo\n;\n}\n", "S004 1:19"),
    Case("reject \"a\u{07}b\";", "S005 1:10"),
    Case("# a\u{1B}[0m\nstop;", "S005 1:4"),
    Case("stop;\u{0C}\nstop;", "S005 1:6"),
    Case("stop;\rstop;", "S005 1:6"),
    Case("reject \"a\u{202E}b\";", "S006 1:10"),
    Case("# \u{2066}x\nstop;", "S006 1:3"),
    Case("size 18446744073709551616;", "S009 1:6"),
    Case("size 18014398509481984K;", "S009 1:6"),
    Case("size 99999999999999999999999G;", "S009 1:6"),
    Case("score 4.0 \"X\";", "S010 1:7"),
    Case("score -4 \"X\";", "S010 1:7"),
    Case("size 100KB;", "S010 1:6"),
    Case("size 1x2;", "S010 1:6"),
    Case("reject text: foo\nbar\n.\n;", "S013 1:14"),
    Case("reject text: foo;\nstop;", "S013 1:14"),
    Case("if header : \"a\" \"b\" { stop; }", "S014 1:11"),
    Case("matches \"a\\.b\\.c\" \"d\\e\";", "S040 1:11", "S040 1:21"),
  ]

  static let statements: [Case] = [
    Case("\"a\" \"b\";\nstop;", "S015 1:1"),
    Case("(true) { stop; }\nstop;", "S015 1:1"),
    Case("[\"a\"]\nstop;", "S015 1:1"),
    Case("rule \"a\" {\n  set \"x\" \"y\"\n  stop;\n}", "S016 2:14"),
    Case("rule \"a\" { stop }", "S016 1:16"),
    Case("rule \"a\" { stop }\nrule \"b\" { stop }", "S016 1:16", "S016 2:16"),
    Case("stop", "S016 1:5"),
    Case("stop stop;", "S016 1:5"),
    Case("rule \"a\" {\n  set \"x\" \"y\"  # why\n  if true { stop; }\n}", "S016 2:14"),
    Case("set \"x\" \"y\"\nscore \"1\" \"X\";", "S016 1:12"),
    Case("fileinto \"x\"\nstop;", "S016 1:13"),
    Case("define \"x\" true\nphase eom { }", "S016 1:16"),
    Case("if true stop; }", "S017 1:9"),
    Case("if true\n  stop;\n", "S017 2:3"),
    Case("if header \"a\" \"b\" reject \"x\"; ", "S017 1:19"),
    Case("if true { stop; } else stop;\nstop;", "S017 1:24"),
    Case("phase eom\n  rule \"a\" { stop; }\n}\n", "S017 2:3"),
    Case("phase eom {\n  rule \"a\" { stop; }\n", "S018 3:1"),
    Case("phase eom {\n  rule \"a\" {\n    if true { stop;\n  }\n}\n", "S018 6:1"),
    Case("phase eom { rule \"a\" { if true { stop;", "S018 1:39"),
    Case("stop; }", "S019 1:7"),
    Case("phase eom { rule \"a\" { stop; } } }\n} }", "S019 1:34"),
    Case("stop;;", "S020 1:6"),
    Case("if true { stop; };\nstop;", "S020 1:18"),
    Case("stop;;; stop;", "S020 1:6"),
    Case("if true { stop; } else if false { stop; } else { stop; }", "S031 1:19"),
    Case("stop );", "S030 1:6"),
    Case("stop, stop;", "S030 1:5"),
    Case("if anyof (true) \"x\" { stop; }", "S030 1:17"),
    Case("if header \"a\" \"b\" foo { stop; }", "S030 1:19"),
  ]

  static let arguments: [Case] = [
    Case("if { stop; }", "S021 1:4"),
    Case("if\nreject \"x\";", "S021 2:1"),
    Case("if not { stop; }", "S021 1:8"),
    Case("if \"a\" { stop; }", "S021 1:8"),
    Case("if anyof { stop; }", "S021 1:10"),
    Case("if true { } elsif { }", "S021 1:19"),
    Case("group { rule \"x\" { stop; } }", "S021 1:7"),
    Case("if anyof () { stop; }", "S022 1:10"),
    Case("require [];", "S023 1:9"),
    Case("reject [];", "S023 1:8"),
    Case("require [\"a\", \"b\",];", "S024 1:18"),
    Case("if anyof (true, false,) { stop; }", "S024 1:22"),
    Case("require [\"a\" \"b\"];", "S025 1:13"),
    Case("require [\"a\" \"b\" \"c\"];", "S025 1:13", "S025 1:17"),
    Case("if anyof (true false) { stop; }", "S025 1:15"),
    Case("if allof (header \"a\" \"b\" size :over 1) { stop; }", "S025 1:25"),
    Case("require [\"a\", 5];", "S026 1:15"),
    Case("require [\"a\",, \"b\"];", "S026 1:14"),
    Case("require [defang];", "S026 1:10"),
    Case("if anyof (true, \"x\") { stop; }", "S027 1:17"),
    Case("if anyof (true, , false) { stop; }", "S027 1:17"),
    Case("require [\"a\", \"b\";\nstop;", "S028 1:18"),
    Case("if anyof (true, false { stop; }", "S029 1:22"),
    Case("if anyof (true, not anyof (true, false) { stop; }", "S029 1:40"),
    Case(
      "set \"a\" = \"b\";\nif { stop; }\nset \"c\" \"d\"\n", "S001 1:9", "S021 2:4", "S016 3:12"),
  ]

  @Test(arguments: lexical + statements + arguments) func codes(_ test: Case) {
    let parsed = Parsed(test.source)
    #expect(parsed.codes == test.codes, "\(parsed.text)")
  }

  /// What stands behind a mistake is parsed: the second rule is there, with its statement.
  @Test(arguments: [
    "rule \"a\" { set \"x\" \"y\" }", "rule \"a\" { reject \"oops; }",
    "rule \"a\" { if { stop; } }",
    "rule \"a\" { if anyof (true, { stop; } }", "rule \"a\" { require [\"x\", \"y\"; }",
    "rule \"a\" { ) ; }", "rule \"a\" { size 4.5; }", "rule \"a\" { if a == b { stop; } }",
    "rule \"a\" { stop; };", "\"rule\";", "rule \"a\" { reject text: oops; }",
  ]) func goesOn(_ mistake: String) {
    let parsed = Parsed(mistake + "\nrule \"b\" { discard; }\n")
    #expect(parsed.codes.count == 1, "\(parsed.text)")
    #expect(parsed.script.commands.last?.dump == "rule \"b\"{discard;}")
  }

  /// Fix-its lead to a text without the mistake.
  @Test(arguments: [
    ("set \"x\" \"y\"\nstop;", "set \"x\" \"y\";\nstop;"),
    ("require [\"a\" \"b\"];", "require [\"a\", \"b\"];"),
    ("require [\"a\",];", "require [\"a\"];"),
    ("if true {};", "if true {}"),
    ("if true {} else if true {}", "if true {} elsif true {}"),
    ("if anyof (true, true {}", "if anyof (true, true) {}"),
    ("a [\"x\", \"y\";", "a [\"x\", \"y\"];"),
    ("a { b; \n", "a { b; \n}\n"),
  ]) func fixIts(_ broken: String, _ fixed: String) {
    let parsed = Parsed(broken)
    #expect(parsed.codes.count == 1)
    #expect(parsed.fixed == fixed)
    #expect(Parsed(parsed.fixed).codes == [])
  }

  @Test func damageIsMarked() {
    let parsed = Parsed("if anyof (header \"a\" == \"b\", true) { stop; } set \"a\" \"b\"\nstop;")
    #expect(
      parsed.script.dump
        == "if anyof (header \"a\" \"b\"!, true)!{stop;}! set \"a\" \"b\"; stop;")
  }

  @Test(arguments: [
    "phase eom { ", "stop; }", "stop \"x; ", "/* ", "if true stop;", "reject text:\n",
  ]) func structureIsUnreliable(_ source: String) {
    #expect(!Parsed(source).script.isStructureReliable)
  }

  /// The note of a missing `}` stands at the block that was not closed, told by indentation.
  @Test func noteAtTheOpenBrace() throws {
    let text = "phase eom {\n  rule \"a\" {\n    if true {\n      stop;\n  }\n}\n"
    let parsed = Parsed(text)
    let diagnostic = try #require(parsed.diagnostics.shown.first)
    let note = try #require(diagnostic.notes.first)
    #expect(diagnostic.problem == .syntax(.missingCloseBrace))
    #expect(parsed.source.position(ofByte: note.range.bytes.lowerBound) == (line: 3, column: 13))
  }

  @Test func binaryIsOneMessage() {
    let parsed = Parsed(bytes: [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1, 0, 0, 0xFF, 0xFE, 0x3B, 0x22])
    #expect(parsed.codes == ["S008 1:8"])
    #expect(parsed.script.commands.isEmpty)
  }

  @Test func invalidUTF8IsOneMessageForNeighbours() {
    let bytes = Array("# ".utf8) + [0xE4, 0xF6, 0xFC] + Array(" \n# ".utf8) + [0xC0, 0x80, 0x0A]
    #expect(Parsed(bytes: bytes).codes == ["S007 1:3", "S007 2:3"])
  }
}
