// Rules that only observe: all is evaluated and listed, nothing is done (LANGUAGE.md §3).

import RuleBytecode
import Testing

@testable import RuleVM

struct ObserveTests {
  /// Whatever stands in an observing rule is listed, and what comes behind it sees none of it.
  @Test(arguments: [
    ("reject \"no\";", ["reject"]),
    ("tempfail \"later\";", ["tempfail"]),
    ("discard;", ["discard"]),
    ("accept;", ["accept"]),
    ("hold; quarantine;", ["hold", "quarantine"]),
    ("addheader \"X-New\" \"1\";", ["addheader"]),
    ("score \"5\" \"A\"; set :message \"v\" \"1\";", ["score", "set"]),
    ("log \"x\"; event \"e\" [\"1\"]; delay 3;", ["log", "event", "delay"]),
    ("addrcpt \"a@example.org\"; setsender \"\";", ["addrcpt", "setsender"]),
    ("reject \"no\"; addheader \"X-New\" \"1\";", ["reject"]),
  ])
  func nothingIsDone(body: String, listed: [String]) throws {
    let phase = body.contains("delay") ? "data" : "eom"
    let policy = """
      phase \(phase) { rule :mode "observe" "o" { \(body) } }
      phase eom {
        rule "after" {
          if exists "X-New" { log "header"; }
          if score :over "0" { log "score"; }
          if string :is "${v}" "1" { log "variable"; }
          addheader "X-After" "1";
        }
        rule "set" { set :message "v" "2"; }
      }
      """
    let (session, outcome) = try OutcomeTests.play(policy)
    #expect(session.decisions.observed.map(\.action) == listed)
    #expect(session.decisions.observed.allSatisfy { $0.rule == "o" })
    #expect(outcome.fate == .accept && outcome.envelope.isEmpty)
    #expect(session.logged.isEmpty && session.takeDelaySeconds() == 0)
    #expect(session.decisions.events.isEmpty && session.decisions.dispositions.isEmpty)
    #expect(session.decisions.carriedOut(outcome).map(\.action) == ["addheader"])
  }

  /// The verdict's reply is listed with it.
  @Test func verdictsAreListedInFull() throws {
    let (session, _) = try OutcomeTests.play(
      "phase eom { rule :mode \"observe\" \"o\" { reject :code \"554\" \"no ${sender}\"; } }")
    let record = try #require(session.decisions.observed.first)
    #expect(record.value == "no sender@example.net")
    #expect(record.arguments.first { $0.name == "code" }?.values == ["554"])
  }

  /// A part edit is listed with its part, and the part's children are visited all the same.
  @Test func partsAreVisited() throws {
    let session = try TestPolicy.session(
      "phase part { rule :mode \"observe\" \"o\" { drop; } rule \"l\" { log \"${part.path}\"; } }")
    _ = session.mail("<a@example.net>")
    _ = session.endOfMessage(
      """
      Content-Type: multipart/mixed; boundary=b

      --b

      one
      --b

      two
      --b--

      """)
    #expect(session.logged == session.decisions.observed.compactMap(\.part))
    #expect(session.logged.count == 3)
  }

  /// With `--observe` no rule does anything; `stop` still ends its run.
  @Test func allRulesObserve() throws {
    let policy = """
      phase rcpt { rule "r" { reject "no"; } }
      phase eom {
        rule "h" { hold; addheader "X" "1"; stop; }
        rule "never" { log "x"; }
      }
      """
    let (session, outcome) = try OutcomeTests.play(policy, observes: true)
    #expect(outcome == RuleVM.Outcome.accepted.with(session.outcome(nil).recipients))
    #expect(
      session.decisions.observed.map(\.action)
        == ["reject", "reject", "reject", "hold", "addheader"])
    #expect(outcome.recipients.count == 3 && session.decisions.actions.isEmpty)
  }
}

extension RuleVM.Outcome {
  fileprivate func with(_ recipients: [RecipientOutcome]) -> RuleVM.Outcome {
    var outcome = self
    outcome.recipients = recipients
    return outcome
  }
}
