// A command or test whose arguments fit its signature.

struct BoundTag: Sendable {
  let name: String
  let range: SourceRange
  let value: Argument?

  var string: StringLiteral? { value?.strings?.first }

  var number: NumberLiteral? {
    if case .number(let literal) = value?.value { literal } else { nil }
  }
}

/// The arguments of one command or test, sorted by what they are for.
struct Call: Sendable {
  let name: Identifier
  let range: SourceRange
  var tags: [BoundTag] = []
  /// By place in the signature; nil for an optional one that was left out.
  var positional: [Argument?] = []
  var tests: [Test] = []
  var block: Block?

  func tag(_ name: String) -> BoundTag? { tags.first { $0.name == name } }
  func has(_ name: String) -> Bool { tag(name) != nil }

  func strings(_ index: Int) -> [StringLiteral] { positional[index]?.strings ?? [] }
  func string(_ index: Int) -> StringLiteral? { positional[index]?.strings?.first }

  func number(_ index: Int) -> NumberLiteral? {
    if case .number(let literal) = positional[index]?.value { literal } else { nil }
  }
}
