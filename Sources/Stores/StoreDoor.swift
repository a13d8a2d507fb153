// The door to the file system: whole files with fsync, folders, locks, free space, the
// clock and who we are. Names come from digests and checked ids only; what lies in a folder is
// not trusted: links are not followed, sizes are bounded.
internal import Glibc

/// What lstat says that the stores ask for.
struct FileFacts: Equatable {
  let isFile: Bool
  let isFolder: Bool
  let size: Int
  let changedSeconds: Int64
  let changedNanoseconds: Int
  let inode: UInt64
  let isWritableByAll: Bool
}

enum StoreDoor {
  // MARK: Errors

  /// The failure for `errno` as it is now.
  static func failure(_ what: String, _ path: String) -> StoreFailure {
    let code = errno
    let text = "\(path) cannot be \(what): \(unsafe String(cString: strerror(code)))"
    switch code {
    // EFBIG: the process's own limit on a file's size is as good as a full disk.
    case ENOSPC, EDQUOT, EFBIG: return .full(text)
    case EACCES, EPERM, EROFS: return .denied(text)
    default: return .broken(text)
    }
  }

  // MARK: Folders

  static func facts(_ path: String) -> FileFacts? {
    var status = stat()
    guard unsafe lstat(path, &status) == 0 else { return nil }
    let kind = status.st_mode & S_IFMT
    return FileFacts(
      isFile: kind == S_IFREG, isFolder: kind == S_IFDIR, size: Int(status.st_size),
      changedSeconds: Int64(status.st_mtim.tv_sec), changedNanoseconds: status.st_mtim.tv_nsec,
      inode: UInt64(status.st_ino), isWritableByAll: status.st_mode & 0o002 != 0)
  }

  /// Makes a folder, or takes the one that is there if nobody but its owner and group can write
  /// in it.
  static func makeFolder(_ path: String, mode: UInt32) throws(StoreFailure) {
    if unsafe mkdir(path, mode) == 0 {
      let number = unsafe open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
      guard number >= 0 else { throw failure("opened", path) }
      defer { close(number) }
      // As asked, whatever the umask.
      guard fchmod(number, mode) == 0 else { throw failure("given its mode", path) }
      return try adopt(number, path)
    }
    guard errno == EEXIST else { throw failure("made", path) }
    guard let facts = facts(path), facts.isFolder else {
      throw .broken("\(path) is no folder")
    }
    guard !facts.isWritableByAll else { throw .denied("\(path) can be written by everybody") }
  }

  /// What root makes belongs to the owner of the folder that it lies in: the filter must be able to
  /// read what an administrator has set.
  private static func adopt(_ number: Int32, _ path: String) throws(StoreFailure) {
    guard geteuid() == 0 else { return }
    var parent = stat()
    let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    guard unsafe stat(folder.isEmpty ? "/" : folder, &parent) == 0,
      fchown(number, parent.st_uid, parent.st_gid) == 0
    else { throw failure("given to its folder's owner", path) }
  }

