// What a scanner is handed: the message, or decoded parts; and that "clean" is only said of what
// was looked at.

import RuleBytecode
import Testing

@testable import RuleVM

struct ScanSubjectTests {
  private static let mail = """
    From: ann@example.com
    MIME-Version: 1.0
    Content-Type: multipart/mixed; boundary=b

    --b
    Content-Type: text/plain

    one
    --b
    Content-Type: application/octet-stream
    Content-Transfer-Encoding: base64

    dHdv
    --b
    Content-Type: application/octet-stream
    Content-Transfer-Encoding: base64

    --b--

    """

  private func session(
    _ rules: String, limits: MachineLimits = MachineLimits()
  ) throws -> PolicySession {
    let session = try TestPolicy.session(
      """
      scanner :clamd "unix:/run/clamd" "av"; on_error :scanner "tempfail" :limit "quarantine";
      \(rules)
      """, limits: limits)
    session.set(.helo, "client.example".utf8)
    _ = session.mail("<a@b.example>")
    _ = session.recipient("<c@d.example>")
    return session
  }

  private func pieces(_ request: CheckRequest) -> [String] {
    (request.subject?.pieces ?? []).map {
      "\($0.path) \(String(decoding: $0.content, as: UTF8.self))"
    }
  }

  @Test func aMessageIsHandedOverAsItCame() throws {
    let session = try session(#"phase eom { rule "r" { if scan "av" { discard; } } }"#)
    let request = try #require(session.endOfMessage(Self.mail).requests.first)
    #expect(request.arguments == ["av", "message"])
    #expect(request.subject?.message == Self.mail.mailBytes)
    #expect(request.subject?.mail.recipients == ["c@d.example"])
    #expect(request.subject?.mail.clientAddress == "192.0.2.7")
    #expect(pieces(request) == [])
  }

  @Test func partsAreHandedOverDecodedAndEmptyOnesNot() throws {
    let session = try session(#"phase eom { rule "r" { if scan :parts "av" { discard; } } }"#)
    let request = try #require(session.endOfMessage(Self.mail).requests.first)
    #expect(request.arguments == ["av", "parts"])
    #expect(pieces(request) == ["1.1 one", "1.2 two"])
  }

  @Test func eachPartIsAskedForItself() throws {
    let session = try session(#"phase part { rule "r" { if scan "av" { log "x"; } } }"#)
    var next = session.endOfMessage(Self.mail)
    var asked: [[String]] = []
    while case .waiting(let requests) = next {
      asked += requests.map { $0.arguments + pieces($0) }
      next = try #require(session.answer(requests[0].id, .fields(["result": "clean"])))
    }
    #expect(
      asked == [
        ["av", "part:1.1", "1.1 one"], ["av", "part:1.2", "1.2 two"], ["av", "part:1.3", "1.3 "],
      ])
  }

  /// The same content is looked at once, whatever readings it has.
  @Test func aContentOfTwoReadingsIsHandedOverOnce() throws {
    let mail = Self.mail.replacing("boundary=b", with: "boundary=b; boundary=c")
    let session = try session(#"phase eom { rule "r" { if scan :parts "av" { discard; } } }"#)
    let request = try #require(session.endOfMessage(mail).requests.first)
    let contents = (request.subject?.pieces ?? []).map(\.content)
    #expect(contents.contains(Array("two".utf8)))
    #expect(contents.filter { $0 == Array("two".utf8) }.count == 1)
  }

  // MARK: What was not looked at

  /// Room for the decoded part, and a byte less.
  @Test(arguments: [(3, false), (2, true)])
  func whatCannotBeDecodedIsNotClean(room: Int, isFailed: Bool) throws {
    var limits = MachineLimits()
    limits.decodedSpaceBytesMax = room
    for rules in [
      #"phase part { rule "r" { if scan "av" { discard; } } }"#,
      #"phase eom { rule "r" { if scan :parts "av" { discard; } } }"#,
    ] {
      let session = try session(rules, limits: limits)
      var next = session.endOfMessage(Self.mail)
      while case .waiting(let requests) = next {
        next = try #require(session.answer(requests[0].id, .fields(["result": "clean"])))
      }
      #expect(next == .decided(nil))
      let failures = session.decisions.failures.map(\.failure)
      #expect(failures == (isFailed ? [.limit] : []), "\(rules)")
    }
  }

  static let gaps: [(test: String, fields: [String: String], failure: FailureClass?)] = [
    (#"scan :parts "av""#, ["result": "clean", "gap": "x", "gap-class": "limit"], .limit),
    (#"scan :parts "av""#, ["result": "clean", "gap": "x", "gap-class": "scanner"], .scanner),
    // What is found is found.
    (#"scan :parts "av""#, ["result": "infected", "gap": "x", "gap-class": "limit"], nil),
    (#"scan :parts "av""#, ["result": "spam", "gap": "x", "gap-class": "limit"], nil),
    (
      #"scan :parts :over "5" "av""#,
      ["result": "spam", "score": "5", "gap": "x", "gap-class": "limit"], .limit
    ),
    (
      #"scan :parts :over "5" "av""#,
      ["result": "spam", "score": "5.1", "gap": "x", "gap-class": "limit"], nil
    ),
  ]

  @Test(arguments: gaps)
  func onlyWhatIsFoundOutweighsAGap(
    _ one: (test: String, fields: [String: String], failure: FailureClass?)
  ) throws {
    let session = try session(#"phase eom { rule "r" { if \#(one.test) { log "hit"; } } }"#)
    let request = try #require(session.endOfMessage(Self.mail).requests.first)
    _ = session.answer(request.id, .fields(one.fields))
    #expect(session.decisions.failures.first?.failure == one.failure)
    #expect(session.logged == (one.failure == nil ? ["hit"] : []))
  }

  // MARK: Header changes

  static let edits: [ScanHeaderEdit] = [
    .remove(name: "X-Spam", occurrence: 0), .remove(name: "Subject", occurrence: -1),
    .add(name: "X-Spam", value: "yes\n\tindeed", position: 0),
    .add(name: "X-Last", value: "", position: nil),
  ]

  @Test func headerChangesAreReadAsTheyWereWritten() {
    #expect(ScanHeaderEdits.edits(ScanHeaderEdits.text(Self.edits)) == Self.edits)
    #expect(ScanHeaderEdits.edits("") == [])
  }

  @Test(arguments: ["x", "+\0a\0b\0", "?\0a\0b\0\0", "-\0a\0\0one\0"])
  func whatAreNoHeaderChangesIsNotRead(_ text: String) {
    #expect(ScanHeaderEdits.edits(text) == nil)
  }

  @Test(arguments: [(ScanHeaderEdits.countMax, true), (ScanHeaderEdits.countMax + 1, false)])
  func headerChangesAreBounded(count: Int, isRead: Bool) {
    let text = ScanHeaderEdits.text([ScanHeaderEdit](repeating: Self.edits[0], count: count))
    #expect((ScanHeaderEdits.edits(text) != nil) == isRead)
  }

  @Test(arguments: [(0, true), (1, false)])
  func headerChangesAreBoundedInBytes(more: Int, isRead: Bool) {
    let frame = ScanHeaderEdits.text([.add(name: "A", value: "", position: nil)]).utf8.count
    let value = String(repeating: "x", count: ScanHeaderEdits.bytesMax - frame + more)
    let text = ScanHeaderEdits.text([.add(name: "A", value: value, position: nil)])
    #expect((ScanHeaderEdits.edits(text) != nil) == isRead)
  }

  @Test func headerChangesAreKeptWithTheMessage() throws {
    let session = try session(#"phase eom { rule "r" { if scan "av" { discard; } } }"#)
    let request = try #require(session.endOfMessage(Self.mail).requests.first)
    let fields = ["result": "ham", "headers": ScanHeaderEdits.text(Self.edits)]
    _ = session.answer(request.id, .fields(fields))
    #expect(session.machine.facts.scanHeaders == ["av": Self.edits])
    session.resetMessage()
    #expect(session.machine.facts.scanHeaders.isEmpty)
  }
}
