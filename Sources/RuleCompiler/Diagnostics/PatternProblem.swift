// Mistakes in regular expressions.

/// R: a pattern that is none, costs too much, or says nothing.
package enum PatternProblem: Equatable, Sendable {
  package enum Growth: Equatable, Sendable { case exponential, polynomial, constant }

  /// With the words of PCRE2.
  case invalid(String)
  case explosive(Growth, attack: String)
  /// What the analysis cannot judge: the feature, or nil for sheer size.
  case unjudged(String?)
  /// As `explosive`, in plain Sieve.
  case slow(Growth, attack: String)
  case isText(String, begins: Bool, ends: Bool)
  case neverMatches
  case uselessStart
}

extension PatternProblem {
  var code: ProblemCode {
    switch self {
    case .invalid: .badPattern
    case .explosive: .explosivePattern
    case .unjudged: .unjudgedPattern
    case .slow: .slowPattern
    case .isText: .patternIsText
    case .neverMatches: .patternNeverMatches
    case .uselessStart: .uselessPatternStart
    }
  }

  var wording: Wording {
    switch self {
    case .invalid(let reason): Wording("this is no pattern: \(reason)")
    case .explosive(let growth, let attack), .slow(let growth, let attack):
      Wording("a sender can make this pattern \(growth.words)", "try it on \(attack)")
    case .unjudged(let feature?):
      Wording("how long this pattern can take is not known", "because of \(feature)")
    case .unjudged(nil):
      Wording("how long this pattern can take is not known", "it is too large to be judged")
    case .isText: Wording("this pattern is a plain text")
    case .neverMatches: Wording("this pattern never matches")
    case .uselessStart: Wording("this part of the pattern changes nothing")
    }
  }

  var help: String? {
    switch self {
    case .invalid(let reason) where reason.contains("parenthes"):
      #"a pair of parentheses is a group; for the sign itself write \\( or \\)"#
    case .invalid(let reason) where reason.contains("quantifier does not follow"):
      #"it repeats what stands before it; for the sign itself write \\*, \\+ or \\?"#
    case .invalid(let reason) where reason.contains("character class"):
      #"letters of a class stand in [ and ], ranges from low to high as [a-z]"#
    case .invalid: #"in a quoted string a backslash is written twice: "\\d" is the pattern \d"#
    case .explosive: "make the repetitions exclude each other, or bound it with ':backtrack 10000'"
    case .slow: "make the repetitions exclude each other"
    case .unjudged: "say how many steps it may take, as in ':backtrack 10000'"
    case .isText(let text, _, _) where Self.slashed(text) != nil:
      "a pattern has no slashes around it, and case counts with :comparator \"i;octet\" only: "
        + "write :contains \"\(Self.slashed(text) ?? text)\""
    case .isText(let text, let begins, let ends):
      switch (begins, ends) {
      case (true, true): "compare with ':is \"\(text)\"'"
      case (false, false): "look for it with ':contains \"\(text)\"'"
      case (true, false): "write ':matches \"\(text)*\"'"
      case (false, true): "write ':matches \"*\(text)\"'"
      }
    case .neverMatches: "'^' is the start of the whole text and '$' its end"
    case .uselessStart: "a pattern may match anywhere: leave it out"
    }
  }
}

extension PatternProblem {
  /// `word` of `/word/i`.
  static func slashed(_ text: String) -> String? {
    guard text.hasPrefix("/"), let end = text.lastIndex(of: "/"), end > text.startIndex,
      text[end...].dropFirst().allSatisfy({ "gimsux".contains($0) })
    else { return nil }
    let inner = text[text.startIndex..<end].dropFirst()
    return inner.isEmpty || inner.contains("/") ? nil : String(inner)
  }
}

extension PatternProblem.Growth {
  fileprivate var words: String {
    switch self {
    case .exponential: "take for ever"
    case .polynomial: "take the square of a text's length, or more"
    case .constant: "take very long"
    }
  }
}