  /// The names in a folder, without `.` and `..`; in no order.
  static func names(in folder: String) throws(StoreFailure) -> [String] {
    guard let stream = unsafe opendir(folder) else { throw failure("read", folder) }
    defer { unsafe closedir(stream) }
    var result: [String] = []
    while let entry = unsafe readdir(stream) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) {
          unsafe String(cString: $0)
        }
      }
      if name != ".", name != ".." { result.append(name) }
    }
    return result
  }

  /// Makes the names in a folder last.
  static func syncFolder(_ path: String) throws(StoreFailure) {
    try sync(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
  }

  static func syncFile(_ path: String) throws(StoreFailure) {
    try sync(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
  }

  private static func sync(_ path: String, _ flags: Int32) throws(StoreFailure) {
    let number = unsafe open(path, flags)
    guard number >= 0 else { throw failure("opened", path) }
    defer { close(number) }
    guard fsync(number) == 0 else { throw failure("synced", path) }
  }

  // MARK: Files

  /// Makes a new file with these bytes and says each step. A failure leaves no file.
  /// - Parameter isOurs: it becomes part of a store.
  static func writeNew(
    _ path: String, _ bytes: [UInt8], mode: UInt32, isOurs: Bool = true, _ steps: StoreSteps
  ) throws(StoreFailure) {
    let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
    let number = unsafe open(path, flags, 0o600)
    guard number >= 0 else { throw failure("made", path) }
    do throws(StoreFailure) {
      defer { close(number) }
      steps.reached(.temporaryMade)
      try write(bytes, to: number, path)
      guard fchmod(number, mode) == 0 else { throw failure("given its mode", path) }
      if isOurs { try adopt(number, path) }
      steps.reached(.written)
      guard fsync(number) == 0 else { throw failure("synced", path) }
      steps.reached(.synced)
    } catch {
      _ = unsafe unlink(path)
      throw error
    }
  }

  private static func write(
    _ bytes: [UInt8], to number: Int32, _ path: String
  ) throws(StoreFailure) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes {
        unsafe Glibc.write(number, $0.baseAddress, $0.count)
      }
      if count < 0 {
        if errno == EINTR { continue }
        throw failure("written", path)
      }
      rest = rest.dropFirst(count)
    }
  }

  /// A whole file; nil when there is none. One larger than `bytesMax` is a failure.
  static func read(_ path: String, bytesMax: Int) throws(StoreFailure) -> [UInt8]? {
    let number = unsafe open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
    guard number >= 0 else {
      if errno == ENOENT { return nil }
      throw failure("opened", path)
    }
    defer { close(number) }
    var result: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 256 << 10)
    while true {
      let count = unsafe buffer.withUnsafeMutableBytes {
        unsafe Glibc.read(number, $0.baseAddress, $0.count)
      }
      if count == 0 { return result }
      if count < 0 {
        if errno == EINTR { continue }
        throw failure("read", path)
      }
      guard result.count + count <= bytesMax else {
        throw .broken("\(path) is larger than \(bytesMax) bytes")
      }
      result += buffer[..<count]
    }
  }

  static func rename(_ old: String, to new: String) throws(StoreFailure) {
    guard unsafe Glibc.rename(old, new) == 0 else { throw failure("renamed", old) }
  }

  /// A second name for a file; false when that name is taken.
  static func link(_ old: String, to new: String) throws(StoreFailure) -> Bool {
    if unsafe Glibc.link(old, new) == 0 { return true }
    if errno == EEXIST { return false }
    throw failure("linked", old)
  }

  /// True when there was such a file.
  @discardableResult
  static func remove(_ path: String) throws(StoreFailure) -> Bool {
    if unsafe unlink(path) == 0 { return true }
    if errno == ENOENT { return false }
    throw failure("removed", path)
  }

  /// Removes a folder if it is empty.
  @discardableResult
  static func removeFolder(_ path: String) -> Bool { unsafe rmdir(path) == 0 }

  /// Gives a file the time of now.
  static func renew(_ path: String) throws(StoreFailure) {
    let isDone = unsafe utimensat(AT_FDCWD, path, nil, AT_SYMLINK_NOFOLLOW) == 0
    guard isDone else { throw failure("renewed", path) }
  }

  /// Bytes that a process without privileges can still write where `path` is.
  static func freeBytes(_ path: String) throws(StoreFailure) -> Int {
    var facts = statvfs()
    guard unsafe statvfs(path, &facts) == 0 else { throw failure("asked for its room", path) }
    let (bytes, isOver) = UInt64(facts.f_bavail).multipliedReportingOverflow(
      by: UInt64(facts.f_frsize))
    return isOver ? .max : Int(clamping: bytes)
  }

  // MARK: Locks

  /// Opens or makes a file that is only locked.
  static func openLock(_ path: String) throws(StoreFailure) -> Int32 {
    let number = unsafe open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o640)
    guard number >= 0 else { throw failure("opened", path) }
    do throws(StoreFailure) { try adopt(number, path) } catch {
      close(number)
      throw error
    }
    return number
  }

  static func lock(_ number: Int32, isExclusive: Bool, _ path: String) throws(StoreFailure) {
    while flock(number, isExclusive ? LOCK_EX : LOCK_SH) != 0 {
      if errno != EINTR { throw failure("locked", path) }
    }
  }

  static func closeLock(_ number: Int32) { close(number) }

  // MARK: Time and person

  static var nowSeconds: Int64 { Int64(time(nil)) }

  static var userNumber: UInt32 { getuid() }

  /// The login name of this process's user; nil when the system knows none.
  static var userName: String? {
    var room = [CChar](repeating: 0, count: 4096)
    var record = unsafe passwd()
    var found: UnsafeMutablePointer<passwd>?
    let code = unsafe getpwuid_r(getuid(), &record, &room, room.count, &found)
    guard code == 0, unsafe found != nil, let name = unsafe record.pw_name else { return nil }
    return unsafe String(cString: name)
  }

  static func environment(_ name: String) -> String? {
    guard let value = unsafe getenv(name) else { return nil }
    return unsafe String(cString: value)
  }
}
