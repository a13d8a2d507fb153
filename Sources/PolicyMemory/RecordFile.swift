// The records of all memories of a host in one SQLite file.
//
// Every change is one transaction that holds the write lock from its beginning, so threads and
// processes go one by one, and one that dies leaves the file as it was before. `synchronous` is
// NORMAL: a process that dies loses nothing; a loss of power can take the last seconds, never the
// file. What that costs is one more wait of a greylist or a rate that counts a few too little, and
// no mail waits for a disk.
internal import GRDB

/// Steps of a change; tests end the process at each of them.
package enum RecordStep: Sendable, CaseIterable {
  case begun, changed, committed
}

package final class RecordFile: RecordStore {
  package let limits: MemoryLimits
  private let tell: @Sendable (RecordStep) -> Void
  let index: DatabaseQueue

  /// Opens the file, or makes it; its folder must be there, and keeps others from reading it.
  package init(
    path: String, limits: MemoryLimits = MemoryLimits(),
    _ tell: @escaping @Sendable (RecordStep) -> Void = { _ in }
  ) throws(MemoryFailure) {
    self.limits = limits
    self.tell = tell
    var configuration = Configuration()
    configuration.label = "memory"
    configuration.busyMode = .timeout(Double(limits.lockWaitSeconds))
    configuration.journalMode = .wal
    do {
      index = try DatabaseQueue(path: path, configuration: configuration)
      try index.writeWithoutTransaction { database in
        try database.execute(sql: "PRAGMA synchronous = NORMAL")
        // What is written again and again (a busy rate, a known network) reaches the file and the
        // disk once in 16 MB of log, not in 4.
        try database.execute(sql: "PRAGMA wal_autocheckpoint = 4096")
        // A log that grew while somebody read for long is cut back.
        try database.execute(sql: "PRAGMA journal_size_limit = 33554432")
      }
      try index.write { try RecordSchema.migrate($0) }
    } catch {
      throw MemoryFailure(sqlite: error)
    }
  }

  package func change<Answer>(
    _ keys: [RecordKey], nowSeconds: Int64, isDry: Bool,
    _ decide: ([Record?]) throws(MemoryFailure) -> (changes: [RecordChange], answer: Answer)
  ) throws(MemoryFailure) -> Answer {
    if isDry {
      return try read { database in
        try decide(try Self.records(keys, nowSeconds, database).map { $0.current }).answer
      }
    }
    let answer = try write { database in
      tell(.begun)
      let found = try Self.records(keys, nowSeconds, database)
      let (changes, answer) = try decide(found.map { $0.current })
      precondition(changes.count == keys.count, "a change for each key")
      for (at, change) in changes.enumerated() {
        try apply(change, keys[at], isThere: found[at].isThere, database)
      }
      tell(.changed)
      return answer
    }
    tell(.committed)
    return answer
  }

  func read<Value>(_ body: (Database) throws -> Value) throws(MemoryFailure) -> Value {
    do { return try index.read(body) } catch { throw MemoryFailure(sqlite: error) }
  }

  func write<Value>(_ body: (Database) throws -> Value) throws(MemoryFailure) -> Value {
    do { return try index.write(body) } catch { throw MemoryFailure(sqlite: error) }
  }

  // MARK: Records

  private typealias Found = (isThere: Bool, current: Record?)

  private static func records(
    _ keys: [RecordKey], _ nowSeconds: Int64, _ database: Database
  ) throws -> [Found] {
    try keys.map { key in
      let statement = try database.cachedStatement(
        sql: "SELECT value, ends FROM record WHERE kind = ? AND key = ?")
      let row = try Row.fetchOne(statement, arguments: [key.kind.rawValue, key.text])
      guard let row else { return (false, nil) }
      // A damaged file may hold NULL where our statements cannot have put it.
      guard let text = row[0] as String?, let ends = row[1] as Int64? else { throw Record.damaged }
      return (true, ends > nowSeconds ? try Record(text: text, endSeconds: ends) : nil)
    }
  }

  private func apply(
    _ change: RecordChange, _ key: RecordKey, isThere: Bool, _ database: Database
  ) throws {
    let sql: String
    var arguments: StatementArguments
    switch change {
    case .keep: return
    case .remove:
      sql = "DELETE FROM record WHERE kind = ? AND key = ?"
      arguments = []
    case .write(let record):
      if !isThere { try makeRoom(key.kind, database) }
      sql =
        isThere
        ? "UPDATE record SET ends = ?, value = ? WHERE kind = ? AND key = ?"
        : "INSERT INTO record (ends, value, kind, key) VALUES (?, ?, ?, ?)"
      arguments = [record.endSeconds, record.text]
    }
    arguments += [key.kind.rawValue, key.text]
    try database.cachedStatement(sql: sql).execute(arguments: arguments)
  }

  /// At the bound those go that would end first: the new one always finds a place.
  private func makeRoom(_ kind: RecordKind, _ database: Database) throws {
    let total = try database.cachedStatement(sql: "SELECT records FROM total WHERE kind = ?")
    guard let count = try Int.fetchOne(total, arguments: [kind.rawValue]) else {
      throw Record.damaged
    }
    let excess = count - max(limits.recordsMax(of: kind), 1) + 1
    guard excess > 0 else { return }
    try database.cachedStatement(
      sql: """
        DELETE FROM record WHERE kind = ?1 AND key IN
          (SELECT key FROM record WHERE kind = ?1 ORDER BY ends LIMIT ?2)
        """
    ).execute(arguments: [kind.rawValue, min(excess, max(limits.roomBatch, 1))])
    try database.cachedStatement(
      sql: "UPDATE total SET pushed_out = pushed_out + ? WHERE kind = ?"
    ).execute(arguments: [database.changesCount, kind.rawValue])
  }
}

extension MemoryFailure {
  /// What SQLite says, as a failure of the memory.
  init(sqlite error: any Error) {
    if let failure = error as? MemoryFailure {
      self = failure
      return
    }
    guard let fault = error as? DatabaseError else {
      self = .broken("the memory: \(error)")
      return
    }
    let text = fault.message ?? "code \(fault.resultCode.rawValue)"
    switch fault.resultCode {
    case .SQLITE_FULL: self = .full("the memory: \(text)")
    case .SQLITE_BUSY, .SQLITE_LOCKED: self = .busy
    case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH, .SQLITE_CANTOPEN:
      self = .denied("the memory: \(text)")
    case .SQLITE_CORRUPT, .SQLITE_NOTADB: self = .damaged(text)
    default: self = .broken("the memory: \(text)")
    }
  }
}
