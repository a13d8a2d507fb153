// What every source of tables has in common: one key asked, one value, none, or why it is not
// known. What a type of table means (domains above, halves of an address) is settled before: a
// client is asked for keys as they stand in the table.
internal import NIOCore
package import RuleBytecode

/// Asks one table. What the other side says is a stranger's word: bounded before it is read.
protocol TableSourceClient: Sendable {
  /// How long an answer holds, also that there is none; nil for the usual time.
  var keepMilliseconds: Int? { get }
  /// Calls at once; those that hold a thread allow few.
  var callsMax: Int { get }

  /// The value under exactly this key; nil when it has none, empty where keys have no values.
  func look(
    up key: String, scope: String, until deadline: NIODeadline
  ) async throws(TableTrouble) -> String?
}

extension TableSourceClient {
  var keepMilliseconds: Int? { nil }
  var callsMax: Int { 16 }
}

/// Why a table gave no answer.
struct TableTrouble: Error, Equatable, Sendable {
  /// One line: our own words, paths, and what a server says, cleaned.
  let reason: String
  /// It says something of the server, and not only of this key.
  var isOfServer = true

  init(_ reason: String, isOfServer: Bool = true) {
    self.reason = reason
    self.isOfServer = isOfServer
  }

  static let timeout = TableTrouble("timeout")
  static let cut = TableTrouble("the connection was closed before the answer was whole")
  static let stopped = TableTrouble("the daemon ends", isOfServer: false)

  static func tooLong(_ max: Int) -> TableTrouble {
    TableTrouble("a value is longer than \(max) bytes", isOfServer: false)
  }
}

/// A table as a policy declares it.
package struct TableDeclaration: Equatable, Sendable {
  package let name: String
  package let type: TableType
  package let source: TableSource
  package let arguments: [String: String]

  package init(
    name: String, type: TableType, source: TableSource, arguments: [String: String]
  ) {
    self.name = name
    self.type = type
    self.source = source
    self.arguments = arguments
  }

  package init(_ table: TableSpec, in program: Program) {
    let words = program.words(ofSet: table.arguments)
    var arguments: [String: String] = [:]
    for at in stride(from: 0, to: words.count - 1, by: 2) { arguments[words[at]] = words[at + 1] }
    self.init(
      name: program.string(table.name), type: table.type, source: table.source,
      arguments: arguments)
  }

  /// Where the source is.
  var address: String { arguments["address"] ?? "" }
}

/// The bounds of asking tables.
package struct TableCallLimits: Equatable, Sendable {
  /// Keys asked for one: an address has three, a domain as many as it has names.
  package var keysMax = 16
  package var keyBytesMax = 4_096
  package var valueBytesMax = 65_536
  /// Rows of a query, or values of an entry, that are put together.
  package var valuesMax = 1_000
  /// How long an answer of a server is used again: what changes there is seen that late.
  package var keepMilliseconds = 10_000
  /// The same for a file beside us, which is read again at little cost.
  package static let fileKeepMilliseconds = 1_000
  /// Of all answers kept for one policy.
  package var keptBytesMax = 8 << 20
  /// Calls that wait for a place.
  package var waitingMax = 1_000
  package var failuresMax = 5
  package var leaveAloneMilliseconds = 10_000
  package var connectMilliseconds = 5_000
  /// Connections that are kept open for the next question, and for how long.
  package var idleMax = 4
  package var idleMilliseconds = 60_000

  package init() {}
}
