// What is wrong around the filter, with what to do about it.
internal import JSONOutput

struct Finding: Equatable {
  enum Weight: String { case error, warning }

  let weight: Weight
  let text: String
  /// A command, or what to write where.
  let fix: String

  static func error(_ text: String, fix: String) -> Finding {
    Finding(weight: .error, text: text, fix: fix)
  }

  static func warning(_ text: String, fix: String) -> Finding {
    Finding(weight: .warning, text: text, fix: fix)
  }

  var lines: [String] { ["\(weight.rawValue): \(text)", "  fix: \(fix)"] }

  var json: OrderedJSON {
    .object([("weight", .text(weight.rawValue)), ("text", .text(text)), ("fix", .text(fix))])
  }
}
