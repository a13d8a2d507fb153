// What becomes of a message: verdicts, dispositions and recipients' turns weighed against each
// other (LANGUAGE.md §3).

import MailEdits
import RuleBytecode
import Testing

@testable import RuleVM

/// One policy, played from MAIL to the end of a message for ann, bob and eve.
struct OutcomeCase: CustomTestStringConvertible, Sendable {
  let policy: String
  let fate: RuleVM.Outcome.Fate
  var rule: String?
  /// Of what is carried out.
  var actions: [String] = []
  var removed: [Int] = []
  var added: [String] = []
  var becomes: [String] = []

  init(
    _ policy: String, _ fate: RuleVM.Outcome.Fate, by rule: String? = nil, actions: [String] = [],
    removed: [Int] = [], added: [String] = [], becomes: [String] = []
  ) {
    self.policy = policy
    self.fate = fate
    self.rule = rule
    self.actions = actions
    self.removed = removed
    self.added = added
    self.becomes = becomes
  }

  var testDescription: String { policy }
}

struct OutcomeTests {
  /// Plays a message; nil verdicts of earlier phases let it go on.
  static func play(
    _ source: String, observes: Bool = false
  ) throws -> (PolicySession, RuleVM.Outcome) {
    let session = PolicySession(
      policy: try TestPolicy.load(source), sessionID: "S1", types: TestPolicy.types,
      observes: observes, now: { 0 })
    var verdict = session.mail("<sender@example.net>").verdict
    for name in ["ann", "bob", "eve"] where verdict == nil {
      let given = session.recipient("<\(name)@example.com>").verdict
      if given?.reach == .message { verdict = given }
    }
    verdict = verdict ?? session.data().verdict
    verdict = verdict ?? session.headers("Subject: hello\nX: y\n\n").verdict
    verdict = verdict ?? session.endOfMessage("Subject: hello\nX: y\n\nText\n").verdict
    return (session, session.outcome(verdict))
  }

  private static func eom(_ body: String, before: String = "") -> String {
    before + "phase eom { rule \"r\" { \(body) } rule \"s\" { addheader \"X-S\" \"1\"; } }"
  }

  private static func loop(_ body: String, mixed: String) -> String {
    eom("for_each_rcpt { \(body) }", before: "on_mixed \(mixed);\n")
  }

  private static let bob = "if string :is \"${rcpt.local}\" \"bob\""

  static let dispositions: [OutcomeCase] = [
    OutcomeCase(eom("hold \"h\";"), .hold, by: "r", actions: ["hold", "addheader"]),
    OutcomeCase(eom("quarantine \"q\";"), .quarantine, by: "r", actions: ["quarantine"]),
    OutcomeCase(eom("hold; quarantine;"), .quarantine, by: "r", actions: ["quarantine"]),
    OutcomeCase(eom("hold; accept;"), .hold, by: "r", actions: ["hold"]),
    OutcomeCase(eom("quarantine; reject \"no\";"), .reject, by: "r"),
    OutcomeCase(eom("hold; tempfail \"later\";"), .tempfail, by: "r"),
    OutcomeCase(eom("quarantine; discard;"), .discard, by: "r"),
    OutcomeCase(eom("quarantine :copy;"), .accept, actions: ["quarantine", "addheader"]),
    OutcomeCase(
      eom("quarantine :copy; reject \"no\";"), .reject, by: "r", actions: ["quarantine"]),
    OutcomeCase(
      eom("save_copy :store \"s\"; reject \"no\";", before: "store :directory \"/s\" \"s\";\n"),
      .reject, by: "r", actions: ["save_copy"]),
    OutcomeCase(
      "phase mail { rule \"m\" { hold \"early\"; } }" + eom("log \"x\";"), .hold, by: "m",
      actions: ["hold", "addheader"]),
    // What a refused recipient's run recorded is dropped.
    OutcomeCase(
      "phase rcpt { rule \"m\" { hold; addheader \"X\" \"1\"; \(bob) { reject \"no\"; } } }"
        + "phase eom { rule \"s\" { log \"x\"; } }",
      .hold, by: "m", actions: ["hold", "hold", "addheader", "addheader"]),
    OutcomeCase(
      "phase part { rule \"p\" { quarantine :part; } }", .accept, actions: ["quarantine"]),
  ]

