// Checks that begin before their rules ask: which, when, and that they change nothing but time.

import RuleBytecode
import Testing

@testable import RuleVM

struct EarlyCheckTests {
  /// A policy, and what begins early: `KIND ARGUMENTS, known from PHASE, asked in PHASE`.
  struct Plan: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let policy: String
    let early: [String]
  }

  private static let opening = """
    on_error :dns "continue" :scanner "tempfail" :store "continue" :table "continue";
    scanner :clamd "unix:/run/clamd" "av";

    """

  static let plans = [
    Plan(
      testDescription: "the first test of each rule",
      policy: """
        phase rcpt {
          rule "a" { if dnsbl "a.example" { reject "a"; } }
          rule "b" { if anyof (dnsbl ["b.example", "c.example"], rdns) { reject "b"; } }
        }
        phase eom { rule "c" { if spf "fail" { discard; } } }
        """,
      early: [
        "dnsbl a.example, known from connect, asked in rcpt",
        "dnsbl b.example c.example, known from connect, asked in rcpt",
        "spf, known from mail, asked in eom",
      ]),
    Plan(
      testDescription: "not what a condition, a group or an error before it may leave out",
      policy: """
        phase rcpt {
          rule "a" { if allof (ip "client" "10.0.0.0/8", dnsbl "a.example") { reject "a"; } }
          group not authenticated { rule "b" { if rdns { reject "b"; } } }
          rule "c" { if ip "client" "10.0.0.0/8" { if dnsbl "b.example" { reject "c"; } } }
          rule "d" { if ip "client" "10.0.0.0/8" { stop; } }
          rule "e" { if allof (dnsbl "c.example", dnsbl "d.example") { reject "e"; } }
        }
        """,
      early: ["dnsbl c.example, known from connect, asked in rcpt"]),
    Plan(
      testDescription: "within what is called on every way",
      policy: """
        define "bad" scan "av";
        define "odd" allof (ip "client" "10.0.0.0/8", dmarc "fail");
        phase eom { rule "a" { if anyof (is "odd", is "bad") { discard; } } }
        phase message { rule "b" { if not is "bad" { log "clean"; } } }
        """,
      early: ["scan av, known from message, asked in message"]),
    Plan(
      testDescription: "nothing behind a stop, of a loop, of a text, or that counts",
      policy: """
        phase rcpt { rule "a" { if dnsbl :domain "${sender.domain}" "a.example" { reject "a"; } } }
        phase data { rule "b" { if rate :limit 1 :window 60 "k" { reject "b"; } } }
        phase part { rule "c" { if scan "av" { drop; } } }
        phase eom { rule "d" { stop; } rule "e" { if arc "fail" { discard; } } }
        """, early: []),
  ]

  @Test(arguments: plans)
  func whatBeginsEarly(_ plan: Plan) throws {
    let program = try TestPolicy.program(Self.opening + plan.policy)
    let early = program.earlyChecks.map { early in
      let spec = program.checks[Int(early.check)]
      let words = [spec.kind.name] + program.words(ofSet: spec.arguments)
      return words.joined(separator: " ")
        + ", known from \(early.known), asked in \(early.asked)"
    }
    #expect(early == plan.early)
  }

  private static func names(_ requests: [CheckRequest]) -> [String] {
    requests.map { ([$0.kind.name] + $0.arguments.prefix(1)).joined(separator: " ") }
  }

  private static let policy = """
    phase rcpt {
      rule "a" { if dnsbl "a.example" { reject "a"; } }
      rule "b" { if dnsbl "b.example" { reject "b"; } }
    }
    phase message { rule "c" { if dkim "fail" { log "c"; } } }
    phase eom {
      rule "d" { if scan "av" { reject "${scan.av.name}"; } }
      rule "e" { if spf "fail" { reject "e"; } }
    }
    """

  /// From the connection on, each as soon as its words are known, and each once.
  @Test func eachBeginsWhenItsWordsAreKnown() throws {
    let session = try TestPolicy.session(Self.opening + Self.policy)
    let first = session.earlyRequests()
    #expect(Self.names(first) == ["dnsbl a.example", "dnsbl b.example"])
    #expect(session.answer(first[0].id, .values([])) == nil)
    #expect(session.mail("<a@example.net>").isUndecided)
    let spf = session.earlyRequests()
    #expect(Self.names(spf) == ["spf 192.0.2.7"])
    // The list that has not answered is waited for, and not asked again.
    #expect(session.recipient("<b@example.com>").requests.isEmpty)
    #expect(session.answer(first[1].id, .values([]))?.isUndecided == true)
    #expect(session.earlyRequests().isEmpty)
    // The run waits for one; the others of the content begin with it.
    let content = session.endOfMessage("Subject: x\n\ny\n").requests
    #expect(Self.names(content) == ["dkim", "scan av"])
    #expect(content.allSatisfy { $0.subject?.message.isEmpty == false })
    #expect(session.answer(content[1].id, .fields(["result": "clean"])) == nil)
    #expect(session.answer(spf[0].id, .fields(["result": "pass"])) == nil)
    #expect(session.answer(content[0].id, .values([]))?.isUndecided == true)
  }

  /// What begins early leaves no fact, no failure and no trace of an answer before its rule asks.
  @Test func anAnswerSaysNothingBeforeItsRule() throws {
    let session = try TestPolicy.session(
      Self.opening + """
        phase mail { rule "a" { log "before ${dnsbl.zone}"; } }
        phase rcpt { rule "b" { if dnsbl "a.example" { log "after ${dnsbl.zone}"; } } }
        """)
    let early = session.earlyRequests()
    #expect(session.answer(early[0].id, .values(["127.0.0.2"])) == nil)
    #expect(session.mail("<a@example.net>").isUndecided)
    #expect(session.earlyRequests().isEmpty)
    #expect(session.recipient("<b@example.com>").isUndecided)
    #expect(session.logged == ["before ", "after a.example"])
  }

  /// A deadline that passes while one is waited for is not that of the others.
  @Test func aDeadlineIsThatOfWhatIsWaitedFor() throws {
    let session = try TestPolicy.session(
      Self.opening + """
        phase mail { rule "a" { if failed rdns { log "late"; } } }
        phase rcpt { rule "b" { if dnsbl "a.example" { reject "listed"; } } }
        """)
    let early = session.earlyRequests()
    #expect(Self.names(early) == ["rdns 192.0.2.7", "dnsbl a.example"])
    #expect(session.mail("<a@example.net>").requests.isEmpty)
    #expect(session.expireChecks()?.isUndecided == true)
    #expect(session.answer(early[1].id, .values(["127.0.0.2"])) == nil)
    #expect(session.recipient("<b@example.com>").verdict?.kind == .reject)
  }

  /// Asked about the client: the next message finds it under way. Refused: nothing begins.
  @Test func itOutlivesAMessageIfItIsOfTheClient() throws {
    let session = try TestPolicy.session(Self.opening + Self.policy)
    let early = session.earlyRequests()
    #expect(session.mail("<a@example.net>").isUndecided)
    session.resetMessage()
    #expect(session.mail("<a@example.net>").isUndecided)
    #expect(Self.names(session.earlyRequests()) == ["spf 192.0.2.7"])
    #expect(session.answer(early[0].id, .values(["127.0.0.2"])) == nil)
    #expect(session.recipient("<b@example.com>").verdict?.kind == .reject)
  }

  @Test func aRefusedMessageAsksNoMore() throws {
    let session = try TestPolicy.session(
      Self.opening + """
        phase mail { rule "a" { reject "no"; } }
        phase eom { rule "b" { if spf "fail" { discard; } } }
        """)
    #expect(session.mail("<a@example.net>").verdict?.kind == .reject)
    #expect(session.earlyRequests().isEmpty)
  }
}
