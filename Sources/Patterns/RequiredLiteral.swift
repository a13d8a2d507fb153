// Texts that a match of a pattern must hold: looking for them costs a hundredth of a match, and
// most mail does not hold them.

/// Bytes that every match holds.
package struct RequiredLiteral: Equatable, Hashable, Sendable {
  /// ASCII letters in lower case if `isFolded`.
  package let bytes: [UInt8]
  /// ASCII letters of the text are to be compared in lower case.
  package let isFolded: Bool
}

/// Texts of which every match holds at least one.
package struct RequiredTexts: Equatable, Sendable {
  /// ASCII letters in lower case, as those of the text are to be compared, whatever the pattern
  /// says of case.
  package let texts: [[UInt8]]
  /// A `k` or an `s` of theirs may stand in the text as the Kelvin sign or the long s, which are
  /// not looked for: a text that holds one of these two may match without them.
  package let hasThirdForms: Bool
}

/// What is known of all matches of a pattern.
package struct PatternNeeds: Sendable {
  /// The longest text that the pattern fixes, for a pattern that is looked for by itself.
  package let literal: RequiredLiteral?
  /// The best texts to look for together with those of other patterns.
  package let texts: RequiredTexts?

  package init(_ source: String, isCaseless: Bool, limits: PatternLimits = PatternLimits()) {
    let parsed = try? PatternParser.parse(source, isCaseless: isCaseless, limits: limits)
    literal = parsed.flatMap { LiteralFinder.literal(in: $0.root, limits) }
    texts = parsed.flatMap { LiteralFinder.texts(in: $0.root, limits) }
  }
}

extension PatternNode {
  /// The text that the pattern is, when it is nothing but a text.
  var asLiteral: (text: String, begins: Bool, ends: Bool)? {
    let nodes = if case .concat(let nodes) = self { nodes } else { [self] }
    var rest = nodes[...]
    var begins = false
    var ends = false
    if case .begin? = rest.first {
      begins = true
      rest.removeFirst()
    }
    if case .end? = rest.last {
      ends = true
      rest.removeLast()
    }
    var text = ""
    for node in rest {
      guard case .set(let set, _) = node, let scalar = set.asLetter else { return nil }
      text.unicodeScalars.append(scalar)
    }
    return text.isEmpty ? nil : (text, begins, ends)
  }

  /// A leading `.*` of a pattern that may begin anywhere, with its place.
  var uselessStart: Range<Int>? {
    guard case .concat(let nodes) = self else { return nil }
    var rest = nodes[...]
    if case .begin? = rest.first { rest.removeFirst() }
    guard case .repeated(.set(let set, let place), let times)? = rest.first, rest.count > 1,
      set == .all, times == Repetition(min: 0, max: nil)
    else { return nil }
    return place.lowerBound..<place.upperBound + 1
  }
}

extension ScalarSet {
  /// The letter whose cases these are, or the one member.
  fileprivate var asLetter: Unicode.Scalar? {
    if let only { return Unicode.Scalar(only) }
    guard count <= 3, let low = ranges.first?.lowerBound, low &- 65 < 26, contains(low ^ 0x20)
    else {
      return nil
    }
    return Unicode.Scalar(low ^ 0x20)
  }
}
