// Header edits: visible at once to later tests, dropped with a refused recipient.

import RuleBytecode
import Testing

@testable import RuleVM

struct HeaderEditTests {
  private static let message = "Subject: one\nX-A: first\nX-A: second\nX-B: b\n\ntext\n"

  /// Rules of `headers`, and what a rule of `eom` then sees: the X-A fields, X-B, the subject.
  static let edits: [(String, [String])] = [
    ("stop;", ["A first", "A second", "B b", "S one"]),
    ("addheader \"X-A\" \"zero\";", ["A zero", "A first", "A second", "B b", "S one"]),
    ("addheader :last \"X-A\" \"third\";", ["A first", "A second", "A third", "B b", "S one"]),
    ("deleteheader \"X-A\";", ["B b", "S one"]),
    ("deleteheader :index 1 \"X-A\";", ["A second", "B b", "S one"]),
    ("deleteheader :index 1 :last \"X-A\";", ["A first", "B b", "S one"]),
    ("deleteheader :index 3 \"X-A\";", ["A first", "A second", "B b", "S one"]),
    ("deleteheader :contains \"X-A\" \"sec\";", ["A first", "B b", "S one"]),
    ("deleteheader \"X-None\";", ["A first", "A second", "B b", "S one"]),
    ("setheader \"Subject\" \"two\";", ["A first", "A second", "B b", "S two"]),
    ("setheader :index 2 \"X-A\" \"2nd\";", ["A first", "A 2nd", "B b", "S one"]),
    (
      "setheader \"X-A\" \"1st\"; deleteheader :is \"X-A\" \"first\";",
      ["A 1st", "A second", "B b", "S one"]
    ),
    (
      "addheader \"X-A\" \"${subject}\"; deleteheader :is \"X-A\" \"one\";",
      ["A first", "A second", "B b", "S one"]
    ),
  ]

  private static let seen = """
    phase eom {
      rule "a0" { if header :is "X-A" "zero" { log "A zero"; } }
      rule "af" { if header :is "X-A" "first" { log "A first"; } }
      rule "a1" { if header :is "X-A" "1st" { log "A 1st"; } }
      rule "as" { if header :is "X-A" "second" { log "A second"; } }
      rule "a2" { if header :is "X-A" "2nd" { log "A 2nd"; } }
      rule "a3" { if header :is "X-A" "third" { log "A third"; } }
      rule "b" { if exists "X-B" { log "B b"; } }
      rule "s" { log "S ${subject}"; }
    }
    """

  @Test(arguments: edits)
  func isSeen(_ edit: String, _ expected: [String]) throws {
    let session = try TestPolicy.session("phase headers { rule \"e\" { \(edit) } }\n" + Self.seen)
    let header = Self.message.split(separator: "text")[0]
    #expect(session.headers(String(header)).isUndecided)
    #expect(session.endOfMessage(Self.message).isUndecided)
    #expect(session.logged == expected)
  }

  @Test func theSameValueIsNoEdit() throws {
    let session = try TestPolicy.session(
      "phase eom { rule \"e\" { setheader \"Subject\" \"one\"; deleteheader \"X-None\"; } }")
    #expect(session.endOfMessage(Self.message).isUndecided)
    #expect(session.decisions.actions.isEmpty)
  }

  @Test func editsBeforeTheHeaderAreSeenInIt() throws {
    let session = try TestPolicy.session(
      """
      phase mail { rule "m" { addheader "X-From" "${sender}"; deleteheader "X-A"; } }
      phase headers { rule "h" { if header :is "X-From" "a@example.net" { log "seen"; } } }
      phase eom { rule "e" { if not exists "X-A" { log "gone"; } } }
      """)
    _ = session.mail("<a@example.net>")
    #expect(session.decisions.actions.isEmpty)
    _ = session.headers("X-A: b\n\n")
    _ = session.endOfMessage("X-A: b\n\ntext")
    #expect(session.logged == ["seen", "gone"])
    #expect(session.decisions.actions.map(\.action) == ["addheader", "deleteheader"])
  }

  @Test func aRefusedRecipientsEditsAreDropped() throws {
    let session = try TestPolicy.session(
      """
      phase rcpt {
        rule "edit" { addheader "X-For" "${rcpt}"; log "${rcpt}"; }
        rule "no" { if envelope :localpart "to" "bad" { reject "no"; } }
        rule "later" { if envelope :localpart "to" "late" { tempfail "later"; } }
      }
      phase eom {
        rule "wrong" { if header :contains "X-For" ["bad", "late"] { log "WRONG"; } }
        rule "count" { log "${rcpt.count}"; }
      }
      """)
    _ = session.mail("<a@example.net>")
    for name in ["one", "bad", "two", "late"] { _ = session.recipient("<\(name)@example.com>") }
    _ = session.endOfMessage("Subject: s\n\ntext")
    #expect(session.decisions.actions.map(\.value) == ["one@example.com", "two@example.com"])
    #expect(session.logged.last == "2" && !session.logged.contains("WRONG"))
    // What a recipient's rules logged stays.
    #expect(session.logged.filter { $0.hasPrefix("bad") } == ["bad@example.com"])
  }

  @Test func editsEndWithTheMessage() throws {
    let session = try TestPolicy.session("phase mail { rule \"m\" { addheader \"X-M\" \"1\"; } }")
    _ = session.mail("<a@example.net>")
    session.resetMessage()
    _ = session.endOfMessage("Subject: s\n\ntext")
    #expect(session.decisions.actions.isEmpty)
  }

  /// What rules changed counts as it will be written: each field with its line end.
  @Test(arguments: [
    ("stop;", 42), ("addheader \"X-C\" \"abc\";", 52), ("deleteheader \"X-A\";", 17),
    ("setheader \"Subject\" \"longer\";", 45),
    ("addheader \"X-C\" \"abc\"; deleteheader \"X-C\";", 42),
  ])
  func sizeFollows(_ edit: String, _ expected: Int) throws {
    let session = try TestPolicy.session(
      "phase headers { rule \"e\" { \(edit) } } "
        + "phase eom { rule \"s\" { log \"${message.size}\"; } }"
    )
    let message = "Subject: one\nX-A: first\nX-A: second\n\nx"
    #expect(session.headers("Subject: one\nX-A: first\nX-A: second\n\n").isUndecided)
    #expect(session.endOfMessage(message).isUndecided)
    #expect(session.logged == ["\(expected)"])
  }

  /// A plain script leaves alone what RFC 5293 §6 protects; a policy does not.
  @Test(arguments: [("plain", true), ("policy", false)])
  func receivedStays(_ kind: String, _ isThere: Bool) throws {
    let body =
      "deleteheader \"Received\"; if exists \"received\" { addheader \"X-There\" \"yes\"; }"
    let source =
      kind == "plain"
      ? "require [\"editheader\"];" + body
      : "require \"defang\"; phase eom { rule \"r\" { \(body) } }"
    let session = TestPolicy.session(try TestPolicy.loadWhole(source))
    #expect(session.endOfMessage("Received: from a by b; now\n\nx").isUndecided)
    #expect(session.decisions.actions.contains { $0.name == "X-There" } == isThere)
  }

  /// A name that is none when the script runs gives the message up.
  @Test func badNameAtRunTime() throws {
    let session = TestPolicy.session(
      try TestPolicy.loadWhole(
        "require [\"editheader\", \"variables\"]; set \"n\" \"X:\"; addheader \"${n}\" \"v\";"))
    let verdict = session.endOfMessage("Subject: one\n\nx").verdict
    #expect(verdict?.trap == .badFieldName("X:"))
  }
}
