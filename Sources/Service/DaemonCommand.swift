// `defangd`: what it is started with.
public import ArgumentParser
internal import LiveChecks
internal import Logs
internal import MilterBridge
internal import RuleBytecode
internal import Stores
internal import Submission

public struct DaemonCommand: AsyncParsableCommand, Sendable {
  public static let configuration = CommandConfiguration(
    commandName: "defangd",
    abstract: "Filters mail for sendmail and Postfix by a policy.",
    usage: "defangd [--config FILE] [<options>]",
    discussion: """
      Runs in the foreground, as its configuration file says; what is said here
      too, wins. Without a file everything has a default. ADDRESS is unix:PATH,
      inet:PORT@HOST or inet6:PORT@HOST. The policy is .rules files, which are
      compiled by defang-rulec in a process of its own, or an image (.drc). HUP
      reads the configuration and loads the policy again; bad ones change nothing.
      TERM finishes the messages in hand.

      Examples:
        defangd --check-config
        defangd --config /etc/defang/defangd.conf
        defangd --rules policy.rules --socket unix:/run/defang/defang.sock
        defangd --rules policy.drc --socket inet:8891@127.0.0.1 --trace
        defangd --rules policy.rules --socket unix:/run/defang/defang.sock \\
          --memory redis:inet:6379@192.0.2.7 --memory-secret /etc/defang/redis

      Exit status: 0 ended by TERM, 64 usage, 65 the policy does not compile or is
      refused, 66 it cannot be read, 70 our fault, 78 the configuration is wrong, or
      a socket or another setting is not possible.
      """,
    version: Defang.version)

  enum FrontEnd: String, ExpressibleByArgument, Codable, Sendable, CaseIterable {
    case nio, libmilter
  }

  @Option(help: "The configuration; /etc/defang/defangd.conf if that is there.")
  var config: String?
  @Flag(help: "Look for what is wrong with configuration and policy, and end: 0 fine, 78 not.")
  var checkConfig = false
  @Option(help: "The policy; several files are one policy, in that order.")
  var rules: [String] = []
  @Option(help: "Where the MTA connects.")
  var socket: String?
  @Option(help: "Mode of unix sockets, octal; 0660 if left out.")
  var socketMode: String?
  @Option(help: "Group of unix sockets; both MTAs must be able to connect.")
  var socketGroup: String?
  @Option(help: "The user to become once the sockets are open; root stays root only by 'root'.")
  var user: String?
  @Option(help: "Engine for the milter protocol: nio (our own, if left out) or libmilter.")
  var frontEnd: FrontEnd?
  @Option(help: "Threads of our own engine; one for each processor if left out.")
  var threads: Int?
  @Option(help: "JSON file with answers that stand in for outside checks.")
  var answers: String?
  @Option(help: "Name server: ADDRESS or ADDRESS:PORT; those of /etc/resolv.conf if left out.")
  var dns: [String] = []
  @Option(help: "Where mail servers may ask the policy's tables (socketmap); nowhere if left out.")
  var socketmap: String?
  @Option(help: "Where defangctl asks, a unix socket; nowhere if left out.")
  var control: String?
  @Option(help: "Folder of the quarantine, of mail to be sent, and of switches; /var/lib/defang.")
  var state: String?
  @Option(help: "Where policies remember: sqlite (below --state) or redis:ADDRESS (several hosts).")
  var memory: String?
  @Option(help: "File of mode 0600 with the password of that Redis.")
  var memorySecret: String?
  @Option(help: "The user to log in as there; Redis' default user if left out.")
  var memoryUser: String?
  @Option(
    help: "What the names of all keys begin with there (defang); hosts with the same one share.")
  var memoryPrefix: String?
  @Option(help: "Mail server that takes our own mail: HOST:PORT, [IPV6]:PORT or unix:PATH.")
  var submit: String?
  @Option(help: "Encryption to that server: off, opportunistic (if left out) or required.")
  var submitTls: SMTPServer.Security?
  @Option(help: "The name that its certificate must be for; its host if left out.")
  var submitName: String?
  @Option(help: "PEM file of the authorities to trust for it; those of the system if left out.")
  var submitAuthorities: String?
  @Option(help: "File of mode 0600 with two lines, user and password; needs encryption.")
  var submitCredentials: String?
  @Option(help: "This host's name in mail of our own; the system's if left out.")
  var hostname: String?
  @Option(help: "Where the log goes: stderr (if left out), syslog (as mail) or journal.")
  var log: LogDestination?
  @Option(help: "Lines of the log: text (QUEUEID: key=value …, if left out) or json.")
  var logFormat: LogFormat?
  @Option(help: "Least level that is logged: debug, info (if left out), notice, warning or error.")
  var logLevel: LeastLevel?
  @Option(help: "Lines of events: one a message, one a recipient, or as graphdefang reads.")
  var events: EventForm?
  @Flag(help: "Log what each rule tested and did, for every message.")
  var trace = false
  @Option(help: "The same for some: client=NET sender=A recipient=A rule=NAME share=1/N.")
  var traceOnly: [TraceFilter] = []
  @Flag(
    inversion: .prefixedNo,
    help: "Keep a history for defangctl why, history and report, or none.")
  var history: Bool?
  @Option(help: "Days that the history goes back; 30.")
  var historyDays: Int?
  @Option(help: "Messages that it keeps at most; 1000000.")
  var historyEntries: Int?
  @Option(help: "Where Prometheus may ask for figures: unix:PATH or an address of this host.")
  var metrics: String?
  @Flag(help: "Evaluate and log everything, do nothing: every message is accepted as it is.")
  var observe = false
  @Option(help: "Seconds that messages in hand get when the daemon is told to end; 30.")
  var grace: Int?
  @Option(help: "The compiler; defang-rulec beside this program if left out.")
  var compiler: String?
  @Option(help: ArgumentHelp("What the master gave to this worker.", visibility: .private))
  var worker: String?

