// Messages that `save_copy` keeps: `YYYY/MM/DD/ID.eml` below the store's folder, as they came, with
// `ID.json` beside each: the envelope, which the message does not have.

package struct CopyOrder: Sendable {
  /// As a quarantine's (`QuarantineID`).
  package var id: String
  package var content: [UInt8]
  package var envelope: HeldEnvelope
  package var rule: String
  package var dateSeconds: Int64

  package init(
    id: String, content: [UInt8], envelope: HeldEnvelope, rule: String, dateSeconds: Int64
  ) {
    self.id = id
    self.content = content
    self.envelope = envelope
    self.rule = rule
    self.dateSeconds = dateSeconds
  }

  var facts: [SidecarFact] {
    [
      SidecarFact("date", .text(UTC.text(dateSeconds))),
      SidecarFact("sender", .text(envelope.sender)),
      SidecarFact("recipients", .texts(envelope.recipients)),
      SidecarFact("client_ip", .text(envelope.clientIP)),
      SidecarFact("client_name", .text(envelope.clientName)),
      SidecarFact("helo", .text(envelope.helo)),
      SidecarFact("auth_user", .text(envelope.authUser)),
      SidecarFact("queue_id", .text(envelope.queueID)),
      SidecarFact("session_id", .text(envelope.sessionID)), SidecarFact("rule", .text(rule)),
      SidecarFact("size", .number(content.count)),
    ]
  }
}

/// Blocking. Any number of threads and processes may put and expire at once.
package struct CopyStore: Sendable {
  package let folder: StoreFolder
  package let freeSpaceFactor: Int

  package init(_ folder: StoreFolder, freeSpaceFactor: Int = 2) {
    self.folder = folder
    self.freeSpaceFactor = freeSpaceFactor
  }

  /// Keeps a message. When it returns, the copy outlasts a loss of power; its envelope is there
  /// before it. The same id with the same content is kept once.
  package func put(_ order: CopyOrder) throws(StoreFailure) -> StoredFile {
    guard QuarantineID.isValid(order.id) else {
      throw .refused("'\(order.id.prefix(40).filter(\.isASCII))' cannot be a copy's name")
    }
    try folder.prepare()
    try DurableFile.checkRoom(
      for: order.content.count, in: folder.path, factor: freeSpaceFactor)
    return try folder.locked(alone: false) { () throws(StoreFailure) in
      var place = folder.path
      for name in UTC.day(order.dateSeconds) { place = try folder.makeFolder(name, in: place) }
      let name = "\(order.id).eml"
      let path = "\(place)/\(name)"
      if let facts = StoreDoor.facts(path) {
        guard facts.size == order.content.count,
          try StoreDoor.read(path, bytesMax: order.content.count) == order.content
        else { throw .conflict("another copy has the name \(path)") }
        try StoreDoor.syncFile(path)
        try StoreDoor.syncFolder(place)
        return StoredFile(path: path, isNew: false)
      }
      try DurableFile.write(
        SidecarFact.bytes(order.facts), to: "\(order.id).json", in: place, mode: folder.mode,
        folder.steps)
      try DurableFile.write(order.content, to: name, in: place, mode: folder.mode, folder.steps)
      return StoredFile(path: path, isNew: true)
    }
  }
}
