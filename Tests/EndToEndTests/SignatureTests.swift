// What claims to leave signed content alone does: a DKIM signature made by another program
// (tools/dkim-judge.py) verifies afterwards. What changes content breaks it, or the judge is blind.
import Foundation
import MailLab
import Testing

@Suite("DKIM signatures")
struct SignatureTests {
  private static let declarations = """
    require ["defang", "envelope", "extlists", "relational", "variables"];
    on_error :store "tempfail";
    settings :admin "postmaster@example.com" :daemon "mailer-daemon@example.com";
    store :directory "/run/no-such-folder" "copies";
    table :inline "a b" :type "map" "t";

    """

  /// Rules of `eom` that edit nothing a signature covers.
  static let harmless = [
    #"log "x"; event "e" "v"; score "2.0" "S"; set "v" "w"; log "${v}"; lookup "table:t" "a";"#,
    #"addheader "X-New" "a"; addheader :last "X-End" "b"; insertheader :at 3 "X-Three" "c";"#,
    #"setheader "X-Note" "changed"; setheader "Precedence" "bulk"; deleteheader "X-None";"#,
    #"deleteheader "X-Note"; setheader "Subject" "signed   with blanks, folded";"#,
    #"addrcpt "x@example.com"; delrcpt "y@example.com"; setsender "z@example.org";"#
      + #"redirect :copy "a@example.com";"#,
    #"hold "later"; quarantine :copy "evidence"; save_copy :store "copies";"#,
    #"notify :admin "a"; notify :sender "b"; notify :to "c@example.com" "c";"#,
    #"foreverypart { keep; } canonicalize :only ["nul", "bare-cr", "duplicate-headers"];"#,
    #"foreverypart { strip_redundant_html; sanitize_html; strip_tracking; }"#,
  ]

  static let harmful = [
    #"setheader "Subject" "other";"#, #"deleteheader "Message-ID";"#, #"addheader "From" "b";"#,
    #"disclaimer :text "ours";"#, #"foreverypart { if part :is "extension" "pdf" { drop; } }"#,
    #"addpart "more";"#,
  ]

  @Test("what leaves content alone", arguments: harmless, ["relaxed", "simple"])
  func stays(rules: String, form: String) throws {
    let edited = try Self.edited(by: rules, form)
    #expect(try DKIMJudge.verdict(on: edited) == "valid")
  }

  @Test("what changes content", arguments: harmful)
  func breaks(rules: String) throws {
    let edited = try Self.edited(by: rules, "relaxed")
    #expect(try DKIMJudge.verdict(on: edited) != "valid")
  }

  @Test("a signature that was not touched is valid", arguments: ["relaxed", "simple"])
  func judgeSees(form: String) throws {
    #expect(try DKIMJudge.verdict(on: Self.message(form)) == "valid")
  }

  private static func message(_ form: String) throws -> [UInt8] {
    let file = CaseFile.folder.appending(path: "messages/signed-\(form).eml")
    let lines = try [UInt8](Data(contentsOf: file)).split(
      separator: 10, omittingEmptySubsequences: false)
    return Array(lines.joined(separator: [13, 10]))
  }

  /// By `defang-rulec run --output`.
  private static func edited(by rules: String, _ form: String) throws -> [UInt8] {
    let folder = try LabDirectory()
    let text = "\(declarations)phase eom { rule \"r\" { \(rules) } }\n"
    let policy = try folder.write("policy.rules", text)
    let output = folder.path + "/edited.eml"
    let run = try ToolRun(
      [
        "defang-rulec", "run", policy, "--message", "-", "--auth-user", "ann", "--output", output,
      ], input: message(form))
    #expect(run.status == .code(0), "\(run.output)")
    return [UInt8](try Data(contentsOf: URL(filePath: output)))
  }
}
