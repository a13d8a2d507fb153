// How values are compared with keys: the match types, comparators and address parts of RFC 5228
// §2.7, RFC 5231, RFC 5233, RFC 6134 and the regex draft.

package enum MatchType: UInt8, CaseIterable, BitwiseCopyable, Sendable {
  case `is`, contains, matches, list, regex
  /// RFC 5231: the values, or their number, stand in a relation to the key.
  case value, count
  package var name: String { "\(self)" }
}

/// The relation of `:value` and `:count` (RFC 5231 §4).
package enum Relation: UInt8, CaseIterable, BitwiseCopyable, Sendable {
  case gt, ge, lt, le, eq, ne
  package var name: String { "\(self)" }

  /// Whether `left` stands in it to `right`, given how they compare (negative, zero, positive).
  package func holds(_ order: Int) -> Bool {
    switch self {
    case .gt: order > 0
    case .ge: order >= 0
    case .lt: order < 0
    case .le: order <= 0
    case .eq: order == 0
    case .ne: order != 0
    }
  }
}

/// Collations by their registered names (RFC 4790, RFC 5051).
package enum Comparator: UInt8, CaseIterable, BitwiseCopyable, Sendable {
  case octet, asciiCasemap, asciiNumeric, unicodeCasemap

  package var name: String {
    switch self {
    case .octet: "i;octet"
    case .asciiCasemap: "i;ascii-casemap"
    case .asciiNumeric: "i;ascii-numeric"
    case .unicodeCasemap: "i;unicode-casemap"
    }
  }
}

package enum AddressPart: UInt8, CaseIterable, BitwiseCopyable, Sendable {
  case all, localpart, domain
  /// RFC 5233: the local part before and behind its separator.
  case user, detail
  package var name: String { "\(self)" }
}

/// How a value is compared with keys.
package struct MatchSpec: Equatable, Hashable, BitwiseCopyable, Sendable {
  package var type: MatchType
  /// For `value` and `count`; `eq` otherwise.
  package var relation: Relation
  package var comparator: Comparator
  package var addressPart: AddressPart
  /// `:all`: every candidate must match.
  package var everyCandidate: Bool
  /// The match variables are read later in the rule.
  package var captures: Bool
  /// Steps that one application of a pattern may take; 0 for the limit that follows from its
  /// analysis (`regex` only).
  package var backtrack: UInt32
  /// Constant keys: sets, tried in order.
  package var firstSet: UInt32
  package var setCount: UInt16
  /// Keys built at run time: a run of text registers.
  package var firstKey: UInt8
  package var keyCount: UInt8

  package init(
    type: MatchType, relation: Relation = .eq, comparator: Comparator = .asciiCasemap,
    addressPart: AddressPart = .all, everyCandidate: Bool = false, captures: Bool = false,
    backtrack: UInt32 = 0, firstSet: UInt32, setCount: UInt16, firstKey: UInt8 = 0,
    keyCount: UInt8 = 0
  ) {
    self.type = type
    self.relation = relation
    self.comparator = comparator
    self.addressPart = addressPart
    self.everyCandidate = everyCandidate
    self.captures = captures
    self.backtrack = backtrack
    self.firstSet = firstSet
    self.setCount = setCount
    self.firstKey = firstKey
    self.keyCount = keyCount
  }
}

extension MatchSpec {
  /// Values and keys are compared as i;unicode-casemap folds them. Tables and patterns are not:
  /// they know upper and lower case alone.
  package var foldsUnicode: Bool {
    comparator == .unicodeCasemap && type != .regex && type != .list && type != .count
  }
}

/// What was found out about a regular expression when it was compiled. An image holds it as an
/// entry of its own behind the pattern: `12`, `12s`, `40c`.
package struct PatternFacts: Equatable, Hashable, Sendable {
  /// Steps that one byte of a text can cost.
  package var stepsPerByte: Int
  /// The place where a match begins must be found beforehand (`s`): tries at many places would go
  /// over the same text.
  package var needsStart = false
  /// Nothing bounds it but a count of its steps (`c`); `MatchSpec.backtrack` says how many.
  package var countsSteps = false

  package static let stepsPerByteMax = 1_000_000

  package init(stepsPerByte: Int, needsStart: Bool = false, countsSteps: Bool = false) {
    self.stepsPerByte = stepsPerByte
    self.needsStart = needsStart
    self.countsSteps = countsSteps
  }

  /// Reads an entry; nil when it is none.
  package init?(_ entry: some Collection<UInt8>) {
    guard entry.count <= 9, let text = String(validating: entry, as: UTF8.self) else { return nil }
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    guard let steps = Int(digits), steps <= Self.stepsPerByteMax else { return nil }
    let letters = text.dropFirst(digits.count)
    guard ["", "s", "c"].contains(letters) else { return nil }
    self.init(stepsPerByte: steps, needsStart: letters == "s", countsSteps: letters == "c")
  }

  package var entry: String {
    "\(stepsPerByte)" + (countsSteps ? "c" : needsStart ? "s" : "")
  }
}
