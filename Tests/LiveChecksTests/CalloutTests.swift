// Call-outs: whom they go to, what their answers are made of, what is asked once only, and when a
// host is left alone. `FakeMailHost` answers, `TableResolver` says where mail goes.
import NIOCore
import NIOPosix
import Resolver
import RuleBytecode
import RuleVM
import Submission
import Testing

@testable import LiveChecks

@Suite(.serialized) struct CalloutTests {
  /// Where they should not end a test.
  private static let patience = 60_000

  private static func callouts(
    _ lines: [String] = [], port: Int = 25, own: Set<IPAddress> = [],
    mayCall: @escaping @Sendable (IPAddress) -> Bool = { _ in true },
    limits set: (inout CalloutLimits) -> Void = { _ in }
  ) throws -> Callouts {
    var settings = Callouts.Settings(hostName: "filter.example.com")
    settings.port = port
    settings.ownAddresses = { own }
    settings.mayCall = mayCall
    set(&settings.limits)
    return Callouts(settings, try TableResolver(lines), MultiThreadedEventLoopGroup.singleton)
  }

  private static func ask(
    _ callouts: Callouts, _ address: String, server: String = "", milliseconds: Int = patience
  ) async -> CalloutAnswer {
    await callouts.answer(
      to: CalloutQuestion(server: server, address: address), timeoutMilliseconds: milliseconds)
  }

  private static func isFailure(_ answer: CalloutAnswer, _ words: String) -> Bool {
    if case .failed(let reason, _) = answer { reason.contains(words) } else { false }
  }

  // MARK: Answers

  @Test(arguments: [
    (["2.1.5 ok"], "2.1.5", "ok"), (["ok"], "", "ok"),
    (["5.1.1 no such", "5.1.1  mailbox "], "5.1.1", "no such mailbox"),
    (["", "5.1.1"], "5.1.1", ""), (["5.1 odd"], "", "5.1 odd"), (["3.1.1 odd"], "", "3.1.1 odd"),
    (["5.1.1234 odd"], "", "5.1.1234 odd"), ([], "", ""),
    ([String(repeating: "x", count: 41)], "", String(repeating: "x", count: 40)),
  ])
  func repliesAreParted(lines: [String], enhanced: String, text: String) {
    let answer = CalloutAnswer(.init(code: 550, lines: lines), textBytesMax: 40)
    #expect(answer == .reply(code: "550", enhanced: enhanced, text: text))
    #expect(answer.answer == .fields(["code": "550", "enhanced": enhanced, "text": text]))
  }

  @Test(arguments: [
    ("250", 7_200), ("550", 1_800), ("450", 15),
  ])
  func answersLast(code: String, seconds: Int) {
    let limits = CalloutLimits()
    #expect(CalloutAnswer.reply(code: code, enhanced: "", text: "").seconds(limits) == seconds)
    #expect(CalloutAnswer.failed("x").seconds(limits) == 5)
  }

  @Test func theCacheIsBounded() {
    var cache = CalloutCache(entriesMax: 4)
    let start = NIODeadline.uptimeNanoseconds(1_000_000_000)
    func question(_ number: Int) -> CalloutQuestion {
      CalloutQuestion(server: "", address: "\(number)@Example.NET")
    }
    let answer = CalloutAnswer.failed("x")
    for number in 0..<2 { cache.keep(answer, to: question(number), seconds: 10, start) }
    #expect(cache.answer(to: question(0), start + .seconds(9)) == answer)
    #expect(cache.answer(to: question(0), start + .seconds(10)) == nil)
    cache.keep(answer, to: question(2), seconds: 10, start)
    // Asked again it outlasts those that are not.
    #expect(cache.answer(to: question(1), start) == answer)
    for number in 3..<6 { cache.keep(answer, to: question(number), seconds: 10, start) }
    #expect(cache.count <= 4)
    #expect(cache.answer(to: question(0), start) == nil)
    #expect(cache.answer(to: question(5), start) == answer)
  }

