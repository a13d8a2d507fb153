// `:sqlite`: a query of a database beside us, read-only, the key bound to `$1` and the section of
// `lookup :scope` to `$2`. Several rows are one value with commas between them, as in Postfix's
// tables. A query that takes too long is interrupted; a database that was replaced is opened again.
internal import GRDB
internal import NIOCore
internal import Synchronization
internal import TableFiles

struct SQLiteTable: TableSourceClient {
  private let path: String
  private let query: String
  private let services: LiveServices
  private let limits: TableCallLimits
  private let idle = HandleShelf<OpenDatabase>()

  var keepMilliseconds: Int? { TableCallLimits.fileKeepMilliseconds }
  var callsMax: Int { 4 }

  init(
    _ table: TableDeclaration, _ services: LiveServices, _ limits: TableCallLimits
  ) throws(LiveFailure) {
    path = table.address
    query = table.arguments["query"] ?? ""
    self.services = services
    self.limits = limits
    guard QueryPlaces.of(query).isSubset(of: [1, 2]) else {
      throw LiveFailure("table '\(table.name)': a query has only $1 and $2")
    }
  }

  /// By their places where there is only one, so that a query without it is a mistake that shows.
  private func arguments(_ key: String, _ scope: String) -> StatementArguments {
    QueryPlaces.of(query).contains(2) ? ["1": key, "2": scope] : [key]
  }

  func look(
    up key: String, scope: String, until deadline: NIODeadline
  ) async throws(TableTrouble) -> String? {
    let call = DatabaseCall()
    let timer = services.eventLoops.any().scheduleTask(deadline: deadline) { call.interrupt() }
    defer { timer.cancel() }
    return try await services.block(orThrow: .stopped) { [self] () throws(TableTrouble) in
      let database: OpenDatabase
      if let kept = idle.take(if: \.isCurrent) {
        database = kept
      } else {
        database = try OpenDatabase(path)
      }
      let value = try database.value(of: query, arguments(key, scope), limits, call)
      idle.giveBack(database)
      return value
    }
  }
}

/// A call that may be interrupted while it holds a database, and never after that.
private final class DatabaseCall: Sendable {
  private let state = Mutex<(database: DatabaseQueue?, isOver: Bool)>((nil, false))

  func interrupt() {
    state.withLock {
      $0.isOver = true
      $0.database?.interrupt()
    }
  }

  /// False when its time is over.
  func hold(_ database: DatabaseQueue?) -> Bool {
    state.withLock {
      $0.database = database
      return !$0.isOver
    }
  }
}

private final class OpenDatabase: Sendable {
  private let queue: DatabaseQueue
  private let path: String
  private let facts: FileFacts

  init(_ path: String) throws(TableTrouble) {
    self.path = path
    guard let facts = FileFacts.of(path) else { throw TableTrouble("\(path) is not there") }
    self.facts = facts
    var configuration = Configuration()
    configuration.readonly = true
    configuration.busyMode = .timeout(1)
    do {
      queue = try DatabaseQueue(path: path, configuration: configuration)
    } catch {
      throw Self.trouble(error, path)
    }
  }

  /// Whether the path still names the file that is open.
  var isCurrent: Bool { FileFacts.of(path)?.isSameFile(as: facts) == true }

  func value(
    of query: String, _ arguments: StatementArguments, _ limits: TableCallLimits,
    _ call: DatabaseCall
  ) throws(TableTrouble) -> String? {
    guard call.hold(queue) else { throw .timeout }
    defer { _ = call.hold(nil) }
    do {
      return try queue.read { database in
        let rows = try Row.fetchCursor(database, sql: query, arguments: arguments)
        var values = JoinedValues(limits)
        while let row = try rows.next() {
          if let text = row.databaseValues.first?.text { try values.add(text) }
        }
        return values.text
      }
    } catch let error as TableTrouble {
      throw error
    } catch {
      throw call.hold(queue) ? Self.trouble(error, path) : .timeout
    }
  }

  private static func trouble(_ error: any Error, _ path: String) -> TableTrouble {
    guard let error = error as? DatabaseError else { return TableTrouble("\(path): \(error)") }
    // A query that fails for one key says nothing of the database.
    let ofKey: [ResultCode] = [.SQLITE_ERROR, .SQLITE_MISMATCH, .SQLITE_TOOBIG]
    let words = error.message ?? "error \(error.resultCode.rawValue)"
    return TableTrouble(
      "\(path): \(words)", isOfServer: !ofKey.contains(error.resultCode.primaryResultCode))
  }
}

extension DatabaseValue {
  /// Nil for NULL.
  fileprivate var text: String? {
    switch storage {
    case .null: nil
    case .int64(let number): String(number)
    case .double(let number): String(number)
    case .string(let text): text
    case .blob(let bytes): String(decoding: bytes, as: UTF8.self)
    }
  }
}
