// The tables of the memory's file, and how an older file becomes one of today. Tables are STRICT,
// so that a value read back has the type it was written with.
internal import GRDB

enum RecordSchema {
  /// Each step brings a file of version `index` to the next. A step is never changed once it was
  /// released; new ones are put behind.
  static let steps: [String] = [
    """
    CREATE TABLE record (
      kind INTEGER NOT NULL, key TEXT NOT NULL CHECK (length(key) <= 256),
      ends INTEGER NOT NULL, value TEXT NOT NULL CHECK (length(value) <= 4096),
      PRIMARY KEY (kind, key)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX record_ends ON record (kind, ends);
    CREATE TABLE total (
      kind INTEGER PRIMARY KEY, records INTEGER NOT NULL, pushed_out INTEGER NOT NULL
    ) STRICT;
    INSERT INTO total VALUES (1, 0, 0), (2, 0, 0), (3, 0, 0), (4, 0, 0), (5, 0, 0), (6, 0, 0);
    CREATE TRIGGER record_added AFTER INSERT ON record
      BEGIN UPDATE total SET records = records + 1 WHERE kind = NEW.kind; END;
    CREATE TRIGGER record_removed AFTER DELETE ON record
      BEGIN UPDATE total SET records = records - 1 WHERE kind = OLD.kind; END;
    """
  ]

  /// Runs in one transaction; two processes that open a new file at once do it one by one.
  static func migrate(_ database: Database) throws {
    let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
    guard (0...steps.count).contains(version) else {
      throw MemoryFailure.broken(
        "the memory has version \(version), this program knows \(steps.count)")
    }
    for step in steps.dropFirst(version) { try database.execute(sql: step) }
    if version < steps.count { try database.execute(sql: "PRAGMA user_version = \(steps.count)") }
  }
}
