// The protocol fuzzer as a program: `fuzz-protocol --engine libmilter --seconds 1200 --seed 7`.
// Ends with 1 when something was found; the same seed and `--first` play it again.
import ArgumentParser
import ProtocolFuzz

@main
struct Main: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fuzz-protocol",
    abstract: "Says wrong things to a real defangd, and watches that others do not notice.")

  @Option(help: "The daemon's engine: nio or libmilter.")
  var engine = "nio"
  @Option(help: "For so long.")
  var seconds = 60.0
  @Option(help: "The same seed says the same things.")
  var seed: UInt64 = 1
  @Option(help: "The number of the first connection.")
  var first = 0
  @Option(help: "So many connections, if they do not take longer.")
  var connections: Int?

  func run() throws {
    var plan = FuzzPlan()
    plan.frontEnd = engine
    plan.seed = seed
    plan.first = first
    plan.secondsMax = seconds
    plan.connectionsMax = connections
    let report = try FuzzRun(plan).run { print("\($0.connections) connections, \($0.bytes) bytes") }
    print(
      "engine \(engine), seed \(seed): \(report.connections) connections from \(first) on,"
        + " \(report.bytes) bytes, \(report.honestMessages) honest messages beside;"
        + " resident \(report.residentKilobytes.early) kB early, \(report.residentKilobytes.end) kB"
        + " at the end; descriptors \(report.descriptors.early) and \(report.descriptors.end)")
    for fault in report.faults { print("fault: \(fault)") }
    if !report.faults.isEmpty { throw ExitCode.failure }
  }
}
