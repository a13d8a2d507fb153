// The daemon under test: starts it with a policy on a mail server's milter socket, waits until it
// says that it is ready, and ends it politely or not.
import Foundation

/// The daemon's two engines for the milter protocol.
package enum FrontEnd: String, CaseIterable, Sendable {
  case nio, libmilter
}

package final class DaemonUnderTest {
  package struct Options: Sendable {
    package var frontEnd = FrontEnd.nio
    /// A `.rules` file or an image.
    package var rulesPath: String
    /// Stand-in answers for outside checks, as JSON.
    package var answers: String?
    /// Log a trace of each run.
    package var trace = false
    /// A configuration file that says all else; nothing of the above is handed over then.
    package var configPath: String?
    /// A program with its words that starts it and becomes it, as `prlimit --nofile=64`.
    package var launcher: [String] = []
    /// Where it tells systemd of itself; "@" begins a name that is no file. Nil: a file.
    package var notifyPath: String?
    /// Further words of its command line.
    package var furtherArguments: [String] = []

    package init(rulesPath: String) { self.rulesPath = rulesPath }
  }

  private let options: Options
  private let address: String
  private let directory: LabDirectory
  private let readiness: DatagramInbox
  private var process: ChildProcess?

  /// - Parameter address: where it shall listen: a mail server's `milterAddress`.
  package init(_ options: Options, address: String) throws {
    self.options = options
    self.address = address
    directory = try LabDirectory()
    readiness = try DatagramInbox(at: options.notifyPath ?? directory.path + "/notify")
    if let answers = options.answers { try directory.write("answers.json", answers) }
  }

  deinit {
    kill()
    readiness.stop()
  }

  /// Writes a policy beside the daemon's other files, for a daemon that is made with its text.
  package convenience init(
    policy: String, answers: String? = nil, frontEnd: FrontEnd, trace: Bool = true,
    furtherArguments: [String] = [], launcher: [String] = [], address: String
  ) throws {
    let folder = try LabDirectory()
    var options = Options(rulesPath: try folder.write("policy.rules", policy))
    options.answers = answers
    options.frontEnd = frontEnd
    options.trace = trace
    options.furtherArguments = furtherArguments
    options.launcher = launcher
    try self.init(options, address: address)
    policyFolder = folder
  }

  /// Keeps the folder of the policy as long as the daemon may read it.
  private var policyFolder: LabDirectory?

  /// Starts it and waits for READY=1 (sd_notify(3)): from then on the socket takes connections.
  package func start() throws {
    readiness.clear()
    let child = try ChildProcess(
      options.launcher + [Self.program] + arguments,
      environment: ["NOTIFY_SOCKET": readiness.path], outputPath: logPath)
    process = child
    let ready = Laboratory.waitUntil(timeoutSeconds: 20) {
      child.exitStatus() != nil || readiness.all.contains { $0.contains("READY=1") }
    }
    guard ready, child.exitStatus() == nil else {
      let ending = child.exitStatus().map { "\($0)" } ?? "not ready after 20 s"
      throw LabError("the daemon did not start: \(ending)\n" + log)
    }
  }

  /// What it has told systemd since then.
  package var notices: [String] { readiness.all }

  /// The processes that the daemon has started to serve, as they are now.
  package var workers: [Int32] {
    guard let parent = process?.processID else { return [] }
    // Each thread has children of its own.
    let threads = "/proc/\(parent)/task"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: threads)) ?? []
    return names.flatMap { name -> [Int32] in
      let text = try? String(contentsOfFile: "\(threads)/\(name)/children", encoding: .utf8)
      return (text ?? "").split(separator: " ").compactMap { Int32($0) }
    }
  }

  /// All its processes.
  package var processes: [Int32] { (process.map { [$0.processID] } ?? []) + workers }

  /// Ends or stops the process that serves.
  package func signalWorkers(_ number: Int32) {
    for worker in workers { Posix.signal(worker, number) }
  }

  /// Tells the process alone that was started.
  package func signalMaster(_ number: Int32) { process?.signal(number) }

  /// Ends it at once with all its processes, as a crash of the machine would.
  package func kill() {
    // One that is stopped starts no other, and hears of none that dies.
    process?.signal(SIGSTOP)
    let ending = workers
    for worker in ending { Posix.signal(worker, SIGKILL) }
    killMaster()
    // A large process takes its time to go, and its sockets with it.
    _ = Laboratory.waitUntil(timeoutSeconds: 10) { !ending.contains(where: Self.holdsFiles) }
  }

  private static func holdsFiles(_ process: Int32) -> Bool {
    let files = try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/fd")
    return files?.isEmpty == false
  }

  /// Ends the process alone that was started: those that it started see that themselves.
  package func killMaster() {
    process?.signal(SIGKILL)
    _ = process?.wait(timeoutSeconds: 5)
    process = nil
  }

  /// Tells it to load its policy again.
  package func reload() throws {
    guard let process else { throw LabError("the daemon does not run") }
    process.signal(SIGHUP)
  }

  /// Asks it to end. Nil when it did not within the time.
  package func terminate(timeoutSeconds: Double = 15) -> ExitStatus? {
    process?.signal(SIGTERM)
    let status = process?.wait(timeoutSeconds: timeoutSeconds)
    if status != nil { process = nil }
    return status
  }

  /// All it has written, over all its starts.
  package var log: String { directory.text("daemon.log") }

  /// Whether it says so, now or soon: lines are written some at a time.
  package func says(_ text: String) -> Bool {
    Laboratory.waitUntil(timeoutSeconds: 20) { log.contains(text) }
  }

  private var logPath: String { directory.path + "/daemon.log" }

  /// `DEFANG_DAEMON` puts another milter in its place, to try the laboratory itself.
  private static var program: String {
    ProcessInfo.processInfo.environment["DEFANG_DAEMON"] ?? Laboratory.products + "/defangd"
  }

  private var arguments: [String] {
    if let path = options.configPath { return ["--config", path] + options.furtherArguments }
    var list = [
      "--rules", options.rulesPath, "--socket", address, "--front-end", options.frontEnd.rawValue,
    ]
    // Postfix connects as its own user, so its group must be able to write.
    if address.hasPrefix("unix:") {
      list += ["--socket-mode", "0660", "--socket-group", "postfix"]
    }
    if options.answers != nil { list += ["--answers", directory.path + "/answers.json"] }
    if options.trace { list.append("--trace") }
    // Tests start it as root, who has to be meant.
    if !options.furtherArguments.contains("--user") { list += ["--user", "root"] }
    // A test that looks into the folder names it itself.
    if !options.furtherArguments.contains("--state") {
      list += ["--state", directory.path + "/state"]
    }
    return list + options.furtherArguments
  }
}
