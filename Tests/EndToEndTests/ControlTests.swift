// defangctl and the daemon, as an administrator types: what it shows, what it refuses, what changes
// and what does not, behind a real mail server where mail tells.
import Foundation
import MailLab
import Testing

@Suite("The daemon is asked and told", .serialized)
struct ControlTests {
  private static func policy(_ rule: String, _ text: String) -> String {
    """
    require ["defang", "envelope"];
    phase mail {
      rule "\(rule)" {
        if envelope :is "from" "blocked@example.org" { reject "\(text)"; }
      }
    }

    """
  }

  /// A daemon with a control socket, behind a mail server's socket.
  private final class Site {
    let server: MailServer
    let folder: LabDirectory
    let daemon: DaemonUnderTest

    init(socketTags: String = "", settings: String = "") throws {
      server = try SharedServers.server(.postfix)
      folder = try LabDirectory()
      try folder.write("policy.rules", ControlTests.policy("blocked", "Go away"))
      let config = try folder.write(
        "defangd.conf",
        """
        rules "policy.rules"; user "root";
        listen "\(server.milterAddress)" :mode "0660" :group "postfix";
        listen :control "unix:\(folder.path)/control" \(socketTags);
        listen :metrics "unix:\(folder.path)/metrics";
        state "\(folder.path)/state";
        \(settings)
        """)
      var options = DaemonUnderTest.Options(rulesPath: "")
      options.configPath = config
      daemon = try DaemonUnderTest(options, address: "")
      try daemon.start()
    }

    deinit { daemon.kill() }

    func control(_ words: String..., user: String? = nil) throws -> ToolRun {
      let program = Laboratory.products + "/defangctl"
      let words = [program] + words + ["--control", folder.path + "/control"]
      // Whoever runs it must be able to read it.
      return try ToolRun(
        user.map { ["setpriv", "--reuid", $0, "--regid", $0, "--clear-groups", "--"] + words }
          ?? words)
    }

    func answer() throws -> String {
      let client = try server.connect()
      try client.command("EHLO client.example.com")
      return try client.command("MAIL FROM:<blocked@example.org>").description
    }

    func metric(_ name: String) throws -> String? {
      let stream = try TestStream(path: folder.path + "/metrics")
      try stream.send("GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
      var text: [UInt8] = []
      while let more = stream.read(), !more.isEmpty { text += more }
      let lines = String(decoding: text, as: UTF8.self).split(separator: "\n")
      let line = lines.first { $0.hasPrefix(name + " ") }
      return line.map { String($0.dropFirst(name.count + 1)) }
    }
  }

  @Test("status says how it is")
  func status() throws {
    let site = try Site()
    let run = try site.control("status")
    #expect(run.status == .code(0), "\(run.output)")
    let worker = try #require(site.daemon.workers.first)
    for words in ["policy     ", "worker     process \(worker), serving", "listener   control"] {
      #expect(run.output.contains(words), "\(run.output)")
    }
    let json = try site.control("status", "--json")
    #expect(json.output.hasPrefix(#"{"ok":true,"version":""#), "\(json.output)")
  }

  @Test("without a mode the socket is for its group alone")
  func socketMode() throws {
    let site = try Site()
    let attributes = try FileManager.default.attributesOfItem(atPath: site.folder.path + "/control")
    let mode = try #require(attributes[.posixPermissions] as? Int)
    #expect(mode == 0o660)
    let stranger = try site.control("status", user: "65534")
    #expect(stranger.status == .code(69), "\(stranger.output)")
  }

  @Test("who may connect may look; only root and the daemon's user may change something")
  func roles() throws {
    let site = try Site(socketTags: ":mode \"0666\"")
    #expect(try site.control("status", user: "65534").status == .code(0))
    let former = site.daemon.workers
    for words in ["reload", "replace-worker"] {
      let run = try site.control(words, user: "65534")
      #expect(run.status == .code(77), "\(run.output)")
      #expect(run.output.contains("only root and the daemon's own user"))
    }
    #expect(site.daemon.workers == former && !site.daemon.log.contains("reloaded"))
    #expect(try site.control("reload", "--dry-run", user: "65534").status == .code(0))
  }

  @Test("a reload is taken, and says what only a restart would")
  func reload() throws {
    let site = try Site()
    #expect(try site.answer().contains("Go away"))
    try site.folder.write("policy.rules", Self.policy("blocked", "Not today"))
    let trial = try site.control("reload", "--dry-run")
    #expect(trial.status == .code(0) && trial.output.contains("rule       changed  blocked"))
    #expect(try site.answer().contains("Go away"))
    let run = try site.control("reload")
    #expect(run.status == .code(0), "\(run.output)")
    #expect(try site.answer().contains("Not today"))
    #expect(try site.control("status").output.contains(", taken"))
    #expect(try site.control("reload", "--dry-run").output.contains("nothing would change"))
  }

