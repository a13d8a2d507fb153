// `defangctl doctor` and `mta-config` beside real mail servers: nothing is wrong with a set-up that
// works, and each usual fault is found, with what to do about it.
import Foundation
import MailLab
import Testing

@Suite("defangctl doctor and mta-config", .serialized)
struct DoctorTests {
  /// The daemon as a configuration file has it, beside a mail server.
  private struct Place {
    let server: MailServer
    let folder: LabDirectory
    let config: String
    let daemon: DaemonUnderTest

    init(_ kind: MTAKind) throws {
      server = try SharedServers.server(kind)
      folder = try LabDirectory()
      try folder.write(
        "policy.rules", "require [\"defang\"]; phase mail { rule \"all\" { accept; } }\n")
      config = try folder.write(
        "defangd.conf",
        """
        rules "policy.rules"; state "\(folder.path)/state"; user "nobody"; group "nogroup";
        listen "\(server.milterAddress)" :mode "0660" :group "postfix";
        listen :control "unix:\(folder.path)/control";
        limits :sessions 50;
        """)
      var options = DaemonUnderTest.Options(rulesPath: "")
      options.configPath = config
      daemon = try DaemonUnderTest(options, address: "")
      try daemon.start()
    }

    /// Where the mail server's configuration is, and the other one's is not.
    func words(_ path: String? = nil) -> [String] {
      let path = path ?? server.configurationPath
      let isPostfix = server.kind == .postfix
      return [
        "--config", config, "--postfix", isPostfix ? path : "/nowhere",
        "--sendmail", isPostfix ? "/nowhere" : path,
      ]
    }

    func doctor(_ path: String? = nil) throws -> ToolRun {
      try ToolRun(["defangctl", "doctor"] + words(path), timeoutSeconds: 60)
    }

    /// A copy of the mail server's configuration with lines put in another's place.
    func changed(_ edit: (String) -> String) throws -> String {
      let source = server.configurationPath
      let name = server.kind == .postfix ? "/main.cf" : ""
      let text = try String(contentsOfFile: source + name, encoding: .utf8)
      guard server.kind == .postfix else { return try folder.write("sendmail.cf", edit(text)) }
      let copy = try folder.makeDirectory("postfix")
      let master = try String(contentsOfFile: source + "/master.cf", encoding: .utf8)
      try folder.write("postfix/master.cf", master)
      try folder.write("postfix/main.cf", edit(text))
      return copy
    }
  }

