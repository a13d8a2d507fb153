// The door to what a process may: who it is, how many files it may have open, and the file with its
// number. Rights are given up once, for good, and that is tried.
internal import CProcess
internal import FileTrust
internal import Glibc
internal import Programs

enum ProcessRights {
  struct User: Equatable {
    let id: uid_t
    let group: gid_t
    /// Nil for a number that no user has.
    let name: String?
  }

  static var isRoot: Bool { geteuid() == 0 }

  /// A user by name or number.
  static func user(_ name: String) -> User? {
    let entry = unsafe uid_t(name).map { unsafe getpwuid($0) } ?? getpwnam(name)
    guard let entry = unsafe entry else { return nil }
    return unsafe User(
      id: entry.pointee.pw_uid, group: entry.pointee.pw_gid,
      name: String(cString: entry.pointee.pw_name))
  }

  /// A group by name or number.
  static func group(_ name: String) -> gid_t? {
    if let number = gid_t(name) { return number }
    guard let entry = unsafe getgrnam(name) else { return nil }
    return unsafe entry.pointee.gr_gid
  }

  /// Becomes that user, with its groups, in all threads. Nothing happens when it is that one.
  static func become(user name: String, group groupName: String?) throws(StartFailure) {
    guard let user = user(name) else { throw refused("there is no user '\(name)'") }
    var id = user.group
    if let groupName {
      guard let found = group(groupName) else { throw refused("there is no group '\(groupName)'") }
      id = found
    }
    if geteuid() == user.id, getegid() == id { return }
    guard unsafe initgroups(user.name ?? name, id) == 0, setgid(id) == 0, setuid(user.id) == 0
    else { throw refused("cannot become user '\(name)': \(Folders.lastProblem)") }
    // A way back would be a way for whoever takes the process over.
    guard user.id == 0 || isRootGone(user.id) else {
      throw refused("root's rights could be taken again")
    }
  }

  /// Whether no call brings root back, and no capability is left of it.
  private static func isRootGone(_ user: uid_t) -> Bool {
    guard setuid(0) != 0, seteuid(0) != 0, setreuid(0, 0) != 0 else { return false }
    guard getuid() == user, geteuid() == user else { return false }
    return ["CapPrm", "CapEff"].allSatisfy { facts()[$0]?.allSatisfy { $0 == "0" } != false }
  }

  /// What the kernel says of this process, line by line.
  private static func facts() -> [String: Substring] {
    let text = FileBytes.read("/proc/self/status", limit: 65_536) ?? []
    let lines = String(decoding: text, as: UTF8.self).split(separator: "\n")
    let pairs = lines.map { $0.split(separator: "\t", maxSplits: 1) }.filter { $0.count == 2 }
    return Dictionary(
      pairs.map { (String($0[0].dropLast()), $0[1]) }, uniquingKeysWith: { first, _ in first })
  }

  /// No program that is started from here, of a scanner or of a policy, gets rights by a
  /// set-user-id bit. The kernel keeps that for each thread and hands it on to new ones (prctl(2)):
  /// to be called while there is one thread.
  static func forbidNewRights() { _ = defang_no_new_privileges() }

  /// What is freed goes back to the system. glibc raises both bounds by itself with the largest
  /// block that was ever freed, up to 64 MiB that each of its arenas (eight for each processor)
  /// then keeps: memory grew with each thread that met a large message or took a policy. Two arenas
  /// more than processors are enough for the threads that are busy.
  static func boundFreeMemory() {
    let processors = Int32(clamping: sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    _ = defang_bound_free_memory(1 << 20, 256 << 10, max(1, processors) + 2)
  }

  /// Also pages that are free between others in use. In some milliseconds, in which threads that
  /// allocate may wait.
  static func giveBackFreeMemory() { _ = defang_give_back_free_memory() }

  /// Dispatch would log at each start that its thread for timers gets no precedence, which only
  /// root can give. `LIBDISPATCH_LOG` in the environment brings its notes back.
  static func quietDispatch() { unsafe setenv("LIBDISPATCH_LOG", "NO", 0) }

  /// Files of ours are nobody's but the group's to read, unless one is made otherwise on purpose.
  static func tightenMask() {
    let former = umask(0o027)
    umask(former | 0o027)
  }

  private static func refused(_ reason: String) -> StartFailure {
    StartFailure(code: 78, message: reason)
  }

  /// For the main thread, which others work beside.
  static func rest() -> Never { while true { pause() } }

  static func end() -> Never { exit(0) }

  /// Files that may be open after `raiseDescriptors`.
  static var descriptorsMax: Int? {
    var limit = rlimit()
    guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
      return nil
    }
    return Int(clamping: limit.rlim_max)
  }

  /// Sessions at once that there are descriptors for.
  static var sessionsMax: Int {
    descriptorsMax.map { OpenFiles.sessions(within: $0) } ?? .max
  }

  /// As many open files as the system allows.
  static func raiseDescriptors() {
    var limit = rlimit()
    let kind = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    guard unsafe getrlimit(kind, &limit) == 0, limit.rlim_cur < limit.rlim_max else { return }
    limit.rlim_cur = limit.rlim_max
    _ = unsafe setrlimit(kind, &limit)
  }
}

/// The file with the number of the process.
struct PIDFile {
  let path: String

  /// Written anew beside its place and put there: what lies there, a link too, is replaced and
  /// never written through.
  func write() throws(StartFailure) {
    if let doubt = FileTrust.doubt(about: path, as: .ownFile) {
      throw StartFailure(code: 78, message: "the pid file is refused: \(doubt.message)")
    }
    let new = "\(path).\(getpid()).new"
    let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
    let descriptor = unsafe open(new, flags, 0o644)
    guard descriptor >= 0 else { throw failure }
    let text = Array("\(getpid())\n".utf8)
    let count = unsafe text.withUnsafeBytes {
      unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
    }
    close(descriptor)
    guard count == text.count, unsafe rename(new, path) == 0 else {
      let failure = failure
      _ = unsafe unlink(new)
      throw failure
    }
  }

  /// Unless it is another's by now.
  func remove() {
    guard FileBytes.read(path, limit: 64) == Array("\(getpid())\n".utf8) else { return }
    _ = unsafe unlink(path)
  }

  private var failure: StartFailure {
    StartFailure(code: 78, message: "the pid file \(path): \(Folders.lastProblem)")
  }
}
