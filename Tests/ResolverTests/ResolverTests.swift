// The resolver against a name server on loopback, with each fault that one can have.
import MailLab
import RuleBytecode
import Synchronization
import Testing

@testable import Resolver

private func zone() -> DNSZone {
  var zone = DNSZone()
  zone.add("a.example", ttl: 120, .a(192, 0, 2, 1), .a(192, 0, 2, 2))
  zone.add(
    "a.example", ttl: 90, .aaaa([0x20, 1, 0xd, 0xb8] + Array(repeating: 0, count: 11) + [1]))
  zone.add("a.example", ttl: 80, .mx(20, "mx2.example"), .mx(10, "mx1.example"))
  zone.add("a.example", ttl: 70, .txt(["v=spf1 ", "-all"]), .txt(["other"]))
  zone.add("1.2.0.192.in-addr.arpa", ttl: 60, .ptr("a.example"))
  zone.add("alias.example", ttl: 30, .cname("a.example"))
  zone.add("null.example", .mx(0, ""))
  zone.add("circle.example", .cname("circle2.example"))
  zone.add("circle2.example", .cname("circle.example"))
  zone.add("large.example", .txt(Array(repeating: String(repeating: "x", count: 255), count: 20)))
  return zone
}

private func quick() -> ResolverLimits {
  var limits = ResolverLimits()
  limits.attemptMilliseconds = 200
  return limits
}

private func target(_ text: String) throws -> DNSTarget { .name(try DNSName(text)) }

struct ResolverTests {
  @Test func answersEachType() async throws {
    let server = try DNSServer(zone())
    defer { server.stop() }
    let resolver = try DNSResolver(servers: [server.address])
    let expected: [(String, DNSType, DNSAnswer)] = [
      (
        "a.example", .a,
        .records([try address("192.0.2.1"), try address("192.0.2.2")], ttlSeconds: 120)
      ),
      ("a.example", .aaaa, .records([try address("2001:db8::1")], ttlSeconds: 90)),
      (
        "a.example", .mx,
        .records(
          [
            .mailExchange(preference: 20, host: try target("mx2.example")),
            .mailExchange(preference: 10, host: try target("mx1.example")),
          ], ttlSeconds: 80)
      ),
      (
        "a.example", .txt,
        .records(
          [.text([Array("v=spf1 ".utf8), Array("-all".utf8)]), .text([Array("other".utf8)])],
          ttlSeconds: 70)
      ),
      (
        "1.2.0.192.in-addr.arpa", .ptr,
        .records([.pointer(try target("a.example"))], ttlSeconds: 60)
      ),
      (
        "alias.example", .a,
        .records([try address("192.0.2.1"), try address("192.0.2.2")], ttlSeconds: 30)
      ),
      ("null.example", .mx, .records([.mailExchange(preference: 0, host: .root)], ttlSeconds: 300)),
      ("no.example", .a, .none(.noName, ttlSeconds: 60)),
      ("null.example", .a, .none(.noRecords, ttlSeconds: 60)),
      ("circle.example", .a, .failed(.aliasLoop)),
    ]
    for (name, type, answer) in expected {
      #expect(await resolver.ask(try question(name, type)) == answer, "\(name) \(type)")
    }
    #expect(server.seen.allSatisfy { !$0.isTCP })
  }

  /// More than fits a datagram.
  @Test func goesToTCP() async throws {
    let server = try DNSServer(zone())
    defer { server.stop() }
    let resolver = try DNSResolver(servers: [server.address])
    let answer = await resolver.ask(try question("large.example", .txt))
    #expect(answer.records.first?.joinedText?.count == 20 * 255)
    #expect(server.seen.map(\.isTCP) == [false, true])
  }

  static let faults: [(DNSZone.Fault, DNSFailure)] = [
    (.silent, .timeout), (.wrongID, .timeout), (.garbage, .garbage),
    (.code(2), .serverFailure), (.code(5), .refused), (.code(4), .code(4)), (.code(9), .code(9)),
    (.alwaysTruncated, .truncated), (.cut, .unreachable), (.slow(milliseconds: 60_000), .timeout),
  ]

  @Test(arguments: faults) func aFaultIsAFailureOfItsKind(
    _ fault: DNSZone.Fault, _ failure: DNSFailure
  ) async throws {
    var zone = zone()
    zone.fail("a.example", fault)
    let server = try DNSServer(zone)
    defer { server.stop() }
    let resolver = try DNSResolver(servers: [server.address], limits: quick())
    #expect(await resolver.ask(try question("a.example")) == .failed(failure))
    // And is nobody else's.
    #expect(await resolver.ask(try question("alias.example", .mx)).records.count == 2)
  }

  @Test func truncatedOverUDPAloneIsWhole() async throws {
    var zone = zone()
    zone.fail("a.example", .truncated)
    let server = try DNSServer(zone)
    defer { server.stop() }
    let resolver = try DNSResolver(servers: [server.address])
    #expect(await resolver.ask(try question("a.example")).records.count == 2)
    #expect(server.seen.map(\.isTCP) == [false, true])
  }

  @Test func aSlowAnswerIsAnAnswer() async throws {
    var zone = zone()
    zone.fail("a.example", .slow(milliseconds: 300))
    let server = try DNSServer(zone)
    defer { server.stop() }
    let resolver = try DNSResolver(servers: [server.address])
    #expect(await resolver.ask(try question("a.example")).records.count == 2)
    #expect(server.count("a.example") == 1)
  }

