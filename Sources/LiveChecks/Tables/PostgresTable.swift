// `:postgresql`: a query of a server, the key bound to `$1` and the section of `lookup :scope` to
// `$2`. Several rows are one value with commas between them, as in Postfix's tables. Transactions
// are read-only.
internal import NIOCore

struct PostgresTable: TableSourceClient {
  private let settings: String
  private let query: String
  private let places: Int
  private let services: LiveServices
  private let limits: TableCallLimits
  private let idle = HandleShelf<PostgresConnection>()

  var callsMax: Int { 4 }

  init(
    _ table: TableDeclaration, _ services: LiveServices, _ limits: TableCallLimits
  ) throws(LiveFailure) {
    settings = table.address
    query = table.arguments["query"] ?? ""
    let used = QueryPlaces.of(query)
    guard used.isSubset(of: [1, 2]) else {
      throw LiveFailure("table '\(table.name)': a query has only $1 and $2")
    }
    places = used.max() ?? 0
    self.services = services
    self.limits = limits
  }

  func look(
    up key: String, scope: String, until deadline: NIODeadline
  ) async throws(TableTrouble) -> String? {
    try await services.block(orThrow: .stopped) { [self] () throws(TableTrouble) in
      try ask(key, scope, deadline)
    }
  }

  private func ask(
    _ key: String, _ scope: String, _ deadline: NIODeadline
  ) throws(TableTrouble) -> String? {
    if let kept = idle.take(if: \.isUsable) {
      do throws(TableTrouble) {
        return try ask(kept, key, scope, deadline)
      } catch {
        // A server that was restarted has closed it meanwhile.
        guard !kept.isUsable, error != .timeout else { throw error }
      }
    }
    let fresh = try PostgresConnection(
      settings, statementMilliseconds: Self.statementMilliseconds, until: deadline)
    return try ask(fresh, key, scope, deadline)
  }

  private func ask(
    _ connection: PostgresConnection, _ key: String, _ scope: String, _ deadline: NIODeadline
  ) throws(TableTrouble) -> String? {
    var values = JoinedValues(limits)
    try connection.ask(query, places: places, key: key, scope: scope, until: deadline) {
      (text) throws(TableTrouble) in try values.add(text)
    }
    idle.giveBack(connection)
    return values.text
  }

  /// The longest time-out that a table can have: whoever gives up earlier closes the connection.
  private static let statementMilliseconds = 60_000
}
