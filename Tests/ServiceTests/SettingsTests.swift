// The daemon's settings: what holds without a file is what the sheet says, the command line wins
// over the file, and what this machine lacks is found before it is needed.
import ArgumentParser
import Foundation
import Logging
import Logs
import MilterBridge
import RuleCompiler
import Testing

@testable import RuleCommands
@testable import Service

@Suite struct SettingsTests {
  /// As the daemon gets them from a file of this text; nil for none.
  private static func settings(_ text: String?) throws -> Settings {
    var sources = SourceSet()
    if let text { _ = sources.add(SourceFile(name: "d.conf", bytes: Array(text.utf8))) }
    let configuration = try #require(SettingReader.check(sources).configuration)
    return try SettingsLoader.settings(Array(SettingsJSON.text(configuration, sources).utf8))
  }

  private static func loader(_ words: [String]) throws -> SettingsLoader {
    SettingsLoader(command: try DaemonCommand.parse(words))
  }

  @Test func standardsAreThoseOfTheSheet() throws {
    #expect(try Self.settings(nil) == Settings())
  }

  @Test func readsWhatAFileSays() throws {
    let settings = try Self.settings(
      """
      listen "inet6:8891@::1"; listen :socketmap "unix:/run/m" :mode "0600" :group "7";
      overload :reserve 3 "accept"; limits :sessions 5 :end 9; engine "libmilter";
      dns ["127.0.0.1"]; threads 3; observe; user "nobody";
      """)
    #expect(settings.milters.map(\.value) == ["inet6:8891@::1"])
    #expect(settings.socketmaps.map(\.modeBits) == [0o600])
    #expect(settings.socketmaps[0].group == "7" && settings.socketmaps[0].at == "d.conf:1:26")
    #expect(settings.overload.value == .accept && settings.overload.reserve == 3)
    #expect(settings.engine.value == .libmilter && settings.threads.value == 3)
    #expect(settings.observe.on && !settings.trace.on && settings.user.value == "nobody")
    let limits = settings.bridgeLimits
    #expect(limits.sessionsMax == 5 && limits.endOfMessageSeconds == 9)
    #expect(limits.overload == .accept && limits.reservePercent == 3)
    #expect(settings.dns.value == ["127.0.0.1"])
  }

  @Test func theCommandLineWins() throws {
    let file = try Self.settings(
      """
      listen "unix:/run/a"; listen "unix:/run/b"; listen :socketmap "unix:/run/c";
      rules "a.rules"; grace 5; submit "mx.example.org" :tls "off";
      """)
    let words = [
      "--socket", "inet:1@127.0.0.1", "--socket-mode", "0600", "--rules", "x", "--rules", "y",
      "--trace", "--submit-tls", "required", "--front-end", "libmilter", "--grace", "0",
    ]
    let settings = try Self.loader(words).overridden(file)
    #expect(settings.milters.map(\.value) == ["inet:1@127.0.0.1"])
    #expect(settings.socketmaps.map(\.value) == ["unix:/run/c"])
    #expect(settings.listen.allSatisfy { $0.mode == "0600" })
    #expect(settings.rules.value == ["x", "y"] && settings.trace.on)
    #expect(settings.submit.value == "mx.example.org" && settings.submit.tls == "required")
    #expect(settings.engine.value == .libmilter && settings.grace.value == 0)
    #expect(try Self.loader([]).overridden(file) == file)
  }