  @Test("a broken policy is shown with its caret, and changes nothing")
  func brokenReload() throws {
    let site = try Site()
    let refused = "defang_reloads_total{result=\"refused\"}"
    #expect(try site.metric(refused) == "0")
    try site.folder.write("policy.rules", "require \"defang\";\nphase mail { rejct \"x\"; }\n")
    for run in try [site.control("reload"), site.control("reload", "--dry-run")] {
      #expect(run.status == .code(65), "\(run.output)")
      for part in [
        "policy.rules:2:14: error:", "^~~~~", "did you mean 'reject'?",
        "defangctl: the policy does not compile",
      ] {
        #expect(run.output.contains(part), "\(run.output)")
      }
    }
    #expect(try site.answer().contains("Go away"))
    // The dry run counts for nothing.
    #expect(try site.metric(refused) == "1")
    #expect(try site.metric("defang_reload_ok") == "0")
    #expect(try site.control("status").output.contains("refused: the policy does not compile"))
    #expect(site.daemon.says("the old policy stays"))
    try site.folder.write("policy.rules", Self.policy("blocked", "Back again"))
    #expect(try site.control("reload").status == .code(0))
    #expect(try site.metric("defang_reload_ok") == "1")
  }

  @Test("a broken configuration is refused with its place")
  func brokenConfiguration() throws {
    let site = try Site()
    let text = site.folder.text("defangd.conf")
    try site.folder.write("defangd.conf", text + "grase 3;\n")
    let run = try site.control("reload")
    #expect(run.status == .code(78), "\(run.output)")
    #expect(run.output.contains("did you mean 'grace'?"))
    try site.folder.write("defangd.conf", text + "grace 3;\n")
    let taken = try site.control("reload")
    #expect(taken.status == .code(0) && taken.output.contains("settings   taken over: grace"))
  }

  @Test("a worker is replaced, and events tell of it")
  func replaceWorker() throws {
    let site = try Site()
    let former = site.daemon.workers
    let events = try ChildLines(
      [
        Laboratory.products + "/defangctl", "events", "--count", "2", "--json", "--control",
        site.folder.path + "/control",
      ])
    // The answer: from now on events are heard.
    #expect(Laboratory.waitUntil(timeoutSeconds: 30) { events.lines.count == 1 })
    #expect(try site.control("replace-worker").status == .code(0))
    let isReplaced = Laboratory.waitUntil(timeoutSeconds: 30) {
      site.daemon.workers.count == 1 && site.daemon.workers != former
    }
    #expect(isReplaced, "\(site.daemon.log)")
    let next = try #require(site.daemon.workers.first)
    #expect(try site.answer().contains("Go away"))
    #expect(try site.control("reload").status == .code(0))
    #expect(Laboratory.waitUntil(timeoutSeconds: 30) { events.lines.count == 3 })
    #expect(events.lines[1].contains(#""event":"worker-serves""#))
    #expect(events.lines[1].contains("\"process\":\(next)"))
    #expect(events.lines[2].contains(#""event":"reload""#), "\(events.lines)")
    #expect(events.lines[2].contains(#""result":"taken""#))
    #expect(!site.daemon.log.contains("died"))
  }

  @Test("nobody answers where no daemon is")
  func noDaemon() throws {
    let folder = try LabDirectory()
    let run = try ToolRun(["defangctl", "status", "--control", folder.path + "/none"])
    #expect(run.status == .code(69))
    #expect(run.output.contains("no daemon answers at \(folder.path)/none"))
  }

  private static let switched = """
    require ["defang", "envelope", "variables"];
    switch "lockdown" "off";
    phase mail {
      rule "lockdown" { if string "${switch.lockdown}" "on" { tempfail "Closed for now"; } }
      rule "blocked" { if envelope :is "from" "blocked@example.org" { reject "Go away"; } }
    }

    """

  @Test("switches are set while it runs, and stay over a restart")
  func switches() throws {
    let site = try Site()
    try site.folder.write("policy.rules", Self.switched)
    #expect(try site.control("reload").status == .code(0))
    let slip = try site.control("set", "lokdown", "on")
    #expect(slip.status == .code(66), "\(slip.output)")
    #expect(slip.output.contains("did you mean 'lockdown'?"))
    #expect(try site.answer().contains("Go away"))
    #expect(try site.control("set", "lockdown", "on").status == .code(0))
    #expect(try site.answer().contains("Closed for now"))
    #expect(site.daemon.says("switch 'lockdown' is set to 'on' by root"))
    #expect(try site.control("status").output.contains("switch     lockdown on (set)"))
    #expect(site.daemon.terminate() == .code(0))
    try site.daemon.start()
    #expect(try site.answer().contains("Closed for now"))
    #expect(try site.control("set", "lockdown", "--unset").status == .code(0))
    #expect(try site.answer().contains("Go away"))
  }