  // MARK: Whom to ask

  @Test func theDomainsHostsAreAsked() async throws {
    let host = try await FakeMailHost()
    host.set(.init(replies: ["Bob@example.net": "550 5.1.1 no such mailbox\r\n"]))
    let callouts = try Self.callouts(
      ["example.net MX mx.example.net", "mx.example.net A 127.0.0.1"], port: host.port)
    let answer = await Self.ask(callouts, "Bob@Example.NET")
    #expect(answer == .reply(code: "550", enhanced: "5.1.1", text: "no such mailbox"))
    // Asked once, whatever the case of the domain; that of the local part may matter.
    #expect(await Self.ask(callouts, "Bob@EXAMPLE.net") == answer)
    _ = await Self.ask(callouts, "bob@example.net")
    #expect(host.asked == ["Bob@example.net", "bob@example.net"])
  }

  @Test func theNextAddressIsAskedWhenOneFails() async throws {
    let host = try await FakeMailHost()
    let callouts = try Self.callouts(
      ["example.net A 127.0.0.99", "example.net A 127.0.0.1"], port: host.port)
    #expect(
      await Self.ask(callouts, "bob@example.net")
        == .reply(code: "250", enhanced: "2.1.5", text: "ok"))
  }

  @Test(arguments: [
    (
      "bob@null.example",
      CalloutAnswer.reply(
        code: "556", enhanced: "5.1.10", text: "null.example takes no mail")
    ),
    (
      "bob@missing.example",
      .reply(
        code: "550", enhanced: "5.1.2", text: "missing.example has no mail server")
    ),
    ("bob", .failed("the address has no domain whose hosts could be asked")),
    ("bob@[127.0.0.1]", .failed("the address has no domain whose hosts could be asked")),
    ("bob@bad..name", .failed("the address has no domain that can be looked up")),
    ("bob@broken.example", .failed("broken.example: SERVFAIL")),
    ("bob@us.example", .failed("the mail of us.example comes to this very host")),
    (
      "bob@inside.example",
      .failed(
        "no mail server of inside.example has an address of the Internet")
    ),
  ])
  func nobodyIsCalled(address: String, expected: CalloutAnswer) async throws {
    let own = try #require(IPAddress("198.51.100.1"))
    let callouts = try Self.callouts(
      [
        "null.example MX .", "broken.example fails x", "us.example A 198.51.100.1",
        "inside.example A 10.0.0.1",
      ], own: [own], mayCall: { AddressKind($0) == .global })
    #expect(await Self.ask(callouts, address) == expected)
  }

  @Test func aNamedServerIsAskedAboutAnyAddress() async throws {
    let host = try await FakeMailHost()
    let callouts = try Self.callouts()
    let server = "127.0.0.1:\(host.port)"
    for address in ["bob", "bob@[127.0.0.1]", "bob@example.net"] {
      #expect(
        await Self.ask(callouts, address, server: server)
          == .reply(code: "250", enhanced: "2.1.5", text: "ok"))
    }
    #expect(host.asked == ["bob", "bob@[127.0.0.1]", "bob@example.net"])
  }

  @Test func aStrangerWithOurNameIsNotAsked() async throws {
    let host = try await FakeMailHost(.init(greeting: "220 filter.example.com ESMTP\r\n"))
    let callouts = try Self.callouts(["example.net A 127.0.0.1"], port: host.port)
    #expect(Self.isFailure(await Self.ask(callouts, "bob@example.net"), "is this host itself"))
    #expect(host.asked == [])
  }

  // MARK: How much is asked

  @Test func equalQuestionsShareACall() async throws {
    let host = try await FakeMailHost(.init(isHeld: true))
    let callouts = try Self.callouts()
    let server = "127.0.0.1:\(host.port)"
    let answers = await withTaskGroup(of: CalloutAnswer.self) { group in
      for _ in 0..<20 {
        group.addTask { await Self.ask(callouts, "bob@example.net", server: server) }
      }
      group.addTask {
        while host.asked.isEmpty { try? await Task.sleep(for: .milliseconds(5)) }
        host.release()
        return .reply(code: "250", enhanced: "2.1.5", text: "ok")
      }
      return await group.reduce(into: [CalloutAnswer]()) { $0.append($1) }
    }
    #expect(answers.allSatisfy { $0 == .reply(code: "250", enhanced: "2.1.5", text: "ok") })
    #expect(host.asked == ["bob@example.net"])
  }

  @Test func noMoreCallsThanAllowedGoThereAtOnce() async throws {
    let host = try await FakeMailHost(.init(isHeld: true))
    let callouts = try Self.callouts(limits: { $0.serverCallsMax = 2 })
    let server = "127.0.0.1:\(host.port)"
    await withTaskGroup(of: Void.self) { group in
      for number in 0..<12 {
        group.addTask { _ = await Self.ask(callouts, "\(number)@example.net", server: server) }
      }
      group.addTask {
        while host.asked.count < 2 { try? await Task.sleep(for: .milliseconds(5)) }
        // Time for a third one, if it may come.
        try? await Task.sleep(for: .milliseconds(100))
        host.release()
      }
    }
    #expect(host.asked.count == 12 && host.heldMax == 2)
  }

  @Test func strangersAreNotAskedTooOften() async throws {
    let host = try await FakeMailHost()
    let callouts = try Self.callouts(
      ["example.net A 127.0.0.1"], port: host.port, limits: { $0.strangerMinuteMax = 2 })
    for number in 0..<2 { _ = await Self.ask(callouts, "\(number)@example.net") }
    let third = await Self.ask(callouts, "3@example.net")
    #expect(Self.isFailure(third, "too often") && host.asked.count == 2)
  }

  @Test func tooManyPlaces() async throws {
    let host = try await FakeMailHost()
    let callouts = try Self.callouts(
      ["a.example A 127.0.0.1", "b.example A 127.0.0.1"], port: host.port,
      limits: { $0.placesMax = 1 })
    _ = await Self.ask(callouts, "bob@a.example")
    #expect(Self.isFailure(await Self.ask(callouts, "bob@b.example"), "too many different hosts"))
  }

  @Test func aHostThatFailsIsLeftAlone() async throws {
    let host = try await FakeMailHost(.init(greeting: "554 no\r\n"))
    let callouts = try Self.callouts(limits: { $0.failuresMax = 2 })
    let server = "127.0.0.1:\(host.port)"
    for number in 0..<2 {
      let answer = await Self.ask(callouts, "\(number)@example.net", server: server)
      #expect(Self.isFailure(answer, "greets with 554 no"))
    }
    host.set(.init())
    let third = await Self.ask(callouts, "3@example.net", server: server)
    #expect(Self.isFailure(third, "left alone") && host.asked == [])
    // Another one is not.
    let other = try await FakeMailHost()
    let answer = await Self.ask(callouts, "3@example.net", server: "127.0.0.1:\(other.port)")
    #expect(answer == .reply(code: "250", enhanced: "2.1.5", text: "ok"))
  }

  @Test func aCallThatIsNotAnsweredEndsInTime() async throws {
    let host = try await FakeMailHost(.init(isHeld: true))
    let callouts = try Self.callouts()
    let answer = await Self.ask(
      callouts, "bob@example.net", server: "127.0.0.1:\(host.port)", milliseconds: 300)
    #expect(Self.isFailure(answer, "in time"))
    while host.open > 0 { try await Task.sleep(for: .milliseconds(5)) }
  }

  @Test func whatIsNoQuestion() async throws {
    let check = CalloutCheck(try Self.callouts())
    let answer = await check.answer(
      CheckRequest(
        id: 1, kind: .callout, name: "x", arguments: ["one"], timeoutMilliseconds: 1_000))
    #expect(answer == .failed(.callout, reason: "the question cannot be read"))
  }

  @Test func thisHostHasAddresses() {
    #expect(OwnAddresses.current.contains { $0.isLoopback })
  }
}
