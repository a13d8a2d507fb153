// `:cdb`: a constant database, as postmap, makemap and cdb make it. The file is opened when it is
// first asked, and again when another one has taken its place.
internal import NIOCore
internal import TableFiles

struct CDBTable: TableSourceClient {
  private let file: CDBFile
  private let services: LiveServices

  var keepMilliseconds: Int? { TableCallLimits.fileKeepMilliseconds }
  var callsMax: Int { 4 }

  init(_ table: TableDeclaration, _ services: LiveServices, _ limits: TableCallLimits) {
    var bounds = CDBLimits()
    bounds.valueBytesMax = limits.valueBytesMax
    file = CDBFile(table.address, limits: bounds)
    self.services = services
  }

  func look(
    up key: String, scope: String, until deadline: NIODeadline
  ) async throws(TableTrouble) -> String? {
    let answer = await services.block { [file] in
      Result { () throws(TableFileFailure) in try file.value(of: Array(key.utf8)) }
    }
    switch answer {
    case .success(let value): return value.map { String(decoding: $0, as: UTF8.self) }
    case .failure(.tooLong(let text)): throw TableTrouble(text, isOfServer: false)
    case .failure(let failure): throw TableTrouble(failure.message)
    case nil: throw .stopped
    }
  }
}
