// Entries of the history as rows and back.
internal import GRDB

enum HistoryRow {
  private static let columns = [
    "time", "queue_id", "session_id", "phase", "verdict", "direction", "code", "reply", "rule",
    "location", "client_ip", "client_name", "helo", "auth_user", "sender", "size", "message_id",
    "score", "quarantine_id", "microseconds", "image", "detail",
  ]

  private static let insertion =
    "INSERT INTO message (\(columns.joined(separator: ", "))) VALUES ("
    + columns.map { _ in "?" }.joined(separator: ", ") + ")"

  static func insert(
    _ entry: HistoryEntry, _ limits: HistoryLimits, _ database: Database
  ) throws {
    func cut(_ text: String) -> String { text.cut(toBytes: limits.textBytesMax) }
    let values: [DatabaseValue] = [
      entry.timeSeconds.databaseValue, cut(entry.queueID).databaseValue,
      cut(entry.sessionID).databaseValue, entry.phase.databaseValue,
      entry.verdict.databaseValue, entry.direction.databaseValue, cut(entry.code).databaseValue,
      cut(entry.reply).databaseValue, cut(entry.rule).databaseValue,
      cut(entry.location).databaseValue, cut(entry.clientIP).databaseValue,
      cut(entry.clientName).databaseValue, cut(entry.helo).databaseValue,
      cut(entry.login).databaseValue, cut(entry.sender).databaseValue,
      entry.sizeBytes?.databaseValue ?? .null, cut(entry.messageID).databaseValue,
      entry.score.databaseValue, cut(entry.quarantineID).databaseValue,
      entry.microseconds.databaseValue, entry.image.databaseValue,
      entry.detail(bytesMax: limits.detailBytesMax).databaseValue,
    ]
    try database.cachedStatement(sql: insertion).execute(arguments: StatementArguments(values))
    let number = database.lastInsertedRowID
    try insertLists(entry, number, limits, database)
  }

  private static func insertLists(
    _ entry: HistoryEntry, _ number: Int64, _ limits: HistoryLimits, _ database: Database
  ) throws {
    func cut(_ text: String) -> String { text.cut(toBytes: limits.textBytesMax) }
    let recipient = try database.cachedStatement(sql: "INSERT INTO recipient VALUES (?, ?, ?)")
    for (position, address) in entry.recipients.prefix(limits.recipientsMax).enumerated() {
      try recipient.execute(arguments: [number, position, cut(address)])
    }
    let hit = try database.cachedStatement(sql: "INSERT OR IGNORE INTO hit VALUES (?, ?)")
    for rule in entry.rules { try hit.execute(arguments: [number, cut(rule.name)]) }
    if !entry.rule.isEmpty { try hit.execute(arguments: [number, cut(entry.rule)]) }
    let event = try database.cachedStatement(
      sql: "INSERT INTO event (message, time, name, value, further) VALUES (?, ?, ?, ?, ?)")
    for said in entry.events.prefix(limits.eventsMax) {
      try event.execute(arguments: [
        number, entry.timeSeconds, cut(said.name), cut(said.values.first ?? ""),
        said.values.dropFirst().map(cut).joined(separator: "\u{1F}"),
      ])
    }
  }

  static func entry(_ row: Row, _ database: Database) throws -> HistoryEntry {
    var entry = HistoryEntry(timeSeconds: row["time"])
    entry.queueID = row["queue_id"]
    entry.sessionID = row["session_id"]
    entry.phase = row["phase"]
    entry.verdict = row["verdict"]
    entry.direction = row["direction"]
    entry.code = row["code"]
    entry.reply = row["reply"]
    entry.rule = row["rule"]
    entry.location = row["location"]
    entry.clientIP = row["client_ip"]
    entry.clientName = row["client_name"]
    entry.helo = row["helo"]
    entry.login = row["auth_user"]
    entry.sender = row["sender"]
    entry.sizeBytes = row["size"]
    entry.messageID = row["message_id"]
    entry.score = row["score"]
    entry.quarantineID = row["quarantine_id"]
    entry.microseconds = row["microseconds"]
    entry.image = row["image"]
    entry.read(detail: row["detail"])
    let number: Int64 = row["number"]
    entry.recipients = try String.fetchAll(
      database, sql: "SELECT address FROM recipient WHERE message = ? ORDER BY position",
      arguments: [number])
    let events = try Row.fetchAll(
      database, sql: "SELECT * FROM event WHERE message = ? ORDER BY number", arguments: [number])
    entry.events = events.map { event in
      let further: String = event["further"]
      let rest =
        further.isEmpty ? [] : further.split(separator: "\u{1F}", omittingEmptySubsequences: false)
      let first: String = event["value"]
      let values = first.isEmpty && rest.isEmpty ? [] : [first] + rest.map(String.init)
      return HistoryEntry.Event(name: event["name"], values: values)
    }
    return entry
  }
}

extension String {
  /// Cut at a character; what was cut ends in "…".
  package func cut(toBytes most: Int) -> String {
    guard utf8.count > most else { return self }
    var bytes = 0
    var end = unicodeScalars.startIndex
    while end < unicodeScalars.endIndex {
      bytes += UTF8.width(unicodeScalars[end])
      if bytes > most { break }
      end = unicodeScalars.index(after: end)
    }
    return String(unicodeScalars[..<end]) + "…"
  }
}
