// Each limit of the front half at its value and one past it.

import Testing

@testable import RuleCompiler

struct CompilerLimitTests {
  private static func times(_ count: Int, _ text: String, by separator: String = "") -> String {
    Array(repeating: text, count: count).joined(separator: separator)
  }

  private func codes(_ text: String, _ limits: CompilerLimits = .standard) -> [String] {
    Parsed(text, limits: limits).diagnostics.shown.map(\.problem.code.rawValue)
  }

  @Test(arguments: [(32, []), (33, ["S032"]), (34, ["S032"]), (20_000, ["S032"])])
  func blocks(_ depth: Int, _ expected: [String]) {
    let text = Self.times(depth, "if true { ") + "stop; " + Self.times(depth, "} ") + "stop;"
    #expect(codes(text) == expected)
    #expect(Parsed(text).script.commands.last?.dump == "stop;")
  }

  @Test(arguments: [(32, []), (33, ["S033"]), (20_000, ["S033"])])
  func notChains(_ depth: Int, _ expected: [String]) {
    let text = "if " + Self.times(depth - 1, "not ") + "true { stop; } stop;"
    #expect(codes(text) == expected)
    #expect(Parsed(text).script.commands.last?.dump == "stop;")
  }

  @Test(arguments: [(32, []), (33, ["S033"]), (20_000, ["S033"])])
  func testLists(_ depth: Int, _ expected: [String]) {
    let open = Self.times(depth - 1, "anyof (false, ")
    let text = "if " + open + "true" + Self.times(depth - 1, ")") + " { stop; } stop;"
    #expect(codes(text) == expected)
    #expect(Parsed(text).script.commands.last?.dump == "stop;")
  }

  @Test(arguments: [(100_000, []), (100_001, ["S034"]), (150_000, ["S034"])])
  func listEntries(_ count: Int, _ expected: [String]) {
    let parsed = Parsed("table [" + Self.times(count, "\"ab\"", by: ",") + "] \"x\";")
    #expect(parsed.diagnostics.shown.map(\.problem.code.rawValue) == expected)
    let strings = parsed.script.commands.first?.arguments.items.first?.strings
    #expect(strings?.count == min(count, 100_000))
  }

  @Test(arguments: [(64, []), (65, ["S035"]), (1_000, ["S035"])])
  func arguments(_ count: Int, _ expected: [String]) {
    let parsed = Parsed("foo " + Self.times(count, ":a ") + "; stop;")
    #expect(parsed.diagnostics.shown.map(\.problem.code.rawValue) == expected)
    #expect(parsed.script.commands.first?.arguments.items.count == min(count, 64))
  }

  @Test(arguments: [(64, []), (65, ["S012"])])
  func names(_ count: Int, _ expected: [String]) {
    let name = Self.times(count, "n")
    #expect(codes("if \(name) { stop; }") == expected)
    #expect(codes("foo :\(name);") == expected)
    #expect(codes("\(name);") == expected)
  }

  @Test(arguments: [(1 << 20, []), ((1 << 20) + 1, ["S011"])])
  func strings(_ bytes: Int, _ expected: [String]) {
    #expect(codes("x \"" + Self.times(bytes, "s") + "\";") == expected)
  }

  /// The same limit with small numbers, for `text:` too: from behind its first line to its dot.
  @Test(arguments: [(9, []), (10, ["S011"])])
  func texts(_ letters: Int, _ expected: [String]) {
    var limits = CompilerLimits()
    limits.stringBytesMax = 12
    #expect(codes("x text:\n" + Self.times(letters, "s") + "\n.\n;", limits) == expected)
  }

  @Test(arguments: [(1_000, []), (1_001, ["S038"])])
  func sourceBytes(_ count: Int, _ expected: [String]) {
    var limits = CompilerLimits()
    limits.sourceBytesMax = 1_000
    let parsed = Parsed("#" + Self.times(count - 1, "x"), limits: limits)
    #expect(parsed.diagnostics.shown.map(\.problem.code.rawValue) == expected)
    #expect(parsed.source.isTooLarge == !expected.isEmpty)
  }

  @Test(arguments: [(10, []), (11, ["S036"])])
  func tokens(_ count: Int, _ expected: [String]) {
    var limits = CompilerLimits()
    limits.tokensMax = 20
    #expect(codes(Self.times(count, "a;"), limits) == expected)
  }

  @Test(arguments: [(10, []), (11, ["S037"]), (100, ["S037"])])
  func commandsAndTests(_ count: Int, _ expected: [String]) {
    var limits = CompilerLimits()
    limits.nodesMax = 20
    #expect(codes(Self.times(count, "x y;"), limits) == expected)
  }

  @Test func standardValues() {
    let limits = CompilerLimits.standard
    #expect(limits.sourceBytesMax == 8_388_608 && limits.tokensMax == 2_000_000)
    #expect(limits.nodesMax == 200_000 && limits.diagnosticsMax == 100)
  }

  /// After this many open strings the rest is not read: each costs a look to the end of the file.
  @Test(arguments: [(7, 7), (8, 8), (9, 8), (50, 8)])
  func openStrings(_ count: Int, _ reported: Int) {
    let text = Self.times(count, "set \"a\" \"b;\n") + "stop;"
    let found = codes(text)
    #expect(found == Array(repeating: "S002", count: reported))
  }
}
