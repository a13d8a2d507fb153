// Workers that die, stop or cannot start, behind a real mail server: what its clients are told, and
// that no message is lost for it.
import Foundation
import MailLab
import Testing

@Suite("Workers come and go", .serialized)
final class WorkerTests {
  private let server: MailServer
  private let names: DNSServer

  init() throws {
    server = try SharedServers.server(.postfix)
    var zone = DNSZone()
    zone.fail("silent.example", .silent)
    names = try DNSServer(zone)
  }

  deinit { names.stop() }

  /// Waits in `phase` for an answer that never comes.
  private func daemon(waitingIn phase: String, frontEnd: FrontEnd) throws -> DaemonUnderTest {
    let daemon = try DaemonUnderTest(
      policy: """
        require "defang";
        on_error :dns "continue" :internal "reject";
        phase \(phase) {
          rule "waits" { if mx :missing :timeout 60 "silent.example" { stop; } }
          # No message of these tests reaches the mailboxes that other tests look into.
          rule "late" { reject "Nobody waits any more"; }
        }
        """,
      frontEnd: frontEnd, furtherArguments: ["--dns", names.address],
      address: server.milterAddress)
    try daemon.start()
    return daemon
  }

  private func message(_ subject: String) -> [UInt8] {
    // With what Postfix would add otherwise, each time anew.
    Array(
      """
      From: ann@example.com
      Date: Sun, 1 Nov 2026 10:00:00 +0000
      Message-ID: <\(subject)@example.com>
      Subject: \(subject)

      Hello

      """.replacingOccurrences(of: "\n", with: "\r\n").utf8)
  }

  /// A line for everything before the last word, whose reply has yet to come.
  private func begin(_ phase: String, _ subject: String) throws -> SMTPClient {
    let client = try server.connect()
    try client.command("EHLO client.example.com")
    if phase == "mail" {
      try client.sendLine("MAIL FROM:<ann@example.com>")
      return client
    }
    try client.command("MAIL FROM:<ann@example.com>")
    if phase == "rcpt" {
      try client.sendLine("RCPT TO:<bob@example.org>")
      return client
    }
    try client.command("RCPT TO:<bob@example.org>")
    try client.command("DATA")
    try client.sendMessage(message(subject))
    return client
  }

  private func waitUntilAsked(_ times: Int) -> Bool {
    Laboratory.waitUntil(timeoutSeconds: 30) { names.count("silent.example") >= times }
  }

  @Test(
    "a worker that dies costs its sessions a tempfail, and another serves",
    arguments: ["mail", "rcpt", "eom"], FrontEnd.allCases)
  func dies(phase: String, frontEnd: FrontEnd) throws {
    let daemon = try daemon(waitingIn: phase, frontEnd: frontEnd)
    defer { daemon.kill() }
    let former = daemon.workers
    #expect(former.count == 1)
    let client = try begin(phase, "once")
    #expect(waitUntilAsked(1))
    daemon.signalWorkers(SIGSEGV)
    let reply = try client.readReply()
    #expect(reply.code / 100 == 4, "\(reply)")
    let isServed = Laboratory.waitUntil(timeoutSeconds: 30) { daemon.log.contains(" serves,") }
    #expect(isServed, "\(daemon.log)")
    #expect(daemon.says("died: signal 11"))
    #expect(daemon.workers != former)
    // The next one is heard by the new one.
    let asked = names.count("silent.example")
    _ = try begin(phase, "another")
    #expect(waitUntilAsked(asked + 1), "\(daemon.log)")
  }

  @Test("what was in hand at two deaths is answered unseen", arguments: FrontEnd.allCases)
  func poison(frontEnd: FrontEnd) throws {
    let daemon = try daemon(waitingIn: "eom", frontEnd: frontEnd)
    defer { daemon.kill() }
    for round in 1...2 {
      let asked = names.count("silent.example")
      let client = try begin("eom", "poison")
      #expect(waitUntilAsked(asked + 1))
      daemon.signalWorkers(SIGKILL)
      #expect(try client.readReply().code / 100 == 4)
      let isServed = Laboratory.waitUntil(timeoutSeconds: 30) {
        daemon.log.components(separatedBy: " serves,").count == round + 1
      }
      #expect(isServed, "\(daemon.log)")
    }
    #expect(daemon.says("was in hand at 2 deaths"), "\(daemon.log)")
    let asked = names.count("silent.example")
    let reply = try begin("eom", "poison").readReply()
    #expect(reply.code == 550, "\(reply)\n\(daemon.log)")
    #expect(names.count("silent.example") == asked)
    // Another message is looked at as ever.
    _ = try begin("eom", "harmless")
    #expect(waitUntilAsked(asked + 1))
  }

  @Test("without any worker mail is answered 451, and served again when one can start")
  func noWorker() throws {
    let folder = FileManager.default.temporaryDirectory.path + "/defang-worker-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let list = folder + "/list"
    try Data("blocked@example.com\n".utf8).write(to: URL(filePath: list))
    let daemon = try DaemonUnderTest(
      policy: """
        require ["defang", "envelope", "extlists"];
        table :file "\(list)" :type "address" "blocked";
        phase mail {
          rule "blocked" { if envelope :list "from" "table:blocked" { reject "Go away"; } }
        }
        """,
      frontEnd: .nio, address: server.milterAddress)
    try daemon.start()
    defer { daemon.kill() }
    try FileManager.default.removeItem(atPath: list)
    daemon.signalWorkers(SIGKILL)
    let isRefusing = Laboratory.waitUntil(timeoutSeconds: 30) {
      daemon.log.contains("all mail is answered 451")
    }
    #expect(isRefusing, "\(daemon.log)")
    #expect(daemon.says("a new worker cannot serve the policy"))
    let client = try server.connect()
    let greeting = try client.command("EHLO client.example.com")
    let reply = greeting.isPositive ? try client.command("MAIL FROM:<ann@example.com>") : greeting
    #expect(reply.code == 451, "\(reply)\n\(daemon.log)")
    try Data("blocked@example.com\n".utf8).write(to: URL(filePath: list))
    let isServed = Laboratory.waitUntil(timeoutSeconds: 30) { daemon.log.contains(" serves,") }
    #expect(isServed, "\(daemon.log)")
    let next = try server.connect()
    try next.command("EHLO client.example.com")
    #expect(try next.command("MAIL FROM:<blocked@example.com>").code == 550)
  }

  @Test(
    "after the master was killed another serves at the same socket",
    arguments: FrontEnd.allCases)
  func masterDies(frontEnd: FrontEnd) throws {
    let daemon = try DaemonUnderTest(
      policy: "require \"defang\";\nphase mail { rule \"all\" { reject \"Seen\"; } }\n",
      frontEnd: frontEnd, address: server.milterAddress)
    try daemon.start()
    let orphans = daemon.workers
    daemon.killMaster()
    try daemon.start()
    defer { daemon.kill() }
    let client = try server.connect()
    try client.command("EHLO client.example.com")
    #expect(try client.command("MAIL FROM:<ann@example.com>").code == 550)
    let areGone = Laboratory.waitUntil(timeoutSeconds: 30) {
      orphans.allSatisfy { !FileManager.default.fileExists(atPath: "/proc/\($0)") }
    }
    #expect(areGone)
  }
}
