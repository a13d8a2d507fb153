// The door to the system's sockets and files (Glibc): a listening unix socket that nobody but the
// configured owner, group and mode can reach at any moment of its making. Does not trust what lies
// at the path: only a dead socket is removed, and only from a folder that others cannot write.

internal import Glibc
internal import UnixAddress

/// Why a socket cannot be had.
package enum ListenError: Error, Equatable, Sendable {
  case parentMissing(String)
  /// Others may write to the folder, and so put their own socket in our place.
  case parentWritable(String)
  /// Something that is no socket lies there; it is not ours to remove.
  case notASocket(String)
  /// Another instance answers there.
  case inUse(String)
  case unknownGroup(String)
  case unknownHost(String, reason: String)
  case system(call: String, code: Int32)

  /// Somebody listens there; that may change.
  package var isInUse: Bool {
    switch self {
    case .inUse, .system(_, EADDRINUSE): true
    default: false
    }
  }
}

extension ListenError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .parentMissing(let path): return "the folder of the socket \(path) does not exist"
    case .parentWritable(let path):
      return "the folder of the socket \(path) is writable by others: choose one that is not"
    case .notASocket(let path): return "\(path) exists and is not a socket"
    case .inUse(let path): return "\(path): another process is listening there"
    case .unknownGroup(let name): return "group '\(name)' does not exist"
    case .unknownHost(let name, let reason): return "host '\(name)': \(reason)"
    case .system(let call, let code): return unsafe "\(call): \(String(cString: strerror(code)))"
    }
  }
}

/// A file at a path, told apart from any other that is put there later.
package struct FileIdentity: Sendable, Equatable {
  fileprivate let device: UInt64
  fileprivate let inode: UInt64
}

