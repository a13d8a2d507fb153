// The history of messages in one SQLite file: written in batches by one thread of the daemon, read
// by whoever asks. It is not synced for each batch: a loss of power can take the last seconds,
// which are in the log too.
internal import GRDB

package final class HistoryStore: Sendable {
  package let limits: HistoryLimits
  private let file: DatabaseQueue

  package enum Purpose: Sendable { case write, read }

  /// Opens the history below a state folder; to be written it is made, to be read it must be there.
  package init(
    _ paths: StatePaths, for purpose: Purpose, limits: HistoryLimits = HistoryLimits()
  ) throws(StoreFailure) {
    self.limits = limits
    let path = paths.history
    if purpose == .read, StoreDoor.facts(path)?.isFile != true {
      throw .missing("history in \(paths.directory)")
    }
    var configuration = Configuration()
    configuration.label = "history"
    configuration.busyMode = .timeout(Double(limits.lockWaitSeconds))
    configuration.readonly = purpose == .read
    if purpose == .write { configuration.journalMode = .wal }
    do {
      file = try DatabaseQueue(path: path, configuration: configuration)
      if purpose == .write {
        try file.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = NORMAL") }
        try file.write { try HistorySchema.migrate($0) }
      } else {
        _ = try file.read { try HistorySchema.version($0) }
      }
    } catch {
      throw StoreFailure(history: error)
    }
  }

  func read<Value>(_ body: (Database) throws -> Value) throws(StoreFailure) -> Value {
    do { return try file.read(body) } catch { throw StoreFailure(history: error) }
  }

  private func write<Value>(_ body: (Database) throws -> Value) throws(StoreFailure) -> Value {
    do { return try file.write(body) } catch { throw StoreFailure(history: error) }
  }

  /// All of them in one transaction.
  package func add(_ entries: [HistoryEntry]) throws(StoreFailure) {
    let limits = limits
    try write { database in
      for entry in entries { try HistoryRow.insert(entry, limits, database) }
    }
  }

  /// Removes what is too old and what is too much, the oldest first.
  /// - Returns: how many entries.
  @discardableResult
  package func expire(nowSeconds: Int64) throws(StoreFailure) -> Int {
    let oldest = nowSeconds - Int64(limits.daysMax) * 86_400
    var removed = 0
    while true {
      let count = try write { [limits] database in
        // Numbers rise without a gap but for what was removed at the low end.
        let last = try Int64.fetchOne(database, sql: "SELECT max(number) FROM message") ?? 0
        try database.execute(
          sql: """
            DELETE FROM message WHERE number IN (
              SELECT number FROM message WHERE time < ? OR number <= ? ORDER BY number LIMIT ?)
            """,
          arguments: [oldest, last - Int64(limits.entriesMax), limits.expiredAtOnce])
        return database.changesCount
      }
      removed += count
      if count < limits.expiredAtOnce { return removed }
    }
  }
}

extension StatePaths {
  package var history: String { "\(directory)/history.sqlite" }
}

extension StoreFailure {
  fileprivate init(history error: any Error) {
    if let failure = error as? StoreFailure {
      self = failure
      return
    }
    guard let fault = error as? DatabaseError else {
      self = .broken("the history: \(error)")
      return
    }
    let text = "the history: \(fault.message ?? "code \(fault.resultCode.rawValue)")"
    switch fault.resultCode {
    case .SQLITE_FULL: self = .full(text)
    case .SQLITE_BUSY, .SQLITE_LOCKED: self = .busy
    case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH, .SQLITE_CANTOPEN: self = .denied(text)
    default: self = .broken(text)
    }
  }
}
