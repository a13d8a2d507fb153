// What comes and goes on the control socket: a request is one line of JSON, `{"command":"status"}`,
// and so is its answer, `{"ok":true,…}` or `{"ok":false,"message":"…"}`. Whoever may connect may
// write anything: what is no request is refused.
internal import Checks
internal import FoundationEssentials
internal import JSONOutput
internal import Spelling

/// What defangctl may ask, by the word that it sends.
enum ControlVerb: String, CaseIterable, Sendable {
  case status, reload, events, trace, set, load, rules, figures, shadow
  case replaceWorker = "replace-worker"
  case logLevel = "log-level"

  /// Only root and the daemon's own user may do it.
  func isChange(_ request: ControlRequest) -> Bool {
    switch self {
    case .status, .events, .load, .rules, .figures: false
    // Without a word of what is wanted they only tell.
    case .trace, .logLevel, .shadow:
      request.arguments.keys.contains { ["filters", "set", "level", "files"].contains($0) }
    case .reload: request.arguments["dry_run"] == nil
    case .replaceWorker, .set: true
    }
  }
}

struct ControlRequest: Sendable, Equatable {
  let command: String
  let arguments: [String: String]

  enum Problem: Error, Equatable {
    case noJSON, noCommand
    /// A word that is no text: to pass it over could make another request of it.
    case noText(String)
  }

  init(command: String, arguments: [String: String] = [:]) {
    self.command = command
    self.arguments = arguments
  }

  init(line: [UInt8]) throws(Problem) {
    guard case .object(let members)? = try? JSONDecoder().decode(JSONValue.self, from: Data(line))
    else { throw .noJSON }
    var words: [String: String] = [:]
    for (name, value) in members {
      guard case .string(let text) = value else { throw .noText(name) }
      words[name] = text
    }
    guard let command = words["command"] else { throw .noCommand }
    self.command = command
    arguments = words
  }

  /// What it asks; else why it is refused.
  func verb() throws(StartFailure) -> ControlVerb {
    if let verb = ControlVerb(rawValue: command) { return verb }
    let nearest = Nearest.name(to: command, among: ControlVerb.allCases.map(\.rawValue))
    let hint = nearest.map { "; did you mean '\($0)'?" } ?? ""
    throw StartFailure(
      code: 64, message: "the daemon knows no command '\(command.prefix(40))'\(hint)")
  }
}

/// Who asks, by the kernel's word.
struct ControlPeer: Sendable, Equatable {
  /// Nil where the kernel does not say.
  let user: UInt32?
  let mayChange: Bool

  /// For logs.
  var name: String { user.map(ControlDoor.name) ?? "nobody" }

  init(user: UInt32?, owner: UInt32 = ControlDoor.owner) {
    self.user = user
    mayChange = user.map { $0 == 0 || $0 == owner } ?? false
  }
}

/// What is answered.
enum ControlAnswer: Sendable {
  case done([(String, OrderedJSON)])
  case refused(StartFailure)
  /// A line of JSON as a worker gave it.
  case line(String)
  /// Lines of events follow, until the reader goes.
  case events

  static func refused(code: Int32, _ message: String) -> ControlAnswer {
    .refused(StartFailure(code: code, message: message))
  }

  var line: String {
    switch self {
    case .done(let members): OrderedJSON.object([("ok", .truth(true))] + members).line
    case .line(let line): line
    case .events: OrderedJSON.object([("ok", .truth(true))]).line
    case .refused(let failure):
      OrderedJSON.object([
        ("ok", .truth(false)), ("code", .number(Int(failure.code))),
        ("message", .text(failure.message)), ("details", .text(failure.details)),
      ]).line
    }
  }
}
