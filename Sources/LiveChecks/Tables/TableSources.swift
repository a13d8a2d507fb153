// The sources of tables: one file each, one line here.
internal import RuleBytecode

enum TableSources {
  /// Whoever asks that table; throws where it is declared in a way that cannot be asked.
  static func client(
    _ table: TableDeclaration, _ services: LiveServices, _ limits: TableCallLimits
  ) throws(LiveFailure) -> any TableSourceClient {
    switch table.source {
    case .cdb: CDBTable(table, services, limits)
    case .sqlite: try SQLiteTable(table, services, limits)
    case .socketmap: try SocketmapTable(table, services, limits)
    case .dns: try ZoneTable(table, services)
    case .lmdb: LMDBTable(table, services, limits)
    case .postgresql: try PostgresTable(table, services, limits)
    case .ldap: try DirectoryTable(table, services, limits)
    case .redis: try RedisTable(table, services, limits)
    case .inline, .file:
      preconditionFailure("table '\(table.name)' is in memory: nobody is asked for it")
    }
  }
}
