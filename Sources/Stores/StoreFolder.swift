// A folder that a policy's `store` declaration names: what is common to links and copies.
//
// Writers hold the folder's lock shared, upkeep holds it alone: what is put again while upkeep
// looks at its age is not removed. A marker file says that the folder is ours, so that upkeep
// never removes files from a folder that somebody named by mistake.

internal import JSONOutput

package struct StoreFolder: Sendable {
  /// The file that is locked, and says that the folder is ours.
  static let marker = ".defang-store"
  /// `:mode` of a declaration that has none.
  package static let defaultMode: UInt32 = 0o640

  package let path: String
  /// Of files; folders can be searched by whoever can read their files.
  package let mode: UInt32
  /// After its last use a file goes; nil keeps it.
  package let expireSeconds: Int64?
  let steps: StoreSteps

  /// - Parameter mode: of new files.
  package init(
    _ path: String, mode: UInt32 = StoreFolder.defaultMode, expireSeconds: Int64? = nil,
    steps: StoreSteps = .untold
  ) {
    self.path = path
    self.mode = mode & 0o777
    self.expireSeconds = expireSeconds
    self.steps = steps
  }

  /// Read brings search with it; the owner can always write.
  var folderMode: UInt32 { 0o700 | mode | ((mode & 0o444) >> 2) }

  /// Makes what is missing of the folder itself; its parent must be there.
  func prepare() throws(StoreFailure) {
    try StoreDoor.makeFolder(path, mode: folderMode)
  }

  /// Holds the lock while `body` runs.
  func locked<Value>(
    alone: Bool, _ body: () throws(StoreFailure) -> Value
  ) throws(StoreFailure) -> Value {
    let file = "\(path)/\(Self.marker)"
    let number = try StoreDoor.openLock(file)
    defer { StoreDoor.closeLock(number) }
    try StoreDoor.lock(number, isExclusive: alone, file)
    return try body()
  }

  /// A folder below this one, made to last.
  func makeFolder(_ name: String, in parent: String) throws(StoreFailure) -> String {
    let folder = "\(parent)/\(name)"
    try StoreDoor.makeFolder(folder, mode: folderMode)
    try StoreDoor.syncFolder(parent)
    steps.reached(.folderMade)
    return folder
  }
}

/// Facts about a stored file for the web server or whoever reads the folder, as JSON.
package struct SidecarFact: Equatable, Sendable {
  package enum Value: Equatable, Sendable {
    case text(String)
    case number(Int)
    case texts([String])
  }

  package let name: String
  package let value: Value

  package init(_ name: String, _ value: Value) {
    self.name = name
    self.value = value
  }

  static func bytes(_ facts: [SidecarFact]) -> [UInt8] {
    let members = facts.map { fact -> (String, OrderedJSON) in
      switch fact.value {
      case .text(let text): (fact.name, .text(text))
      case .number(let number): (fact.name, .number(number))
      case .texts(let texts): (fact.name, .texts(texts))
      }
    }
    return Array((OrderedJSON.object(members).line + "\n").utf8)
  }
}
