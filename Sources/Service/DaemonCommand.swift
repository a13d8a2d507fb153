// `defangd`: what it is started with.
public import ArgumentParser
internal import LiveChecks
internal import MilterBridge
internal import RuleBytecode
internal import Stores
internal import Submission

public struct DaemonCommand: AsyncParsableCommand {
  public static let configuration = CommandConfiguration(
    commandName: "defangd",
    abstract: "Filters mail for sendmail and Postfix by a policy.",
    usage: "defangd --rules PATH --socket ADDRESS [<options>]",
    discussion: """
      Runs in the foreground. ADDRESS is unix:PATH, inet:PORT@HOST or
      inet6:PORT@HOST. PATH is a .rules file, which is compiled by defang-rulec in
      a process of its own, or an image (.drc). HUP loads the policy again; a bad
      one changes nothing. TERM finishes the messages in hand.

      Examples:
        defangd --rules policy.rules --socket unix:/run/defang/defang.sock
        defangd --rules policy.drc --socket inet:8891@127.0.0.1 --trace
        defangd --rules policy.rules --socket unix:/run/defang/defang.sock \\
          --memory redis:inet:6379@192.0.2.7 --memory-secret /etc/defang/redis

      Exit status: 0 ended by TERM, 64 usage, 65 the policy does not compile or is
      refused, 66 it cannot be read, 70 our fault, 78 the socket or another setting
      is not possible.
      """,
    version: Defang.version)

  enum FrontEnd: String, ExpressibleByArgument, CaseIterable { case nio, libmilter }

  @Option(help: "The policy; several files are one policy, in that order.")
  var rules: [String]
  @Option(help: "Where the MTA connects.")
  var socket: String
  @Option(help: "Mode of a unix socket, octal.")
  var socketMode = "0660"
  @Option(help: "Group of a unix socket; both MTAs must be able to connect.")
  var socketGroup: String?
  @Option(help: "Engine for the milter protocol: nio (our own) or libmilter.")
  var frontEnd = FrontEnd.nio
  @Option(help: "Threads of our own engine; one for each processor if left out.")
  var threads: Int?
  @Option(help: "JSON file with answers that stand in for outside checks.")
  var answers: String?
  @Option(help: "Name server: ADDRESS or ADDRESS:PORT; those of /etc/resolv.conf if left out.")
  var dns: [String] = []
  @Option(help: "Where mail servers may ask the policy's tables (socketmap); nowhere if left out.")
  var socketmap: String?
  @Option(help: "Folder of the quarantine, of mail that waits to be sent, and of switches.")
  var state = StatePaths.defaultDirectory
  @Option(help: "Where policies remember: sqlite (below --state) or redis:ADDRESS (several hosts).")
  var memory = "sqlite"
  @Option(help: "File of mode 0600 with the password of that Redis.")
  var memorySecret: String?
  @Option(help: "The user to log in as there; Redis' default user if left out.")
  var memoryUser: String?
  @Option(help: "What the names of all keys begin with there; hosts with the same one share.")
  var memoryPrefix = "defang"
  @Option(help: "Mail server that takes our own mail: HOST:PORT, [IPV6]:PORT or unix:PATH.")
  var submit = "127.0.0.1:25"
  @Option(help: "Encryption to that server: off, opportunistic or required.")
  var submitTls = SMTPServer.Security.opportunistic
  @Option(help: "The name that its certificate must be for; its host if left out.")
  var submitName: String?
  @Option(help: "PEM file of the authorities to trust for it; those of the system if left out.")
  var submitAuthorities: String?
  @Option(help: "File of mode 0600 with two lines, user and password; needs encryption.")
  var submitCredentials: String?
  @Option(help: "This host's name in mail of our own; the system's if left out.")
  var hostname: String?
  @Flag(help: "Log what each rule tested and did, for every message.")
  var trace = false
  @Flag(help: "Evaluate and log everything, do nothing: every message is accepted as it is.")
  var observe = false
  @Option(help: "Seconds that messages in hand get when the daemon is told to end.")
  var grace = 30
  @Option(help: "The compiler; defang-rulec beside this program if left out.")
  var compiler: String?

  public init() {}

  /// Runs the daemon with the words of the command line.
  public static func start() async { await main() }

  public func validate() throws {
    guard UInt32(socketMode, radix: 8).map({ $0 <= 0o777 }) == true else {
      throw ValidationError("--socket-mode is octal, as 0660")
    }
    if let threads, !(1...256).contains(threads) {
      throw ValidationError("--threads is from 1 to 256")
    }
    guard memory != "sqlite" || (memorySecret == nil && memoryUser == nil) else {
      throw ValidationError("--memory-secret and --memory-user are of --memory redis:ADDRESS")
    }
    guard (1...RedisMemorySettings.prefixBytesMax).contains(memoryPrefix.utf8.count),
      memoryPrefix.utf8.allSatisfy({ (33...126).contains($0) })
    else {
      throw ValidationError("--memory-prefix is of 1 to 64 letters, digits and signs")
    }
    guard grace >= 0, grace <= 3_600 else {
      throw ValidationError("--grace is from 0 to 3600 seconds")
    }
  }

  public func run() async throws {
    do throws(StartFailure) {
      try await Daemon(self).run()
    } catch {
      Console.error("defangd: \(error.message)")
      throw ExitCode(error.code)
    }
  }
}

extension SMTPServer.Security: ExpressibleByArgument {}

/// Why the daemon does not run, with its exit code (sysexits).
struct StartFailure: Error {
  let code: Int32
  let message: String
}
