// What the end of a message orders to be kept or sent, and what each failure answer makes of an
// errand that cannot be carried out.

import MailEdits
import MailMessage
import RuleBytecode
import Testing

@testable import RuleVM

@Suite struct ErrandTests {
  static let mixed =
    "From: ann@example.net\nSubject: =?utf-8?q?gr=C3=BC=C3=9Fe?=\nMessage-ID: <1@example.net>\n"
    + "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\ntext\n"
    + "--b\nContent-Type: application/x-thing; name=\"a b.exe\"\n"
    + "Content-Transfer-Encoding: base64\n\naGVsbG8=\n--b--\n"

  /// A session whose rules have ended, with the verdict they gave.
  static func ended(
    _ source: String, recipients: [String] = ["bob@example.com", "eve@example.com"]
  ) throws -> (session: PolicySession, verdict: Verdict?) {
    let session = try TestPolicy.session(source)
    session.set(.clientName, "host.example".utf8)
    _ = session.helo("helo.example")
    _ = session.mail("<ann@example.net>")
    for recipient in recipients { _ = session.recipient("<\(recipient)>") }
    return (session, session.endOfMessage(mixed).verdict)
  }

  /// In `eom`, or for part edits in `part` on the one that is no text.
  private static func rules(_ body: String, _ answers: String = "", part: Bool = false) -> String {
    let declared =
      "store :directory \"/s\" :url \"https://x.example/f/\" :expire 60 \"s\";"
      + " program [\"/bin/x\", \"-a\"] :timeout 3 \"p\"; settings :admin \"root@example.com\";"
    let rule = "rule \"r\" { \(answers) \(part ? "if part :is \"name\" \"a b.exe\" {" : "") \(body)"
    return declared + " phase \(part ? "part" : "eom") { \(rule) } \(part ? "}" : "") }"
  }

  private static func works(_ end: MessageEnd) -> [Errand.Work] {
    guard case .waiting(let requests) = end else { return [] }
    return requests.first?.errands?.errands.map(\.work) ?? []
  }

  private static func answer(
    _ session: PolicySession, _ end: MessageEnd, _ results: ErrandResult...
  ) throws -> MessageEnd {
    guard case .waiting(let requests) = end else { return end }
    return try #require(session.answerErrands(requests[0].id, .errands(results)))
  }

  private static func outcome(_ end: MessageEnd) -> RuleVM.Outcome? {
    if case .finished(let outcome) = end { outcome } else { nil }
  }

  @Test func aMessageWithoutErrandsIsFinishedAtOnce() throws {
    let (session, verdict) = try Self.ended("phase eom { rule \"r\" { addheader \"X\" \"y\"; } }")
    #expect(Self.outcome(session.finish(verdict))?.fate == .accept)
    #expect(!session.awaitsErrands)
  }

  @Test func whatIsKnownOfTheMessageGoesWithIt() throws {
    let (session, verdict) = try Self.ended(Self.rules("quarantine \"why\";"))
    guard case .waiting(let requests) = session.finish(verdict) else {
      Issue.record("nothing waits")
      return
    }
    let order = try #require(requests[0].errands)
    #expect(requests[0].kind == .errands)
    #expect(order.message == Self.mixed.mailBytes)
    #expect(order.mail.sender == "ann@example.net")
    #expect(order.mail.recipients == ["bob@example.com", "eve@example.com"])
    #expect(order.mail.clientAddress == "192.0.2.7")
    #expect(order.mail.clientName == "host.example")
    #expect(order.mail.helo == "helo.example")
    #expect(order.mail.subject == "grüße")
    #expect(order.mail.messageID == "<1@example.net>")
    #expect(order.mail.admin == "root@example.com")
    #expect(
      order.errands == [
        Errand(
          .quarantine(
            QuarantineErrand(
              id: "S1-1", reason: "why", recipients: ["bob@example.com", "eve@example.com"],
              isCopy: false)), rule: "r", isDecisive: true)
      ])
  }

  static let part = PartCopy(
    path: "1.2", name: "a b.exe", type: "application/x-thing", content: Array("hello".utf8),
    raw: Array(
      ("Content-Type: application/x-thing; name=\"a b.exe\"\r\n"
        + "Content-Transfer-Encoding: base64\r\n\r\naGVsbG8=").utf8))
  static let digest = SHA256.digest(of: Array("hello".utf8)).hex
  static let store = StorePlace(
    name: "s", directory: "/s", url: "https://x.example/f/", expireSeconds: 60)

  @Test(arguments: [
    (
      "quarantine :copy \"seen\";", false,
      Errand.Work.quarantine(
        QuarantineErrand(
          id: "S1-1", reason: "seen", recipients: ["bob@example.com", "eve@example.com"],
          isCopy: true))
    ),
    // Refused, and kept all the same.
    (
      "quarantine :copy; reject \"no\";", false,
      .quarantine(
        QuarantineErrand(
          id: "S1-1", reason: "r", recipients: ["bob@example.com", "eve@example.com"],
          isCopy: true))
    ),
    (
      "quarantine :part \"exe\";", true,
      .quarantine(
        QuarantineErrand(
          id: "S1-1", reason: "exe", recipients: ["bob@example.com", "eve@example.com"],
          isCopy: true, part: part))
    ),
    ("save_copy :store \"s\";", false, .copy(store)),
    // Two rules' worth of it is one copy.
    ("save_copy :store \"s\"; save_copy :store \"s\";", false, .copy(store)),
    (
      "replace_with_link :store \"s\" \"at ${link.url}\";", true,
      .link(
        LinkErrand(
          store: store,
          place: LinkPlace(
            digest: digest, file: "a%20b.exe", url: "https://x.example/f/\(digest)/a%20b.exe"),
          part: part))
    ),
    (
      "filter_program \"p\";", true,
      .filter(
        FilterErrand(
          program: "p", words: ["/bin/x", "-a"], timeoutSeconds: 3,
          content: Array("hello".utf8)))
    ),
    (
      "for_each_rcpt { if string :is \"${rcpt.local}\" \"eve\" { quarantine; } }", false,
      .quarantine(
        QuarantineErrand(
          id: "S1-1", reason: "r", recipients: ["eve@example.com"], isCopy: false))
    ),
  ])
  func eachCommandIsOneErrand(body: String, isOfPart: Bool, work: Errand.Work) throws {
    let (session, verdict) = try Self.ended(Self.rules(body, part: isOfPart))
    #expect(Self.works(session.finish(verdict)) == [work])
  }

  @Test func aNoticeIsSentWhenAllElseIsSafe() throws {
    let (session, verdict) = try Self.ended(
      Self.rules("notify :admin :subject \"held\" \"It was ${quarantine.id}.\"; quarantine;"))
    let first = session.finish(verdict)
    #expect(Self.works(first).count == 1)
    let second = try Self.answer(session, first, .done)
    var notice = Notice(
      to: .admin, address: "root@example.com", subject: "held", texts: ["It was ."],
      rules: ["r"])
    guard case .notice(let sent) = Self.works(second).first else {
      Issue.record("\(second)")
      return
    }
    notice.wishes = sent.wishes
    #expect(sent == notice)
    let outcome = Self.outcome(try Self.answer(session, second, .done))
    #expect(outcome?.fate == .quarantine)
  }

  /// A recipient refused in its turn is held where `on_mixed` says so.
  @Test func onMixedHolds() throws {
    let (session, verdict) = try Self.ended(
      "on_mixed :reject \"quarantine\"; phase eom { rule \"r\" { for_each_rcpt {"
        + " if string :is \"${rcpt.local}\" \"eve\" { reject \"no such file\"; } } } }")
    let end = session.finish(verdict)
    #expect(
      Self.works(end) == [
        .quarantine(
          QuarantineErrand(
            id: "S1-1", reason: "no such file", recipients: ["eve@example.com"],
            isCopy: false))
      ])
    #expect(Self.outcome(try Self.answer(session, end, .done))?.envelope.removed == [1])
  }

  /// A copy for somebody else goes by submission where the mail server does not get the message.
  @Test(arguments: [("reject \"no\";", 1), ("discard;", 1), ("tempfail \"later\";", 0), ("", 0)])
  func redirectedCopiesOutliveARefusal(verdict: String, count: Int) throws {
    let (session, verdict) = try Self.ended(
      Self.rules("redirect :copy \"audit@example.com\"; \(verdict)"))
    let works = Self.works(session.finish(verdict))
    let copy = Errand.Work.send(
      sender: "ann@example.net", recipients: ["audit@example.com"],
      message: Self.mixed.mailBytes)
    #expect(works == Array(repeating: copy, count: count))
  }

  // MARK: Own copies

  @Test func whoseMessageDiffersGetsACopy() throws {
    let (session, verdict) = try Self.ended(
      "phase eom { rule \"r\" { addheader \"X-All\" \"1\"; for_each_rcpt :split {"
        + " if string :is \"${rcpt.local}\" \"eve\" { addheader \"X-Own\" \"1\"; } } } }")
    let end = session.finish(verdict)
    guard case .send("ann@example.net", ["eve@example.com"], let bytes) = Self.works(end).first
    else {
      Issue.record("\(end)")
      return
    }
    let text = String(decoding: bytes, as: UTF8.self)
    #expect(text.contains("X-Own: 1\r\n") && text.contains("X-All: 1\r\n"))
    let outcome = try #require(Self.outcome(try Self.answer(session, end, .done)))
    #expect(outcome.envelope.removed == [1])
    #expect(session.editPlan(for: outcome).headerEdits.count == 1)
  }

  /// Nobody gets it as it is: the first one's own edits are made to the message itself.
  @Test func theOnlyRecipientNeedsNoCopy() throws {
    let (session, verdict) = try Self.ended(
      "phase eom { rule \"r\" { for_each_rcpt :split { addheader \"X-Own\" \"${rcpt}\"; } } }",
      recipients: ["eve@example.com"])
    let outcome = try #require(Self.outcome(session.finish(verdict)))
    #expect(outcome.editedFor == 0 && outcome.envelope.isEmpty)
    #expect(session.editPlan(for: outcome).headerEdits.count == 1)
  }

  /// Half a message is not kept as if it were all.
  @Test(arguments: [("tempfail", RuleVM.Outcome.Fate.tempfail), ("continue", .accept)])
  func aMessageThatWasCutIsNotKept(answer: String, fate: RuleVM.Outcome.Fate) throws {
    let session = try TestPolicy.session(
      "on_error :limit \"continue\"; phase eom { rule \"r\" { on_error :limit \"\(answer)\";"
        + " quarantine; } }")
    _ = session.mail("<ann@example.net>")
    _ = session.recipient("<bob@example.com>")
    let verdict = session.endOfMessage(Self.mixed.mailBytes, isTruncated: true).verdict
    #expect(Self.outcome(session.finish(verdict))?.fate == fate)
  }

  // MARK: Failures

  @Test(arguments: [
    ("", RuleVM.Outcome.Fate.tempfail), ("on_error :store \"tempfail\";", .tempfail),
    ("on_error :store \"reject\";", .reject), ("on_error :store \"accept\";", .accept),
    ("on_error :store \"continue\";", .accept),
    // Where nothing can be stored nothing can be held.
    ("on_error :store \"quarantine\";", .tempfail),
  ])
  func aBrokenStoreIsAnswered(answers: String, fate: RuleVM.Outcome.Fate) throws {
    for body in [
      "quarantine;", "quarantine :copy;", "save_copy :store \"s\";",
      "for_each_rcpt { quarantine; }",
    ] {
      let (session, verdict) = try Self.ended(Self.rules(body, answers))
      let end = try Self.answer(session, session.finish(verdict), .failed(reason: "disk full"))
      let outcome = try #require(Self.outcome(end), "\(body): \(end)")
      #expect(outcome.fate == fate, "\(body)")
      #expect(outcome.envelope.removed.isEmpty)
      #expect(session.decisions.failures.map(\.failure).first == .store)
      #expect(session.decisions.failures.first?.reason.hasSuffix("disk full") == true)
      #expect(session.decisions.carriedOut(outcome).isEmpty)
    }
  }

  /// A part that could not be stored is not taken out, and what stood there before it holds.
  @Test(arguments: [
    ("quarantine :part;", "aGVsbG8="),
    ("replace_with_link :store \"s\" \"at ${link.url}\";", "aGVsbG8="),
    ("replace \"gone\"; replace_with_link :store \"s\" \"at ${link.url}\";", "gone"),
  ])
  func nothingIsLostThatWasNotStored(body: String, expected: String) throws {
    let (session, verdict) = try Self.ended(
      Self.rules(body, "on_error :store \"continue\";", part: true))
    let end = try Self.answer(session, session.finish(verdict), .failed(reason: "full"))
    let outcome = try #require(Self.outcome(end))
    let message = try #require(session.message)
    let bytes = session.editPlan(for: outcome).apply(to: message).bytes()
    #expect(String(decoding: bytes, as: UTF8.self).contains(expected))
    let kept = session.decisions.carriedOut(outcome).map(\.action)
    #expect(kept == (expected == "gone" ? ["replace"] : []))
  }

  /// A broken program can hold the message: that is one more errand.
  @Test func aBrokenProgramMayQuarantine() throws {
    let (session, verdict) = try Self.ended(
      Self.rules("filter_program \"p\";", "on_error :program \"quarantine\";", part: true))
    let end = try Self.answer(session, session.finish(verdict), .failed(reason: "timeout"))
    guard case .quarantine(let kept) = Self.works(end).first else {
      Issue.record("\(end)")
      return
    }
    #expect(kept.reason == "a check failed (:program)" && !kept.isCopy)
    #expect(Self.outcome(try Self.answer(session, end, .done))?.fate == .quarantine)
  }

  @Test func whatAProgramMadeStandsInThePart() throws {
    let (session, verdict) = try Self.ended(Self.rules("filter_program \"p\";", part: true))
    let end = try Self.answer(session, session.finish(verdict), .content(Array("HELLO".utf8)))
    let outcome = try #require(Self.outcome(end))
    let message = try #require(session.message)
    let bytes = session.editPlan(for: outcome).apply(to: message).bytes()
    #expect(String(decoding: bytes, as: UTF8.self).contains("SEVMTE8="))
  }

  /// Behind one that refuses the message nothing is done, so that nothing is there twice when the
  /// message comes again.
  @Test func aRefusalEndsIt() throws {
    let (session, verdict) = try Self.ended(
      Self.rules("save_copy :store \"s\"; quarantine; notify :admin \"x\";"))
    let end = try Self.answer(
      session, session.finish(verdict), .failed(reason: "full"), .skipped)
    let outcome = try #require(Self.outcome(end))
    #expect(outcome.fate == .tempfail && outcome.cause == .failure(.store))
    #expect(outcome.rule == "r")
  }

  @Test func whatWasLeftOutIsAskedForAgain() throws {
    let (session, verdict) = try Self.ended(
      Self.rules("save_copy :store \"s\"; quarantine;", "on_error :store \"continue\";"))
    let end = try Self.answer(
      session, session.finish(verdict), .failed(reason: "full"), .skipped)
    #expect(Self.works(end).count == 1)
    #expect(Self.outcome(try Self.answer(session, end, .done))?.fate == .quarantine)
  }

  @Test func theDeadlineIsAFailure() throws {
    let (session, verdict) = try Self.ended(Self.rules("quarantine;"))
    let end = session.finish(verdict)
    let late = try #require(session.expireErrands())
    #expect(Self.outcome(late)?.fate == .tempfail)
    guard case .waiting(let requests) = end else { return }
    #expect(session.answerErrands(requests[0].id, .errands([.done])) == nil)
    #expect(session.expireErrands() == nil)
  }

  /// The answer to a message that is over, for the next one.
  @Test func anAnswerOfTheMessageBeforeIsNone() throws {
    let (session, verdict) = try Self.ended(Self.rules("quarantine;"))
    guard case .waiting(let requests) = session.finish(verdict) else { return }
    session.resetMessage()
    _ = session.mail("<ann@example.net>")
    _ = session.recipient("<bob@example.com>")
    let next = session.endOfMessage(Self.mixed).verdict
    _ = session.finish(next)
    #expect(session.answerErrands(requests[0].id, .errands([.done])) == nil)
    #expect(session.awaitsErrands)
  }

  /// RFC 7352 §3: noted last, once each, and only for a message that is taken; that it could not be
  /// noted refuses nothing.
  @Test(arguments: [
    ("addheader \"X\" \"y\";", [["", "604800", "", "<1@example.net>"], ["h", "9", "last", "v"]]),
    ("discard;", [["", "604800", "", "<1@example.net>"], ["h", "9", "last", "v"]]),
    ("tempfail \"later\";", []), ("reject \"no\";", []),
  ])
  func duplicatesAreNotedWhenTheMessageIsTaken(end: String, notes: [[String]]) throws {
    let session = try TestPolicy.session(
      """
      on_error :store "tempfail";
      phase headers {
        rule :mode "observe" "o" { if duplicate :handle "observed" { log "seen"; } }
        rule "a" { if duplicate { log "seen"; } }
        rule "b" { if duplicate :handle "h" :seconds 9 :last :uniqueid "v" { log "seen"; } }
      }
      phase eom { rule "e" { if not duplicate { \(end) } } }
      """)
    _ = session.helo("helo.example")
    _ = session.mail("<ann@example.net>")
    _ = session.recipient("<bob@example.com>")
    let header = Self.mixed.mailBytes
    var result = session.headers(header)
    while case .waiting(let requests) = result {
      result = try #require(session.answer(requests[0].id, .truth(false)))
    }
    let verdict = session.endOfMessage(header).verdict
    let finished = session.finish(verdict)
    #expect(Self.works(finished) == notes.map { .noteDuplicate($0) })
    guard !notes.isEmpty else { return }
    let results = Array(repeating: ErrandResult.failed(reason: "full"), count: notes.count)
    guard case .waiting(let requests) = finished else { return }
    let last = try #require(session.answerErrands(requests[0].id, .errands(results)))
    #expect(Self.outcome(last)?.fate == (end == "discard;" ? .discard : .accept))
  }
}
