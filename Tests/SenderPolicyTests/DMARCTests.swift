// DMARC: where the policy is found, what it says, what is aligned, which of several authors counts.

import Testing

@testable import SenderPolicy

/// `b.a.example` belongs to `a.example`; `example` and what is no name to nobody.
private func organisation(_ domain: String) -> String? {
  let labels = domain.split(separator: ".")
  return labels.count < 2 ? nil : labels.suffix(2).joined(separator: ".")
}

private func dmarc(
  _ lines: [String], _ authors: [String], spf: DMARCIdentifier? = nil,
  dkim: [DMARCIdentifier] = [], _ set: (inout SenderPolicyLimits) -> Void = { _ in }
) -> (result: DMARCResult, asked: [SenderQuestion]) {
  var limits = SenderPolicyLimits()
  set(&limits)
  var check = DMARCCheck(
    authorDomains: authors, spf: spf, dkim: dkim, limits: limits,
    organizationalDomain: organisation)
  let zone = ZoneTable(lines)
  var asked: [SenderQuestion] = []
  while true {
    switch check.step() {
    case .done(let result): return (result, asked)
    case .ask(let questions):
      for question in questions.reversed() {
        asked.append(question)
        check.answer(SenderQuestion("stray", .txt), .failure)
        check.answer(question, zone.answer(question))
      }
    }
  }
}

struct DMARCTests {
  /// What the domain wants of `news.shop.example`, whose organisation is `shop.example`.
  @Test(arguments: [
    ("news", "v=DMARC1;p=reject", "none", DMARCPolicy.reject, 100),
    ("org", "v=DMARC1;p=reject", "sp", .reject, 100),
    ("org", "v=DMARC1; p=reject; sp=quarantine; pct=20", "sp", .quarantine, 20),
    ("news", "v=DMARC1; p=reject; sp=none", "own", .reject, 100),
    ("news", "v=DMARC1 ; P = Quarantine ; pct = 0 ;", "case", .quarantine, 0),
    ("news", "v=DMARC1;p=none;pct=101", "wrong pct", .none, 100),
    ("news", "v=DMARC1;p=none;pct=-1", "wrong pct", .none, 100),
    ("news", "v=DMARC1;p=none;pct=", "empty pct", .none, 100),
    ("news", "v=DMARC1;x;=;y=;p=reject;;;z=1", "garbage between", .reject, 100),
    ("news", "v=DMARC1;p=block;rua=mailto:a@b.example!10m", "reports only", .none, 100),
    ("news", "v=DMARC1;p=reject;sp=x;rua=https://x,mailto:a@b.example", "wrong sp", .none, 100),
  ])
  func policies(
    _ place: String, _ record: String, _ why: String, _ policy: DMARCPolicy, _ percent: Int
  ) {
    let domain = place == "org" ? "shop.example" : "news.shop.example"
    let result = dmarc(["_dmarc.\(domain) TXT \(record)"], ["news.shop.example"]).result
    #expect(result.word == .fail && result.policy == policy, "\(why)")
    #expect(result.percent == percent && result.policyDomain == domain)
    #expect(result.disposition == policy && result.domain == "news.shop.example")
  }

