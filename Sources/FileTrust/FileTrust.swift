// The door to who may change a file: its own rights, and those of every folder above it, since who
// may write to a folder can put another file in the place of one that is not his. Whoever is asked
// about does not trust what lies there; a path that passes cannot be changed by others afterwards
// either, so it may be read by its name.
internal import Glibc

/// Why a file is not believed.
package struct FileDoubt: Error, Equatable, Sendable {
  package enum Reason: Equatable, Sendable {
    /// Neither file nor folder, as was asked for: a pipe, a device.
    case otherKind
    case writableByOthers(mode: UInt32)
    case writableByGroup(String, mode: UInt32)
    /// It lies in a folder in which everybody may make files, and is of somebody else.
    case foreign(owner: String)
    /// It has another name elsewhere, whose owner may be anybody.
    case hardLink
  }

  /// The file, or the folder above it that is the matter.
  package let path: String
  package let reason: Reason

  package var message: String {
    switch reason {
    case .otherKind: "\(path) is not what it should be: a pipe, a device, a file or a folder"
    case .writableByOthers(let mode):
      "\(path) may be written by others (mode \(Self.octal(mode))): chmod o-w \(path)"
    case .writableByGroup(let group, let mode):
      "\(path) may be written by the group '\(group)' (mode \(Self.octal(mode))): chmod g-w \(path)"
    case .foreign(let owner):
      "\(path) belongs to '\(owner)' and lies in a folder in which everybody may make files: put it"
        + " elsewhere"
    case .hardLink: "\(path) has another name elsewhere (a hard link): remove it"
    }
  }

  private static func octal(_ mode: UInt32) -> String {
    let digits = String(mode, radix: 8)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }
}

package enum FileTrust {
  package enum Kind: Equatable, Sendable {
    /// Rules, images, configuration: root's group may write, no other.
    case rules
    /// A list of a policy: a group may be let write to it.
    case list
    /// A folder that the daemon keeps things in.
    case folder
    /// A file that is written anew: nobody else's, and under no other name.
    case ownFile
  }

  /// Why others could change what lies at a path; nil when they cannot, or when nothing is there.
  /// - Parameter users: whom a thing may belong to besides root and the process's own user.
  package static func doubt(
    about path: String, as kind: Kind, users: Set<UInt32> = []
  ) -> FileDoubt? {
    let users = users.union([0, geteuid()])
    guard let named = facts(path, following: false) else { return nil }
    let isLink = named.st_mode & S_IFMT == S_IFLNK
    if isLink, kind == .ownFile { return FileDoubt(path: path, reason: .otherKind) }
    guard let real = realPath(path), let found = facts(real, following: true) else { return nil }
    if let doubt = doubt(about: real, found, kind, users) { return doubt }
    if let doubt = doubt(above: real, owner: found.st_uid, users) { return doubt }
    guard isLink, let folder = realPath(parent(of: path)) else { return nil }
    return doubt(above: folder + "/" + name(of: path), owner: named.st_uid, users)
  }

  /// Of the thing itself.
  private static func doubt(
    about path: String, _ facts: stat, _ kind: Kind, _ users: Set<UInt32>
  ) -> FileDoubt? {
    let wanted = kind == .folder ? S_IFDIR : S_IFREG
    guard facts.st_mode & S_IFMT == wanted else { return FileDoubt(path: path, reason: .otherKind) }
    let isOwn = kind == .folder || kind == .ownFile
    if isOwn, !users.contains(facts.st_uid) {
      return FileDoubt(path: path, reason: .foreign(owner: userName(facts.st_uid)))
    }
    if kind == .ownFile, facts.st_nlink > 1 { return FileDoubt(path: path, reason: .hardLink) }
    return writers(path, facts, allowsGroup: kind != .rules)
  }

  /// Of all folders above it. One with the sticky bit, as /tmp, lets nobody replace what is
  /// another's: there the owner of what lies in it counts.
  private static func doubt(
    above path: String, owner: UInt32, _ users: Set<UInt32>
  ) -> FileDoubt? {
    var (below, owner) = (path, owner)
    while below != "/" {
      let folder = parent(of: below)
      guard let facts = facts(folder, following: true) else { return nil }
      if facts.st_mode & S_ISVTX == 0 {
        if let doubt = writers(folder, facts, allowsGroup: false) { return doubt }
      } else if facts.st_mode & S_IWOTH != 0, !users.contains(owner) {
        return FileDoubt(path: below, reason: .foreign(owner: userName(owner)))
      }
      (below, owner) = (folder, facts.st_uid)
    }
    return nil
  }

  private static func writers(_ path: String, _ facts: stat, allowsGroup: Bool) -> FileDoubt? {
    let mode = facts.st_mode & 0o7777
    if mode & S_IWOTH != 0 { return FileDoubt(path: path, reason: .writableByOthers(mode: mode)) }
    if !allowsGroup, mode & S_IWGRP != 0, facts.st_gid != 0 {
      return FileDoubt(
        path: path, reason: .writableByGroup(groupName(facts.st_gid), mode: mode))
    }
    return nil
  }

  private static func facts(_ path: String, following: Bool) -> stat? {
    var facts = stat()
    let result = unsafe following ? stat(path, &facts) : lstat(path, &facts)
    return result == 0 ? facts : nil
  }

  private static func realPath(_ path: String) -> String? {
    guard let real = unsafe realpath(path, nil) else { return nil }
    defer { unsafe free(real) }
    return unsafe String(cString: real)
  }

  package static func parent(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  private static func name(of path: String) -> Substring {
    path.lastIndex(of: "/").map { path[path.index(after: $0)...] } ?? path[...]
  }

  private static func userName(_ user: UInt32) -> String {
    guard let entry = unsafe getpwuid(user) else { return "\(user)" }
    return unsafe String(cString: entry.pointee.pw_name)
  }

  private static func groupName(_ group: UInt32) -> String {
    guard let entry = unsafe getgrgid(group) else { return "\(group)" }
    return unsafe String(cString: entry.pointee.gr_name)
  }
}
