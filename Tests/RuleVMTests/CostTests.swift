// The worst case against what runs: no message costs more than the estimate for messages of its
// size, and the estimate's numbers are the limits of the reader and the machine.

import FileContents
import Harness
import MailMessage
import RuleBytecode
import RuleCompiler
import Testing

@testable import RuleVM

struct CostTests {
  @Test func capsAreTheLimits() {
    let caps = InputCaps()
    let mail = MailLimits()
    let machine = MachineLimits()
    #expect(caps.headerBytes == mail.headerBytesMax && caps.fields == mail.headersMax)
    #expect(caps.allHeaderBytes == mail.allHeaderBytesMax)
    #expect(caps.allFields == mail.allHeadersMax)
    #expect(caps.names == mail.namesMax)
    #expect(caps.parts == mail.partsMax && caps.depth == mail.depthMax)
    #expect(caps.readingBytes == mail.readingBytesMax)
    #expect(caps.embeddedBytes == mail.embeddedBytesMax)
    #expect(caps.decodedBytes == machine.decodedSpaceBytesMax)
    #expect(caps.documentBytes == machine.documentBytesMax)
    #expect(caps.textBytes == machine.bodyTextBytesMax)
    #expect(caps.runTextBytes == machine.runSpaceBytesMax)
    #expect(caps.variableBytes == machine.variableBytesMax)
    #expect(caps.wildcardKeyBytes == machine.wildcardKeyBytesMax)
    #expect(caps.patternSteps == machine.patternStepsMax)
    #expect(caps.builtPatternBytes == machine.builtPatternBytesMax)
    #expect(caps.nameBytes == machine.nameBytesMax)
    #expect(caps.factBytes == machine.factBytesMax && caps.checks == machine.checksMax)
    #expect(caps.recipientChecks == machine.recipientChecksMax)
    #expect(caps.checkArgumentBytes == machine.checkArgumentBytesMax)
    #expect(caps.answerTextBytes == machine.answerTextBytesMax)
    #expect(caps.archiveBytes == machine.archives.unpackedBytesMax)
    #expect(caps.archiveHeads == machine.archives.keptHeadsMax)
    #expect(caps.memberTexts == machine.memberTextsMax)
    #expect(caps.memberTextBytes == machine.memberTextBytesMax)
    #expect(CostBudget().fuel == machine.fuelMax)
  }

  /// Policies of every kind against messages of every kind, with caps as small as the message.
  static let played: [(policy: Int, session: Int, message: Int)] =
    (0..<Policy.seeds.count).flatMap { policy in
      SampleSession.samples.indices.flatMap { session in
        Policy.sampleMessages.indices.map { (policy, session, $0) }
      }
    }

  @Test(arguments: played)
  func noMessageCostsMoreThanItsBound(policy: Int, session: Int, message: Int) throws {
    let policy = Policy.seeds[policy]
    let sample = SampleSession.samples[session]
    let bytes = Policy.sampleMessages[message]
    let summary = policy.run(sample, message: bytes)
    let bound = policy.worstCase(for: bytes, recipients: sample.recipients.count)
    #expect(summary.trapCount == 0)
    #expect(summary.fuelUsed <= bound, "\(summary.fuelUsed) of \(bound)")
  }

  private static func cost(_ source: String, caps: InputCaps = InputCaps()) throws -> PolicyCost {
    CostEstimate.estimate(try TestPolicy.load(source).program, caps: caps)
  }

  /// Each doubling of what can come doubles what it can cost.
  @Test func costGrowsWithWhatCanCome() throws {
    var small = InputCaps()
    small.headerBytes = 1_000_000
    small.fields = 1
    var large = small
    large.headerBytes = 2_000_000
    let source = "phase headers { rule \"r\" { if header :matches \"x\" \"*a*\" { accept; } } }"
    let one = try Self.cost(source, caps: small).messageFuel
    let two = try Self.cost(source, caps: large).messageFuel
    #expect((1_900...2_000).contains(two * 1_000 / one))
    let keys = source.replacing("\"*a*\"", with: "[\"*a*\", \"*b*\", \"*c*\", \"*d*\"]")
    let four = try Self.cost(keys, caps: small).messageFuel
    #expect(four > 2 * one && four < 4 * one)
  }

  @Test func partsMultiply() throws {
    let source = "phase part { rule \"r\" { if header :is \"x\" \"y\" { drop; } } }"
    var caps = InputCaps()
    caps.parts = 1
    let one = try Self.cost(source, caps: caps)
    caps.parts = 100
    let many = try Self.cost(source, caps: caps)
    let (single, all) = (one.phases[0].rules[0].fuel, many.phases[0].rules[0].fuel)
    #expect(all == 100 * single)
    // The header is decoded once all the same.
    #expect(one.phases[0].shared == many.phases[0].shared)
  }

  /// What `${1}` holds is no longer than what was looked at: a rule that keeps pieces of each
  /// recipient's address costs hardly more than one that keeps the address. In the next rule it
  /// holds nothing, and what a definition looks at counts for those who ask it.
  @Test func piecesAreNoLongerThanTheirValues() throws {
    func rules(_ text: String) throws -> [Int] {
      try Self.cost("define \"l\" string :matches \"${client.name}\" \"*\"; " + text).phases
        .flatMap(\.rules).filter { $0.rule != nil }.map(\.fuel)
    }
    let whole = try rules(
      "phase rcpt { rule \"a\" { if envelope \"to\" \"a@b.example\" { log \"${rcpt}\"; } } }")
    let piece = try rules(
      "phase rcpt { rule \"a\" { if envelope :matches \"to\" \"*@*\" { log \"${1}\"; } } "
        + "rule \"b\" { if is \"l\" { log \"${1}\"; } } "
        + "rule \"c\" { if envelope :matches \"to\" \"*@*\" { log \"${1}\"; } } }")
    #expect(piece[0] < 8 * whole[0])
    #expect(abs(piece[2] - piece[0]) < piece[0] / 100)
    #expect(piece[1] > 10 * piece[0])
  }

  /// At the budget it compiles, one unit less and it does not.
  @Test func budgetIsALimit() throws {
    let source =
      "require \"defang\"; phase headers { rule \"r\" { "
      + "if header :matches \"x\" [\"*a*\", \"*b\"] { accept; } } rule \"s\" { log \"x\"; } }"
    var sources = SourceSet()
    _ = sources.add(SourceFile(name: "cost.rules", bytes: Array(source.utf8)))
    var limits = CompilerLimits.standard
    let (program, _) = Compiler.compile(sources, limits: limits)
    let all = CostEstimate.estimate(try VerifiedProgram(try #require(program))).messageFuel
    limits.budget.fuel = all
    #expect(Compiler.compile(sources, limits: limits).program != nil)
    limits.budget.fuel = all - 1
    let (none, diagnostics) = Compiler.compile(sources, limits: limits)
    #expect(none == nil)
    let texts = DiagnosticPrinter(sources: sources).text(diagnostics)
    #expect(texts.contains("[F011]") && texts.contains("'r'"))
  }
}
