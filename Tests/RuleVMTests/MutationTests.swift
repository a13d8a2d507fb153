// Mutated images, a small number of those that Fuzz/ makes, by the same function.

import Harness
import Testing

struct MutationTests {
  /// Each task makes its share of 16,000; with this seed they reach every flaw.
  @Test func mutatedImagesAreRefusedOrRun() async throws {
    let run = try MutationRun(seed: 2)
    let reports = await withTaskGroup(of: MutationReport.self) { group in
      for share in 0..<4 {
        group.addTask {
          var report = MutationReport()
          run.run(share * 4_000..<(share + 1) * 4_000, into: &report)
          return report
        }
      }
      return await group.reduce(into: [MutationReport]()) { $0.append($1) }
    }
    let reached = Set(reports.flatMap(\.refusals.keys))
    let missing = Set(MutationReport().flawsNotReached).subtracting(reached)
    #expect(missing == MutationReport.unreachable)
    #expect(reports.flatMap(\.faults) == [])
    for report in reports {
      #expect(report.imageCount == 4_000 && report.ranPercent >= 1)
      #expect(report.trappedCount > 0)
    }
  }

  @Test func aNumberAlwaysGivesTheSameImage() throws {
    let run = try MutationRun(seed: 7)
    let again = try MutationRun(seed: 7)
    for number in 0..<50 { #expect(run.image(number) == again.image(number)) }
    #expect(run.image(1) != run.image(2))
  }
}
