// Sets of characters, as a pattern's `[…]`, `.` and `\w` mean them.

/// A set of Unicode scalar values: ranges in order that neither touch nor overlap.
struct ScalarSet: Equatable, Hashable, Sendable {
  private(set) var ranges: [ClosedRange<UInt32>]

  /// - Parameter unordered: ranges in any order; surrogates are left out.
  init(_ unordered: [ClosedRange<UInt32>] = []) {
    var merged: [ClosedRange<UInt32>] = []
    for range in unordered.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      guard let last = merged.last, range.lowerBound <= last.upperBound &+ 1 else {
        merged.append(range)
        continue
      }
      merged[merged.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
    }
    ranges = merged.flatMap(Self.withoutSurrogates)
  }

  init(_ scalar: UInt32) { self.init([scalar...scalar]) }

  static let all = ScalarSet([0...0x10FFFF])

  var isEmpty: Bool { ranges.isEmpty }

  /// The one member, if it has one only.
  var only: UInt32? {
    guard ranges.count == 1, let range = ranges.first, range.count == 1 else { return nil }
    return range.lowerBound
  }

  var count: Int { ranges.reduce(0) { $0 + $1.count } }

  func contains(_ scalar: UInt32) -> Bool {
    var low = 0
    var high = ranges.count
    while low < high {
      let middle = (low + high) / 2
      if ranges[middle].upperBound < scalar { low = middle + 1 } else { high = middle }
    }
    return low < ranges.count && ranges[low].contains(scalar)
  }

  func union(_ other: ScalarSet) -> ScalarSet { ScalarSet(ranges + other.ranges) }

  var inverted: ScalarSet {
    var gaps: [ClosedRange<UInt32>] = []
    var next: UInt32 = 0
    for range in ranges {
      if range.lowerBound > next { gaps.append(next...range.lowerBound - 1) }
      next = range.upperBound + 1
    }
    if next <= 0x10FFFF { gaps.append(next...0x10FFFF) }
    return ScalarSet(gaps)
  }

  private static func withoutSurrogates(_ range: ClosedRange<UInt32>) -> [ClosedRange<UInt32>] {
    guard range.overlaps(0xD800...0xDFFF) else { return [range] }
    var kept: [ClosedRange<UInt32>] = []
    if range.lowerBound < 0xD800 { kept.append(range.lowerBound...0xD7FF) }
    if range.upperBound > 0xDFFF { kept.append(0xE000...range.upperBound) }
    return kept
  }
}

// MARK: Letter case

extension ScalarSet {
  /// With the other case of each letter; where that is not exact it may hold more than PCRE2
  /// takes, never less.
  var foldingCase: (set: ScalarSet, isExact: Bool) {
    var isExact = true
    var added: [ClosedRange<UInt32>] = []
    for range in ranges {
      for letters in [UInt32(65)...90, 97...122] where range.overlaps(letters) {
        let common = range.clamped(to: letters)
        added.append(common.lowerBound ^ 0x20...common.upperBound ^ 0x20)
      }
      // The Kelvin sign and the long s fold to ASCII letters.
      if range.overlaps(75...75) || range.overlaps(107...107) { added.append(0x212A...0x212A) }
      if range.overlaps(83...83) || range.overlaps(115...115) { added.append(0x17F...0x17F) }
      guard range.upperBound > 127 else { continue }
      if range.count > 512 {
        isExact = isExact && range == 128...0x10FFFF
        added += [128...0x10FFFF, 75...75, 83...83, 107...107, 115...115]
      } else {
        added += range.flatMap(Self.relatives)
      }
    }
    return (ScalarSet(ranges + added), isExact)
  }

  /// The scalars that case mappings bring together with this one. Two steps, since Σ, σ and ς meet
  /// only in Σ.
  private static func relatives(of scalar: UInt32) -> [ClosedRange<UInt32>] {
    guard scalar > 127, let first = Unicode.Scalar(scalar) else { return [] }
    var found = Set(mapped(first))
    for scalar in found { found.formUnion(mapped(scalar)) }
    for family in families where family.contains(scalar) {
      found.formUnion(family.compactMap { Unicode.Scalar($0) })
    }
    return found.map { $0.value...$0.value }
  }

  /// Letters of more than two forms, where mappings lead one way only: a test holds all letters
  /// that have cases against PCRE2.
  private static let families: [[UInt32]] = [
    [0xB5, 0x39C, 0x3BC], [0xC5, 0xE5, 0x212B], [0xDF, 0x1E9E], [0x345, 0x399, 0x3B9, 0x1FBE],
    [0x392, 0x3B2, 0x3D0], [0x395, 0x3B5, 0x3F5], [0x398, 0x3B8, 0x3D1, 0x3F4],
    [0x39A, 0x3BA, 0x3F0], [0x3A0, 0x3C0, 0x3D6], [0x3A1, 0x3C1, 0x3F1], [0x3A3, 0x3C2, 0x3C3],
    [0x3A6, 0x3C6, 0x3D5], [0x3A9, 0x3C9, 0x2126], [0x412, 0x432, 0x1C80],
    [0x414, 0x434, 0x1C81], [0x41E, 0x43E, 0x1C82], [0x421, 0x441, 0x1C83],
    [0x422, 0x442, 0x1C84, 0x1C85], [0x42A, 0x44A, 0x1C86], [0x462, 0x463, 0x1C87],
    [0x1E60, 0x1E61, 0x1E9B], [0xA64A, 0xA64B, 0x1C88],
  ]

  private static func mapped(_ scalar: Unicode.Scalar) -> [Unicode.Scalar] {
    let properties = scalar.properties
    return [properties.lowercaseMapping, properties.uppercaseMapping, properties.titlecaseMapping]
      .flatMap { text in text.unicodeScalars.count == 1 ? Array(text.unicodeScalars) : [] }
  }
}

// MARK: Named sets

extension ScalarSet {
  static let digits = ScalarSet([48...57])
  static let word = ScalarSet([48...57, 65...90, 95...95, 97...122])
  /// PCRE2's `\s`, without Unicode properties: HT, LF, VT, FF, CR and the blank.
  static let space = ScalarSet([9...13, 32...32])
  static let lineEnds = ScalarSet([10...10, 13...13])
  /// `\h` (pcre2pattern(3), "Generic character types").
  static let horizontal = ScalarSet([
    9...9, 32...32, 0xA0...0xA0, 0x1680...0x1680, 0x180E...0x180E, 0x2000...0x200A,
    0x202F...0x202F, 0x205F...0x205F, 0x3000...0x3000,
  ])
  static let vertical = ScalarSet([10...13, 0x85...0x85, 0x2028...0x2029])

  /// The ASCII classes of `[[:name:]]`, as the C locale has them.
  static func posix(_ name: String) -> ScalarSet? {
    switch name {
    case "alpha": ScalarSet([65...90, 97...122])
    case "lower": ScalarSet([97...122])
    case "upper": ScalarSet([65...90])
    case "alnum": ScalarSet([48...57, 65...90, 97...122])
    case "ascii": ScalarSet([0...127])
    case "blank": ScalarSet([9...9, 32...32])
    case "cntrl": ScalarSet([0...31, 127...127])
    case "digit": digits
    case "graph": ScalarSet([33...126])
    case "print": ScalarSet([32...126])
    case "punct": ScalarSet([33...47, 58...64, 91...96, 123...126])
    case "space": space
    case "word": word
    case "xdigit": ScalarSet([48...57, 65...70, 97...102])
    default: nil
    }
  }
}
