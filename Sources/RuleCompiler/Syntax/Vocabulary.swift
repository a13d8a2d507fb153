// Names the parser knows so that its messages are good. The grammar needs none of them: any
// script of RFC 5228 §8 parses to the same tree whatever stands here, as long as it is valid in
// our language. They tell a missing `;` from a trailing test, since `stop` on the next line could
// be either, and a missing test from a command without one.

/// What is a command, what is a test, and which of them hold tests or blocks.
package struct Vocabulary: Equatable, Sendable {
  /// Commands (statements and declarations); some are tests too.
  package var commands: Set<String>
  package var tests: Set<String>
  /// Commands and tests whose arguments may end in a test.
  package var testTakers: Set<String>
  /// Those of them that mean nothing without one.
  package var testNeeders: Set<String>
  /// Commands that always have a block.
  package var blockNeeders: Set<String>
  /// Commands whose lists may be empty, in files of another kind than policies: RFC 5228 §8 has no
  /// such list.
  package var emptyListTakers: Set<String> = ["answer"]

  package init(
    commands: Set<String>, tests: Set<String>, testTakers: Set<String>,
    testNeeders: Set<String>, blockNeeders: Set<String>
  ) {
    self.commands = commands
    self.tests = tests
    self.testTakers = testTakers
    self.testNeeders = testNeeders
    self.blockNeeders = blockNeeders
  }

  /// All of LANGUAGE.md, so that the parser recovers well also around names not built yet.
  package static let language = Vocabulary(
    commands: declarations.union(statements), tests: allTests,
    // To the grammar the name of a phase is a test.
    testTakers: ["if", "elsif", "group", "define", "phase", "not", "anyof", "allof", "failed"],
    testNeeders: ["if", "elsif", "group", "not", "anyof", "allof", "failed"],
    blockNeeders: [
      "if", "elsif", "else", "phase", "rule", "group", "foreverypart", "for_each_rcpt", "every",
    ])

  private static let declarations: Set<String> = [
    "require", "on_error", "table", "scanner", "store", "key", "program", "define", "phase",
    "rule", "group", "include", "trusted_relays", "own", "settings", "limits", "switch", "every",
    "mta_timeouts", "digest", "on_mixed", "mode", "warnings",
  ]

  private static let statements: Set<String> = [
    "if", "elsif", "else", "foreverypart", "for_each_rcpt", "break", "return", "call",
    "continue", "stop", "set", "global", "score", "compute", "log", "event", "lookup", "delay",
    "train",
    "accept", "reject", "ereject", "tempfail", "discard", "hold", "quarantine",
    "addheader", "insertheader", "deleteheader", "setheader",
    "addrcpt", "delrcpt", "setsender", "redirect",
    "keep", "fileinto", "drop", "replace", "enclose", "rename", "settype", "warn",
    "replace_with_file", "replace_with_link", "compress", "sanitize_html", "html_to_text",
    "strip_redundant_html", "strip_tracking", "filter_program",
    "disclaimer", "addpart", "canonicalize", "save_copy",
    "dkim_sign", "arc_seal", "auth_results", "apply_scan_headers", "notify", "extracttext", "error",
  ]

  private static let allTests: Set<String> = [
    "address", "allof", "anyof", "not", "true", "false", "exists", "header", "envelope", "size",
    "string", "body", "date", "currentdate", "environment", "ihave", "valid_ext_list",
    "duplicate", "spamtest", "virustest", "ip", "number", "score", "part", "recipient", "anomaly",
    "limit_hit", "authenticated", "tls", "submission", "direction", "macro", "fact", "is",
    "failed", "verdict_set", "scan", "dnsbl", "hashbl", "rdns", "mx", "spf", "dkim", "dmarc",
    "arc", "recipient_known", "sender_known", "greylist", "rate", "lookup",
  ]
}
