// Which way mail goes, and how it comes in, by what a policy says is ours.

import RuleBytecode
import Testing

@testable import RuleVM

struct DirectionTests {
  private static let own = """
    table :inline ["example.com"] :type "domain" "domains";
    table :inline ["Example.NET"] "more";
    table :inline ["198.51.100.0/24"] :type "cidr" "clients";
    own :domains ["table:domains", "table:more"] :clients "table:clients";
    """
  private static let far = ["<eve@elsewhere.example>"]
  private static let near = ["<bob@mail.Example.com>"]
  private static let login: [Fact: String] = [.authUser: "ann"]
  private static let client: [Fact: String] = [.clientIP: "198.51.100.9"]

  private static func goes(
    _ name: String, _ recipients: [String], _ facts: [Fact: String] = [:],
    in phase: Phase = .eom
  ) -> OwnCase {
    OwnCase(
      "direction \"\(name)\"", .yes, in: phase, facts: facts, recipients: recipients,
      before: own)
  }

  static let cases = [
    goes("in", near), goes("in", near, in: .rcpt), goes("relay", far),
    goes("relay", far, in: .rcpt),
    goes("inside", near, login), goes("out", far, login), goes("out", far, client),
    goes("inside", ["<x@example.net>", "<postmaster>"], client),
    // One recipient outside decides, whoever comes first.
    goes("out", near + far, login), goes("out", far + near, login), goes("relay", near + far),
    // In `rcpt` each is for itself.
    goes("out", near + far, login, in: .rcpt), goes("inside", near + far, login, in: .rcpt),
    OwnCase(#"direction ["in", "inside"]"#, .no, recipients: far, before: own),
    OwnCase(#"string "${direction}" "relay""#, .yes, recipients: far, before: own),
    OwnCase(
      #"submission "local""#, .yes, facts: [.queueID: "Q1", .clientIP: "198.51.100.9"],
      before: own + "phase rcpt { rule \"d\" { if direction \"relay\" { log \"r\"; } } }"),
    OwnCase(
      #"submission "local""#, .no, facts: client,
      before: own + "phase rcpt { rule \"d\" { if direction \"relay\" { log \"r\"; } } }"),
  ]

  @Test(arguments: cases) func saysWhichWay(_ one: OwnCase) throws { try one.check() }

  @Test func eachTurnIsItsOwn() throws {
    let session = try TestPolicy.session(
      Self.own + #"phase eom { rule "r" { for_each_rcpt { log "${rcpt.local} ${direction}"; } } }"#)
    session.set(.authUser, "ann".utf8)
    _ = session.mail("<ann@example.com>")
    for path in Self.near + Self.far { _ = session.recipient(path) }
    #expect(session.endOfMessage("Subject: x\n\nx\n").isUndecided)
    #expect(session.logged == ["bob inside", "eve out"])
  }
}
