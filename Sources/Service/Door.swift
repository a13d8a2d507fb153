// The door to the system: standard error, whole files, the clock, and systemd's notify socket.
internal import Glibc
internal import Logging
internal import Logs
internal import Synchronization
internal import UnixAddress

/// What the daemon says of itself: to its log, and before there is one to standard error, one write
/// each so that lines of two threads never mix.
enum Console {
  private static let desk = Mutex<LogDesk?>(nil)

  /// From now on lines go there; to standard error again with nil.
  /// - Returns: where they went before.
  @discardableResult
  static func use(_ log: LogDesk?) -> LogDesk? {
    desk.withLock { desk in
      defer { desk = log }
      return desk
    }
  }

  /// Lines below it are left out from now on.
  static func setLevel(_ level: LeastLevel) { desk.withLock { $0 }?.level = level.level }

  /// - Parameter key: the queue id of the mail that it is about.
  static func log(_ line: String, about key: String? = nil, level: Logger.Level = .info) {
    if let desk = desk.withLock({ $0 }) { return desk.note(line, about: key, level: level) }
    write("\(key ?? "defangd"): \(line)")
  }

  /// What went wrong; several lines where a compiler says it.
  static func error(_ text: String) {
    guard let desk = desk.withLock({ $0 }) else { return write(text) }
    for line in text.split(separator: "\n") {
      let line = line.hasPrefix("defangd: ") ? line.dropFirst(9) : line
      desk.note(String(line), level: .error)
    }
  }

  private static func write(_ text: String) {
    var bytes = Array(text.utf8)
    if bytes.last != 10 { bytes.append(10) }
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(2, $0.baseAddress, $0.count) }
      // A log that cannot be written must not stop mail.
      if count < 0, errno != EINTR { return }
      rest = rest.dropFirst(max(count, 0))
    }
  }
}

/// What the system says of processes.
enum ProcessFacts {
  /// Bytes of memory that a process has in the machine; nil when it is gone.
  static func residentBytes(of process: Int32 = getpid()) -> Int? {
    guard let text = FileBytes.read("/proc/\(process)/statm", limit: 4_096) else { return nil }
    let words = String(decoding: text, as: UTF8.self).split(separator: " ")
    return words.count > 1 ? Int(words[1]).map { $0 * Int(getpagesize()) } : nil
  }

  /// Those that this process has open; 0 where /proc does not say.
  static func descriptors() -> Int64 {
    guard let folder = unsafe opendir("/proc/self/fd") else { return 0 }
    defer { unsafe closedir(folder) }
    var count: Int64 = 0
    while unsafe readdir(folder) != nil { count += 1 }
    // Itself, "." and "..".
    return max(0, count - 3)
  }
}

enum WallClock {
  /// Seconds since 1970.
  static var seconds: Int64 { Int64(time(nil)) }
}

enum FileBytes {
  /// A whole file; nil when it cannot be read or is larger than `limit`.
  static func read(_ path: String, limit: Int) -> [UInt8]? {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    return read(descriptor, limit: limit)
  }

  fileprivate static func read(_ descriptor: Int32, limit: Int) -> [UInt8]? {
    var result: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 256 << 10)
    while result.count <= limit {
      let count = unsafe buffer.withUnsafeMutableBytes {
        unsafe Glibc.read(descriptor, $0.baseAddress, $0.count)
      }
      if count == 0 { return result }
      if count < 0, errno != EINTR { return nil }
      result += buffer[..<max(count, 0)]
    }
    return nil
  }

  static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }
}

/// A file that not everybody may read.
enum SecretBytes {
  enum Fault: Error, Equatable {
    case unreadable(String)
    case noFile, tooLarge
    /// Its mode lets everybody read or write it.
    case open(mode: UInt32)

    var message: String {
      switch self {
      case .unreadable(let why): "it cannot be read: \(why)"
      case .noFile: "it is no file"
      case .tooLarge: "it is too large for one"
      case .open(let mode):
        "everybody may read or write it (mode \(String(mode, radix: 8))): take that away, as by"
          + " chmod 0640 and the daemon's group"
      }
    }
  }

  /// The file that is looked at is the one that is read, whatever takes its name meanwhile.
  static func read(_ path: String, limit: Int) throws(Fault) -> [UInt8] {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw .unreadable(Folders.lastProblem) }
    defer { close(descriptor) }
    var facts = stat()
    guard unsafe fstat(descriptor, &facts) == 0 else { throw .unreadable(Folders.lastProblem) }
    guard facts.st_mode & S_IFMT == S_IFREG else { throw .noFile }
    guard facts.st_mode & 0o006 == 0 else { throw .open(mode: facts.st_mode & 0o7777) }
    guard let bytes = FileBytes.read(descriptor, limit: limit) else { throw .tooLarge }
    return bytes
  }
}

enum Folders {
  /// Makes a folder that is missing, for its owner and group; true when it is there.
  static func make(_ path: String) -> Bool {
    if exists(path) { return true }
    return unsafe mkdir(path, 0o750) == 0 || errno == EEXIST
  }

  static func exists(_ path: String) -> Bool {
    var facts = stat()
    return unsafe stat(path, &facts) == 0 && facts.st_mode & S_IFMT == S_IFDIR
  }

  /// Gives a folder to a user.
  static func give(_ path: String, to user: ProcessRights.User) -> Bool {
    unsafe lchown(path, user.id, user.group) == 0
  }

  static func isWritable(_ path: String) -> Bool { unsafe access(path, R_OK | W_OK | X_OK) == 0 }

  /// What the system said of the latest call that failed.
  static var lastProblem: String { unsafe String(cString: strerror(errno)) }
}

/// The notify socket of sd_notify(3): one datagram to the address in NOTIFY_SOCKET.
enum SystemdNotice {
  /// The beginning of a reload, with the moment that sd_notify(3) asks for.
  static func reloading() {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    send("RELOADING=1\nMONOTONIC_USEC=\(time.tv_sec * 1_000_000 + time.tv_nsec / 1_000)")
  }

  static func send(_ state: String) {
    guard let raw = unsafe getenv("NOTIFY_SOCKET") else { return }
    let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    let path = unsafe String(cString: raw)
    guard UnixAddress.connect(descriptor, path, abstractAllowed: true) == 0 else { return }
    let message = Array(state.utf8)
    _ = unsafe Glibc.send(descriptor, message, message.count, Int32(MSG_NOSIGNAL))
  }
}
