// The daemon as its configuration file says, through both mail servers; and --check-config.
import Foundation
import MailLab
import Testing

@Suite("The daemon by its configuration file", .serialized)
struct ConfigurationTests {
  private static let policy = """
    require ["defang", "envelope"];
    phase mail {
      rule "forged" {
        if envelope :is "from" "forged@example.org" {
          reject :code "550" :enhanced "5.7.1" "Not from here";
        }
      }
    }
    """

  private static func answer(_ server: MailServer, _ sender: String) throws -> SMTPReply {
    let client = try server.connect()
    try client.command("EHLO client.example.com")
    return try client.command("MAIL FROM:<\(sender)>")
  }

  @Test("a configuration file alone says how it runs", arguments: MTAKind.allCases)
  func runsByItsFile(kind: MTAKind) throws {
    let server = try SharedServers.server(kind)
    let folder = try LabDirectory()
    try folder.write("policy.rules", Self.policy)
    let config = try folder.write(
      "defangd.conf",
      """
      rules "policy.rules";   # beside this file
      listen "\(server.milterAddress)" :mode "0660" :group "postfix";
      listen "unix:\(folder.path)/second";
      listen :socketmap "unix:\(folder.path)/map";
      user "nobody"; group "nogroup";
      state "\(folder.path)/state"; pid "\(folder.path)/pid";
      limits :sessions 100 :memory 64M;
      trace;
      """)
    let checked = try ToolRun(["defangd", "--check-config", "--config", config])
    #expect(checked.status == .code(0), "\(checked.output)")
    #expect(checked.output == "")
    var options = DaemonUnderTest.Options(rulesPath: "")
    options.configPath = config
    let daemon = try DaemonUnderTest(options, address: "")
    try daemon.start()
    #expect(try Self.answer(server, "forged@example.org").code == 550, "\(daemon.log)")
    #expect(try Self.answer(server, "ann@example.org").code == 250, "\(daemon.log)")
    #expect(daemon.says("trace:"))
    #expect(daemon.notices.contains { $0.hasPrefix("READY=1\nSTATUS=serving, policy ") })
    // A socket that is listened at lets its path be connected to, by whoever may.
    #expect(try ToolRun(["test", "-S", folder.path + "/second"]).status == .code(0))
    let number = folder.text("pid").trimmingCharacters(in: .whitespacesAndNewlines)
    let status = try String(contentsOfFile: "/proc/\(number)/status", encoding: .utf8)
    // Real, effective, saved and file system's: nobody.
    #expect(status.contains("Uid:\t65534\t65534\t65534\t65534\n"), "\(status)")
    #expect(status.contains("Gid:\t65534\t65534\t65534\t65534\n"), "\(status)")
    // A policy that is wrong now changes nothing.
    try folder.write("policy.rules", "require \"defang\"; phase mail { rejct; }")
    let wrong = try ToolRun(["defangd", "--check-config", "--config", config])
    #expect(wrong.status == .code(78) && wrong.output.contains("did you mean 'reject'?"))
    try #require(try ToolRun(["kill", "-HUP", number]).status == .code(0))
    let came = Laboratory.waitUntil(timeoutSeconds: 30) {
      daemon.log.contains("the old policy stays")
    }
    #expect(came, "\(daemon.log)")
    let isTold = Laboratory.waitUntil(timeoutSeconds: 30) {
      daemon.notices.last { $0.contains("READY=1") }?.hasSuffix("; the latest reload was refused")
        == true
    }
    #expect(isTold, "\(daemon.notices)")
    #expect(try Self.answer(server, "forged@example.org").code == 550, "\(daemon.log)")
    #expect(daemon.terminate() == .code(0), "\(daemon.log)")
  }

  @Test(
    "mail servers reach it by IPv6", arguments: MTAKind.allCases, FrontEnd.allCases)
  func listensOnIPv6(kind: MTAKind, frontEnd: FrontEnd) throws {
    let server = try MailServer(kind, onTCP: true, onIPv6: true)
    defer { server.stop() }
    let daemon = try DaemonUnderTest(
      policy: Self.policy, frontEnd: frontEnd, address: server.milterAddress)
    try daemon.start()
    #expect(try Self.answer(server, "forged@example.org").code == 550, "\(daemon.log)")
    #expect(try Self.answer(server, "ann@example.org").code == 250, "\(daemon.log)")
  }

  @Test("wrong settings are shown with their place, and end a start")
  func refusesWrongSettings() throws {
    let folder = try LabDirectory()
    try folder.write("policy.rules", Self.policy)
    let config = try folder.write(
      "defangd.conf",
      "rules \"policy.rules\";\nengien \"nio\";\nlisten \"unix:/nowhere/at/all\";\n")
    for words in [["--check-config"], []] {
      let run = try ToolRun(["defangd", "--config", config] + words)
      #expect(run.status == .code(78))
      #expect(run.output.contains("defangd.conf:2:1: error: there is no command 'engien'"))
      #expect(run.output.contains("^~~~~~") && run.output.contains("did you mean 'engine'?"))
    }
    try folder.write(
      "defangd.conf", "rules \"policy.rules\";\nlisten \"unix:/nowhere/at/all\" :group \"none\";\n")
    let run = try ToolRun(["defangd", "--config", config, "--check-config"])
    #expect(run.status == .code(78))
    #expect(run.output.contains("defangd.conf:2:1: error: the folder of the socket /nowhere"))
    let missing = try ToolRun(["defangd", "--config", "/nowhere.conf", "--check-config"])
    #expect(missing.status == .code(78) && missing.output.contains("there is no such file"))
  }
}
