// Which tests of a program came out how, and which rules ran: counted only when somebody asked.

package struct CoverageMarks: Sendable, Equatable {
  /// How a test came out, over all runs.
  package struct Outcomes: OptionSet, BitwiseCopyable, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    package static let no = Outcomes(rawValue: 1)
    package static let yes = Outcomes(rawValue: 2)
    package static let failed = Outcomes(rawValue: 4)
  }

  /// By probe of the program; empty when nothing is counted.
  package private(set) var probes: [Outcomes] = []
  /// By rule of the program.
  package private(set) var rules: [Bool] = []
  let isOn: Bool

  init() { isOn = false }

  init(probeCount: Int, ruleCount: Int) {
    isOn = true
    probes = Array(repeating: [], count: probeCount)
    rules = Array(repeating: false, count: ruleCount)
  }

  mutating func saw(_ probe: UInt32, _ outcome: Outcomes) { probes[Int(probe)].formUnion(outcome) }
  mutating func ran(_ rule: UInt32) { rules[Int(rule)] = true }
}
