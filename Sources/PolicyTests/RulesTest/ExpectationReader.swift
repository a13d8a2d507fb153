// `expect`, read: which of its tags belong together, and whether their values can be.
internal import RuleBytecode
internal import RuleCompiler

struct ExpectationReader {
  let command: BoundCommand

  /// In the order that the sheet wants: `:text :contains "x"` reads better than `:contains :text
  /// "x"`, and `:log "x" :level "info"` as well as the other way round.
  static func ordered(_ command: Command) -> Command {
    var items = command.arguments.items
    var values: [Argument] = []
    var index = 0
    while index + 1 < items.count {
      let next = items[index + 1]
      switch (items[index].tag, next.tag) {
      case (let tag?, let match?)
      where RulesTestSheet.patternTags.contains(tag) && RulesTestSheet.matchTags.contains(match):
        items.swapAt(index, index + 1)
        index += 1
      case (let tag?, nil) where RulesTestSheet.valueSubjects.contains(tag):
        values.append(items.remove(at: index + 1))
      default: break
      }
      index += 1
    }
    var command = command
    command.arguments.items = items + values
    return command
  }

  func expectation(_ reader: inout SheetReader) -> PlacedExpectation? {
    let subject = RulesTestSheet.subjectNames.first(where: command.has)
    guard let found = expectation(about: subject, &reader) else { return nil }
    return PlacedExpectation(
      range: command.range, isNegated: command.has("not"), expectation: found)
  }

  private func expectation(
    about subject: String?, _ reader: inout SheetReader
  ) -> Expectation? {
    switch subject {
    case "action": return action(&reader)
    case "header": return header(&reader)
    case "message":
      return allows([], subject, &reader) ? value(&reader).map(Expectation.message) : nil
    case "unchanged": return allows([], subject, &reader) ? .unchanged : nil
    case "score": return score(&reader)
    case "log": return log(&reader)
    case "limit": return allows([], subject, &reader) ? .limit(text("limit")) : nil
    case "error":
      guard allows([], subject, &reader), let literal = command.string("error") else { return nil }
      let known = FailureClass.allCases.map(\.name)
      return reader.value(literal, of: ":error", among: known).map(Expectation.error)
    case "rules":
      guard allows([], subject, &reader) else { return nil }
      return .exactRules(command.strings("rules")?.map(\.value) ?? [])
    default: return outcome(&reader)
    }
  }

  // MARK: Subjects

  private func outcome(_ reader: inout SheetReader) -> Expectation? {
    let isOutcome = RulesTestSheet.outcomeNames.contains(where: command.has)
    guard isOutcome || command.has("rule") else {
      reader.report(
        .argument(.missing("what is expected", expected: .tag, of: "expect")),
        at: command.name.range)
      return nil
    }
    guard allows(["rule"] + RulesTestSheet.outcomeNames, nil, &reader) else { return nil }
    let rules = command.strings("rule")?.map(\.value) ?? []
    if !isOutcome { return .rules(rules) }
    if let second = command.strings("rule")?.dropFirst().first {
      reader.report(.argument(.extra(of: ":rule")), at: second.range)
    }
    var outcome = Expectation.Outcome()
    if let verdict = command.string("verdict") {
      outcome.verdict = reader.value(verdict, of: ":verdict", among: Self.verdicts)
    }
    if let phase = command.string("phase") {
      outcome.phase = reader.value(phase, of: ":phase", among: Phase.allCases.map(\.name))
    }
    outcome.code = command.string("code")?.value
    outcome.enhanced = command.string("enhanced")?.value
    outcome.text = command.has("text") ? pattern("text") : nil
    outcome.rule = rules.first
    outcome.recipient = command.string("recipient")?.value
    return .outcome(outcome)
  }

  private static let verdicts = [
    "accept", "reject", "tempfail", "discard", "hold", "quarantine",
  ]

  private func action(_ reader: inout SheetReader) -> Expectation? {
    guard allows(["name", "value", "part", "rule", "count"], "action", &reader),
      let literal = command.string("action"),
      let name = reader.value(literal, of: ":action", among: Action.allCases.map(\.name))
    else { return nil }
    var action = Expectation.Action(action: name)
    action.name = command.string("name")?.value
    action.value = command.has("value") ? pattern("value") : nil
    action.part = command.string("part")?.value
    action.rule = command.strings("rule")?.first?.value
    action.count = command.number("count")?.value
    return .action(action)
  }

  private func header(_ reader: inout SheetReader) -> Expectation? {
    guard allows(["index", "count"], "header", &reader) else { return nil }
    var header = Expectation.Header(name: text("header"))
    header.value = command.string(at: 0).map { TextPattern(match: match, text: $0.value) }
    header.index = command.number("index")?.value ?? 0
    header.count = command.number("count")?.value
    return .header(header)
  }

  private func log(_ reader: inout SheetReader) -> Expectation? {
    guard allows(["level", "rule"], "log", &reader), let text = value(&reader) else { return nil }
    var log = Expectation.Log(text: text)
    if let level = command.string("level") {
      log.level = reader.value(level, of: ":level", among: LogLevel.allCases.map(\.name))
    }
    log.rule = command.strings("rule")?.first?.value
    return .log(log)
  }

  private func score(_ reader: inout SheetReader) -> Expectation? {
    guard allows([], "score", &reader), value(&reader) != nil,
      let literal = command.string(at: 0)
    else { return nil }
    guard let value = Decimal.parse(literal.value.utf8) else {
      reader.report(.literal(.score(literal.value)), at: literal.range)
      return nil
    }
    if command.has("over") { return .score(.over(value)) }
    return .score(command.has("under") ? .under(value) : .equal(value))
  }

  // MARK: Tags

  private var match: TextPattern.Match {
    TextPattern.Match.allCases.first { command.has($0.rawValue) } ?? .is
  }

  private func text(_ tag: String) -> String { command.string(tag)?.value ?? "" }
  private func pattern(_ tag: String) -> TextPattern { TextPattern(match: match, text: text(tag)) }

  /// The value behind the tags.
  private func value(_ reader: inout SheetReader) -> TextPattern? {
    if let literal = command.string(at: 0) {
      return TextPattern(match: match, text: literal.value)
    }
    reader.report(
      .argument(.missing("value", expected: .string, of: "expect")), at: command.name.range)
    return nil
  }

  /// Whether only these details stand beside the subject.
  private func allows(
    _ allowed: [String], _ subject: String?, _ reader: inout SheetReader
  ) -> Bool {
    let details =
      RulesTestSheet.outcomeNames + [
        "rule", "name", "value", "part", "level", "index", "count",
      ]
    let name = subject.map { "expect :\($0)" } ?? "expect :verdict"
    guard let wrong = details.first(where: { command.has($0) && !allowed.contains($0) }) else {
      let takesValue = subject.map { $0 == "header" || RulesTestSheet.valueSubjects.contains($0) }
      if let value = command.string(at: 0), takesValue != true {
        reader.report(.argument(.extra(of: "expect")), at: value.range)
        return false
      }
      return true
    }
    reader.report(.name(.unknownTag(wrong, of: name, nearest: nil)), at: command.range(of: wrong))
    return false
  }
}