  @Test func whatIsWatched() throws {
    let file = try Self.settings(
      """
      log "journal" :format "json" :level "warning" :events "recipient";
      trace :only ["rule=spam* share=1/10", "client=192.0.2.0/24"];
      history :days 7 :folder "/var/lib/kept"; listen :metrics "inet:9191@127.0.0.1";
      """)
    let log = file.logSettings
    #expect(log.destination == .journal && log.format == .json)
    #expect(log.level == .warning && log.events == .recipient)
    #expect(file.traceSelection.text == "rule=spam* share=1/10; client=192.0.2.0/24")
    #expect(file.history.on && file.history.days == 7 && file.history.folder == "/var/lib/kept")
    #expect(file.listen.map(\.metrics) == [true, false])
    let words = [
      "--log", "stderr", "--log-level", "debug", "--trace-only", "share=1/3", "--no-history",
      "--history-entries", "5", "--metrics", "unix:/run/m",
    ]
    let settings = try Self.loader(words).overridden(file)
    #expect(settings.log.value == .stderr && settings.log.level == .debug)
    #expect(settings.log.format == .json && settings.log.events == .recipient)
    #expect(settings.traceSelection.text == "share=1/3")
    #expect(!settings.history.on && settings.history.entries == 5)
    #expect(settings.listen.filter(\.metrics).map(\.value) == ["unix:/run/m"])
    #expect(settings.milters.count == 1)
    #expect(try Self.loader(["--trace"]).overridden(file).traceSelection == .all)
    #expect(Settings().traceSelection.isEmpty)
  }

  /// The compiler's word and the daemon's are one.
  @Test(arguments: [
    "client=192.0.2.1", "client=192.0.2.0/33", "client=::/128", "client=::/129", "client=x",
    "client=", "client=192.0.2.0/-1", "sender=", "recipient=", "rule=a*", "share=1/0", "share=1/7",
    "share=7", "rule=a rule=b", "rule=a share=1/2", "a", "x=y", "client=192.0.2.0/24/1",
  ])
  func traceFiltersAreTheSameEverywhere(_ text: String) throws {
    var sources = SourceSet()
    _ = sources.add(SourceFile(name: "d.conf", bytes: Array("trace :only \"\(text)\";".utf8)))
    let isTaken = SettingReader.check(sources).configuration != nil
    #expect(isTaken == (TraceFilter(argument: text) != nil))
  }

  @Test func aNamedFileIsTheOneThatIsRead() throws {
    #expect(try Self.loader(["--config", "/x"]).path == "/x")
  }

