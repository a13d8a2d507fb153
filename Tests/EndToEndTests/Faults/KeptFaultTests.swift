// What is kept when the filter itself fails on a message, behind a real mail server: the files, the
// command that the log says, and that it shows the failure again.
import Foundation
import MailLab
import Testing

@Suite("Messages on which the filter failed are kept", .serialized)
final class KeptFaultTests {
  private let server: MailServer
  private let names: DNSServer
  private let folder: LabDirectory

  init() throws {
    server = try SharedServers.server(.postfix)
    var zone = DNSZone()
    zone.fail("silent.example", .silent)
    names = try DNSServer(zone)
    folder = try LabDirectory()
  }

  deinit { names.stop() }

  private static let policy = """
    require "defang";
    on_error :dns "continue" :internal "reject";
    phase mail {
      rule "asks" { if mx :missing "gone.example" { log "there is no such host"; } }
    }
    phase part {
      rule "programs" { if part :matches "name" "*.zip" { reject "No archives"; } }
    }
    phase eom {
      rule "waits" {
        if allof (header :contains "subject" "slow", mx :missing :timeout 60 "silent.example") {
          stop;
        }
      }
      # No message of these tests reaches the mailboxes that other tests look into.
      rule "late" { reject "Seen"; }
    }

    """

  private func daemon(_ frontEnd: FrontEnd, _ further: [String] = []) throws -> DaemonUnderTest {
    let daemon = try DaemonUnderTest(
      policy: Self.policy, frontEnd: frontEnd, trace: false,
      furtherArguments: [
        "--dns", names.address, "--state", folder.path + "/state", "--control",
        "unix:\(folder.path)/control",
      ] + further, address: server.milterAddress)
    try daemon.start()
    return daemon
  }

  private static func mail(_ subject: String, fileNames: Int) -> [UInt8] {
    let field = (0..<fileNames).map { "Content-Disposition: attachment; filename=n\($0).txt\n" }
    let text = """
      From: ann@example.com
      Date: Sun, 1 Nov 2026 10:00:00 +0000
      Message-ID: <\(subject)@example.com>
      Subject: \(subject)
      \(field.joined())
      Hello\u{20}

      """
    return Array(text.replacingOccurrences(of: "\n", with: "\r\n").utf8)
  }

  private func begin(_ mail: [UInt8]) throws -> SMTPClient {
    let client = try server.connect()
    try client.command("EHLO client.example.com")
    try client.command("MAIL FROM:<ann@example.com> BODY=8BITMIME")
    try client.command("RCPT TO:<bob@example.org>")
    try client.command("DATA")
    try client.sendMessage(mail)
    return client
  }

  /// Folders of messages that are kept.
  private var kept: [String] {
    let place = folder.path + "/state/faults"
    return ((try? FileManager.default.contentsOfDirectory(atPath: place)) ?? [])
      .map { "\(place)/\($0)" }
  }

  private func mode(_ path: String) throws -> Int? {
    try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
  }

  /// What the log says to type, typed.
  private func trace(_ daemon: DaemonUnderTest) throws -> ToolRun {
    let words = try #require(daemon.log.firstRange(of: "kept: defang-rulec "))
    let line = daemon.log[words.upperBound...].prefix { $0 != "\n" }
    return try ToolRun([
      "sh", "-c", "\(Laboratory.products)/defang-rulec \(line)",
    ])
  }

  private func status() throws -> String {
    try ToolRun(["defangctl", "status", "--control", folder.path + "/control"]).output
  }

  @Test("a policy that gives a message up", arguments: FrontEnd.allCases)
  func givenUp(frontEnd: FrontEnd) throws {
    let daemon = try daemon(frontEnd)
    defer { daemon.kill() }
    let mail = Self.mail("names", fileNames: 20)
    #expect(try begin(mail).readReply().code == 451)
    #expect(daemon.says("the message is kept: defang-rulec trace "), "\(daemon.log)")
    let place = try #require(kept.first)
    #expect(kept.count == 1)
    #expect(try mode(place) == 0o700)
    #expect(try mode(place + "/message.eml") == 0o600)
    #expect(try mode(place + "/session.json") == 0o600)
    let bytes = try Data(contentsOf: URL(filePath: place + "/message.eml"))
    let text = String(decoding: bytes, as: UTF8.self)
    #expect(text.hasSuffix("\r\n\r\nHello \r\n"), "\(text)")
    #expect(text.contains("filename=n19.txt"))
    let run = try trace(daemon)
    #expect(run.status == .code(0))
    for words in ["given up, a part with more than 16 names", "to:      <bob@example.org>: temp"] {
      #expect(run.output.contains(words), "\(run.output)")
    }
    let json = try String(contentsOfFile: place + "/session.json", encoding: .utf8)
    for words in [
      #""from":"<ann@example.com>""#, #""client_ip":"127.0.0.1""#,
      #""mail_args":["BODY=8BITMIME"]"#,
      #""helo":"client.example.com""#, #""stage":"endOfMessage""#, "more than 16 names",
    ] {
      #expect(json.contains(words), "\(json)")
    }
    // What was asked before it failed is played, not asked.
    #expect(json.contains(#""answers":{"mx":{"gone.example":["missing"]}}"#), "\(json)")
    #expect(run.output.contains("there is no such host"), "\(run.output)")
    // The client comes again: there is nothing new to keep.
    #expect(try begin(mail).readReply().code == 451)
    #expect(daemon.says("the message is kept since before: "))
    #expect(kept.count == 1)
    #expect(try status().contains("faults     1 messages are kept"))
  }

  @Test("a message that was in hand when workers died", arguments: FrontEnd.allCases)
  func deaths(frontEnd: FrontEnd) throws {
    let daemon = try daemon(frontEnd)
    defer { daemon.kill() }
    func die(_ round: Int) throws {
      let asked = names.count("silent.example")
      let client = try begin(Self.mail("slow", fileNames: 1))
      let isAsked = Laboratory.waitUntil(timeoutSeconds: 30) {
        names.count("silent.example") > asked
      }
      #expect(isAsked)
      daemon.signalWorkers(SIGKILL)
      #expect(try client.readReply().code / 100 == 4)
      let isServed = Laboratory.waitUntil(timeoutSeconds: 30) {
        daemon.log.components(separatedBy: " serves,").count == round + 1
      }
      #expect(isServed, "\(daemon.log)")
    }
    try die(1)
    #expect(kept == [])
    // It is written down before it is looked at again.
    try die(2)
    #expect(daemon.says("the message is kept: defang-rulec trace "), "\(daemon.log)")
    let place = try #require(kept.first)
    let mail = try Data(contentsOf: URL(filePath: place + "/message.eml"))
    #expect(String(decoding: mail, as: UTF8.self).contains("Subject: slow\r\n"))
    let run = try trace(daemon)
    #expect(run.output.contains("rule \"late\""), "\(run.output)")
  }
}
