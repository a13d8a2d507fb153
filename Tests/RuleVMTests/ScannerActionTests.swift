// What scanners are followed by: their changes of the header, which must not break a message, and
// what they are to learn.

import MailEdits
import RuleBytecode
import Testing

@testable import RuleVM

struct ScannerActionTests {
  private static let mail =
    "Received: by a\nFrom: ann@b.example\nX-Spam: no\nX-Spam: maybe\n\ntext\n"

  private static func session(
    _ rules: String, recipients: [String] = ["c@d.example"]
  ) throws -> PolicySession {
    let session = try TestPolicy.session(
      """
      require "variables"; on_error :scanner "tempfail" :limit "tempfail" :store "tempfail";
      on_mixed :reject "deliver" :tempfail "deliver";
      scanner :rspamd "unix:/run/rspamd" "r"; scanner :spamd "unix:/run/spamd" "s";
      store :directory "/s" "s";
      \(rules)

      """)
    _ = session.mail("<a@b.example>")
    for recipient in recipients { _ = session.recipient("<\(recipient)>") }
    return session
  }

  /// The message as it goes on, after the one question was answered.
  private static func delivered(
    _ rules: String, _ edits: [ScanHeaderEdit], isAsked: Bool = true
  ) throws -> (text: String, session: PolicySession) {
    let session = try session(rules)
    var result = session.endOfMessage(mail.mailBytes)
    if isAsked {
      let request = try #require(result.requests.first)
      let fields = ["result": "ham", "headers": ScanHeaderEdits.text(edits)]
      result = try #require(session.answer(request.id, .fields(fields)))
    }
    guard case .finished(let outcome) = session.finish(result.verdict) else {
      throw PolicyMistake(description: "an errand")
    }
    let message = try #require(session.message)
    let bytes = session.editPlan(for: outcome).apply(to: message).bytes()
    return (String(decoding: bytes, as: UTF8.self).replacing("\r\n", with: "\n"), session)
  }

  private static let apply = #"phase eom { rule "r" { apply_scan_headers "r"; } }"#

  static let changes: [([ScanHeaderEdit], String)] = [
    (
      [.add(name: "X-Last", value: "1", position: nil)],
      "\(top)X-Spam: no\nX-Spam: maybe\nX-Last: 1\n"
    ),
    (
      [.add(name: "X-First", value: "1", position: 0)],
      "X-First: 1\n\(top)X-Spam: no\nX-Spam: maybe\n"
    ),
    (
      [.add(name: "X-In", value: "1", position: 1)],
      "Received: by a\nX-In: 1\nFrom: ann@b.example\nX-Spam: no\nX-Spam: maybe\n"
    ),
    ([.remove(name: "x-spam", occurrence: 0)], top),
    ([.remove(name: "X-Spam", occurrence: 1)], "\(top)X-Spam: maybe\n"),
    ([.remove(name: "X-Spam", occurrence: -1)], "\(top)X-Spam: no\n"),
    ([.remove(name: "X-Spam", occurrence: 3)], "\(top)X-Spam: no\nX-Spam: maybe\n"),
    (
      [.remove(name: "X-Spam", occurrence: 0), .add(name: "X-Spam", value: "yes", position: nil)],
      "\(top)X-Spam: yes\n"
    ),
    // A line more would be a field of the scanner's own making, an empty one the end of the header.
    (
      [.add(name: "X-A", value: "1\r\n\r\nBcc: x@y", position: nil)],
      "\(top)X-Spam: no\nX-Spam: maybe\nX-A: 1 Bcc: x@y\n"
    ),
    ([.add(name: "X A", value: "1", position: nil)], "\(top)X-Spam: no\nX-Spam: maybe\n"),
    ([.add(name: "X\r\nA", value: "1", position: nil)], "\(top)X-Spam: no\nX-Spam: maybe\n"),
    ([.add(name: "", value: "1", position: nil)], "\(top)X-Spam: no\nX-Spam: maybe\n"),
    // What says what the body is, and where the message has been.
    (
      [
        .add(name: "Content-Type", value: "multipart/mixed; boundary=x", position: nil),
        .add(name: "MIME-Version", value: "1.0", position: nil),
        .remove(name: "received", occurrence: 0),
      ], "\(top)X-Spam: no\nX-Spam: maybe\n"
    ),
  ]

  private static let top = "Received: by a\nFrom: ann@b.example\n"

  @Test(arguments: changes)
  func headerChangesAreEdits(_ edits: [ScanHeaderEdit], _ header: String) throws {
    #expect(try Self.delivered(Self.apply, edits).text == header + "\ntext\n")
  }

  @Test func laterTestsSeeThem() throws {
    let rules = """
      phase eom {
        rule "r" { apply_scan_headers "r"; }
        rule "see" { if header :is "X-Spam" "yes" { log "seen"; } }
        rule "gone" { if not header :is "X-Spam" "maybe" { log "gone"; } }
      }
      """
    let edits: [ScanHeaderEdit] = [
      .remove(name: "X-Spam", occurrence: 2), .add(name: "X-Spam", value: "yes", position: 0),
    ]
    #expect(try Self.delivered(rules, edits).session.logged == ["seen", "gone"])
  }

