// What lives how long: variables, the score, verdicts and what was recorded (LANGUAGE.md §3).

import RuleBytecode
import Testing

@testable import RuleVM

struct ScopeTests {
  // MARK: Variables

  private static let variables = """
    phase helo {
      rule "h" { if string :is "${s}" "" { log "no session"; } set :session "s" "${helo}"; }
    }
    phase mail {
      rule "m" { log "s=${s} m=${m}"; set :message "m" "${sender.local}"; }
    }
    phase rcpt {
      rule "r" { log "m=${m} r=${r} v=${v}"; set :recipient "r" "${rcpt.local}"; set "v" "1"; }
      rule "again" { log "r=${r} v=${v}"; }
    }
    """

  private func session() throws -> PolicySession {
    let session = try TestPolicy.session(Self.variables)
    _ = session.helo("one")
    _ = session.mail("<ann@example.net>")
    return session
  }

  @Test func eachRecipientHasItsOwn() throws {
    let session = try session()
    _ = session.recipient("<bob@example.com>")
    _ = session.recipient("<eve@example.com>")
    #expect(
      session.logged.suffix(4) == ["m=ann r= v=", "r=bob v=1", "m=ann r= v=", "r=eve v=1"])
  }

  @Test func messagesDropAllButTheSessions() throws {
    let session = try session()
    _ = session.recipient("<bob@example.com>")
    session.resetMessage()
    #expect(session.logged.isEmpty)
    _ = session.mail("<zoe@example.net>")
    #expect(session.logged == ["s=one m="])
    _ = session.recipient("<bob@example.com>")
    #expect(session.logged.suffix(2) == ["m=zoe r= v=", "r=bob v=1"])
  }

  /// A match that was not asked in this rule, or was not true, leaves nothing of another rule's.
  @Test func matchVariablesLastForTheirRule() throws {
    let session = try TestPolicy.session(
      """
      define "to" envelope :matches "to" "*@*";
      phase rcpt {
        rule "a" { if is "to" { log "a ${1}"; } }
        rule "b" {
          if anyof (envelope :matches "to" "no *", envelope :domain "to" "example.com") {
            log "b <${0}|${1}>";
          }
        }
        group envelope :matches "to" "b*" {
          rule "c" { if anyof (true, envelope :matches "to" "*b@*") { log "c <${1}>"; } }
        }
        rule "d" { if allof (is "to", envelope :matches "to" "?o*") { log "d ${1} ${2}"; } }
      }
      """)
    _ = session.mail("<ann@example.net>")
    _ = session.recipient("<bob@example.com>")
    #expect(session.logged == ["a bob", "b <|>", "c <>", "d b b@example.com"])
  }

  @Test func anotherHeloForgetsTheFirst() throws {
    let session = try session()
    session.resetMessage()
    _ = session.helo("two")
    #expect(session.logged == ["no session"])
    _ = session.mail("<zoe@example.net>")
    #expect(session.logged.last == "s=two m=")
  }

  @Test func whatConnectSetOutlivesHelo() throws {
    let session = try TestPolicy.session(
      """
      phase connect { rule "c" { set :session "s" "connected"; } }
      phase helo { rule "h" { log "${s}"; set :session "s" "greeted"; } }
      """)
    _ = session.connect()
    for _ in 0..<3 {
      session.resetMessage()
      _ = session.helo("one")
      #expect(session.logged == ["connected"])
    }
  }

  @Test func matchVariablesLastForTheRun() throws {
    let session = try TestPolicy.session(
      """
      phase headers {
        rule "m" { if header :matches "Subject" "[*] ?*" { log "${0}|${1}|${2}|${3}"; } }
      }
      """)
    _ = session.headers("Subject: [list] hello\n\n")
    #expect(session.logged == ["[list] hello|list|h|ello"])
  }

  // MARK: Session space

  /// Greetings without end: the space is copied together when it is half full, what lives stays.
  @Test func sessionSpaceIsCompacted() throws {
    var limits = MachineLimits()
    limits.sessionSpaceBytesMax = 4_096
    let session = try TestPolicy.session(
      """
      phase connect { rule "c" { set :session "keep" "kept ${client.ip}"; } }
      phase helo { rule "h" { set :session "h" "${helo} ${helo} ${keep}"; } }
      phase mail { rule "m" { log "${keep}|${h}"; } }
      """, limits: limits)
    _ = session.connect()
    for index in 0..<500 {
      #expect(session.helo("client-\(index).example").isUndecided)
      #expect(session.mail("<a@example.net>").isUndecided)
      let name = "client-\(index).example"
      #expect(session.logged == ["kept 192.0.2.7|\(name) \(name) kept 192.0.2.7"])
      session.resetMessage()
    }
    #expect(session.machine.sessionSpace.count < 4_096)
  }

  /// Compaction at the end of a message must not take the state after HELO for that before it.
  @Test func compactionKeepsWhatWasBeforeHelo() throws {
    var limits = MachineLimits()
    limits.sessionSpaceBytesMax = 512
    let session = try TestPolicy.session(
      """
      phase helo { rule "h" { log "<${s}>"; set :session "s" "${helo}"; } }
      phase mail { rule "m" { set :session "big" "${sender}"; } }
      """, limits: limits)
    _ = session.helo("one")
    session.resetMessage()
    _ = session.mail("<" + String(repeating: "x", count: 300) + "@example.net>")
    session.resetMessage()
    #expect(session.machine.sessionSpace.count < 400)
    _ = session.helo("two")
    #expect(session.logged == ["<>"])
  }

  // MARK: Score

  private static let scores = """
    phase connect { rule "c" { score "1" "CONNECT"; } }
    phase helo { rule "h" { score "2" "HELO"; } }
    phase mail { rule "m" { score "4" "MAIL"; score "100" "CONNECT"; log "${score}"; } }
    phase rcpt {
      rule "r" {
        if envelope :is "to" "b@example.com" { score "8" "RCPT"; }
        score "100" "MAIL";
        log "${score}";
      }
    }
    phase data {
      rule "d" { log "${score}"; score "16" "RCPT"; score "16" "RCPT"; log "${score}"; }
    }
    """

  @Test func scoreHasItsScopes() throws {
    let session = try TestPolicy.session(Self.scores)
    _ = session.connect()
    _ = session.helo("one")
    _ = session.helo("two")
    for _ in 0..<2 {
      _ = session.mail("<a@example.net>")
      _ = session.recipient("<b@example.com>")
      _ = session.recipient("<c@example.com>")
      _ = session.data()
      // The recipient's 8 is seen in its run alone, and does not use up the symbol after it.
      #expect(session.logged == ["7.0", "15.0", "7.0", "7.0", "23.0"])
      session.resetMessage()
    }
  }

  @Test func scoreSaturates() {
    var board = ScoreBoard()
    func add(_ amount: Int64) {
      for symbol in UInt32(0)..<3 {
        board.add(amount, symbol: symbol, in: .mail, isEach: false, isOfRecipient: false)
      }
    }
    add(.max)
    #expect(board.sum(withRecipient: false) == .max)
    board.beginMessage()
    add(.min)
    #expect(board.sum(withRecipient: false) == .min)
  }
}
