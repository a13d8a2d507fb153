// Patterns of a field in one pass: what rules decide, say and show is what it is one by one, PCRE2
// is hardly ever asked, and no message costs more than its bound.

import Harness
import MailMessage
import RuleBytecode
import RuleCompiler
import Testing

@testable import RuleVM

@Suite struct SieveTests {
  /// What one policy comes to, with sieves and without.
  private struct Played: Equatable, Sendable {
    var logged: [String] = []
    var actions: [String] = []
    var failures: [String] = []
    var trace: [TraceEvent] = []
    var verdict: String?
  }

  private func played(
    _ policy: LoadedPolicy, _ message: [UInt8], isTraced: Bool = true
  ) throws -> (Played, runs: Int, fuel: Int) {
    let session = TestPolicy.session(policy, isTraced: isTraced)
    _ = session.mail("<a@example.com>")
    _ = session.recipient("<b@example.com>")
    let end = MailMessage.headerOnly(message).headerEnd
    _ = session.headers(Array(message[..<end]))
    let verdict = session.endOfMessage(message).verdict
    var played = Played()
    played.logged = session.logged
    played.actions = session.decisions.actions.map { "\($0)" }
    played.failures = session.decisions.failures.map { "\($0)" }
    played.trace = session.takeTrace()
    played.verdict = verdict?.kind.name
    return (played, session.machine.patternRuns, session.fuelUsed)
  }

  private func policies(_ source: String) throws -> (with: LoadedPolicy, without: LoadedPolicy) {
    let policy = try TestPolicy.loadWhole(Self.capabilities + source)
    return (policy, LoadedPolicy(policy.program, hasSieves: false))
  }

  private static let capabilities =
    "require [\"defang\", \"regex\", \"body\", \"variables\", \"mime\", \"extlists\","
    + " \"comparator-i;unicode-casemap\"];\n"

  // MARK: By hand

  private static let words = [
    "viagra", "cialis", "lottery", "inheritance", "winner", "refinance", "mortgage", "casino",
    "roulette", "kiss", "skills",
  ]

  private static func rules(
    prefix: String = "", shows shown: String = "", _ test: (String) -> String
  ) -> String {
    words.map { "rule \"\(prefix)\($0)\" { if \(test($0)) { log \"\($0)\(shown)\"; } }" }
      .joined(separator: "\n")
  }

  private static let headerRules =
    "phase headers {"
    + rules(shows: " ${0}") { "header :regex \"Subject\" \"\\\\b(\($0))s?\\\\b\"" } + "}"

  @Test(arguments: [
    ("Subject: hello\n\n", [], 0), ("Subject: Viagra\n\n", ["viagra Viagra"], 1),
    ("Subject: a\nSubject: CASINOS, cialis\n\n", ["cialis cialis", "casino CASINOS"], 2),
    ("Subject: kiviagrass\n\n", [], 1), ("\n", [], 0),
    // The long s and the Kelvin sign let those through that they may stand in.
    ("Subject: Kiſs\n\n", ["kiss Kiſs"], 4),
  ])
  func asksPCRE2ForFew(_ message: String, _ expected: [String], _ runs: Int) throws {
    let (with, without) = try policies(Self.headerRules)
    let (sieved, sievedRuns, _) = try played(with, message.mailBytes)
    let (plain, _, _) = try played(without, message.mailBytes)
    #expect(sieved == plain && sieved.logged == expected)
    #expect(sievedRuns == runs)
  }

  /// One comparison with many patterns or texts, of whatever it is about.
  @Test func manyKeysOfOneTest() throws {
    let list = "[" + Self.words.map { "\"\($0)\"" }.joined(separator: ", ") + "]"
    let (with, without) = try policies(
      """
      phase headers {
        rule "own" { set "x" "${subject}"; if string :regex "${x}" \(list) { log "own ${0}"; } }
        rule "of" { if address :regex "From" \(list) { log "of ${0}"; } }
        rule "text" { if header :contains "Subject" \(list) { log "text"; } }
      }
      """)
    let message = "Subject: a kiss\nSubject: none\nFrom: x@casino.example\n\n".mailBytes
    let (sieved, runs, _) = try played(with, message)
    #expect(sieved == (try played(without, message)).0)
    #expect(sieved.logged == ["own kiss", "of casino", "text"])
    #expect(runs == 2)
  }

