// The door to processes of our own: the pair of sockets to a worker, its start, and its end.
internal import Glibc

enum WorkerDoor {
  enum Problem: Error, Equatable { case system(String) }

  /// How a worker ended.
  enum End: Equatable, Sendable {
    case exited(Int32)
    case signalled(Int32)

    var text: String {
      switch self {
      case .exited(let status): "exit status \(status)"
      case .signalled(let signal):
        unsafe "signal \(signal), \(strsignal(signal).map { unsafe String(cString: $0) } ?? "")"
      }
    }
  }

  /// Two ends, both close-on-exec.
  static func socketPair() throws(Problem) -> (ours: Int32, theirs: Int32) {
    var ends: [Int32] = [-1, -1]
    let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    guard unsafe socketpair(AF_UNIX, kind, 0, &ends) == 0 else {
      throw .system("socketpair: \(Folders.lastProblem)")
    }
    return (ends[0], ends[1])
  }

  /// For this process and its children: no file of its memory, which holds mail, when it dies; and
  /// no backtrace then, which would hold the sockets for seconds. `SWIFT_BACKTRACE` in the
  /// environment brings that back.
  static func dieQuietly() {
    var none = rlimit(rlim_cur: 0, rlim_max: 0)
    _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
    unsafe setenv("SWIFT_BACKTRACE", "enable=no", 0)
  }

  /// Starts this program again with other words. The child has these descriptors under the same
  /// numbers, standard input, output and error, and no signal blocked or ignored.
  static func start(_ words: [String], passing descriptors: [Int32]) throws(Problem) -> Int32 {
    var actions = unsafe posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    unsafe posix_spawn_file_actions_init(&actions)
    unsafe posix_spawnattr_init(&attributes)
    defer {
      unsafe posix_spawn_file_actions_destroy(&actions)
      unsafe posix_spawnattr_destroy(&attributes)
    }
    for descriptor in descriptors {
      // Onto itself: glibc then takes close-on-exec away.
      unsafe posix_spawn_file_actions_adddup2(&actions, descriptor, descriptor)
    }
    var signals = sigset_t()
    unsafe sigfillset(&signals)
    unsafe posix_spawnattr_setsigdefault(&attributes, &signals)
    unsafe sigemptyset(&signals)
    unsafe posix_spawnattr_setsigmask(&attributes, &signals)
    unsafe posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
    var child: pid_t = 0
    var list = unsafe words.map { unsafe strdup($0) } + [nil]
    defer { for index in unsafe list.indices { unsafe free(list[index]) } }
    let status = unsafe posix_spawn(
      &child, "/proc/self/exe", &actions, &attributes, &list, environ)
    guard status == 0 else {
      throw .system("posix_spawn: \(unsafe String(cString: strerror(status)))")
    }
    return child
  }

  /// Closes what this process inherited beyond what it was meant to: libraries of the parent open
  /// descriptors without close-on-exec, and whatever was opened here has that mark.
  static func closeInherited(but kept: Set<Int32>) {
    // Numbers are given from the lowest on; a process that inherits has hardly opened any.
    for number in Int32(3)..<1_024 where !kept.contains(number) {
      let flags = fcntl(number, F_GETFD)
      if flags >= 0, flags & FD_CLOEXEC == 0 { _ = Glibc.close(number) }
    }
  }

  /// What is passed on must not be passed on further.
  static func keepFromChildren(_ descriptors: Set<Int32>) {
    for number in descriptors { _ = fcntl(number, F_SETFD, FD_CLOEXEC) }
  }

  /// The master alone decides about this process's end: signals to the whole group are its affair.
  static func leaveSignalsToMaster() {
    for number in [SIGHUP, SIGINT, SIGTERM] { signal(number, SIG_IGN) }
  }

  /// Nil while it runs. After it was told once, the process is gone from the system's table.
  static func end(of child: Int32) -> End? {
    var status: Int32 = 0
    let result = unsafe waitpid(child, &status, WNOHANG)
    guard result != 0 else { return nil }
    // Not ours any more: nothing can be said of how.
    guard result == child else { return .exited(-1) }
    let signal = status & 0x7F
    return signal == 0 ? .exited(status >> 8 & 0xFF) : .signalled(signal)
  }

  /// Another number for the same; nil when there is none left.
  static func duplicate(_ descriptor: Int32) -> Int32? {
    let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 3)
    return copy < 0 ? nil : copy
  }

  /// Gives back the pages of program and libraries that this process has come by so far. What it
  /// needs again is mapped again, from the page cache; what only its start needed, half of what a
  /// worker at rest takes, is not. Code is never written, so nothing is lost.
  static func giveBackProgram() {
    guard let maps = FileBytes.read("/proc/self/maps", limit: 1 << 20) else { return }
    for line in String(decoding: maps, as: UTF8.self).split(separator: "\n") {
      // Range, rights, offset, device, inode, path.
      let words = line.split(separator: " ")
      guard words.count == 6, words[1] == "r-xp", words[5].hasPrefix("/") else { continue }
      let ends = words[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
      guard ends.count == 2, ends[0] < ends[1],
        let start = unsafe UnsafeMutableRawPointer(bitPattern: ends[0])
      else { continue }
      _ = unsafe madvise(start, Int(ends[1] - ends[0]), MADV_DONTNEED)
    }
  }

  static func close(_ descriptor: Int32) { _ = Glibc.close(descriptor) }

  static var ownNumber: Int { Int(getpid()) }

  static func kill(_ child: Int32) { _ = Glibc.kill(child, SIGKILL) }
}
