// What a policy decides, in the protocol's terms: the verdict, and the changes with it.

import MilterBridge
import MilterWire
import RuleBytecode
import RuleCompiler
import RuleVM
import Synchronization
import Testing

/// Keeps what the log is told.
private final class KeptDecisions: VerdictObserver {
  private let kept = Mutex<[(fate: String, actions: [String])]>([])

  func decided(_ record: DecisionRecord) {
    let fate = record.outcome?.fate.rawValue ?? "none"
    let actions = record.outcome.map(record.decisions.carriedOut) ?? []
    kept.withLock { $0.append((fate, actions.map(\.action))) }
  }

  var last: (fate: String, actions: [String])? { kept.withLock { $0.last } }
}

struct PolicyEvaluatorTests {
  private struct Mistake: Error, CustomStringConvertible { let description: String }

  /// Plays a message for ann and bob.
  private static func play(
    _ source: String, observes: Bool = false, log: KeptDecisions = KeptDecisions()
  ) throws -> RunOutcome {
    var sources = SourceSet()
    let text = "require [\"defang\", \"variables\"];\n" + source
    _ = sources.add(SourceFile(name: "test.rules", bytes: Array(text.utf8)))
    let (program, diagnostics) = Compiler.compile(sources)
    guard let program else {
      throw Mistake(description: DiagnosticPrinter(sources: sources).text(diagnostics))
    }
    let evaluator = PolicyEvaluator(
      policy: LoadedPolicy(try VerifiedProgram(program)), needs: ProgramNeeds(program),
      sessionID: "S1", types: TypeOracle(), limits: MachineLimits(),
      observes: observes, observer: log, now: { 0 })
    _ = evaluator.mail(Array("<ann@example.net>".utf8), arguments: [])
    for name in ["ann", "bob"] {
      let path = Array("<\(name)@Example.com>".utf8)
      let outcome = evaluator.recipient(path, arguments: [])
      guard outcome == .decided(.proceed) else { return outcome }
    }
    let bytes = Array("Subject: hello\r\n\r\nText\r\n".utf8)
    let outcome = evaluator.headers(ReceivedMessage(bytes: bytes, sizeBytes: bytes.count))
    guard outcome == .decided(.proceed) else { return outcome }
    let end = evaluator.endOfMessage(ReceivedMessage(bytes: bytes, sizeBytes: bytes.count))
    evaluator.resetMessage()
    return end
  }

  private static func eom(_ body: String) -> String {
    "on_mixed :reject \"discard\";\nphase eom { rule \"r\" { \(body) } }"
  }

  /// With every change that goes to the mail server.
  @Test(arguments: [
    ("hold \"look\";", [Modification.quarantine(reason: "look")]),
    ("setsender \"\";", [.changeSender("<>", arguments: "")]),
    ("addrcpt \"eve@example.org\";", [.addRecipient("<eve@example.org>", arguments: "")]),
    // As the client wrote it.
    ("delrcpt \"ANN@example.com\";", [.deleteRecipient("<ann@Example.com>")]),
    (
      "redirect \"eve@example.org\";",
      [
        .addRecipient("<eve@example.org>", arguments: ""), .deleteRecipient("<ann@Example.com>"),
        .deleteRecipient("<bob@Example.com>"),
      ]
    ),
    (
      "for_each_rcpt { if string :is \"${rcpt.local}\" \"bob\" { reject \"no\"; } }",
      [.deleteRecipient("<bob@Example.com>")]
    ),
    (
      "addheader \"X-A\" \"b\"; hold;",
      [
        .insertHeader(index: 0, name: "X-A", value: Array("b".utf8)), .quarantine(reason: "r"),
      ]
    ),
  ])
  func changesGoToTheMailServer(body: String, changes: [Modification]) throws {
    let outcome = try Self.play(Self.eom(body))
    let decision = MessageDecision(verdict: .accept, modifications: changes)
    #expect(outcome == .decided(.finish(decision)))
  }

  @Test(arguments: [
    ("for_each_rcpt { discard; }", MessageDecision.Verdict.discard),
    ("delrcpt \"ann@example.com\"; delrcpt \"bob@example.com\";", .discard),
    ("hold; discard;", .discard),
    (
      "hold; reject :code \"554\" \"no\";",
      .refuse(.refusal(permanent: true, code: "554", enhanced: "5.7.1", text: "no"))
    ),
    (
      "for_each_rcpt { reject \"no ${rcpt.local}\"; }",
      .refuse(.refusal(permanent: true, code: "550", enhanced: "5.7.1", text: "no ann"))
    ),
  ])
  func nothingIsChangedForARefusal(
    body: String, verdict: MessageDecision.Verdict
  ) throws {
    let log = KeptDecisions()
    let outcome = try Self.play(Self.eom("addheader \"X-A\" \"b\"; " + body), log: log)
    #expect(outcome == .decided(.finish(MessageDecision(verdict: verdict))))
    #expect(log.last?.actions == [])
  }

  @Test func observingChangesNothing() throws {
    let log = KeptDecisions()
    let source = "phase rcpt { rule \"n\" { reject \"no\"; } }\n" + Self.eom("hold; discard;")
    let outcome = try Self.play(source, observes: true, log: log)
    #expect(outcome == .decided(.finish(MessageDecision(verdict: .accept))))
    #expect(log.last?.fate == "accept" && log.last?.actions == [])
  }

  /// An address that is none must not let the message pass as if the rule said nothing.
  @Test func badAddressesGiveUp() throws {
    let outcome = try Self.play(Self.eom("addrcpt \"${subject}\";"))
    guard case .failed(.internalFault(let reason)) = outcome else {
      Issue.record("\(outcome)")
      return
    }
    #expect(reason.contains("hello"))
  }

  /// What the mail server is asked for at the start.
  @Test(arguments: [
    ("hold;", ProtocolActions.quarantine), ("delrcpt \"a@example.com\";", .deleteRecipients),
    ("redirect \"a@example.com\";", .addRecipients), ("setsender \"\";", .changeSender),
    ("for_each_rcpt { reject \"no\"; }", .deleteRecipients),
  ])
  func rightsAreNegotiated(body: String, action: ProtocolActions) throws {
    var sources = SourceSet()
    let text = "require \"defang\"; " + Self.eom(body)
    _ = sources.add(SourceFile(name: "test.rules", bytes: Array(text.utf8)))
    let program = try #require(Compiler.compile(sources).program)
    let needs = NegotiationNeeds(ProgramNeeds(program))
    #expect(needs.actions.isSuperset(of: action))
    let isOfRecipients = action != .quarantine
    #expect(needs.sent.contains(.recipient) == isOfRecipients)
  }
}
