// Each of the machine's limits, at its value and one past it.

import RuleBytecode
import Testing

@testable import RuleVM

struct LimitTests {
  private static func limits(_ change: (inout MachineLimits) -> Void) -> MachineLimits {
    var limits = MachineLimits()
    change(&limits)
    return limits
  }

  // MARK: Fuel

  private static let work = """
    phase mail {
      rule "work" {
        if string :contains ["${sender}", "${sender.domain}"] ["x", "y", "z"] { log "found"; }
        set "a" "${sender} ${sender.local}";
        log "${a}";
      }
    }
    """

  @Test func fuel() throws {
    let free = try TestPolicy.session(Self.work)
    _ = free.mail("<someone@example.net>")
    let used = free.fuelUsed
    #expect(used > 100)
    let enough = try TestPolicy.session(Self.work, limits: Self.limits { $0.fuelMax = used })
    #expect(enough.mail("<someone@example.net>").isUndecided)
    #expect(enough.fuelUsed == used)
    // Wherever it ends, no more is used than there is.
    for fuel in stride(from: used - 1, through: 0, by: -7) {
      let short = try TestPolicy.session(Self.work, limits: Self.limits { $0.fuelMax = fuel })
      let verdict = short.mail("<someone@example.net>").verdict
      #expect(verdict?.kind == .tempfail && verdict?.trap == .outOfFuel(limit: fuel))
      #expect(short.fuelUsed == fuel)
      #expect(verdict?.reach == .message && verdict?.reply?.code == "451")
    }
  }

  @Test func eachMessageHasItsFuel() throws {
    let free = try TestPolicy.session(Self.work)
    _ = free.mail("<someone@example.net>")
    let session = try TestPolicy.session(
      Self.work, limits: Self.limits { $0.fuelMax = free.fuelUsed })
    for _ in 0..<3 {
      #expect(session.mail("<someone@example.net>").isUndecided)
      session.resetMessage()
    }
  }

