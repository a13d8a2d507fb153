// Values of strings: escapes, dot-stuffing, line ends (RFC 5228 §2.4.2, §8.1).

import Testing

@testable import RuleCompiler

struct StringValueTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let source: String
    let value: String
    var testDescription: String { source.debugDescription }
    init(_ source: String, _ value: String) {
      self.source = source
      self.value = value
    }
  }

  static let strings: [Case] = [
    Case(#""""#, ""),
    Case(#""a b""#, "a b"),
    Case(#""a\"b\\c""#, #"a"b\c"#),
    Case(#""\\""#, #"\"#),
    Case("\"a\nb\r\nc\"", "a\r\nb\r\nc"),
    Case("\"grüße 日本\"", "grüße 日本"),
    Case("\"${x} /* # ; */\"", "${x} /* # ; */"),
    Case("text:\n.\n", ""),
    Case("text:\na\n.\n", "a\r\n"),
    Case("TEXT: \t \r\na\r\n\r\nb\r\n.\r\n", "a\r\n\r\nb\r\n"),
    Case("text: # why\na\n.", "a\r\n"),
    Case("text:\n..\n...x\n.x\n .\n. \n.\n", ".\r\n..x\r\n.x\r\n .\r\n. \r\n"),
    Case("text:\n\"quotes\" \\ stay\n.\n", "\"quotes\" \\ stay\r\n"),
  ]

  @Test(arguments: strings) func value(_ test: Case) throws {
    let parsed = Parsed("x " + test.source + "\n;")
    #expect(parsed.codes == [])
    let literal = try #require(parsed.script.commands.first?.arguments.items.first?.strings?.first)
    #expect(literal.value == test.value)
  }

  /// Each byte of a value is found again in the source, whatever was undone before it.
  @Test(arguments: strings) func rangesOfValues(_ test: Case) throws {
    let parsed = Parsed("x " + test.source + "\n;")
    let literal = try #require(parsed.script.commands.first?.arguments.items.first?.strings?.first)
    let value = Array(literal.value.utf8)
    for (index, byte) in value.enumerated() where byte != 0x0D && byte != 0x0A {
      let range = parsed.source.range(ofValue: index..<index + 1, in: literal)
      #expect(parsed.source.bytes[range.bytes].last == byte)
      #expect(literal.range.bytes.contains(range.bytes.lowerBound))
    }
    let end = parsed.source.range(ofValue: value.count..<value.count, in: literal)
    #expect(end.bytes.isEmpty && literal.range.bytes.contains(end.bytes.lowerBound - 1))
  }

  @Test func rangeBehindEscapes() throws {
    let parsed = Parsed(#"x "a\"b ${n} c";"#)
    let literal = try #require(parsed.script.commands.first?.arguments.items.first?.strings?.first)
    #expect(literal.value == #"a"b ${n} c"#)
    let range = parsed.source.range(ofValue: 4..<8, in: literal)
    #expect(parsed.source.text(range.bytes) == "${n}")
  }

  @Test func invalidUTF8BecomesAReplacement() throws {
    let parsed = Parsed(bytes: Array("x \"a".utf8) + [0xE9] + Array("b\";".utf8))
    let literal = try #require(parsed.script.commands.first?.arguments.items.first?.strings?.first)
    #expect(literal.value == "a\u{FFFD}b")
    #expect(parsed.codes == ["S007 1:5"])
  }
}