package enum ListenSocket {
  /// Connections that may wait; a connect to a full unix socket fails at once, and 128 (the usual
  /// value) are less than a busy MTA's processes. Linux caps it at net.core.somaxconn, 4096.
  package static let backlog: Int32 = 4_096

  /// Makes a bound unix socket, not yet listening, so that nobody can connect before its mode and
  /// group are right. The caller owns the descriptor.
  package static func bindUnix(
    path: String, mode: UInt32, group: String?
  ) throws(ListenError) -> Int32 {
    try clear(path)
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw .system(call: "socket", code: errno) }
    do throws(ListenError) {
      // The file gets the mode of its socket (Linux), so nobody connects before it is published.
      // The process's mask would do as well, but it is that of all threads.
      guard fchmod(descriptor, 0) == 0 else { throw .system(call: "fchmod", code: errno) }
      let code = UnixAddress.bind(descriptor, path)
      guard code == 0 else { throw .system(call: "bind \(path)", code: code) }
      try publish(path, mode: mode, group: group)
      return descriptor
    } catch {
      close(descriptor)
      throw error
    }
  }

  /// Makes a bound TCP socket of that family alone, not yet listening. The caller owns the
  /// descriptor.
  package static func bindInternet(
    host: String, port: Int, isIPv6: Bool
  ) throws(ListenError) -> Int32 {
    let family = isIPv6 ? AF_INET6 : AF_INET
    var wanted = unsafe addrinfo()
    unsafe wanted.ai_family = family
    unsafe wanted.ai_socktype = Int32(SOCK_STREAM.rawValue)
    unsafe wanted.ai_flags = AI_PASSIVE | AI_NUMERICSERV
    var list: UnsafeMutablePointer<addrinfo>?
    let status = unsafe getaddrinfo(host, String(port), &wanted, &list)
    guard status == 0, let first = unsafe list else {
      throw .unknownHost(host, reason: unsafe String(cString: gai_strerror(status)))
    }
    defer { unsafe freeaddrinfo(first) }
    let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    let descriptor = socket(family, kind, 0)
    guard descriptor >= 0 else { throw .system(call: "socket", code: errno) }
    set(SO_REUSEADDR, of: SOL_SOCKET, descriptor)
    // Else [::] would take the place of 0.0.0.0 too.
    if isIPv6 { set(IPV6_V6ONLY, of: Int32(IPPROTO_IPV6), descriptor) }
    let result = unsafe bind(descriptor, first.pointee.ai_addr, first.pointee.ai_addrlen)
    guard result == 0 else {
      let code = errno
      close(descriptor)
      throw .system(call: "bind \(host) port \(port)", code: code)
    }
    return descriptor
  }

  private static func set(_ option: Int32, of level: Int32, _ descriptor: Int32) {
    var one: Int32 = 1
    _ = unsafe setsockopt(descriptor, level, option, &one, socklen_t(MemoryLayout<Int32>.size))
  }

  /// Whether a descriptor is a unix socket.
  package static func isUnix(_ descriptor: Int32) -> Bool {
    var address = sockaddr_storage()
    var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
    let result = unsafe withUnsafeMutablePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe getsockname(descriptor, $0, &size)
      }
    }
    return result == 0 && address.ss_family == sa_family_t(AF_UNIX)
  }

  package static func close(_ descriptor: Int32) { _ = Glibc.close(descriptor) }

  /// A descriptor for nothing but to be given up.
  static func openSpare() -> Int32? {
    let descriptor = unsafe open("/dev/null", O_RDONLY | O_CLOEXEC)
    return descriptor < 0 ? nil : descriptor
  }

  /// Whether a call failed since the process or the system has no descriptor left.
  static func isShortage(_ code: Int32) -> Bool { code == EMFILE || code == ENFILE }

  /// What would keep a socket from being made at `path`; nothing is changed. One that is there may
  /// be that of a daemon that runs, so it is not asked.
  package static func check(path: String, group: String?) throws(ListenError) {
    try checkParent(path)
    var information = stat()
    if unsafe lstat(path, &information) == 0, information.st_mode & S_IFMT != S_IFSOCK {
      throw .notASocket(path)
    }
    if let group, groupID(group) == nil { throw .unknownGroup(group) }
  }

  /// Sets the backlog of a socket, also of one that listens already.
  package static func listen(_ descriptor: Int32) throws(ListenError) {
    guard Glibc.listen(descriptor, backlog) == 0 else {
      throw .system(call: "listen", code: errno)
    }
  }

  /// Makes the path free: checks its folder, and removes a socket that nobody answers at.
  package static func clear(_ path: String) throws(ListenError) {
    try checkParent(path)
    var information = stat()
    guard unsafe lstat(path, &information) == 0 else {
      if errno == ENOENT { return }
      throw .system(call: "lstat \(path)", code: errno)
    }
    guard information.st_mode & S_IFMT == S_IFSOCK else { throw .notASocket(path) }
    try checkDead(path)
    guard unsafe unlink(path) == 0 || errno == ENOENT else {
      throw .system(call: "unlink \(path)", code: errno)
    }
  }

  /// Only a refused connection proves that nobody listens; a full backlog (EAGAIN) is a live one.
  private static func checkDead(_ path: String) throws(ListenError) {
    let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
    let probe = socket(AF_UNIX, kind, 0)
    guard probe >= 0 else { throw .system(call: "socket", code: errno) }
    let code = UnixAddress.connect(probe, path)
    close(probe)
    guard code == ECONNREFUSED else { throw .inUse(path) }
  }

  private static func checkParent(_ path: String) throws(ListenError) {
    let parent: String
    switch path.lastIndex(of: "/") {
    case nil: parent = "."
    case path.startIndex: parent = "/"
    case let slash?: parent = String(path[..<slash])
    }
    var information = stat()
    guard unsafe stat(parent, &information) == 0, information.st_mode & S_IFMT == S_IFDIR else {
      throw .parentMissing(path)
    }
    guard information.st_mode & S_IWOTH == 0 else { throw .parentWritable(path) }
  }

  /// Gives the socket at `path` its group, then its mode.
  package static func publish(_ path: String, mode: UInt32, group: String?) throws(ListenError) {
    if let group {
      guard let id = groupID(group) else { throw .unknownGroup(group) }
      guard unsafe lchown(path, uid_t.max, id) == 0 else {
        throw .system(call: "chown \(path)", code: errno)
      }
    }
    guard unsafe chmod(path, mode) == 0 else { throw .system(call: "chmod \(path)", code: errno) }
  }

  private static func groupID(_ name: String) -> gid_t? {
    if let number = gid_t(name) { return number }
    guard let entry = unsafe getgrnam(name) else { return nil }
    return unsafe entry.pointee.gr_gid
  }

  /// What lies at `path` now.
  package static func identity(_ path: String) -> FileIdentity? {
    var information = stat()
    guard unsafe lstat(path, &information) == 0 else { return nil }
    return FileIdentity(device: UInt64(information.st_dev), inode: UInt64(information.st_ino))
  }

  /// Removes the socket if it is still the one that was made.
  package static func remove(_ path: String, ifStill identity: FileIdentity?) {
    if let identity, self.identity(path) == identity { _ = unsafe unlink(path) }
  }
}
