// JSON (RFC 8259) whose members keep the order they are given in, as a contract has them, nulls
// included: the encoder of Foundation sorts names and leaves nulls out. Written, never read.

package enum OrderedJSON: Sendable {
  case null
  case truth(Bool)
  case number(Int)
  /// Finite.
  case decimal(Double)
  case text(String)
  case list([OrderedJSON])
  case object([(String, OrderedJSON)])

  package static func texts(_ values: [String]) -> OrderedJSON { .list(values.map(text)) }
  package static func text(orNull value: String?) -> OrderedJSON { value.map(text) ?? .null }

  /// On one line. Nested no deeper than our own reports are.
  package var line: String {
    switch self {
    case .null: "null"
    case .truth(let value): value ? "true" : "false"
    case .number(let value): String(value)
    case .decimal(let value): String(value)
    case .text(let value): Self.quoted(value)
    case .list(let values): "[" + values.map(\.line).joined(separator: ",") + "]"
    case .object(let members):
      "{" + members.map { "\(Self.quoted($0)):\($1.line)" }.joined(separator: ",") + "}"
    }
  }

  /// §7; C1 controls and DEL too, since terminals act on them.
  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case ..<" ", "\u{7F}"..."\u{9F}":
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
