// mutate-images [COUNT] [--seed N] [--first N]: makes COUNT wrong images (a million if left out)
// out of right ones, mends the digest of each, loads it, and runs what loads within little fuel.
//
// Ends with 0 when nothing crashed or hung, every way an image can be wrong was reached and at
// least one image of a hundred ran; 1 otherwise; 64 for wrong arguments. A crash ends it by a
// signal: the last line printed names the images it was at, and `mutate-images 50000 --first N`
// makes them again.

import Glibc
import Harness

struct Arguments {
  var count = 1_000_000
  var seed: UInt64 = 1
  var first = 0

  init?(_ words: [String]) {
    var rest = words[...]
    while let word = rest.popFirst() {
      switch word {
      case "--seed":
        guard let value = rest.popFirst().flatMap({ UInt64($0) }) else { return nil }
        seed = value
      case "--first":
        guard let value = rest.popFirst().flatMap({ Int($0) }), value >= 0 else { return nil }
        first = value
      default:
        guard let value = Int(word), value > 0 else { return nil }
        count = value
      }
    }
  }
}

func say(_ line: String) {
  print(line)
  fflush(nil)
}

/// A thousand images take a second; the signal ends a run that hangs.
let secondsMax: UInt32 = 120
let batch = 1_000

guard let arguments = Arguments(Array(CommandLine.arguments.dropFirst())) else {
  say("usage: mutate-images [COUNT] [--seed N] [--first N]")
  exit(64)
}
var report = MutationReport()
do {
  let run = try MutationRun(seed: arguments.seed)
  var next = arguments.first
  let end = arguments.first + arguments.count
  while next < end {
    alarm(secondsMax)
    if (next - arguments.first) % (50 * batch) == 0 { say("images from \(next)") }
    run.run(next..<min(next + batch, end), into: &report)
    next += batch
  }
  alarm(0)
} catch {
  say("a seed policy does not compile: \(error.message)")
  exit(1)
}
say("\(report.imageCount) images, seed \(arguments.seed)")
let percent = (report.ranPercent * 10).rounded() / 10
say("\(report.ranCount) ran (\(percent) %), \(report.sessionCount) sessions")
say("\(report.trappedCount) sessions met a limit; most fuel of one: \(report.fuelUsedMax)")
for (flaw, count) in report.refusals.sorted(by: { $0.value > $1.value }) {
  say("  \(flaw): \(count)")
}
let missing = report.flawsNotReached
if !missing.isEmpty {
  say("not reached: \(missing.joined(separator: ", "))")
  say("cannot be reached: \(MutationReport.unreachable.joined(separator: ", "))")
}
for fault in report.faults { say("FAULT \(fault)") }
exit(report.isPassed ? 0 : 1)
