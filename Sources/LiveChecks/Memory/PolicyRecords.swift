// Where policies remember: in a file of this host, or in a server that several hosts share.
package import PolicyMemory

package enum PolicyRecords: Sendable {
  case file(MemoryKeeper)
  case redis(RedisRecords, name: String)

  /// For messages.
  package var name: String {
    switch self {
    case .file(let keeper): keeper.path
    case .redis(_, let name): name
    }
  }

  /// One changes a file at a time anyway.
  var threads: Int {
    switch self {
    case .file: 1
    case .redis: RedisRecords.Limits().threads
    }
  }

  /// Finds out what hinders it before mail comes.
  func prepare() throws(MemoryFailure) {
    switch self {
    case .file(let keeper): try keeper.prepare()
    case .redis(let records, _): try records.prepare()
    }
  }

  /// Blocking. `work` may be done more than once and has no other effect.
  package func use<Answer>(
    _ work: (_ records: any RecordStore, _ nowSeconds: Int64) throws(MemoryFailure) -> Answer
  ) throws(MemoryFailure) -> Answer {
    switch self {
    case .file(let keeper):
      try keeper.use { (file, now) throws(MemoryFailure) in try work(file, now) }
    case .redis(let records, _): try work(records, MemoryDoor.nowSeconds)
    }
  }

  /// Removes what is past its end, where that is ours to do.
  func expire() throws(MemoryFailure) -> MemoryExpiry? {
    switch self {
    case .file(let keeper): try keeper.expire()
    case .redis: nil
    }
  }
}
