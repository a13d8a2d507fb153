// The tests' door to the system (Glibc): bounds on files, a small file system, and dying at once.

import Glibc

enum TestDoor {
  static var isRoot: Bool { geteuid() == 0 }

  /// From now on no file of this process grows past so many bytes; writing more is an error, as on
  /// a full disk.
  static func limitFiles(bytes: UInt) {
    _ = signal(SIGXFSZ, SIG_IGN)
    var limit = rlimit(rlim_cur: bytes, rlim_max: bytes)
    guard unsafe setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0 else { exit(9) }
  }

  /// A file system of that size over a folder; false where that is not allowed.
  static func mountSmall(_ path: String, bytes: Int) -> Bool {
    unsafe "size=\(bytes)".withCString { unsafe mount("tmpfs", path, "tmpfs", 0, $0) == 0 }
  }

  static func unmount(_ path: String) {
    let detach: Int32 = 2
    _ = unsafe umount2(path, detach)
  }

  static func end(_ code: Int32) -> Never { exit(code) }
  static func die() { kill(getpid(), SIGKILL) }
}
