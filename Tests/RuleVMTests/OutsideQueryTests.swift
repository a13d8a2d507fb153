// Scanners, ARC and the caps on what is read, asked by rules.

import MailMessage
import RuleBytecode
import Testing

@testable import RuleVM

struct OutsideQueryTests {
  private static let scanner = #"scanner :clamd "unix:/run/clamd" "av";"#
  private static let sealers =
    #"table :inline ["lists.example"] :type "domain" "sealers";"#

  private static func scan(
    _ test: String, _ outcome: Outcome, in phase: Phase = .eom, _ fields: [String: String]
  ) -> OwnCase {
    OwnCase(
      test, outcome, in: phase, before: scanner, answers: [.scan: [.fields(fields)]])
  }

  static let scans = [
    scan(#"scan "av""#, .yes, ["result": "infected", "name": "Eicar"]),
    scan(#"scan "av""#, .yes, ["result": "spam", "score": "7"]),
    scan(#"scan "av""#, .no, ["result": "ham", "score": "7"]),
    scan(#"scan "av""#, .no, ["result": "suspicious"]),
    scan(#"scan "av""#, .no, ["result": "clean"]),
    scan(#"scan "av""#, .no, in: .message, ["result": "clean"]),
    scan(#"scan "av""#, .yes, in: .part, ["result": "infected"]),
    scan(#"scan :parts "av""#, .yes, ["result": "infected"]),
    // A score in place of the scanner's own threshold; a virus needs none.
    scan(#"scan :over "6.5" "av""#, .yes, ["result": "ham", "score": "6.6"]),
    scan(#"scan :over "6.5" "av""#, .no, ["result": "spam", "score": "6.5"]),
    scan(#"scan :over "6.5" "av""#, .no, ["result": "spam"]),
    scan(#"scan :over "99" "av""#, .yes, ["result": "infected", "score": "1"]),
    scan(#"scan :over "${sender.local}" "av""#, .no, ["result": "spam", "score": "9"]),
    scan(#"scan "av""#, .failed(.limit), ["result": "too-big"]),
    scan(#"scan "av""#, .failed(.scanner), ["result": "who knows"]),
    scan(#"string "${scan.av.name}" "Eicar""#, .yes, ["result": "infected", "name": "Eicar"]),
    scan(#"string "${scan.av.stars}" "*******""#, .yes, ["result": "spam", "score": "7.9"]),
    scan(#"fact "scan.av.score""#, .no, ["result": "clean"]),
    OwnCase(#"scan "av""#, .failed(.scanner), before: scanner),
    OwnCase(#"failed scan "av""#, .yes, before: scanner),
  ]

  private static func chain(
    _ test: String, _ outcome: Outcome, _ fields: [String: String]
  ) -> OwnCase {
    OwnCase(test, outcome, before: sealers, answers: [.arc: [.fields(fields)]])
  }

  static let chains = [
    chain(#"arc "pass""#, .yes, ["result": "pass"]),
    chain(#"arc ["none", "fail"]"#, .no, ["result": "pass"]),
    chain(#"arc :sealer "table:sealers""#, .yes, ["result": "pass", "sealer": "m.lists.example"]),
    chain(#"arc :sealer "table:sealers""#, .no, ["result": "pass", "sealer": "other.example"]),
    chain(#"arc :sealer "table:sealers""#, .no, ["result": "fail", "sealer": "lists.example"]),
    chain(#"arc "fail""#, .failed(.dns), ["result": "temperror"]),
    chain(#"string "${arc.result}" "none""#, .yes, ["result": "none"]),
  ]

  @Test(arguments: scans + chains) func saysWhatItWasTold(_ one: OwnCase) throws {
    try one.check()
  }

  // MARK: Caps

  private static let parts = """
    Content-Type: multipart/mixed; boundary=b

    --b

    one
    --b

    two
    --b--

    """

  /// At the limit and one past it; `continue` lets the rules run.
  @Test(arguments: [
    ("limits :parts 3;", "limit_hit", false), ("limits :parts 2;", "limit_hit", true),
    ("limits :parts 2;", #"limit_hit "parts""#, true),
    ("limits :parts 2;", #"limit_hit ["depth", "headers"]"#, false),
    ("limits :depth 1;", #"limit_hit "depth""#, false),
    ("limits :headers 1;", #"limit_hit "headers""#, false),
    ("limits :message_bytes 76;", #"limit_hit "message-bytes""#, false),
    ("limits :message_bytes 75;", #"limit_hit "message-bytes""#, true),
    ("limits :parts 2 :message_bytes 75;", #"limit_hit ["message-bytes", "parts"]"#, true),
  ])
  func capsAreThoseOfThePolicy(limits: String, test: String, isHit: Bool) throws {
    #expect(Self.parts.mailBytes.count == 76)
    let session = try TestPolicy.session(
      """
      on_error :limit "continue";
      \(limits)
      phase eom { rule "r" { if \(test) { log "hit"; } else { log "not"; } } }
      """)
    _ = session.mail("<a@b.example>")
    #expect(session.endOfMessage(Self.parts).isUndecided)
    #expect(session.logged == [isHit ? "hit" : "not"])
  }

  /// What is stated for `:limit` answers before any rule.
  @Test func capsAnswerByThemselves() throws {
    let session = try TestPolicy.session(
      #"limits :parts 2; phase eom { rule "r" { log "runs"; } }"#)
    _ = session.mail("<a@b.example>")
    #expect(session.endOfMessage(Self.parts).verdict?.cause == .failure(.limit))
    #expect(session.logged == [])
  }

  /// As many questions as the policy allows, and one more.
  @Test(arguments: [("limits :checks 2;", false), ("limits :checks 1;", true)])
  func checksHaveTheirLimit(limits: String, isTrapped: Bool) throws {
    let session = try TestPolicy.session(
      """
      on_error :dns "continue"; \(limits)
      phase mail { rule "r" { if anyof (dnsbl "a.example", dnsbl "b.example") { log "x"; } } }
      """)
    let first = try #require(session.mail("<a@b.example>").requests.first)
    let next = try #require(session.answer(first.id, .values([])))
    if isTrapped {
      #expect(next.verdict?.trap == .tooManyChecks(limit: 1))
    } else {
      #expect(next.requests.map(\.name) == ["b.example"])
    }
  }

  /// The reader's and the machine's own limits are what a policy is told that they are.
  @Test func limitsAreWhatTheyAreSaidToBe() {
    let (mail, machine) = (MailLimits(), MachineLimits())
    let real: [LimitName: Int] = [
      .parts: mail.partsMax, .depth: mail.depthMax, .headers: mail.headersMax,
      .headerBytes: mail.headerBytesMax, .parameters: mail.parametersMax,
      .decodedBytes: machine.decodedSpaceBytesMax, .checks: machine.checksMax,
      .records: machine.recordsMax,
    ]
    for (name, value) in real { #expect(name.most == value, "\(name.name)") }
    let names = Set(LimitName.allCases.filter(\.isOfMessage).map(\.name))
    #expect(names.isSuperset(of: MailLimit.allCases.map(\.name)))
  }
}
