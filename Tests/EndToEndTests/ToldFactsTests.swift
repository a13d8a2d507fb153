// What a daemon tells others of itself: how much it turned away, and systemd that it is ready.
import Foundation
import MailLab
import Testing

@Suite final class ToldFactsTests {
  private let folder: LabDirectory

  init() throws {
    folder = try LabDirectory()
    try folder.write(
      "policy.rules", "require \"defang\";\nphase eom { rule \"all\" { reject \"Seen\"; } }\n")
  }

  private func daemon(_ more: String, notifyPath: String? = nil) throws -> DaemonUnderTest {
    var options = DaemonUnderTest.Options(rulesPath: "")
    options.notifyPath = notifyPath
    options.configPath = try folder.write(
      "defangd.conf",
      """
      rules "policy.rules"; user "root"; state "\(folder.path)/state";
      listen "unix:\(folder.path)/milter" :mode "0600";
      listen :metrics "unix:\(folder.path)/metrics";
      \(more)
      """)
    let daemon = try DaemonUnderTest(options, address: "")
    try daemon.start()
    return daemon
  }

  private func metric(_ name: String) throws -> String? {
    let stream = try TestStream(path: folder.path + "/metrics")
    try stream.send("GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    var text: [UInt8] = []
    while let more = stream.read(), !more.isEmpty { text += more }
    let lines = String(decoding: text, as: UTF8.self).split(separator: "\n")
    return lines.first { $0.hasPrefix(name + " ") }.map { String($0.dropFirst(name.count + 1)) }
  }

  @Test(arguments: FrontEnd.allCases) func whatIsTurnedAwayIsCounted(_ engine: FrontEnd) throws {
    let daemon = try daemon(
      "engine \"\(engine)\"; limits :sessions 1; overload \"tempfail\" :reserve 0;")
    defer { daemon.kill() }
    #expect(try metric("defang_overload_refusals_total") == "0")
    let first = try RawPeer(unix: folder.path + "/milter")
    try first.send([0, 0, 0, 13, 0x4F, 0, 0, 0, 6, 0, 0, 1, 0xFF, 0, 0, 0, 0])
    #expect(try first.read()?.isEmpty == false)
    let second = try MilterClient(path: folder.path + "/milter")
    defer { try? second.end() }
    let answer = try second.send(from: "a@example.net", to: ["b@example.com"])
    #expect(answer.hasPrefix("451 4.3.2 Too busy"), "\(answer)")
    #expect(try metric("defang_overload_refusals_total") == "1")
    withExtendedLifetime(first) {}
  }

  /// As systemd names its socket in a container. `start` waits for the word.
  @Test func theSocketOfSystemdMayBeNoFile() throws {
    let daemon = try daemon("", notifyPath: "@defang-told-\(UUID().uuidString)")
    defer { daemon.kill() }
    #expect(daemon.notices.contains { $0.contains("READY=1") })
  }
}
