// A reload with other settings: new sessions have them, those that are open end as they began, no
// connection is refused, and what cannot be leaves everything as it was.
import Foundation
import MailLab
import Synchronization
import Testing

@Suite(.serialized) final class ReloadSettingsTests {
  private let folder: LabDirectory
  private let daemon: DaemonUnderTest
  private var engine = FrontEnd.nio

  private static let policy = """
    require ["defang", "envelope", "extlists"];
    phase eom { rule "seen" { reject "Seen"; } }

    """

  init() throws {
    folder = try LabDirectory()
    try folder.write("policy.rules", Self.policy)
    var options = DaemonUnderTest.Options(rulesPath: "")
    options.configPath = folder.path + "/defangd.conf"
    daemon = try DaemonUnderTest(options, address: "")
  }

  deinit { daemon.kill() }

  private func start(_ engine: FrontEnd = .nio, _ more: String = "") throws {
    self.engine = engine
    try configure(more)
    try daemon.start()
  }

  private var configuration: String {
    """
    rules "policy.rules"; user "root"; state "\(folder.path)/state"; engine "\(engine)";
    listen "unix:\(folder.path)/milter" :mode "0600";
    listen :control "unix:\(folder.path)/control";

    """
  }

  private func configure(_ more: String) throws {
    try folder.write("defangd.conf", configuration + more)
  }

  private func control(_ words: String...) throws -> ToolRun {
    try ToolRun(["defangctl"] + words + ["--control", folder.path + "/control"])
  }

  private func send() throws -> String { try Self.send(folder.path) }

  private static func send(_ folder: String, gate: String = "") throws -> String {
    let client = try MilterClient(path: folder + "/milter")
    defer { try? client.end() }
    return try client.send(from: "a@example.net", to: ["b@example.com"], gate: gate)
  }

  /// A connection that has agreed on the protocol, and says nothing more.
  private func idleSession() throws -> RawPeer {
    let peer = try RawPeer(unix: folder.path + "/milter")
    try peer.send([0, 0, 0, 13, 0x4F, 0, 0, 0, 6, 0, 0, 1, 0xFF, 0, 0, 0, 0])
    #expect(try peer.read()?.isEmpty == false)
    return peer
  }

  /// A message that is in hand until its gate opens.
  private final class Waiting: Sendable {
    private let gate: String
    private let result = Mutex<String?>(nil)

    init(_ folder: String) {
      gate = folder + "/gate"
      Thread.detachNewThread { [gate] in
        let text = (try? ReloadSettingsTests.send(folder, gate: gate)) ?? "cut"
        self.result.withLock { $0 = text }
      }
    }

    var isInHand: Bool {
      Laboratory.waitUntil(timeoutSeconds: 30) {
        FileManager.default.fileExists(atPath: gate + ".there")
      }
    }

    var answer: String? { result.withLock { $0 } }

    func open() -> String? {
      _ = FileManager.default.createFile(atPath: gate, contents: nil)
      _ = Laboratory.waitUntil(timeoutSeconds: 30) { answer != nil }
      return answer
    }
  }

  @Test(arguments: FrontEnd.allCases)
  func newSessionsHaveThemOldOnesEndUndisturbed(_ engine: FrontEnd) throws {
    try start(engine)
    let former = daemon.workers
    let old = Waiting(folder.path)
    #expect(old.isInHand)
    try configure(
      "log \"stderr\" :format \"json\"; limits :sessions 1; overload \"tempfail\" :reserve 0;")
    let trial = try control("reload", "--dry-run")
    #expect(trial.output.contains("settings   would be taken over: limits, overload, log"))
    #expect(daemon.workers == former)
    let run = try control("reload")
    #expect(run.status == .code(0), "\(run.output)\(daemon.log)")
    #expect(run.output.contains("settings   taken over: limits, overload, log"), "\(run.output)")
    // The message in hand is with the worker that it came to.
    #expect(former.allSatisfy(daemon.workers.contains) && daemon.workers.count == 2)
    #expect(try send() == "550 5.7.1 Seen")
    #expect(daemon.says(#""verdict":"reject""#), "\(daemon.log)")
    let idle = try idleSession()
    let isBusy = Laboratory.waitUntil(timeoutSeconds: 30) {
      (try? send())?.hasPrefix("451 4.3.2 Too busy") == true
    }
    #expect(isBusy)
    withExtendedLifetime(idle) {}
    // Its own end, by the settings that it began with.
    #expect(old.answer == nil && !daemon.log.contains("verdict=reject"))
    #expect(old.open() == "550 5.7.1 Seen")
    #expect(daemon.says("verdict=reject"), "\(daemon.log)")
    let isOver = Laboratory.waitUntil(timeoutSeconds: 30) { daemon.workers.count == 1 }
    #expect(isOver && !daemon.log.contains("died"), "\(daemon.log)")
  }