  /// The fuel of a message is that of all its runs.
  @Test func recipientsShareTheFuel() throws {
    let source = "phase rcpt { rule \"r\" { log \"${rcpt}\"; } }"
    let free = try TestPolicy.session(source)
    _ = free.mail("<a@example.net>")
    for _ in 0..<3 { _ = free.recipient("<b@example.com>") }
    let used = free.fuelUsed
    let session = try TestPolicy.session(source, limits: Self.limits { $0.fuelMax = used })
    _ = session.mail("<a@example.net>")
    for _ in 0..<3 { #expect(session.recipient("<b@example.com>").isUndecided) }
    let verdict = session.recipient("<b@example.com>").verdict
    #expect(verdict?.trap == .outOfFuel(limit: used) && verdict?.reach == .recipient)
  }

  /// Matching a pattern ends with the fuel, not when it is done.
  @Test func fuelEndsAMatch() throws {
    let source = """
      phase helo { rule "m" { if string :matches "${helo}" "*a*a*a*a*b" { log "m"; } } }
      """
    let session = try TestPolicy.session(source, limits: Self.limits { $0.fuelMax = 1_000 })
    let verdict = session.helo(String(repeating: "a", count: 1_000)).verdict
    #expect(verdict?.trap == .outOfFuel(limit: 1_000))
    #expect(session.fuelUsed == 1_000)
  }

  @Test func factBytes() throws {
    let limits = Self.limits {
      $0.nameBytesMax = 10
      $0.factBytesMax = 12
    }
    let source = "phase helo { rule \"h\" { log \"${helo}\"; } }"
    let enough = try TestPolicy.session(source, limits: limits)
    #expect(enough.helo("0123456789").isUndecided && enough.logged == ["0123456789"])
    let past = try TestPolicy.session(source, limits: limits)
    #expect(
      past.helo("0123456789a").verdict?.trap == .spaceFull(name: "a fact", bytesMax: 10))
    let macros = try TestPolicy.session(source, limits: limits)
    macros.setMacro(Array("x".utf8), Array("0123456789ab".utf8), outlivesMessage: true)
    #expect(macros.connect().isUndecided)
    macros.setMacro(Array("x".utf8), Array("0123456789abc".utf8), outlivesMessage: true)
    #expect(
      macros.helo("a").verdict?.trap == .spaceFull(name: "a fact", bytesMax: 12))
  }

  // MARK: Spaces

  @Test func runSpace() throws {
    let source = "phase helo { rule \"r\" { set \"a\" \"${helo}x\"; log \"${a}\"; } }"
    let session = try TestPolicy.session(source, limits: Self.limits { $0.runSpaceBytesMax = 64 })
    #expect(session.helo(String(repeating: "h", count: 63)).isUndecided)
    let verdict = session.helo(String(repeating: "h", count: 64)).verdict
    #expect(verdict?.trap == .spaceFull(name: "run", bytesMax: 64))
  }

  @Test func messageSpace() throws {
    let source = "phase mail { rule \"m\" { set :message \"a\" \"${sender} ${sender}\"; } }"
    let free = try TestPolicy.session(source)
    _ = free.mail("<someone@example.net>")
    let used = free.machine.messageSpace.count
    let enough = try TestPolicy.session(
      source, limits: Self.limits { $0.messageSpaceBytesMax = used })
    #expect(enough.mail("<someone@example.net>").isUndecided)
    let short = try TestPolicy.session(
      source, limits: Self.limits { $0.messageSpaceBytesMax = used - 1 })
    let verdict = short.mail("<someone@example.net>").verdict
    #expect(verdict?.trap == .spaceFull(name: "message", bytesMax: used - 1))
  }

  /// A recipient that does not fit is refused: a rule must not take it for an absent one.
  @Test func aFactThatDoesNotFitIsNotAbsent() throws {
    let source = """
      phase rcpt { rule "trap" { if envelope :is "to" "trap@example.com" { reject "trap"; } } }
      """
    let session = try TestPolicy.session(
      source, limits: Self.limits { $0.messageSpaceBytesMax = 200 })
    _ = session.mail("<a@example.net>")
    var results: [Verdict?] = []
    for _ in 0..<8 { results.append(session.recipient("<trap@example.com>").verdict) }
    #expect(results.first??.kind == .reject)
    #expect(results.allSatisfy { $0?.kind == .reject || $0?.kind == .tempfail })
    #expect(results.last??.trap == .spaceFull(name: "message", bytesMax: 200))
    session.resetMessage()
    _ = session.mail("<a@example.net>")
    #expect(session.recipient("<trap@example.com>").verdict?.text == "trap")
  }

  @Test func sessionSpace() throws {
    let source = "phase helo { rule \"h\" { set :session \"a\" \"${helo}\"; } }"
    let free = try TestPolicy.session(source)
    _ = free.helo("client.example")
    let used = free.machine.sessionSpace.count
    let enough = try TestPolicy.session(
      source, limits: Self.limits { $0.sessionSpaceBytesMax = used })
    #expect(enough.helo("client.example").isUndecided)
    let short = try TestPolicy.session(
      source, limits: Self.limits { $0.sessionSpaceBytesMax = used - 1 })
    let verdict = short.helo("client.example").verdict
    #expect(verdict?.trap == .spaceFull(name: "session", bytesMax: used - 1))
    #expect(verdict?.reach == .session)
  }

  @Test func decodedSpaceOfHeaders() throws {
    let source = """
      phase eom { rule "s" { if header :contains ["Subject", "To"] "x" { log "x"; } } }
      """
    let message = "Subject: 1234567890\nTo: abc\n\n"
    let enough = try TestPolicy.session(
      source, limits: Self.limits { $0.decodedSpaceBytesMax = 13 })
    #expect(enough.endOfMessage(message).isUndecided)
    let short = try TestPolicy.session(
      source, limits: Self.limits { $0.decodedSpaceBytesMax = 12 })
    let verdict = short.endOfMessage(message).verdict
    #expect(verdict?.trap == .spaceFull(name: "decoded message", bytesMax: 12))
  }

  private static let encoded = """
    Content-Transfer-Encoding: base64

    MTIzNDU2Nzg5MA==
    """

  /// Content past the cap is a failure of class `:limit`, which the policy answers.
  @Test func decodedSpaceOfParts() throws {
    let source = """
      phase part { rule "d" { if part :matches "sha256" "*" { log "${part.sha256}"; } } }
      """
    // The content, and the 64 digits of its digest.
    let enough = try TestPolicy.session(
      source, limits: Self.limits { $0.decodedSpaceBytesMax = 10 + 64 })
    #expect(enough.endOfMessage(Self.encoded).isUndecided)
    #expect(
      enough.logged == ["c775e7b757ede630cd0aa1113bd102661ab38829ca52a6422ab782862f268646"])
    let short = try TestPolicy.session(
      source, limits: Self.limits { $0.decodedSpaceBytesMax = 9 })
    let verdict = short.endOfMessage(Self.encoded).verdict
    #expect(verdict?.kind == .tempfail && verdict?.cause == .failure(.limit))
  }

  @Test func aSizeThatIsNotKnownIsNotZero() throws {
    let source = "phase part { rule \"s\" { if part :over \"size\" 8 { reject \"large\"; } } }"
    let enough = try TestPolicy.session(
      source, limits: Self.limits { $0.decodedSpaceBytesMax = 10 })
    #expect(enough.endOfMessage(Self.encoded).verdict?.kind == .reject)
    let short = try TestPolicy.session(
      source, limits: Self.limits { $0.decodedSpaceBytesMax = 9 })
    let verdict = short.endOfMessage(Self.encoded).verdict
    #expect(verdict?.kind == .tempfail && verdict?.cause == .failure(.limit))
  }

  // MARK: Records

  private static let threeLogs = """
    phase mail { rule "l" { log "one"; log "two"; addheader "X-Three" "3"; } }
    """

  @Test func records() throws {
    let enough = try TestPolicy.session(
      Self.threeLogs, limits: Self.limits { $0.recordsMax = 3 })
    #expect(enough.mail("<a@example.net>").isUndecided)
    let short = try TestPolicy.session(Self.threeLogs, limits: Self.limits { $0.recordsMax = 2 })
    #expect(short.mail("<a@example.net>").verdict?.trap == .tooManyRecords(limit: 2))
  }

  @Test func recordBytes() throws {
    let enough = try TestPolicy.session(
      Self.threeLogs, limits: Self.limits { $0.recordBytesMax = 6 })
    #expect(enough.mail("<a@example.net>").isUndecided)
    enough.resetMessage()
    #expect(enough.mail("<a@example.net>").isUndecided)
    let short = try TestPolicy.session(
      Self.threeLogs, limits: Self.limits { $0.recordBytesMax = 5 })
    #expect(short.mail("<a@example.net>").verdict?.trap == .recordsTooLong(bytesMax: 5))
  }

  @Test func traceEvents() throws {
    func events(_ most: Int) throws -> Int {
      let session = try TestPolicy.session(
        Self.threeLogs, limits: Self.limits { $0.traceEventsMax = most }, isTraced: true)
      #expect(session.mail("<a@example.net>").isUndecided)
      return session.takeTrace().count
    }
    let all = try events(1_000)
    #expect(all > 4)
    #expect(try events(all) == all)
    #expect(try events(all - 1) == all - 1)
  }

  @Test func checks() throws {
    let source = """
      on_error :dns "tempfail";
      phase connect { rule "c" { if dnsbl ["a.example", "b.example"] { log "l"; } } }
      """
    let enough = try TestPolicy.session(source, limits: Self.limits { $0.checksMax = 2 })
    #expect(enough.connect().requests.count == 2)
    let short = try TestPolicy.session(source, limits: Self.limits { $0.checksMax = 1 })
    #expect(short.connect().verdict?.trap == .tooManyChecks(limit: 1))
  }

  /// One recipient too many comes again; the others get the message, with its own questions.
  @Test func checksOfRecipients() throws {
    let source = """
      on_error :callout "tempfail" :dns "tempfail";
      phase rcpt { rule "r" { if recipient_known "${rcpt}" { log "known"; } } }
      phase data { rule "d" { if hashbl "a.example" "${sender}" { log "listed"; } } }
      """
    let limits = Self.limits {
      $0.checksMax = 1
      $0.recipientChecksMax = 2
    }
    let session = try TestPolicy.session(source, limits: limits)
    _ = session.mail("<a@b.example>")
    for name in ["x", "y"] {
      let asked = try #require(session.recipient("<\(name)@example.com>").requests.first)
      #expect(session.answer(asked.id, .failed(.callout, reason: "away"))?.verdict?.trap == nil)
    }
    let verdict = session.recipient("<z@example.com>").verdict
    #expect(verdict?.trap == .tooManyChecks(limit: 2))
    #expect(verdict?.reach == .recipient)
    #expect(session.data().requests.count == 1)
  }

  // MARK: All of them

  /// Each trap has a sentence; a misplaced question cannot be asked by a verified program.
  @Test func trapsSpeak() {
    let traps: [Trap] = [
      .outOfFuel(limit: 1), .spaceFull(name: "run", bytesMax: 1), .tooManyRecords(limit: 1),
      .recordsTooLong(bytesMax: 1), .tooManyChecks(limit: 1), .misplaced("a part"),
    ]
    #expect(Set(traps.map(\.message)).count == traps.count)
  }
}
