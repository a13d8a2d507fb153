// Every limit of a check at its value and one past it, and records that want to be expensive.

import Testing

@testable import SenderPolicy

/// Terms that say something many times over.
struct HugeRecord: Sendable, CustomTestStringConvertible {
  let terms: String
  let word: SPFWord
  let testDescription: String

  init(_ head: String, _ unit: String, _ count: Int, _ tail: String, _ word: SPFWord) {
    terms = head + String(repeating: unit, count: count) + tail
    self.word = word
    testDescription = "\(head)(\(count) times \(unit))\(tail)"
  }
}

struct SPFLimitTests {
  private func record(_ terms: String) -> String { "x.example TXT v=spf1 \(terms)" }

  @Test(arguments: [10, 3, 0])
  func askingTerms(_ max: Int) {
    let terms = { String(repeating: "a:y.example ", count: $0) + "-all" }
    let at = spf([record(terms(max)), "y.example A 1.1.1.1"], "a@x.example") {
      $0.askingTermsMax = max
    }
    #expect(at.result.word == .fail && at.asked.count == max + 1)
    let past = spf([record(terms(max + 1)), "y.example A 1.1.1.1"], "a@x.example") {
      $0.askingTermsMax = max
    }
    #expect(past.result.problem == .tooManyAskingTerms(max: max) && past.asked.count == max + 1)
  }

  @Test func voidTerms() {
    for term in ["a:gone.example ", "exists:gone.example ", "mx:gone.example ", "ptr "] {
      // The names of an address are asked for once, so only the first ptr finds nothing.
      let second = term == "ptr " ? "a:gone.example " : term
      let two = spf([record(term + second + "-all")], "a@x.example").result
      #expect(two.word == .fail, "\(term)")
      let three = spf([record(term + second + second + "-all")], "a@x.example").result
      #expect(three.problem == .tooManyVoidTerms(max: 2), "\(term)")
    }
    let one = spf([record("a:gone.example -all")], "a@x.example") { $0.voidTermsMax = 0 }
    #expect(one.result.problem == .tooManyVoidTerms(max: 0))
  }

  @Test func mailHosts() {
    let zone = { [self.record("mx -all")] + (0..<$0).map { "x.example MX m\($0).example" } }
    let at = spf(zone(10), "a@x.example")
    #expect(at.result.word == .fail && at.asked.count == 12)
    let past = spf(zone(11), "a@x.example")
    #expect(past.result.problem == .tooManyMailHosts(domain: "x.example", max: 10))
    #expect(past.asked.count == 2)
  }

  @Test func reverseNames() {
    let zone = { (count: Int) in
      [self.record("ptr:last.example -all"), "last.example A 192.0.2.1"]
        + (1..<count).map { "1.2.0.192.in-addr.arpa PTR n\($0).example" }
        + ["1.2.0.192.in-addr.arpa PTR last.example"]
    }
    #expect(spf(zone(10), "a@x.example").result.word == .pass)
    let past = spf(zone(11), "a@x.example")
    #expect(past.result.word == .fail && past.asked.count == 12)
  }

  @Test func recordBytes() {
    let zone = [record("-all")]
    #expect(spf(zone, "a@x.example") { $0.recordBytesMax = 11 }.result.word == .fail)
    let past = spf(zone, "a@x.example") { $0.recordBytesMax = 10 }.result
    #expect(past.problem == .recordTooLong(bytesMax: 10))
  }

  @Test func identityBytes() {
    let zone = [record("-all")]
    #expect(spf(zone, "a@x.example") { $0.identityBytesMax = 11 }.result.word == .fail)
    #expect(spf(zone, "a@x.example") { $0.identityBytesMax = 10 }.result.word == .none)
  }

