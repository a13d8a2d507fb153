// `:lmdb`: a database of LMDB, as postmap makes it: one file, keys and values with or without a NUL
// at their end.
internal import NIOCore

struct LMDBTable: TableSourceClient {
  private let path: String
  private let services: LiveServices
  private let limits: TableCallLimits
  private let idle = HandleShelf<LMDBEnvironment>()

  var keepMilliseconds: Int? { TableCallLimits.fileKeepMilliseconds }
  /// lmdb.h: "Do not have open an LMDB database twice in the same process at the same time".
  var callsMax: Int { 1 }

  init(_ table: TableDeclaration, _ services: LiveServices, _ limits: TableCallLimits) {
    path = table.address
    self.services = services
    self.limits = limits
  }

  func look(
    up key: String, scope: String, until deadline: NIODeadline
  ) async throws(TableTrouble) -> String? {
    let value = try await services.block(orThrow: .stopped) { [self] () throws(TableTrouble) in
      try ask(Array(key.utf8), deadline)
    }
    return value.map { String(decoding: $0, as: UTF8.self) }
  }

  private func ask(
    _ key: [UInt8], _ deadline: NIODeadline
  ) throws(TableTrouble) -> [UInt8]? {
    let environment: LMDBEnvironment
    if let kept = idle.take(if: \.isCurrent) {
      environment = kept
    } else {
      environment = try LMDBEnvironment(path)
    }
    let value = try environment.value(
      of: [key, key + [0]], bytesMax: limits.valueBytesMax, until: deadline)
    idle.giveBack(environment)
    return value?.last == 0 ? value?.dropLast() : value
  }
}
