// Several files as one policy, and what a message about one says of the other.

import RuleBytecode
import Testing

@testable import RuleCompiler

struct CheckerFilesTests {
  private let head = "require [\"defang\", \"extlists\"];\n"

  @Test func filesShareNamesAndVariables() throws {
    let compiled = Compiled(
      head + """
        table :inline ["a"] "words";
        define "bulk" header :list "Subject" "table:words";
        phase mail { rule "set" { set :message "who" "${sender}"; } }
        """,
      "require \"defang\"; phase eom { rule \"use\" { if is \"bulk\" { log \"${who}\"; } } }")
    #expect(compiled.codes == [])
    _ = try VerifiedProgram(#require(compiled.program))
  }

  @Test func blocksRunInTheOrderOfTheFiles() throws {
    let file = { (name: String) in
      "require \"defang\"; phase eom { rule \"\(name)\" { log \"x\"; } }"
    }
    let program = try #require(Compiled(file("one"), file("two"), file("three")).program)
    #expect(program.rules.map { program.string($0.name) } == ["one", "two", "three"])
    #expect(program.rules.map(\.place.file) == [0, 1, 2])
    #expect(program.phases.count == 1)
  }

  @Test func ruleNamesAreUniqueAcrossFiles() {
    let file = "require \"defang\"; phase eom { rule \"a\" { log \"x\"; } }"
    let compiled = Compiled(file, file)
    #expect(compiled.codes == ["D008 1.rules:1:36"])
    #expect(compiled.diagnostics.shown[0].notes.first?.range.file == 0)
  }

  /// `on_error` holds for its file; a definition brings its own along where the user says nothing.
  @Test func failureAnswersAreOfTheFile() throws {
    let library = """
      require "defang"; on_error :dns "reject";
      define "listed" dnsbl "a.example";
      """
    let user = """
      require "defang";
      phase connect { rule "a" { if is "listed" { log "x"; } } }
      """
    let program = try #require(Compiled(library, user).program)
    #expect(Self.answers(program) == [.reject])
    let stating = try #require(
      Compiled(
        library,
        "require \"defang\"; on_error :dns \"accept\";\n"
          + user.split(separator: "\n")[1]
      ).program)
    #expect(Self.answers(stating) == [.accept])
    let own = "require \"defang\"; phase helo { rule \"b\" { if dnsbl \"b.example\" { stop; } } }"
    #expect(Compiled(library, user, own).codes == ["E003 2.rules:1:46"])
  }

  /// The machine answers what caps its input by the first file's policy.
  @Test func firstPolicyIsTheFirstFiles() throws {
    let program = try #require(
      Compiled(
        "require \"defang\"; on_error :limit \"accept\"; phase eom { rule \"a\" { log \"x\"; } }",
        "require \"defang\"; on_error :limit \"reject\"; phase part { rule \"b\""
          + " { if part :is \"kind\" \"pdf\" { drop; } } }"
      ).program)
    #expect(program.policies[0][.limit] == .accept)
    #expect(Self.answers(program, .limit) == [.reject])
  }

  @Test func plainAndOursTogether() throws {
    let program = try #require(
      Compiled(
        "if exists \"X\" { discard; }",
        "require \"defang\"; phase eom { rule \"ours\" { log \"x\"; } }"
      ).program)
    #expect(program.rules.map { program.string($0.name) } == ["0.rules", "ours"])
    _ = try VerifiedProgram(program)
  }

  @Test func digestIsOverAllSources() throws {
    let one = "require \"defang\"; phase eom { rule \"a\" { log \"x\"; } }"
    let two = "require \"defang\"; phase eom { rule \"b\" { log \"x\"; } }"
    let program = try #require(Compiled(one, two).program)
    #expect(program.sourceDigest == SHA256.digest(of: Array((one + two).utf8).span))
  }

  /// What each `settle` says about a class.
  private static func answers(
    _ program: Program, _ failure: FailureClass = .dns
  ) -> [FailureAnswer] {
    program.code.filter { $0.opcode == .settle }.map { program.policies[Int($0.b)][failure] }
  }
}
