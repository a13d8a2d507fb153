// DMARC as the daemon answers it (SPF by address, real signatures, the list of public suffixes)
// against another implementation, over generated combinations of domains and records.
//
// Not asked is what the other does not know (`pct`, several authors, several records at one name,
// records that are wrong), and `sp` in the author's own record, which it applies to the author.
import RuleBytecode
import RuleVM
import Testing

@testable import LiveChecks

struct PolicyJudgeTests {
  private static let domains = [
    "corp.org", "mail.corp.org", "a.mail.corp.org", "shop.co.uk", "www.shop.co.uk", "other.co.uk",
    "other.net", "deep.under.other.net",
  ]

  private static let policies = ["none", "quarantine", "reject"]

  /// Numbers that are the same in each run.
  private struct Dice {
    var state: UInt64

    mutating func roll(_ count: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % count
    }

    mutating func pick<Item>(_ items: [Item]) -> Item { items[roll(items.count)] }
  }

  private struct Combination {
    var author = ""
    var records: [String: String] = [:]
    var sender = ""
    var isSenderAllowed = false
    var signer = ""
    var isWhole = false

    init(_ dice: inout Dice) {
      author = dice.pick(PolicyJudgeTests.domains)
      // Near the author more often than chance would have it.
      let near = PolicyJudgeTests.domains.filter { $0.hasSuffix(author.suffix(8)) }
      sender = dice.pick(dice.roll(2) == 0 ? near : PolicyJudgeTests.domains)
      signer = dice.pick(dice.roll(2) == 0 ? near : PolicyJudgeTests.domains)
      isSenderAllowed = dice.roll(2) == 0
      isWhole = dice.roll(2) == 0
      for domain in PolicyJudgeTests.domains where dice.roll(2) == 0 {
        records["_dmarc." + domain] = Self.record(&dice, isOwn: domain == author)
      }
    }

    private static func record(_ dice: inout Dice, isOwn: Bool) -> String {
      var tags = ["v=DMARC1", "p=" + dice.pick(PolicyJudgeTests.policies)]
      if !isOwn, dice.roll(3) == 0 { tags.append("sp=" + dice.pick(PolicyJudgeTests.policies)) }
      if dice.roll(2) == 0 { tags.append("adkim=" + dice.pick(["r", "s"])) }
      if dice.roll(2) == 0 { tags.append("aspf=" + dice.pick(["r", "s"])) }
      if dice.roll(3) == 0 { tags.append("rua=mailto:d@example.net") }
      if dice.roll(4) == 0 { tags.append("x=unknown") }
      return tags.joined(separator: dice.pick(["; ", ";", " ; "])) + dice.pick(["", ";"])
    }

    var question: PolicyJudge.Question {
      PolicyJudge.Question(
        author: author, records: records, spf: [isSenderAllowed ? "pass" : "fail", sender],
        dkim: [isWhole ? "pass" : "fail", signer])
    }

    func answer() async throws -> CheckAnswer {
      var zone = records.map { "\($0.key) TXT \($0.value)" }
      zone.append("\(sender) TXT v=spf1 ip4:192.0.2.1 -all")
      zone.append("s._domainkey.\(signer) TXT \(SignedMail.keyRecord)")
      var message = try SignedMail.signed(SignedMail.plain(from: "ann@\(author)"), by: signer)
      if !isWhole { message += SignedMail.bytes("more\n") }
      let client = isSenderAllowed ? "192.0.2.1" : "192.0.2.2"
      return try await DNSChecks(resolver: try TableResolver(zone)).answer(
        request(
          .dmarc, [author], message: message,
          mail: description(client: client, sender: "x@\(sender)")))
    }
  }

  @Test func bothJudgeAlike() async throws {
    let judge = try PolicyJudge()
    var dice = Dice(state: 7_489)
    var counts: [String: Int] = [:]
    for number in 0..<600 {
      let combination = Combination(&dice)
      let verdict = try judge.verdict(combination.question)
      let expected = CheckAnswer.fields(["result": verdict.result, "policy": verdict.policy])
      #expect(try await combination.answer() == expected, "\(number): \(combination)")
      counts[verdict.result, default: 0] += 1
    }
    try judge.end()
    // A judge that always says the same shows nothing.
    for result in ["none", "pass", "fail"] { #expect(counts[result, default: 0] > 50) }
  }
}
