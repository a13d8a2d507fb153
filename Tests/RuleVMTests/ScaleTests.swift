// Policies of the size that large sites have: they compile within the budget, load and answer, and
// what they take grows with their length alone.

import MailMessage
import RuleBytecode
import RuleCompiler
import Testing

@testable import RuleVM

struct ScaleTests {
  /// Half of the rules look at headers, three tenths at the sender, the others at tables.
  private static func source(rules: Int, entriesPerTable: Int) -> String {
    var text = "require [\"defang\", \"envelope\", \"extlists\"];\n"
    let tables = max(1, rules / 200)
    for table in 0..<tables {
      let entries = (0..<entriesPerTable).map { "\"e\(table)-\($0)\"" }
      text += "table :inline [\(entries.joined(separator: ","))] \"t\(table)\";\n"
    }
    text += "phase mail {\n"
    for rule in 0..<rules * 3 / 10 {
      text += "  rule \"m\(rule)\" { if envelope :domain :is \"from\" \"d\(rule).example\" {"
      text += " log \"m\(rule)\"; } }\n"
    }
    text += "}\nphase headers {\n"
    for rule in 0..<rules / 2 {
      text +=
        "  rule \"h\(rule)\" { if header :contains \"x-\(rule)\" [\"k\(rule)\", \"j\(rule)\"] {"
      text += " log \"h\(rule)\"; } }\n"
    }
    text += "}\nphase part {\n"
    for rule in 0..<rules / 5 {
      text += "  rule \"p\(rule)\" { if part :list \"extension\" \"table:t\(rule % tables)\" {"
      text += " log \"p\(rule)\"; } }\n"
    }
    return text + "}\n"
  }

  private static func image(rules: Int) throws -> [UInt8] {
    let text = source(rules: rules, entriesPerTable: 1_000)
    var sources = SourceSet()
    _ = sources.add(SourceFile(name: "scale.rules", bytes: Array(text.utf8)))
    let (program, diagnostics) = Compiler.compile(sources)
    guard let program else {
      throw PolicyMistake(description: DiagnosticPrinter(sources: sources).text(diagnostics))
    }
    return program.image()
  }

  @Test func longPolicyLoadsAndAnswers() throws {
    let rules = 2_000
    let image = try Self.image(rules: rules)
    let verified = try VerifiedProgram(image: image)
    // Five times as many rules are within the budget too, and cost is a sum over the rules.
    #expect(CostEstimate.estimate(verified).messageFuel < CostBudget().fuel / 5)
    let session = TestPolicy.session(LoadedPolicy(verified))
    #expect(session.mail("<a@d599.example>").isUndecided)
    _ = session.recipient("<b@example.net>")
    let message = """
      X-999: the J999 of it
      X-998: nothing
      Content-Type: application/octet-stream; name="a.e9-999"

      x
      """
    #expect(session.headers(message).isUndecided)
    #expect(session.endOfMessage(message).isUndecided)
    let tables = (0..<rules / 5).filter { $0 % 10 == 9 }.map { "p\($0)" }
    #expect(session.logged == ["m599", "h999"] + tables)
  }

  /// Twice the rules and tables take twice the bytes, numbers getting longer aside.
  @Test func imageGrowsWithTheRules() throws {
    let one = try Self.image(rules: 400).count
    let two = try Self.image(rules: 800).count
    #expect(two < one * 22 / 10)
  }

  /// With a name more than is compared the message is put off, and none is missed.
  @Test(arguments: [(16, true), (17, false)])
  func namesOfAPart(_ count: Int, _ isCompared: Bool) throws {
    let source = """
      phase part { rule "n" { if part :is "extension" "e1" { log "hit"; } } }
      """
    let session = try TestPolicy.session(source)
    let names = (1...count).map { "name=\"n\($0).e\($0)\"" }.joined(separator: "; ")
    let result = session.endOfMessage("Content-Type: text/plain; \(names)\n\nx\n")
    #expect(session.logged == (isCompared ? ["hit"] : []))
    #expect(result.verdict?.kind == (isCompared ? nil : .tempfail))
    #expect(session.limitsHit == (isCompared ? [] : ["names"]))
  }

  /// What a question compares is made once for a part, however many rules ask: a run has no room
  /// for a thousand copies.
  @Test func longNameAskedOften() throws {
    let rules = (0..<300).map { "rule \"r\($0)\" { if part :is \"name\" \"x\($0)\" { drop; } }" }
    let session = try TestPolicy.session("phase part { \(rules.joined(separator: "\n")) }")
    let name = String(repeating: "n", count: 30_000)
    let message = "Content-Type: text/plain; name=\"\(name)\"\n\nx\n"
    #expect(session.endOfMessage(message).isUndecided)
  }

  /// In a loop over recipients the question is about the one whose turn it is.
  @Test func recipientOfALoop() throws {
    let source = """
      phase eom { rule "l" { for_each_rcpt {
        if recipient :localpart "b" { log "${rcpt}"; }
      } } }
      """
    let session = try TestPolicy.session(source)
    _ = session.mail("<a@example.net>")
    for name in ["a", "b", "c"] { _ = session.recipient("<\(name)@example.net>") }
    #expect(session.endOfMessage("Subject: x\n\nx\n").isUndecided)
    #expect(session.logged == ["b@example.net"])
    let one = try TestPolicy.load(source).program
    var caps = InputCaps()
    caps.recipients = 10
    let few = CostEstimate.estimate(one, caps: caps).messageFuel
    caps.recipients = 1_000
    #expect(CostEstimate.estimate(one, caps: caps).messageFuel <= 100 * few)
  }

  /// Modifiers that make texts longer stay below their bound.
  @Test(arguments: [("quotewildcard", "*"), ("encodeurl", "\""), ("upper", "\u{390}")])
  func modifiersCostTheirBound(_ modifier: String, _ text: String) throws {
    let source = """
      phase headers { rule "s" { set "a" "${subject}"; set :\(modifier) "b" "${a}";
        if string :is "${b}" "x" { log "${b}"; } } }
      """
    let policy = try TestPolicy.load(
      source)
    let bytes = "Subject: \(String(repeating: text, count: 400))\n\n".mailBytes
    let session = TestPolicy.session(policy)
    #expect(session.headers(bytes).isUndecided)
    #expect(session.endOfMessage(bytes).isUndecided)
    let mail = MailMessage(bytes)
    var caps = InputCaps()
    (caps.headerBytes, caps.fields) = (mail.headerEnd, mail.headers.count)
    #expect(session.fuelUsed <= CostEstimate.estimate(policy.program, caps: caps).messageFuel)
  }
}