  @Test(arguments: [
    (["_dmarc.a.example TXT v=DMARC1"], DMARCWord.permerror),
    (["_dmarc.a.example TXT v=DMARC1;p=block"], .permerror),
    (["_dmarc.a.example TXT v=DMARC1;p=block;rua=mailto:nobody"], .permerror),
    (["_dmarc.a.example TXT v=DMARC1;p=reject;p=reject"], .permerror),
    (["_dmarc.a.example TXT v=DMARC1;p=none", "_dmarc.a.example TXT v=DMARC1;p=none"], .permerror),
    (["_dmarc.a.example TXT v=DMARC1;p=none", "_dmarc.a.example TXT v=spf1"], .fail),
    (["_dmarc.a.example TXT p=none;v=DMARC1"], .none),
    (["_dmarc.a.example TXT v=dmarc1;p=none"], .none),
    (["_dmarc.a.example TXT v=DMARC10;p=none"], .none), (["a.example TXT v=DMARC1;p=none"], .none),
    (["_dmarc.a.example TIMEOUT"], .temperror), ([], .none),
  ])
  func words(_ lines: [String], _ word: DMARCWord) {
    let pass = DMARCIdentifier("b.example", .pass)
    let result = dmarc(lines, ["a.example"], spf: pass).result
    #expect(result.word == word && result.disposition == .none)
    #expect((result.problem == nil) == (word == .none || word == .fail))
    if let problem = result.problem { #expect(!problem.message.isEmpty) }
  }

  /// Where the domain itself has a policy, or does not answer, the organisation is not asked.
  @Test(arguments: [
    ("v=DMARC1;p=none", 1), ("v=DMARC1;p=x", 1), ("v=spf1", 2),
  ])
  func asksTheOrganisation(_ record: String, _ count: Int) {
    let zone = ["_dmarc.n.a.example TXT \(record)", "_dmarc.a.example TXT v=DMARC1;p=reject"]
    #expect(dmarc(zone, ["n.a.example"]).asked.count == count)
    #expect(dmarc(["_dmarc.n.a.example TIMEOUT"], ["n.a.example"]).asked.count == 1)
    #expect(dmarc([], ["a.example"]).asked.count == 1)
  }

  @Test(arguments: [
    ("", "a.example", DMARCWord.pass), ("", "n.a.example", .pass), ("", "x.a.example", .pass),
    ("", "A.Example.", .pass), ("", "b.example", .fail), ("", "example", .fail),
    ("", "na.example", .fail), ("", "", .fail), ("s", "n.a.example", .pass),
    ("S", "a.example", .fail), ("s", "x.n.a.example", .fail), ("x", "a.example", .pass),
  ])
  func alignment(_ mode: String, _ domain: String, _ word: DMARCWord) {
    let identifier = DMARCIdentifier(domain, .pass)
    let zone = { (tag: String) in ["_dmarc.n.a.example TXT v=DMARC1;p=reject;\(tag)=\(mode)"] }
    let spf = dmarc(zone("aspf"), ["n.a.example"], spf: identifier).result
    #expect(spf.word == word && spf.isSPFAligned == (word == .pass) && !spf.isDKIMAligned)
    let others = [DMARCIdentifier("b.example", .pass), DMARCIdentifier("n.a.example", .other)]
    let dkim = dmarc(zone("adkim"), ["n.a.example"], dkim: others + [identifier]).result
    #expect(dkim.word == word && dkim.isDKIMAligned == (word == .pass) && !dkim.isSPFAligned)
  }

  @Test(arguments: [
    (DMARCIdentifier.Outcome.other, DMARCIdentifier.Outcome.other, "a.example", DMARCWord.fail),
    (.unsettled, .other, "a.example", .temperror), (.unsettled, .other, "b.example", .fail),
    (.unsettled, .pass, "a.example", .pass), (.other, .unsettled, "a.example", .temperror),
  ])
  func unsettled(
    _ spf: DMARCIdentifier.Outcome, _ dkim: DMARCIdentifier.Outcome, _ domain: String,
    _ word: DMARCWord
  ) {
    let result = dmarc(
      ["_dmarc.a.example TXT v=DMARC1;p=reject"], ["a.example"],
      spf: DMARCIdentifier(domain, spf), dkim: [DMARCIdentifier(domain, dkim)]
    ).result
    #expect(result.word == word)
  }

  /// RFC 7489 §6.6.1: `good.example` passes, and never makes up for another author.
  @Test(arguments: [
    (["good.example"], DMARCWord.pass, "good.example"),
    (["good.example", "GOOD.example"], .pass, "good.example"),
    (["good.example", "reject.example"], .fail, "reject.example"),
    (["reject.example", "quarantine.example", "none.example"], .fail, "reject.example"),
    (["none.example", "quarantine.example", "good.example"], .fail, "quarantine.example"),
    (["late.example", "quarantine.example"], .temperror, "late.example"),
    (["late.example", "reject.example"], .fail, "reject.example"),
    (["good.example", "unknown.example"], .none, "unknown.example"),
    (["wrong.example", "good.example"], .permerror, "wrong.example"),
    (["good.example", "a..b"], .permerror, "a..b"),
    (["good.example", "localhost"], .permerror, "localhost"),
    (["bücher.example"], .permerror, "b??cher.example"), ([], .permerror, ""),
  ])
  func severalAuthors(_ authors: [String], _ word: DMARCWord, _ domain: String) {
    let zone =
      ["reject", "quarantine", "none"].map { "_dmarc.\($0).example TXT v=DMARC1;p=\($0)" }
      + ["_dmarc.good.example TXT v=DMARC1;p=reject", "_dmarc.wrong.example TXT v=DMARC1"]
      + ["_dmarc.late.example TIMEOUT"]
    let result = dmarc(zone, authors, spf: DMARCIdentifier("good.example", .pass)).result
    #expect(result.word == word && result.domain == domain)
  }

  @Test func takesWhatSPFSays() {
    let long = Array(repeating: String(repeating: "x", count: 60), count: 3).joined(separator: ".")
    let zone = ["\(long).example TXT v=spf1 +all", "_dmarc.\(long).example TXT v=DMARC1;p=reject"]
    let passed = spf(zone, "a@\(long).example").result
    #expect(
      dmarc(zone, ["\(long).example"], spf: DMARCIdentifier(passed)).result.word == .pass)
    let late = spf(["a.example TIMEOUT"], "a@a.example").result
    #expect(DMARCIdentifier(late) == DMARCIdentifier("a.example", .unsettled))
    let failed = spf(["a.example TXT v=spf1 -all"], "a@a.example").result
    #expect(DMARCIdentifier(failed) == DMARCIdentifier("a.example", .other))
  }

