// The fuzzer's run: a real daemon on one of its engines, connections that say damaged things one
// after the other, and beside them honest ones that must not notice. In the end the process that
// serves is the one that began, and holds no more descriptors and memory than it should.
import Foundation
import MailLab

public struct FuzzPlan: Sendable {
  public var frontEnd = "nio"
  public var seed: UInt64 = 1
  public var first = 0
  /// Whichever comes first; nil: no bound.
  public var connectionsMax: Int?
  public var secondsMax: Double?

  public init() {}
}

public struct FuzzReport: Sendable {
  public var connections = 0
  public var bytes = 0
  public var honestMessages = 0
  public var residentKilobytes: (early: Int, end: Int) = (0, 0)
  public var descriptors: (early: Int, end: Int) = (0, 0)
  /// What must not be.
  public var faults: [String] = []
}

public final class FuzzRun {
  private static let policy = """
    require ["defang", "body", "envelope", "variables"];
    phase connect { rule "c" { if ip "client" "198.51.100.1" { reject "no"; } } }
    phase helo { rule "h" { if string :is "${helo}" "refused" { reject "no"; } } }
    phase mail { rule "m" { if envelope :is "from" "nobody@example.com" { reject "no"; } } }
    phase data { rule "d" { if string :is "${auth.user}" "refused" { reject "no"; } } }
    phase part { rule "p" { if string :is "${part.name}" "x.exe" { drop; } } }
    phase eom {
      rule "b" { if body :contains "unwanted" { reject "no"; } }
      rule "s" {
        if header :contains "subject" "refused" {
          reject :code "550" :enhanced "5.7.1" "Refused ${subject}";
        }
      }
      rule "e" { addheader "X-Echo" "${sender}|${queue.id}|${rcpt.count}|${subject}"; }
    }
    """

  private let plan: FuzzPlan
  private let folder: LabDirectory
  private let daemon: DaemonUnderTest
  private let path: String

  public init(_ plan: FuzzPlan) throws {
    self.plan = plan
    folder = try LabDirectory()
    path = folder.path + "/milter"
    guard let frontEnd = FrontEnd(rawValue: plan.frontEnd) else {
      throw LabError("no engine '\(plan.frontEnd)'")
    }
    daemon = try DaemonUnderTest(
      policy: Self.policy, frontEnd: frontEnd, trace: false, address: "unix:\(path)")
  }

  /// - Parameter tell: is told now and then how far it is.
  public func run(_ tell: (FuzzReport) -> Void = { _ in }) throws -> FuzzReport {
    try daemon.start()
    defer { daemon.kill() }
    let workers = daemon.workers
    guard let worker = workers.first else { throw LabError("nobody serves") }
    let honest = HonestPeers(unix: path)
    honest.begin()
    var report = FuzzReport()
    let began = ContinuousClock.now
    var lastTold = began
    while !isEnough(report, began) {
      try play(plan.first + report.connections, &report)
      if report.connections == Self.earlyConnections { note(worker, &report, isEarly: true) }
      if ContinuousClock.now - lastTold > .seconds(60) {
        lastTold = .now
        tell(report)
      }
      // A daemon that is gone will not come to more.
      if !report.faults.isEmpty { break }
    }
    let (messages, faults) = honest.end()
    report.honestMessages = messages
    report.faults += faults
    finish(&report, workers, worker)
    return report
  }

  /// So many until it is looked what the worker holds: its pools have grown then.
  private static let earlyConnections = 400

  private func isEnough(_ report: FuzzReport, _ began: ContinuousClock.Instant) -> Bool {
    if let most = plan.connectionsMax, report.connections >= most { return true }
    guard let seconds = plan.secondsMax else { return false }
    return ContinuousClock.now - began > .seconds(seconds)
  }

  private func play(_ number: Int, _ report: inout FuzzReport) throws {
    let input = FuzzInput(seed: plan.seed, number: number)
    report.connections += 1
    guard let peer = try? RawPeer(unix: path) else {
      return report.faults.append("connection \(number): nobody takes it")
    }
    let pieces = plan.frontEnd == "libmilter" ? WholeMacros.keep(input.pieces) : input.pieces
    for piece in pieces where !piece.isEmpty {
      report.bytes += piece.count
      // It may be closed on us, and rightly so.
      guard let isHeard = try? peer.sendAndHear(piece) else { return }
      guard isHeard else {
        return report.faults.append("connection \(number): nobody reads it")
      }
    }
    // A daemon that awaits more says nothing; every seventh is waited for a little.
    if number.isMultiple(of: 7) { _ = try? peer.read(timeoutSeconds: 0.02) }
  }

  // MARK: What the worker holds

  private func finish(_ report: inout FuzzReport, _ workers: [Int32], _ worker: Int32) {
    if report.honestMessages == 0 { report.faults.append("no honest message came through") }
    if daemon.workers != workers {
      _ = daemon.says(" died: ")
      let lines = daemon.log.split(separator: "\n").filter { !$0.contains("verdict=") }
      report.faults.append("the worker died:\n" + lines.suffix(20).joined(separator: "\n"))
      return
    }
    _ = Laboratory.waitUntil(timeoutSeconds: 30) {
      Self.descriptors(worker) <= report.descriptors.early
    }
    note(worker, &report, isEarly: false)
    if report.descriptors.early > 0, report.descriptors.end > report.descriptors.early {
      report.faults.append("descriptors: \(report.descriptors)")
    }
    let (early, end) = report.residentKilobytes
    if early > 0, end > early + early / 2 + 16_384 {
      report.faults.append("resident kilobytes: \(report.residentKilobytes)")
    }
    // A damaged offer may not grant the field that the policy adds: such mail has to be put off.
    let failed = daemon.log.split(separator: "\n").filter {
      $0.contains("policy failed") && !$0.contains("actionNotNegotiated")
    }
    if !failed.isEmpty {
      report.faults.append("a policy failed:\n" + failed.prefix(20).joined(separator: "\n"))
    }
  }

  private func note(_ worker: Int32, _ report: inout FuzzReport, isEarly: Bool) {
    let (memory, files) = (Self.residentKilobytes(worker), Self.descriptors(worker))
    if isEarly {
      report.residentKilobytes.early = memory
      // Those that are open just now: two honest ones, and some that are being closed.
      report.descriptors.early = files + 2
    } else {
      report.residentKilobytes.end = memory
      report.descriptors.end = files
    }
  }

  private static func residentKilobytes(_ process: Int32) -> Int {
    let status = (try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
    return line?.split(separator: " ").compactMap { Int($0) }.first ?? 0
  }

  private static func descriptors(_ process: Int32) -> Int {
    (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/fd").count) ?? 0
  }
}