  @Test func whatCannotBeChangesNothing() throws {
    try start()
    let former = daemon.workers
    try configure("log \"stderr\" :format \"json\";\nlimits :sessions 0;\n")
    let wrong = try control("reload")
    #expect(wrong.status == .code(78) && wrong.output.contains(":5:"), "\(wrong.output)")
    #expect(wrong.output.contains("^"))
    // The configuration is fine, but a new worker cannot serve the policy.
    try configure("log \"stderr\" :format \"json\";")
    try folder.write(
      "policy.rules",
      """
      require ["defang", "envelope", "extlists"];
      table :file "\(folder.path)/none" :type "address" "t";
      phase mail { rule "t" { if envelope :list "from" "table:t" { reject "no"; } } }

      """)
    let unfit = try control("reload")
    #expect(unfit.status == .code(78), "\(unfit.output)\(daemon.log)")
    #expect(unfit.output.contains("none"), "\(unfit.output)")
    let isOver = Laboratory.waitUntil(timeoutSeconds: 30) { daemon.workers == former }
    #expect(isOver, "\(daemon.log)")
    #expect(try send() == "550 5.7.1 Seen")
    #expect(daemon.says("verdict=reject"), "\(daemon.log)")
    #expect(!daemon.log.contains("died") && !daemon.log.contains("\"verdict\""))
    try folder.write("policy.rules", Self.policy)
    #expect(try control("reload").status == .code(0))
    #expect(try send() == "550 5.7.1 Seen")
    #expect(daemon.says(#""verdict":"reject""#), "\(daemon.log)")
  }

  @Test func whatNeedsARestartIsNamed() throws {
    try start()
    let former = daemon.workers
    try configure("pid \"\(folder.path)/pid\"; listen \"unix:\(folder.path)/second\"; grace 7;")
    for _ in 1...2 {
      let run = try control("reload")
      #expect(run.status == .code(0), "\(run.output)")
      for name in ["listen", "pid"] {
        #expect(run.output.contains("restart    \(name) takes effect at a restart"))
      }
    }
    #expect(daemon.workers == former)
    #expect(try control("status").output.contains("restart    is needed for: listen, pid"))
    #expect(!FileManager.default.fileExists(atPath: folder.path + "/second"))
  }

  /// The daemon is told to end while a replaced worker gives a session all the time of the world:
  /// the message in hand is finished, and the session has no more time.
  @Test(arguments: FrontEnd.allCases) func theEndIsNotForTheReplacedToDelay(
    _ engine: FrontEnd
  ) throws {
    try start(engine, "grace 3600;")
    let former = daemon.workers
    let old = Waiting(folder.path)
    #expect(old.isInHand)
    let idle = try idleSession()
    try configure("grace 3600; limits :sessions 100;")
    #expect(try control("reload").status == .code(0))
    #expect(former.allSatisfy(daemon.workers.contains))
    daemon.signalMaster(SIGTERM)
    let isEnding = Laboratory.waitUntil(timeoutSeconds: 30) { daemon.workers == former }
    #expect(isEnding, "\(daemon.log)")
    #expect(old.answer == nil)
    #expect(old.open() == "550 5.7.1 Seen")
    #expect(daemon.terminate(timeoutSeconds: 60) == .code(0), "\(daemon.log)")
    withExtendedLifetime(idle) {}
  }

  @Test func theDeathOfTheReplacedIsTold() throws {
    try start()
    let former = daemon.workers
    let old = Waiting(folder.path)
    #expect(old.isInHand)
    try configure("limits :sessions 100;")
    #expect(try control("reload").status == .code(0))
    #expect(former.allSatisfy(daemon.workers.contains))
    for worker in former { kill(worker, SIGKILL) }
    #expect(daemon.says("died: signal 9"), "\(daemon.log)")
    #expect(old.open() == "cut")
    #expect(try send() == "550 5.7.1 Seen")
  }

  /// One message after the other.
  private final class Sending: Sendable {
    private let folder: String
    private let isOver = Atomic(false)
    private let found = Mutex<Set<String>>([])

    init(_ folder: String) { self.folder = folder }

    var answers: Set<String> { found.withLock { $0 } }

    func run() {
      while !isOver.load(ordering: .relaxed) {
        let text = (try? ReloadSettingsTests.send(folder)) ?? "lost"
        _ = found.withLock { $0.insert(text) }
      }
    }

    func end() { isOver.store(true, ordering: .relaxed) }
  }

  /// Nobody who connects meanwhile is refused.
  @Test(arguments: FrontEnd.allCases) func noConnectionIsLost(_ engine: FrontEnd) throws {
    try start(engine)
    let sending = Sending(folder.path)
    let senders = DispatchGroup()
    for _ in 0..<3 {
      senders.enter()
      Thread.detachNewThread { [sending] in
        sending.run()
        senders.leave()
      }
    }
    for round in 1...4 {
      try configure("limits :sessions \(1_000 + round);")
      let run = try control("reload")
      #expect(run.status == .code(0), "\(run.output)\(daemon.log)")
    }
    sending.end()
    senders.wait()
    #expect(sending.answers == ["550 5.7.1 Seen"], "\(daemon.log)")
    #expect(!daemon.log.contains("died"), "\(daemon.log)")
  }
}
