// `defangctl queue`: the filter's own mail that waits for the mail server.
internal import ArgumentParser
internal import JSONOutput
internal import Stores
internal import Submission

struct QueueCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "queue",
    abstract: "See, send and delete the filter's own mail that waits.",
    discussion: """
      Notices, digests and copies wait in the state directory until the mail server \
      takes them. What it refuses, and what is older than five days, stays as failed.

      Examples:
        defangctl queue list
        defangctl queue flush
        defangctl queue delete --failed
      """,
    subcommands: [QueueList.self, QueueFlush.self, QueueDelete.self])
}

extension StateOptions {
  /// The queue, which must be there already.
  func queue() throws(ControlFailure) -> OutgoingQueue {
    guard OutgoingQueue.exists(stateFolder: paths.directory) else {
      throw ControlFailure(66, "there is no outgoing mail in \(paths.directory)")
    }
    return try submitting { () throws(StateFault) in
      try OutgoingQueue(stateFolder: paths.directory)
    }
  }
}

extension ControlFailure {
  init(_ fault: StateFault) {
    let code: Int32 =
      switch fault {
      case .full: 75
      case .unsafeMode: 78
      case .badContent, .tooLarge, .database: 65
      case .system: fault.isMissing ? 66 : fault.isDenied ? 78 : 74
      }
    self.init(code, "\(fault)")
  }
}

/// Calls what sends mail; what is wrong with its files ends the command.
func submitting<Value>(
  _ body: () throws(StateFault) -> Value
) throws(ControlFailure) -> Value {
  do throws(StateFault) { return try body() } catch { throw ControlFailure(error) }
}

struct QueueList: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List what waits, the oldest first, then what failed.",
    discussion: """
      Examples:
        defangctl queue list
        defangctl queue list --json
      """)

  @OptionGroup var state: StateOptions
  @Flag(help: "Print a JSON array.")
  var json = false

  func carryOut(_ output: inout ControlOutput) throws(ControlFailure) {
    let queue = try state.queue()
    let mails = try submitting { () throws(StateFault) in try queue.list() }
    if json {
      let lines = mails.map { Self.object($0).line }.joined(separator: ",\n")
      return output.line(lines.isEmpty ? "[]" : "[\n\(lines)\n]")
    }
    if mails.isEmpty { return }
    var table = TextTable(["ID", "SINCE", "STATUS", "KIND", "SIZE", "TRIES", "TO", "LAST WORD"])
    for mail in mails { table.add(Self.row(mail)) }
    for line in table.lines { output.line(line) }
  }

  private static func row(_ mail: QueuedMail) -> [String] {
    let more = mail.recipients.count > 1 ? " +\(mail.recipients.count - 1)" : ""
    return [
      mail.id, UTC.text(mail.created), mail.hasFailed ? "failed" : "waiting",
      mail.purpose.rawValue, SizeText.text(mail.bytes), String(mail.attempts),
      "<\(mail.recipients.first ?? "")>\(more)", mail.lastFailure ?? "",
    ]
  }

  private static func object(_ mail: QueuedMail) -> OrderedJSON {
    .object([
      ("id", .text(mail.id)), ("since", .text(UTC.text(mail.created))),
      ("status", .text(mail.hasFailed ? "failed" : "waiting")),
      ("kind", .text(mail.purpose.rawValue)), ("size", .number(mail.bytes)),
      ("tries", .number(mail.attempts)),
      ("due", mail.hasFailed || mail.attempts == 0 ? .null : .text(UTC.text(mail.due))),
      ("sender", .text(mail.sender)),
      ("recipients", .texts(mail.recipients)),
      ("last_word", .text(orNull: mail.lastFailure)),
    ])
  }
}

struct QueueFlush: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "flush",
    abstract: "Have all that waits tried now.",
    discussion: """
      The daemon does it within a few seconds; it must run.

      Examples:
        defangctl queue flush
      """)

  @OptionGroup var state: StateOptions

  func carryOut(_ output: inout ControlOutput) throws(ControlFailure) {
    let queue = try state.queue()
    try submitting { () throws(StateFault) in try queue.requestFlush() }
  }
}

struct QueueDelete: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "delete",
    abstract: "Delete mail of the queue, unsent.",
    discussion: """
      A mail that is being sent right now may arrive all the same.

      Examples:
        defangctl queue delete ID ID
        defangctl queue delete --failed
      """)

  @OptionGroup var state: StateOptions
  @ArgumentParser.Argument(help: "Ids of mails.")
  var ids: [String] = []
  @Flag(help: "All that failed.")
  var failed = false

  func validate() throws {
    if ids.isEmpty != failed { throw ValidationError("ids or --failed are wanted, not both") }
  }

  func carryOut(_ output: inout ControlOutput) throws(ControlFailure) {
    let queue = try state.queue()
    var meant = ids
    if failed {
      meant = try submitting { () throws(StateFault) in
        try queue.list().filter(\.hasFailed).map(\.id)
      }
    }
    var missing: String?
    var count = 0
    for id in meant {
      let isDeleted = try submitting { () throws(StateFault) in try queue.delete(id) }
      if isDeleted { count += 1 } else { missing = missing ?? id }
    }
    output.line("\(count) deleted")
    if let missing, !failed { throw ControlFailure(66, "there is no mail '\(missing)'") }
  }
}
