// Runs that wait for answers from outside: wherever they stand, they go on from there.

import RuleBytecode
import Testing

@testable import RuleVM

struct SuspensionTests {
  private static let message = """
    Subject: two parts
    Content-Type: multipart/mixed; boundary=b

    --b

    one
    --b

    two
    --b--
    """

  /// A policy, and what its run says when the zone lists the client, does not, or fails.
  struct Place: Sendable, CustomTestStringConvertible {
    let name: String
    let policy: String
    var testDescription: String { name }
  }

  static let places = [
    Place(
      name: "part",
      policy: """
        on_error :dns "tempfail";
        phase part {
          rule "before" { log "visit ${part.path}"; }
          rule "asks" {
            if allof (part :is "path" "1.2", dnsbl "z.example") { reject "in ${part.path}"; }
          }
        }
        """),
    Place(
      name: "define",
      policy: """
        on_error :dns "tempfail";
        define "inner" allof (not ip "client" "10.0.0.0/8", dnsbl "z.example");
        define "outer" anyof (ip "client" "10.0.0.0/8", is "inner");
        phase message {
          rule "before" { log "before"; }
          rule "asks" { if is "outer" { reject "in define"; } }
          rule "after" { log "after"; }
        }
        """),
    Place(
      name: "second arm of anyof",
      policy: """
        on_error :dns "tempfail";
        phase message {
          rule "before" { log "before"; }
          rule "asks" {
            if anyof (header :is "Subject" "no", dnsbl "z.example") { reject "in anyof"; }
          }
          rule "after" { log "after"; }
        }
        """),
    Place(
      name: "block that is called",
      policy: """
        on_error :dns "tempfail";
        define "block" {
          log "before";
          if dnsbl "z.example" { reject "in call"; }
        }
        phase eom { rule "asks" { call "block"; log "after"; } }
        """),
  ]

  private static func waiting(_ place: Place) throws -> (PolicySession, CheckRequest) {
    let session = try TestPolicy.session(place.policy)
    #expect(session.mail("<a@example.net>").isUndecided)
    let requests = session.endOfMessage(message).requests
    #expect(requests.count == 1)
    let request = try #require(requests.first)
    #expect(request.kind == .dnsbl && request.arguments == ["z.example", "192.0.2.7"])
    return (session, request)
  }

  @Test(arguments: places)
  func goesOnWhenListed(_ place: Place) throws {
    let (session, request) = try Self.waiting(place)
    let verdict = try #require(session.answer(request.id, .values(["127.0.0.2"]))).verdict
    #expect(verdict?.kind == .reject && verdict?.text?.hasPrefix("in ") == true)
    #expect(verdict?.rule == "asks" && verdict?.cause == .rule)
    #expect(!session.logged.contains("after"))
  }

  @Test(arguments: places)
  func goesOnWhenNotListed(_ place: Place) throws {
    let (session, request) = try Self.waiting(place)
    let logged = session.logged
    #expect(try #require(session.answer(request.id, .values([]))).isUndecided)
    // What stood before the wait is not done twice.
    #expect(session.logged.prefix(logged.count) == logged[...])
    #expect(Set(session.logged).count == session.logged.count)
  }

  @Test(arguments: places)
  func goesOnWhenItFails(_ place: Place) throws {
    let (session, request) = try Self.waiting(place)
    let verdict = try #require(session.answer(request.id, .failed(.dns))).verdict
    #expect(verdict?.kind == .tempfail && verdict?.cause == .failure(.dns))
  }

  @Test(arguments: places)
  func timesOut(_ place: Place) throws {
    let (session, request) = try Self.waiting(place)
    let verdict = try #require(session.expireChecks()).verdict
    #expect(verdict?.kind == .tempfail && verdict?.cause == .failure(.dns))
    // The answer that comes too late changes nothing.
    #expect(session.answer(request.id, .values(["127.0.0.2"])) == nil)
    #expect(session.expireChecks() == nil)
  }

