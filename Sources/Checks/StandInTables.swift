// Answers given beforehand for tables that are asked outside, and for lists whose file shall not be
// read: `{"table": {"vips": {"ann@example.com": "gold"}, "down": "error"}}`. An object in place of
// a value is a section: `{"table": {"lists": {"bob@example.com": {"news@example.org": ""}}}}`.
internal import FoundationEssentials
internal import RuleBytecode
internal import RuleVM

struct StandInTable: Sendable {
  typealias Mistake = StandInAnswers.Mistake

  /// By scope, then by key, both folded; nil when the table does not answer.
  private let sections: [String: [String: String]]?

  init(_ value: JSONValue, _ path: String) throws(Mistake) {
    if case .string(let word) = value, word == "error" || word == "timeout" {
      sections = nil
      return
    }
    guard case .object(let entries) = value else {
      throw Mistake(
        message: "\(path): a table is an object of keys and values, \"error\" or \"timeout\"")
    }
    var sections: [String: [String: String]] = [:]
    for (key, entry) in entries {
      guard case .object(let section) = entry else {
        sections["", default: [:]][key.lowercased()] = try Self.text(entry, "\(path).\(key)")
        continue
      }
      for (inner, value) in section {
        sections[key.lowercased(), default: [:]][inner.lowercased()] =
          try Self.text(value, "\(path).\(key).\(inner)")
      }
    }
    self.sections = sections
  }

  private static func text(_ value: JSONValue, _ path: String) throws(Mistake) -> String {
    switch value {
    case .string, .number: return value.shown
    case .truth, .list, .object: throw Mistake(message: "\(path): a text is wanted")
    }
  }

  /// What is not there is not in the table.
  func answer(scope: String, key: String) -> CheckAnswer {
    guard let sections else { return .failed(.table, reason: "not answered") }
    return .values(sections[scope.lowercased()]?[key.lowercased()].map { [$0] } ?? [])
  }
}
