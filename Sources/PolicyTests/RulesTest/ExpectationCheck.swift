// An expectation against what came out: nothing when it holds, else expected and got side by side.
internal import MailMessage
internal import RuleBytecode
internal import RuleCompiler
internal import RuleVM
internal import Spelling

struct ExpectationCheck {
  let played: PlayedSession
  let sent: [UInt8]?

  func differences(_ expected: PlacedExpectation) -> [Difference] {
    let found = differences(expected.expectation)
    // Of a recipient that is not there nothing is said, and so nothing the other way round.
    if case .outcome(let outcome) = expected.expectation, let address = outcome.recipient,
      !played.recipients.contains(where: { $0.address == address })
    {
      return found
    }
    guard expected.isNegated else { return found }
    guard found.isEmpty else { return [] }
    let what = name(of: expected.expectation)
    return [Difference(what, expected: "not so", got: got(of: expected.expectation))]
  }

  private func differences(_ expectation: Expectation) -> [Difference] {
    switch expectation {
    case .outcome(let outcome): return self.outcome(outcome)
    case .rules(let rules):
      guard let missing = rules.first(where: { !played.decisions.rules.contains($0) }) else {
        return []
      }
      return [Difference("rules", expected: "… \(missing) …", got: actedRules)]
    case .exactRules(let rules):
      return compare("rules", rules.joined(separator: ", "), actedRules)
    case .action(let action): return self.action(action)
    case .header(let header): return self.header(header)
    case .message(let pattern): return message(pattern)
    case .unchanged: return unchanged
    case .score(let score): return self.score(score)
    case .log(let log): return self.log(log)
    case .limit(let name):
      if played.limits.contains(name) { return [] }
      return [Difference("limits", expected: name, got: listed(played.limits))]
    case .error(let name):
      let failed = played.decisions.failures.map(\.failure.name)
      return failed.contains(name)
        ? [] : [Difference("errors", expected: name, got: listed(failed))]
    }
  }

  // MARK: Verdicts and rules

  private func outcome(_ outcome: Expectation.Outcome) -> [Difference] {
    var name = played.verdictName
    var (reply, phase, rule) = (played.outcome.reply, played.outcome.phase, played.outcome.rule)
    var what = ""
    if let address = outcome.recipient {
      guard let recipient = played.recipients.first(where: { $0.address == address }) else {
        let there = played.recipients.map(\.address)
        let nearest = Nearest.name(to: address, among: there)
        return [
          Difference(
            "recipient", expected: address,
            got: listed(there) + (nearest.map { " (nearest: \($0))" } ?? ""))
        ]
      }
      name = recipient.verdictName
      (reply, phase, rule) = origin(of: recipient)
      what = " of \(address)"
    }
    var found: [Difference] = []
    func compare(_ label: String, _ expected: String?, _ got: String?) {
      if let expected { found += self.compare(label + what, expected, got ?? "none") }
    }
    compare("verdict", outcome.verdict, name)
    compare("code", outcome.code, reply?.code)
    compare("enhanced", outcome.enhanced, reply?.enhanced)
    if let pattern = outcome.text {
      let got = reply?.text.replacingLineEnds() ?? "none"
      if reply == nil || !pattern.accepts(got) {
        found.append(Difference("text" + what, expected: pattern.shown, got: got))
      }
    }
    compare("phase", outcome.phase, phase?.name)
    compare("rule", outcome.rule, rule)
    return found
  }

  /// Where a recipient's verdict came from: a refusal goes before a quarantine of its own.
  private func origin(
    of recipient: PlayedSession.Recipient
  ) -> (reply: ReplyText?, phase: Phase?, rule: String?) {
    let verdict = recipient.verdict
    guard recipient.verdictName == "quarantine" else {
      return (verdict?.reply, verdict?.phase, verdict?.rule)
    }
    return (nil, recipient.quarantine?.phase, recipient.quarantine?.rule)
  }

  private var actedRules: String { listed(played.decisions.rules) }

  // MARK: What was done

  private func action(_ wanted: Expectation.Action) -> [Difference] {
    let records = played.carriedOut + notices + events
    let matching = records.filter { record in
      record.action == wanted.action
        && wanted.name.map { $0.lowercased() == record.name?.lowercased() } ?? true
        && wanted.value.map { pattern in record.words.contains(where: pattern.accepts) } ?? true
        && wanted.part.map { $0 == record.part } ?? true
        && wanted.rule.map { $0 == record.rule } ?? true
    }
    let isRight = wanted.count.map { $0 == matching.count } ?? !matching.isEmpty
    if isRight { return [] }
    var words = [wanted.action, wanted.name, wanted.value?.shown].compactMap { $0 }
    if let part = wanted.part { words.append("part \(part)") }
    if let rule = wanted.rule { words.append("(\(rule))") }
    if let count = wanted.count { words.append("\(count) times") }
    let got = records.map { record in
      [
        record.action, record.name, record.shownWords, record.part.map { "part \($0)" },
        record.rule.map { "(\($0))" },
      ].compactMap { $0 }.joined(separator: " ")
    }
    return [
      Difference(
        "actions", expected: words.joined(separator: " "),
        got: got.isEmpty ? "none" : got.joined(separator: "\n"))
    ]
  }

