// Upkeep: entries past their time go, then files that nobody names; and a look whether index and
// files agree.
internal import GRDB
internal import RuleBytecode

/// What upkeep removed.
package struct ExpiryReport: Equatable, Sendable {
  package var entries = 0
  package var files = 0
}

package struct QuarantineCheck: Equatable, Sendable {
  package enum Fault: Equatable, Sendable {
    /// An entry whose content has no file.
    case missingContent(id: String)
    /// An entry whose content is not what its digest says.
    case damagedContent(id: String)
    /// A file that no entry names, older than a writer needs; `expire` removes it.
    case strayFile(path: String)
    /// The index disagrees with itself.
    case index(String)

    package var message: String {
      switch self {
      case .missingContent(let id): "the content of \(id) is missing"
      case .damagedContent(let id): "the content of \(id) is damaged"
      case .strayFile(let path): "no entry names the file \(path)"
      case .index(let text): "the index: \(text)"
      }
    }
  }

  package internal(set) var entries = 0
  package internal(set) var bytes = 0
  package internal(set) var faults: [Fault] = []
}

extension QuarantineStore {
  /// Removes entries past their time, contents and files that nobody names any more, and old audit
  /// records. Safe at any time, also while others keep mail.
  package func expire(nowSeconds: Int64) throws(StoreFailure) -> ExpiryReport {
    var report = ExpiryReport()
    report.entries = try expireEntries(nowSeconds: nowSeconds) { report.files += $0 }
    for folder in ContentFolder.folders {
      report.files += try sweep("\(contents.path)/\(folder)", nowSeconds)
    }
    try write { database in
      try database.execute(
        sql: "DELETE FROM audit WHERE time < ?", arguments: [nowSeconds - limits.auditSeconds])
    }
    return report
  }

  /// How many entries went.
  func expireEntries(
    nowSeconds: Int64, _ removed: (Int) -> Void = { _ in }
  ) throws(StoreFailure) -> Int {
    var count = 0
    while true {
      let (batch, digests) = try write { try expireBatch(nowSeconds, $0) }
      removed(try removeUnnamed(digests))
      count += batch
      if batch < limits.expireBatch { return count }
    }
  }

  private func expireBatch(
    _ nowSeconds: Int64, _ database: Database
  ) throws -> (count: Int, digests: Set<String>) {
    let rows = try Row.fetchAll(
      database, sql: "SELECT number, id, content FROM entry WHERE expires <= ? LIMIT ?",
      arguments: [nowSeconds, limits.expireBatch])
    var digests: Set<String> = []
    let actor = StoreActor.current
    for row in rows {
      let number: Int64 = row["number"]
      try database.execute(sql: "DELETE FROM entry WHERE number = ?", arguments: [number])
      if let digest = row["content"] as String? { digests.insert(digest) }
      try AuditRecord(
        id: row["id"], timeSeconds: nowSeconds, actor: actor, action: .expired, result: ""
      ).insert(database)
    }
    try Self.dropContents(digests, database)
    return (rows.count, digests)
  }

  /// Removes from one folder what a killed process left.
  private func sweep(_ folder: String, _ nowSeconds: Int64) throws(StoreFailure) -> Int {
    var count = 0
    var unnamed: Set<String> = []
    for name in try oldNames(in: folder, nowSeconds) {
      if name.hasPrefix(DurableFile.temporaryPrefix) {
        if try StoreDoor.remove("\(folder)/\(name)") { count += 1 }
      } else if ContentFolder.isDigest(name) {
        unnamed.insert(name)
      }
    }
    // Most files are named: only the others need the write lock.
    let known = try named(unnamed)
    return count + (try removeUnnamed(unnamed.subtracting(known)))
  }

  private func named(_ digests: Set<String>) throws(StoreFailure) -> Set<String> {
    if digests.isEmpty { return [] }
    return try read { database in
      try digests.filter { digest in
        try Bool.fetchOne(
          database, sql: "SELECT 1 FROM content WHERE digest = ?", arguments: [digest]) != nil
      }
    }
  }

  /// Files that no writer can still be at work with.
  private func oldNames(in folder: String, _ nowSeconds: Int64) throws(StoreFailure) -> [String] {
    try StoreDoor.names(in: folder).filter { name in
      guard let facts = StoreDoor.facts("\(folder)/\(name)"), facts.isFile else { return false }
      return facts.changedSeconds < nowSeconds - limits.sweepAgeSeconds
    }
  }

  // MARK: Check

  /// Reads every content and compares it with its digest. Changes nothing.
  package func check(nowSeconds: Int64) throws(StoreFailure) -> QuarantineCheck {
    var report = QuarantineCheck()
    let held = try read { try Self.examine($0, &report) }
    for (digest, id) in held.sorted(by: { $0.value < $1.value }) {
      guard let bytes = try contents.read(digest) else {
        report.faults.append(.missingContent(id: id))
        continue
      }
      if SHA256.digest(of: bytes.span).hex != digest {
        report.faults.append(.damagedContent(id: id))
      }
    }
    for folder in ContentFolder.folders {
      let path = "\(contents.path)/\(folder)"
      let old = Set(try oldNames(in: path, nowSeconds))
      let known = try named(old.filter(ContentFolder.isDigest))
      for name in old.subtracting(known).sorted() {
        report.faults.append(.strayFile(path: "\(path)/\(name)"))
      }
    }
    return report
  }

  /// What the index says of itself; each content with the id of one entry that has it.
  private static func examine(
    _ database: Database, _ report: inout QuarantineCheck
  ) throws -> [String: String] {
    for line in try String.fetchAll(database, sql: "PRAGMA quick_check(20)") where line != "ok" {
      report.faults.append(.index(line))
    }
    (report.entries, report.bytes) = try totals(database)
    let entries =
      try Int.fetchOne(database, sql: "SELECT count(*) FROM entry WHERE content IS NOT NULL") ?? 0
    let bytes = try Int.fetchOne(database, sql: "SELECT coalesce(sum(size), 0) FROM content") ?? 0
    if entries != report.entries || bytes != report.bytes {
      report.faults.append(.index("its totals are not those of its entries"))
    }
    let rows = try Row.fetchAll(
      database,
      sql: """
        SELECT content.digest AS digest, min(entry.id) AS id
          FROM content LEFT JOIN entry ON entry.content = content.digest GROUP BY content.digest
        """)
    var held: [String: String] = [:]
    for row in rows {
      let digest: String = row["digest"]
      if let id = row["id"] as String? {
        held[digest] = id
      } else {
        report.faults.append(.index("no entry has the content \(digest)"))
      }
    }
    return held
  }
}
