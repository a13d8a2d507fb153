// Plain Sieve scripts: what they ask for is settled at their end (RFC 5228 §2.10, RFC 5429 §2).

import RuleBytecode
import RuleCompiler
import Testing

@testable import RuleVM

struct ScriptCase: CustomTestStringConvertible, Sendable {
  let script: String
  let fate: RuleVM.Outcome.Fate
  let keepsImplicitly: Bool
  var actions: [String] = []
  var removed = 0
  var added: [String] = []

  init(
    _ script: String, _ fate: RuleVM.Outcome.Fate = .accept, keeps: Bool, _ actions: [String] = [],
    removed: Int = 0, added: [String] = []
  ) {
    self.script = script
    self.fate = fate
    keepsImplicitly = keeps
    self.actions = actions
    self.removed = removed
    self.added = added
  }

  var testDescription: String { script }
}

struct PlainScriptTests {
  private static let needs =
    "require [\"fileinto\", \"copy\", \"reject\", \"ereject\", \"editheader\", \"variables\"];\n"

  private static func session(_ scripts: [String]) throws -> PolicySession {
    var sources = SourceSet()
    for (number, script) in scripts.enumerated() {
      let bytes = Array((needs + script).utf8)
      _ = sources.add(SourceFile(name: "script\(number).sieve", bytes: bytes))
    }
    let (program, diagnostics) = Compiler.compile(sources)
    guard let program else {
      throw PolicyMistake(description: DiagnosticPrinter(sources: sources).text(diagnostics))
    }
    let policy = LoadedPolicy(try VerifiedProgram(image: program.image()))
    return TestPolicy.session(policy)
  }

  private static func play(_ scripts: String...) throws -> (PolicySession, RuleVM.Outcome) {
    let session = try session(scripts)
    _ = session.mail("<sender@example.net>")
    for name in ["ann", "bob"] { _ = session.recipient("<\(name)@example.com>") }
    let verdict = session.endOfMessage("Subject: hello\n\nText\n").verdict
    return (session, session.outcome(verdict))
  }

  static let cases: [ScriptCase] = [
    ScriptCase("stop;", keeps: true),
    ScriptCase("keep;", keeps: true, ["keep"]),
    ScriptCase("keep; keep;", keeps: true, ["keep"]),
    ScriptCase("discard;", .discard, keeps: false),
    ScriptCase("discard; keep;", keeps: false, ["discard", "keep"]),
    ScriptCase("if true { stop; } discard;", keeps: true),
    ScriptCase("discard; stop; keep;", .discard, keeps: false),
    ScriptCase(
      "redirect \"joe@example.org\";", keeps: false, ["redirect"], removed: 2,
      added: ["joe@example.org"]),
    ScriptCase(
      "redirect \"Joe <joe@example.org>\"; redirect \"joe@example.org\";", keeps: false,
      ["redirect"], removed: 2, added: ["joe@example.org"]),
    ScriptCase(
      "redirect :copy \"joe@example.org\";", keeps: true, ["redirect"],
      added: ["joe@example.org"]),
    ScriptCase(
      "redirect \"joe@example.org\"; keep;", keeps: false, ["redirect", "keep"],
      added: ["joe@example.org"]),
    ScriptCase("fileinto \"A\"; fileinto \"A\";", keeps: false, ["fileinto"]),
    ScriptCase("fileinto :copy \"A\"; fileinto \"B\";", keeps: false, ["fileinto", "fileinto"]),
    ScriptCase("addheader \"X\" \"1\";", keeps: true, ["addheader"]),
    ScriptCase("addheader \"X\" \"1\"; discard;", .discard, keeps: false),
    ScriptCase("reject \"no\";", .reject, keeps: false),
    ScriptCase("ereject \"no\"; discard;", .reject, keeps: false),
  ]

  @Test(arguments: cases)
  func isSettled(_ play: ScriptCase) throws {
    let (session, outcome) = try Self.play(play.script)
    #expect(outcome.fate == play.fate)
    #expect(session.decisions.scripts.map(\.keepsImplicitly) == [play.keepsImplicitly])
    #expect(session.decisions.carriedOut(outcome).map(\.action) == play.actions)
    #expect(outcome.envelope.removed.count == play.removed)
    #expect(outcome.envelope.added == play.added)
  }

  @Test(arguments: [
    ("reject \"a\"; reject \"b\";", Trap.scriptConflict("reject")),
    ("reject \"a\"; keep;", .scriptConflict("keep")),
    ("keep; ereject \"a\";", .scriptConflict("ereject")),
    ("fileinto \"A\"; reject \"a\";", .scriptConflict("reject")),
    ("reject \"a\"; fileinto \"A\";", .scriptConflict("fileinto")),
    ("reject \"a\"; redirect \"joe@example.org\";", .scriptConflict("redirect")),
    ("set \"a\" \"nobody\"; redirect \"${a}\";", .badAddress("nobody")),
  ])
  func isGivenUp(script: String, trap: Trap) throws {
    let (session, outcome) = try Self.play(script)
    #expect(outcome.fate == .tempfail && outcome.cause == .trap(trap))
    #expect(session.decisions.carriedOut(outcome).isEmpty)
  }

  /// Each script has its own keep; one that discards leaves the message to the others' wishes.
  @Test func scriptsFollowEachOther() throws {
    let (session, outcome) = try Self.play("keep;", "addheader \"X\" \"1\";")
    #expect(outcome.fate == .accept && session.decisions.scripts.count == 2)
    let (stopped, _) = try Self.play("stop;", "discard;")
    #expect(stopped.decisions.scripts.count <= 1)
  }

  @Test(arguments: [(32, true), (33, false)])
  func actionsOfAScript(count: Int, isFine: Bool) throws {
    let files = (0..<count).map { "fileinto \"F\($0)\";" }.joined(separator: "\n")
    let (_, outcome) = try Self.play(files)
    #expect((outcome.fate == .accept) == isFine)
    if !isFine { #expect(outcome.cause == .trap(.tooManyScriptActions(limit: 32))) }
  }

  @Test(arguments: [(4, true), (5, false)])
  func redirectsOfAScript(count: Int, isFine: Bool) throws {
    let lines = (0..<count).map { "redirect \"a\($0)@example.org\";" }.joined(separator: "\n")
    let (_, outcome) = try Self.play(lines)
    #expect((outcome.fate == .accept) == isFine)
    if !isFine { #expect(outcome.cause == .trap(.tooManyRedirects(limit: 4))) }
  }

  /// A script given up leaves nothing to the next message of the session.
  @Test func eachMessageHasItsScript() throws {
    let session = try Self.session(["if exists \"X\" { reject \"a\"; keep; } keep;"])
    _ = session.mail("<sender@example.net>")
    _ = session.recipient("<ann@example.com>")
    #expect(session.endOfMessage("X: 1\n\nText\n").verdict?.kind == .tempfail)
    session.resetMessage()
    _ = session.mail("<sender@example.net>")
    _ = session.recipient("<ann@example.com>")
    #expect(session.endOfMessage("Y: 1\n\nText\n").isUndecided)
  }
}
