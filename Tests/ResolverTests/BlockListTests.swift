// Block lists: what is asked, what an answer means, when it is decided.
import RuleBytecode
import Testing

@testable import Resolver

struct BlockListTests {
  @Test func namesAreThoseOfTheStandard() throws {
    let zone = try DNSName("zen.example")
    #expect(
      DNSName(listing: try ip("192.0.2.99"), in: zone)?.text == "99.2.0.192.zen.example")
    // RFC 5782 §2.4.
    #expect(
      DNSName(listing: try ip("2001:db8:1:2:3:4:567:89ab"), in: zone)?.text
        == "b.a.9.8.7.6.5.0.4.0.0.0.3.0.0.0.2.0.0.0.1.0.0.0.8.b.d.0.1.0.0.2.zen.example")
    #expect(
      DNSName(listing: try DNSName("Bad.example"), in: zone)?.text == "bad.example.zen.example")
    #expect(
      DNSName(reverseOf: try ip("192.0.2.99"))?.text == "99.2.0.192.in-addr.arpa")
    #expect(DNSName(reverseOf: try ip("::1"))?.text.hasSuffix(".0.0.ip6.arpa") == true)
  }

  @Test func aZoneTooLongForAKeyIsNotAsked() throws {
    let label = String(repeating: "a", count: 59)
    let zone = try DNSName([label, label, label, label].joined(separator: "."))
    #expect(DNSName(listing: try ip("1.2.3.4"), in: zone)?.text.utf8.count == 247)
    #expect(DNSName(listing: try ip("::1"), in: zone) == nil)
  }

  static let meanings: [(DNSAnswer, [String], BlockListAnswer)] = {
    guard let spam = IPAddress("127.0.0.2"), let dynamic = IPAddress("127.0.0.10"),
      let refusal = IPAddress("127.255.255.254"), let alien = IPAddress("192.0.2.1")
    else { return [] }
    func answer(_ all: IPAddress...) -> DNSAnswer {
      .records(all.map(DNSRecord.address), ttlSeconds: 9)
    }
    return [
      (.none(.noName, ttlSeconds: 9), [], .notListed),
      (.none(.noRecords, ttlSeconds: nil), [], .notListed),
      (answer(spam), [], .listed([spam])),
      (answer(spam, dynamic), ["127.0.0.10"], .listed([dynamic])),
      (answer(spam), ["127.0.0.10"], .notListed),
      (answer(refusal), [], .refused(refusal)),
      (answer(spam, refusal), ["127.0.0.2"], .refused(refusal)),
      (answer(alien), [], .noList(alien)),
      (answer(spam, alien), ["127.0.0.2"], .noList(alien)),
      (.failed(.serverFailure), [], .failed(.serverFailure)),
    ]
  }()

  @Test(arguments: meanings) func means(
    _ answer: DNSAnswer, _ wanted: [String], _ meaning: BlockListAnswer
  ) throws {
    #expect(BlockListAnswer(answer, wanted: Set(try wanted.map(ip))) == meaning)
  }

  /// Answers in the order in which they come (`+` listed, `-` not, `?` failed), how many are
  /// wanted, after how many it is decided, and how (`u`: unknown).
  static let counts: [(String, Int, Int, Character)] = [
    ("+--", 1, 1, "+"), ("---", 1, 3, "-"), ("-?-", 1, 3, "u"), ("?+-", 1, 2, "+"),
    ("+-+", 2, 3, "+"), ("--+", 2, 2, "-"), ("+?-", 2, 3, "u"), ("?--", 2, 3, "-"),
    ("++-", 2, 2, "+"), ("??+", 3, 3, "u"), ("-??", 3, 1, "-"), ("+++", 4, 0, "-"),
    ("+", 0, 1, "+"),
  ]

  @Test(arguments: counts) func isDecidedEarly(
    _ answers: String, _ wanted: Int, _ after: Int, _ outcome: Character
  ) throws {
    let zone = try DNSName("zen.example")
    var count = BlockListCount(lists: answers.count, hitsWanted: wanted)
    var taken = 0
    for sign in answers where count.outcome == nil {
      let hit = BlockListAnswer.listed([try ip("127.0.0.2")])
      count.take(sign == "+" ? hit : sign == "-" ? .notListed : .failed(.timeout), of: zone)
      taken += 1
    }
    #expect(taken == after)
    switch count.outcome {
    case .listed(let hits): #expect(outcome == "+" && hits.count >= max(1, wanted))
    case .notListed: #expect(outcome == "-")
    case .unknown(_, let answer): #expect(outcome == "u" && answer == .failed(.timeout))
    case nil: Issue.record("not decided")
    }
  }

  /// One list never answers; two hits of three are enough.
  @Test func doesNotWaitForWhatDoesNotMatter() async throws {
    let table = try TableResolver([
      ("2.0.0.127.a.example", .a, try addresses("127.0.0.2")),
      ("2.0.0.127.b.example", .a, try addresses("127.0.0.4")),
    ])
    let lists = try ["a.example", "silent.example", "b.example"].map { text in
      let zone = try DNSName(text)
      let name = try #require(DNSName(listing: try ip("127.0.0.2"), in: zone))
      return BlockListCheck.List(zone: zone, name: name)
    }
    let check = BlockListCheck(lists: lists, hitsWanted: 2)
    let outcome = await check.run(SilentFor(try DNSName("silent.example"), table))
    guard case .listed(let hits) = outcome else {
      Issue.record("\(outcome)")
      return
    }
    #expect(Set(hits.map(\.zone.text)) == ["a.example", "b.example"])
  }
}

/// Does not answer below one name for as long as any test lasts.
private struct SilentFor: Resolving {
  let zone: DNSName
  let base: any Resolving

  init(_ zone: DNSName, _ base: any Resolving) {
    self.zone = zone
    self.base = base
  }

  func ask(_ question: DNSQuestion, timeoutMilliseconds: Int) async -> DNSAnswer {
    if question.name.isWithin(zone) { try? await Task.sleep(for: .seconds(3_600)) }
    return await base.ask(question, timeoutMilliseconds: timeoutMilliseconds)
  }
}
