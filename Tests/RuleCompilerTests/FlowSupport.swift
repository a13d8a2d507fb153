// Cases of the flow analysis: rules with the mistake marked in them, as in `rule «"b"» { … }`.

import Testing

@testable import RuleCompiler

struct FlowCase: CustomTestStringConvertible, Sendable {
  let code: String
  /// The phase of the rules; nil when the text has its own.
  let phase: String?
  let text: String

  init(_ code: String, _ phase: String?, _ text: String) {
    self.code = code
    self.phase = phase
    self.text = text
  }

  var testDescription: String { "\(code) \(text.split(separator: "\n").joined(separator: " "))" }

  private static let capabilities = [
    "comparator-i;octet", "defang", "envelope", "extlists", "variables",
  ]

  /// The whole policy, with its marks.
  private var marked: String {
    let names = Self.capabilities.map { "\"\($0)\"" }.joined(separator: ", ")
    let body = phase.map { "phase \($0) {\n\(text)\n}\n" } ?? text + "\n"
    return "require [\(names)];\n" + body
  }

  var policy: String { marked.filter { $0 != "«" && $0 != "»" } }

  /// What stands between each pair of marks, as bytes of the policy.
  var spans: [Range<Int>] {
    var spans: [Range<Int>] = []
    var offset = 0
    var start = 0
    for character in marked {
      switch character {
      case "«": start = offset
      case "»": spans.append(start..<offset)
      default: offset += character.utf8.count
      }
    }
    return spans
  }
}
