// How the filter is configured, as its compiler reads the file, and what the policy needs: for the
// lines that a mail server wants, and for what is wrong with those it has.
internal import ArgumentParser
internal import FoundationEssentials
internal import Programs
internal import RuleBytecode
internal import UnixAddress

struct MailServerOptions: ParsableArguments {
  @Option(help: "The daemon's configuration.")
  var config = "/etc/defang/defangd.conf"
  @Option(help: "Postfix's configuration folder.")
  var postfix = "/etc/postfix"
  @Option(help: "sendmail's configuration.")
  var sendmail = "/etc/mail/sendmail.cf"
}

struct FilterSettings: Decodable {
  struct Listener: Decodable {
    let value: String
    var remote = false
    var socketmap = false
    var control = false
    var metrics = false

    var address: SocketAddressText? { try? SocketAddressText(value) }
  }

  struct One<Value: Decodable>: Decodable { let value: Value }

  struct Limits: Decodable {
    let sessions: Int
    let command: Int
    let end: Int
  }

  let listen: [Listener]
  let rules: One<[String]>
  let user: One<String?>
  let limits: Limits

  /// Where mail servers connect.
  var milters: [SocketAddressText] {
    listen.filter { !$0.socketmap && !$0.control && !$0.metrics }.compactMap(\.address)
  }

  /// Where defangctl asks; nil where it cannot.
  var controlPath: String? {
    guard case .unix(let path)? = listen.first(where: \.control)?.address?.place else { return nil }
    return path
  }

  /// Those of a file; those that hold without one when it is not there.
  static func read(_ path: String) throws(ControlFailure) -> FilterSettings {
    let isThere = PlaceFacts.of(path) != nil
    switch Compiler.run(["settings"] + (isThere ? [path] : [])) {
    case .exited(0, let output):
      guard let settings = try? JSONDecoder().decode(FilterSettings.self, from: Data(output))
      else { throw ControlFailure(70, "defang-rulec is of another version") }
      return settings
    case .exited:
      throw ControlFailure(78, "\(path) has mistakes: defangd --check-config --config \(path)")
    default: throw ControlFailure(70, "\(Compiler.path) cannot be run")
    }
  }
}

/// The programs beside this one.
enum Compiler {
  static let path = OwnPrograms.path("defang-rulec")

  /// What it says on its standard output.
  static func run(_ words: [String], of program: String = path) -> ProgramEnd {
    ProgramDoor.run(
      [program] + words, input: [], outputBytesMax: ImageFormat.bytesMax,
      timeoutMilliseconds: 60_000)
  }
}

/// How long the mail server has to wait for answers so that all of the filter's time can be used.
struct NeededPatience: Equatable {
  let commandSeconds: Int
  let endSeconds: Int

  /// - Parameter policy: nil for one that cannot be had; it may say more with `mta_timeouts`.
  init(_ limits: FilterSettings.Limits, _ policy: Program?) {
    let patience = policy.map { MTAPatience($0) } ?? MTAPatience()
    commandSeconds = MTAPatience.needed(patience.declaredCommandSeconds ?? limits.command)
    endSeconds = MTAPatience.needed(patience.declaredEndSeconds ?? limits.end)
  }
}

/// The policy as it would be loaded now.
struct PolicyOnDisk {
  let program: Program
  /// As the daemon calls it.
  let name: String

  /// Nil when it does not compile; `defangd --check-config` says why.
  init?(_ paths: [String]) {
    var image: [UInt8] = []
    if paths.count == 1, paths[0].hasSuffix(".drc") {
      guard let bytes = PlaceFacts.bytes(of: paths[0], limit: ImageFormat.bytesMax) else {
        return nil
      }
      image = bytes
    } else {
      guard case .exited(0, let bytes) = Compiler.run(["-o", "-"] + paths) else { return nil }
      image = bytes
    }
    guard let verified = try? VerifiedProgram(image: image) else { return nil }
    program = verified.program
    name = verified.digest.prefix(8).hex
  }
}