  @Test func explanationBytes() {
    let zone = [record("-all exp=e.example"), "e.example TXT abc%{o}"]
    #expect(
      spf(zone, "a@x.example") { $0.explanationBytesMax = 12 }.result.explanation == "abcx.example")
    #expect(
      spf(zone, "a@x.example") { $0.explanationBytesMax = 11 }.result.explanation == "abcx.exampl")
  }

  @Test func quotedBytes() {
    let zone = [record("-all")]
    #expect(spf(zone, "a@x.example") { $0.quotedBytesMax = 4 }.result.mechanism == "-all")
    #expect(spf(zone, "a@x.example") { $0.quotedBytesMax = 3 }.result.mechanism == "-al")
  }

  /// RFC 7208 §7.3: labels go from the left until 253 bytes are left.
  @Test func longNames() {
    let label = String(repeating: "a", count: 49)
    let tail = Array(repeating: label, count: 5).joined(separator: ".")
    for (extra, kept) in [("abc", "abc."), ("abcd", "")] {
      let zone = [record("a:z.\(extra).\(tail) -all"), "\(kept)\(tail) A 192.0.2.1"]
      #expect(spf(zone, "a@x.example").result.word == .pass, "\(extra)")
    }
    for (count, word) in [(63, SPFWord.pass), (64, .fail)] {
      let name = String(repeating: "b", count: count) + ".example"
      let zone = [record("a:\(name) -all"), "\(name) A 192.0.2.1"]
      let (result, asked) = spf(zone, "a@x.example")
      #expect(result.word == word && asked.count == (word == .pass ? 2 : 1))
    }
  }

  /// Some 64 KB each, and nothing comes of it but an answer.
  @Test(arguments: [
    HugeRecord("", "a ", 32_000, "", .permerror), HugeRecord("", " ", 65_000, "", .neutral),
    HugeRecord("", "all", 21_000, "", .permerror),
    HugeRecord("", "ip4:192.0.2.2 ", 4_600, "", .neutral),
    HugeRecord("exists:", "%{s}.", 13_000, "example -all", .fail),
    HugeRecord("exists:", "%{d}", 16_000, " -all", .fail),
    HugeRecord("exists:%{d", "9", 65_000, "}.q -all", .fail),
    HugeRecord("exists:%{d", ".", 65_000, "}.q -all", .fail),
    HugeRecord("exists:", "%", 65_000, "", .neutral),
    HugeRecord("exists:", "%", 65_001, "", .permerror),
    HugeRecord("a:", "x/", 32_000, "", .permerror),
    HugeRecord("a:x.example", "/1", 32_000, "", .permerror),
    HugeRecord("ip6:", ":", 65_000, "", .permerror), HugeRecord("", "x=y ", 16_000, "", .neutral),
    HugeRecord("", ".", 65_000, "", .permerror),
  ])
  func hugeRecords(_ huge: HugeRecord) {
    let (result, asked) = spf([record(huge.terms)], "a@x.example")
    #expect(result.word == huge.word && asked.count <= 12)
  }

  @Test func hugeExplanations() {
    for text in [
      String(repeating: "%{s}", count: 16_000), String(repeating: "%{p}", count: 16_000),
      String(repeating: "x", count: 65_000),
    ] {
      let zone = [record("-all exp=e.example"), "e.example TXT \(text)"]
      #expect(spf(zone, "a@x.example").result.explanation?.utf8.count == 400)
    }
  }

  @Test(arguments: ["include:x.example", "redirect=x.example", "include:y.example"])
  func loops(_ term: String) {
    let zone = [record(term), "y.example TXT v=spf1 include:x.example"]
    let (result, asked) = spf(zone, "a@x.example")
    #expect(result.problem == .tooManyAskingTerms(max: 10) && asked.count == 11)
  }

  @Test func deepIncludes() {
    for (depth, word) in [(10, SPFWord.pass), (11, .permerror)] {
      let zone =
        (0..<depth).map { "d\($0).example TXT v=spf1 include:d\($0 + 1).example -all" }
        + ["d\(depth).example TXT v=spf1 all"]
      #expect(spf(zone, "a@d0.example").result.word == word)
    }
  }

  /// Each include finds a record of 64 KB.
  @Test func deepHugeIncludes() {
    let filler = String(repeating: "ip4:192.0.2.2 ", count: 4_600)
    let zone =
      (0..<10).map { "d\($0).example TXT v=spf1 \(filler) include:d\($0 + 1).example -all" }
      + ["d10.example TXT v=spf1 all"]
    #expect(spf(zone, "a@d0.example").result.word == .pass)
  }
}
