// What a suite's script asks its runner, taken apart.
internal import RuleVM

struct SuiteQuestion {
  let command: String
  /// Line and column in the suite, for its own commands.
  let place: (line: Int, column: Int)
  /// Tags without their colon, with the number behind `=`; numbers have the empty name.
  let tags: [String: Int]
  /// The parameters that the texts are, for an action; empty for a command.
  let parameters: [String]
  /// The action's name.
  let action: String
  let texts: [String]

  init(_ request: CheckRequest) {
    command = request.arguments.first ?? ""
    let end = request.arguments.firstIndex(of: "--") ?? request.arguments.count
    let words = request.arguments[min(1, end)..<end]
    texts = Array(request.arguments[min(end + 1, request.arguments.count)...])
    let first = words.first ?? ""
    let numbers = first.split(separator: ":").compactMap { Int($0) }
    place = numbers.count == 2 ? (numbers[0], numbers[1]) : (1, 1)
    action = first
    var tags: [String: Int] = [:]
    var parameters: [String] = []
    for word in words.dropFirst() {
      let name = word.drop { $0 == ":" }
      let equals = name.firstIndex(of: "=")
      let value = equals.map { String(name[name.index(after: $0)...]) } ?? ""
      if word.hasPrefix("="), Int(value) == nil {
        parameters.append(value)
      } else {
        tags[String(name[..<(equals ?? name.endIndex)])] = Int(value) ?? 0
      }
    }
    self.tags = tags
    self.parameters = parameters
  }

  func has(_ tag: String) -> Bool { tags[tag] != nil }

  /// Texts of one of an action's parameters.
  func texts(of parameter: String) -> [String] {
    zip(parameters, texts).filter { $0.0 == parameter }.map(\.1)
  }
}