  @Test("nothing is wrong with what works", arguments: MTAKind.allCases)
  func findsNothing(kind: MTAKind) throws {
    let place = try Place(kind)
    let fine = try place.doctor()
    #expect(fine.status == .code(0), "\(fine.output)")
    let name = kind == .postfix ? "Postfix" : "sendmail"
    #expect(
      fine.output == "nothing is wrong: configuration, daemon, sockets, \(name)\n",
      "\(fine.output)")
  }

  /// What its lines say is what the laboratory was set up with by hand, and works.
  @Test("its lines are taken by the mail server", arguments: MTAKind.allCases)
  func printsLines(kind: MTAKind) throws {
    let place = try Place(kind)
    let run = try ToolRun(["defangctl", "mta-config", kind.rawValue] + place.words())
    #expect(run.status == .code(0), "\(run.output)")
    let lines = run.output.split(separator: "\n")
      .filter { !$0.hasPrefix("#") && !$0.hasPrefix("dnl") }.map(String.init)
    let address = place.server.milterAddress
    guard kind == .postfix else {
      #expect(
        lines == [
          "INPUT_MAIL_FILTER(`defang', `S=\(address), F=T, T=C:10s;S:10s;R:30s;E:120s')dnl"
        ])
      return
    }
    #expect(lines.first == "smtpd_milters = \(address)", "\(run.output)")
    // In place of the laboratory's own lines, nothing is wrong either.
    let copy = try place.changed { text in
      text.split(separator: "\n").filter { !$0.contains("milter") }.joined(separator: "\n")
        + "\n" + lines.joined(separator: "\n") + "\n"
    }
    let fine = try place.doctor(copy)
    #expect(fine.status == .code(0), "\(fine.output)")
  }

  static let postfixFaults: [(from: String, to: String, finding: String)] = [
    (
      "milter_default_action = tempfail", "milter_default_action = accept",
      "warning: mail passes unfiltered while the filter is away"
    ),
    ("milter_default_action", "milter_protocol = 2\nmilter_default_action", "version 2 of the"),
    (
      "milter_default_action", "milter_command_timeout = 5s\nmilter_default_action",
      "Postfix waits 5 s for an answer (milter_command_timeout), the filter may take longer: it"
        + " needs 10 s"
    ),
    (
      "milter_default_action", "milter_content_timeout = 1m\nmilter_default_action",
      "it needs 75 s\n  fix: postconf -e 'milter_content_timeout = 75s'"
    ),
    ("smtpd_milters", "other", "does not ask the filter: smtpd_milters is empty"),
    ("\nsmtpd_milters = unix:", "\nsmtpd_milters = unix:/other", "none of its listeners"),
    ("non_smtpd_milters", "other", "mail that is handed in on this machine"),
    ("mail_owner = postfix", "mail_owner = daemon", "user 'daemon' does not get through"),
  ]

  @Test("Postfix's faults are found", arguments: postfixFaults)
  func findsFaultsOfPostfix(from: String, to: String, finding: String) throws {
    try find(finding, .postfix, from, to)
  }

  private func find(_ finding: String, _ kind: MTAKind, _ from: String, _ to: String) throws {
    let place = try Place(kind)
    let copy = try place.changed { $0.replacing(from, with: to) }
    let run = try place.doctor(copy)
    #expect(run.status == .code(1), "\(run.output)")
    #expect(run.output.contains(finding), "\(run.output)")
    #expect(run.output.contains("\n  fix: "))
  }

  static let sendmailFaults: [(from: String, to: String, finding: String)] = [
    ("F=T, ", "", "has no F=T"),
    ("R:30s", "R:5s", "sendmail waits 5 s for an answer (T=R), the filter may take longer"),
    ("E:2m", "E:30s", "it needs 75 s"),
    ("O InputMailFilters=defang", "O InputMailFilters=", "does not ask it (InputMailFilters)"),
    (
      "S=unix:", "S=unix:/other", "sendmail does not ask the filter: its filters are at unix:/other"
    ),
  ]

  @Test("sendmail's faults are found", arguments: sendmailFaults)
  func findsFaultsOfSendmail(from: String, to: String, finding: String) throws {
    try find(finding, .sendmail, from, to)
  }

  @Test("a chroot that has not the socket is found")
  func findsTheChroot() throws {
    let place = try Place(.postfix)
    let copy = try place.changed { $0 }
    let master = place.folder.text("postfix/master.cf")
      .replacing("inet n - n - - smtpd", with: "inet n - y - - smtpd")
    try place.folder.write("postfix/master.cf", master)
    let run = try place.doctor(copy)
    #expect(run.status == .code(1) && run.output.contains("it runs in a chroot"), "\(run.output)")
    let lines = try ToolRun(["defangctl", "mta-config", "postfix"] + place.words(copy))
    #expect(lines.status == .code(1))
    #expect(lines.output.contains("install -d -o defang -g postfix -m 2750"), "\(lines.output)")
  }

  @Test("what is wrong with the daemon is found")
  func findsFaultsOfTheDaemon() throws {
    let place = try Place(.sendmail)
    try place.folder.write(
      "policy.rules", "require [\"defang\"]; phase mail { rule \"other\" { accept; } }\n")
    let stale = try place.doctor()
    #expect(stale.status == .code(1))
    #expect(stale.output.contains("is not the one of the files"), "\(stale.output)")
    #expect(stale.output.contains("fix: defangctl reload"))
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o666], ofItemAtPath: place.folder.path + "/policy.rules")
    let open = try place.doctor()
    #expect(open.output.contains("may be written by others"), "\(open.output)")
    let json = try ToolRun(["defangctl", "doctor", "--json"] + place.words())
    #expect(json.status == .code(1) && json.output.hasPrefix("[{\"weight\":"), "\(json.output)")
    #expect(place.daemon.terminate() == .code(0))
    let away = try place.doctor()
    #expect(away.status == .code(1))
    #expect(away.output.contains("no daemon answers") && away.output.contains("systemctl start"))
  }
}
