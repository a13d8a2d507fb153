// What a command may change for later tests, and how it leaves its rule. A command that is not
// known here may change everything: new commands make the analysis silent, never wrong.

/// Something that later tests may see differently.
enum Effect: Hashable, Sendable {
  case header(String)
  case variable(String)
  case score
  case everything
}

/// How a block ends, on every one of its paths.
enum PathEnd: Int, Comparable, Sendable {
  case goesOn
  /// The rest of the block is not reached; more is not known (`return`, `break`).
  case leavesBlock
  /// `continue`.
  case leavesRule
  /// A verdict or `stop`.
  case endsRun

  static func < (left: PathEnd, right: PathEnd) -> Bool { left.rawValue < right.rawValue }
}

enum Effects {
  /// Commands that change nothing that a test can see.
  private static let silent: Set = [
    "accept", "reject", "ereject", "tempfail", "discard", "stop", "continue", "return", "break",
    "log", "event", "delay", "hold", "quarantine", "train", "notify", "if", "elsif", "else",
  ]
  private static let headerEdits: Set = ["addheader", "insertheader", "deleteheader", "setheader"]
  /// Commands that give a variable a value.
  static let setters: Set = ["set", "compute", "extracttext"]
  private static let verdicts: Set = ["accept", "reject", "ereject", "tempfail", "discard"]

  /// What the command itself changes, its block left out.
  static func effects(of command: Command) -> [Effect] {
    let name = command.name.text
    if silent.contains(name) { return [] }
    let first = command.arguments.items.first { $0.tag == nil && !isTagValue($0, of: command) }
    let constant = first?.strings?.first?.value
    switch name {
    case "score": return [.score]
    case _ where setters.contains(name):
      return variableName(of: command).map { [.variable($0)] } ?? [.everything]
    case _ where headerEdits.contains(name):
      guard let constant, !constant.contains("${") else { return [.everything] }
      return [.header(constant.lowercasedASCII)]
    default: return [.everything]
    }
  }

  /// How the command leaves its block. In plain Sieve actions are collected and only `stop` ends.
  static func end(of command: Command, isPolicy: Bool) -> PathEnd {
    switch command.name.text {
    case "stop": .endsRun
    case let name where verdicts.contains(name): isPolicy ? .endsRun : .goesOn
    case "continue": .leavesRule
    case "return", "break": .leavesBlock
    default: .goesOn
    }
  }

  /// Actions that are always done.
  private static let sure: Set = silent.subtracting(["hold", "quarantine", "train", "notify"])
    .union(headerEdits).union(["score", "set", "drop", "warn", "keep", "replace"])

  /// Whether the action may come out as an error, which leaves the rule where the policy says
  /// "continue".
  static func mayFail(_ command: Command) -> Bool {
    if !sure.contains(command.name.text) { return true }
    return command.arguments.items.contains { item in
      (item.strings ?? []).contains { mayFail(text: $0.value) }
    }
  }

  /// Families of facts that are there without asking anybody or decoding anything.
  private static let sureFamilies: Set = [
    "client", "server", "tls", "auth", "sender", "rcpt", "session", "queue", "message", "from",
    "defang", "macro", "switch",
  ]

  /// Whether reading the text may run a check.
  static func mayFail(text: String) -> Bool {
    guard text.utf8.contains(UInt8(ascii: "$")) else { return false }
    return TextScanner.references(in: text).contains { reference in
      guard let name = reference.name?.lowercasedASCII, name.contains(".") else { return false }
      let family = name.prefix { $0 != "." }
      let sureParts: Set = ["part.name", "part.path", "part.extension", "part.declared"]
      return !sureFamilies.contains(String(family)) && !sureParts.contains(name)
    }
  }

  /// The variable that one of the setters writes: its first string behind the tags.
  static func variableName(of command: Command) -> String? {
    let literals = command.arguments.items.filter { $0.tag == nil }.compactMap(\.strings)
    guard let name = literals.first?.first?.value, !name.contains("${") else { return nil }
    return name.lowercasedASCII
  }

  /// `:index 2` of an edit stands before the name.
  private static func isTagValue(_ item: Argument, of command: Command) -> Bool {
    if case .number = item.value { return true }
    // Match tags of `deleteheader` have no value but for the comparator's.
    guard let place = command.arguments.items.firstIndex(of: item), place > 0 else { return false }
    let before = command.arguments.items[place - 1].tag
    return before == "comparator" || before == "value" || before == "count"
  }
}
