// Asking a table of a loaded policy by hand.
internal import RuleBytecode
internal import TableText

/// What a table says of a key.
package enum TableAnswer: Equatable, Sendable {
  case value(String)
  case missing
  /// The table is asked outside; this is the question.
  case asked(CheckRequest)
  /// No table has that name; these there are.
  case unknown([String])
}

extension LoadedPolicy {
  package func look(up key: String, scope: String, inTable name: String) -> TableAnswer {
    let program = self.program.program
    guard let index = program.tables.firstIndex(where: { program.string($0.name) == name }) else {
      return .unknown(program.tables.map { program.string($0.name) })
    }
    let table = program.tables[index]
    let keyBytes = Array(key.utf8)[...]
    let value: ArraySlice<UInt8>?
    if table.source == .inline {
      value = program.value(of: keyBytes, in: table)
    } else if let loaded = tables[index], loaded.type == .regex {
      let text = keyBytes.prefix(ByteCost.tablePatternTextBytesMax)
      let place = tables.patterns[index].patterns.firstIndex {
        scope.isEmpty && $0.isFound(in: text.span, patterns.matchers)
      }
      value = place.map { loaded.patterns[$0].value[...] }
    } else if let loaded = tables[index] {
      value = loaded.value(for: keyBytes, scope: Array(scope.utf8)[...])
    } else {
      return .asked(
        CheckRequest(
          id: 1, kind: .table, name: name, arguments: [name, scope, key],
          timeoutMilliseconds: Int(table.timeoutMilliseconds)))
    }
    return value.map { .value(String(decoding: $0, as: UTF8.self)) } ?? .missing
  }
}
