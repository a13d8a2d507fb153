// Each action in each phase: it compiles where the phase table has it, and where it has not the
// message names the phases that have it.

import RuleBytecode
import Testing

@testable import RuleCompiler

struct ActionPhaseTests {
  static let declared = """
    require ["defang", "variables"];
    on_error :scanner "tempfail";
    on_mixed :reject "deliver" :tempfail "deliver";
    settings :admin "root@example.com";
    store :directory "/s" :url "https://f.example.com" "s";
    key :file "/k" "k";
    program ["/usr/bin/true"] "p";
    scanner :rspamd "inet:11334@localhost" "rspamd";
    define "d" { log "d"; }

    """

  /// One statement of each command.
  static let statements: [(action: Action, text: String)] = [
    (.accept, "accept;"), (.reject, "reject \"no\";"), (.ereject, "ereject \"no\";"),
    (.tempfail, "tempfail \"later\";"), (.discard, "discard;"), (.hold, "hold;"),
    (.quarantine, "quarantine;"), (.delay, "delay 2;"), (.continue, "continue;"),
    (.stop, "stop;"), (.call, "call \"d\";"), (.set, "set \"v\" \"1\"; log \"${v}\";"),
    (.score, "score \"1\" \"S\";"), (.compute, "compute :sum \"v\" [\"1\", \"2\"]; log \"${v}\";"),
    (.log, "log \"x\";"), (.event, "event \"e\" \"v\";"),
    (.addheader, "addheader \"X\" \"1\";"), (.insertheader, "insertheader :at 2 \"X\" \"1\";"),
    (.setheader, "setheader \"X\" \"1\";"), (.deleteheader, "deleteheader \"X\";"),
    (.addrcpt, "addrcpt \"a@example.com\";"), (.delrcpt, "delrcpt \"a@example.com\";"),
    (.setsender, "setsender \"\";"), (.redirect, "redirect \"a@example.com\";"),
    (.notify, "notify :admin \"x\";"), (.train, "train :spam \"rspamd\";"),
    (.saveCopy, "save_copy :store \"s\";"), (.keep, "keep;"), (.drop, "drop;"),
    (.replace, "replace \"x\";"), (.enclose, "enclose \"x\";"), (.rename, "rename \"x\";"),
    (.settype, "settype \"text/plain\";"), (.warn, "warn \"x\";"),
    (.replaceWithFile, "replace_with_file \"x.txt\";"),
    (.replaceWithLink, "replace_with_link :store \"s\" \"x\";"), (.compress, "compress;"),
    (.sanitizeHtml, "sanitize_html;"), (.htmlToText, "html_to_text;"),
    (.stripRedundantHtml, "strip_redundant_html;"), (.stripTracking, "strip_tracking;"),
    (.filterProgram, "filter_program \"p\";"), (.disclaimer, "disclaimer :text \"x\";"),
    (.addpart, "addpart \"x\";"), (.canonicalize, "canonicalize;"),
    (.dkimSign, "dkim_sign :domain \"a.example\" :selector \"s\" :key \"k\";"),
    (.arcSeal, "arc_seal :domain \"a.example\" :selector \"s\" :key \"k\";"),
    (.authResults, "auth_results \"mx.example\";"),
    (.applyScanHeaders, "apply_scan_headers \"rspamd\";"),
  ]

  private static func errors(_ phase: Phase, _ body: String) -> Compiled {
    Compiled(declared + "phase \(phase.name) { rule \"r\" { \(body) } }")
  }

  private static func codes(_ compiled: Compiled) -> Set<String> {
    let errors = compiled.diagnostics.shown.filter { $0.severity == .error }
    return Set(errors.map(\.problem.code.rawValue))
  }

  @Test func noneIsLeftOut() {
    let elsewhere: Set<Action> = [.return, .break, .error, .lookup, .extracttext, .fileinto]
    #expect(Set(Self.statements.map(\.action)).union(elsewhere) == Set(Action.allCases))
  }

  @Test(arguments: statements.indices)
  func standsWhereTheTableSays(index: Int) throws {
    let (action, text) = Self.statements[index]
    for phase in Phase.allCases {
      let compiled = Self.errors(phase, text)
      let expected: Set<String> =
        switch action.reach(in: phase) {
        case .no: ["P004"]
        case .loopPart: ["P010"]
        case .onlyMessage: ["P006"]
        // There it is plain Sieve's; in a policy it needs a part.
        case _ where action == .keep && phase == .eom: ["P010"]
        default: []
        }
      #expect(Self.codes(compiled) == expected, "\(action.name) in \(phase.name)")
      if let program = compiled.program { _ = try VerifiedProgram(program) }
    }
  }

  /// Part edits of `eom` stand in a loop over parts, and in one over recipients if it splits.
  @Test(arguments: statements.filter { $0.action.reach(in: .eom) == .loopPart }.map(\.text))
  func partEditsStandInLoops(text: String) throws {
    #expect(Self.codes(Self.errors(.eom, "foreverypart { \(text) }")) == [])
    let inTurn = "foreverypart { \(text) }"
    #expect(Self.codes(Self.errors(.eom, "for_each_rcpt { \(inTurn) }")) == ["F012"])
    #expect(Self.codes(Self.errors(.eom, "for_each_rcpt :split { \(inTurn) }")) == [])
  }

  /// What `P004` says names a phase where the action is possible.
  @Test(arguments: statements.filter { $0.action.phases != .all })
  func theRightPhaseIsNamed(action: Action, text: String) throws {
    let phase = try #require(Phase.allCases.first { action.reach(in: $0) == .no })
    let compiled = Self.errors(phase, text)
    let message = DiagnosticPrinter(sources: compiled.sources).text(compiled.diagnostics)
    #expect(message.contains("'\(action.name)' is not possible in phase \(phase.name)"))
    let possible = action.phases.phases.map(\.name)
    #expect(possible.contains { message.contains($0) })
  }

  /// Tags of verdicts and actions that other phases lack.
  @Test(arguments: [
    ("rcpt", "discard :message;", []), ("rcpt", "accept :message;", []),
    ("connect", "accept :message;", ["P005"]), ("part", "accept :message;", []),
    ("eom", "reject :delay 3 \"no\";", ["P005"]), ("data", "tempfail :delay 3 \"no\";", []),
    ("mail", "quarantine :part;", ["P004"]), ("part", "quarantine :part;", []),
    ("eom", "for_each_rcpt { set :recipient \"v\" \"1\"; log \"${v}\"; }", []),
    ("eom", "set :recipient \"v\" \"1\"; log \"${v}\";", ["P007"]),
  ])
  func tagsHavePhases(phase: String, body: String, codes: [String]) throws {
    let phase = try #require(Phase.allCases.first { $0.name == phase })
    let found = Self.codes(Self.errors(phase, body))
    #expect(found.isSuperset(of: codes) && found.isEmpty == codes.isEmpty, "\(found)")
  }
}
