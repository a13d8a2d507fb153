// The quarantine: contents as files named by their SHA-256, what is known of them in an SQLite
// index beside them.
//
// An entry never stands without its file: the file is written and synced before the transaction
// that names it, that transaction looks whether the file is still there, and a file is removed only
// inside of a write transaction that finds no entry for it. SQLite lets one writer in at a time,
// also between processes, so nothing else needs a lock. A file without an entry is what a killed
// process leaves; it is swept when it is old.
internal import GRDB
internal import RuleBytecode

/// Blocking; called by threads that may wait. Safe for any number of threads and processes.
package final class QuarantineStore: Sendable {
  package let directory: String
  package let limits: QuarantineLimits
  let steps: StoreSteps
  let index: DatabaseQueue
  let contents: ContentFolder

  /// Opens the quarantine in a folder.
  /// - Parameter isMade: makes what is missing; otherwise a missing index is `.missing`.
  package init(
    directory: String, limits: QuarantineLimits = QuarantineLimits(), isMade: Bool = true,
    steps: StoreSteps = .untold
  ) throws(StoreFailure) {
    self.directory = directory
    self.limits = limits
    self.steps = steps
    if isMade {
      try StoreDoor.makeFolder(directory, mode: 0o750)
    } else if StoreDoor.facts("\(directory)/index.db")?.isFile != true {
      throw .missing(directory)
    }
    contents = try ContentFolder("\(directory)/content", bytesMax: limits.contentBytesMax)
    index = try Self.open("\(directory)/index.db", limits)
  }

  private static func open(
    _ path: String, _ limits: QuarantineLimits
  ) throws(StoreFailure) -> DatabaseQueue {
    var configuration = Configuration()
    configuration.label = "quarantine"
    configuration.busyMode = .timeout(Double(limits.lockWaitSeconds))
    configuration.journalMode = .wal
    do {
      let queue = try DatabaseQueue(path: path, configuration: configuration)
      // After the library's own NORMAL, with which a loss of power could take the last entries.
      try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
      try queue.write { try QuarantineSchema.migrate($0) }
      return queue
    } catch {
      throw StoreFailure(index: error)
    }
  }

  func read<Value>(_ body: (Database) throws -> Value) throws(StoreFailure) -> Value {
    do { return try index.read(body) } catch { throw StoreFailure(index: error) }
  }

  /// One transaction that holds the write lock from its beginning.
  func write<Value>(_ body: (Database) throws -> Value) throws(StoreFailure) -> Value {
    do { return try index.write(body) } catch { throw StoreFailure(index: error) }
  }
}

extension StoreFailure {
  /// What SQLite says, as a failure of the store. Its texts are about our own statements.
  init(index error: any Error) {
    if let failure = error as? StoreFailure {
      self = failure
      return
    }
    guard let fault = error as? DatabaseError else {
      self = .broken("the quarantine's index: \(error)")
      return
    }
    let text = fault.message ?? "code \(fault.resultCode.rawValue)"
    switch fault.resultCode {
    case .SQLITE_FULL: self = .full("the quarantine's index: \(text)")
    case .SQLITE_BUSY, .SQLITE_LOCKED: self = .busy
    case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH, .SQLITE_CANTOPEN:
      self = .denied("the quarantine's index: \(text)")
    case .SQLITE_CORRUPT, .SQLITE_NOTADB:
      self = .broken("the quarantine's index is damaged: \(text)")
    default: self = .broken("the quarantine's index: \(text)")
    }
  }
}
