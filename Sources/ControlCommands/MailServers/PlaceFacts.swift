// The door to what lies at a path and who may get there: the rights of files as the kernel would
// judge them for another user.
internal import Glibc

struct PlaceFacts {
  enum Kind: Equatable { case file, folder, socket, other }

  let kind: Kind
  let mode: UInt32
  let user: UInt32
  let group: UInt32
  let changedSeconds: Int

  /// Nil when nothing is there, or it cannot be seen.
  static func of(_ path: String) -> PlaceFacts? {
    var facts = stat()
    guard unsafe stat(path, &facts) == 0 else { return nil }
    let kind: Kind =
      switch facts.st_mode & S_IFMT {
      case S_IFREG: .file
      case S_IFDIR: .folder
      case S_IFSOCK: .socket
      default: .other
      }
    return PlaceFacts(
      kind: kind, mode: facts.st_mode & 0o7777, user: facts.st_uid, group: facts.st_gid,
      changedSeconds: facts.st_mtim.tv_sec)
  }

  /// Whether that user has all of these rights: of 4 read, 2 write, 1 search.
  func lets(_ account: Account, _ rights: UInt32) -> Bool {
    if account.user == 0 { return true }
    let shift: UInt32 = account.user == user ? 6 : account.groups.contains(group) ? 3 : 0
    return mode >> shift & rights == rights
  }

  /// A whole file; nil when it cannot be read or is larger.
  static func bytes(of path: String, limit: Int) -> [UInt8]? {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var result: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while result.count <= limit {
      let count = unsafe read(descriptor, &buffer, buffer.count)
      if count == 0 { return result }
      if count < 0, errno != EINTR { return nil }
      result += buffer[..<max(0, count)]
    }
    return nil
  }

  /// What a process may have, as /proc says: `Max open files`.
  static func openFilesMax(of process: Int) -> Int? {
    let text = bytes(of: "/proc/\(process)/limits", limit: 65_536) ?? []
    let line = String(decoding: text, as: UTF8.self).split(separator: "\n")
      .first { $0.hasPrefix("Max open files") }
    return line?.split(separator: " ").compactMap { Int($0) }.first
  }
}

/// A user as the kernel sees it.
struct Account: Equatable {
  let name: String
  let user: UInt32
  let groups: Set<UInt32>

  init(name: String, user: UInt32, groups: Set<UInt32>) {
    (self.name, self.user, self.groups) = (name, user, groups)
  }

  /// Nil when there is no such user.
  init?(_ name: String) {
    guard let entry = unsafe getpwnam(name) else { return nil }
    user = unsafe entry.pointee.pw_uid
    self.name = name
    var count = Int32(256)
    var list = [gid_t](repeating: 0, count: Int(count))
    guard unsafe getgrouplist(name, entry.pointee.pw_gid, &list, &count) >= 0 else { return nil }
    groups = Set(list.prefix(Int(count)))
  }
}
