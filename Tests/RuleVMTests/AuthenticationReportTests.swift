// What `auth_results` says: what rules have asked, and what came of it.

import MailEdits
import RuleBytecode
import Testing

@testable import RuleVM

@Suite struct AuthenticationReportTests {
  private static let asking = """
    on_error :dns "continue";
    phase message {
      rule "login" { if authenticated { log "in"; } }
      rule "name" { if rdns { log "named"; } }
      rule "spf" { if spf "pass" { log "spf"; } }
      rule "dkim" { if dkim "pass" { log "dkim"; } }
      rule "dmarc" { if dmarc "pass" { log "dmarc"; } }
      rule "arc" { if arc "pass" { log "arc"; } }
    }
    phase eom { rule "say" { auth_results "mx.example.org"; } }

    """

  struct Answers: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var sender = "ann@example.net"
    var client = "192.0.2.7"
    var helo = "mail.example.net"
    var user: String?
    var author = "Ann <ann@example.net>"
    var answers: [CheckKind: CheckAnswer] = [:]
    let said: String

    init(_ name: String, _ said: String, _ change: (inout Answers) -> Void) {
      testDescription = name
      self.said = said
      change(&self)
    }
  }

  /// What all checks say that are not told otherwise: the times are bad.
  private static let failing =
    "iprev=temperror policy.iprev=192.0.2.7; "
    + "spf=temperror smtp.mailfrom=ann@example.net; dkim=temperror; "
    + "dmarc=temperror header.from=example.net; arc=temperror"

  static let cases = [
    Answers("nobody answers", failing) { _ in },
    Answers(
      "all is well",
      "auth=pass smtp.auth=ann@example.net; iprev=pass policy.iprev=192.0.2.7; "
        + "spf=pass smtp.mailfrom=ann@example.net; dkim=pass header.d=example.net header.s=s1; "
        + "dkim=fail header.d=list.example; dmarc=pass (p=reject) header.from=example.net; "
        + "arc=none"
    ) {
      $0.user = "ann@example.net"
      $0.answers = [
        .rdns: .fields(["confirmed": "yes"]), .spf: .fields(["result": "pass"]),
        .dkim: .values(["pass example.net s1", "fail list.example"]),
        .dmarc: .fields(["result": "pass", "policy": "reject"]), .arc: .fields(["result": "none"]),
      ]
    },
    Answers(
      "the null sender; no signature; an address that needs quotes",
      "iprev=fail policy.iprev=\"2001:db8::1\"; spf=softfail smtp.helo=mail.example.net; "
        + "dkim=none; dmarc=temperror header.from=example.net; arc=temperror"
    ) {
      $0.sender = ""
      $0.client = "2001:db8::1"
      $0.answers = [
        .rdns: .fields(["confirmed": "no"]), .spf: .fields(["result": "softfail"]),
        .dkim: .values([]),
      ]
    },
    // A stranger's names must not become words of ours.
    Answers(
      "names with more in them",
      "auth=pass; iprev=temperror policy.iprev=192.0.2.7; spf=pass smtp.mailfrom=example.net; "
        + "dkim=pass; dmarc=pass; arc=temperror"
    ) {
      $0.user = "a; spf=pass"
      $0.sender = "\"x; dkim=pass\"@example.net"
      $0.author = "a@\"b;dmarc=pass"
      $0.answers = [
        .spf: .fields(["result": "pass"]), .dkim: .values(["pass a;dmarc=pass b\"c"]),
        .dmarc: .fields(["result": "pass", "policy": "x) arc=pass ("]),
      ]
    },
    Answers(
      "a HELO name and results that are none",
      "iprev=temperror policy.iprev=192.0.2.7; spf=pass; dmarc=temperror "
        + "header.from=example.net; arc=temperror"
    ) {
      $0.sender = ""
      $0.helo = "[192.0.2.7]"
      $0.answers = [
        .spf: .fields(["result": "pass"]), .dkim: .values(["PASS; x=y example.net"]),
      ]
    },
  ]

  @Test(arguments: cases) func says(_ test: Answers) throws {
    let session = try TestPolicy.session(Self.asking)
    #expect(try Self.report(session, test) == "mx.example.org; \(test.said)")
  }

  private static func report(_ session: PolicySession, _ test: Answers) throws -> String {
    session.set(.clientIP, test.client.utf8)
    _ = session.helo(test.helo)
    if let user = test.user { session.set(.authUser, user.utf8) }
    _ = session.mail("<\(test.sender)>")
    _ = session.recipient("<bob@example.org>")
    var result = session.endOfMessage("From: \(test.author)\n\nx\n")
    while case .waiting(let requests) = result {
      for request in requests {
        let answer = test.answers[request.kind] ?? .failed(.dns, reason: "timeout")
        if let next = session.answer(request.id, answer) { result = next }
      }
    }
    let message = try #require(session.message)
    let edited = session.edited(message, by: session.editPlan(for: session.outcome(nil)))
    guard case .insert(0, "Authentication-Results", let value) = edited.headerChanges.last else {
      return "no field"
    }
    return value.replacing("\n", with: "")
  }

  /// What nobody asked is not said, whatever is known; nor in the next message.
  @Test func onlyWhatWasAsked() throws {
    let session = try TestPolicy.session(
      """
      on_error :dns "continue";
      phase mail { rule "spf" { if envelope :is "from" "a@b.example" { if spf "pass" { stop; } } } }
      phase eom { rule "say" { auth_results "mx.example.org"; auth_results "MX.example.org"; } }

      """)
    for (sender, said) in [
      ("a@b.example", "spf=pass smtp.mailfrom=a@b.example"), ("c@d.example", "none"),
    ] {
      let result = session.mail("<\(sender)>")
      if case .waiting(let requests) = result {
        for request in requests {
          _ = session.answer(request.id, .fields(["result": "pass"]))
        }
      }
      _ = session.endOfMessage("From: a@b.example\n\nx\n")
      let message = try #require(session.message)
      let edited = session.edited(message, by: session.editPlan(for: session.outcome(nil)))
      #expect(
        edited.headerChanges == [
          .insert(
            index: 0, name: "Authentication-Results", value: "mx.example.org; \(said)")
        ])
      session.resetMessage()
    }
  }

  @Test(arguments: [16, 17]) func signaturesHaveALimit(_ count: Int) throws {
    var limits = MachineLimits()
    limits.signatureResultsMax = 16
    let session = try TestPolicy.session(Self.asking, limits: limits)
    let lines = (0..<count).map { "pass d\($0).example s" }
    let said = try Self.report(
      session, Answers("", "") { $0.answers = [.dkim: .values(lines)] })
    #expect(said.split(separator: ";").count { $0.contains("dkim=pass") } == 16)
  }

  /// In a loop with copies of their own it is on that recipient's copy alone.
  @Test func onACopyOfOnesOwn() throws {
    let session = try TestPolicy.session(
      """
      on_error :store "tempfail";
      phase eom {
        rule "r" {
          for_each_rcpt :split {
            if envelope :is "to" "bob@example.org" { auth_results "mx.example.org"; }
          }
        }
      }

      """)
    _ = session.mail("<ann@example.net>")
    for name in ["bob", "eve"] { _ = session.recipient("<\(name)@example.org>") }
    _ = session.endOfMessage("From: a@b.example\n\nx\n")
    #expect(session.editPlan(ofRecipient: nil).isEmpty)
    #expect(!session.editPlan(ofRecipient: 0).isEmpty)
    #expect(session.outcome(nil).ownCopies.map(\.recipient) == [0])
  }
}
