// Entries of the quarantine as JSON: a contract with the programs that read it.
internal import JSONOutput
internal import Stores

enum EntryJSON {
  static func entry(_ entry: QuarantineEntry) -> OrderedJSON { .object(members(entry)) }

  /// With what was done with it.
  static func entry(_ entry: QuarantineEntry, _ audit: [AuditRecord]) -> OrderedJSON {
    .object(members(entry) + [("audit", .list(audit.map(record)))])
  }

  /// One entry a line.
  static func list(_ entries: [QuarantineEntry]) -> String {
    entries.isEmpty ? "[]" : "[\n" + entries.map { entry($0).line }.joined(separator: ",\n") + "\n]"
  }

  private static func members(_ entry: QuarantineEntry) -> [(String, OrderedJSON)] {
    let envelope = entry.envelope
    let part = entry.part.map { part in
      OrderedJSON.object([
        ("path", .text(part.path)), ("name", .text(part.name)), ("type", .text(part.type)),
      ])
    }
    return [
      ("id", .text(entry.id)), ("kind", .text(entry.kind.rawValue)),
      ("status", .text(entry.state.rawValue)), ("received", .text(UTC.text(entry.receivedSeconds))),
      ("expires", .text(UTC.text(entry.expiresSeconds))), ("size", .number(entry.size)),
      ("sha256", .text(entry.digest)), ("sender", .text(envelope.sender)),
      ("recipients", .texts(envelope.recipients)),
      ("subject", .text(entry.subject)), ("message_id", .text(entry.messageID)),
      ("part", part ?? .null), ("reason", .text(entry.reason)), ("rule", .text(entry.rule)),
      ("policy", .text(entry.policy)), ("client_ip", .text(envelope.clientIP)),
      ("client_name", .text(envelope.clientName)), ("helo", .text(envelope.helo)),
      ("auth_user", .text(envelope.authUser)), ("queue_id", .text(envelope.queueID)),
      ("session_id", .text(envelope.sessionID)),
    ]
  }

  private static func record(_ record: AuditRecord) -> OrderedJSON {
    .object([
      ("time", .text(UTC.text(record.timeSeconds))), ("uid", .number(record.actor.userNumber)),
      ("user", .text(record.actor.name)), ("action", .text(record.action.rawValue)),
      ("result", .text(record.result)),
    ])
  }
}
