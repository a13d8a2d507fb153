// The door to files under the state folder: written whole, forced to the disk, named last. Trusts
// the folder to be ours; what lies at a path that we read is opened without following a link.
internal import Glibc

/// Why a file of ours is not as it should be.
package enum StateFault: Error, Sendable, Equatable {
  case system(call: String, path: String, reason: String, code: Int32)
  case tooLarge(String, bytesMax: Int)
  /// Others may read or change what is secret.
  case unsafeMode(String)
  case badContent(String, String)
  /// The queue has no room for another mail.
  case full(String)
  case database(String)

  package var isMissing: Bool {
    if case .system(_, _, _, ENOENT) = self { true } else { false }
  }

  /// It is not for this user.
  package var isDenied: Bool {
    if case .system(_, _, _, EACCES) = self { return true }
    if case .system(_, _, _, EPERM) = self { return true }
    return false
  }
}

extension StateFault: CustomStringConvertible {
  package var description: String {
    switch self {
    case .system(let call, let path, let reason, _): "\(path): \(call): \(reason)"
    case .tooLarge(let path, let bytesMax): "\(path) is larger than \(bytesMax) bytes"
    case .unsafeMode(let path):
      "\(path) holds a secret and others may read or change it: its mode must be 0600"
    case .badContent(let path, let what): "\(path): \(what)"
    case .full(let what): what
    case .database(let what): what
    }
  }
}

enum StateFiles {
  private static func fault(_ call: String, _ path: String) -> StateFault {
    let code = errno
    return .system(
      call: call, path: path, reason: unsafe String(cString: strerror(code)), code: code)
  }

  // MARK: Folders

  /// Makes a folder of our own; the one above must be there.
  static func makeFolder(_ path: String) throws(StateFault) {
    if unsafe mkdir(path, 0o700) == 0 { return adopt(path) }
    guard errno == EEXIST else { throw fault("mkdir", path) }
  }

  /// What root makes belongs to the owner of the folder it is in: an administrator's command never
  /// locks the daemon out. Nothing to be done about a failure: the daemon will say so.
  static func adopt(_ path: String) {
    guard geteuid() == 0, let slash = path.lastIndex(of: "/") else { return }
    var folder = stat()
    guard unsafe stat(String(path[..<slash]), &folder) == 0, folder.st_uid != 0 else { return }
    _ = unsafe lchown(path, folder.st_uid, folder.st_gid)
  }

