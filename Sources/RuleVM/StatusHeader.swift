// What a scanner wrote into a header field, as RFC 5235 counts it. The field is the sender's as
// long as nobody before us removed his: the manual says so. Trusts nothing of its form.
internal import Patterns
internal import RuleBytecode

/// Where a status stands and how it is written.
package struct StatusHeader: Sendable, Equatable {
  package enum Form: String, Sendable {
    /// A decimal: behind `score=`, else the first there is; else a run of one character counts.
    case score
    /// As many characters as the value has.
    case strlen
    /// One of `texts`.
    case text
    /// A word for clean or infected.
    case verdict
  }

  /// In lower case.
  package var name: String
  /// What a pattern's first group takes is the status; without one the whole value.
  package var pattern: String?
  package var form: Form
  /// The score that is certain, scaled like all decimals; nil: behind `required=`, else 10.
  package var maximum: Int64?
  /// Where a field says the maximum.
  package var maximumName: String?
  package var maximumPattern: String?
  package var texts: [Int: String] = [:]

  package init(name: String, form: Form = .score) {
    self.name = String(decoding: name.utf8.map(\.foldedASCII), as: UTF8.self)
    self.form = form
  }

  /// What a pattern takes of a value; nil when it is not found. Patterns are the site's own.
  static func excerpt(_ value: ArraySlice<UInt8>, _ pattern: String?) -> String? {
    guard let pattern else { return String(decoding: value, as: UTF8.self) }
    do {
      let compiled = try CompiledPattern(pattern)
      var matcher = try PatternMatcher(groupsMax: 2)
      let outcome = matcher.match(compiled, value.span, limits: MatchLimits())
      guard outcome == .match, let range = matcher.group(1) else { return nil }
      let start = value.startIndex
      return String(
        decoding: value[(start + range.lowerBound)..<(start + range.upperBound)], as: UTF8.self)
    } catch {
      return nil
    }
  }

  /// The status on a scale from `lowest` to `highest`; nil when the text says none.
  func grade(_ text: String, lowest: Int, highest: Int, maximum: Int64? = nil) -> Int? {
    switch form {
    case .text: return texts.first { $0.value == text }?.key
    case .verdict: return Self.verdict(text).map { lowest + $0 * (highest - lowest) / 4 }
    case .strlen, .score:
      guard let score = score(text) else { return nil }
      let most =
        maximum ?? self.maximum ?? Self.number(in: text, behind: "required=") ?? Self.maximumDefault
      if score >= most { return highest }
      // A score is small (`Decimal.parse`), so no product is too large.
      let span = Int64(highest - lowest)
      let isWhole = lowest == 0
      return lowest + Int(max(0, score) * span + (isWhole ? most / 2 : 0)) / Int(max(1, most))
    }
  }

  private static let maximumDefault = 10 * Decimal.scale

  private func score(_ text: String) -> Int64? {
    if form == .strlen { return Int64(text.utf8.count) * Decimal.scale }
    if let number = Self.number(in: text, behind: "score=") ?? Self.number(in: text) {
      return number
    }
    guard let first = text.utf8.first, !first.isLetter, !first.isDigit else { return nil }
    return Int64(text.utf8.prefix { $0 == first }.count) * Decimal.scale
  }

  /// 0 clean, 2 suspicious, 4 infected, by the first word.
  private static func verdict(_ text: String) -> Int? {
    let word = text.utf8.prefix { $0.isLetter || $0 == UInt8(ascii: "-") }.map(\.foldedASCII)
    switch String(decoding: word, as: UTF8.self) {
    case "clean", "no", "none", "ok", "passed": return 0
    case "suspicious", "suspect", "unchecked", "encrypted": return 2
    case "infected", "yes", "virus", "found": return 4
    default: return nil
    }
  }

  /// The first decimal of a text, or the one behind a word.
  static func number(in text: String, behind word: String = "") -> Int64? {
    var rest = Array(text.utf8)[...]
    if !word.isEmpty {
      guard let start = place(of: Array(word.utf8), in: rest) else { return nil }
      rest = rest[(start + word.utf8.count)...]
    }
    guard let digit = rest.firstIndex(where: { $0.isDigit || $0 == UInt8(ascii: ".") }) else {
      return nil
    }
    if !word.isEmpty, rest[..<digit].contains(where: { $0 != UInt8(ascii: "-") }) { return nil }
    let isNegative = digit > rest.startIndex && rest[digit - 1] == UInt8(ascii: "-")
    let digits = rest[digit...].prefix { $0.isDigit || $0 == UInt8(ascii: ".") }
    let number = digits.first == UInt8(ascii: ".") ? [UInt8(ascii: "0")] + digits : Array(digits)
    return Decimal.parse(number).map { isNegative ? -$0 : $0 }
  }

  private static func place(of word: [UInt8], in text: ArraySlice<UInt8>) -> Int? {
    text.indices.first { index in
      text[index...].prefix(word.count).elementsEqual(word) { $0.foldedASCII == $1 }
    }
  }
}

extension UInt8 {
  fileprivate var isDigit: Bool { self >= 48 && self <= 57 }
  fileprivate var isLetter: Bool { (foldedASCII &- 97) < 26 }
}

extension Machine {
  /// `spamtest` and `virustest`: "0" when nothing was tested (RFC 5235 §2.1).
  mutating func statusValues(
    _ query: QuerySpec, _ program: borrowing VerifiedProgram
  ) throws(Trap) -> [TextWord] {
    let isSpam = query.source == .spamtest
    let isPercent = query.detail == 1
    guard let status = isSpam ? settings.spam : settings.virus,
      let text = try fieldText(status.name, status.pattern, program)
    else { return [try makeText("0".utf8)] }
    var maximum: Int64?
    if let name = status.maximumName {
      maximum = try fieldText(name, status.maximumPattern, program)
        .flatMap { StatusHeader.number(in: $0) }
    }
    let grade = status.grade(
      text, lowest: isPercent ? 0 : 1, highest: isPercent ? 100 : isSpam ? 10 : 5,
      maximum: maximum)
    return [try makeText(String(grade ?? 0).utf8)]
  }

  /// What a pattern takes of the first field of a name.
  private mutating func fieldText(
    _ name: String, _ pattern: String?, _ program: borrowing VerifiedProgram
  ) throws(Trap) -> String? {
    try charge(headers.fields.count * ByteCost.fieldVisit)
    guard let index = headers.indices(named: Array(name.utf8)).first else { return nil }
    let value = bytes(of: try headerValue(index), program)
    try charge(value.count * ByteCost.decodeHeaderPerByte)
    return StatusHeader.excerpt(value, pattern)
  }
}