  @Test func differencesAreNamed() throws {
    let before = try Self.settings("grace 1; rules \"a\"; listen \"unix:/run/a\";")
    let after = try Self.settings(
      "\nrules \"b\"; listen \"unix:/run/a\"; grace 2; limits :end 9; trace; history;"
        + " log \"syslog\"; faults :count 1;")
    #expect(
      before.differences(from: after) == ["trace", "grace", "limits", "log", "history", "faults"])
    let moved = try Self.settings("\n\ngrace 1; listen \"unix:/run/a\";")
    #expect(before.differences(from: moved) == [])
  }

  @Test func aReloadTakesWhatNeedsNoSocket() throws {
    let before = try Self.settings("listen \"unix:/run/a\"; grace 1; user \"a\"; rules \"a\";")
    let after = try Self.settings(
      "listen \"unix:/run/b\"; grace 2; limits :sessions 5; user \"b\"; rules \"b\";"
        + " state \"/s\"; log \"stderr\" :format \"json\";")
    let change = SettingsChange(from: before, to: after)
    #expect(change.taken == ["grace", "limits", "log"] && change.needsWorker)
    #expect(change.restart == ["listen", "user", "state"])
    let settings = change.settings
    #expect(settings.listen == before.listen && settings.user.value == "a")
    #expect(settings.state == before.state && settings.rules.value == ["b"])
    #expect(settings.grace.value == 2 && settings.limits.sessions == 5)
    // What only a restart changes is named again at the next reload, and changes nothing.
    let again = SettingsChange(from: settings, to: after)
    #expect(again.taken == [] && !again.needsWorker && again.restart == change.restart)
    #expect(again.settings.limits == settings.limits)
  }

  @Test func whatTheMasterGoesByNeedsNoWorker() throws {
    let after = try Self.settings("grace 2; worker :silence 5; shadow \"b\";")
    let change = SettingsChange(from: Settings(), to: after)
    #expect(change.taken == ["grace", "worker", "shadow"] && !change.needsWorker)
    #expect(change.settings == after)
  }

  @Test func libmilterTakesAsMuch() throws {
    let before = try Self.settings("engine \"libmilter\";")
    let after = try Self.settings("engine \"libmilter\"; grace 2; limits :sessions 5; rules \"b\";")
    let change = SettingsChange(from: before, to: after)
    #expect(change.taken == ["grace", "limits"] && change.restart == [] && change.needsWorker)
    #expect(change.settings == after)
    let other = SettingsChange(from: Settings(), to: after)
    #expect(other.restart == ["engine"] && other.settings.engine.value == .nio)
  }

  static let missing: [(String, String)] = [
    ("listen \"unix:/nowhere/at/all\";", "folder of the socket /nowhere/at/all does not exist"),
    ("listen \"unix:/tmp/s\";", "writable by others"),
    ("listen \"unix:/etc/passwd\";", "/etc/passwd exists and is not a socket"),
    ("listen \"unix:/run/x\" :group \"nosuchgroup\";", "group 'nosuchgroup' does not exist"),
    ("user \"nosuchuser\";", "there is no user 'nosuchuser'"),
    ("group \"nosuchgroup\";", "there is no group 'nosuchgroup'"),
    ("state \"/nowhere/at/all\";", "the state folder /nowhere/at/all is not there"),
    ("pid \"/nowhere/pid\";", "the folder of the pid file /nowhere/pid"),
    ("submit \"mx\" :authorities \"/nowhere/ca\";", "the authorities /nowhere/ca cannot be read"),
    ("submit \"mx\" :credentials \"/nowhere/c\";", "the credentials /nowhere/c"),
    ("memory \"redis:inet6:1@::1\" :secret \"/nowhere/r\";", "the password /nowhere/r"),
    ("submit \"mx\" :credentials \"/etc/passwd\";", "everybody may read or write it"),
  ]

  @Test(arguments: missing) func whatIsMissingIsFound(_ text: String, _ words: String) throws {
    var settings = try Self.settings(text)
    if settings.listen[0].at == nil { settings.listen = [] }
    settings.state = settings.state.at == nil ? .init("/run") : settings.state
    // Root has to be meant.
    if settings.user.at == nil { settings.user.value = "root" }
    let errors = SettingsCheck(settings: settings).findings.filter { !$0.isWarning }
    #expect(errors.count == 1)
    #expect(errors.first?.text.contains(words) == true, "\(errors)")
    #expect(errors.first?.at == "d.conf:1:1")
  }

  @Test func libmilterServesOneListener() throws {
    let file = try Self.settings(
      "listen \"unix:/run/a\"; listen \"unix:/run/b\"; state \"/run\"; user \"root\";")
    let settings = try Self.loader(["--front-end", "libmilter"]).overridden(file)
    let errors = SettingsCheck(settings: settings).findings.filter { !$0.isWarning }
    #expect(
      errors.map(\.text) == ["libmilter serves one listener; take engine nio, or leave one out"])
  }

  @Test func sessionsNeedDescriptors() throws {
    var settings = Settings()
    _ = try #require(ProcessRights.descriptorsMax)
    func isShort(_ sessions: Int) -> Bool {
      settings.limits.sessions = sessions
      return SettingsCheck(settings: settings).findings.contains {
        $0.isWarning && $0.text.contains("open files")
      }
    }
    // It warns of more than the daemon would take, and of no fewer.
    #expect(!isShort(ProcessRights.sessionsMax))
    #expect(isShort(ProcessRights.sessionsMax + 1))
  }
}

@Suite final class ProcessRightsTests {
  private let folder = FileManager.default.temporaryDirectory.path + "/rights-" + UUID().uuidString

  init() throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  @Test func usersByNameAndNumber() throws {
    let root = try #require(ProcessRights.user("root"))
    #expect(root.id == 0 && ProcessRights.user("0") == root)
    #expect(ProcessRights.user("no such user") == nil)
    #expect(ProcessRights.group("root") == 0 && ProcessRights.group("12345") == 12_345)
    #expect(ProcessRights.group("no such group") == nil)
  }

  @Test func unknownAccountsAreRefused() {
    #expect(throws: StartFailure.self) {
      try ProcessRights.become(user: "no such user", group: nil)
    }
    #expect(throws: StartFailure.self) {
      try ProcessRights.become(user: "root", group: "no such group")
    }
  }

  @Test func aPIDFileNeedsItsFolder() {
    #expect(throws: StartFailure.self) { try PIDFile(path: folder + "/none/pid").write() }
  }
}
