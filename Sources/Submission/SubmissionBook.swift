// What our mail must remember: used marks, senders that got a notice, when digests went out, used
// release tokens. A small SQLite file, so that several processes may use it and a crash in the
// middle leaves it whole.
internal import GRDB

package final class SubmissionBook: Sendable {
  private let database: DatabaseQueue
  private let path: String

  static let fileName = "submission.sqlite"
  private static let busySeconds = 10.0
  static let daySeconds: Int64 = 86_400
  static let hourSeconds: Int64 = 3_600

  package init(stateFolder: String) throws(StateFault) {
    path = stateFolder + "/" + Self.fileName
    do {
      var configuration = Configuration()
      configuration.busyMode = .timeout(Self.busySeconds)
      database = try DatabaseQueue(path: path, configuration: configuration)
      try database.write { database in
        try database.execute(
          sql: """
            CREATE TABLE IF NOT EXISTS mark (nonce TEXT PRIMARY KEY, expires INTEGER NOT NULL)
              WITHOUT ROWID;
            CREATE INDEX IF NOT EXISTS mark_expires ON mark (expires);
            CREATE TABLE IF NOT EXISTS notice (address TEXT NOT NULL, sent INTEGER NOT NULL);
            CREATE INDEX IF NOT EXISTS notice_address ON notice (address, sent);
            CREATE INDEX IF NOT EXISTS notice_sent ON notice (sent);
            CREATE TABLE IF NOT EXISTS digest (name TEXT PRIMARY KEY, ran INTEGER NOT NULL);
            """)
      }
    } catch {
      throw .database("\(stateFolder)/\(Self.fileName): \(error)")
    }
    StateFiles.adopt(path)
  }

  private func write<Value: Sendable>(
    _ body: @Sendable (Database) throws -> Value
  ) throws(StateFault) -> Value {
    do { return try database.write(body) } catch { throw .database("\(path): \(error)") }
  }

  private func read<Value: Sendable>(
    _ body: @Sendable (Database) throws -> Value
  ) throws(StateFault) -> Value {
    do { return try database.read(body) } catch { throw .database("\(path): \(error)") }
  }

  // MARK: Things used once

  func isSpent(_ nonce: MarkNonce) throws(StateFault) -> Bool {
    try read {
      try Bool.fetchOne(
        $0, sql: "SELECT EXISTS (SELECT 1 FROM mark WHERE nonce = ?)", arguments: [nonce.text])
        ?? false
    }
  }

  /// True for the first who spends it. What has expired is forgotten, so the table stays as large
  /// as a day's own mail.
  func spend(_ nonce: MarkNonce, now: Int64) throws(StateFault) -> Bool {
    try write {
      try $0.execute(sql: "DELETE FROM mark WHERE expires < ?", arguments: [now])
      try $0.execute(
        sql: "INSERT OR IGNORE INTO mark (nonce, expires) VALUES (?, ?)",
        arguments: [nonce.text, nonce.expires])
      return $0.changesCount == 1
    }
  }

  /// Takes back what was spent for a thing that was not done.
  func restore(_ nonce: MarkNonce) throws(StateFault) {
    try write {
      try $0.execute(sql: "DELETE FROM mark WHERE nonce = ?", arguments: [nonce.text])
    }
  }

  // MARK: Notices

  /// Counts one more notice to this address, if it may go now: one a day for a sender, `hourlyMax`
  /// an hour for all. Nil when it may not, else the number to take it back by.
  func countNotice(
    to address: String, isSender: Bool, hourlyMax: Int, now: Int64
  ) throws(StateFault) -> Int64? {
    try write {
      try $0.execute(
        sql: "DELETE FROM notice WHERE sent < ? OR sent > ?",
        arguments: [now - Self.daySeconds, now + Self.daySeconds])
      if isSender {
        let was = try Bool.fetchOne(
          $0, sql: "SELECT EXISTS (SELECT 1 FROM notice WHERE address = ?)", arguments: [address])
        if was == true { return nil }
      }
      let count = try Int.fetchOne(
        $0, sql: "SELECT COUNT(*) FROM notice WHERE sent > ?", arguments: [now - Self.hourSeconds])
      guard (count ?? 0) < hourlyMax else { return nil }
      try $0.execute(
        sql: "INSERT INTO notice (address, sent) VALUES (?, ?)",
        arguments: [isSender ? address : "", now])
      return $0.lastInsertedRowID
    }
  }

  /// For a notice that could not be kept.
  func discountNotice(_ number: Int64) throws(StateFault) {
    try write {
      try $0.execute(sql: "DELETE FROM notice WHERE rowid = ?", arguments: [number])
    }
  }

  // MARK: Digests

  /// When a digest ran last; nil for never.
  func lastRun(of name: String) throws(StateFault) -> Int64? {
    try read {
      try Int64.fetchOne($0, sql: "SELECT ran FROM digest WHERE name = ?", arguments: [name])
    }
  }

  func setLastRun(of name: String, _ time: Int64) throws(StateFault) {
    try write {
      try $0.execute(
        sql: "INSERT OR REPLACE INTO digest (name, ran) VALUES (?, ?)", arguments: [name, time])
    }
  }

  /// The whole digest is out; what was noted of single addresses has served.
  func finishDigest(_ name: String, _ time: Int64) throws(StateFault) {
    try write {
      try $0.execute(
        sql: "INSERT OR REPLACE INTO digest (name, ran) VALUES (?, ?)", arguments: [name, time])
      try $0.execute(
        sql: "DELETE FROM digest WHERE substr(name, 1, ?) = ?",
        arguments: [name.unicodeScalars.count + 1, name + "\n"])
    }
  }
}