  @Test(arguments: places)
  func abortWhileWaiting(_ place: Place) throws {
    let (session, request) = try Self.waiting(place)
    session.resetMessage()
    #expect(session.answer(request.id, .values(["127.0.0.2"])) == nil)
    #expect(session.expireChecks() == nil)
    #expect(session.logged.isEmpty)
    // The next message begins anew and asks again, under another number.
    #expect(session.mail("<b@example.net>").isUndecided)
    let again = session.endOfMessage(Self.message).requests
    #expect(again.count == 1 && again.first?.id != request.id)
    let verdict = try #require(again.first.flatMap { session.answer($0.id, .values([])) })
    #expect(verdict.isUndecided)
  }

  @Test func twoSessionsAnsweredInTheOppositeOrder() throws {
    let policy = try TestPolicy.load(Self.places[0].policy)
    let sessions = [TestPolicy.session(policy), TestPolicy.session(policy)]
    sessions[1].set(.clientIP, "192.0.2.8".utf8)
    let requests = sessions.map { session in
      _ = session.mail("<a@example.net>")
      return session.endOfMessage(Self.message).requests
    }
    #expect(requests[0].first?.arguments[1] == "192.0.2.7")
    #expect(requests[1].first?.arguments[1] == "192.0.2.8")
    let second = try #require(
      requests[1].first.flatMap { sessions[1].answer($0.id, .values(["127.0.0.2"])) })
    #expect(second.verdict?.kind == .reject)
    let first = try #require(requests[0].first.flatMap { sessions[0].answer($0.id, .values([])) })
    #expect(first.isUndecided)
  }

  // MARK: More than one question

  private static let twoZones = """
    on_error :dns "tempfail";
    phase connect { rule "two" { if dnsbl ["a.example", "b.example"] { reject "${dnsbl.zone}"; } } }
    """

  @Test func oneListingIsEnough() throws {
    let session = try TestPolicy.session(Self.twoZones)
    let requests = session.connect().requests
    #expect(requests.map(\.name) == ["a.example", "b.example"])
    let verdict = try #require(session.answer(requests[1].id, .values(["127.0.0.9"]))).verdict
    #expect(verdict?.text == "b.example")
    #expect(session.answer(requests[0].id, .values(["127.0.0.9"])) == nil)
  }

  @Test func allMustAnswerForNo() throws {
    let session = try TestPolicy.session(Self.twoZones)
    let requests = session.connect().requests
    #expect(session.answer(requests[1].id, .values([])) == nil)
    #expect(session.answer(requests[1].id, .values([])) == nil)
    #expect(try #require(session.answer(requests[0].id, .values([]))).isUndecided)
  }

  @Test func aFailureCountsWhenNoneLists() throws {
    let session = try TestPolicy.session(Self.twoZones)
    let requests = session.connect().requests
    #expect(session.answer(requests[0].id, .failed(.dns)) == nil)
    let verdict = try #require(session.answer(requests[1].id, .values([]))).verdict
    #expect(verdict?.cause == .failure(.dns))
  }

  @Test func askedOnceForAllMessages() throws {
    let session = try TestPolicy.session(
      """
      on_error :dns "tempfail";
      phase rcpt { rule "z" { if dnsbl "z.example" { reject "listed"; } } }
      """)
    _ = session.mail("<a@example.net>")
    let request = try #require(session.recipient("<b@example.com>").requests.first)
    #expect(try #require(session.answer(request.id, .values(["127.0.0.2"]))).verdict != nil)
    #expect(session.recipient("<c@example.com>").verdict?.kind == .reject)
    session.resetMessage()
    _ = session.mail("<a@example.net>")
    #expect(session.recipient("<d@example.com>").verdict?.kind == .reject)
  }

  @Test func unknownAnswersAreNobodys() throws {
    let session = try TestPolicy.session(Self.twoZones)
    #expect(session.answer(1, .values(["127.0.0.2"])) == nil)
    let requests = session.connect().requests
    #expect(session.answer(requests[1].id + 1, .values(["127.0.0.2"])) == nil)
    #expect(requests[0].timeoutMilliseconds == 5_000)
  }
}