  static let recipients: [OutcomeCase] = [
    OutcomeCase(
      loop("reject \"no\";", mixed: ":reject \"discard\""), .reject, by: "r"),
    OutcomeCase(
      loop(
        "\(bob) { tempfail \"later\"; } reject \"no\";",
        mixed: ":reject \"discard\" :tempfail \"deliver\""),
      .tempfail, by: "r"),
    OutcomeCase(
      loop("\(bob) { reject \"no\"; }", mixed: ":reject \"discard\""), .accept,
      actions: ["addheader"], removed: [1], becomes: ["", "discard", ""]),
    OutcomeCase(
      loop("\(bob) { reject \"no\"; }", mixed: ":reject \"deliver\""), .accept,
      actions: ["addheader"], becomes: ["", "deliver", ""]),
    OutcomeCase(
      loop("\(bob) { tempfail \"later\"; }", mixed: ":tempfail \"quarantine\""), .accept,
      actions: ["addheader"], removed: [1], becomes: ["", "quarantine", ""]),
    OutcomeCase(
      eom("for_each_rcpt { \(bob) { discard; } }"), .accept, actions: ["addheader"],
      removed: [1], becomes: ["", "", ""]),
    OutcomeCase(eom("for_each_rcpt { discard; }"), .discard),
    OutcomeCase(
      eom("for_each_rcpt { quarantine; }"), .quarantine, by: "r",
      actions: ["quarantine", "quarantine", "quarantine"]),
    // A verdict on the message beats those of the turns.
    OutcomeCase(
      eom(
        "for_each_rcpt { \(bob) { reject \"no\"; } } accept;",
        before: "on_mixed :reject \"discard\";\n"),
      .accept, by: "r"),
    OutcomeCase(
      eom(
        "for_each_rcpt { \(bob) { reject \"no\"; } } reject \"all\";",
        before: "on_mixed :reject \"discard\";\n"),
      .reject, by: "r"),
    // `break` leaves the loop, the rule goes on behind it.
    OutcomeCase(
      eom(
        "for_each_rcpt { if string :is \"${rcpt.local}\" \"ann\" { break; } reject \"no\"; }",
        before: "on_mixed :reject \"discard\";\n"),
      .accept, actions: ["addheader"]),
  ]

  static let envelopes: [OutcomeCase] = [
    OutcomeCase(
      eom("addrcpt \"joe@example.com\";"), .accept, actions: ["addrcpt", "addheader"],
      added: ["joe@example.com"]),
    // One that is there already is not added again, in whatever case.
    OutcomeCase(eom("addrcpt \"BOB@example.com\";"), .accept, actions: ["addrcpt", "addheader"]),
    OutcomeCase(
      eom("delrcpt \"Bob@Example.com\";"), .accept, actions: ["delrcpt", "addheader"],
      removed: [1]),
    OutcomeCase(
      eom("redirect \"joe@example.com\";"), .accept, actions: ["redirect", "addheader"],
      removed: [0, 1, 2], added: ["joe@example.com"]),
    OutcomeCase(
      eom("redirect :copy \"joe@example.com\";"), .accept, actions: ["redirect", "addheader"],
      added: ["joe@example.com"]),
    OutcomeCase(
      "phase rcpt { rule \"r\" { \(bob) { redirect \"joe@example.com\"; } } }", .accept,
      actions: ["redirect"], removed: [1], added: ["joe@example.com"]),
    OutcomeCase(
      eom("for_each_rcpt { \(bob) { redirect \"ann@example.com\"; } }"), .accept,
      actions: ["redirect", "addheader"], removed: [1]),
    // Nobody is left: never an empty envelope.
    OutcomeCase(
      eom(
        "delrcpt \"ann@example.com\"; delrcpt \"bob@example.com\"; delrcpt \"eve@example.com\";"),
      .discard),
    // An address that comes from mail and is none is no reason to deliver.
    OutcomeCase(eom("addrcpt \"${subject}\";"), .tempfail, by: "r"),
  ]

