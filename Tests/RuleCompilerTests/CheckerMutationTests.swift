// Policies broken at random: words of the corpus taken out, doubled, swapped and mixed. Whatever
// comes of it, the compiler ends, and a program that it makes passes the verifier.

import RuleBytecode
import Testing

@testable import RuleCompiler

struct CheckerMutationTests {
  private static let right = CheckerCorpusTests.right
  private static let all = CheckerCorpusTests.wrong + CheckerCorpusTests.right

  @Test(arguments: 0..<8)
  func mutantsCompileToDiagnosticsOrGoodPrograms(_ seed: Int) throws {
    var random = TreeRandom(seed: UInt64(1_000 + seed))
    var compiledCount = 0
    for _ in 0..<150 {
      let text = Self.mutant(&random)
      let compiled = Compiled(text)
      #expect((compiled.program == nil) == compiled.diagnostics.hasErrors, "\(text)")
      guard let program = compiled.program else { continue }
      compiledCount += 1
      #expect(throws: Never.self, "\(text)") { try VerifiedProgram(program) }
    }
    #expect(compiledCount > 0)
  }

  private static func mutant(_ random: inout TreeRandom) -> String {
    var words = Self.words(of: right, &random)
    let other = Self.words(of: all, &random)
    for _ in 0..<1 + random.below(2) {
      let at = random.below(max(1, words.count))
      guard words.indices.contains(at) else { continue }
      switch random.below(5) {
      case 0: words.remove(at: at)
      case 1: words.insert(words[random.below(words.count)], at: at)
      case 2: words.swapAt(at, random.below(words.count))
      case 3: words[at] = other[random.below(other.count)]
      default:
        let start = random.below(other.count)
        words.insert(contentsOf: other[start..<min(other.count, start + 8)], at: at)
      }
    }
    return words.joined(separator: " ")
  }

  /// A policy cut at its blanks; the lines of a `text:` keep together well enough.
  private static func words(
    of seeds: [CorpusFile], _ random: inout TreeRandom
  ) -> [Substring] {
    seeds[random.below(seeds.count)].text.split(separator: "\n")
      .filter { !$0.hasPrefix("#") }
      .flatMap { $0.split(separator: " ") + ["\n"] }
  }
}
