// What does not fit the machine is a diagnostic, never a crash: at the limit and one past it.

import RuleBytecode
import Testing

@testable import RuleCompiler

struct EmitterLimitTests {
  private static func keys(_ count: Int) -> String {
    let keys = (0..<count).map { "\"\($0)${helo}\"" }.joined(separator: ", ")
    return "require [\"defang\", \"variables\"]; phase helo { rule \"a\""
      + " { if string \"x\" [\(keys)] { stop; } } }"
  }

  @Test func builtKeysFillTheTextRegisters() throws {
    let room = RegisterBank.texts.count
    // One register holds the subject.
    let fitting = Compiled(Self.keys(room - 1))
    #expect(fitting.codes == [])
    _ = try VerifiedProgram(#require(fitting.program))
    let tooMany = Compiled(Self.keys(room))
    #expect(tooMany.codes == ["F010 1:61"])
    #expect(tooMany.program == nil)
  }

  /// Each definition uses the one before.
  private static func chain(_ length: Int) -> String {
    var text = "require \"defang\"; define \"0\" exists \"X\";\n"
    for index in 1..<length { text += "define \"\(index)\" is \"\(index - 1)\";\n" }
    return text + "phase eom { rule \"a\" { if is \"\(length - 1)\" { stop; } } }"
  }

  @Test func callsNestAsDeepAsTheMachineReturns() throws {
    let depth = ImageFormat.callDepthMax
    let fitting = Compiled(Self.chain(depth))
    #expect(fitting.codes == [])
    _ = try VerifiedProgram(#require(fitting.program))
    #expect(Compiled(Self.chain(depth + 1)).codes == ["F010 \(depth + 1):8"])
  }

  /// Wide frames, one upon the other, run out of truth registers.
  @Test func framesFillTheTruthRegisters() {
    let wide = { (name: String, inner: String) in
      let open = String(repeating: "anyof (dnsbl \"a.example\", ", count: 25)
      return "define \"\(name)\" \(open)\(inner)\(String(repeating: ")", count: 25));\n"
    }
    let text =
      "require \"defang\"; on_error :dns \"continue\";\n" + wide("a", "exists \"X\"")
      + wide("b", "is \"a\"") + wide("c", "is \"b\"")
    let end = "phase eom { rule \"r\" { if is \"b\" { stop; } } }"
    let two = text.replacing(wide("c", "is \"b\""), with: "")
    #expect(Compiled(two + end).codes == [])
    let three = Compiled(text + end.replacing("is \"b\"", with: "is \"c\""))
    #expect(three.program == nil)
    #expect(three.codes.map { $0.prefix(4) } == ["F010"])
  }

  /// RFC 5229 §6 asks for 128 at least.
  @Test(arguments: [(255, 0), (256, 1)])
  func variablesOfAPlainScript(_ count: Int, _ mistakes: Int) {
    let text = (0..<count).map { "set \"v\($0)\" \"${v\($0)}\";\n" }.joined()
    let compiled = Compiled("require \"variables\";\n" + text)
    #expect(compiled.codes.filter { $0.hasPrefix("F010") }.count == mistakes)
    #expect(compiled.codes.count == mistakes)
  }

  @Test func timeoutAtItsLimits() {
    for (seconds, isFine) in [(0, false), (1, true), (60, true), (61, false)] {
      let compiled = Compiled(
        "require \"defang\"; mta_timeouts :command 75; on_error :dns \"continue\";"
          + " phase connect { rule \"a\""
          + " { if dnsbl :timeout \(seconds) \"a.example\" { stop; } } }")
      #expect((compiled.codes == []) == isFine, "\(seconds)")
      guard let program = compiled.program else { continue }
      #expect(program.checks[0].timeoutMilliseconds == UInt32(seconds) * 1_000)
    }
  }

  @Test func largePolicy() throws {
    var text = "require [\"defang\", \"extlists\"];\n"
    for table in 0..<10 {
      let entries = (0..<1_000).map { "\"Entry-\($0 &* 7_919 % 1_000)-\(table)\"" }
      text += "table :inline [\(entries.joined(separator: ", "))] \"t\(table)\";\n"
    }
    text += "phase headers {\n"
    for rule in 0..<2_000 {
      text +=
        "rule \"r\(rule)\" { if header :list \"X-\(rule)\" \"table:t\(rule % 10)\""
        + " { reject \"refused by \(rule)\"; } }\n"
    }
    let compiled = Compiled(text + "}")
    #expect(compiled.codes == [])
    let program = try VerifiedProgram(#require(compiled.program)).program
    #expect(program.rules.count == 2_000 && program.entries.count == 10_000 + 2_000)
    #expect(program.specs.count == 10)
  }
}