  /// An edit is seen by the rules behind it, also in one recipient's turn.
  @Test func editsAreSeen() throws {
    let test: (String) -> String = { "header :contains \"Subject\" \"\($0)\"" }
    let (with, without) = try policies(
      """
      phase headers {
        \(Self.rules(test))
        rule "edit" { addheader "Subject" "win the lottery"; }
        \(Self.rules(prefix: "again-", test))
      }
      phase eom {
        rule "each" {
          for_each_rcpt :split {
            setheader "Subject" "casino";
            if header :contains "Subject" "casino" { log "own"; }
          }
          if header :contains "Subject" "casino" { log "all"; }
          if header :contains "Subject" "lottery" { log "still"; }
        }
      }
      """)
    let message = "Subject: kiss\n\n".mailBytes
    let (sieved, _, _) = try played(with, message)
    #expect(sieved == (try played(without, message)).0)
    #expect(sieved.logged == ["kiss", "lottery", "kiss", "own", "still"])
  }

  /// Content that is decoded later can be a text of its own.
  @Test(arguments: [
    (":text", false), (":content \"text\"", false), (":content \"application\"", true),
    (":content [\"text\", \"application\"]", true),
  ])
  func partsFoundLaterAreSeen(_ field: String, _ isSeen: Bool) throws {
    let test: (String) -> String = { "body \(field) :contains \"\($0)\"" }
    let (with, without) = try policies(
      "phase message { \(Self.rules(test)) } phase part { rule \"look\" {"
        + " if part :is \"kind\" \"script\" { log \"kind\"; } } }"
        + " phase eom { \(Self.rules(prefix: "again-", test)) }")
    let sample = "Content-Type: application/octet-stream\nContent-Transfer-Encoding: base64\n\n"
    // The padding within hides the word from all but one way to decode it.
    let hidden = (sample + "dm=lhZ3Jh\n").mailBytes
    for message in Policy.sampleMessages + [(sample + "dmlhZ3Jh=dmlhZ3Jh\n").mailBytes, hidden] {
      #expect(try played(with, message).0 == played(without, message).0)
    }
    #expect(
      try played(with, hidden).0.logged == (isSeen ? ["viagra", "viagra"] : []))
  }

  /// More values than bits are kept for.
  @Test func manyValues() throws {
    let (with, without) = try policies(Self.headerRules.replacing("headers", with: "message"))
    let fields = String(repeating: "Subject: x\n", count: FieldAnswer.wordsMax + 1)
    var mail = MailLimits()
    mail.headersMax = .max
    for text in [fields, String(fields.dropFirst("Subject: x\n".utf8.count))] {
      var answers: [[String]] = []
      for policy in [with, without] {
        let session = PolicySession(
          policy: policy, sessionID: "S", mailLimits: mail, types: TestPolicy.types, now: { 0 })
        _ = session.mail("<a@example.com>")
        _ = session.endOfMessage(text + "Subject: casino\n\n")
        answers.append(session.logged)
      }
      #expect(answers == [["casino casino"], ["casino casino"]])
    }
  }

  @Test(arguments: [(7, false), (8, true)])
  func fewPatternsAreTriedOneByOne(_ count: Int, _ isSieved: Bool) throws {
    let rules = Self.words.prefix(count).map {
      "rule \"\($0)\" { if header :regex \"Subject\" \"\($0)\" { log \"x\"; } }"
    }
    let policy = try policies("phase headers {" + rules.joined() + "}").with
    #expect(policy.patterns.fields.sieves.count == (isSieved ? 1 : 0))
  }

  /// Other ways to compare, and other fields, stay by themselves: their keys are told apart by
  /// letters.
  @Test(arguments: [
    ("header :regex :comparator \"i;octet\" \"Subject\" \"abcX\"", true),
    ("header :contains \"Subject\" \"abX\"", true), ("body :raw :regex \"abX\"", true),
    ("header :contains :comparator \"i;octet\" \"Subject\" \"abcX\"", false),
    ("header :contains :comparator \"i;unicode-casemap\" \"Subject\" \"abcX\"", false),
    ("header :contains \"Subject\" \"aX\"", false), ("header :is \"Subject\" \"abcX\"", false),
    ("header :contains \"Subject\" \"${from.display}X\"", false),
    ("header :contains :mime \"Subject\" \"abcX\"", false),
    ("string :contains \"${subject}\" \"abcX\"", false),
    ("header :contains \"Subject\" [\"abcX\", \"d\"]", false),
  ])
  func whatIsSieved(_ test: String, _ isSieved: Bool) throws {
    let rules = "abcdefghijkl".map { letter in
      "rule \"\(letter)\" { if \(test.replacing("X", with: "\(letter)")) { log \"x\"; } }"
    }
    let policy = try policies("phase message {" + rules.joined() + "}").with
    #expect(policy.patterns.fields.sieves.count == (isSieved ? 1 : 0))
  }

  // MARK: Texts

  /// At the limit the text is looked at, one past it nobody can tell.
  @Test(arguments: [(24, ["found"], []), (23, [], [FailureClass.limit])])
  func textBytes(_ limit: Int, _ logged: [String], _ failures: [FailureClass]) throws {
    let rules = "rule \"r\" { if body :text :contains \"casino\" { log \"found\"; } }"
    for more in [
      "", Self.rules { "body :text :contains \"\($0)\"" }.replacing("casino", with: "absent"),
    ] {
      let policy = try policies(
        "limits :text_bytes \(limit); phase message { \(rules) \(more) }"
      ).with
      let session = TestPolicy.session(policy)
      _ = session.mail("<a@example.com>")
      _ = session.endOfMessage("Subject: x\n\nto the casino with you\n")
      #expect(session.logged == logged)
      #expect(Set(session.decisions.failures.map(\.failure)) == Set(failures))
    }
  }

  /// With such a limit a policy of hundreds of patterns over the text is within the budget.
  @Test func hundredsOfPatternsOverTheText() throws {
    let rules = (0..<500).map { index in
      "rule \"r\(index)\" { if body :text :regex \"\\\\bword\(index)\\\\W+more\" { log \"x\"; } }"
    }
    let body = "phase message { \(rules.joined(separator: "\n")) }"
    #expect(throws: PolicyFailure.self) { try Policy(source: Self.capabilities + body) }
    _ = try Policy(source: Self.capabilities + "limits :text_bytes 131072;\n" + body)
  }

  // MARK: Random

  /// Rules with random patterns on header and text, some of which edit what others ask.
  @Test(arguments: UInt64(1)...12)
  func asOneByOne(_ seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let source = RandomRules.policy(&random)
    let (with, without) = try policies(source)
    let loaded = try Policy(image: with.program.program.image())
    var hits = 0
    for _ in 0..<60 {
      let message = RandomRules.message(&random)
      let isTraced = Bool.random(using: &random)
      let (sieved, _, fuel) = try played(with, message, isTraced: isTraced)
      let (plain, _, plainFuel) = try played(without, message, isTraced: isTraced)
      #expect(sieved == plain, "\(String(decoding: message, as: UTF8.self))\n\(source)")
      let bound = loaded.worstCase(for: message, recipients: 1)
      #expect(fuel <= bound && plainFuel <= bound)
      hits += plain.logged.count
    }
    #expect(hits > 200)
  }
}