  @Test("traces and the log's level are changed while it runs")
  func tuning() throws {
    let site = try Site()
    #expect(try site.control("trace").output == "off\n")
    _ = try site.answer()
    #expect(!site.daemon.log.contains("trace:"))
    let run = try site.control("trace", "sender=blocked@example.org", "--for", "1h")
    #expect(run.status == .code(0) && run.output.contains("sender=blocked@example.org for "))
    _ = try site.answer()
    let isTraced = site.daemon.says("trace:")
    #expect(isTraced, "\(site.daemon.log)")
    #expect(try site.control("status").output.contains("trace      sender=blocked"))
    // A new worker has it too.
    #expect(try site.control("replace-worker").status == .code(0))
    #expect(try site.control("trace").output.contains("sender=blocked@example.org"))
    #expect(try site.control("trace", "off").output == "off\n")
    #expect(try site.control("trace", "sender").status == .code(64))
    #expect(try site.control("log-level", "error").output == "error\n")
    let before = site.daemon.log.components(separatedBy: "verdict=reject").count
    _ = try site.answer()
    #expect(try site.control("log-level", "reset").output == "info\n")
    _ = try site.answer()
    let isLogged = Laboratory.waitUntil(timeoutSeconds: 30) {
      site.daemon.log.components(separatedBy: "verdict=reject").count > before
    }
    #expect(isLogged)
    #expect(site.daemon.log.components(separatedBy: "verdict=reject").count == before + 1)
    #expect(try site.control("log-level", "loud").status == .code(64))
  }

  @Test("rules, load and times are shown")
  func figures() throws {
    let site = try Site()
    for _ in 0..<3 { _ = try site.answer() }
    let rules = try site.control("rules")
    #expect(rules.status == .code(0), "\(rules.output)")
    let counted = Laboratory.waitUntil(timeoutSeconds: 30) {
      (try? site.control("rules").output.contains("\n3     ")) == true
    }
    #expect(counted, "\(site.daemon.log)")
    // Once a second the worker says what went on.
    let told = Laboratory.waitUntil(timeoutSeconds: 30) {
      (try? site.control("stats", "--json").output.contains("\"refusals\":3")) == true
    }
    #expect(told, "\(site.daemon.log)")
    let stats = try site.control("stats")
    #expect(stats.status == .code(0) && stats.output.contains("LAST    MESSAGES"))
    // Where it is no terminal it is printed once.
    let top = try site.control("top")
    #expect(top.status == .code(0) && top.output.contains("blocked"), "\(top.output)")
  }

  @Test("a shadow is compared and never applied")
  func shadow() throws {
    let site = try Site()
    #expect(try site.control("shadow").status == .code(66))
    let broken = try site.folder.write("new.rules", "require \"defang\"; phase mail { rejct; }")
    let refused = try site.control("shadow", broken)
    #expect(refused.status == .code(65) && refused.output.contains("did you mean 'reject'?"))
    try site.folder.write("new.rules", Self.policy("other", "Never said"))
    #expect(try site.control("shadow", broken, "--share", "1/1").status == .code(0))
    #expect(try site.control("status").output.contains("sees 1/1 of sessions"))
    #expect(try site.answer().contains("Go away"))
    let compared = Laboratory.waitUntil(timeoutSeconds: 30) {
      (try? site.metric("defang_shadow_messages_total{result=\"rule\"}")) == "1"
    }
    #expect(compared, "\(site.daemon.log)")
    try site.folder.write(
      "new.rules",
      "require \"defang\"; phase mail { rule \"never\" { if false { discard; } } }")
    #expect(try site.control("shadow", broken, "--share", "100%").status == .code(0))
    #expect(try site.answer().contains("Go away"))
    let differs = Laboratory.waitUntil(timeoutSeconds: 30) {
      (try? site.metric("defang_shadow_messages_total{result=\"verdict\"}")) == "1"
    }
    #expect(differs, "\(site.daemon.log)")
    let report = try site.control("shadow").output
    #expect(report.contains("another verdict"), "\(report)")
    #expect(report.contains("reject (blocked)"), "\(report)")
    #expect(try site.control("shadow", "off").status == .code(0))
    #expect(try site.control("shadow").status == .code(66))
    #expect(try site.answer().contains("Go away"))
  }

  @Test("a worker that dies with a message of the shadow in hand ends the shadow")
  func shadowInHand() throws {
    var zone = DNSZone()
    zone.fail("silent.example", .silent)
    let names = try DNSServer(zone)
    defer { names.stop() }
    let site = try Site(settings: "dns \"\(names.address)\";")
    let slow = try site.folder.write(
      "slow.rules",
      """
      require "defang";
      on_error :dns "continue";
      phase mail { rule "slow" { if mx :missing :timeout 50 "silent.example" { discard; } } }
      """)
    #expect(try site.control("shadow", slow, "--share", "1/1").status == .code(0))
    // It has its answer; the shadow still waits for its own.
    #expect(try site.answer().contains("Go away"))
    #expect(Laboratory.waitUntil(timeoutSeconds: 30) { names.count("silent.example") > 0 })
    site.daemon.signalWorkers(SIGKILL)
    #expect(site.daemon.says("the shadow is off: a worker died with the shadow of "))
    let serves = Laboratory.waitUntil(timeoutSeconds: 30) {
      (try? site.control("shadow").status) == .code(66)
    }
    #expect(serves, "\(site.daemon.log)")
    #expect(try site.answer().contains("Go away"))
  }
}
