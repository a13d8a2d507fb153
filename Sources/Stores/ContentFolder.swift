// The quarantine's contents: `content/ab/abcdef…`, a file for each SHA-256.
internal import RuleBytecode

struct ContentFolder: Sendable {
  private static let digits = Array("0123456789abcdef")
  static let mode: UInt32 = 0o640

  let path: String
  private let bytesMax: Int

  /// All 256 folders are made and made to last here, so that no writer waits for that.
  init(_ path: String, bytesMax: Int) throws(StoreFailure) {
    self.path = path
    self.bytesMax = bytesMax
    try StoreDoor.makeFolder(path, mode: 0o750)
    for folder in Self.folders {
      try StoreDoor.makeFolder("\(path)/\(folder)", mode: 0o750)
    }
    try StoreDoor.syncFolder(path)
  }

  static let folders = digits.flatMap { first in digits.map { "\(first)\($0)" } }

  private func folder(of digest: String) -> String { "\(path)/\(digest.prefix(2))" }
  func file(of digest: String) -> String { "\(folder(of: digest))/\(digest)" }

  /// Whether a name is one that we give.
  static func isDigest(_ name: String) -> Bool {
    name.utf8.count == 64
      && name.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
  }

  func holds(_ digest: String, size: Int) -> Bool {
    guard let facts = StoreDoor.facts(file(of: digest)) else { return false }
    return facts.isFile && facts.size == size
  }

  /// Makes the content last under its digest. A file that is there already is compared first: a
  /// damaged one is replaced.
  func put(
    _ bytes: [UInt8], _ digest: String, _ steps: StoreSteps
  ) throws(StoreFailure) {
    let folder = folder(of: digest)
    if holds(digest, size: bytes.count), try read(digest) == bytes {
      // Whoever wrote it may not have come to this yet.
      try StoreDoor.syncFile(file(of: digest))
      try StoreDoor.syncFolder(folder)
      steps.reached(.folderSynced)
      return
    }
    try DurableFile.write(bytes, to: digest, in: folder, mode: Self.mode, steps)
  }

  /// Nil when there is no such file.
  func read(_ digest: String) throws(StoreFailure) -> [UInt8]? {
    try StoreDoor.read(file(of: digest), bytesMax: bytesMax)
  }

  /// A file that is not what its name says is not handed out.
  func checked(_ digest: String) throws(StoreFailure) -> [UInt8] {
    guard let bytes = try read(digest) else {
      throw .broken("the content \(digest) is not there")
    }
    guard SHA256.digest(of: bytes.span).hex == digest else {
      throw .broken("the content \(digest) is damaged")
    }
    return bytes
  }
}
