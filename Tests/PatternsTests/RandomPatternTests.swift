// Random patterns: what the analysis calls harmless must be so on every text that a search of short
// pumps finds. The bound is checked against the paths that PCRE2's interpreter tries.

import Patterns
import Testing

@Suite struct RandomPatternTests {
  @Test(arguments: UInt64(1)...8)
  func theBoundHolds(_ seed: UInt64) throws {
    var random = SplitMix(state: seed)
    var harmless = 0
    for _ in 0..<150 {
      let pattern =
        "^" + Self.pattern(depth: 3, &random) + (Bool.random(using: &random) ? "!" : "$")
      guard case .bounded(let factor, _) = PatternAnalysis(pattern, isCaseless: false).verdict
      else { continue }
      harmless += 1
      let compiled = try CompiledPattern(pattern, PatternOptions(isOptimized: false))
      for text in Self.texts {
        #expect(try holds(compiled, text, steps: factor * (text.count + 2) * 2), "\(pattern)")
      }
    }
    // Neither all nor none: else this shows nothing.
    #expect(harmless > 30 && harmless < 140, "\(harmless)")
  }

  private func holds(_ pattern: CompiledPattern, _ text: [UInt8], steps: Int) throws -> Bool {
    var matcher = try PatternMatcher(groupsMax: 1)
    var limits = MatchLimits(stepsMax: UInt32(clamping: steps))
    limits.depthMax = .max
    limits.heapKiBMax = 100_000
    return matcher.match(pattern, text.span, isAnchored: true, limits: limits) != .limit
  }

  private static func pattern(depth: Int, _ random: inout SplitMix) -> String {
    let atoms = ["a", "b", "c", "[ab]", ".", "\\w", "[^a]", "ab"]
    let suffixes = ["", "", "", "*", "+", "?", "{0,3}", "{2,}", "*?", "+?"]
    var text = ""
    for _ in 0..<Int.random(in: 1...3, using: &random) {
      switch Int.random(in: 0..<(depth > 0 ? 6 : 3), using: &random) {
      case 0...3: text += atoms.randomElement(using: &random) ?? "a"
      case 4: text += "(?:" + pattern(depth: depth - 1, &random) + ")"
      default:
        let left = pattern(depth: depth - 1, &random)
        text += "(?:" + left + "|" + pattern(depth: depth - 1, &random) + ")"
      }
      if text.hasSuffix("ab") { continue }
      text += suffixes.randomElement(using: &random) ?? ""
    }
    return text
  }

  /// Every word of up to three letters, pumped.
  private static let texts: [[UInt8]] = {
    let letters = ["a", "b", "c"]
    var words = letters
    for _ in 0..<2 { words += words.flatMap { word in letters.map { word + $0 } } }
    return Set(words).sorted().flatMap { word in
      let body = String(repeating: word, count: 60 / word.utf8.count)
      return [Array((body + "-").utf8), Array(("ab" + body + "c").utf8)]
    }
  }()
}

struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
