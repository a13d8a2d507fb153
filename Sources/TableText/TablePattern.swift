// A line of a table of patterns: `PATTERN VALUE`. The pattern ends at the first blank (`\s` stands
// for one), matches anywhere in a text and in either case; the value may be missing. What a pattern
// can cost is judged when the file is read: a sender chooses the text that it meets.

internal import Patterns
package import RuleBytecode

package struct TablePattern: Equatable, Sendable {
  package let source: String
  package let value: [UInt8]
  /// From 1.
  package let line: Int
  package let facts: PatternFacts

  /// What a byte of a text costs at most: the pattern's steps, looking for a text that every match
  /// holds, and for the place where one begins.
  package var weight: Int {
    facts.stepsPerByte + 2 + (facts.needsStart ? ByteCost.findStartPerByte : 0)
  }

  /// Reads one; throws what is wrong with it.
  init(_ source: String, value: [UInt8], line: Int) throws(TableMistake) {
    guard !Self.isInSlashes(source) else { throw .slashes(source) }
    do throws(PatternMistake) {
      _ = try CompiledPattern(source, PatternOptions(isCaseless: true, isOptimized: false))
    } catch {
      throw .pattern(source, error.message)
    }
    switch PatternAnalysis(source, isCaseless: true).verdict {
    case .bounded(let steps, let needsStart):
      let steps = min(steps, PatternFacts.stepsPerByteMax)
      facts = PatternFacts(stepsPerByte: steps, needsStart: needsStart)
    case .explosive(let explosion):
      throw .explosive(source, attack: explosion.attack.description)
    case .unread(let feature): throw .unjudged(source, feature: feature.name)
    case .tooLarge: throw .unjudged(source, feature: nil)
    }
    self.source = source
    self.value = value
    self.line = line
  }

  /// `/^ann@/` or `/^ann@/i`, as Postfix's tables of patterns have it.
  private static func isInSlashes(_ text: String) -> Bool {
    guard text.first == "/", let end = text.dropFirst().lastIndex(of: "/") else { return false }
    return text[end...].dropFirst().allSatisfy { $0.isASCII && $0.isLetter }
  }
}
