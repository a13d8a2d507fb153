// The result of a played session: the JSON object of docs/LANGUAGE.md, and a text for people.
internal import PolicyTests
internal import RuleBytecode
internal import RuleVM

struct RunReport: Encodable {
  struct ReplyJSON: Encodable {
    let code: String
    let enhanced: String
    let text: String

    init(_ reply: ReplyText) {
      code = reply.code
      enhanced = reply.enhanced
      text = reply.text.replacingLineEnds()
    }

    /// On one line, for people.
    var line: String {
      "\(code) \(enhanced) \(text.split(separator: "\n").joined(separator: " / "))"
    }
  }

  struct RecipientJSON: Encodable {
    let address: String
    let verdict: String
    let reply: ReplyJSON?
    let becomes: String?

    enum Key: String, CodingKey { case address, verdict, reply, becomes }
    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: Key.self)
      try container.encode(address, forKey: .address)
      try container.encode(verdict, forKey: .verdict)
      try container.encode(reply, forKey: .reply)
      try container.encode(becomes, forKey: .becomes)
    }

    init(_ recipient: PlayedSession.Recipient) {
      address = recipient.address
      verdict = recipient.verdictName
      reply = recipient.verdict?.reply.map(ReplyJSON.init)
      becomes = recipient.becomes?.rawValue
    }
  }

  struct LogJSON: Encodable {
    let level: String
    let text: String
    let rule: String?
  }

  struct ErrorJSON: Encodable {
    let `class`: String
    /// Such as "not answered"; left out where only the class is known.
    let reason: String?
    let rule: String?
    let answer: String

    var line: String {
      ":\(self.class)" + (reason.map { " (\($0))" } ?? "") + ", answered by \(answer)"
    }
  }

  let verdict: String
  let phase: String?
  let rule: String?
  let location: String?
  let reply: ReplyJSON?
  let recipients: [RecipientJSON]
  let actions: [ActionJSON]
  let rules: [String]
  let observed: [ActionJSON]
  let score: String
  let log: [LogJSON]
  let events: [EventJSON]
  let notices: [NoticeJSON]
  let limits: [String]
  let errors: [ErrorJSON]
  let cost: Int

  init(_ played: PlayedSession) {
    let outcome = played.outcome
    verdict = played.verdictName
    phase = outcome.phase?.name
    rule = outcome.rule
    location = outcome.location
    reply = outcome.reply.map(ReplyJSON.init)
    recipients = played.recipients.map(RecipientJSON.init)
    actions = played.carriedOut.map(ActionJSON.init)
    observed = played.decisions.observed.map(ActionJSON.init)
    events = played.decisions.events.map {
      EventJSON(name: $0.name, values: $0.values, rule: $0.rule)
    }
    notices = outcome.notices.map(NoticeJSON.init)
    rules = played.decisions.rules
    score = Decimal.text(played.score)
    log = played.decisions.log.map {
      LogJSON(level: $0.level.name, text: $0.text, rule: $0.rule)
    }
    limits = played.limits
    var errors = played.decisions.failures.map {
      ErrorJSON(
        class: $0.failure.name, reason: $0.reason.isEmpty ? nil : $0.reason, rule: $0.rule,
        answer: $0.answer.name)
    }
    if case .trap(let trap) = outcome.cause {
      errors.append(
        ErrorJSON(
          class: "internal", reason: trap.message, rule: outcome.rule, answer: "tempfail"))
    }
    self.errors = errors
    cost = played.fuelUsed
  }

  enum Key: String, CodingKey {
    case verdict, phase, rule, location, reply, recipients, actions, rules, observed, score, log
    case events, notices, limits, errors, cost
  }

  /// By hand, since absent values are written as null.
  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(verdict, forKey: .verdict)
    try container.encode(phase, forKey: .phase)
    try container.encode(rule, forKey: .rule)
    try container.encode(location, forKey: .location)
    try container.encode(reply, forKey: .reply)
    try container.encode(recipients, forKey: .recipients)
    try container.encode(actions, forKey: .actions)
    try container.encode(rules, forKey: .rules)
    try container.encode(observed, forKey: .observed)
    try container.encode(score, forKey: .score)
    try container.encode(log, forKey: .log)
    try container.encode(events, forKey: .events)
    try container.encode(notices, forKey: .notices)
    try container.encode(limits, forKey: .limits)
    try container.encode(errors, forKey: .errors)
    try container.encode(cost, forKey: .cost)
  }

  /// For people: the verdict first, then why and what was done.
  var text: String {
    var lines = ["verdict: \(verdict)"]
    if let rule, let location { lines[0] += " by rule \"\(rule)\" at \(location)" }
    if let phase { lines[0] += " (phase \(phase))" }
    if let reply { lines.append("reply:   \(reply.line)") }
    for recipient in recipients {
      let text = recipient.reply.map { "  \($0.line)" } ?? ""
      let becomes = recipient.becomes.map { ", becomes \($0)" } ?? ""
      // Who was accepted shares the fate of the message.
      let fate = recipient.verdict == VerdictKind.accept.name ? verdict : recipient.verdict
      lines.append("to:      \(recipient.address): \(fate)\(becomes)\(text)")
    }
    for action in actions { lines.append("action:  \(action.line)") }
    for action in observed { lines.append("would:   \(action.line)") }
    for event in events { lines.append("event:   \(event.line)") }
    for notice in notices { lines.append("notice:  \(notice.line)") }
    for entry in log { lines.append("log:     [\(entry.level)] \(entry.text)") }
    for error in errors { lines.append("error:   \(error.line)") }
    for limit in limits { lines.append("limit:   \(limit)") }
    lines.append("score:   \(score)")
    lines.append("cost:    \(cost)")
    return lines.map { TraceText.printable($0) + "\n" }.joined()
  }
}
