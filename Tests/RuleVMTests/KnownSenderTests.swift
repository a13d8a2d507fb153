// `sender_known` by its answers, and who is noted of a message that is accepted.

import RuleBytecode
import Testing

@testable import RuleVM

struct KnownSenderTests {
  private static func known(
    _ test: String, _ outcome: Outcome, _ fields: [String: String]
  ) -> OwnCase { OwnCase(test, outcome, answers: [.knownSender: [.fields(fields)]]) }

  private static let day = 86_400

  static let cases = [
    known("sender_known", .no, ["count": "0"]),
    known("sender_known", .yes, ["count": "1", "first": "5"]),
    known("sender_known", .yes, ["count": "0", "wrote": "5"]),
    known("sender_known :messages 3", .no, ["count": "2", "first": "5", "wrote": "5"]),
    known("sender_known :messages 3", .yes, ["count": "3", "first": "5"]),
    known("sender_known :days 7", .no, ["count": "9", "first": "\(7 * day - 1)"]),
    known("sender_known :days 7", .yes, ["count": "1", "first": "\(7 * day)"]),
    known("sender_known :days 7 :messages 2", .no, ["count": "1", "first": "\(7 * day)"]),
    known("sender_known :wrote", .no, ["count": "9", "first": "\(9 * day)"]),
    known("sender_known :wrote", .yes, ["count": "0", "wrote": "0"]),
    known("sender_known :messages 3 :wrote", .yes, ["count": "0", "wrote": "0"]),
    known("sender_known :messages 3 :wrote", .yes, ["count": "3"]),
    known("sender_known \"eve@example.org\"", .yes, ["count": "1"]),
    known("string \"${known.count}\" \"7\"", .yes, ["count": "7"]),
    known("fact \"known.wrote\"", .no, ["count": "7"]),
    known("fact \"known.first\"", .yes, ["count": "7", "first": "60"]),
    OwnCase("sender_known", .yes, answers: [.knownSender: [.truth(true)]]),
    OwnCase("sender_known", .no, answers: [.knownSender: [.truth(false)]]),
    OwnCase("sender_known", .failed(.store), answers: [.knownSender: [.values(["x"])]]),
    OwnCase("sender_known", .failed(.store)),
  ]

  @Test(arguments: cases) func says(_ item: OwnCase) throws { try item.check() }

  // MARK: What is noted

  struct Noted: Sendable {
    var rules = ""
    var own = true
    var sender = "ann@example.net"
    var login = ""
    var header = ""
    var end = ""
    var note: SenderNote?
  }

  private static let asks = "rule \"a\" { if sender_known { log \"x\"; } }"
  private static let out = SenderNote(to: ["eve@example.org"])

  static let noted = [
    Noted(note: SenderNote(from: "ann@example.net")),
    Noted(own: false, note: SenderNote(from: "ann@example.net")),
    Noted(own: false, login: "ann", note: SenderNote(from: "ann@example.net")),
    Noted(login: "ann", note: out),
    Noted(login: "ann", header: "Auto-Submitted: no", note: out),
    Noted(login: "ann", header: "Auto-Submitted: auto-replied", note: nil),
    Noted(header: "Auto-Submitted: auto-replied", note: SenderNote(from: "ann@example.net")),
    Noted(sender: "", note: nil),
    Noted(sender: "", login: "ann", note: nil),
    Noted(end: "reject \"no\";", note: nil),
    Noted(end: "tempfail \"no\";", note: nil),
    Noted(end: "discard;", note: nil),
    Noted(end: "hold;", note: nil),
    Noted(end: "accept;", note: SenderNote(from: "ann@example.net")),
    Noted(rules: "rule \"a\" { log \"x\"; }", note: nil),
    Noted(rules: "rule :mode \"observe\" \"a\" { if sender_known { log \"x\"; } }", note: nil),
    Noted(
      rules: "rule \"a\" { log \"${known.count}\"; }", note: SenderNote(from: "ann@example.net")),
  ]

  @Test(arguments: noted) func notes(_ item: Noted) throws {
    let own = """
      table :inline ["example.com"] :type "domain" "ours";
      own :domains "table:ours";
      """
    let session = try TestPolicy.session(
      """
      on_error :store "tempfail";
      \(item.own ? own : "")
      phase mail { \(item.rules.isEmpty ? Self.asks : item.rules) }
      phase eom { rule "end" { \(item.end.isEmpty ? "log \"end\";" : item.end) } }
      """)
    if !item.login.isEmpty { session.set(.authUser, item.login.utf8) }
    _ = session.helo("helo.example")
    var result = session.mail("<\(item.sender)>")
    while case .waiting(let requests) = result {
      result = try #require(session.answer(requests[0].id, .truth(false)))
    }
    for recipient in ["bob@example.com", "eve@example.org"] {
      _ = session.recipient("<\(recipient)>")
    }
    let field = item.header.isEmpty ? "" : item.header + "\r\n"
    let mail = Array("Subject: x\r\n\(field)\r\ntext\r\n".utf8)
    _ = session.headers(mail)
    let finished = session.finish(session.endOfMessage(mail).verdict)
    var works: [Errand.Work] = []
    if case .waiting(let requests) = finished {
      works = requests.flatMap { $0.errands?.errands.map(\.work) ?? [] }
    }
    #expect(works == (item.note.map { [.noteSenders($0)] } ?? []))
  }
}
