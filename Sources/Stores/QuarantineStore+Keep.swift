// Keeping: the content first, then the transaction that names it.
internal import GRDB
internal import RuleBytecode

extension QuarantineStore {
  /// Keeps a message or a part. When it returns, the content and what is known of it outlast a loss
  /// of power; when it throws, there is no entry.
  ///
  /// The same id with the same content is kept once. The same content for the same envelope within
  /// `retrySeconds` joins the entry that is held already, which then has both ids: a client that
  /// was told to try again does not fill the store.
  package func keep(
    _ order: QuarantineOrder, content: [UInt8]
  ) throws(StoreFailure) -> KeptEntry {
    guard QuarantineID.isValid(order.id) else {
      throw .refused("'\(order.id.prefix(40).filter(\.isASCII))' cannot be an entry's id")
    }
    let digest = SHA256.digest(of: content.span).hex
    let new = NewEntry(order, content: content, digest: digest, limits)
    if let kept = try read({ try Self.earlier(new, $0, limits) }), kept.id == order.id {
      return kept
    }
    try DurableFile.checkRoom(
      for: content.count, in: directory, factor: limits.freeSpaceFactor)
    do throws(StoreFailure) {
      return try store(new, content)
    } catch {
      // What is over its time must not keep mail out.
      guard case .quota = error, try expireEntries(nowSeconds: order.receivedSeconds) > 0 else {
        throw error
      }
      return try store(new, content)
    }
  }

  private func store(_ new: NewEntry, _ content: [UInt8]) throws(StoreFailure) -> KeptEntry {
    // A known overflow writes nothing.
    try read { try Self.checkQuota(new, $0, limits) }
    do throws(StoreFailure) {
      // Twice: a sweeper may take an old file that nobody names, between our look at it and the
      // transaction. It cannot take the one that we write then, which is young.
      for _ in 0..<2 {
        try contents.put(content, new.digest, steps)
        if let kept = try insert(new) { return kept }
      }
      throw .broken("the content \(new.digest) goes away while it is stored")
    } catch {
      // Nothing half: the file goes unless an entry needs it. The failure that counts is the first.
      _ = try? removeUnnamed([new.digest])
      throw error
    }
  }

  /// Nil when the content's file has gone.
  private func insert(_ new: NewEntry) throws(StoreFailure) -> KeptEntry? {
    let kept: KeptEntry? = try write { database in
      steps.reached(.transactionBegun)
      guard contents.holds(new.digest, size: new.size) else { return nil }
      if let kept = try Self.earlier(new, database, limits) {
        if kept.id != new.order.id { try Self.join(new, to: kept.id, database) }
        return kept
      }
      try Self.checkQuota(new, database, limits)
      try new.insert(database)
      steps.reached(.inserted)
      return KeptEntry(id: new.order.id, isNew: true)
    }
    steps.reached(.committed)
    return kept
  }

  /// The entry that holds this already.
  private static func earlier(
    _ new: NewEntry, _ database: Database, _ limits: QuarantineLimits
  ) throws -> KeptEntry? {
    let named = try Row.fetchOne(
      database, sql: "SELECT id, digest, content FROM entry WHERE \(EntryQuery.isNamed)",
      arguments: [new.order.id, new.order.id])
    if let named {
      // One that was deleted holds nothing any more: to call it kept would lose the mail.
      guard named["content"] as String? == new.digest else {
        throw StoreFailure.conflict("the id '\(new.order.id)' is another entry's")
      }
      return KeptEntry(id: named["id"], isNew: false)
    }
    let same = try String.fetchOne(
      database,
      sql: """
        SELECT id FROM entry WHERE digest = ? AND envelope = ? AND state = ?
          AND received BETWEEN ? AND ? AND part_path IS ? AND is_copy = ? ORDER BY number LIMIT 1
        """,
      arguments: [
        new.digest, new.order.envelope.key, EntryState.held.rawValue,
        new.order.receivedSeconds - limits.retrySeconds,
        new.order.receivedSeconds + limits.retrySeconds, new.order.part?.path, new.order.isCopy,
      ])
    return same.map { KeptEntry(id: $0, isNew: false) }
  }

