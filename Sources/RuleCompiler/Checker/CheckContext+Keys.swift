// The keys of a comparison: folded as the comparator wants them, looked at for what cannot match.

import RuleBytecode

extension CheckContext {
  mutating func addKeys(
    _ keys: [StringLiteral], to plan: inout MatchPlan, _ subject: MatchPlan.Subject, of call: Call
  ) {
    var seen: Set<String> = []
    for key in keys {
      let value = text(key)
      guard let constant = value.constant else {
        plan.builtKeys.append(value)
        continue
      }
      let folded = Self.folded(constant, plan.comparator)
      if !seen.insert(folded).inserted {
        report(.flow(.duplicateKey(constant)), at: key.range)
      }
      if isTable(constant, key.range, plan, call) { continue }
      // Plain scripts may ask for what can never be (RFC 5228 §2.7.4).
      if subject == .address, file.isPolicy { checkAddress(constant, plan, at: key.range) }
      checkNumber(constant, plan, at: key.range)
      checkMeaning(constant, plan, subject, of: call, at: key.range)
      if subject == .address, plan.type == .is { checkUnicodeDomain(key, among: keys, plan) }
      plan.constantKeys.append(folded)
    }
  }

  /// `"table:x"` without `:list`, of a table that is there: nobody looks for that text.
  private mutating func isTable(
    _ key: String, _ range: SourceRange, _ plan: MatchPlan, _ call: Call
  ) -> Bool {
    guard file.isPolicy, key.hasPrefix("table:"),
      names.places[DeclaredName(.table, String(key.dropFirst("table:".count)))] != nil
    else { return false }
    names.used.insert(DeclaredName(.table, String(key.dropFirst("table:".count))))
    let fix =
      if let tag = call.tag(plan.type.name), tag.value == nil {
        Diagnostic.FixIt(replace: tag.range, with: ":list")
      } else {
        Diagnostic.FixIt(replace: call.name.range.end, with: " :list")
      }
    report(
      .argument(.tableAsText(key, of: call.name.text)), at: range,
      fixIts: plan.type == .is ? [fix] : [])
    return true
  }

  /// As the machine compares it.
  private static func folded(_ key: String, _ comparator: Comparator) -> String {
    switch comparator {
    case .octet, .asciiNumeric: key
    case .asciiCasemap: key.lowercasedASCII
    case .unicodeCasemap: String(decoding: Collation.unicodeFolded(key.utf8), as: UTF8.self)
    }
  }

  /// A key that no address can equal is a mistake, not a choice.
  private mutating func checkAddress(_ key: String, _ plan: MatchPlan, at range: SourceRange) {
    guard plan.type == .is, plan.comparator != .asciiNumeric else { return }
    switch plan.addressPart {
    case .all:
      guard !Literals.canEqualAddress(key) else { return }
      // The null sender is the empty text; an address to send to cannot be empty.
      let empty = [Diagnostic.FixIt(replace: range, with: "\"\"")]
      report(.literal(.address(key)), at: range, fixIts: key == "<>" ? empty : [])
    case .domain:
      let isLiteral = key.hasPrefix("[") && key.hasSuffix("]")
      if !key.isEmpty && !isLiteral && !Literals.isDomain(key) {
        report(.literal(.domain(key)), at: range)
      }
    case .localpart, .user, .detail: break
    }
  }

  /// What does not begin with a digit is infinity to `i;ascii-numeric` (RFC 4790 §9.1.1); in a
  /// policy of ours nobody means that.
  private mutating func checkNumber(_ key: String, _ plan: MatchPlan, at range: SourceRange) {
    guard file.isPolicy, plan.type == .count || plan.comparator == .asciiNumeric else { return }
    let isNumber = !key.isEmpty && key.utf8.allSatisfy { $0 >= 48 && $0 <= 57 }
    if !isNumber { report(.literal(.notANumber(key)), at: range) }
  }

  /// How many match variables a match sets: one for each wildcard (RFC 5229 §3.2) or group.
  func groups(of plan: MatchPlan) -> Int {
    let most = ImageFormat.matchGroupsMax - 1
    if !plan.builtKeys.isEmpty { return most }
    if plan.type == .regex { return min(most, plan.patterns.map(\.groups).max() ?? 0) }
    return min(most, plan.constantKeys.map(Self.wildcards).max() ?? 0)
  }

  private static func wildcards(in pattern: String) -> Int {
    var count = 0
    var isEscaped = false
    for byte in pattern.utf8 {
      if isEscaped {
        isEscaped = false
      } else if byte == UInt8(ascii: "\\") {
        isEscaped = true
      } else if byte == UInt8(ascii: "*") || byte == UInt8(ascii: "?") {
        count += 1
      }
    }
    return count
  }
}
