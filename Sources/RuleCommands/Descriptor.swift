// The door to file descriptors: the process's own streams, and files read in order.
internal import Glibc

struct Descriptor: ~Copyable {
  private let number: Int32
  private let isOwned: Bool

  private init(number: Int32) {
    self.number = number
    isOwned = false
  }

  /// Opens a file for reading.
  init?(path: String) {
    number = unsafe open(path, O_RDONLY | O_CLOEXEC)
    isOwned = true
    if number < 0 { return nil }
  }

  deinit { if isOwned, number >= 0 { close(number) } }

  static func standardInput() -> Descriptor { Descriptor(number: 0) }
  static func standardOutput() -> Descriptor { Descriptor(number: 1) }
  static func standardError() -> Descriptor { Descriptor(number: 2) }

  var isTerminal: Bool { isatty(number) == 1 }

  /// Writes all of it. A reader that has gone ends the process quietly, as in any pipe.
  func write(_ bytes: [UInt8]) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes {
        unsafe Glibc.write(number, $0.baseAddress, $0.count)
      }
      if count < 0 {
        if errno == EINTR { continue }
        exit(errno == EPIPE ? 0 : 74)
      }
      rest = rest.dropFirst(count)
    }
  }

  /// Replaces a file by one of the same mode: a new one beside it, then a rename, so that nobody
  /// sees half of it. A link is followed. False when that fails; the file is then as it was.
  static func replace(path: String, with bytes: [UInt8]) -> Bool {
    var status = stat()
    guard unsafe stat(path, &status) == 0, let real = unsafe realpath(path, nil) else {
      return false
    }
    defer { unsafe free(real) }
    let target = unsafe String(cString: real)
    let new = "\(target).\(getpid()).new"
    let mode = status.st_mode & 0o7777
    let number = unsafe open(new, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
    guard number >= 0 else { return false }
    let isWritten = isAllWritten(bytes, to: number) && fchmod(number, mode) == 0
    guard close(number) == 0, isWritten, unsafe rename(new, target) == 0 else {
      _ = unsafe unlink(new)
      return false
    }
    return true
  }

  private static func isAllWritten(_ bytes: [UInt8], to number: Int32) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes {
        unsafe Glibc.write(number, $0.baseAddress, $0.count)
      }
      if count < 0 && errno != EINTR { return false }
      rest = rest.dropFirst(max(0, count))
    }
    return fsync(number) == 0
  }

  /// Reads to the end, at most `limit` bytes and some more, so that the caller sees the excess.
  /// Nil when reading fails.
  func read(limit: Int) -> [UInt8]? {
    var result: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 256 << 10)
    while result.count <= limit {
      let count = unsafe buffer.withUnsafeMutableBytes {
        unsafe Glibc.read(number, $0.baseAddress, $0.count)
      }
      if count == 0 { return result }
      if count < 0 {
        if errno == EINTR { continue }
        return nil
      }
      result += buffer[..<count]
    }
    return result
  }
}
