// The door to memory that master and worker share: what is in hand, written by the worker before
// each run and read by the master when the worker has died of it. A file without a name, so that
// nothing of it outlives both, and nobody else can open it.
//
// The worker may have died in the middle of a write: what is read is bounded, not believed.
internal import Glibc
internal import MilterBridge

/// One line of what was in hand.
struct HandEntry: Equatable, Sendable {
  let mark: HandMark
  /// Queue id, or the session's.
  let name: String
}

/// Slots of a fixed size behind a header with the key. Each slot is written by whoever has its
/// number; two numbers never share bytes. `@unchecked Sendable` for that, and `@safe`: the memory
/// lives as long as this, and every offset is within it.
@safe final class HandPages: @unchecked Sendable {
  enum Problem: Error, Equatable { case system(String) }

  /// More sessions than that at once are not written down.
  static let slotCount = 4_096
  static let nameBytesMax = 64
  private static let slotBytes = 128
  private static let headerBytes = 128
  private static let byteCount = headerBytes + slotCount * slotBytes

  /// Passed to the worker; closed with this.
  let descriptor: Int32
  private let memory: UnsafeMutableRawBufferPointer

  /// New pages, all free, with a key.
  convenience init(key: HandKey) throws(Problem) {
    var path = Array("/tmp/defang-hand.XXXXXX".utf8CString)
    let descriptor = unsafe mkstemp(&path)
    guard descriptor >= 0 else { throw .system("mkstemp: \(Folders.lastProblem)") }
    _ = unsafe unlink(path)
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    guard ftruncate(descriptor, off_t(Self.byteCount)) == 0 else {
      defer { close(descriptor) }
      throw .system("ftruncate: \(Folders.lastProblem)")
    }
    try self.init(descriptor: descriptor)
    unsafe memory.storeBytes(of: key.first, toByteOffset: 0, as: UInt64.self)
    unsafe memory.storeBytes(of: key.second, toByteOffset: 8, as: UInt64.self)
  }

  /// The pages behind a descriptor, which belongs to this from now on.
  init(descriptor: Int32) throws(Problem) {
    var facts = stat()
    guard unsafe fstat(descriptor, &facts) == 0, facts.st_size == off_t(Self.byteCount) else {
      throw .system("these are no pages of ours")
    }
    let address = unsafe mmap(
      nil, Self.byteCount, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0)
    guard let address = unsafe address, unsafe address != MAP_FAILED else {
      throw .system("mmap: \(Folders.lastProblem)")
    }
    self.descriptor = descriptor
    unsafe memory = UnsafeMutableRawBufferPointer(start: address, count: Self.byteCount)
  }

  deinit {
    _ = unsafe munmap(memory.baseAddress!, memory.count)
    close(descriptor)
  }

  var key: HandKey {
    unsafe HandKey(
      first: memory.load(fromByteOffset: 0, as: UInt64.self),
      second: memory.load(fromByteOffset: 8, as: UInt64.self))
  }

  /// - Precondition: `slot` is from 0 to `slotCount` - 1.
  func write(_ entry: HandEntry, at slot: Int) {
    let start = Self.start(slot)
    unsafe memory.storeBytes(of: entry.mark.high, toByteOffset: start + 8, as: UInt64.self)
    unsafe memory.storeBytes(of: entry.mark.low, toByteOffset: start + 16, as: UInt64.self)
    var index = start + 24
    for byte in entry.name.utf8.prefix(Self.nameBytesMax) {
      unsafe memory[index] = byte
      index += 1
    }
    unsafe memory[start + 1] = UInt8(index - start - 24)
    unsafe memory[start] = 1
  }

  func clear(_ slot: Int) { unsafe memory[Self.start(slot)] = 0 }

  /// What is written down now.
  var entries: [HandEntry] {
    (0..<Self.slotCount).compactMap { slot in
      let start = Self.start(slot)
      guard unsafe memory[start] == 1 else { return nil }
      let count = min(Int(unsafe memory[start + 1]), Self.nameBytesMax)
      let name = (0..<count).map { unsafe memory[start + 24 + $0] }
      let mark = unsafe HandMark(
        high: memory.load(fromByteOffset: start + 8, as: UInt64.self),
        low: memory.load(fromByteOffset: start + 16, as: UInt64.self))
      return HandEntry(mark: mark, name: String(decoding: name, as: UTF8.self))
    }
  }

  private static func start(_ slot: Int) -> Int {
    precondition(slot >= 0 && slot < slotCount)
    return headerBytes + slot * slotBytes
  }
}
