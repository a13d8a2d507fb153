// The door to LMDB: the one file that imports it. A database is opened for reading only. LMDB maps
// the file and trusts it, so one that is shorter than it says is not read (a map that ends too
// early would end this process), and writers are kept off while we read: by LMDB's lock file where
// there is one, else by a lock on the database itself, which is how Postfix does it
// (lmdb_table(5), MDB_NOLOCK).
//
// lmdb.h: "A transaction and its cursors must only be used by a single thread"; ours never leaves
// one call. With MDB_NOTLS a reader belongs to its transaction and not to a thread.
internal import CLMDB
internal import Glibc
internal import NIOCore

/// `@unchecked Sendable`: the shelf hands it to one call at a time. `@safe`: its pointer never
/// leaves, and lives as long as it does.
@safe final class LMDBEnvironment: @unchecked Sendable {
  private let path: String
  private let environment: OpaquePointer
  private let facts: stat
  /// The database itself, to lock it where nothing else does; -1 where LMDB locks.
  private let lock: Int32

  init(_ path: String) throws(TableTrouble) {
    self.path = path
    var facts = stat()
    guard unsafe stat(path, &facts) == 0 else { throw Self.trouble(path, errno) }
    self.facts = facts
    let isFolder = facts.st_mode & S_IFMT == S_IFDIR
    let hasLockFile = unsafe isFolder || access(path + "-lock", F_OK) == 0
    var made: OpaquePointer?
    let status = unsafe mdb_env_create(&made)
    guard let environment = unsafe made else { throw Self.trouble(path, status) }
    var flags = UInt32(MDB_RDONLY) | UInt32(MDB_NOTLS)
    if !isFolder { flags |= UInt32(MDB_NOSUBDIR) }
    if !hasLockFile { flags |= UInt32(MDB_NOLOCK) }
    let opened = unsafe mdb_env_open(environment, path, flags, 0o600)
    let lock = hasLockFile ? -1 : unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard opened == 0, hasLockFile || lock >= 0 else {
      let code = opened == 0 ? errno : opened
      unsafe mdb_env_close(environment)
      throw Self.trouble(path, code)
    }
    unsafe self.environment = environment
    self.lock = lock
  }

  deinit {
    unsafe mdb_env_close(environment)
    if lock >= 0 { close(lock) }
  }

  /// Whether the path still names what is open.
  var isCurrent: Bool {
    var now = stat()
    return unsafe stat(path, &now) == 0 && now.st_dev == facts.st_dev && now.st_ino == facts.st_ino
  }

  /// The first value of the first of these keys that is there.
  func value(
    of keys: [[UInt8]], bytesMax: Int, until deadline: NIODeadline
  ) throws(TableTrouble) -> [UInt8]? {
    try waitForLock(deadline)
    defer { if lock >= 0 { _ = defang_unlock(lock) } }
    let transaction = try unsafe begin()
    defer { unsafe mdb_txn_abort(transaction) }
    try checkLength()
    var database: MDB_dbi = 0
    let status = unsafe mdb_dbi_open(transaction, nil, 0, &database)
    guard status == 0 else { throw Self.trouble(path, status) }
    for key in keys {
      let found = try unsafe value(of: key, transaction, database, bytesMax)
      if let found { return found }
    }
    return nil
  }

  private func value(
    of key: [UInt8], _ transaction: OpaquePointer, _ database: MDB_dbi, _ bytesMax: Int
  ) throws(TableTrouble) -> [UInt8]? {
    var copy = key
    var data = unsafe MDB_val()
    let status = unsafe copy.withUnsafeMutableBytes { bytes in
      var name = unsafe MDB_val(mv_size: bytes.count, mv_data: bytes.baseAddress)
      return unsafe mdb_get(transaction, database, &name, &data)
    }
    // A key that is longer than LMDB's (511 bytes) is in no database.
    if status == MDB_NOTFOUND || status == MDB_BAD_VALSIZE { return nil }
    guard status == 0 else { throw Self.trouble(path, status) }
    let count = unsafe data.mv_size
    guard count <= bytesMax else { throw .tooLong(bytesMax) }
    // Copied before the transaction ends.
    return unsafe Array(UnsafeRawBufferPointer(start: data.mv_data, count: count))
  }

  private func begin() throws(TableTrouble) -> OpaquePointer {
    var made: OpaquePointer?
    var status = unsafe mdb_txn_begin(environment, nil, UInt32(MDB_RDONLY), &made)
    if status == MDB_MAP_RESIZED {
      // Another process made it larger: take its size over.
      _ = unsafe mdb_env_set_mapsize(environment, 0)
      status = unsafe mdb_txn_begin(environment, nil, UInt32(MDB_RDONLY), &made)
    }
    guard status == 0, let transaction = unsafe made else { throw Self.trouble(path, status) }
    return unsafe transaction
  }

  private func checkLength() throws(TableTrouble) {
    var info = unsafe MDB_envinfo()
    var pages = MDB_stat()
    var number: Int32 = -1
    var now = stat()
    guard unsafe mdb_env_info(environment, &info) == 0,
      unsafe mdb_env_stat(environment, &pages) == 0,
      unsafe mdb_env_get_fd(environment, &number) == 0, unsafe fstat(number, &now) == 0
    else { throw TableTrouble("\(path) cannot be looked at") }
    let needed = unsafe (info.me_last_pgno + 1) * Int(pages.ms_psize)
    guard Int(now.st_size) >= needed else {
      throw TableTrouble("\(path) is damaged: it ends too early")
    }
  }

  /// Whoever writes it may hold it for long: asked again every 20 ms.
  private func waitForLock(_ deadline: NIODeadline) throws(TableTrouble) {
    guard lock >= 0 else { return }
    while defang_lock_for_reading(lock) != 0 {
      guard errno == EAGAIN || errno == EACCES || errno == EINTR else {
        throw Self.trouble(path, errno)
      }
      guard NIODeadline.now() < deadline else {
        throw TableTrouble("\(path) is being written for too long")
      }
      usleep(20_000)
    }
  }

  private static func trouble(_ path: String, _ code: Int32) -> TableTrouble {
    if code == ENOENT { return TableTrouble("\(path) is not there") }
    return TableTrouble("\(path): \(unsafe String(cString: mdb_strerror(code)))")
  }
}
