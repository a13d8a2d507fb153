// One look-up in a constant database (D. J. Bernstein, cr.yp.to/cdb/cdb.txt): 256 pointers,
// records, hash tables; numbers are 32 bits, least significant byte first. Nothing in the file is
// trusted: every place is held against its size, and a look-up reads a bounded number of times.

package struct CDBLimits: Equatable, Sendable {
  package var valueBytesMax = 65_536
  /// Slots that one look-up may visit: a table is half empty, so that a few are enough in any file
  /// that was not made to hurt.
  package var slotsMax = 1_000

  package init() {}
}

struct CDBReader {
  private static let headBytes = 2_048

  let path: String
  let size: Int
  let limits: CDBLimits
  /// Bytes from a place; only asked for what lies within `size`.
  let read: (_ offset: Int, _ count: Int) throws(TableFileFailure) -> [UInt8]

  /// The first value of a key; nil when it has none.
  func value(of key: [UInt8]) throws(TableFileFailure) -> [UInt8]? {
    let hash = Self.hash(key)
    let pointer = try pair(at: Int(hash & 255) * 8)
    guard pointer.second > 0 else { return nil }
    let (start, slots) = (Int(pointer.first), Int(pointer.second))
    guard start >= Self.headBytes, start + slots * 8 <= size else { throw damaged }
    var slot = Int(hash >> 8) % slots
    for _ in 0..<min(slots, limits.slotsMax) {
      let (found, place) = try pair(at: start + slot * 8)
      // An empty slot ends the chain.
      if place == 0 { return nil }
      if found == hash, let value = try value(at: Int(place), of: key) { return value }
      slot = slot + 1 == slots ? 0 : slot + 1
    }
    if slots <= limits.slotsMax { return nil }
    throw .broken("\(path): more than \(limits.slotsMax) keys have one hash")
  }

  /// Nil when the record is of another key with the same hash.
  private func value(at place: Int, of key: [UInt8]) throws(TableFileFailure) -> [UInt8]? {
    guard place >= Self.headBytes else { throw damaged }
    let lengths = try pair(at: place)
    let (keyCount, count) = (Int(lengths.first), Int(lengths.second))
    guard place + 8 + keyCount + count <= size else { throw damaged }
    guard keyCount == key.count, try bytes(at: place + 8, count: keyCount) == key else {
      return nil
    }
    guard count <= limits.valueBytesMax else {
      throw .tooLong("\(path): a value is longer than \(limits.valueBytesMax) bytes")
    }
    return try bytes(at: place + 8 + keyCount, count: count)
  }

  static func hash(_ key: [UInt8]) -> UInt32 {
    key.reduce(5_381) { ($0 << 5 &+ $0) ^ UInt32($1) }
  }

  private func pair(at offset: Int) throws(TableFileFailure) -> (first: UInt32, second: UInt32) {
    let bytes = try bytes(at: offset, count: 8)
    func number(_ at: Int) -> UInt32 {
      (0..<4).reduce(0) { $0 | UInt32(bytes[at + $1]) << UInt32($1 * 8) }
    }
    return (number(0), number(4))
  }

  private func bytes(at offset: Int, count: Int) throws(TableFileFailure) -> [UInt8] {
    guard offset + count <= size else { throw damaged }
    return try read(offset, count)
  }

  private var damaged: TableFileFailure {
    .broken("\(path) is no constant database, or damaged")
  }
}
