// Sources made to hurt: big, random, deep, mutated. They must end, and with few words. Nothing is
// timed; what is not linear would not end within a test run.

import Testing

@testable import RuleCompiler

/// SplitMix64, so that a failure can be repeated.
private struct Random: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

struct HostileSourceTests {
  /// A limit that lets 10 MB through to the lexer and parser.
  private static var wide: CompilerLimits {
    var limits = CompilerLimits()
    limits.sourceBytesMax = 11_000_000
    return limits
  }

  @Test func tenMegabytesAreRefusedAtOnce() {
    let parsed = Parsed(bytes: [UInt8](repeating: 0x41, count: 10_000_000))
    #expect(parsed.codes == ["S038 1:1"])
    #expect(parsed.text.contains("too large"))
  }

  /// An editor's other form of text is said in one message, in either order of bytes.
  @Test(arguments: [[0xFF, 0xFE, 0x73, 0x00], [0xFE, 0xFF, 0x00, 0x73]] as [[UInt8]])
  func utf16IsNamed(_ bytes: [UInt8]) {
    let parsed = Parsed(bytes: bytes)
    #expect(parsed.codes == ["S007 1:1"])
    #expect(parsed.text.contains("UTF-16") && parsed.text.contains("save the file as UTF-8"))
  }

  @Test(arguments: [
    "a", "(", ")", "{", "}", "[", "]", ";", ",", ":", "\"", "'", "/", "/*", "@", "\\\"", "not ",
    "\"\\\"\n", "“ ", "a {", "text:\n", "text: x\n", "\"\n\\", "\n", "\r", "é", "a;", "1", "-",
    "x [\"", "\"a\",", "/**/", "#\n", "if x {\n", "}\n", "a (b ", "anyof(", "\"\"a", "\u{202E}",
    "\u{43E}", "\u{A0}", "\u{A0}a", "\u{200B}\u{A0}", "\u{43E} ",
    "\"\n\";\\",
  ]) func muchOfOneThing(_ piece: String) {
    // Enough to make what is quadratic stand out by minutes.
    check(repeating: piece, bytesMax: 300_000)
  }

  @Test(arguments: ["a (b ", "\"\\\"\n", "\"a\","]) func tenMegabytesOfOneThing(_ piece: String) {
    check(repeating: piece, bytesMax: 10_000_000)
  }

  private func check(repeating piece: String, bytesMax: Int) {
    let unit = Array(piece.utf8)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(bytesMax)
    while bytes.count + unit.count <= bytesMax { bytes += unit }
    let parsed = Parsed(bytes: bytes, limits: Self.wide)
    #expect(parsed.diagnostics.shown.count <= 100)
    #expect(parsed.text.utf8.count < 100_000)
  }

  @Test func tenMegabytesOfGarbage() {
    var random = Random(state: 1)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(10_000_000)
    while bytes.count < 10_000_000 {
      bytes.append(UInt8(truncatingIfNeeded: random.next() >> 32) | 1)
    }
    let parsed = Parsed(bytes: bytes, limits: Self.wide)
    #expect(parsed.diagnostics.hasErrors)
    #expect(parsed.text.utf8.count < 100_000)
  }

  @Test(arguments: 0..<10) func randomBytes(_ seed: UInt64) {
    var random = Random(state: seed)
    for _ in 0..<50 {
      let count = Int(random.next() % 200)
      let bytes = (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next() >> 24) }
      check(Parsed(bytes: bytes))
      // Without NUL and mostly ASCII, so that the lexer and parser are reached.
      check(Parsed(bytes: bytes.map { $0 & 0x7F | ($0 & 0x7F == 0 ? 0x20 : 0) }))
    }
  }

  @Test(arguments: 0..<40) func randomTokens(_ seed: UInt64) {
    let words = [
      "if ", "else ", "elsif ", "rule ", "not ", "anyof ", "stop", "reject ", "x ", ":is ", ": ",
      "\"a\"", "\"", "5 ", "5K ", "4.5 ", "[", "]", "(", ")", "{", "}", ",", ";", "\n", "text:\n",
      ".\n", "/*", "*/", "# c\n", "\\", "é", "@", "'", "\"\\.\"", "true ", "define ",
    ]
    var random = Random(state: seed &+ 1_000)
    for _ in 0..<50 {
      let count = Int(random.next() % 60)
      let text = (0..<count).map { _ in words[Int(random.next() % UInt64(words.count))] }
      check(Parsed(text.joined()))
    }
  }

  /// Every prefix, and every text with one byte less, of a policy with all shapes in it.
  @Test func damagedPolicies() {
    let policy = """
      require ["a", "b"]; # c
      define "x" anyof (not header :is "s" ["p\\"q"], size :over 10K);
      phase eom { rule "r" { if is "x" { reject text: /* no */
      hello
      ..
      .
      ; } elsif true { stop; } else { set "é" "y"; } } }

      """
    let bytes = Array(policy.utf8)
    for index in bytes.indices {
      check(Parsed(bytes: Array(bytes[..<index])))
      check(Parsed(bytes: Array(bytes[..<index] + bytes[(index + 1)...])))
      check(Parsed(bytes: Array(bytes[..<index] + [bytes[index]] + bytes[index...])))
    }
  }

  /// What must hold for any source: ranges inside the file, children inside their parents, and
  /// a clean tree exactly when there is nothing to say.
  private func check(_ parsed: Parsed) {
    let whole = 0..<parsed.source.bytes.count
    for diagnostic in parsed.diagnostics.shown {
      #expect(whole.lowerBound <= diagnostic.range.bytes.lowerBound)
      #expect(diagnostic.range.bytes.upperBound <= whole.upperBound)
    }
    let isClean = !parsed.diagnostics.hasErrors
    for command in parsed.script.commands { check(command, in: whole, isClean) }
    if isClean { #expect(parsed.script.isStructureReliable) }
    #expect(parsed.text.isEmpty == parsed.diagnostics.shown.isEmpty)
  }

  private func check(_ command: Command, in outer: Range<Int>, _ isClean: Bool) {
    let range = command.range.bytes
    #expect(outer.lowerBound <= range.lowerBound && range.upperBound <= outer.upperBound)
    #expect(!(isClean && command.isDamaged))
    for test in command.arguments.tests { check(test, in: range, isClean) }
    for inner in command.block?.commands ?? [] { check(inner, in: range, isClean) }
  }

  private func check(_ test: RuleCompiler.Test, in outer: Range<Int>, _ isClean: Bool) {
    let range = test.range.bytes
    #expect(outer.lowerBound <= range.lowerBound && range.upperBound <= outer.upperBound)
    #expect(!(isClean && test.isDamaged))
    for inner in test.arguments.tests { check(inner, in: range, isClean) }
  }
}
