// Each action that edits, from the policy's source to the message: what the machine puts into the
// plan. What the plan then makes of odd messages is tested with MailEdits.

import MailEdits
import MailMessage
import RuleBytecode
import Testing

@testable import RuleVM

@Suite struct EditActionTests {
  private static let mail = """
    From: a@example.org
    Subject: hello
    Content-Type: multipart/mixed; boundary=b

    --b
    Content-Type: multipart/alternative; boundary=c

    --c
    Content-Type: text/plain; charset=utf-8

    plain https://e.example/?utm_source=x
    --c
    Content-Type: text/html; charset=utf-8

    <p onclick="x()">html <a href="https://e.example/">there</a></p>
    --c--
    --b
    Content-Type: text/csv; name="a.csv"
    Content-Disposition: attachment; filename="a.csv"

    \(String(repeating: "1,2,3,4,5,6,7,8\n", count: 40))
    --b--

    """.replacing("\n", with: "\r\n")

  private static func result(
    _ source: String, mail: String = Self.mail, files: [String: [UInt8]] = [:]
  ) throws -> (message: MailMessage, session: PolicySession) {
    let program = try VerifiedProgram(image: try TestPolicy.program(source).image())
    let session = TestPolicy.session(
      LoadedPolicy(program, tables: TableStore(files: files)), isTraced: true)
    _ = session.mail(Array("<a@example.org>".utf8))
    _ = session.recipient(Array("<b@example.org>".utf8))
    #expect(session.endOfMessage(Array(mail.utf8)) == .decided(nil))
    let message = try #require(session.message)
    let edited = session.edited(message, by: session.editPlan)
    return (MailMessage(edited.bytes()), session)
  }

  private static func text(_ message: MailMessage) -> String {
    message.parts.indices.filter { !message.parts[$0].isContainer }.map { index in
      var bytes: [UInt8] = []
      _ = message.appendDecodedBody(of: index, to: &bytes)
      return String(decoding: bytes, as: UTF8.self)
    }.joined(separator: "|").replacing("\r\n", with: "\n")
  }

  /// The edit of the attachment, or of the HTML; what the message has then, and has no more.
  @Test(arguments: [
    ("csv", "rename \"b.txt\";", "filename=\"b.txt\"", "a.csv"),
    ("csv", "settype \"application/octet-stream\";", "octet-stream; name=\"a.csv\"", "text/csv"),
    ("csv", "enclose :subject \"S\" :headers [\"X-Why: W\"] \"look\";", "X-Why: W", "X-None"),
    ("csv", "enclose \"look\";", "message/rfc822", "X-None"),
    ("csv", "replace :mime \"Content-Type: text/x-new\r\n\r\nnew\";", "text/x-new", "1,2,3"),
    ("csv", "replace :name \"w.txt\" \"new\";", "filename=\"w.txt\"", "1,2,3"),
    ("csv", "replace_with_file \"x.txt\";", "from the file", "1,2,3"),
    ("csv", "compress;", "a.csv.zip", "1,2,3"),
    ("csv", "compress \"all.zip\";", "filename=\"all.zip\"", "1,2,3"),
    ("html", "replace :alternatives \"new\";", "new", "plain https"),
    ("html", "sanitize_html;", "<a href", "onclick"),
    ("html", "sanitize_html :links \"remove\";", "there", "<a href"),
    ("html", "html_to_text;", "html there", "<p"),
    ("html", "strip_redundant_html;", "plain", "html"),
    ("plain", "strip_tracking;", "plain https://e.example/|", "utm_source"),
    ("plain", "drop;", "html", "plain"),
    ("plain", "drop; keep;", "plain", "X-None"),
  ])
  func parts(_ part: String, _ action: String, _ has: String, _ lacks: String) throws {
    let source = """
      phase part {
        rule "r" { if part :is "declared" ["text/\(part)"] { \(action) } }
      }
      """
    let (message, _) = try Self.result(
      source, files: ["x.txt": Array("from the file".utf8)])
    let whole = String(decoding: message.bytes, as: UTF8.self) + Self.text(message)
    #expect(whole.contains(has))
    #expect(!whole.contains(lacks))
    #expect(message.anomalies.isEmpty)
  }

