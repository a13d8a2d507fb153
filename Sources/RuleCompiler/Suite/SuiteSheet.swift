// The commands and tests of Sieve test suites (`require "vnd.dovecot.testsuite"`), as data. They
// are there only when a suite is compiled; each becomes a question that the test runner answers
// while the script waits (docs/SIEVE.md).

import RuleBytecode

enum SuiteSheet {
  static let capability = "vnd.dovecot.testsuite"

  /// What suites may require beyond the language: it means something where mail is delivered, and
  /// the runner plays the delivery.
  static let capabilities: Set = [capability, "fileinto", "mailbox", "copy"]

  private static func entry(
    _ name: String, tags: [TagSignature] = [], _ positional: [PositionalSignature] = []
  ) -> Signature {
    Signature(
      name: name, availability: .capability(capability), tags: tags, positional: positional)
  }

  private static let match =
    Signature.matchTags + [
      TagSignature("index", .number)
    ]

  /// Some are a test and a command: the command does not care how it went.
  static let tests: [String: Signature] = byName([
    entry("test_script_compile", [.init("file", .string)]),
    entry("test_script_run", tags: [TagSignature("append_result")]),
    entry("test_multiscript", [.init("files", .strings)]),
    entry("test_result_execute"),
    entry("test_error", tags: match, [.init("keys", .strings)]),
    entry("test_result_action", tags: match, [.init("keys", .strings)]),
    message,
  ])

  static let commands: [String: Signature] = byName([
    entry("test_fail", [.init("reason", .string)]),
    entry("test_set", [.init("name", .string), .init("value", .string)]),
    entry("test_config_set", [.init("setting", .string), .init("value", .string)]),
    entry("test_config_unset", [.init("setting", .string)]),
    entry("test_config_reload", tags: [TagSignature("extension", .string)]),
    entry("test_result_reset"),
    entry("test_result_print"),
    entry("test_result_execute"),
    entry("test_mailbox_create", [.init("mailbox", .string)]),
    entry("test_mailbox_delete", [.init("mailbox", .string)]),
    entry("test_binary_save", [.init("name", .string)]),
    entry("test_binary_load", [.init("name", .string)]),
    entry("test_message_print"),
    message,
  ])

  private static let message = entry(
    "test_message",
    tags: [
      TagSignature("smtp", group: "store"), TagSignature("folder", .string, group: "store"),
    ], [.init("number", .number)])

  static let block = Signature(
    name: "test", availability: .capability(capability), positional: [.init("name", .string)],
    block: .required)

  private static func byName(_ signatures: [Signature]) -> [String: Signature] {
    Dictionary(uniqueKeysWithValues: signatures.map { ($0.name, $0) })
  }

  /// The language's names and the suite's, for the parser's recovery.
  static let vocabulary: Vocabulary = {
    var words = Vocabulary.language
    words.commands.formUnion(commands.keys)
    words.commands.insert("test")
    words.tests.formUnion(tests.keys)
    words.blockNeeders.insert("test")
    return words
  }()
}

/// What the runner is asked: the command and its words, behind them its texts.
struct SuiteQuestion: TestCode, ActionCode {
  let command: String
  /// What is known when the script is compiled: the place, tags, numbers.
  var words: [String]
  var texts: [TextValue] = []
  /// How the answer compares, for `test_error` and `test_result_action`.
  var plan: MatchPlan?

  func emit(into target: Register, _ out: inout BlockEmitter) {
    var check = OutsideCheck(.suite)
    check.constants = [command] + words + [SuiteSheet.endOfWords]
    check.texts = texts
    check.plan = plan
    check.emit(into: target, &out)
  }

  func emit(_ out: inout BlockEmitter) {
    let answer = out.truth()
    emit(into: answer, &out)
  }
}

extension SuiteSheet {
  /// Between the words of a question and its texts; no tag and no place looks like it.
  static let endOfWords = "--"
}
