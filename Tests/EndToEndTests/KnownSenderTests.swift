// A daemon that remembers who wrote and to whom ours wrote, over a restart.
import Foundation
import MailLab
import Testing

@Suite(.serialized) final class KnownSenderTests {
  private let folder: String
  private let daemon: DaemonUnderTest

  private static let policy = """
    require "defang";
    on_error :store "tempfail";
    table :inline ["example.com"] :type "domain" "ours";
    own :domains "table:ours";
    phase rcpt {
      rule "wrote" { if sender_known :wrote { tempfail :code "450" "we wrote"; } }
      rule "known" { if sender_known { tempfail :code "450" "known, ${known.count}"; } }
    }
    """

  init() throws {
    folder = "/tmp/defang-known." + UUID().uuidString.prefix(12)
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    daemon = try DaemonUnderTest(
      policy: Self.policy, frontEnd: .nio, trace: false,
      furtherArguments: ["--state", folder + "/state"], address: "unix:\(folder)/milter")
    try daemon.start()
  }

  deinit {
    daemon.kill()
    try? FileManager.default.removeItem(atPath: folder)
  }

  @Test func whatIsAcceptedIsRemembered() throws {
    let client = try MilterClient(path: folder + "/milter")
    func send(_ sender: String, _ recipient: String, login: String = "") throws -> String {
      try client.send(from: sender, to: [recipient], login: login)
    }
    #expect(try send("ann@example.net", "bob@example.com") == "accept")
    #expect(try send("Ann@Example.net", "bob@example.com") == "450 4.7.1 known, 1")
    #expect(try send("bob@example.com", "eve@example.org", login: "bob") == "accept")
    daemon.kill()
    try daemon.start()
    #expect(try send("ann@example.net", "bob@example.com") == "450 4.7.1 known, 1")
    #expect(try send("eve@example.org", "bob@example.com") == "450 4.7.1 we wrote")
    // Ours is not noted as one who wrote to us.
    #expect(try send("bob@example.com", "eve@example.org", login: "bob") == "accept")
    try client.end()
  }
}
