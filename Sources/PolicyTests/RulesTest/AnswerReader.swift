// `answer`, `answers`, `fail` and `timeout`: what stands in for the outside, as the JSON of an
// answers file (docs/TESTING.md).
internal import Checks
internal import RuleCompiler

struct AnswerReader {
  let command: BoundCommand

  /// The answers that the command gives; nil when a mistake was reported.
  func value(_ reader: inout SheetReader) -> JSONValue? {
    var value: JSONValue?
    if command.name.text == "answers" {
      value = command.string(at: 0).flatMap { JSONValue(text: $0.value) }
      if value == nil {
        reader.report(.test(.badAnswers("this is no JSON")), at: place)
      }
    } else {
      value = single(&reader)
    }
    guard let value, let bytes = value.bytes else { return nil }
    do throws(StandInAnswers.Mistake) {
      _ = try StandInAnswers(json: bytes)
    } catch {
      reader.report(.test(.badAnswers(error.message)), at: place)
      return nil
    }
    return value
  }

  private var place: SourceRange { command.string(at: 0)?.range ?? command.name.range }

  private func single(_ reader: inout SheetReader) -> JSONValue? {
    guard let check = RulesTestSheet.checkNames.first(where: command.has) else {
      reader.report(
        .argument(.missing("check", expected: .tag, of: command.name.text)),
        at: command.name.range)
      return nil
    }
    let answer: JSONValue =
      switch command.name.text {
      case "fail": .string("error")
      case "timeout": .string("timeout")
      default: self.answer(of: check)
      }
    guard RulesTestSheet.namedChecks.contains(check) else { return .object([check: answer]) }
    return .object([check: .object([command.string(check)?.value ?? "": answer])])
  }

  private func answer(of check: String) -> JSONValue {
    let word = values.first ?? ""
    switch check {
    case "dnsbl", "hashbl": return .list(values.map(JSONValue.string))
    case "mx": return .string(word)
    case "table": return .object([command.string("key")?.value ?? "": .string(word)])
    case "rdns":
      return .object([
        "confirmed": .truth(command.has("confirmed")), "dynamic": .truth(command.has("dynamic")),
      ])
    case "rate": return .truth(command.has("over"))
    case "greylist":
      guard let wait = command.number("wait") else { return .truth(false) }
      return .object(["wait": .number(Double(wait.value))])
    case "sender_known": return sender
    case "spf", "dmarc", "arc": return .object(named.merging(result(check)) { $1 })
    case "dkim": return .list([.object(named.merging(result(check)) { $1 })])
    default: return .object(named)
    }
  }

  /// Without a number it is not known.
  private var sender: JSONValue {
    var fields: [String: JSONValue] = [:]
    for (tag, name) in [("messages", "count"), ("days", "days"), ("wrote", "wrote")] {
      if let number = command.number(tag) { fields[name] = .number(Double(number.value)) }
    }
    return fields.isEmpty ? .truth(false) : .object(fields)
  }

  private var values: [String] { command.strings(at: 0)?.map(\.value) ?? [] }

  private func result(_ check: String) -> [String: JSONValue] {
    ["result": .string(command.string(check)?.value ?? "")]
  }

  private static let names = [
    "result", "name", "score", "threshold", "report", "action", "domain", "selector", "policy",
    "sealer", "code", "enhanced", "text",
  ]

  private var named: [String: JSONValue] {
    var named: [String: JSONValue] = [:]
    for name in Self.names {
      if let text = command.string(name) { named[name] = .string(text.value) }
    }
    if let symbols = command.strings("symbols") {
      named["symbols"] = .list(symbols.map { .string($0.value) })
    }
    return named
  }
}
