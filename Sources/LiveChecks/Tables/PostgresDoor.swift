// The door to libpq: the one file that imports it. Its asynchronous calls are driven by poll(2)
// with a deadline, since its blocking ones wait for a silent server for ever. Rows come one by one,
// so that a query that finds a million of them takes no memory for a million.
//
// libpq's manual, section 34.20: "no two threads attempt to manipulate the same PGconn object at
// the same time": the shelf hands it to one call at a time.
internal import CPQ
internal import Glibc
internal import NIOCore

@safe final class PostgresConnection: @unchecked Sendable {
  private let connection: OpaquePointer

  /// Connects, and lets the server itself hold to our bounds too.
  init(
    _ settings: String, statementMilliseconds: Int, until deadline: NIODeadline
  ) throws(TableTrouble) {
    guard let made = unsafe defang_pq_connect(settings) else {
      throw TableTrouble("out of memory", isOfServer: false)
    }
    unsafe connection = made
    guard unsafe PQstatus(made) != CONNECTION_BAD else { throw lost() }
    var wanted = PGRES_POLLING_WRITING
    while wanted != PGRES_POLLING_OK {
      guard wanted != PGRES_POLLING_FAILED else { throw lost() }
      try wait(forWriting: wanted == PGRES_POLLING_WRITING, deadline)
      wanted = unsafe PQconnectPoll(made)
    }
    let bounds = """
      SET default_transaction_read_only = on; SET statement_timeout = \(statementMilliseconds)
      """
    guard unsafe PQsendQuery(made, bounds) == 1 else { throw lost() }
    try unsafe eachResult(deadline) { (result) throws(TableTrouble) in
      guard unsafe PQresultStatus(result) == PGRES_COMMAND_OK else {
        throw unsafe Self.trouble(result)
      }
    }
  }

  deinit { unsafe PQfinish(connection) }

  /// It can be asked again; after a failure it may not.
  var isUsable: Bool { unsafe PQstatus(connection) == CONNECTION_OK }

  /// The first column of all rows, in their order, each handed over as it comes.
  func ask(
    _ query: String, places: Int, key: String, scope: String, until deadline: NIODeadline,
    _ each: (String) throws(TableTrouble) -> Void
  ) throws(TableTrouble) {
    let sent = unsafe defang_pq_send(connection, query, Int32(places), key, scope)
    guard sent == 1, unsafe PQsetSingleRowMode(connection) == 1 else { throw lost() }
    try unsafe eachResult(deadline) { (result) throws(TableTrouble) in
      switch unsafe PQresultStatus(result) {
      case PGRES_SINGLE_TUPLE, PGRES_TUPLES_OK:
        guard unsafe PQnfields(result) > 0 else { return }
        for row in 0..<(unsafe PQntuples(result)) where unsafe PQgetisnull(result, row, 0) == 0 {
          let bytes = unsafe UnsafeRawBufferPointer(
            start: PQgetvalue(result, row, 0), count: Int(PQgetlength(result, row, 0)))
          try each(unsafe String(decoding: bytes, as: UTF8.self))
        }
      case PGRES_COMMAND_OK: return
      default: throw unsafe Self.trouble(result)
      }
    }
  }

  // MARK: Waiting

  private func eachResult(
    _ deadline: NIODeadline, _ body: (OpaquePointer) throws(TableTrouble) -> Void
  ) throws(TableTrouble) {
    while true {
      while unsafe PQflush(connection) == 1 { try wait(forWriting: true, deadline) }
      while unsafe PQisBusy(connection) == 1 {
        try wait(forWriting: false, deadline)
        guard unsafe PQconsumeInput(connection) == 1 else { throw lost() }
      }
      guard let result = unsafe PQgetResult(connection) else { return }
      defer { unsafe PQclear(result) }
      try unsafe body(result)
    }
  }

  private func wait(
    forWriting isWriting: Bool, _ deadline: NIODeadline
  ) throws(TableTrouble) {
    let left = (deadline - NIODeadline.now()).nanoseconds / 1_000_000
    guard left > 0 else { throw .timeout }
    let events = Int16(isWriting ? POLLOUT : POLLIN)
    var descriptor = pollfd(fd: unsafe PQsocket(connection), events: events, revents: 0)
    let count = unsafe poll(&descriptor, 1, Int32(clamping: left))
    if count == 0 { throw .timeout }
    if count < 0, errno != EINTR { throw TableTrouble("poll fails: \(errno)") }
  }

  // MARK: Failures

  private func lost() -> TableTrouble {
    let words = unsafe String(cString: PQerrorMessage(connection))
    return TableTrouble(TableWords.shown(words))
  }

  /// The classes of PostgreSQL's manual, appendix A, that say something of the server: connection,
  /// resources, operator, system, internal. All others are of this query and key.
  private static func trouble(_ result: OpaquePointer) -> TableTrouble {
    let state = unsafe PQresultErrorField(result, Int32(UInt8(ascii: "C")))
    let code = unsafe state.map { unsafe String(cString: $0) } ?? ""
    if code == "57014" { return .timeout }
    let words = unsafe String(cString: PQresultErrorMessage(result))
    let isOfServer = ["08", "53", "57", "58", "XX"].contains { code.hasPrefix($0) }
    return TableTrouble(TableWords.shown(words), isOfServer: isOfServer)
  }
}
