// Finding: entries by what is asked for, one by its id, contents, and who did what.
internal import GRDB

/// Which entries are asked for; a nil or empty field asks nothing. Text is compared without regard
/// to the case of ASCII letters; `*` stands for any run of characters, and `@example.com` for all
/// addresses there.
package struct QuarantineFilter: Equatable, Sendable {
  package var sinceSeconds: Int64?
  package var untilSeconds: Int64?
  package var sender: String?
  package var recipient: String?
  package var rule: String?
  package var reason: String?
  package var kind: HeldKind?
  package var idPrefix: String?
  /// Entries in one of these states.
  package var states: [EntryState] = [.held, .releasing, .released]
  /// The newest so many.
  package var countMax = 1_000

  package init() {}

  /// Nothing but state and count is asked.
  package var isOpen: Bool {
    sinceSeconds == nil && untilSeconds == nil && sender == nil && recipient == nil && rule == nil
      && reason == nil && kind == nil && idPrefix == nil
  }
}

extension QuarantineStore {
  /// The newest first.
  package func entries(
    _ filter: QuarantineFilter = QuarantineFilter()
  ) throws(StoreFailure) -> [QuarantineEntry] {
    let query = EntryQuery(filter)
    return try read { try query.fetch($0) }
  }

  /// The entry of this id, or that which it was joined to.
  package func entry(_ id: String) throws(StoreFailure) -> QuarantineEntry? {
    try read { try Self.entry(id, $0)?.entry }
  }

  static func entry(
    _ id: String, _ database: Database
  ) throws -> (number: Int64, entry: QuarantineEntry)? {
    let row = try Row.fetchOne(
      database, sql: "SELECT * FROM entry WHERE \(EntryQuery.isNamed)", arguments: [id, id])
    return try row.map { ($0["number"], try EntryQuery.entry($0, database)) }
  }

  /// The content as it was kept.
  package func content(of id: String) throws(StoreFailure) -> [UInt8] {
    guard let entry = try entry(id), entry.state != .deleted else { throw .missing(id) }
    return try contents.checked(entry.digest)
  }

  /// What was done with an entry, oldest first.
  package func audit(of id: String) throws(StoreFailure) -> [AuditRecord] {
    try read { database in
      let rows = try Row.fetchAll(
        database, sql: "SELECT * FROM audit WHERE id = ? ORDER BY number",
        arguments: [try Self.entry(id, database)?.entry.id ?? id])
      return try rows.map { try AuditRecord($0) }
    }
  }

  /// Entries with content, and the bytes of all contents.
  package func totals() throws(StoreFailure) -> (entries: Int, bytes: Int) {
    try read { try Self.totals($0) }
  }
}

/// A filter as SQL, and rows as entries.
struct EntryQuery {
  /// Binds the id twice.
  static let isNamed = "(id = ? OR number = (SELECT entry FROM alias WHERE id = ?))"

  private var conditions: [String] = []
  private var arguments: [DatabaseValue] = []

  init(_ filter: QuarantineFilter) {
    add(filter.sinceSeconds, "received >= ?")
    add(filter.untilSeconds, "received < ?")
    addPattern(filter.sender, "sender LIKE ? ESCAPE '\\'")
    addPattern(
      filter.recipient,
      "number IN (SELECT entry FROM recipient WHERE address LIKE ? ESCAPE '\\')")
    addPattern(filter.rule, "rule LIKE ? ESCAPE '\\'")
    addPattern(filter.reason, "reason LIKE ? ESCAPE '\\'")
    if let prefix = filter.idPrefix {
      conditions.append("substr(id, 1, ?) = ?")
      arguments += [prefix.unicodeScalars.count.databaseValue, prefix.databaseValue]
    }
    switch filter.kind {
    case .message: conditions.append("part_path IS NULL AND NOT is_copy")
    case .part: conditions.append("part_path IS NOT NULL")
    case .copy: conditions.append("part_path IS NULL AND is_copy")
    case nil: break
    }
    let marks = filter.states.map { _ in "?" }.joined(separator: ", ")
    conditions.append("state IN (\(marks))")
    arguments += filter.states.map(\.rawValue.databaseValue)
    arguments.append(filter.countMax.databaseValue)
  }

  private mutating func add(_ value: Int64?, _ condition: String) {
    guard let value else { return }
    conditions.append(condition)
    arguments.append(value.databaseValue)
  }

  private mutating func addPattern(_ text: String?, _ condition: String) {
    guard let text else { return }
    conditions.append(condition)
    arguments.append(Self.pattern(text).databaseValue)
  }

  /// `*` is the only sign that stands for others.
  static func pattern(_ text: String) -> String {
    var result = text.hasPrefix("@") ? "%" : ""
    for character in text {
      switch character {
      case "*": result += "%"
      case "%", "_", "\\": result += "\\\(character)"
      default: result.append(character)
      }
    }
    return result
  }

  func fetch(_ database: Database) throws -> [QuarantineEntry] {
    let rows = try Row.fetchAll(
      database,
      sql: """
        SELECT * FROM entry WHERE \(conditions.joined(separator: " AND "))
          ORDER BY received DESC, number DESC LIMIT ?
        """, arguments: StatementArguments(arguments))
    return try rows.map { try Self.entry($0, database) }
  }

  static func entry(_ row: Row, _ database: Database) throws -> QuarantineEntry {
    let id: String = row["id"]
    guard let state = EntryState(rawValue: row["state"]) else {
      throw StoreFailure.broken("the entry '\(id)' has a state that this program does not know")
    }
    let recipients = try String.fetchAll(
      database, sql: "SELECT address FROM recipient WHERE entry = ? ORDER BY position",
      arguments: [row["number"] as Int64])
    var envelope = HeldEnvelope(sender: row["sender"], recipients: recipients)
    envelope.clientIP = row["client_ip"]
    envelope.clientName = row["client_name"]
    envelope.helo = row["helo"]
    envelope.authUser = row["auth_user"]
    envelope.queueID = row["queue_id"]
    envelope.sessionID = row["session_id"]
    let part = (row["part_path"] as String?).map { path in
      HeldPart(path: path, name: row["part_name"] ?? "", type: row["part_type"] ?? "")
    }
    return QuarantineEntry(
      id: id, state: state, envelope: envelope, part: part, isCopy: row["is_copy"],
      reason: row["reason"],
      rule: row["rule"], policy: row["policy"], receivedSeconds: row["received"],
      expiresSeconds: row["expires"], subject: row["subject"], messageID: row["message_id"],
      size: row["size"], digest: row["digest"])
  }
}
