// What one document may still cost, shared by all readers that look into it.
internal import RuleBytecode

struct DocumentBudget {
  private(set) var bytesLeft: Int
  private(set) var itemsLeft: Int
  private(set) var limitsHit: Set<LimitName> = []
  private let streamBytesMax: Int

  init(bytes: Int, items: Int, streamBytesMax: Int) {
    self.streamBytesMax = streamBytesMax
    bytesLeft = bytes
    itemsLeft = items
  }

  /// Bytes that one stream may become.
  var room: Int { min(bytesLeft, streamBytesMax) }

  /// Pays for bytes that are read or were unpacked; false when they are too many.
  mutating func take(bytes: Int) -> Bool {
    guard bytes <= bytesLeft else {
      bytesLeft = 0
      hit(.archiveBytes)
      return false
    }
    bytesLeft -= bytes
    return true
  }

  /// Pays for a stream, an object, a member.
  mutating func takeItem() -> Bool {
    guard itemsLeft > 0 else {
      hit(.archiveEntries)
      return false
    }
    itemsLeft -= 1
    return true
  }

  mutating func hit(_ limit: LimitName) { limitsHit.insert(limit) }
}
