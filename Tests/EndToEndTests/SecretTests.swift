// Passwords that the daemon is told by files, and one that a client logs in with, are looked for in
// all that it writes: nowhere may one of them be found, however much is logged.
import Foundation
import MailLab
import Testing

@Suite("Secrets", .serialized)
struct SecretTests {
  private static let canaries = ["canary-of-redis", "canary-of-ldap", "canary-of-submission"]

  private static let policy = """
    require ["defang", "envelope", "extlists"];
    settings :admin "root@example.com";
    on_error :table "continue" :store "continue";
    table :redis "unix:{dir}/none" :secret "{dir}/redis" "kept";
    table :ldap "ldap://127.0.0.1:1" :base "dc=example" :filter "mail=%s" :bind "cn=reader"
      :secret "{dir}/ldap" "people";
    phase mail {
      rule "kept" { if envelope :list "from" "table:kept" { addheader "X-Kept" "yes"; } }
      rule "people" { if envelope :list "from" "table:people" { addheader "X-People" "yes"; } }
    }
    phase eom { rule "all" { notify :admin :subject "seen" "${auth.user}"; discard; } }
    """

  @Test("are in nothing that is written", arguments: MTAKind.allCases)
  func areNowhere(kind: MTAKind) throws {
    let folder = try LabDirectory()
    for (name, text) in [
      ("redis", Self.canaries[0]), ("ldap", Self.canaries[1]),
      ("submission", "ann\n\(Self.canaries[2])\n"),
    ] {
      let path = try folder.write(name, text)
      try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    }
    let server = try MailServer(kind)
    defer { server.stop() }
    let daemon = try DaemonUnderTest(
      policy: Self.policy.filled(["dir": folder.path]), frontEnd: .nio,
      furtherArguments: [
        "--state", folder.path + "/state", "--history", "--log-level", "debug",
        "--control", "unix:\(folder.path)/control",
        "--submit", "127.0.0.1:\(server.sink.port)", "--submit-tls", "required",
        "--submit-credentials", folder.path + "/submission",
      ], address: server.milterAddress)
    try daemon.start()
    defer { daemon.kill() }
    let client = try server.connect()
    try client.command("EHLO client.example.com")
    #expect(try server.login(client).isPositive)
    let reply = try client.send(
      from: "ann@example.com", to: ["bob@example.org"], message: Array("A: b\r\n\r\nc\r\n".utf8))
    #expect(reply.code == 250, "\(reply)\n\(daemon.log)")
    let status = try ToolRun(["defangctl", "status", "--control", "unix:\(folder.path)/control"])
    let titles = daemon.processes.map {
      (try? String(contentsOfFile: "/proc/\($0)/cmdline", encoding: .utf8)) ?? ""
    }
    #expect(daemon.terminate() == .code(0))
    var places = ["log": daemon.log, "status": status.output, "titles": titles.joined()]
    for (name, bytes) in try Self.files(folder.path + "/state") { places[name] = bytes }
    #expect(places.count > 4)
    // Both passwords of tables were to be used, and what came of it was said.
    for table in ["kept", "people"] {
      #expect(daemon.log.contains("reason=\"table \(table): "), "\(daemon.log)")
    }
    let secrets =
      Self.canaries + [MailServer.password, Data(MailServer.password.utf8).base64EncodedString()]
    for (place, text) in places {
      for secret in secrets { #expect(!text.contains(secret), "\(secret) in \(place)") }
    }
  }

  /// Everything below a folder, as text that loses no ASCII.
  private static func files(_ folder: String) throws -> [(String, String)] {
    let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    return names.compactMap { name in
      let data = FileManager.default.contents(atPath: folder + "/" + name)
      return data.map { (name, String(decoding: $0, as: UTF8.self)) }
    }
  }
}