  /// The asker's own time is up; who asks later gets the answer, which was kept.
  @Test func anAskerWaitsAsLongAsItSaid() async throws {
    var zone = zone()
    zone.fail("a.example", .slow(milliseconds: 400))
    let server = try DNSServer(zone)
    defer { server.stop() }
    let resolver = try DNSResolver(servers: [server.address])
    let asked = try question("a.example")
    #expect(await resolver.ask(asked, timeoutMilliseconds: 50) == .failed(.timeout))
    #expect(await resolver.ask(asked).records.count == 2)
    #expect(server.count("a.example") == 1)
  }

  @Test func theSecondServerAnswersForTheFirst() async throws {
    let dead = try DNSServer()
    dead.stop()
    var refusing = zone()
    refusing.fail("a.example", .code(5))
    let first = try DNSServer(refusing)
    let second = try DNSServer(zone())
    defer {
      first.stop()
      second.stop()
    }
    let resolver = try DNSResolver(
      servers: [dead.address, first.address, second.address], limits: quick())
    #expect(await resolver.ask(try question("a.example")).records.count == 2)
    #expect(second.count("a.example") == 1)
  }

  @Test func aServerThatComesAgainIsAsked() async throws {
    var limits = quick()
    limits.cache.failureSeconds = 0
    let server = try DNSServer(zone())
    let resolver = try DNSResolver(servers: [server.address], limits: limits)
    #expect(await resolver.ask(try question("a.example")).records.count == 2)
    server.stop()
    #expect(await resolver.ask(try question("a.example", .mx)) == .failed(.unreachable))
    let again = try DNSServer(zone(), port: server.port)
    defer { again.stop() }
    #expect(await resolver.ask(try question("a.example", .mx)).records.count == 2)
  }

  @Test func aServerAbsentAtStartIsUnreachable() async throws {
    let server = try DNSServer()
    server.stop()
    let resolver = try DNSResolver(servers: [server.address], limits: quick())
    #expect(await resolver.ask(try question("a.example")) == .failed(.unreachable))
  }

  /// Counted in a row: an answer of any kind shows that somebody is there.
  @Test func silenceIsCounted() async throws {
    var zone = zone()
    for number in 0..<3 { zone.fail("n\(number).example", .silent) }
    let server = try DNSServer(zone)
    defer { server.stop() }
    let resolver = try DNSResolver(servers: [server.address], limits: quick())
    for number in 0..<3 { _ = await resolver.ask(try question("n\(number).example")) }
    #expect(resolver.load.unanswered == 3)
    _ = await resolver.ask(try question("nobody.example"))
    #expect(resolver.load.unanswered == 0)
  }

  @Test func asksOnceForAll() async throws {
    var zone = zone()
    zone.fail("a.example", .slow(milliseconds: 200))
    let server = try DNSServer(zone)
    defer { server.stop() }
    let resolver = try DNSResolver(servers: [server.address])
    let asked = try question("a.example")
    await withTaskGroup(of: Int.self) { group in
      for _ in 0..<100 { group.addTask { await resolver.ask(asked).records.count } }
      for await count in group { #expect(count == 2) }
    }
    #expect(await resolver.ask(asked).records.count == 2)
    #expect(server.count("a.example") == 1)
    #expect(resolver.load.cacheEntries == 1 && resolver.load.open == 0)
    resolver.forgetAll()
    #expect(resolver.cached(asked) == nil)
  }

  /// Many different ones, over several channels and with a bound on how many are on their way.
  @Test func manyQuestionsAreAllAnswered() async throws {
    var zone = DNSZone()
    for index in 0..<1_500 {
      zone.add("n\(index).example", .a(10, 0, UInt8(index >> 8), UInt8(index & 255)))
    }
    let server = try DNSServer(zone)
    defer { server.stop() }
    var limits = ResolverLimits()
    (limits.activeMax, limits.questionsPerChannel) = (32, 100)
    let resolver = try DNSResolver(servers: [server.address], limits: limits)
    await withTaskGroup(of: Bool.self) { group in
      for index in 0..<1_500 {
        group.addTask {
          guard let asked = try? question("n\(index).example"),
            let expected = IPAddress("10.0.\(index >> 8).\(index & 255)")
          else { return false }
          let answer = await resolver.ask(asked, timeoutMilliseconds: 60_000)
          return answer.records == [.address(expected)]
        }
      }
      for await isRight in group { #expect(isRight) }
    }
  }

  @Test func tooManyOpenQuestionsAreRefused() async throws {
    var zone = DNSZone()
    for index in 0..<3 { zone.fail("n\(index).example", .silent) }
    let server = try DNSServer(zone)
    defer { server.stop() }
    var limits = quick()
    limits.openMax = 2
    let resolver = try DNSResolver(servers: [server.address], limits: limits)
    let answers = Mutex<[DNSAnswer]>([])
    for index in 0..<3 {
      resolver.ask(try question("n\(index).example")) { answer in
        answers.withLock { $0.append(answer) }
      }
    }
    #expect(answers.withLock { $0 } == [.failed(.busy)])
    resolver.stop()
    #expect(
      answers.withLock { $0 } == [.failed(.busy), .failed(.stopped), .failed(.stopped)])
    #expect(await resolver.ask(try question("n3.example")) == .failed(.stopped))
  }
}
