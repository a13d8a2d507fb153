// Where messages on which the filter failed are kept, by what name, and what to type to look into
// one: said once for the worker, which writes them, and the master, which knows who has died.
internal import JSONOutput
internal import MilterBridge
internal import Stores

struct FaultPlace: Sendable {
  let folder: FaultFolder
  private let state: String
  private let rules: [String]

  /// Nil when none are kept.
  init?(_ settings: Settings) {
    guard settings.faults.count > 0 else { return nil }
    var limits = FaultFolder.Limits()
    limits.countMax = settings.faults.count
    limits.bytesMax = settings.faults.size
    state = settings.state.value
    rules = settings.rules.value
    folder = FaultFolder(StatePaths(state), limits: limits)
  }

  /// The same message has the same one as long as the daemon runs, however often it comes.
  static func id(of mark: HandMark) -> String {
    [mark.high, mark.low].map { word in
      let digits = String(word, radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }

  /// The state folder, which a policy that keeps nothing works without.
  func prepare() throws(StoreFailure) {
    guard Folders.make(state) else { throw .denied("\(state): \(Folders.lastProblem)") }
  }

  /// To paste into a shell.
  func command(_ id: String) -> String {
    (["defang-rulec", "trace"] + rules.map(Self.quoted)
      + ["--session", Self.quoted(folder.sessionPath(id))]).joined(separator: " ")
  }

  private static func quoted(_ word: String) -> String {
    let isPlain = word.utf8.allSatisfy { byte in
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x2F, 0x5F: true
      default: false
      }
    }
    return isPlain
      ? word
      : "'"
        + word.split(separator: "'", omittingEmptySubsequences: false)
        .joined(separator: "'\\''") + "'"
  }
}

extension SessionFacts {
  /// What the log calls it by.
  var key: String { queueID.isEmpty ? sessionID : queueID }

  /// As `defang-rulec trace --session` reads it.
  func json(_ problem: String, seconds: Int64) -> [UInt8] {
    let members: [(String, OrderedJSON)] = [
      ("time", .text(UTC.text(seconds))), ("problem", .text(problem)),
      ("stage", .text("\(stage)")), ("policy", .text(image)), ("session_id", .text(sessionID)),
      ("queue_id", .text(queueID)), ("client_ip", .text(client.address)),
      ("client_port", .number(Int(clientPort) ?? 0)), ("client_name", .text(client.name)),
      ("helo", .text(client.helo)), ("from", .text(sender)),
      ("mail_args", .texts(senderArguments)), ("to", .texts(recipients)),
      ("local", .truth(isOfThisHost)),
      ("macros", .object(macros.filter { !$0.outlivesMessage }.map(Self.member))),
      ("session_macros", .object(macros.filter(\.outlivesMessage).map(Self.member))),
      ("message", .text(orNull: message.map { _ in FaultFolder.messageName })),
      ("message_is_whole", .truth(message?.isTruncated == false)),
      ("answers", AnswerRecord(answers).json),
    ]
    return Array((OrderedJSON.object(members).line + "\n").utf8)
  }

  private static func member(_ macro: Macro) -> (String, OrderedJSON) {
    (macro.name, .text(macro.value))
  }
}
