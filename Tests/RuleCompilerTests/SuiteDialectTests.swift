// The commands and tests of Sieve test suites: there only when a suite is compiled, all of them in
// docs/SIEVE.md, and mistakes in the words that suites look for.
import Foundation
import Testing

@testable import RuleCompiler

struct SuiteDialectTests {
  private static let head =
    "require [\"vnd.dovecot.testsuite\", \"variables\", \"envelope\", \"editheader\"];\n"

  private func compile(
    _ text: String, suite: Bool = true
  ) -> (codes: [String], errors: [String]) {
    var sources = SourceSet()
    _ = sources.add(SourceFile(name: "s/t.svtest", bytes: Array(text.utf8)))
    var options = CompilerOptions()
    options.isTestSuite = suite
    let (_, diagnostics) = Compiler.compile(sources, options: options)
    return (
      diagnostics.shown.map(\.problem.code.rawValue), SuiteWording.errors(diagnostics, sources)
    )
  }

  /// One call of each command and test, as suites write it.
  static let calls: [String: String] = [
    "test": "test \"a\" { stop; }",
    "test_fail": "test_fail \"why\";",
    "test_set": "test_set \"envelope.from\" \"a@b.example\";",
    "test_config_set": "test_config_set \"a\" \"b\";",
    "test_config_unset": "test_config_unset \"a\";",
    "test_config_reload": "test_config_reload; test_config_reload :extension \"x\";",
    "test_result_reset": "test_result_reset;",
    "test_result_print": "test_result_print;",
    "test_result_execute": "test_result_execute; if test_result_execute { stop; }",
    "test_mailbox_create": "test_mailbox_create \"a\";",
    "test_mailbox_delete": "test_mailbox_delete \"a\";",
    "test_binary_save": "test_binary_save \"a\";",
    "test_binary_load": "test_binary_load \"a\";",
    "test_message_print": "test_message_print;",
    "test_message": "test_message :smtp 0; if test_message :folder \"a\" 1 { stop; }",
    "test_script_compile": "if test_script_compile \"a.sieve\" { stop; }",
    "test_script_run": "if test_script_run { stop; } if test_script_run :append_result { stop; }",
    "test_multiscript": "if test_multiscript [\"a\", \"b\"] { stop; }",
    "test_error": "if test_error :index 1 :matches \"*\" { stop; }",
    "test_result_action": "if test_result_action :index 1 \"keep\" { stop; }",
  ]

  static let names: [String] =
    (Array(SuiteSheet.commands.keys) + SuiteSheet.tests.keys + ["test"]).sorted()

  @Test(arguments: names) func compiles(_ name: String) throws {
    let call = try #require(Self.calls[name])
    #expect(compile(Self.head + call).codes == [])
  }

  @Test func isNotThereForPolicies() {
    let found = compile(Self.head + "test_result_reset;", suite: false).codes
    #expect(found.contains("N005"))
    #expect(found.contains("N001"))
  }

  @Test func isInTheManual() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let manual = try String(contentsOf: root.appending(path: "docs/SIEVE.md"), encoding: .utf8)
    for name in Self.names { #expect(manual.contains("`\(name)"), "\(name)") }
    let signatures = Array(SuiteSheet.commands.values) + SuiteSheet.tests.values
    let tags = Set(signatures.flatMap(\.tags).map(\.name))
      .subtracting(Signature.matchTags.map(\.name))
    for tag in tags { #expect(manual.contains(":\(tag)"), "\(tag)") }
    for capability in SuiteSheet.capabilities { #expect(manual.contains("`\(capability)`")) }
  }

  /// A variable of suites, so that settings can name files beside them.
  @Test func thePathOfTheSuite() {
    #expect(compile(Self.head + "test_config_set \"a\" \"${tst.path}/b\";").codes == [])
    #expect(compile("require \"variables\"; set \"a\" \"${tst.path}\";", suite: false).codes != [])
  }

  @Test(arguments: [
    (
      "if header :nonsense \"a\" \"b\" { stop; }",
      "unknown tagged argument ':nonsense' for the header test in line 2"
    ),
    (
      "if header 4 \"b\" { stop; }",
      "line 2: the header test expects a string list as argument 1 (header names), "
        + "but a number was found"
    ),
    (
      "if header \"a\" { stop; }",
      "line 2: the header test requires 2 positional arguments, but 1 are specified"
    ),
    (
      "stop true;",
      "line 2: the stop command accepts no sub-tests, but tests are specified in it"
    ),
    ("header \"a\" \"b\";", "line 2: attempt to use test 'header' as a command"),
    ("discard\nstop;", "missing semicolon behind the discard command in line 2"),
    (
      "deleteheader :last \"a\";",
      "line 2: the :last tag of the deleteheader command cannot be specified without "
        + "the :index tag of it"
    ),
    (
      "if address matches \"from\" \"x\" { stop; }",
      "line 2: the address test requires 2 positional arguments, but 0 are specified"
    ),
    ("addheader \"a b\" \"c\";", "line 2: the field name 'a b' is invalid"),
    ("nonsense;", "line 2: error: there is no command 'nonsense'"),
  ]) func wording(_ text: String, _ error: String) {
    let errors = compile(Self.head + text).errors
    #expect(errors.first == error)
    #expect(errors.last == "validation failed")
  }

  /// One mistake, one message: what only follows from it is not said.
  @Test(arguments: [
    ("if address \"from\" :is { stop; }", ["A006"]),
    ("if subaddress :x 4 { stop; }", ["N002"]),
    ("if envelope :x 4 { stop; } reject 5;", ["N006", "N006"]),
    ("discard\nsnot;", ["S016"]),
    ("discard\ntrue;", ["A009"]),
    ("if header \"a\" \"b\" true { stop; }", ["A009"]),
    // A list of one is no string in plain Sieve.
    ("if header :comparator [\"i;octet\"] \"a\" \"b\" { stop; }", ["A007"]),
  ]) func oneMessage(_ text: String, _ codes: [String]) {
    #expect(compile(text, suite: false).codes == codes)
  }
}
