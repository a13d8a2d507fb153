// Buffers for decoded content, lent to sessions one message at a time: an idle session holds none,
// and a busy one does not grow a new one with each message.
internal import Synchronization

final class SpacePool: Sendable {
  private let free = Mutex<[[UInt8]]>([])
  private let buffersMax: Int
  private let keptBytesMax: Int

  init(buffersMax: Int = 8, keptBytesMax: Int = 1_048_576) {
    self.buffersMax = buffersMax
    self.keptBytesMax = keptBytesMax
  }

  /// Puts a buffer with room in the place of one that holds nothing.
  func lend(_ space: inout [UInt8]) {
    guard space.isEmpty, let other = free.withLock({ $0.popLast() }) else { return }
    space = other
  }

  /// Leaves an empty buffer behind.
  func takeBack(_ space: inout [UInt8]) {
    var buffer: [UInt8] = []
    swap(&buffer, &space)
    guard (1...keptBytesMax).contains(buffer.capacity) else { return }
    buffer.removeAll(keepingCapacity: true)
    free.withLock { if $0.count < buffersMax { $0.append(buffer) } }
  }
}
