// Questions to the history: one message, those that a filter means, and counts of events.
internal import GRDB

/// Which entries are asked for; nil asks nothing. In texts `*` is any run of characters, and a
/// first `@` stands for all addresses there; letters of ASCII are compared without regard to case.
package struct HistoryFilter: Equatable, Sendable {
  package var sinceSeconds: Int64?
  package var untilSeconds: Int64?
  package var sender: String?
  package var recipient: String?
  package var client: String?
  package var rule: String?
  package var verdict: String?
  package var messageID: String?
  package var phase: String?
  /// The newest so many.
  package var countMax = 100

  package init() {}
}

/// What a report counts.
package enum ReportSubject: Equatable, Sendable {
  /// Events of that name.
  case event(String)
  case verdict(String)
  /// Messages on which that rule acted.
  case rule(String)

  /// `NAME`, `verdict:NAME` or `rule:NAME`.
  package init(_ text: String) {
    if text.hasPrefix("verdict:") {
      self = .verdict(String(text.dropFirst(8)))
    } else if text.hasPrefix("rule:") {
      self = .rule(String(text.dropFirst(5)))
    } else {
      self = .event(text)
    }
  }
}

package enum ReportKey: String, CaseIterable, Sendable { case sender, recipient, domain, value }
package enum ReportPeriod: String, CaseIterable, Sendable { case hour, day, month }

package struct ReportQuestion: Equatable, Sendable {
  package var subject: ReportSubject
  package var key: ReportKey?
  package var period: ReportPeriod?
  package var sinceSeconds: Int64?
  package var untilSeconds: Int64?
  /// The largest so many, of each period.
  package var countMax = 10

  package init(_ subject: ReportSubject) { self.subject = subject }
}

package struct ReportLine: Equatable, Sendable {
  /// `2026-03-01T12`, `2026-03-01` or `2026-03`; empty for all time.
  package let period: String
  package let key: String
  package let count: Int
}

extension HistoryStore {
  /// Entries of a queue id or a session's id, the oldest first.
  package func entries(of id: String) throws(StoreFailure) -> [HistoryEntry] {
    try read { database in
      let rows = try Row.fetchAll(
        database,
        sql: """
          SELECT * FROM message WHERE queue_id = ?
          UNION ALL SELECT * FROM message WHERE session_id = ? AND queue_id <> ?
          ORDER BY number LIMIT 1000
          """, arguments: [id, id, id])
      return try rows.map { try HistoryRow.entry($0, database) }
    }
  }

  /// The newest first.
  package func entries(_ filter: HistoryFilter) throws(StoreFailure) -> [HistoryEntry] {
    var conditions = ["1"]
    var arguments: [DatabaseValue] = []
    func add<Value: DatabaseValueConvertible>(_ value: Value?, _ condition: String) {
      guard let value else { return }
      conditions.append(condition)
      arguments.append(value.databaseValue)
    }
    add(filter.sinceSeconds, "time >= ?")
    add(filter.untilSeconds, "time < ?")
    add(filter.sender.map(EntryQuery.pattern), "sender LIKE ? ESCAPE '\\'")
    add(
      filter.recipient.map(EntryQuery.pattern),
      "number IN (SELECT message FROM recipient WHERE address LIKE ? ESCAPE '\\')")
    if let client = filter.client.map(EntryQuery.pattern) {
      add(client, "(client_ip LIKE ? ESCAPE '\\' OR client_name LIKE ? ESCAPE '\\')")
      arguments.append(client.databaseValue)
    }
    add(
      filter.rule.map(EntryQuery.pattern),
      "number IN (SELECT message FROM hit WHERE rule LIKE ? ESCAPE '\\')")
    add(filter.verdict, "verdict = ?")
    add(filter.messageID, "message_id = ?")
    add(filter.phase, "phase = ?")
    arguments.append(filter.countMax.databaseValue)
    let sql =
      "SELECT * FROM message WHERE \(conditions.joined(separator: " AND "))"
      + " ORDER BY time DESC, number DESC LIMIT ?"
    return try read { [arguments] database in
      let rows = try Row.fetchAll(database, sql: sql, arguments: StatementArguments(arguments))
      return try rows.map { try HistoryRow.entry($0, database) }
    }
  }

  /// How many entries there are, and the times of the oldest and the newest.
  package func extent() throws(StoreFailure) -> (count: Int, oldest: Int64?, newest: Int64?) {
    try read { database in
      let row = try Row.fetchOne(
        database, sql: "SELECT count(*), min(time), max(time) FROM message")
      return (row?[0] ?? 0, row?[1], row?[2])
    }
  }

  /// Counts, the periods in order, in each the largest first.
  package func report(_ question: ReportQuestion) throws(StoreFailure) -> [ReportLine] {
    let (source, name) = Self.source(question.subject)
    var conditions = ["name = ?"]
    var arguments: [DatabaseValue] = [name.databaseValue]
    if let since = question.sinceSeconds {
      conditions.append("time >= ?")
      arguments.append(since.databaseValue)
    }
    if let until = question.untilSeconds {
      conditions.append("time < ?")
      arguments.append(until.databaseValue)
    }
    arguments.append(question.countMax.databaseValue)
    let recipients =
      question.key == .recipient ? " JOIN recipient ON recipient.message = source.message" : ""
    let sql = """
      WITH source AS (\(source)),
      counts AS (
        SELECT \(Self.period(question.period)) AS period, \(Self.key(question.key)) AS key,
          count(*) AS count
        FROM source\(recipients) WHERE \(conditions.joined(separator: " AND "))
        GROUP BY 1, 2),
      ranked AS (
        SELECT *, row_number() OVER (PARTITION BY period ORDER BY count DESC, key) AS rank
        FROM counts)
      SELECT period, key, count FROM ranked WHERE rank <= ? ORDER BY period, rank
      """
    return try read { [arguments] database in
      try Row.fetchAll(database, sql: sql, arguments: StatementArguments(arguments)).map { row in
        ReportLine(period: row["period"], key: row["key"], count: row["count"])
      }
    }
  }

  /// A table of what is counted: name, message, time, sender and value.
  private static func source(_ subject: ReportSubject) -> (sql: String, name: String) {
    switch subject {
    case .event(let name):
      (
        """
        SELECT event.name AS name, event.message AS message, event.time AS time,
          message.sender AS sender, event.value AS value
        FROM event JOIN message ON message.number = event.message
        """, name
      )
    case .verdict(let name):
      (
        """
        SELECT verdict AS name, number AS message, time AS time, sender AS sender, rule AS value
        FROM message
        """, name
      )
    case .rule(let name):
      (
        """
        SELECT hit.rule AS name, hit.message AS message, message.time AS time,
          message.sender AS sender, message.verdict AS value
        FROM hit JOIN message ON message.number = hit.message
        """, name
      )
    }
  }

  private static func period(_ period: ReportPeriod?) -> String {
    let format: String? =
      switch period {
      case .hour: "%Y-%m-%dT%H"
      case .day: "%Y-%m-%d"
      case .month: "%Y-%m"
      case nil: nil
      }
    return format.map { "strftime('\($0)', time, 'unixepoch')" } ?? "''"
  }

  private static func key(_ key: ReportKey?) -> String {
    switch key {
    case .sender: "lower(source.sender)"
    case .recipient: "lower(recipient.address)"
    // Behind the last '@': what stands before it may be quoted and have others.
    case .domain:
      "lower(replace(source.sender, rtrim(source.sender, replace(source.sender, '@', '')), ''))"
    case .value: "source.value"
    case nil: "''"
    }
  }
}