  private static func join(_ new: NewEntry, to id: String, _ database: Database) throws {
    try database.execute(
      sql: "INSERT INTO alias SELECT ?, number FROM entry WHERE id = ?",
      arguments: [new.order.id, id])
    let daemon = StoreActor.current
    try AuditRecord(
      id: id, timeSeconds: new.order.receivedSeconds, actor: daemon, action: .heldAgain,
      result: new.order.id
    ).insert(database)
  }

  private static func checkQuota(
    _ new: NewEntry, _ database: Database, _ limits: QuarantineLimits
  ) throws {
    let (entries, bytes) = try totals(database)
    if entries >= limits.entriesMax { throw StoreFailure.quota("\(entries) entries") }
    let isThere = try Bool.fetchOne(
      database, sql: "SELECT 1 FROM content WHERE digest = ?", arguments: [new.digest])
    let added = isThere == nil ? new.size : 0
    if bytes + added > limits.bytesMax {
      throw StoreFailure.quota("\(bytes) of \(limits.bytesMax) bytes")
    }
  }

  static func totals(_ database: Database) throws -> (entries: Int, bytes: Int) {
    guard let row = try Row.fetchOne(database, sql: "SELECT entries, bytes FROM totals") else {
      throw StoreFailure.broken("the quarantine's index has lost its totals")
    }
    return (row["entries"], row["bytes"])
  }
}

/// An entry as it is about to be written.
struct NewEntry {
  let order: QuarantineOrder
  let digest: String
  let size: Int
  private let limits: QuarantineLimits

  init(_ order: QuarantineOrder, content: [UInt8], digest: String, _ limits: QuarantineLimits) {
    self.order = order
    self.digest = digest
    self.limits = limits
    size = content.count
  }

  func insert(_ database: Database) throws {
    try database.execute(
      sql: "INSERT OR IGNORE INTO content VALUES (?, ?)", arguments: [digest, size])
    let values = columns
    let names = values.map(\.name).joined(separator: ", ")
    let marks = values.map { _ in "?" }.joined(separator: ", ")
    try database.execute(
      sql: "INSERT INTO entry (\(names)) VALUES (\(marks))",
      arguments: StatementArguments(values.map(\.value)))
    let number = database.lastInsertedRowID
    for (position, address) in order.envelope.recipients.enumerated() {
      try database.execute(
        sql: "INSERT INTO recipient VALUES (?, ?, ?)", arguments: [number, position, cut(address)])
    }
  }

  private var columns: [(name: String, value: DatabaseValue)] {
    let envelope = order.envelope
    let expires = order.expiresSeconds ?? order.receivedSeconds + limits.keepSeconds
    return [
      ("id", order.id.databaseValue), ("state", EntryState.held.rawValue.databaseValue),
      ("reason", text(order.reason)), ("rule", text(order.rule)), ("policy", text(order.policy)),
      ("received", order.receivedSeconds.databaseValue), ("expires", expires.databaseValue),
      ("subject", text(order.subject)), ("message_id", text(order.messageID)),
      ("size", size.databaseValue), ("digest", digest.databaseValue),
      ("content", digest.databaseValue), ("envelope", envelope.key.databaseValue),
      ("sender", text(envelope.sender)), ("client_ip", text(envelope.clientIP)),
      ("client_name", text(envelope.clientName)), ("helo", text(envelope.helo)),
      ("auth_user", text(envelope.authUser)), ("queue_id", text(envelope.queueID)),
      ("session_id", text(envelope.sessionID)),
      ("part_path", order.part?.path.databaseValue ?? .null),
      ("part_name", order.part.map { text($0.name) } ?? .null),
      ("part_type", order.part.map { text($0.type) } ?? .null),
      ("is_copy", order.isCopy.databaseValue),
    ]
  }

  private func text(_ text: String) -> DatabaseValue { cut(text).databaseValue }

  /// At most `textBytesMax` bytes, cut between characters; NUL would end the text for SQL.
  private func cut(_ text: String) -> String {
    if text.utf8.count <= limits.textBytesMax, !text.utf8.contains(0) { return text }
    var end =
      text.utf8.index(
        text.startIndex, offsetBy: limits.textBytesMax, limitedBy: text.endIndex) ?? text.endIndex
    while end.samePosition(in: text.unicodeScalars) == nil { end = text.utf8.index(before: end) }
    return String(text[..<end]).replacing("\0", with: "\u{FFFD}")
  }
}
