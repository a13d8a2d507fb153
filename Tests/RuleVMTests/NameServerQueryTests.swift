// What checks by DNS ask, and what their answers mean, where the machine has a part in it.

import RuleBytecode
import Testing

@testable import RuleVM

struct NameServerQueryTests {
  private static func mx(_ test: String, _ outcome: Outcome, _ states: String...) -> OwnCase {
    OwnCase(test, outcome, answers: [.mx: [.values(states)]])
  }

  static let exchangers = [
    mx(#"mx :bogus "example.org""#, .yes, "bogus"),
    mx(#"mx :bogus "example.org""#, .no, "client"),
    // What is known decides, else what is not known.
    mx(#"mx :bogus "example.org""#, .yes, "bogus", "unknown SERVFAIL"),
    mx(#"mx :client "example.org""#, .failed(.dns), "bogus", "unknown SERVFAIL"),
    mx(#"mx :bogus "example.org""#, .failed(.dns), "unknown SERVFAIL"),
  ]

  @Test(arguments: exchangers) func saysWhatItWasTold(_ one: OwnCase) throws { try one.check() }

  /// Our own address is told where it would be wrong to name it.
  @Test(arguments: [
    ("", "other.example", ["other.example", "192.0.2.7"]),
    ("own :domains \"table:ours\";", "other.example", ["other.example", "192.0.2.7", "192.0.2.1"]),
    ("own :domains \"table:ours\";", "Sub.Our.Example", ["sub.our.example", "192.0.2.7"]),
  ])
  func asksAboutExchangers(_ own: String, _ domain: String, _ arguments: [String]) throws {
    let policy = """
      on_error :dns "continue";
      table :inline "our.example" :type "domain" "ours";
      \(own)
      phase eom { rule "r" { if mx :bogus "\(domain)" { log "x"; } } }
      """
    #expect(try Self.requests(of: policy).map(\.arguments) == [arguments])
  }

  static let authors: [(String, [String])] = [
    ("From: Ann <ann@Example.ORG>", ["example.org"]),
    ("From: a@one.example, b@two.example, c@one.example", ["one.example", "two.example"]),
    ("From: a@one.example\nFrom: b@two.example", ["one.example", "two.example"]),
    ("From: ann@b\u{fc}cher.example", ["xn--bcher-kva.example"]),
    ("From: nobody", [""]), ("X-None: 1", []), ("From: ", []),
    // One more than may be: whoever answers sees that there are too many.
    (
      "From: " + (0..<20).map { "a@d\($0).example" }.joined(separator: ","),
      (0..<9).map { "d\($0).example" }
    ),
  ]

  /// Also when a rule has put another author there before.
  @Test(arguments: authors, ["", #"setheader "From" "eve@evil.example";"#])
  func policiesAreAskedOfAuthors(
    _ row: (header: String, domains: [String]), _ edit: String
  ) throws {
    let policy = """
      on_error :dns "continue";
      phase eom { rule "r" { \(edit) if dmarc "fail" { log "x"; } } }
      """
    let requests = try Self.requests(of: policy, message: row.header + "\n\ntext\n")
    #expect(requests.map(\.arguments) == [row.domains])
  }

  private static func requests(
    of policy: String, message: String = "Subject: x\n\ntext\n"
  ) throws -> [CheckRequest] {
    let session = try TestPolicy.session(policy)
    session.set(.serverIP, "192.0.2.1".utf8)
    _ = session.mail("<ann@example.net>")
    return session.endOfMessage(message).requests
  }

  @Test func questionsOfAMessageShareAScope() throws {
    let policy = """
      on_error :dns "continue";
      phase eom { rule "r" { if dnsbl ["a.example", "b.example"] { log "x"; } } }
      """
    let requests = try Self.requests(of: policy)
    #expect(requests.count == 2 && requests[0].scope === requests[1].scope)
  }
}
