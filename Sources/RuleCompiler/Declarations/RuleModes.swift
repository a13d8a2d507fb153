// `:mode` of rules and `mode` of files.

import RuleBytecode

extension CheckContext {
  /// The mode of that name: `.some(nil)` is "off"; nil when there is none, which is reported.
  mutating func ruleMode(_ word: String, of name: String, at range: SourceRange) -> RuleMode?? {
    if let mode = RuleMode.allCases.first(where: { $0.name == word }) { return .some(mode) }
    if word == "off" { return .some(nil) }
    let known = RuleMode.allCases.map(\.name) + ["off"]
    let nearest = nearest(to: word, among: known)
    report(.name(.unknownValue(word, of: name, nearest: nearest, known: known)), at: range)
    return nil
  }
}
