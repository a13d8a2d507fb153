// Keys that compile and hardly ever match, since their writer took them for something else. In
// policies only: a plain script may ask for what can never be (RFC 5228 §2.7.4).

import RuleBytecode
import TableText

extension CheckContext {
  /// What a constant key means elsewhere and not here.
  mutating func checkMeaning(
    _ key: String, _ plan: MatchPlan, _ subject: MatchPlan.Subject, of call: Call,
    at range: SourceRange
  ) {
    guard file.isPolicy, !isTestSuite, !checkDateKey(key, plan, of: call, at: range) else { return }
    switch plan.type {
    case .is where subject == .address && Self.isOfLocalPart(key, plan):
      report(
        .flow(.otherMeaning(.addressAsLocalPart(key, tag: plan.addressPart.name))), at: range)
    case .is where call.name.text == "string" && Self.isNetwork(key):
      report(.flow(.otherMeaning(.networkAsText(key))), at: range)
    case .is, .contains:
      guard Self.isGlob(key), !Self.isNoValue(key, of: call, plan.type) else { return }
      report(.flow(.otherMeaning(.star(key, in: .key(type: plan.type.name)))), at: range)
    case .value
    where file.capabilities.contains("relational")
      && Self.isNumberAsText(key, plan, call.name.text):
      report(.flow(.otherMeaning(.numberAsText(key, test: call.name.text))), at: range)
    default: break
    }
  }

  /// Entries of a table in the policy that are meant as patterns.
  mutating func checkMeaning(of table: Table, at range: SourceRange) {
    if table.kind == .domain || table.kind == .address { checkUnicodeDomains(of: table, at: range) }
    guard table.kind == .set || table.kind == .map else { return }
    for entry in table.entries.lazy.map({ String(decoding: $0, as: UTF8.self) })
    where Self.isGlob(entry) {
      let place = OtherMeaning.Place.table(table.name, type: table.kind.name)
      return report(.flow(.otherMeaning(.star(entry, in: place))), at: range)
    }
  }

  /// The same for `part :list "extension"`: `.exe`, or all of them in one string.
  mutating func checkExtensions(of tables: [Table], at range: SourceRange) {
    for table in tables where table.kind == .set || table.kind == .map {
      for entry in table.entries.lazy.map({ String(decoding: $0, as: UTF8.self) })
      where entry.utf8.contains(where: { $0 == 0x2E || $0 == 0x2C }) && !Self.isGlob(entry) {
        report(.flow(.otherMeaning(.entryOfExtensions(entry, table: table.name))), at: range)
        break
      }
    }
  }

  /// `string :is "client.ip" …`; true when one of the texts was meant to be a fact.
  mutating func checkBareFacts(_ literals: [StringLiteral]) -> Bool {
    guard file.isPolicy, !isTestSuite else { return false }
    var isFound = false
    for literal in literals {
      guard let name = Self.factMeant(by: literal.value) else { continue }
      isFound = true
      report(.flow(.otherMeaning(.factAsText(literal.value, name: name))), at: literal.range)
    }
    return isFound
  }

  /// `client.ip`, and as other languages write it: `$client.ip`, `$(client.ip)`, `%{client.ip}`.
  private static func factMeant(by text: String) -> String? {
    var name = text[...]
    let isMarked = name.hasPrefix("$") || name.hasPrefix("%")
    if isMarked { name = name.dropFirst() }
    for (open, close) in [("{", "}"), ("(", ")")]
    where isMarked && name.hasPrefix(open) && name.hasSuffix(close) && name.utf8.count > 2 {
      name = name.dropFirst().dropLast()
    }
    let folded = String(name).lowercasedASCII
    guard !text.hasPrefix("${") else { return nil }
    if isMarked, let meant = ForeignWords.facts[folded] { return meant }
    return Fact.named(folded) != nil && (isMarked || folded.contains(".")) ? folded : nil
  }

  /// `reject "550 5.7.1 No"`: the reply would hold two codes.
  mutating func checkCode(in literals: [StringLiteral], of command: String) {
    guard file.isPolicy, let first = literals.first, first.form == .quoted else { return }
    let bytes = Array(first.value.utf8.prefix(4))
    guard bytes.count == 4, bytes[0] == UInt8(ascii: "4") || bytes[0] == UInt8(ascii: "5"),
      bytes[1...2].allSatisfy({ (48...57).contains($0) }), bytes[1] < UInt8(ascii: "6"),
      bytes[3] == 0x20 || bytes[3] == UInt8(ascii: "-")
    else { return }
    report(
      .flow(.otherMeaning(.codeInReply(first.value, command: command))), at: first.range)
  }

  /// A star at one end, or both, with a word beside it. Rows of stars are decoration.
  static func isGlob(_ key: String) -> Bool {
    let bytes = Array(key.utf8)
    let star = UInt8(ascii: "*")
    guard bytes.count >= 3 else { return false }
    // `*/*` is a media type, and `* ` begins entries of lists.
    let starts = bytes[0] == star && isOfWord(bytes[1]) && bytes[1] != UInt8(ascii: "/")
    let ends = bytes[bytes.count - 1] == star && isOfWord(bytes[bytes.count - 2])
    return starts || (ends && bytes[0] != star)
  }

  private static func isOfWord(_ byte: UInt8) -> Bool { byte > 0x20 && byte != UInt8(ascii: "*") }

  private static func isOfLocalPart(_ key: String, _ plan: MatchPlan) -> Bool {
    guard [.localpart, .user, .detail].contains(plan.addressPart) else { return false }
    return Literals.isAddress(key) || key.hasSuffix("@")
  }

  private static func isNetwork(_ key: String) -> Bool {
    guard key.utf8.contains(UInt8(ascii: "/")) else { return false }
    switch AddressRange.read(key) {
    case .range, .hostBits: return true
    case .badAddress, .badNetwork: return false
    }
  }

  /// `part :is "declared" "image/*"`, `part :is "extension" "*.exe"`: that is no such value at all,
  /// which the test says itself.
  private static func isNoValue(_ key: String, of call: Call, _ type: MatchType) -> Bool {
    guard type == .is, call.name.text == "part", !call.has("archive") else { return false }
    switch call.string(0)?.value {
    case "declared", "sniffed": return key.hasSuffix("/*")
    case "extension": return key.contains(".")
    default: return false
    }
  }

  /// Dates have leading zeros, so that the order of texts is theirs (RFC 5260 §4).
  private static func isNumberAsText(_ key: String, _ plan: MatchPlan, _ test: String) -> Bool {
    guard plan.comparator != .asciiNumeric, plan.relation != .eq, plan.relation != .ne,
      !["date", "currentdate"].contains(test)
    else { return false }
    return Decimal.parse(Array(key.utf8)) != nil
  }
}
