// The tables of the quarantine's index, and how an older index becomes one of today. Tables are
// STRICT, so that a value read back has the type it was written with whoever wrote it.
internal import GRDB

enum QuarantineSchema {
  /// Each step brings an index of version `index` to the next. A step is never changed once it was
  /// released; new ones are put behind.
  static let steps: [String] = [
    """
    CREATE TABLE totals (
      entries INTEGER NOT NULL, bytes INTEGER NOT NULL
    ) STRICT;
    INSERT INTO totals VALUES (0, 0);
    CREATE TABLE content (
      digest TEXT PRIMARY KEY NOT NULL, size INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE entry (
      number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, state TEXT NOT NULL,
      reason TEXT NOT NULL, rule TEXT NOT NULL, policy TEXT NOT NULL,
      received INTEGER NOT NULL, expires INTEGER NOT NULL,
      subject TEXT NOT NULL, message_id TEXT NOT NULL, size INTEGER NOT NULL,
      digest TEXT NOT NULL, content TEXT REFERENCES content (digest),
      envelope TEXT NOT NULL, sender TEXT NOT NULL, client_ip TEXT NOT NULL,
      client_name TEXT NOT NULL, helo TEXT NOT NULL, auth_user TEXT NOT NULL,
      queue_id TEXT NOT NULL, session_id TEXT NOT NULL,
      part_path TEXT, part_name TEXT, part_type TEXT, is_copy INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX entry_received ON entry (received);
    CREATE INDEX entry_expires ON entry (expires);
    CREATE INDEX entry_content ON entry (content);
    CREATE INDEX entry_same ON entry (digest, envelope, received);
    CREATE TABLE recipient (
      entry INTEGER NOT NULL REFERENCES entry (number) ON DELETE CASCADE,
      position INTEGER NOT NULL, address TEXT NOT NULL,
      PRIMARY KEY (entry, position)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX recipient_address ON recipient (address COLLATE NOCASE);
    CREATE TABLE alias (
      id TEXT PRIMARY KEY NOT NULL,
      entry INTEGER NOT NULL REFERENCES entry (number) ON DELETE CASCADE
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX alias_entry ON alias (entry);
    CREATE TABLE audit (
      number INTEGER PRIMARY KEY, id TEXT NOT NULL, time INTEGER NOT NULL,
      user_number INTEGER NOT NULL, user_name TEXT NOT NULL,
      action TEXT NOT NULL, result TEXT NOT NULL
    ) STRICT;
    CREATE INDEX audit_id ON audit (id);
    CREATE INDEX audit_time ON audit (time);
    CREATE TRIGGER entry_added AFTER INSERT ON entry WHEN NEW.content IS NOT NULL
      BEGIN UPDATE totals SET entries = entries + 1; END;
    CREATE TRIGGER entry_emptied AFTER UPDATE OF content ON entry
      WHEN OLD.content IS NOT NULL AND NEW.content IS NULL
      BEGIN UPDATE totals SET entries = entries - 1; END;
    CREATE TRIGGER entry_removed AFTER DELETE ON entry WHEN OLD.content IS NOT NULL
      BEGIN UPDATE totals SET entries = entries - 1; END;
    CREATE TRIGGER content_added AFTER INSERT ON content
      BEGIN UPDATE totals SET bytes = bytes + NEW.size; END;
    CREATE TRIGGER content_removed AFTER DELETE ON content
      BEGIN UPDATE totals SET bytes = bytes - OLD.size; END;
    """
  ]

  /// Runs in one transaction; two processes that open a new index at once do it one by one.
  static func migrate(_ database: Database) throws {
    let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
    guard version <= steps.count else {
      throw StoreFailure.broken(
        "the quarantine's index has version \(version), this program knows \(steps.count)")
    }
    for step in steps.dropFirst(version) { try database.execute(sql: step) }
    if version < steps.count { try database.execute(sql: "PRAGMA user_version = \(steps.count)") }
  }
}
