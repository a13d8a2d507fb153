// The door to descriptors that libmilter holds (Glibc). It wants to open its socket itself, at an
// address, and remembers the number alone: so it opens one that nobody finds, and the one that is
// meant, which others made, keep and share, is put in its place. What it checks of each connection
// is the family of the caller's address, so both are of the same. When it is to take no more, it
// gets one that nobody finds again; it cannot be told otherwise without ending its sessions.

internal import Glibc

enum SocketSwap {
  /// What libmilter is to open for a socket of that family; `folder` is a private one.
  static func address(like descriptor: Int32, in folder: String) -> String {
    switch family(of: descriptor) {
    case AF_INET: "inet:0@127.0.0.1"
    case AF_INET6: "inet6:0@::1"
    default: "unix:\(folder)/libmilter"
    }
  }

  /// - Returns: the number of the one socket that `open` made and that listens.
  static func listener(_ open: () throws(ListenError) -> Void) throws(ListenError) -> Int32 {
    let before = listeners
    try open()
    let new = listeners.subtracting(before)
    guard new.count == 1, let number = new.first else {
      throw .system(call: "the socket of libmilter", code: EBADF)
    }
    return number
  }

  /// Whoever knows `number` has `descriptor` there from now on.
  static func put(_ descriptor: Int32, at number: Int32) throws(ListenError) {
    guard dup2(descriptor, number) == number else {
      throw .system(call: "dup2", code: errno)
    }
    _ = fcntl(number, F_SETFD, FD_CLOEXEC)
  }

  /// Another process may be quicker to accept, which must not make this one wait.
  static func neverWait(_ descriptor: Int32) {
    _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
  }

  /// One that listens and has no name.
  static func unreachable() throws(ListenError) -> Int32 {
    try inPrivateFolder { (folder) throws(ListenError) in
      let descriptor = try ListenSocket.bindUnix(path: folder + "/none", mode: 0, group: nil)
      try ListenSocket.listen(descriptor)
      neverWait(descriptor)
      return descriptor
    }
  }

  /// In a folder that only this user can look into, and that is gone, with the sockets in it, when
  /// `body` returns.
  static func inPrivateFolder<Result>(
    _ body: (String) throws(ListenError) -> Result
  ) throws(ListenError) -> Result {
    var path = Array("/tmp/defang-XXXXXX".utf8CString)
    if unsafe mkdtemp(&path) == nil {
      path = Array("/dev/shm/defang-XXXXXX".utf8CString)
      guard unsafe mkdtemp(&path) != nil else { throw .system(call: "mkdtemp", code: errno) }
    }
    let folder = String(decoding: path.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    defer {
      for name in ["none", "libmilter"] { _ = unsafe unlink("\(folder)/\(name)") }
      _ = unsafe rmdir(folder)
    }
    return try body(folder)
  }

  /// Where connections to a socket come in, as they show it too: the path, or family and port.
  static func place(of descriptor: Int32) -> [UInt8]? {
    var address = sockaddr_storage()
    var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
    let status = unsafe withUnsafeMutablePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe getsockname(descriptor, $0, &size)
      }
    }
    guard status == 0 else { return nil }
    let count = address.ss_family == sa_family_t(AF_UNIX) ? Int(size) : 4
    return unsafe withUnsafeBytes(of: address) { unsafe Array($0.prefix(count)) }
  }

  /// How many connections this process has that came in there, those included of which libmilter
  /// has said nothing yet.
  static func connections(at place: [UInt8]) -> Int {
    openNumbers.count { self.place(of: $0) == place && !isListening($0) }
  }

  private static var listeners: Set<Int32> { Set(openNumbers.filter(isListening)) }

  private static var openNumbers: [Int32] {
    guard let folder = unsafe opendir("/proc/self/fd") else { return [] }
    defer { unsafe closedir(folder) }
    var numbers: [Int32] = []
    while let entry = unsafe readdir(folder) {
      let name = unsafe withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if let number = Int32(name) { numbers.append(number) }
    }
    return numbers
  }

  private static func isListening(_ descriptor: Int32) -> Bool {
    var answer: Int32 = 0
    var size = socklen_t(MemoryLayout<Int32>.size)
    return unsafe getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &answer, &size) == 0
      && answer != 0
  }

  private static func family(of descriptor: Int32) -> Int32 {
    var answer: Int32 = 0
    var size = socklen_t(MemoryLayout<Int32>.size)
    _ = unsafe getsockopt(descriptor, SOL_SOCKET, SO_DOMAIN, &answer, &size)
    return answer
  }
}