  /// Before the scanner can be asked it is only noted; the end goes by what a later rule asked.
  @Test(arguments: [
    (
      #"phase eom { rule "r" { if scan "r" { stop; } } }"#,
      true
    ),
    (
      #"phase eom { rule "r" { if scan "r" { discard; } } }"#,
      true
    ),
    (
      #"phase eom { rule "r" { log "x"; } }"#,
      false
    ),
  ])
  func ordersBeforeTheScanWaitForIt(_ rules: String, _ isAsked: Bool) throws {
    let early = #"phase mail { rule "m" { apply_scan_headers "r"; } } "#
    let edits = [ScanHeaderEdit.add(name: "X-Late", value: "1", position: nil)]
    let played = try Self.delivered(early + rules, edits, isAsked: isAsked)
    #expect(played.text.contains("X-Late: 1") == isAsked)
  }

  /// What a scanner says of a part is about no header of the message.
  @Test func aScanOfAPartLeavesThemAlone() throws {
    let session = try Self.session(
      #"phase part { rule "p" { if scan "r" { log "p"; } } } "# + Self.apply)
    let part = try #require(session.endOfMessage(Self.mail.mailBytes).requests.first)
    let wrong = [ScanHeaderEdit.add(name: "X-Part", value: "1", position: nil)]
    let fields = ["result": "clean", "headers": ScanHeaderEdits.text(wrong)]
    let whole = try #require(session.answer(part.id, .fields(fields))?.requests.first)
    #expect(whole.arguments == ["r", "message"])
    let result = session.answer(whole.id, .fields(["result": "clean"]))
    #expect(result?.verdict == nil)
    #expect(session.editPlan.isEmpty)
  }

  @Test func whatIsOnlyObservedChangesNothing() throws {
    let rules = #"phase eom { rule :mode "observe" "r" { apply_scan_headers "r"; } }"#
    let edits = [ScanHeaderEdit.add(name: "X-Late", value: "1", position: nil)]
    let played = try Self.delivered(rules, edits)
    #expect(!played.text.contains("X-Late"))
    #expect(played.session.decisions.observed.map(\.action) == ["apply_scan_headers"])
  }

  // MARK: Learning

  private static func lessons(_ end: MessageEnd) -> [LearningErrand] {
    guard case .waiting(let requests) = end else { return [] }
    return (requests.first?.errands?.errands ?? []).compactMap { errand in
      if case .learn(let lesson) = errand.work { lesson } else { nil }
    }
  }

  private static func end(
    _ body: String, isTruncated: Bool = false
  ) throws -> (session: PolicySession, end: MessageEnd) {
    let session = try session("phase eom { rule \"r\" { \(body) } }")
    let verdict = session.endOfMessage(mail.mailBytes, isTruncated: isTruncated).verdict
    return (session, session.finish(verdict))
  }

  static let spam = LearningErrand(scanner: "r", isSpam: true)

  static let taught: [(String, [LearningErrand])] = [
    (#"train :spam "r";"#, [spam]),
    (#"train :ham "r";"#, [LearningErrand(scanner: "r", isSpam: false)]),
    (#"train :spam "r"; train :spam "r";"#, [spam]),
    (
      #"train :ham "r"; train :spam "s"; train :spam "r";"#,
      [spam, .init(scanner: "s", isSpam: true)]
    ),
    (#"train :spam "r"; reject "no";"#, [spam]), (#"train :spam "r"; discard;"#, [spam]),
    (#"train :spam "r"; quarantine;"#, []),
    // It comes again.
    (#"train :spam "r"; tempfail "later";"#, []), (#"log "nothing";"#, []),
  ]

  @Test(arguments: taught)
  func lessonsAreHandedOver(_ body: String, _ expected: [LearningErrand]) throws {
    #expect(Self.lessons(try Self.end(body).end) == expected)
  }

  /// Behind all that must last, and whatever comes of it, the message's fate stands.
  @Test func lessonsComeLast() throws {
    let (session, first) = try Self.end(#"train :spam "r"; save_copy :store "s";"#)
    #expect(Self.lessons(first).isEmpty)
    guard case .waiting(let requests) = first else { throw PolicyMistake(description: "no copy") }
    let second = try #require(session.answerErrands(requests[0].id, .errands([.done])))
    #expect(Self.lessons(second) == [Self.spam])
    guard case .waiting(let last) = second else { throw PolicyMistake(description: "no lesson") }
    let end = session.answerErrands(last[0].id, .errands([.failed(reason: "x")]))
    guard case .finished(let outcome) = end else { throw PolicyMistake(description: "waits") }
    #expect(outcome.fate == .accept)
  }

  @Test func halfAMessageTeachesNothing() throws {
    let rules = #"on_error :limit "continue"; phase eom { rule "r" { train :spam "r"; } }"#
    let session = try Self.session(rules.replacing(#"on_error :limit "continue";"#, with: ""))
    let verdict = session.endOfMessage(Self.mail.mailBytes, isTruncated: true).verdict
    #expect(Self.lessons(session.finish(verdict)).isEmpty)
  }
}
