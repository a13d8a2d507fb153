// Files behind `replace_with_link`: `DIGEST/NAME` below the store's folder, as the link says it,
// and `DIGEST/.NAME.json` beside it for the web server. The place comes from the link that rules
// saw, so that the two cannot differ; the name comes from mail and is one plain path component.

/// Where a file lies below its store, read off its link.
package struct LinkPlace: Equatable, Sendable {
  /// SHA-256, hexadecimal; salted or not.
  package let digest: String
  /// Decoded.
  package let name: String

  /// Of a file name with the two signs around it and `.json`.
  static let nameBytesMax = 240

  /// The last two components of a link; nil when they are no place of ours.
  package init?(ofLink link: String) {
    let parts = link.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count >= 2, let name = Self.decoded(parts[parts.count - 1]) else { return nil }
    self.init(digest: String(parts[parts.count - 2]), name: name)
  }

  package init?(digest: String, name: String) {
    let bytes = name.utf8
    guard ContentFolder.isDigest(digest), !bytes.isEmpty, bytes.count <= Self.nameBytesMax,
      bytes.first != 46, !bytes.contains(where: { $0 < 32 || $0 == 47 || $0 == 127 })
    else { return nil }
    self.digest = digest
    self.name = name
  }

  /// RFC 3986 §2.1; nil for what is no escape or no UTF-8.
  private static func decoded(_ text: Substring) -> String? {
    var result: [UInt8] = []
    var rest = text.utf8
    while let byte = rest.popFirst() {
      if byte != 37 {
        result.append(byte)
        continue
      }
      let digits = Array(rest.prefix(2))
      guard digits.count == 2, digits.allSatisfy({ $0 != 43 && $0 != 45 }),
        let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
      else { return nil }
      result.append(value)
      rest = rest.dropFirst(2)
    }
    return String(validating: result, as: UTF8.self)
  }

  var sidecar: String { ".\(name).json" }
}

/// What becomes a file behind a link.
package struct LinkOrder: Sendable {
  package let place: LinkPlace
  package let content: [UInt8]
  /// The name that the mail gave it, before it was made one that suits a file.
  package var originalName = ""
  package var type = "application/octet-stream"
  package var sender = ""
  package var messageID = ""
  package var queueID = ""
  package var dateSeconds: Int64

  package init(place: LinkPlace, content: [UInt8], dateSeconds: Int64) {
    self.place = place
    self.content = content
    self.dateSeconds = dateSeconds
  }

  var facts: [SidecarFact] {
    [
      SidecarFact("name", .text(originalName)), SidecarFact("type", .text(type)),
      SidecarFact("size", .number(content.count)), SidecarFact("sender", .text(sender)),
      SidecarFact("date", .text(UTC.text(dateSeconds))),
      SidecarFact("message_id", .text(messageID)), SidecarFact("queue_id", .text(queueID)),
    ]
  }
}

package struct StoredFile: Equatable, Sendable {
  package let path: String
  /// False when it was there: then only its time was renewed.
  package let isNew: Bool
}

/// Blocking. Any number of threads and processes may put and expire at once.
package struct LinkStore: Sendable {
  package let folder: StoreFolder
  package let freeSpaceFactor: Int

  /// - Parameter freeSpaceFactor: so many times the size of a file must be free.
  package init(_ folder: StoreFolder, freeSpaceFactor: Int = 2) {
    self.folder = folder
    self.freeSpaceFactor = freeSpaceFactor
  }

  /// Puts a file behind its link. When it returns, the file outlasts a loss of power; the sidecar
  /// is there before it. The same content at the same place only gets its time renewed, a further
  /// name for it is a second name of the same file.
  package func put(_ order: LinkOrder) throws(StoreFailure) -> StoredFile {
    try folder.prepare()
    try DurableFile.checkRoom(
      for: order.content.count, in: folder.path, factor: freeSpaceFactor)
    return try folder.locked(alone: false) { () throws(StoreFailure) in
      let place = try folder.makeFolder(order.place.digest, in: folder.path)
      let path = "\(place)/\(order.place.name)"
      let isThere = try holds(path, order.content)
      if isThere { try StoreDoor.renew(path) }
      if !isThere || StoreDoor.facts("\(place)/\(order.place.sidecar)") == nil {
        try DurableFile.write(
          SidecarFact.bytes(order.facts), to: order.place.sidecar, in: place, mode: folder.mode,
          folder.steps)
      }
      if !isThere { try make(order, in: place) }
      try StoreDoor.syncFile(path)
      try StoreDoor.syncFolder(place)
      return StoredFile(path: path, isNew: !isThere)
    }
  }

  private func make(_ order: LinkOrder, in place: String) throws(StoreFailure) {
    for name in try StoreDoor.names(in: place) where !name.hasPrefix(".") {
      guard name != order.place.name, try holds("\(place)/\(name)", order.content) else { continue }
      try StoreDoor.renew("\(place)/\(name)")
      if try StoreDoor.link("\(place)/\(name)", to: "\(place)/\(order.place.name)") {
        folder.steps.reached(.renamed)
        return
      }
    }
    try DurableFile.write(
      order.content, to: order.place.name, in: place, mode: folder.mode, folder.steps)
  }

  /// The same size first: other contents are not read.
  private func holds(_ path: String, _ content: [UInt8]) throws(StoreFailure) -> Bool {
    guard let facts = StoreDoor.facts(path), facts.isFile, facts.size == content.count else {
      return false
    }
    return try StoreDoor.read(path, bytesMax: content.count) == content
  }
}
