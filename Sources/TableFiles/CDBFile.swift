// A constant database as a policy's table. Who makes one anew puts it in the old one's place by
// rename: each look-up asks the file system (one stat) whether the file is still the one that is
// open, so a new one is taken at once and a look-up never sees half of either.
internal import Synchronization

/// Blocking; called by threads that may wait. Any number of threads may ask at once.
package final class CDBFile: Sendable {
  package let path: String
  package let limits: CDBLimits
  private let current = Mutex<OpenFile?>(nil)

  /// Opens nothing yet: a file that comes later is found then.
  package init(_ path: String, limits: CDBLimits = CDBLimits()) {
    self.path = path
    self.limits = limits
  }

  /// The first value of a key; nil when it has none. The byte NUL with which postmap and makemap
  /// may end keys and values belongs to neither.
  package func value(of key: [UInt8]) throws(TableFileFailure) -> [UInt8]? {
    let file = try file()
    let reader = CDBReader(path: path, size: file.facts.size, limits: limits) {
      (offset, count) throws(TableFileFailure) in try file.read(at: offset, count: count)
    }
    for name in [key, key + [0]] {
      guard let value = try reader.value(of: name) else { continue }
      return value.last == 0 ? value.dropLast() : value
    }
    return nil
  }

  private func file() throws(TableFileFailure) -> OpenFile {
    let facts = FileFacts.of(path)
    let open = current.withLock { $0 }
    // Keep the old one open while the new one is not there: it may be on its way.
    if let open, facts == nil || facts == open.facts { return open }
    let file = try OpenFile(path)
    current.withLock { $0 = file }
    return file
  }
}
