// The tables of the history, and how an older file becomes one of today.
internal import GRDB

enum HistorySchema {
  /// Each step brings a file of version `index` to the next; a step that was released never
  /// changes.
  static let steps: [String] = [
    """
    CREATE TABLE message (
      number INTEGER PRIMARY KEY, time INTEGER NOT NULL, queue_id TEXT NOT NULL,
      session_id TEXT NOT NULL, phase TEXT NOT NULL, verdict TEXT NOT NULL,
      direction TEXT NOT NULL, code TEXT NOT NULL, reply TEXT NOT NULL, rule TEXT NOT NULL,
      location TEXT NOT NULL, client_ip TEXT NOT NULL, client_name TEXT NOT NULL,
      helo TEXT NOT NULL, auth_user TEXT NOT NULL, sender TEXT NOT NULL, size INTEGER,
      message_id TEXT NOT NULL, score TEXT NOT NULL, quarantine_id TEXT NOT NULL,
      microseconds INTEGER NOT NULL, image TEXT NOT NULL, detail TEXT NOT NULL
    ) STRICT;
    CREATE INDEX message_time ON message (time);
    CREATE INDEX message_queue ON message (queue_id);
    CREATE INDEX message_sender ON message (sender COLLATE NOCASE);
    CREATE INDEX message_client ON message (client_ip);
    CREATE INDEX message_message ON message (message_id);
    CREATE TABLE recipient (
      message INTEGER NOT NULL REFERENCES message (number) ON DELETE CASCADE,
      position INTEGER NOT NULL, address TEXT NOT NULL, PRIMARY KEY (message, position)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX recipient_address ON recipient (address COLLATE NOCASE);
    CREATE TABLE hit (
      message INTEGER NOT NULL REFERENCES message (number) ON DELETE CASCADE,
      rule TEXT NOT NULL, PRIMARY KEY (message, rule)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX hit_rule ON hit (rule);
    CREATE TABLE event (
      number INTEGER PRIMARY KEY,
      message INTEGER NOT NULL REFERENCES message (number) ON DELETE CASCADE,
      time INTEGER NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, further TEXT NOT NULL
    ) STRICT;
    CREATE INDEX event_name ON event (name, time);
    CREATE INDEX event_message ON event (message);
    """
  ]

  /// In one transaction; of two processes that open a new file one waits.
  static func migrate(_ database: Database) throws {
    let version = try version(database)
    for step in steps.dropFirst(version) { try database.execute(sql: step) }
    if version < steps.count { try database.execute(sql: "PRAGMA user_version = \(steps.count)") }
  }

  static func version(_ database: Database) throws -> Int {
    let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
    guard version <= steps.count else {
      throw StoreFailure.broken(
        "the history has version \(version), this program knows \(steps.count)")
    }
    return version
  }
}