  /// The mails to be sent, one for each rule that has a text in it: what is not safe to send to a
  /// sender is none.
  private var notices: [ActionRecord] {
    played.outcome.notices.flatMap { notice in
      notice.rules.map { rule in
        var record = ActionRecord(.notify, rule: rule)
        record.name = notice.subject
        record.address = notice.address
        record.value = notice.texts.joined(separator: "\n")
        return record
      }
    }
  }

  private var events: [ActionRecord] {
    played.decisions.events.map { event in
      var record = ActionRecord(.event, rule: event.rule)
      record.name = event.name
      record.value = event.values.joined(separator: " ")
      return record
    }
  }

  private func log(_ wanted: Expectation.Log) -> [Difference] {
    let isThere = played.decisions.log.contains { record in
      wanted.text.accepts(record.text) && wanted.level.map { $0 == record.level.name } ?? true
        && wanted.rule.map { $0 == record.rule } ?? true
    }
    if isThere { return [] }
    let got = played.decisions.log.map { "[\($0.level.name)] \($0.text)" }
    let level = wanted.level.map { "[\($0)] " } ?? ""
    return [
      Difference(
        "log", expected: level + wanted.text.shown,
        got: got.isEmpty ? "nothing" : got.joined(separator: "\n"))
    ]
  }

  private func score(_ wanted: Expectation.Score) -> [Difference] {
    let got = played.score
    let (isRight, text) =
      switch wanted {
      case .equal(let value): (got == value, Decimal.text(value))
      case .over(let value): (got > value, "over \(Decimal.text(value))")
      case .under(let value): (got < value, "under \(Decimal.text(value))")
      }
    return isRight ? [] : [Difference("score", expected: text, got: Decimal.text(got))]
  }

  // MARK: The message

  private func header(_ wanted: Expectation.Header) -> [Difference] {
    let label = "header \(wanted.name)"
    guard let result = played.result else {
      return [Difference(label, expected: wanted.value?.shown ?? "there", got: "not delivered")]
    }
    let message = MailMessage.headerOnly(result)
    var values = message.fields(named: wanted.name).map { field in
      var text: [UInt8] = []
      message.appendDecoded(field, to: &text)
      return String(decoding: text, as: UTF8.self)
    }
    if let count = wanted.count, values.count != count {
      return [Difference(label, expected: "\(count) fields", got: "\(values.count) fields")]
    }
    if wanted.count == 0 { return [] }
    if wanted.index > 0 { values = Array(values.dropFirst(wanted.index - 1).prefix(1)) }
    let isRight = values.contains { value in wanted.value?.accepts(value) ?? true }
    if isRight { return [] }
    return [
      Difference(
        label, expected: wanted.value?.shown ?? "there",
        got: values.isEmpty ? "absent" : values.joined(separator: "\n"))
    ]
  }

  private func message(_ pattern: TextPattern) -> [Difference] {
    guard let result = played.result else {
      return [Difference("message", expected: pattern.shown, got: "not delivered")]
    }
    let text = String(decoding: result, as: UTF8.self)
    return pattern.accepts(text)
      ? [] : [Difference("message", expected: pattern.shown, got: text)]
  }

  private var unchanged: [Difference] {
    guard let sent, let result = played.result else {
      return [Difference("message", expected: "unchanged", got: "not delivered")]
    }
    if !played.notInResult.isEmpty {
      let names = played.notInResult.joined(separator: ", ")
      return [
        Difference(
          "message", expected: "unchanged",
          got: "decided, but not in the resulting message: \(names)")
      ]
    }
    if sent == result { return [] }
    return [
      Difference(
        "message", expected: String(decoding: sent, as: UTF8.self),
        got: String(decoding: result, as: UTF8.self))
    ]
  }

  // MARK: Words

  private func compare(_ what: String, _ expected: String, _ got: String) -> [Difference] {
    expected == got ? [] : [Difference(what, expected: expected, got: got)]
  }

  private func listed(_ names: [String]) -> String {
    names.isEmpty ? "none" : names.joined(separator: ", ")
  }

  private func name(of expectation: Expectation) -> String {
    switch expectation {
    case .outcome: "verdict"
    case .rules, .exactRules: "rules"
    case .action: "actions"
    case .header(let header): "header \(header.name)"
    case .message, .unchanged: "message"
    case .score: "score"
    case .log: "log"
    case .limit: "limits"
    case .error: "errors"
    }
  }

  /// What is there although it was not to be.
  private func got(of expectation: Expectation) -> String {
    switch expectation {
    case .outcome: played.verdictName
    case .rules, .exactRules: actedRules
    case .action(let action): action.action
    case .header(let header): header.value?.shown ?? "there"
    case .message: "so"
    case .unchanged: "unchanged"
    case .score: Decimal.text(played.score)
    case .log(let log): log.text.shown
    case .limit(let name), .error(let name): name
    }
  }
}

extension ActionRecord {
  /// What `:value` looks at: the text, the address, the mailbox or the reason of the command.
  fileprivate var words: [String] {
    let mailboxes = arguments.filter { $0.name == "mailbox" }.flatMap(\.values)
    let words = [value, address, reason].compactMap { $0 } + mailboxes
    return words.isEmpty ? [""] : words
  }

  fileprivate var shownWords: String? {
    let words = words.filter { !$0.isEmpty }
    return words.isEmpty ? nil : words.joined(separator: " ")
  }
}
