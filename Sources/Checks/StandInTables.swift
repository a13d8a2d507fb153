// Answers given beforehand for tables that are asked outside, and for lists whose file shall not be
// read: `{"table": {"vips": {"ann@example.com": "gold"}, "down": "error"}}`. An object in place of
// a value is a section: `{"table": {"lists": {"bob@example.com": {"news@example.org": ""}}}}`.
internal import FoundationEssentials
internal import RuleBytecode
internal import RuleVM

struct StandInTable: Decodable, Sendable {
  private enum Entry: Decodable {
    case value(String)
    case section([String: String])

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let text = try? container.decode(String.self) {
        self = .value(text)
      } else {
        self = .section(try container.decode([String: String].self))
      }
    }
  }

  /// By scope, then by key, both folded; nil when the table does not answer.
  private let sections: [String: [String: String]]?

  init(from decoder: any Decoder) throws {
    if let word = try? decoder.singleValueContainer().decode(String.self) {
      guard word == "error" || word == "timeout" else {
        throw DecodingError.dataCorrupted(
          .init(
            codingPath: decoder.codingPath,
            debugDescription: "a table is an object of keys and values, \"error\" or \"timeout\""))
      }
      sections = nil
      return
    }
    var sections: [String: [String: String]] = [:]
    for (key, entry) in try decoder.singleValueContainer().decode([String: Entry].self) {
      switch entry {
      case .value(let value): sections["", default: [:]][key.lowercased()] = value
      case .section(let entries):
        for (inner, value) in entries {
          sections[key.lowercased(), default: [:]][inner.lowercased()] = value
        }
      }
    }
    self.sections = sections
  }

  /// What is not there is not in the table.
  func answer(scope: String, key: String) -> CheckAnswer {
    guard let sections else { return .failed(.table, reason: "not answered") }
    return .values(sections[scope.lowercased()]?[key.lowercased()].map { [$0] } ?? [])
  }
}
