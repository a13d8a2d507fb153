// Answers that outside checks have given, written as a file of stand-in answers says them
// (docs/TESTING.md), so that whoever plays the message again has them too. That form tells answers
// apart by zone, scanner or key, not by part: of several about the same the latest stays. What it
// has no words for is left out.
internal import Checks
internal import JSONOutput
internal import MilterBridge
internal import RuleBytecode
internal import RuleVM

struct AnswerRecord {
  /// By kind, then by what an answer is about; an empty text is for the whole kind.
  private var entries: [String: [String: JSONValue]] = [:]
  /// By name, section and key; nil for a table that did not answer.
  private var tables: [String: [String: [String: String]]?] = [:]

  init(_ answers: [GivenAnswer]) {
    for given in answers {
      if given.kind == .table { add(table: given) } else { add(given) }
    }
  }

  var json: OrderedJSON {
    var members = entries.map { kind, named in
      (kind, named[""].map(Self.ordered) ?? Self.ordered(.object(named)))
    }
    if !tables.isEmpty {
      members.append(("table", Self.ordered(.object(tables.mapValues(Self.table)))))
    }
    return .object(members.sorted { $0.0 < $1.0 })
  }

  private mutating func add(_ given: GivenAnswer) {
    let (kind, subject) = (given.kind.name, Self.subject(given))
    guard let value = Self.value(given) else { return }
    let whole = JSONValue.object([kind: subject.isEmpty ? value : .object([subject: value])])
    // Whoever answered may have said what no file may say.
    guard let bytes = whole.bytes, (try? StandInAnswers(json: bytes)) != nil else { return }
    entries[kind, default: [:]][subject] = value
  }

  private mutating func add(table given: GivenAnswer) {
    guard given.arguments.count == 3 else { return }
    guard case .values(let values) = given.answer else {
      if tables[given.name] == nil { tables[given.name] = .some(nil) }
      return
    }
    var sections = (tables[given.name] ?? nil) ?? [:]
    if let value = values.first {
      sections[given.arguments[1], default: [:]][given.arguments[2]] = value
    }
    tables[given.name] = .some(sections)
  }

  private static func table(_ sections: [String: [String: String]]?) -> JSONValue {
    guard let sections else { return .string("error") }
    var members: [String: JSONValue] = [:]
    for (scope, keys) in sections {
      let values = keys.mapValues(JSONValue.string)
      if scope.isEmpty { members.merge(values) { $1 } } else { members[scope] = .object(values) }
    }
    return .object(members)
  }

  /// As `StandInAnswers` looks for it.
  private static func subject(_ given: GivenAnswer) -> String {
    switch given.kind {
    case .dnsbl, .hashbl: given.name + " " + (given.arguments.last ?? "")
    case .scan: given.name
    case .mx: given.arguments.first ?? ""
    case .callout, .rate, .duplicate: given.arguments.last ?? ""
    default: ""
    }
  }

  private static func value(_ given: GivenAnswer) -> JSONValue? {
    switch given.answer {
    case .failed(_, let reason): .string(reason == "timeout" ? reason : "error")
    case .truth(let isTrue): .truth(isTrue)
    case .values(let values): list(values, given.kind)
    case .fields(let fields): object(fields, given.kind)
    case .archive, .errands: nil
    }
  }

  private static func list(_ values: [String], _ kind: CheckKind) -> JSONValue {
    guard kind == .dkim else { return .list(values.map(JSONValue.string)) }
    return .list(
      values.map { line in
        let words = line.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        let members = zip(["result", "domain", "selector"], words).filter { !$0.1.isEmpty }
        return .object(Dictionary(uniqueKeysWithValues: members.map { ($0, .string($1)) }))
      })
  }

  private static func object(_ fields: [String: String], _ kind: CheckKind) -> JSONValue? {
    switch kind {
    case .dnsbl, .hashbl:
      let codes = (fields["codes"] ?? "").split(separator: " ").map { JSONValue.string(String($0)) }
      return .object(["codes": .list(codes), "text": .string(fields["text"] ?? "")])
    case .rdns:
      var members: [String: JSONValue] = [:]
      for name in ["confirmed", "dynamic"] { members[name] = .truth(fields[name] == "yes") }
      members["name"] = fields["name"].map(JSONValue.string)
      return .object(members)
    case .greylist:
      return fields["wait"].flatMap(Double.init).map { .object(["wait": .number($0)]) }
    case .knownSender: return .object(sender(fields))
    default:
      let known = names(kind)
      return .object(fields.filter { known.contains($0.key) }.mapValues(JSONValue.string))
    }
  }

  /// Ages become days; half a second more, so that none is lost where seconds are cut off.
  private static func sender(_ fields: [String: String]) -> [String: JSONValue] {
    var members: [String: JSONValue] = [:]
    for (name, text) in fields {
      guard let number = Double(text) else { continue }
      switch name {
      case "count": members[name] = .number(number)
      case "first": members["days"] = .number((number + 0.5) / 86_400)
      case "wrote": members[name] = .number((number + 0.5) / 86_400)
      default: break
      }
    }
    return members
  }

  private static func names(_ kind: CheckKind) -> Set<String> {
    switch kind {
    case .scan: ["result", "name", "score", "threshold", "symbols", "report", "action"]
    case .callout: ["code", "enhanced", "text"]
    case .dmarc: ["result", "policy"]
    case .arc: ["result", "sealer"]
    default: ["result"]
    }
  }

  private static func ordered(_ value: JSONValue) -> OrderedJSON {
    switch value {
    case .string(let text): .text(text)
    case .number(let number):
      Int(exactly: number).map(OrderedJSON.number) ?? .decimal(number)
    case .truth(let isTrue): .truth(isTrue)
    case .list(let items): .list(items.map(ordered))
    case .object(let members):
      .object(members.sorted { $0.key < $1.key }.map { ($0.key, ordered($0.value)) })
    }
  }
}