  @Test func authorDomains() {
    let authors = (0..<3).map { "a\($0).example" }
    #expect(dmarc([], authors + authors) { $0.authorDomainsMax = 3 }.result.word == .none)
    let past = dmarc([], authors) { $0.authorDomainsMax = 2 }
    #expect(past.result.problem == .tooManyAuthors(max: 2) && past.asked.isEmpty)
  }

  @Test func signatures() {
    let zone = ["_dmarc.a.example TXT v=DMARC1;p=reject"]
    let dkim = ["b.example", "c.example", "a.example"].map { DMARCIdentifier($0, .pass) }
    #expect(dmarc(zone, ["a.example"], dkim: dkim) { $0.signaturesMax = 3 }.result.word == .pass)
    #expect(dmarc(zone, ["a.example"], dkim: dkim) { $0.signaturesMax = 2 }.result.word == .fail)
  }

  @Test func recordBytes() {
    let zone = ["_dmarc.a.example TXT v=DMARC1;p=none"]
    #expect(dmarc(zone, ["a.example"]) { $0.recordBytesMax = 15 }.result.word == .fail)
    let past = dmarc(zone, ["a.example"]) { $0.recordBytesMax = 14 }.result
    #expect(past.problem == .recordTooLong(bytesMax: 14))
  }

  /// Before a name of 247 bytes there is no room for `_dmarc.`.
  @Test func longNames() {
    let zone = ["_dmarc.a.example TXT v=DMARC1;p=none;sp=reject"]
    let head = Array(repeating: String(repeating: "x", count: 47), count: 4).joined(separator: ".")
    for (extra, count) in [(44, 2), (45, 1)] {
      let name = "\(String(repeating: "y", count: extra)).\(head).a.example"
      let (result, asked) = dmarc(zone, [name])
      #expect(asked.count == count && result.policy == .reject, "\(name.utf8.count)")
    }
  }

  @Test(arguments: [";", "=", "x=1;", " ", "rua=mailto:,", "p=none;"])
  func hugeRecords(_ unit: String) {
    let filler = String(repeating: unit, count: 60_000 / unit.utf8.count)
    let result = dmarc(["_dmarc.a.example TXT v=DMARC1;\(filler);p=reject"], ["a.example"]).result
    #expect(result.word == (unit == "x=1;" || unit == "p=none;" ? .permerror : .fail))
  }
}
