// The laboratory's door to the C library: sockets, pipes, child processes. Everything unsafe of
// this target is here; the rest sees descriptors with one owner, byte arrays and typed errors.
import Foundation
import Glibc
import UnixAddress

/// A system call that failed, with the text of its error.
package struct SystemError: Error, CustomStringConvertible, Sendable {
  package let call: String
  package let code: Int32

  package var description: String {
    unsafe "\(call): \(String(cString: strerror(code)))"
  }
}

/// An open file descriptor, closed with its last reference; children do not inherit it.
final class Descriptor: Sendable {
  let number: Int32

  init(_ number: Int32) { self.number = number }

  deinit { _ = close(number) }
}

/// What a child is started with. The descriptors become its 0, 1 and 2.
struct SpawnRequest: Sendable {
  var arguments: [String]
  var environment: [String: String]
  var input: Descriptor
  var output: Descriptor
}

enum Posix {
  /// accept4(2) is hidden from Swift: no child may start between accept and its close-on-exec flag.
  private static let forkLock = NSLock()

  static func check(_ call: String, _ result: Int32) throws(SystemError) -> Int32 {
    if result < 0 { throw SystemError(call: call, code: errno) }
    return result
  }

  private static func check(_ call: String, code: Int32) throws(SystemError) {
    if code != 0 { throw SystemError(call: call, code: code) }
  }

  // MARK: Sockets

  static func loopback(_ address: String, port: UInt16) -> sockaddr_in {
    var name = sockaddr_in()
    name.sin_family = sa_family_t(AF_INET)
    name.sin_port = port.bigEndian
    unsafe name.sin_addr.s_addr = inet_addr(address)
    return name
  }

  static func streamSocket() throws(SystemError) -> Descriptor {
    let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    return Descriptor(try check("socket", socket(AF_INET, type, 0)))
  }

