// `table`: the tables of a policy that are outside of it. What a key means is settled in
// `OutsideTable`; here the tables are found by name.
internal import NIOCore
package import RuleBytecode
package import RuleVM

package struct TableLookup: LiveCheck {
  private let tables: [String: OutsideTable]

  /// Nothing is asked or opened yet.
  package init(
    _ program: Program, _ services: LiveServices, limits: TableCallLimits = TableCallLimits()
  ) throws(LiveFailure) {
    let declared = program.tables.filter(\.source.isOutside)
      .map { TableDeclaration($0, in: program) }
    try self.init(declared, services, limits: limits)
  }

  package init(
    _ declared: [TableDeclaration], _ services: LiveServices,
    limits: TableCallLimits = TableCallLimits()
  ) throws(LiveFailure) {
    let known = KnownAnswers(bytesMax: limits.keptBytesMax)
    var tables: [String: OutsideTable] = [:]
    for table in declared {
      let client = try TableSources.client(table, services, limits)
      tables[table.name] = OutsideTable(table, client, known, services, limits)
    }
    self.tables = tables
  }

  package func answer(_ request: CheckRequest) async -> CheckAnswer {
    guard request.arguments.count == 3, let table = tables[request.arguments[0]] else {
      return .failed(.table, reason: "nobody answers for this table")
    }
    // A little before the time is over for whoever asks, so that the reason still reaches them.
    let patience = Int64(request.timeoutMilliseconds) * 19 / 20
    let deadline = NIODeadline.now() + .milliseconds(patience)
    do throws(TableTrouble) {
      let (scope, key) = (request.arguments[1], request.arguments[2])
      let value = try await table.value(of: key, scope: scope, until: deadline)
      return .values(value.map { [$0] } ?? [])
    } catch {
      return .failed(.table, reason: error.reason)
    }
  }
}