  @Test(arguments: [
    ("disclaimer :text \"T\" :html \"<b>H</b>\";", "x\nT\n|<p onclick", "X-None"),
    ("disclaimer :once \"html\" :text \"T\" :html \"<b>H</b>\";", "x\nT\n|", "<b>H</b>"),
    ("disclaimer :all :text \"${subject}\";", "x\nhello\n", "X-None"),
    ("addpart :first :name \"n.txt\" \"F\";", "F\n|plain", "X-None"),
    ("addpart :type \"text/html\" \"<i>${subject}</i>\";", "|<i>hello</i>\n", "X-None"),
    ("canonicalize;", "plain", "boundary=b"),
    ("canonicalize :only [\"nul\", \"bare-cr\"];", "boundary=b", "X-None"),
  ])
  func messages(_ action: String, _ has: String, _ lacks: String) throws {
    for phase in ["mail", "eom"] {
      // What the header says is not there at MAIL.
      if phase == "mail", action.contains("$") { continue }
      let (message, _) = try Self.result("phase \(phase) { rule \"r\" { \(action) } }")
      let whole = Self.text(message) + String(decoding: message.bytes, as: UTF8.self)
      #expect(whole.contains(has))
      #expect(!whole.contains(lacks))
    }
  }

  @Test(arguments: [
    ("", "w1\n\nw2\n|plain"),
    ("warnings :place \"last\" :preamble \"P\";", "|P\n\nw1\n\nw2\n"),
    ("warnings :place \"inline\";", "x\n\n________________________________________\n\nw1\n\nw2\n|"),
  ])
  func warnings(_ declaration: String, _ has: String) throws {
    let (message, _) = try Self.result(
      """
      \(declaration)
      phase part {
        rule "one" { if part :is "declared" "text/csv" { warn "w1"; } }
      }
      phase eom { rule "two" { foreverypart { warn "w2"; break; } } }
      """)
    #expect(Self.text(message).contains(has))
  }

  @Test(arguments: ["drop;", "addpart \"x\";", "disclaimer :text \"x\";", "warn \"x\";"])
  func whatIsSignedIsRefusedAndSaid(_ action: String) throws {
    let signed =
      "Content-Type: multipart/signed; boundary=s\r\n\r\n--s\r\n\r\nhi\r\n--s--\r\n"
    let rule = "foreverypart { \(action) break; }"
    let (refused, session) = try Self.result("phase eom { rule \"r\" { \(rule) } }", mail: signed)
    #expect(refused.bytes == Array(signed.utf8))
    let said = session.takeTrace().contains { event in
      if case .action(let text) = event { text.contains("signed or encrypted") } else { false }
    }
    #expect(said)
    let words = action.split(separator: " ", maxSplits: 1)
    let broken =
      words.count == 1
      ? "drop :break_signature;" : "\(words[0]) :break_signature \(words[1])"
    let (changed, _) = try Self.result(
      "phase eom { rule \"r\" { foreverypart { \(broken) break; } } }", mail: signed)
    #expect(changed.bytes != Array(signed.utf8))
  }

  @Test func brokenSignaturesOfDomainsAreSaid() throws {
    let mail = "DKIM-Signature: v=1; d=a.example; h=from\r\nFrom: a@a.example\r\n\r\nhi\r\n"
    let (_, session) = try Self.result(
      "phase eom { rule \"r\" { addpart \"x\"; } }", mail: mail)
    let said = session.takeTrace().contains { event in
      if case .action(let text) = event { text.contains("a.example") } else { false }
    }
    #expect(said)
  }

  @Test func filesAreFoundInThePolicy() throws {
    let program = try TestPolicy.program(
      """
      phase part {
        rule "r" {
          if part :is "kind" "html" { replace_with_file :name "${part.name}" "a"; }
          replace_with_file "b";
          replace_with_file "a";
        }
      }
      """)
    #expect(program.replacementFiles == ["a", "b"])
    var asked: [String] = []
    let (tables, troubles) = TableStore.load(program) { path, limit in
      asked.append(path)
      return path == "a" ? [0x61] : nil
    }
    #expect(asked == ["a", "b"] && tables.files == ["a": [0x61]])
    #expect(troubles.count == 1 && troubles[0].isFatal)
  }
}
