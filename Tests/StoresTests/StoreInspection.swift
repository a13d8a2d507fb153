// What the tests ask of the index itself.

import GRDB

@testable import Stores

extension QuarantineStore {
  /// All that was written is in the index's own file.
  func checkpoint() throws {
    try index.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
  }

  func setVersion(_ version: Int) throws {
    try index.writeWithoutTransaction { try $0.execute(sql: "PRAGMA user_version = \(version)") }
  }

  /// How the index is written.
  func settings() throws -> [String] {
    try index.read { database in
      [
        try String.fetchOne(database, sql: "PRAGMA journal_mode") ?? "",
        try Int.fetchOne(database, sql: "PRAGMA synchronous").map(String.init) ?? "",
      ]
    }
  }
}
