// Upkeep of the memory's file: records past their end go, and what is there can be shown.
internal import GRDB

/// What upkeep did.
package struct MemoryExpiry: Equatable, Sendable {
  package internal(set) var records = 0
  /// False when it stopped before all was done.
  package internal(set) var isDone = false
}

package struct MemoryTotal: Equatable, Sendable {
  package let kind: RecordKind
  package let records: Int
  /// How many went before their end, since the file was made, because the bound was reached.
  package let pushedOut: Int
}

extension RecordFile {
  /// Removes records past their end. No answer changes by it.
  /// - Parameter stepsMax: transactions of `expireBatch` records each; others may write between
  ///   two of them.
  package func expire(
    nowSeconds: Int64, stepsMax: Int = 1_000
  ) throws(MemoryFailure) -> MemoryExpiry {
    var expiry = MemoryExpiry()
    var steps = 0
    let batch = max(limits.expireBatch, 1)
    for kind in RecordKind.allCases {
      var removed = batch
      while removed == batch {
        guard steps < stepsMax else { return expiry }
        removed = try expireBatch(kind, batch, nowSeconds)
        expiry.records += removed
        steps += 1
      }
    }
    expiry.isDone = true
    return expiry
  }

  private func expireBatch(
    _ kind: RecordKind, _ count: Int, _ nowSeconds: Int64
  ) throws(MemoryFailure) -> Int {
    try write { database in
      try database.cachedStatement(
        sql: """
          DELETE FROM record WHERE kind = ?1 AND key IN
            (SELECT key FROM record WHERE kind = ?1 AND ends <= ?2 ORDER BY ends LIMIT ?3)
          """
      ).execute(arguments: [kind.rawValue, nowSeconds, count])
      return database.changesCount
    }
  }

  /// In the order of kinds.
  package func totals() throws(MemoryFailure) -> [MemoryTotal] {
    try read { database in
      let rows = try Row.fetchAll(
        database, sql: "SELECT kind, records, pushed_out FROM total ORDER BY kind")
      return rows.compactMap { row in
        guard let number = row[0] as Int?, let kind = RecordKind(rawValue: number),
          let records = row[1] as Int?, let pushedOut = row[2] as Int?
        else { return nil }
        return MemoryTotal(kind: kind, records: records, pushedOut: pushedOut)
      }
    }
  }
}
