// The door to the file system: one file that is open for reading at any place. What lies at the
// path is not trusted: it may be no file, may be replaced or cut at any time.
internal import Glibc

/// What tells whether a path names the same file, unchanged.
package struct FileFacts: Equatable, Sendable {
  let device: UInt64
  let inode: UInt64
  let size: Int
  let changedSeconds: Int64
  let changedNanoseconds: Int

  fileprivate init(_ status: stat) {
    device = UInt64(status.st_dev)
    inode = UInt64(status.st_ino)
    size = Int(status.st_size)
    changedSeconds = Int64(status.st_mtim.tv_sec)
    changedNanoseconds = Int(status.st_mtim.tv_nsec)
  }

  /// Of what the path names now; nil when there is nothing.
  package static func of(_ path: String) -> FileFacts? {
    var status = stat()
    return unsafe stat(path, &status) == 0 ? FileFacts(status) : nil
  }

  /// The same file, whatever was written into it since.
  package func isSameFile(as other: FileFacts) -> Bool {
    device == other.device && inode == other.inode
  }
}

/// Reads from several threads at once do not disturb each other: pread(2) moves no position.
final class OpenFile: Sendable {
  let path: String
  let facts: FileFacts
  /// Neither its group nor others may read it.
  let isPrivate: Bool
  private let number: Int32

  init(_ path: String) throws(TableFileFailure) {
    self.path = path
    // Without O_NONBLOCK a named pipe would hold us until somebody writes into it.
    let number = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard number >= 0 else { throw Self.failure("opened", path) }
    var status = stat()
    guard unsafe fstat(number, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(number)
      throw .broken("\(path) is no file")
    }
    self.number = number
    facts = FileFacts(status)
    isPrivate = status.st_mode & 0o077 == 0
  }

  deinit { close(number) }

  /// So many bytes from a place; fewer is a failure: the file was cut, or points past its end.
  func read(at offset: Int, count: Int) throws(TableFileFailure) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var filled = 0
    while filled < count {
      let got = unsafe bytes.withUnsafeMutableBytes {
        unsafe pread(
          number, $0.baseAddress?.advanced(by: filled), count - filled, offset + filled)
      }
      if got < 0, errno == EINTR { continue }
      if got < 0 { throw Self.failure("read", path) }
      if got == 0 { throw .broken("\(path) is damaged: it ends too early") }
      filled += got
    }
    return bytes
  }

  private static func failure(_ what: String, _ path: String) -> TableFileFailure {
    let code = errno
    let text = "\(path) cannot be \(what): \(unsafe String(cString: strerror(code)))"
    switch code {
    case ENOENT, ENOTDIR: return .missing(path)
    case EACCES, EPERM: return .denied(text)
    default: return .broken(text)
    }
  }
}
