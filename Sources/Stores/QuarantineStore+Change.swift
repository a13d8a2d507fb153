// Releasing and deleting. A release is begun in the index before the mail is sent and ended after
// it, so that a process that dies between the two leaves a trace, and nobody sends twice unasked.
internal import GRDB

/// What is to be sent again.
package struct HeldMail: Equatable, Sendable {
  package let entry: QuarantineEntry
  package let content: [UInt8]
}

package enum ReleaseResult: Equatable, Sendable {
  /// Sent, with what the mail server said.
  case sent(String)
  /// Not sent: the entry is held as before.
  case failed(String)
}

extension QuarantineStore {
  /// Marks an entry as being released and hands out what is to be sent.
  /// - Parameter again: also when it was released before, or a release of it was cut short.
  package func beginRelease(
    _ id: String, by actor: StoreActor, again: Bool = false, nowSeconds: Int64
  ) throws(StoreFailure) -> HeldMail {
    guard let found = try entry(id), found.state != .deleted else { throw .missing(id) }
    let content = try contents.checked(found.digest)
    let entry = try write { database in
      guard let (number, entry) = try Self.entry(id, database), entry.state != .deleted else {
        throw StoreFailure.missing(id)
      }
      if !again, entry.state != .held {
        let how = entry.state == .released ? "was released before" : "is being released"
        throw StoreFailure.conflict("the entry '\(id)' \(how)")
      }
      try Self.set(.releasing, number, database)
      try AuditRecord(
        id: entry.id, timeSeconds: nowSeconds, actor: actor, action: .releaseBegun,
        result: again ? "again" : ""
      ).insert(database)
      return entry
    }
    return HeldMail(entry: entry, content: content)
  }

  package func finishRelease(
    _ id: String, _ result: ReleaseResult, by actor: StoreActor, nowSeconds: Int64
  ) throws(StoreFailure) {
    try write { database in
      guard let (number, entry) = try Self.entry(id, database) else {
        throw StoreFailure.missing(id)
      }
      let (state, action, text): (EntryState, AuditRecord.Action, String) =
        switch result {
        case .sent(let text): (.released, .released, text)
        case .failed(let text): (.held, .releaseFailed, text)
        }
      // Who deleted it meanwhile has the last word; the record says both.
      if entry.state != .deleted { try Self.set(state, number, database) }
      try AuditRecord(
        id: entry.id, timeSeconds: nowSeconds, actor: actor, action: action, result: text
      ).insert(database)
    }
  }

  /// Notes that somebody took a copy out.
  package func noteExport(
    _ id: String, by actor: StoreActor, nowSeconds: Int64
  ) throws(StoreFailure) {
    try write { database in
      guard let (_, entry) = try Self.entry(id, database) else { throw StoreFailure.missing(id) }
      try AuditRecord(
        id: entry.id, timeSeconds: nowSeconds, actor: actor, action: .exported, result: ""
      ).insert(database)
    }
  }

  /// Deletes the content of entries; what is known of them stays until their time is over. All of
  /// them or, when one is missing, none.
  package func delete(
    _ ids: [String], by actor: StoreActor, nowSeconds: Int64
  ) throws(StoreFailure) {
    let digests = try write { database in
      var digests: Set<String> = []
      for id in ids {
        guard let (number, entry) = try Self.entry(id, database) else {
          throw StoreFailure.missing(id)
        }
        if entry.state == .deleted { continue }
        try database.execute(
          sql: "UPDATE entry SET state = ?, content = NULL WHERE number = ?",
          arguments: [EntryState.deleted.rawValue, number])
        digests.insert(entry.digest)
        try AuditRecord(
          id: entry.id, timeSeconds: nowSeconds, actor: actor, action: .deleted, result: ""
        ).insert(database)
      }
      try Self.dropContents(digests, database)
      return digests
    }
    try removeUnnamed(digests)
  }

  private static func set(_ state: EntryState, _ number: Int64, _ database: Database) throws {
    try database.execute(
      sql: "UPDATE entry SET state = ? WHERE number = ?", arguments: [state.rawValue, number])
  }

  /// Contents that no entry names any more leave the index; their files go after the commit.
  static func dropContents(_ digests: Set<String>, _ database: Database) throws {
    for digest in digests {
      try database.execute(
        sql: """
          DELETE FROM content WHERE digest = ?
            AND NOT EXISTS (SELECT 1 FROM entry WHERE content = content.digest)
          """, arguments: [digest])
    }
  }

  /// Removes the files of contents that the index does not name. Inside of a write transaction, so
  /// that nobody names one meanwhile.
  @discardableResult
  func removeUnnamed(_ digests: Set<String>) throws(StoreFailure) -> Int {
    if digests.isEmpty { return 0 }
    return try write { database in
      var count = 0
      for digest in digests {
        let isNamed = try Bool.fetchOne(
          database, sql: "SELECT 1 FROM content WHERE digest = ?", arguments: [digest])
        if isNamed == nil, try StoreDoor.remove(contents.file(of: digest)) { count += 1 }
      }
      return count
    }
  }
}