  /// Listens on a port; on one of the kernel's choice, so that nobody can take it in between, for
  /// 0.
  static func listenOnLoopback(
    port: UInt16 = 0
  ) throws(SystemError) -> (socket: Descriptor, port: UInt16) {
    let descriptor = try streamSocket()
    try bind(descriptor, "127.0.0.1", port: port)
    _ = try check("listen", listen(descriptor.number, 128))
    var name = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let result = unsafe withUnsafeMutablePointer(to: &name) {
      unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe getsockname(descriptor.number, $0, &length)
      }
    }
    _ = try check("getsockname", result)
    return (descriptor, UInt16(bigEndian: name.sin_port))
  }

  static func bind(
    _ descriptor: Descriptor, _ address: String, port: UInt16
  ) throws(SystemError) {
    var name = loopback(address, port: port)
    let length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let result = unsafe withUnsafePointer(to: &name) {
      unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe Glibc.bind(descriptor.number, $0, length)
      }
    }
    _ = try check("bind", result)
  }

  /// - Parameter source: the client's own address, any of 127.0.0.0/8.
  static func connectToLoopback(
    port: UInt16, from source: String
  ) throws(SystemError) -> Descriptor {
    let descriptor = try streamSocket()
    try bind(descriptor, source, port: 0)
    var name = loopback("127.0.0.1", port: port)
    let length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let result = unsafe withUnsafePointer(to: &name) {
      unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe connect(descriptor.number, $0, length)
      }
    }
    _ = try check("connect", result)
    return descriptor
  }

  static func acceptConnection(_ listener: Descriptor) throws(SystemError) -> Descriptor {
    forkLock.lock()
    defer { forkLock.unlock() }
    let number = try check("accept", accept(listener.number, nil, nil))
    _ = fcntl(number, F_SETFD, FD_CLOEXEC)
    return Descriptor(number)
  }

  /// A unix datagram socket at `path`, writable by everyone (log lines, readiness notes).
  static func datagramSocket(at path: String) throws(SystemError) -> Descriptor {
    let type = Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    let descriptor = Descriptor(try check("socket", socket(AF_UNIX, type, 0)))
    let isAbstract = path.hasPrefix("@")
    let code = UnixAddress.bind(descriptor.number, path, abstractAllowed: isAbstract)
    try check("bind \(path)", code: code)
    if !isAbstract { _ = try check("chmod", unsafe chmod(path, 0o666)) }
    return descriptor
  }

  /// A stream to a unix socket.
  static func connectToSocket(at path: String) throws(SystemError) -> Descriptor {
    let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    let descriptor = Descriptor(try check("socket", socket(AF_UNIX, type, 0)))
    try check("connect \(path)", code: UnixAddress.connect(descriptor.number, path))
    return descriptor
  }

  // MARK: Bytes

  /// False when nothing came in time; true also at the end of the stream or on an error, which
  /// the next `read` tells.
  static func waitReadable(_ descriptor: Descriptor, milliseconds: Int) -> Bool {
    var entry = pollfd(fd: descriptor.number, events: Int16(POLLIN), revents: 0)
    return unsafe poll(&entry, 1, Int32(milliseconds)) != 0
  }

  /// At most `count` bytes; none at the end of the stream.
  static func read(_ descriptor: Descriptor, count: Int) throws(SystemError) -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: count)
    let got = unsafe Glibc.read(descriptor.number, &buffer, count)
    if got < 0 { throw SystemError(call: "read", code: errno) }
    buffer.removeLast(count - got)
    return buffer
  }

  /// Writes all of it to a socket; a peer that is gone is an error, not a signal.
  static func send(_ descriptor: Descriptor, _ bytes: [UInt8]) throws(SystemError) {
    var sent = 0
    while sent < bytes.count {
      let result = unsafe bytes[sent...].withUnsafeBytes {
        unsafe Glibc.send(descriptor.number, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if result < 0 { throw SystemError(call: "send", code: errno) }
      sent += result
    }
  }

  /// Writes what a socket takes at once; none when it is full.
  static func sendSome(
    _ descriptor: Descriptor, _ bytes: ArraySlice<UInt8>
  ) throws(SystemError) -> Int {
    let flags = Int32(MSG_NOSIGNAL | MSG_DONTWAIT)
    let result = unsafe bytes.withUnsafeBytes {
      unsafe Glibc.send(descriptor.number, $0.baseAddress, $0.count, flags)
    }
    guard result < 0 else { return result }
    if errno == EAGAIN { return 0 }
    throw SystemError(call: "send", code: errno)
  }

  static func openFile(_ path: String, _ flags: Int32) throws(SystemError) -> Descriptor {
    Descriptor(try check("open \(path)", unsafe open(path, flags | O_CLOEXEC, 0o644)))
  }

  /// Two ends of one stream. A pair of sockets, because those are born closed to children: a
  /// server's lifeline held by another child would keep it alive.
  static func makePipe() throws(SystemError) -> (reading: Descriptor, writing: Descriptor) {
    var ends: [Int32] = [0, 0]
    let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    _ = try check("socketpair", unsafe socketpair(AF_UNIX, type, 0, &ends))
    return (Descriptor(ends[0]), Descriptor(ends[1]))
  }

  // MARK: Files

  /// Makes a directory whose name did not exist before, for this process alone.
  static func makeDirectory(like template: String) throws(SystemError) -> String {
    var name = template.utf8CString.map { $0 }
    guard unsafe mkdtemp(&name) != nil else {
      throw SystemError(call: "mkdtemp \(template)", code: errno)
    }
    return String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Hands a path to a user and group by name; nil leaves that one alone.
  static func setOwner(_ path: String, user: String?, group: String?) throws(SystemError) {
    var userID = uid_t.max
    var groupID = gid_t.max
    if let user {
      guard let entry = unsafe getpwnam(user) else {
        throw SystemError(call: "no user \(user)", code: ENOENT)
      }
      userID = unsafe entry.pointee.pw_uid
    }
    if let group {
      guard let entry = unsafe getgrnam(group) else {
        throw SystemError(call: "no group \(group)", code: ENOENT)
      }
      groupID = unsafe entry.pointee.gr_gid
    }
    _ = try check("chown \(path)", unsafe chown(path, userID, groupID))
  }

  /// A regular file, still there: queues change while one looks.
  static func isFile(_ path: String) -> Bool {
    var entry = stat()
    return unsafe lstat(path, &entry) == 0 && entry.st_mode & S_IFMT == S_IFREG
  }

  static func setMode(_ path: String, _ mode: UInt32) throws(SystemError) {
    _ = try check("chmod \(path)", unsafe chmod(path, mode))
  }

  // MARK: Processes

  /// Starts a program found by its path or in PATH; the child leads a session of its own, so a
  /// signal to its process group never reaches us.
  static func spawn(_ request: SpawnRequest) throws(SystemError) -> Int32 {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_adddup2(&actions, request.input.number, 0)
    unsafe posix_spawn_file_actions_adddup2(&actions, request.output.number, 1)
    unsafe posix_spawn_file_actions_adddup2(&actions, request.output.number, 2)
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    // 0x80 is POSIX_SPAWN_SETSID, which the headers hide from Swift.
    unsafe posix_spawnattr_setflags(&attributes, 0x80)

    let variables = request.environment.map { "\($0.key)=\($0.value)" }
    var arguments = unsafe request.arguments.map { unsafe strdup($0) } + [nil]
    var environment = unsafe variables.map { unsafe strdup($0) } + [nil]
    defer {
      while let entry = unsafe arguments.popLast() { unsafe free(entry) }
      while let entry = unsafe environment.popLast() { unsafe free(entry) }
    }
    forkLock.lock()
    defer { forkLock.unlock() }
    keepDescriptorsFromChildren()
    var child: pid_t = 0
    let code = unsafe posix_spawnp(
      &child, request.arguments[0], &actions, &attributes, &arguments, &environment)
    if code != 0 { throw SystemError(call: "start \(request.arguments[0])", code: code) }
    return child
  }

  /// Libraries open sockets without close-on-exec. A server that inherits one keeps it open, and
  /// who waits for its end waits for ever.
  private static func keepDescriptorsFromChildren() {
    for number in Int32(3)..<1_024 {
      let flags = fcntl(number, F_GETFD)
      if flags >= 0, flags & FD_CLOEXEC == 0 { _ = fcntl(number, F_SETFD, flags | FD_CLOEXEC) }
    }
  }

  /// The wait status of a child that has ended, nil while it runs.
  static func reap(_ child: Int32) -> Int32? {
    var status: Int32 = 0
    return unsafe waitpid(child, &status, WNOHANG) == 0 ? nil : status
  }

  static func signal(_ child: Int32, _ number: Int32) {
    _ = kill(child, number)
  }

  static func pause(milliseconds: UInt32) {
    _ = usleep(milliseconds * 1000)
  }
}
