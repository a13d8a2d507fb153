// `defangctl quarantine show ID`.
internal import ArgumentParser
internal import JSONOutput
internal import Stores

struct QuarantineShow: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show one entry: what is known of it, its header or its content.",
    discussion: """
      What mail wrote is made harmless for a terminal. --content writes the bytes as \
      they are unless standard output is a terminal.

      Examples:
        defangctl quarantine show ID
        defangctl quarantine show ID --headers
        defangctl quarantine show ID --content > mail.eml
      """)

  @OptionGroup var state: StateOptions
  @ArgumentParser.Argument(help: "The entry's id.")
  var id: String
  @Flag(help: "Print the header of the message.")
  var headers = false
  @Flag(help: "Print the content.")
  var content = false
  @Flag(help: "Print one JSON object.")
  var json = false

  func validate() throws {
    if [headers, content, json].count(where: { $0 }) > 1 {
      throw ValidationError("--headers, --content and --json exclude each other")
    }
  }

  func carryOut(_ output: inout ControlOutput) throws(ControlFailure) {
    let store = try state.quarantine()
    let found = try asking { () throws(StoreFailure) in try store.entry(id) }
    guard let entry = found else { throw ControlFailure(.missing(id)) }
    if content || headers {
      let bytes = try asking { () throws(StoreFailure) in try store.content(of: id) }
      return try show(bytes, of: entry, &output)
    }
    let audit = try asking { () throws(StoreFailure) in try store.audit(of: id) }
    if json { return output.line(EntryJSON.entry(entry, audit).line) }
    for (name, value) in Self.facts(entry) where !value.isEmpty {
      let label = name + String(repeating: " ", count: 12 - name.utf8.count)
      output.line("\(label)\(PlainText.line(value))")
    }
    for record in audit {
      let result = record.result.isEmpty ? "" : ": \(record.result)"
      let line = "\(record.action.rawValue) by \(record.actor.name)\(result)"
      output.line("\(UTC.text(record.timeSeconds)) \(PlainText.line(line))")
    }
  }

  private func show(
    _ bytes: [UInt8], of entry: QuarantineEntry, _ output: inout ControlOutput
  ) throws(ControlFailure) {
    if headers {
      guard entry.part == nil else {
        throw ControlFailure(ControlFailure.usage, "\(id) is a part, it has no header of its own")
      }
      output.line(PlainText.lines(Self.header(bytes)))
    } else if output.isTerminal {
      output.line(PlainText.lines(bytes[...]))
    } else {
      output.raw(bytes)
    }
  }

  /// Up to the first empty line.
  private static func header(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
    var lineStart = 0
    for (index, byte) in bytes.enumerated() where byte == 10 {
      let line = bytes[lineStart..<index]
      if line.isEmpty || line.elementsEqual([13]) { return bytes[..<max(0, lineStart - 1)] }
      lineStart = index + 1
    }
    return bytes[...]
  }

  private static func facts(_ entry: QuarantineEntry) -> [(String, String)] {
    let envelope = entry.envelope
    let client = [envelope.clientIP, envelope.clientName].filter { !$0.isEmpty }
    return [
      ("id", entry.id), ("status", entry.state.rawValue), ("kind", entry.kind.rawValue),
      ("received", UTC.text(entry.receivedSeconds)), ("expires", UTC.text(entry.expiresSeconds)),
      ("rule", entry.rule), ("reason", entry.reason), ("from", "<\(envelope.sender)>"),
      ("to", envelope.recipients.map { "<\($0)>" }.joined(separator: " ")),
      ("subject", entry.subject), ("message-id", entry.messageID),
      ("part", entry.part.map { "\($0.path) \($0.name) \($0.type)" } ?? ""),
      ("client", client.joined(separator: " ")), ("helo", envelope.helo),
      ("login", envelope.authUser), ("queue id", envelope.queueID),
      ("session", envelope.sessionID), ("policy", entry.policy), ("size", "\(entry.size)"),
      ("sha256", entry.digest),
    ]
  }
}