  /// Forces the names of a folder to the disk.
  static func syncFolder(_ path: String) throws(StateFault) {
    let descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw fault("open", path) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw fault("fsync", path) }
  }

  /// The names in a folder, in no order, at most `countMax` of them.
  static func names(in path: String, countMax: Int) throws(StateFault) -> [String] {
    guard let folder = unsafe opendir(path) else { throw fault("opendir", path) }
    defer { unsafe closedir(folder) }
    var names: [String] = []
    while names.count < countMax, let entry = unsafe readdir(folder) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { field in
        unsafe field.withMemoryRebound(to: CChar.self, capacity: 256) {
          unsafe String(cString: $0)
        }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }

  // MARK: Files

  /// Writes a new file and forces it to the disk. Nothing may be at the path.
  static func write(
    _ pieces: [[UInt8]], to path: String, mode: UInt32 = 0o600
  ) throws(StateFault) {
    let descriptor = unsafe open(
      path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode_t(mode))
    guard descriptor >= 0 else { throw fault("open", path) }
    do throws(StateFault) {
      for piece in pieces { try writeAll(piece, descriptor, path) }
      guard fsync(descriptor) == 0 else { throw fault("fsync", path) }
    } catch {
      close(descriptor)
      _ = unsafe unlink(path)
      throw error
    }
    // Errors of delayed writing have been reported by fsync.
    close(descriptor)
    adopt(path)
  }

  private static func writeAll(
    _ bytes: [UInt8], _ descriptor: Int32, _ path: String
  ) throws(StateFault) {
    var position = 0
    while position < bytes.count {
      let count = unsafe bytes[position...].withUnsafeBytes {
        unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw fault("write", path) }
      position += count
    }
  }

  static func rename(_ from: String, _ to: String) throws(StateFault) {
    guard unsafe Glibc.rename(from, to) == 0 else { throw fault("rename", from) }
  }

  /// Gives a file a second name unless that one is taken; false when it is.
  static func link(_ from: String, _ to: String) throws(StateFault) -> Bool {
    if unsafe Glibc.link(from, to) == 0 { return true }
    guard errno == EEXIST else { throw fault("link", to) }
    return false
  }

  /// A file that is gone already is no fault.
  static func remove(_ path: String) throws(StateFault) {
    guard unsafe unlink(path) == 0 || errno == ENOENT else { throw fault("unlink", path) }
  }

  static func exists(_ path: String) -> Bool {
    var information = stat()
    return unsafe lstat(path, &information) == 0
  }

  /// Size and time of last change; nil for what is no plain file.
  static func plainFile(_ path: String) -> (bytes: Int, changed: Int64)? {
    var information = stat()
    guard unsafe lstat(path, &information) == 0, information.st_mode & S_IFMT == S_IFREG else {
      return nil
    }
    return (Int(information.st_size), Int64(information.st_mtim.tv_sec))
  }

  /// A whole plain file, or the first `prefixBytes` of it.
  static func read(
    _ path: String, bytesMax: Int, prefixBytes: Int? = nil
  ) throws(StateFault) -> [UInt8] {
    let descriptor = try openPlain(path)
    defer { close(descriptor) }
    return try read(descriptor, path, bytesMax: bytesMax, prefixBytes: prefixBytes)
  }

  /// A file that only its owner may read and write.
  static func readSecret(_ path: String, bytesMax: Int) throws(StateFault) -> [UInt8] {
    let descriptor = try openPlain(path)
    defer { close(descriptor) }
    var information = stat()
    guard unsafe fstat(descriptor, &information) == 0 else { throw fault("fstat", path) }
    guard information.st_mode & 0o077 == 0 else { throw .unsafeMode(path) }
    return try read(descriptor, path, bytesMax: bytesMax, prefixBytes: nil)
  }

  private static func openPlain(_ path: String) throws(StateFault) -> Int32 {
    // Without O_NONBLOCK a planted FIFO would hold us.
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard descriptor >= 0 else { throw fault("open", path) }
    var information = stat()
    guard unsafe fstat(descriptor, &information) == 0, information.st_mode & S_IFMT == S_IFREG
    else {
      close(descriptor)
      throw .badContent(path, "it is no plain file")
    }
    return descriptor
  }

  private static func read(
    _ descriptor: Int32, _ path: String, bytesMax: Int, prefixBytes: Int?
  ) throws(StateFault) -> [UInt8] {
    var result: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      let count = unsafe buffer.withUnsafeMutableBytes {
        unsafe Glibc.read(descriptor, $0.baseAddress, $0.count)
      }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw fault("read", path) }
      result += buffer[..<count]
      if let prefixBytes, result.count >= prefixBytes { return Array(result.prefix(prefixBytes)) }
      if count == 0 { return result }
      guard result.count <= bytesMax else { throw .tooLarge(path, bytesMax: bytesMax) }
    }
  }

  /// Makes a file or gives it a new time: a sign to whoever looks.
  static func touch(_ path: String) throws(StateFault) {
    let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, mode_t(0o600))
    guard descriptor >= 0 else { throw fault("open", path) }
    close(descriptor)
    adopt(path)
  }
}

/// A file that one process at a time holds; let go of when the process ends, however it does.
final class StateLock: Sendable {
  private let descriptor: Int32

  private init(_ descriptor: Int32) { self.descriptor = descriptor }

  deinit { close(descriptor) }

  /// Nil when another holds it.
  static func take(_ path: String) throws(StateFault) -> StateLock? {
    let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, mode_t(0o600))
    guard descriptor >= 0 else {
      throw .system(
        call: "open", path: path, reason: unsafe String(cString: strerror(errno)), code: errno)
    }
    StateFiles.adopt(path)
    if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return StateLock(descriptor) }
    let code = errno
    close(descriptor)
    if code == EWOULDBLOCK { return nil }
    throw .system(
      call: "flock", path: path, reason: unsafe String(cString: strerror(code)), code: code)
  }
}

package enum SystemClock {
  /// Seconds since 1970.
  package static var now: Int64 { Int64(time(nil)) }
}

package enum SystemHost {
  /// The name that this host has for itself.
  package static var name: String {
    var buffer = [CChar](repeating: 0, count: 256)
    guard unsafe gethostname(&buffer, buffer.count - 1) == 0 else { return "localhost" }
    let bytes = buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    return bytes.isEmpty ? "localhost" : String(decoding: bytes, as: UTF8.self)
  }
}
