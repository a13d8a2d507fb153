// What large messages took goes back to the system when they are over, whichever threads met them.
import Foundation
import MailLab
import Testing

@Suite struct FreeMemoryTests {
  private static let policy = """
    require ["defang", "body"];
    phase eom {
      rule "read" { if body :contains "nothing of it" { discard; } }
      rule "seen" { reject "Seen"; }
    }

    """

  @Test(arguments: FrontEnd.allCases) func itGoesBack(_ frontEnd: FrontEnd) throws {
    let folder = try LabDirectory()
    let path = folder.path + "/milter"
    let daemon = try DaemonUnderTest(
      policy: Self.policy, frontEnd: frontEnd, trace: false, address: "unix:" + path)
    try daemon.start()
    defer { daemon.kill() }
    let worker = try #require(daemon.workers.first)
    try send(path, bodyBytes: 1_000)
    let before = try Self.ownBytes(of: worker)
    for _ in 1...4 { try send(path, bodyBytes: 20 << 20) }
    // The reply comes before the session's memory goes.
    let isBack = Laboratory.waitUntil(timeoutSeconds: 20) {
      ((try? Self.ownBytes(of: worker)) ?? .max) < before + (16 << 20)
    }
    let after = try Self.ownBytes(of: worker)
    #expect(isBack, "\(before >> 10) kB before, \(after >> 10) kB now")
  }

  private func send(_ path: String, bodyBytes: Int) throws {
    let client = try MilterClient(path: path)
    let answer = try client.send(
      from: "ann@example.net", to: ["bob@example.com"], bodyBytes: bodyBytes)
    #expect(answer == "550 5.7.1 Seen")
    try client.end()
  }

  /// Memory that is no page of a file.
  private static func ownBytes(of process: Int32) throws -> Int {
    let facts = try String(contentsOfFile: "/proc/\(process)/smaps_rollup", encoding: .utf8)
    let line = facts.split(separator: "\n").first { $0.hasPrefix("Anonymous:") }
    let kilobytes = line?.split(separator: " ").compactMap { Int($0) }.first
    return try #require(kilobytes) << 10
  }
}
