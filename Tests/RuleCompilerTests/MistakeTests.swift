// Right policies are right; broken in one place, they give one diagnostic, of the right code, at
// that place. The seed is fixed; `DEFANG_SEED=n` breaks other places, `DEFANG_MISTAKES=folder`
// writes the wrong policies for reading.

import Foundation
import Testing

@testable import RuleCompiler

struct MistakeTests {
  /// So many mistakes are made of each policy, when it has so many places to break.
  private static let perPolicy = 7
  static let seed =
    ProcessInfo.processInfo.environment["DEFANG_SEED"].flatMap(UInt64.init) ?? 20_260

  static let mistakes: [Mistake] = {
    var random = TreeRandom(seed: seed)
    var uses = [Int](repeating: 0, count: MistakeWay.all.count)
    var made: [Mistake] = []
    let places = MistakeWay.all.map { way in
      RightPolicy.all.count { !way.find($0, &random).isEmpty }
    }
    for policy in RightPolicy.all {
      // Ways that were used least come first, and of those the ones that few policies allow.
      let order = MistakeWay.all.indices.map {
        (uses[$0], places[$0] / 8, random.below(1 << 20), $0)
      }.sorted(by: <)
      var left = perPolicy
      for (_, _, _, index) in order where left > 0 {
        let way = MistakeWay.all[index]
        let breaks = way.find(policy, &random)
        guard !breaks.isEmpty else { continue }
        made.append(Mistake(breaks[random.below(breaks.count)], policy, way.name))
        uses[index] += 1
        left -= 1
      }
    }
    return made
  }()

  @Test func thereAreEnough() throws {
    #expect(RightPolicy.all.count >= 100)
    #expect(Self.mistakes.count >= 500)
    let used = Set(Self.mistakes.map(\.way))
    for way in MistakeWay.all where !used.contains(way.name) {
      Issue.record("no policy is broken by \(way.name)")
    }
    #expect(Set(MistakeWay.all.map(\.family)) == Set(MistakeWay.Family.allCases))
    #expect(Set(MistakeWay.all.map(\.name)).count == MistakeWay.all.count)
    if let folder = ProcessInfo.processInfo.environment["DEFANG_MISTAKES"] {
      try Self.write(to: URL(filePath: folder))
    }
  }

  @Test(arguments: RightPolicy.all)
  func rightPolicyIsSilent(_ policy: RightPolicy) {
    let compiled = Compiled(policy.text)
    #expect(DiagnosticPrinter(sources: compiled.sources).text(compiled.diagnostics) == "")
    #expect(compiled.program != nil)
  }

  /// One mistake gives one message, of its code and at its place, for 95 of 100 at least.
  @Test func mistakesAreNamedOnceAndAtTheirPlace() {
    let failures = Self.mistakes.compactMap(\.failure)
    let isFine = failures.count * 20 <= Self.mistakes.count
    if !failures.isEmpty {
      print("\(failures.count) of \(Self.mistakes.count) mistakes are not named well:")
      for failure in failures { print(failure) }
    }
    #expect(isFine, "\(failures.count) of \(Self.mistakes.count)")
  }

  /// No rule of the policies stands in the manual, and none in two of them.
  @Test func textsAreTheirOwn() {
    let manual = Set(ManualTests.examples.flatMap { Self.lines(of: $0.text) })
    #expect(manual.count > 60)
    var seen: [String: String] = [:]
    for policy in RightPolicy.all {
      for line in Set(Self.lines(of: policy.text)) {
        #expect(!manual.contains(line), "\(policy.name) shares with the manual: \(line)")
        let other = seen.updateValue(policy.name, forKey: line)
        #expect(other == nil, "\(policy.name) shares with \(other ?? ""): \(line)")
      }
    }
  }

  /// Lines that say something: not those every policy has, as `phase eom {`.
  private static func lines(of text: String) -> [String] {
    let openings = ["require", "phase", "on_error", "#", "allof (", "anyof ("]
    return text.split(separator: "\n").map {
      $0.split(separator: " ").joined(separator: " ")
    }.filter { line in
      line.utf8.count >= 24
        && (!openings.contains(where: line.hasPrefix) || line.contains("rule \""))
    }
  }

  private static func write(to folder: URL) throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for (index, mistake) in mistakes.enumerated() {
      let number = String(format: "%03d", index)
      let place = mistake.span
      let note = "# \(mistake.way) in \(mistake.policy): \(mistake.code.rawValue) at \(place)\n"
      try (mistake.text + note).write(
        to: folder.appending(path: "\(number).rules"), atomically: true, encoding: .utf8)
    }
  }
}

extension RightPolicy: CustomTestStringConvertible {
  var testDescription: String { name }
}
