// Words of the policy that come from a fixed list, and relations.

import RuleBytecode

extension CheckContext {
  /// The words of an argument, each one of a list and there once. Nil when none is right.
  mutating func words(
    _ literals: [StringLiteral], _ label: String, of name: String, among known: [String],
    foreign: [String: String] = [:]
  ) -> [String]? {
    var found: [String] = []
    for literal in literals {
      guard let text = constant(literal, label, of: name) else { continue }
      if !known.contains(text) {
        let nearest = foreign[text] ?? nearest(to: text, among: known)
        report(
          .name(.unknownValue(text, of: name, nearest: nearest, known: known)), at: literal.range)
      } else if found.contains(text) {
        report(.flow(.duplicateKey(text)), at: literal.range)
      } else {
        found.append(text)
      }
    }
    return found.isEmpty ? nil : found
  }

  /// One word of a list.
  mutating func word(
    _ literal: StringLiteral?, _ label: String, of name: String, among known: [String],
    foreign: [String: String] = [:]
  ) -> String? {
    literal.flatMap { words([$0], label, of: name, among: known, foreign: foreign)?.first }
  }

  /// A whole number in a tag; the default where the tag is not there.
  mutating func number(
    _ tag: String, of call: Call, in allowed: ClosedRange<Int>, default standard: Int
  ) -> Int {
    guard let number = call.tag(tag)?.number else { return standard }
    guard !allowed.contains(number.value) else { return number.value }
    report(
      .argument(
        .outOfRange(":" + tag, value: number.value, allowed: allowed, of: call.name.text)),
      at: number.range)
    return standard
  }

  /// The relation that `:value` or `:count` names (RFC 5231 §4).
  mutating func relation(_ tag: BoundTag, of call: Call) -> Relation? {
    let names = Relation.allCases.map(\.name)
    guard let literal = tag.string, let name = constant(literal, ":" + tag.name, of: call.name.text)
    else { return nil }
    if let found = Relation.allCases.first(where: { $0.name == name }) { return found }
    let nearest = ForeignWords.relations[name] ?? nearest(to: name, among: names)
    report(
      .name(.unknownValue(name, of: ":" + tag.name, nearest: nearest, known: names)),
      at: literal.range)
    return nil
  }

  /// How the result of a check compares; a literal that no result can be is a mistake.
  mutating func results(_ call: Call, _ place: Int, among known: [String]) -> MatchPlan? {
    guard call.positional[place] != nil else {
      report(
        .argument(.missing("results", expected: .list, of: call.name.text)), at: call.name.range)
      return nil
    }
    guard let plan = match(call, keys: place) else { return nil }
    guard plan.type == .is else { return plan }
    for literal in call.strings(place) where !TextScanner.hasReference(in: literal.value) {
      guard !known.contains(literal.value.lowercasedASCII) else { continue }
      let nearest = nearest(to: literal.value, among: known)
      let problem = NameProblem.unknownValue(
        literal.value, of: call.name.text, nearest: nearest, known: known)
      report(.name(problem), at: literal.range)
    }
    return plan
  }
}

extension TextScanner {
  static func hasReference(in text: String) -> Bool {
    references(in: text).contains { $0.name != nil }
  }
}
