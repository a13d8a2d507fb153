// One file written so that it is there whole or not at all, also after a loss of power: a new file
// beside it, fsync, rename, fsync of the folder. Beside it what else all stores share.

enum DurableFile {
  /// What a writer that was killed leaves behind begins with this; sweepers remove it when old.
  static let temporaryPrefix = ".new-"

  static func temporaryPath(in folder: String) -> String {
    "\(folder)/\(temporaryPrefix)\(RandomText.make(count: 16))"
  }

  /// Writes or replaces `folder/name`.
  static func write(
    _ bytes: [UInt8], to name: String, in folder: String, mode: UInt32, _ steps: StoreSteps
  ) throws(StoreFailure) {
    let temporary = temporaryPath(in: folder)
    try StoreDoor.writeNew(temporary, bytes, mode: mode, steps)
    do throws(StoreFailure) {
      try StoreDoor.rename(temporary, to: "\(folder)/\(name)")
    } catch {
      _ = try? StoreDoor.remove(temporary)
      throw error
    }
    steps.reached(.renamed)
    try StoreDoor.syncFolder(folder)
    steps.reached(.folderSynced)
  }

  /// Fails early when the file system would be left with too little: half a message on a disk that
  /// is then full helps nobody.
  static func checkRoom(
    for bytes: Int, in folder: String, factor: Int
  ) throws(StoreFailure) {
    guard factor > 0 else { return }
    let free = try StoreDoor.freeBytes(folder)
    let (wanted, isOver) = bytes.multipliedReportingOverflow(by: factor)
    if isOver || free < wanted {
      throw .full("\(folder) has \(free) bytes left, \(bytes) are to be stored")
    }
  }
}

/// A file for somebody who asked for a copy.
package enum NewFile {
  /// For its owner only; one that is there already is not touched.
  package static func write(_ bytes: [UInt8], to path: String) throws(StoreFailure) {
    try StoreDoor.writeNew(path, bytes, mode: 0o600, isOurs: false, .untold)
  }
}

/// Text that nobody can guess: base 32 without letters that are taken for digits.
package enum RandomText {
  private static let letters = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)

  /// Five bits a letter, from the system's generator.
  package static func make(count: Int) -> String {
    var generator = SystemRandomNumberGenerator()
    let bytes = (0..<count).map { _ in letters[Int(generator.next() & 31 as UInt64)] }
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// Who does something, as the audit record names them.
package struct StoreActor: Equatable, Sendable {
  package let userNumber: Int
  package let name: String

  package init(userNumber: Int, name: String) {
    self.userNumber = userNumber
    self.name = name
  }

  /// The user of this process; behind sudo also the user who called it.
  package static var current: StoreActor {
    let number = StoreDoor.userNumber
    var name = StoreDoor.userName ?? "user \(number)"
    if number == 0, let caller = StoreDoor.environment("SUDO_USER"), !caller.isEmpty {
      name += " (sudo by \(caller.prefix(64)))"
    }
    return StoreActor(userNumber: Int(number), name: name)
  }
}
