// What is recorded of edits, notices, links and delays; and what the daemon refuses to pretend.

import MailEdits
import RuleBytecode
import Testing

@testable import RuleVM

struct ActionRecordTests {
  private static let mail = """
    Subject: hello
    Content-Type: multipart/mixed; boundary=b

    --b

    one
    --b
    Content-Type: application/pdf; name="a b.pdf"

    two
    --b--

    """

  private static func play(_ source: String, _ mail: String = mail) throws -> PolicySession {
    let session = try TestPolicy.session(source)
    _ = session.mail("<sender@example.net>")
    _ = session.recipient("<ann@example.com>")
    _ = session.endOfMessage(mail)
    return session
  }

  /// Of what excludes itself on one part the last holds; warnings and others add up.
  @Test(arguments: [
    ("drop; keep;", ["keep"]),
    ("keep; replace \"x\";", ["replace"]),
    ("rename \"a.txt\"; rename \"b.txt\";", ["rename"]),
    (
      "rename \"a.txt\"; settype \"text/plain\"; warn \"w\"; warn \"v\";",
      ["rename", "settype", "warn", "warn"]
    ),
    ("enclose \"see below\"; drop;", ["drop"]),
    ("drop; rename \"a.txt\";", ["drop"]),
    (
      "sanitize_html; strip_tracking; html_to_text;",
      ["sanitize_html", "strip_tracking", "html_to_text"]
    ),
  ])
  func lastEditHolds(body: String, kept: [String]) throws {
    let session = try Self.play(
      "phase part { rule \"r\" { if part :is \"path\" \"1.2\" { \(body) } } }")
    let done = session.decisions.carriedOut(session.outcome(nil))
    #expect(done.map(\.action) == kept)
    #expect(done.allSatisfy { $0.part == "1.2" })
  }

  @Test func partsInsideOfWhatGoesAreNotVisited() throws {
    let session = try Self.play(
      "phase part { rule \"r\" { log \"${part.path}\"; drop; } }")
    #expect(session.logged == ["1"])
  }

  private static let signed = mail.replacing(
    "multipart/mixed;", with: "multipart/signed; protocol=\"application/pgp-signature\";")

  @Test func signedPartsAreLeftAlone() throws {
    let careful = try Self.play("phase part { rule \"r\" { drop; } }", Self.signed)
    #expect(careful.decisions.actions.isEmpty && careful.editPlan.isEmpty)
    let bold = try Self.play("phase part { rule \"r\" { drop :break_signature; } }", Self.signed)
    #expect(bold.decisions.actions.map(\.action) == ["drop"] && !bold.editPlan.isEmpty)
  }

  @Test func noticesAreCollected() throws {
    let session = try Self.play(
      """
      settings :admin "root@example.com";
      phase eom {
        rule "a" { notify :admin "one"; notify :to "x@example.org" :subject "s" "two"; }
        rule "b" { notify :admin :subject "later" "three"; notify :sender "four"; }
      }
      """)
    let notices = session.outcome(nil).notices
    // Nothing says that the sender wrote this, so it gets no mail.
    #expect(notices.map(\.address) == ["root@example.com", "x@example.org"])
    #expect(notices.first?.texts == ["one", "three"] && notices.first?.subject == "later")
    #expect(notices.first?.rules == ["a", "b"])
  }

  /// Who logged in is told; who may be an automaton is not.
  @Test(arguments: [
    ("<ann@example.net>", "Subject: x", true), ("<>", "Subject: x", false),
    ("<list-request@example.net>", "Subject: x", false),
    ("<ann@example.net>", "Auto-Submitted: auto-replied", false),
    ("<ann@example.net>", "Precedence: bulk", false), ("<ann@example.net>", "List-Id: <x>", false),
    ("<ann@example.net>", "Auto-Submitted: no", true),
  ])
  func sendersAreToldWhereItIsSafe(sender: String, field: String, isTold: Bool) throws {
    let session = try TestPolicy.session(
      "phase eom { rule \"r\" { notify :sender \"no\"; } }")
    session.set(.authUser, "ann".utf8)
    _ = session.mail(sender)
    _ = session.recipient("<bob@example.com>")
    _ = session.endOfMessage(field + "\n\nText\n")
    #expect(!session.outcome(nil).notices.isEmpty == isTold)
  }

