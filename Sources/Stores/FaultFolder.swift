// What was in hand when the filter itself failed, for whoever looks for the reason: a folder for
// each message with its bytes and the facts of its session. Its size and number are bounded, the
// oldest go first. It holds mail, so nobody but the filter's own user can look in.
internal import RuleBytecode

package struct FaultFolder: Sendable {
  package struct Limits: Equatable, Sendable {
    /// None is kept if 0.
    package var countMax = 100
    package var bytesMax = 256 << 20

    package init() {}
  }

  package struct Totals: Equatable, Sendable {
    package var count = 0
    package var bytes = 0
  }

  package static let messageName = "message.eml"
  package static let sessionName = "session.json"
  private static let names = [messageName, sessionName]

  private let directory: String
  private let limits: Limits

  package init(_ paths: StatePaths, limits: Limits = Limits()) {
    directory = paths.faults
    self.limits = limits
  }

  private func folder(_ id: String) -> String {
    precondition(Self.isID(id))
    return "\(directory)/\(id)"
  }

  /// Where the facts of a session lie.
  package func sessionPath(_ id: String) -> String { folder(id) + "/" + Self.sessionName }

  package func holds(_ id: String) -> Bool { StoreDoor.facts(sessionPath(id)) != nil }

  /// - Parameter id: hexadecimal digits.
  /// - Returns: false if it is kept already.
  package func keep(
    _ id: String, message: [UInt8]?, session: [UInt8]
  ) throws(StoreFailure) -> Bool {
    guard !holds(id) else { return false }
    let size = session.count + (message?.count ?? 0)
    guard limits.countMax > 0, size <= limits.bytesMax else {
      throw .full("\(size) bytes are more than is kept of faults, \(limits.bytesMax)")
    }
    try StoreDoor.makeFolder(directory, mode: 0o700)
    try makeRoom(for: size)
    let folder = folder(id)
    do throws(StoreFailure) {
      try StoreDoor.makeFolder(folder, mode: 0o700)
      // What a writer that was killed left behind.
      for name in Self.names { try StoreDoor.remove("\(folder)/\(name)") }
      if let message {
        try StoreDoor.writeNew("\(folder)/\(Self.messageName)", message, mode: 0o600, .untold)
      }
      try StoreDoor.writeNew(sessionPath(id), session, mode: 0o600, .untold)
    } catch {
      remove(id)
      throw error
    }
    return true
  }

  package func remove(_ id: String) {
    let folder = folder(id)
    for name in Self.names { _ = try? StoreDoor.remove("\(folder)/\(name)") }
    StoreDoor.removeFolder(folder)
  }

  package var totals: Totals {
    entries.reduce(into: Totals()) { totals, entry in
      totals.count += 1
      totals.bytes += entry.bytes
    }
  }

  // MARK: The bounds

  private struct Entry {
    let id: String
    let bytes: Int
    let time: (Int64, Int)
  }

  /// Empty where there is no folder yet.
  private var entries: [Entry] {
    let ids = ((try? StoreDoor.names(in: directory)) ?? []).filter(Self.isID)
    return ids.compactMap { id in
      guard let facts = StoreDoor.facts(folder(id)), facts.isFolder else { return nil }
      let sizes = Self.names.map { StoreDoor.facts("\(folder(id))/\($0)")?.size ?? 0 }
      return Entry(
        id: id, bytes: sizes.reduce(0, +), time: (facts.changedSeconds, facts.changedNanoseconds))
    }
  }

  /// For one more of that size.
  private func makeRoom(for bytes: Int) throws(StoreFailure) {
    var left = entries.sorted { $0.time < $1.time }[...]
    var held = left.reduce(0) { $0 + $1.bytes }
    while left.count >= limits.countMax || held + bytes > limits.bytesMax,
      let oldest = left.popFirst()
    {
      held -= oldest.bytes
      remove(oldest.id)
    }
    try DurableFile.checkRoom(for: bytes, in: directory, factor: 1)
  }

  /// Only what we named is ever removed.
  private static func isID(_ name: String) -> Bool {
    name.utf8.count == 32
      && name.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
  }
}
