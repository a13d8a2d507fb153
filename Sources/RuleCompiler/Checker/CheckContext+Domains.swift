// Domains with letters beyond ASCII. Mail has them in ASCII (RFC 5891 §4), but for the few messages
// that are sent by SMTPUTF8 (RFC 6531): a policy that names one form alone misses the other.

import RuleBytecode

extension CheckContext {
  /// A key whose other form stands beside it is fine.
  mutating func checkUnicodeDomain(
    _ key: StringLiteral, among keys: [StringLiteral], _ plan: MatchPlan
  ) {
    guard file.isPolicy, !isTestSuite, plan.addressPart == .domain || key.value.contains("@"),
      let ascii = Self.asciiForm(key.value),
      !keys.contains(where: { $0.value.lowercasedASCII == ascii })
    else { return }
    report(.flow(.otherMeaning(.unicodeDomain(key.value, ascii: ascii, table: nil))), at: key.range)
  }

  /// The first such entry of a table in the policy.
  mutating func checkUnicodeDomains(of table: Table, at range: SourceRange) {
    guard file.isPolicy, !isTestSuite else { return }
    let entries = table.entries.lazy.filter { $0.contains { $0 >= 0x80 } }
    for entry in entries.map({ String(decoding: $0, as: UTF8.self) }) {
      guard let ascii = Self.asciiForm(entry),
        !table.entries.contains(where: {
          String(decoding: $0, as: UTF8.self).lowercasedASCII == ascii
        })
      else { continue }
      let meaning = OtherMeaning.unicodeDomain(entry, ascii: ascii, table: table.name)
      return report(.flow(.otherMeaning(meaning)), at: range)
    }
  }

  /// The domain, or the address with its domain, in ASCII; nil where it is so already.
  private static func asciiForm(_ text: String) -> String? {
    let start = text.lastIndex(of: "@").map(text.index(after:)) ?? text.startIndex
    let domain = text[start...]
    guard domain.utf8.contains(where: { $0 >= 0x80 }) else { return nil }
    return DomainLabels.ascii(String(domain)).map { text[..<start].lowercased() + $0 }
  }
}