  @Test(arguments: dispositions + recipients + envelopes)
  func isWeighed(_ play: OutcomeCase) throws {
    let (session, outcome) = try Self.play(play.policy)
    #expect(outcome.fate == play.fate)
    #expect(outcome.rule == play.rule)
    #expect(session.decisions.carriedOut(outcome).map(\.action) == play.actions)
    #expect(outcome.envelope.removed == play.removed)
    #expect(outcome.envelope.added == play.added)
    if !play.becomes.isEmpty {
      #expect(outcome.recipients.map { $0.becomes?.rawValue ?? "" } == play.becomes)
    }
  }

  @Test func reasonOfAHeldMessage() throws {
    let (_, named) = try Self.play(Self.eom("hold \"from ${sender}\";"))
    #expect(named.holdReason == "from sender@example.net")
    let (_, plain) = try Self.play(Self.eom("hold;"))
    #expect(plain.holdReason == "r")
  }

  @Test func senderIsChangedOnce() throws {
    let (_, outcome) = try Self.play(
      Self.eom("setsender \"a@example.org\"; setsender \"\"; log \"${sender}\";"))
    #expect(outcome.envelope.sender == "")
    let (_, same) = try Self.play(Self.eom("setsender \"SENDER@example.net\";"))
    #expect(same.envelope.isEmpty)
  }

  /// The path goes back to the mail server exactly as it came.
  @Test func pathsAreKept() throws {
    let (_, outcome) = try Self.play(Self.eom("delrcpt \"bob@example.com\";"))
    #expect(String(decoding: outcome.recipients[1].path, as: UTF8.self) == "<bob@example.com>")
  }

  // MARK: Turns

  @Test func aTurnHasItsRecipientsOwn() throws {
    let (session, _) = try Self.play(
      """
      phase rcpt {
        rule "w" { set :recipient "w" "${rcpt.local}!"; score "1" "RCPT"; }
      }
      phase eom {
        rule "r" {
          for_each_rcpt { log "${rcpt} ${w} ${score}"; set :recipient "w" "${w}!"; }
          for_each_rcpt { log "${w}"; }
          log "${score}";
        }
      }
      """)
    #expect(
      session.logged == [
        "ann@example.com ann! 1.0", "bob@example.com bob! 1.0", "eve@example.com eve! 1.0",
        "ann!!", "bob!!", "eve!!", "0.0",
      ])
  }

  /// Who has a verdict has no further turn.
  @Test func turnsOfTheUndecided() throws {
    let (session, _) = try Self.play(
      Self.eom(
        "for_each_rcpt { \(Self.bob) { accept; } log \"1 ${rcpt.local}\"; } "
          + "for_each_rcpt { log \"2 ${rcpt.local}\"; }"))
    #expect(session.logged == ["1 ann", "1 eve", "2 ann", "2 eve"])
  }

  /// Edits of a turn show in it, and nowhere else.
  @Test func ownEditsAreOwn() throws {
    let (session, outcome) = try Self.play(
      Self.eom(
        """
        for_each_rcpt :split {
          \(Self.bob) { addheader "X-Own" "1"; }
          if exists "X-Own" { log "${rcpt.local}"; }
        }
        if exists "X-Own" { log "all"; }
        """))
    #expect(session.logged == ["bob"])
    #expect(session.decisions.recipientEdits.keys.sorted() == [1])
    #expect(session.decisions.edits.headerEdits.count == 1)
    #expect(session.decisions.carriedOut(outcome).first?.recipient == "bob@example.com")
  }
}
