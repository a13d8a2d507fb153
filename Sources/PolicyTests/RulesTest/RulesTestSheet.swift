// The commands of `.rulestest` files, as data.
internal import RuleCompiler

enum RulesTestSheet {
  static let fileLevel = ["policy", "defaults", "test"]
  /// What `defaults` may hold.
  static let defaultable = [
    "connect", "helo", "mail", "rcpt", "macro", "now", "answer", "answers", "fail", "timeout",
  ]
  static let steps = defaultable + ["data", "message", "rset", "every", "expect"]

  static let commands = CommandSheet([
    .init("policy", [.init("files", .strings)]),
    .init("defaults", hasBlock: true),
    .init("test", [.init("name", .string)], hasBlock: true),
    .init(
      "connect",
      tags: [
        .init("ip", .string), .init("name", .string), .init("ptr", .string),
        .init("port", .number), .init("server_ip", .string), .init("server_port", .number),
        .init("server_name", .string), .init("daemon", .string), .init("local"),
      ]),
    .init(
      "helo",
      tags: [
        .init("tls", .string), .init("cipher", .string), .init("bits", .number),
        .init("verified"), .init("subject", .string), .init("issuer", .string),
      ], [.init("name", .string, optional: true)]),
    .init(
      "mail",
      tags: [
        .init("args", .strings), .init("auth_user", .string), .init("auth_type", .string),
        .init("auth_author", .string), .init("queue_id", .string),
      ], [.init("sender", .string, optional: true)]),
    .init(
      "rcpt",
      tags: [
        .init("args", .strings), .init("mailer", .string), .init("host", .string),
        .init("addr", .string),
      ], [.init("recipients", .strings)]),
    .init("data"),
    .init(
      "message", tags: [.init("file", .string), .init("size", .number)],
      [.init("text", .string, optional: true)]),
    .init("rset"),
    .init("every", [.init("name", .string)]),
    .init("macro", [.init("name", .string), .init("value", .string)]),
    .init("now", [.init("time", .string)]),
    .init("answers", [.init("JSON", .string)]),
    .init(
      "answer", tags: checks(wordsHaveValues: true) + answerTags,
      [.init("values", .strings, optional: true)]),
    .init("fail", tags: checks(wordsHaveValues: false)),
    .init("timeout", tags: checks(wordsHaveValues: false)),
    .init("expect", tags: subjects + details + matches, [.init("value", .string, optional: true)]),
  ])

  /// The checks, by their key in an answers file: those asked by a name of their own …
  static let namedChecks = ["dnsbl", "hashbl", "scan", "table", "mx", "callout"]
  /// … those with one answer a message, which is a word …
  static let wordChecks = ["spf", "dkim", "dmarc", "arc"]
  /// … and those whose answer the other tags say.
  static let plainChecks = ["rdns", "greylist", "rate", "sender_known"]
  static let checkNames = namedChecks + wordChecks + plainChecks

  private static func checks(wordsHaveValues: Bool) -> [CommandSheet.Tag] {
    namedChecks.map { .init($0, .string, group: "check") }
      + wordChecks.map { .init($0, wordsHaveValues ? .string : nil, group: "check") }
      + plainChecks.map { .init($0, group: "check") }
  }

  private static let answerTags: [CommandSheet.Tag] = [
    .init("result", .string), .init("name", .string), .init("score", .string),
    .init("threshold", .string), .init("symbols", .strings), .init("report", .string),
    .init("action", .string), .init("key", .string), .init("domain", .string),
    .init("selector", .string), .init("policy", .string), .init("sealer", .string),
    .init("code", .string), .init("enhanced", .string), .init("text", .string),
    .init("wait", .number), .init("confirmed"), .init("dynamic"), .init("over"),
    .init("messages", .number), .init("days", .number), .init("wrote", .number),
  ]

  /// What an `expect` is about; without one of these it is about the verdict or about rules.
  static let subjectNames = [
    "action", "header", "message", "unchanged", "score", "log", "limit", "error", "rules",
  ]
  private static let subjects: [CommandSheet.Tag] = [
    .init("action", .string, group: "subject"), .init("header", .string, group: "subject"),
    .init("message", group: "subject"), .init("unchanged", group: "subject"),
    .init("score", group: "subject"), .init("log", group: "subject"),
    .init("limit", .string, group: "subject"), .init("error", .string, group: "subject"),
    .init("rules", .strings, group: "subject"),
  ]

  static let outcomeNames = ["verdict", "code", "enhanced", "text", "phase", "recipient"]
  private static let details: [CommandSheet.Tag] = [
    .init("verdict", .string), .init("code", .string), .init("enhanced", .string),
    .init("text", .string), .init("phase", .string), .init("recipient", .string),
    .init("rule", .strings), .init("name", .string), .init("value", .string),
    .init("part", .string), .init("level", .string), .init("index", .number),
    .init("count", .number), .init("not"),
  ]

  private static let matches: [CommandSheet.Tag] =
    TextPattern.Match.allCases.map { .init($0.rawValue, group: "match") }
    + [.init("over", group: "match"), .init("under", group: "match")]

  /// Tags of `expect` whose value may have its match type before it: `:text :contains "x"`.
  static let patternTags: Set = ["text", "value"]
  static let matchTags: Set = ["is", "contains", "matches"]
  /// Subjects whose value stands behind all tags; right behind the subject is taken too.
  static let valueSubjects: Set = ["message", "score", "log"]
}
