// A domain's DMARC policy as it is published (RFC 7489 §6.3, §6.4). Its bytes are a stranger's.

/// What a domain wants done with mail that fails.
package enum DMARCPolicy: String, Sendable, CaseIterable, Comparable {
  case none, quarantine, reject

  private var strictness: Int {
    switch self {
    case .none: 0
    case .quarantine: 1
    case .reject: 2
    }
  }

  package static func < (left: Self, right: Self) -> Bool { left.strictness < right.strictness }
}

/// How near an identifier must be to the author's domain (RFC 7489 §3.1).
package enum DMARCAlignment: Sendable {
  case relaxed, strict
}

struct DMARCRecord: Equatable, Sendable {
  private(set) var policy = DMARCPolicy.none
  /// Of domains below the one that publishes it; without `sp` the same.
  private(set) var subdomainPolicy = DMARCPolicy.none
  private(set) var dkimAlignment = DMARCAlignment.relaxed
  private(set) var spfAlignment = DMARCAlignment.relaxed
  private(set) var percent = 100

  /// The texts that are policies: they begin with the tag `v`, whose value has this case.
  static func select(_ texts: [[UInt8]]) -> [[UInt8]] {
    texts.filter { text in
      guard let tag = tags(text, max: 1).first, let tag else { return false }
      return tag.name.isWord("v") && tag.value.elementsEqual("DMARC1".utf8)
    }
  }

  /// Takes a text that `select` chose. Nil when it says nothing that could be applied: a tag twice
  /// (RFC 6376 §3.2), or no policy that is one and nobody to report to (RFC 7489 §6.6.3 step 6).
  /// Whatever else is wrong counts as if it were not there (§6.3).
  init?(_ text: [UInt8]) {
    var values: [String: ArraySlice<UInt8>] = [:]
    for tag in Self.tags(text, max: Int.max) {
      guard let tag else { continue }
      let isFirst = values.updateValue(tag.value, forKey: tag.name.asciiLowercased) == nil
      guard isFirst else { return nil }
    }
    let policy = values["p"].map(Self.policy) ?? nil
    let subdomains = values["sp"].map(Self.policy)
    if let policy, subdomains != .some(nil) {
      self.policy = policy
      subdomainPolicy = (subdomains ?? nil) ?? policy
    } else {
      guard let reports = values["rua"], Self.namesSomebody(reports) else { return nil }
    }
    if values["adkim"]?.isWord("s") == true { dkimAlignment = .strict }
    if values["aspf"]?.isWord("s") == true { spfAlignment = .strict }
    percent = values["pct"].flatMap(Self.percent) ?? 100
  }

  private static func policy(_ value: ArraySlice<UInt8>) -> DMARCPolicy? {
    DMARCPolicy.allCases.first { value.isWord($0.rawValue) }
  }

  private static func percent(_ value: ArraySlice<UInt8>) -> Int? {
    guard (1...3).contains(value.count), value.allSatisfy(\.isDigit) else { return nil }
    let number = value.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    return number <= 100 ? number : nil
  }

  /// Whether one of its addresses is one; nothing is sent there.
  private static func namesSomebody(_ value: ArraySlice<UInt8>) -> Bool {
    value.split(separator: UInt8(ascii: ",")).contains { address in
      let address = trimmed(address)
      guard address.prefix(7).isWord("mailto:") else { return false }
      let halves = address.dropFirst(7).split(
        separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
      let size = UInt8(ascii: "!")
      guard halves.count == 2, !halves[0].isEmpty else { return false }
      return DomainName(halves[1].prefix { $0 != size })?.isMailDomain == true
    }
  }

  typealias Tag = (name: ArraySlice<UInt8>, value: ArraySlice<UInt8>)

  /// What stands between semicolons; nil where it is no tag.
  private static func tags(_ text: [UInt8], max: Int) -> [Tag?] {
    let fields = text.split(
      separator: UInt8(ascii: ";"), maxSplits: max, omittingEmptySubsequences: false)
    return fields.prefix(max).map { field in
      guard let sign = field.firstIndex(of: UInt8(ascii: "=")) else { return nil }
      let name = trimmed(field[..<sign])
      guard !name.isEmpty, name.allSatisfy(\.isLetterOrDigit) else { return nil }
      return (name, trimmed(field[(sign + 1)...]))
    }
  }

  private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var rest = bytes.drop { isBlank($0) }
    while let last = rest.last, isBlank(last) { rest.removeLast() }
    return rest
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == .space || (9...13).contains(byte) }
}