  public init() {}

  /// Runs the daemon with the words of the command line. The main thread rests meanwhile: given to
  /// Dispatch it would count as one that ends, and setuid(2) would leave it root's rights.
  public static func start() -> Never {
    ProcessRights.forbidNewRights()
    ProcessRights.boundFreeMemory()
    ProcessRights.quietDispatch()
    Task.detached {
      await main()
      ProcessRights.end()
    }
    ProcessRights.rest()
  }

  public func validate() throws {
    if let socketMode, UInt32(socketMode, radix: 8).map({ $0 <= 0o777 }) != true {
      throw ValidationError("--socket-mode is octal, as 0660")
    }
    if let threads, !(1...256).contains(threads) {
      throw ValidationError("--threads is from 1 to 256")
    }
    guard memory != "sqlite" || (memorySecret == nil && memoryUser == nil) else {
      throw ValidationError("--memory-secret and --memory-user are of --memory redis:ADDRESS")
    }
    if let memoryPrefix {
      guard (1...RedisMemorySettings.prefixBytesMax).contains(memoryPrefix.utf8.count),
        memoryPrefix.utf8.allSatisfy({ (33...126).contains($0) })
      else {
        throw ValidationError("--memory-prefix is of 1 to 64 letters, digits and signs")
      }
    }
    guard (1...3_650).contains(historyDays ?? 1),
      (1...100_000_000).contains(historyEntries ?? 1)
    else {
      throw ValidationError("--history-days is 1 to 3650, --history-entries 1 to 100000000")
    }
    guard traceOnly.count <= TraceSelection.filtersMax else {
      throw ValidationError("--trace-only may stand \(TraceSelection.filtersMax) times")
    }
    if let grace, !(0...3_600).contains(grace) {
      throw ValidationError("--grace is from 0 to 3600 seconds")
    }
  }

  public func run() async throws {
    do throws(StartFailure) {
      if let worker { return try await Worker.run(worker, self) }
      let settings = try await SettingsLoader(command: self).load()
      if checkConfig { return try await check(settings) }
      try await Daemon(command: self, settings: settings).run()
    } catch {
      if !error.details.isEmpty { Console.error(error.details) }
      Console.error("defangd: \(error.message)")
      throw ExitCode(checkConfig ? 78 : error.code)
    }
  }

  /// Says all that is wrong.
  private func check(_ settings: Settings) async throws(StartFailure) {
    let findings = SettingsCheck(settings: settings).findings
    for finding in findings { Console.error(finding.line) }
    _ = try await Daemon(command: self, settings: settings).tryPolicy()
    let count = findings.count { !$0.isWarning }
    guard count == 0 else {
      throw StartFailure(
        code: 78, message: "the configuration is not usable: \(count) of it cannot be done here")
    }
  }
}

extension SMTPServer.Security: ExpressibleByArgument {}
extension LogDestination: ExpressibleByArgument {}
extension LogFormat: ExpressibleByArgument {}
extension EventForm: ExpressibleByArgument {}
extension LeastLevel: ExpressibleByArgument {}

extension TraceFilter: ExpressibleByArgument {
  package init?(argument: String) {
    do throws(TraceFilter.Problem) { try self.init(argument) } catch { return nil }
  }
}

/// Why the daemon does not run, with its exit code (sysexits).
struct StartFailure: Error {
  let code: Int32
  let message: String
  /// Lines that say more: what the compiler found, each place with its caret.
  let details: String

  init(code: Int32, message: String, details: String = "") {
    self.code = code
    self.message = message
    self.details = details
  }

  /// As a worker answers the master; nil for the empty answer, which is success.
  init?(answer: [UInt8]) {
    guard !answer.isEmpty else { return nil }
    let pieces = String(decoding: answer, as: UTF8.self).split(separator: "\n", maxSplits: 1)
    code = pieces.first.flatMap { Int32($0) } ?? 70
    message = pieces.count > 1 ? String(pieces[1]) : "the worker gave no reason"
    details = ""
  }

  var answer: [UInt8] { Array("\(code)\n\(message)".utf8) }
}
