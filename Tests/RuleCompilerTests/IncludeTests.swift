// Files that include others: what they share, in which order they run, and what cannot be.

import RuleBytecode
import Testing

@testable import RuleCompiler

struct IncludeTests {
  /// Compiles `/p/main.rules` with these files beside it.
  private func compile(
    _ main: String, _ files: [String: String], limits: CompilerLimits = .standard
  ) -> Compilation {
    var sources = SourceSet(
      access: FileAccess { path, _ in
        files[path].map { .bytes(Array($0.utf8)) } ?? .missing
      })
    _ = sources.add(
      SourceFile(name: "main.rules", directory: "/p", bytes: Array(main.utf8)))
    return Compiler.compilation(sources, limits: limits)
  }

  private func codes(_ result: Compilation) -> [String] {
    result.diagnostics.shown.compactMap { diagnostic in
      guard let source = result.sources.file(of: diagnostic.range) else { return nil }
      let place = source.position(ofByte: diagnostic.range.bytes.lowerBound)
      return "\(diagnostic.problem.code.rawValue) \(source.name):\(place.line):\(place.column)"
    }
  }

  private static func module(_ name: String, _ more: String = "") -> String {
    "require \"defang\"; \(more) phase eom { rule \"\(name)\" { log \"x\"; } }"
  }

