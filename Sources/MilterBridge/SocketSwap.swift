// The door to descriptors that libmilter holds (Glibc). It wants to open its socket itself, at an
// address, and remembers the number alone: so it opens one that nobody finds, and the one that is
// meant, which others made, keep and share, is put in its place. What it checks of each connection
// is the family of the caller's address, so both are of the same. When it is to take no more, it
// gets one that nobody finds again; it cannot be told otherwise without ending its sessions.

internal import Glibc

enum SocketSwap {
  /// Lets `open` make a socket for the same callers as `descriptor`, at an address where no other
  /// of this process is.
  /// - Parameter folder: a private one.
  /// - Returns: its number.
  static func listener(
    like descriptor: Int32, in folder: String, _ open: (String) throws(ListenError) -> Void
  ) throws(ListenError) -> Int32 {
    let name: [UInt8]
    switch family(of: descriptor) {
    case AF_INET: name = try openInternet("127.0.0.1", isIPv6: false, open)
    case AF_INET6: name = try openInternet("::1", isIPv6: true, open)
    default:
      let path = "\(folder)/libmilter"
      try open("unix:\(path)")
      // Family, path, and a NUL.
      name = unsafe withUnsafeBytes(of: sa_family_t(AF_UNIX), Array.init) + path.utf8 + [0]
    }
    guard let number = openNumbers.first(where: { isListening($0) && self.name(of: $0) == name })
    else {
      throw .system(call: "the socket of libmilter", code: EBADF)
    }
    return number
  }

  /// At a port that was free a moment ago; somebody else may have been quicker.
  /// - Returns: the name of the socket.
  private static func openInternet(
    _ host: String, isIPv6: Bool, _ open: (String) throws(ListenError) -> Void
  ) throws(ListenError) -> [UInt8] {
    var tries = 8
    while true {
      let probe = try ListenSocket.bindInternet(host: host, port: 0, isIPv6: isIPv6)
      let name = name(of: probe) ?? []
      ListenSocket.close(probe)
      // Behind the family, in the order of the network.
      let port = name.count < 4 ? 0 : Int(name[2]) << 8 | Int(name[3])
      tries -= 1
      do throws(ListenError) {
        try open("\(isIPv6 ? "inet6" : "inet"):\(port)@\(host)")
        return name
      } catch {
        if tries == 0 { throw error }
      }
    }
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
    guard let name = name(of: descriptor) else { return nil }
    return family(of: descriptor) == AF_UNIX ? name : Array(name.prefix(4))
  }

  /// The address of a socket as the system writes it: no other of the process that listens has it.
  private static func name(of descriptor: Int32) -> [UInt8]? {
    var address = sockaddr_storage()
    var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
    let status = unsafe withUnsafeMutablePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe getsockname(descriptor, $0, &size)
      }
    }
    guard status == 0 else { return nil }
    return unsafe withUnsafeBytes(of: address) { unsafe Array($0.prefix(Int(size))) }
  }

  /// Whether a number is that of a socket at this place that listens, and not of anything else by
  /// now.
  static func listens(_ descriptor: Int32, place: [UInt8]) -> Bool {
    self.place(of: descriptor) == place && isListening(descriptor)
  }

  /// How many connections this process has that came in there, those included of which libmilter
  /// has said nothing yet.
  static func connections(at place: [UInt8]) -> Int {
    openNumbers.count { self.place(of: $0) == place && !isListening($0) }
  }

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

  static func isListening(_ descriptor: Int32) -> Bool {
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
