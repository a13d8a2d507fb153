// Files that include each other, at play: what `return`, `stop`, `:once` and `global` mean when
// they run.

import MailMessage
import RuleBytecode
import RuleCompiler
import Testing

@testable import RuleVM

struct IncludeRunTests {
  /// What a message makes the policy log or keep, by the names of its actions.
  private func play(
    _ main: String, _ files: [String: String]
  ) throws -> (logged: [String], verdict: Verdict?) {
    var sources = SourceSet(
      access: FileAccess { path, _ in
        files[path].map { .bytes(Array($0.utf8)) } ?? .missing
      })
    _ = sources.add(SourceFile(name: "main", directory: "/p", bytes: Array(main.utf8)))
    let result = Compiler.compilation(sources)
    guard let program = result.program else {
      let text = DiagnosticPrinter(sources: result.sources).text(result.diagnostics)
      throw PolicyMistake(description: text)
    }
    let policy = LoadedPolicy(try VerifiedProgram(image: program.image()))
    let session = TestPolicy.session(policy)
    _ = session.mail("<a@example.net>")
    _ = session.recipient("<b@example.com>")
    let verdict = session.endOfMessage("Subject: x\n\nbody\n").verdict
    let edits = session.decisions.actions.filter { $0.kind == .addheader }.compactMap(\.value)
    return (session.logged + edits, verdict)
  }

  private static func rules(_ body: String) -> String {
    "require [\"defang\", \"variables\"];\n" + body
  }

  @Test func returnLeavesItsFileOnly() throws {
    let main = Self.rules(
      """
      phase eom { rule "a" { log "a"; } }
      include "inner";
      phase eom { rule "d" { log "d"; } }
      """)
    let inner = Self.rules(
      "phase eom { rule \"b\" { log \"b\"; if true { return; } } rule \"c\" { log \"c\"; } }")
    #expect(try play(main, ["/p/inner": inner]).logged == ["a", "b", "d"])
    let stopping = inner.replacing("return", with: "stop")
    #expect(try play(main, ["/p/inner": stopping]).logged == ["a", "b"])
  }

  @Test func returnLeavesADefinitionOnly() throws {
    let main = Self.rules(
      """
      define "note" { foreverypart { log "part"; return; } log "behind"; }
      phase eom { rule "a" { call "note"; log "a"; return; } rule "b" { log "b"; } }
      """)
    #expect(try play(main, [:]).logged == ["part", "a"])
  }

  // MARK: Plain Sieve

  private static let head = "require [\"include\", \"variables\", \"editheader\"];\n"

  private static func script(_ body: String) -> String { head + body }

  @Test func scriptsShareWhatIsGlobal() throws {
    let main = Self.script(
      """
      global "shared"; set "shared" "1"; set "own" "1";
      include "inner";
      addheader "X" "${shared}${own}${global.shared}";
      """)
    let inner = Self.script(
      "global \"shared\"; set \"own\" \"2${shared}\"; set \"shared\" \"3${own}\";")
    #expect(try play(main, ["/p/inner.sieve": inner]).logged == ["3211321"])
  }

  @Test func onceIsOnce() throws {
    let main = Self.script(
      """
      global "n";
      include "inner"; include :once "inner"; include "inner"; include :once "other";
      include :once "other";
      addheader "X" "${n}";
      """)
    let files = [
      "/p/inner.sieve": Self.script("global \"n\"; set \"n\" \"${n}i\";"),
      "/p/other.sieve": Self.script("global \"n\"; set \"n\" \"${n}o\";"),
    ]
    #expect(try play(main, files).logged == ["iio"])
  }

  @Test func returnAndStop() throws {
    let main = Self.script("include \"inner\"; addheader \"X\" \"behind\";")
    let inner = Self.script(
      "addheader \"X\" \"in\"; if true { return; } addheader \"X\" \"never\";")
    #expect(try play(main, ["/p/inner.sieve": inner]).logged == ["in", "behind"])
    let stopping = inner.replacing("return", with: "stop")
    #expect(try play(main, ["/p/inner.sieve": stopping]).logged == ["in"])
  }
}