  @Test func rulesRunWhereTheirFileIsIncluded() throws {
    let main = """
      require "defang";
      phase eom { rule "one" { log "x"; } }
      include "b/two.rules";
      phase eom { rule "four" { log "x"; } }
      """
    let result = compile(
      main,
      [
        "/p/b/two.rules": Self.module("two", "include \"three.rules\";"),
        "/p/b/three.rules": Self.module("three"),
      ])
    #expect(codes(result) == [])
    let program = try #require(result.program)
    #expect(program.rules.map { program.string($0.name) } == ["one", "three", "two", "four"])
    #expect(
      program.files.map { program.string($0) }
        == ["main.rules", "b/two.rules", "b/three.rules"])
    _ = try VerifiedProgram(program)
  }

  @Test func filesShareNames() throws {
    let main = """
      require ["defang", "envelope", "extlists"];
      include "lists.rules";
      phase mail { rule "a" { if is "ours" { set :message "who" "us"; } } }
      include "use.rules";
      """
    let lists = """
      require ["defang", "envelope", "extlists"];
      table :inline ["example.com"] :type "domain" "domains";
      define "ours" envelope :domain :list "from" "table:domains";
      """
    let use = "require \"defang\"; phase eom { rule \"b\" { log \"${who}\"; } }"
    let result = compile(main, ["/p/lists.rules": lists, "/p/use.rules": use])
    #expect(codes(result) == [])
    let early = compile(
      "require \"defang\"; phase mail { rule \"a\" { if is \"ours\" { stop; } } }\n"
        + "include \"lists.rules\";", ["/p/lists.rules": lists])
    #expect(codes(early) == ["D009 main.rules:1:49"])
  }

  /// `on_error` and `mode` hold for their file.
  @Test func whatAFileSaysHoldsForIt() throws {
    let main = """
      require "defang";
      include "watched.rules";
      phase connect { rule "b" { if dnsbl "b.example" { reject "x"; } } }
      """
    let watched = """
      require "defang"; on_error :dns "continue"; mode "observe";
      phase connect { rule "a" { if dnsbl "a.example" { reject "x"; } } }
      """
    let result = compile(main, ["/p/watched.rules": watched])
    #expect(codes(result) == ["E003 main.rules:3:31"])
    let stated = compile(
      main.replacing("include", with: "on_error :dns \"tempfail\"; include"),
      ["/p/watched.rules": watched])
    let program = try #require(stated.program)
    #expect(program.rules.map(\.mode) == [.observe, .enforce])
  }

  @Test func optionalOnceAndTwice() {
    let module = ["/p/a.rules": Self.module("a")]
    let head = "require \"defang\"; "
    let end = " phase eom { rule \"z\" { log \"x\"; } }"
    #expect(codes(compile(head + "include :optional \"b.rules\";" + end, module)) == [])
    #expect(
      codes(compile(head + "include \"b.rules\";" + end, module)) == ["D025 main.rules:1:27"])
    let twice = head + "include \"a.rules\"; include \"./a.rules\";"
    #expect(codes(compile(twice, module)) == ["D028 main.rules:1:38"])
    let once = head + "include \"a.rules\"; include :once \"x/../a.rules\";"
    #expect(codes(compile(once, module)) == [])
  }

  @Test func circlesAreSaidAtTheirEnd() {
    let two = [
      "/p/a.rules": Self.module("a", "include \"b.rules\";"),
      "/p/b.rules": Self.module("b", "include \"a.rules\";"),
    ]
    #expect(
      codes(compile("require \"defang\"; include \"a.rules\";", two)) == ["D026 b.rules:1:27"])
    let own = ["/p/main.rules": "", "/p/a.rules": Self.module("a", "include \"main.rules\";")]
    #expect(
      codes(compile("require \"defang\"; include \"a.rules\";", own)) == ["D026 a.rules:1:27"])
    let once = [
      "/p/a.rules": Self.module("a", "include :once \"b.rules\";"),
      "/p/b.rules": Self.module("b", "include :once \"a.rules\";"),
    ]
    #expect(codes(compile("require \"defang\"; include \"a.rules\";", once)) == [])
  }

  @Test func depthAndNumberAreLimited() {
    var files: [String: String] = [:]
    for index in 0..<9 {
      files["/p/\(index).rules"] = Self.module("r\(index)", "include \"\(index + 1).rules\";")
    }
    files["/p/9.rules"] = Self.module("r9")
    let main = "require \"defang\"; include \"0.rules\";"
    #expect(codes(compile(main, files)) == [])
    files["/p/9.rules"] = Self.module("r9", "include \"10.rules\";")
    files["/p/10.rules"] = Self.module("r10")
    #expect(codes(compile(main, files)) == ["D027 9.rules:1:27"])
    var limits = CompilerLimits.standard
    limits.includesMax = 1
    let pair = ["/p/a.rules": Self.module("a"), "/p/b.rules": Self.module("b")]
    let one = "require \"defang\"; include \"a.rules\";"
    #expect(codes(compile(one, pair, limits: limits)) == [])
    let both = one + " include \"b.rules\";"
    #expect(codes(compile(both, pair, limits: limits)) == ["D027 main.rules:1:46"])
  }

  @Test func mistakesOfModulesStandInTheirFile() {
    let result = compile(
      "require \"defang\"; include \"a.rules\";",
      ["/p/a.rules": "require \"defang\";\nphase eom { rule \"a\" { reject; } }"])
    #expect(codes(result) == ["A001 a.rules:2:24"])
  }

  // MARK: Plain Sieve

  @Test func plainScriptsRunInEachOther() throws {
    let main = """
      require ["include", "variables"];
      set "x" "1";
      global "y";
      include "inner";
      include :once "inner";
      if string "${x}${y}" "1" { discard; }
      """
    let inner = """
      require ["include", "variables"];
      global "y";
      set "x" "2";
      set "y" "${x}";
      if header "Subject" "x" { return; }
      keep;
      """
    let result = compile(main, ["/p/inner.sieve": inner])
    #expect(codes(result) == [])
    let program = try #require(result.program)
    #expect(program.rules.count == 1)
    let names = program.variables.map { program.string($0.name) }
    #expect(Set(names) == ["x", "1:x", "global.y"])
    _ = try VerifiedProgram(program)
  }

  @Test func aPolicyCanIncludeAPlainScriptAndNotTheOtherWay() {
    let plain = "require \"fileinto\"; if exists \"X\" { discard; }"
    let result = compile(
      "require \"defang\"; include \"a.sieve\";",
      ["/p/a.sieve": plain.replacing("require \"fileinto\"; ", with: "")])
    #expect(codes(result) == [])
    let other = compile(
      "require \"include\"; include \"a.rules\";", ["/p/a.rules": Self.module("a")])
    #expect(codes(other) == ["D029 main.rules:1:20"])
  }
}
