// Actions, events and notices as `run` reports them: fixed keys first, then the command's own
// arguments and tags.
internal import PolicyTests
internal import RuleBytecode
internal import RuleVM

extension RunReport {
  struct ActionJSON: Encodable {
    private let record: ActionRecord

    init(_ record: ActionRecord) { self.record = record }

    private struct Key: CodingKey {
      let stringValue: String
      var intValue: Int? { nil }
      init(_ name: String) { stringValue = name }
      init(stringValue: String) { self.init(stringValue) }
      init?(intValue: Int) { nil }
    }

    /// Absent values are left out: each command has its own keys.
    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: Key.self)
      try container.encode(record.action, forKey: Key("action"))
      try container.encode(record.rule, forKey: Key("rule"))
      for (name, value) in texts { try container.encodeIfPresent(value, forKey: Key(name)) }
      if record.index > 0 { try container.encode(record.index, forKey: Key(indexName)) }
      // `part` is the part's path.
      for name in record.flags.shownNames where name != "part" {
        try container.encode(true, forKey: Key(name))
      }
      for argument in record.arguments {
        if argument.isList {
          try container.encode(argument.values, forKey: Key(argument.name))
        } else {
          try container.encode(argument.values.first, forKey: Key(argument.name))
        }
      }
    }

    private var texts: [(String, String?)] {
      [
        ("part", record.part), ("name", record.name), ("value", record.value),
        ("address", record.address), ("reason", record.reason), ("recipient", record.recipient),
      ]
    }

    private var indexName: String { record.kind == .insertheader ? "at" : "index" }

    /// On one line, for people.
    var line: String {
      var words = [record.action]
      if let part = record.part { words.append("part \(part)") }
      words += record.flags.shownNames.filter { $0 != "part" }.map { ":\($0)" }
      if record.index > 0 { words.append(":\(indexName) \(record.index)") }
      for argument in record.arguments {
        words.append(":\(argument.name) \"\(argument.values.joined(separator: "\", \""))\"")
      }
      for text in [record.name, record.address] { if let text { words.append(text) } }
      for text in [record.value, record.reason] { if let text { words.append("\"\(text)\"") } }
      if let recipient = record.recipient { words.append("for \(recipient)") }
      if let rule = record.rule { words.append("(rule \"\(rule)\")") }
      return words.joined(separator: " ")
    }
  }

  struct EventJSON: Encodable {
    let name: String
    let values: [String]
    let rule: String?

    var line: String { ([name] + values.map { "\"\($0)\"" }).joined(separator: " ") }
  }

  struct NoticeJSON: Encodable {
    /// `admin`, `sender`, or the address.
    let to: String
    let address: String?
    let subject: String?
    let text: String
    let rules: [String]

    init(_ notice: Notice) {
      to =
        switch notice.to {
        case .admin: "admin"
        case .sender: "sender"
        case .address(let address): address
        }
      address = notice.address
      subject = notice.subject
      text = notice.texts.joined(separator: "\n\n")
      rules = notice.rules
    }

    enum Key: String, CodingKey { case to, address, subject, text, rules }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: Key.self)
      try container.encode(to, forKey: .to)
      try container.encode(address, forKey: .address)
      try container.encode(subject, forKey: .subject)
      try container.encode(text, forKey: .text)
      try container.encode(rules, forKey: .rules)
    }

    var line: String {
      let lines = text.replacingLineEnds().split(separator: "\n").joined(separator: " / ")
      return "to \(to): \(subject.map { "\($0): " } ?? "")\(lines)"
    }
  }
}