  /// One of ours on a machine of ours is told; a name of ours from elsewhere proves nothing, and a
  /// guest's name on our machine neither.
  @Test(arguments: [
    ("192.0.2.7", "<ann@example.com>", true), ("198.51.100.7", "<ann@example.com>", false),
    ("192.0.2.7", "<ann@example.net>", false), ("192.0.2.7", "<noreply@example.com>", false),
  ])
  func ourOwnAreTold(client: String, sender: String, isTold: Bool) throws {
    let session = try TestPolicy.session(
      """
      table :inline ["example.com"] :type "domain" "ours";
      table :inline ["192.0.2.0/24"] :type "cidr" "hosts";
      own :domains "table:ours" :clients "table:hosts";
      phase eom { rule "r" { notify :sender "no"; } }
      """)
    session.set(.clientIP, client.utf8)
    _ = session.mail(sender)
    _ = session.recipient("<bob@example.org>")
    _ = session.endOfMessage("Subject: x\n\nText\n")
    #expect(!session.outcome(nil).notices.isEmpty == isTold)
  }

  /// The address of a link names the part's content, and with `:salt` the session too.
  @Test func linksAreKnownAtOnce() throws {
    func links(_ tags: String) throws -> [String] {
      try Self.play(
        """
        store :directory "/s" :url "https://f.example.com/x/" "s";
        phase part {
          rule "r" {
            if part :is "path" "1.2" {
              replace_with_link :store "s" \(tags) "${part.name}: ${link.url}";
            }
          }
        }
        """
      ).decisions.actions.compactMap(\.value)
    }
    let plain = try #require(links("").first)
    #expect(plain.hasPrefix("a b.pdf: https://f.example.com/x/") && plain.hasSuffix("/a%20b.pdf"))
    #expect(try links("").first == plain)
    #expect(try links(":salt").first != plain)
  }

  @Test(arguments: [("delay 3;", 3), ("delay 5; delay 5;", 8), ("reject :delay 60 \"no\";", 8)])
  func delaysAreCapped(body: String, seconds: Int) throws {
    let session = try TestPolicy.session("phase mail { rule \"r\" { \(body) } }")
    _ = session.mail("<a@example.net>")
    #expect(session.takeDelaySeconds() == seconds)
    // Of a run that was not run, as behind an `accept`, nothing is left over.
    _ = session.data()
    #expect(session.takeDelaySeconds() == 0)
  }

  @Test func computing() throws {
    let session = try Self.play(
      """
      phase eom {
        rule "r" {
          compute :product "p" ["2.5", "4"];
          compute :sum "s" ["${p}", "-0.5"];
          compute :difference "d" ["${s}", "${subject}"];
          compute :product "big" ["999999999", "999999999"];
          log "${p} ${s} ${d}";
          compute :sum "bigger" ["${big}", "${big}"];
          log "${big} ${bigger}";
        }
      }
      """)
    #expect(session.logged == ["10.0 9.5 9.5", "999999999.999999 999999999.999999"])
  }

  // MARK: The daemon

  @Test func whatActionsNeedIsKnown() throws {
    let program = try TestPolicy.program(
      """
      on_mixed :reject "deliver" :tempfail "deliver";
      phase mail { rule "m" { setsender ""; } }
      warnings :place "last";
      phase part {
        rule "p" {
          keep; drop; replace :alternatives "x"; replace :mime "Subject: x"; warn "w";
          replace_with_file "x.txt"; enclose "x"; rename "x"; settype "text/plain";
          strip_redundant_html; compress; sanitize_html; html_to_text; strip_tracking;
        }
      }
      phase eom {
        rule "r" {
          disclaimer :text "x"; addpart "x"; canonicalize; canonicalize :only ["nul"];
          hold; addheader "X" "1"; insertheader :at 2 "X" "2"; setheader "X" "3";
          deleteheader "Y"; addrcpt "a@example.org"; delrcpt "b@example.org"; event "e";
          for_each_rcpt { if exists "X" { reject "no"; } redirect "c@example.org"; }
        }
      }
      """)
    let needs = ProgramNeeds(program)
    #expect(needs.holds && needs.editsEnvelope && needs.editsHeader && needs.editsBody)
    #expect(needs.facts.contains(.rcpt))
  }

  /// The mail server is told beforehand that the body may be written anew.
  @Test(arguments: [("quarantine :part;", true), ("quarantine;", false)])
  func aPartThatIsStoredIsTakenOut(command: String, edits: Bool) throws {
    let program = try TestPolicy.program(
      "on_error :store \"tempfail\"; phase part { rule \"r\" { \(command) } }")
    #expect(ProgramNeeds(program).editsBody == edits)
  }
}
