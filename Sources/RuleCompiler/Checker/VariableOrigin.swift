// Where the text of a variable can come from: the policy and what its tables hold, or mail. What
// mail can say chooses no host (LANGUAGE.md §9). Of the whole policy, whatever the order and the
// phases of the statements.

import RuleBytecode

/// One statement that gives a variable its value.
enum VariableOrigin: Sendable {
  /// `lookup :set`: whatever the key is, the value stands in a declared table.
  case table
  /// `set`: the names that the text reads.
  case text([String])
  /// What is computed, or taken out of a part.
  case other

  /// What `set`, `compute` or `extracttext` gives.
  init(_ command: Command) {
    let strings = command.arguments.items.filter { $0.tag == nil }.compactMap(\.strings)
    guard command.name.text == "set", strings.count == 2, let value = strings[1].first else {
      self = .other
      return
    }
    let references = TextScanner.references(in: value.value)
    self = .text(references.map { $0.name?.lowercasedASCII ?? "" })
  }
}

extension NameTable {
  /// Nothing in the text comes from mail or from whoever sends it.
  func isOfPolicy(_ text: TextValue) -> Bool {
    text.pieces.allSatisfy { piece in
      switch piece {
      case .literal, .named(.switch, _): true
      case .variable(let variable): isOfPolicy(variable: variable.name)
      case .fact, .named, .group: false
      }
    }
  }

  /// Each variable is looked at once, so the work is that of reading all origins.
  private func isOfPolicy(variable name: String) -> Bool {
    var seen: Set<String> = [name]
    var open = [name]
    while let name = open.popLast() {
      guard let origins = origins[name], !origins.isEmpty else { return false }
      for origin in origins {
        switch origin {
        case .table: break
        case .other: return false
        case .text(let names):
          for read in names where !read.hasPrefix(FactFamily.switch.prefix) {
            // Facts and match variables have no origins, so they are refused there.
            if seen.insert(read).inserted { open.append(read) }
          }
        }
      }
    }
    return true
  }
}
