// Lists of a policy that stand in files, read again when they change. A list is taken when it
// looked the same twice in a row, so that one that is just being written is not taken half; what
// cannot be used is logged with its line, and the old content stays. Sessions keep what they began
// with.
internal import FileTrust
internal import RuleBytecode
internal import RuleVM
internal import Synchronization
internal import TableFiles

final class ListWatch: Sendable {
  static let seconds = 2

  private struct State {
    /// As they looked the time before, where that is not what is loaded.
    var seen: [String: FileFacts] = [:]
    /// What could not be used: said once.
    var refused: [String: FileFacts] = [:]
  }

  private let current: CurrentPolicy
  private let log: @Sendable (String) -> Void
  private let state = Mutex(State())

  init(_ current: CurrentPolicy, log: @escaping @Sendable (String) -> Void) {
    self.current = current
    self.log = log
  }

  /// Looks at all lists once. Blocks while it reads.
  func look() {
    let served = current.served
    var paths = Set(served.policy.tables.listPaths(of: served.policy.program.program))
    state.withLock { state in
      state.seen = state.seen.filter { paths.contains($0.key) }
      state.refused = state.refused.filter { paths.contains($0.key) }
      paths = paths.filter { isSettled($0, served.lists[$0], &state) }
    }
    for path in paths.sorted() { read(path) }
  }

  /// Whether it is another file now, and done.
  private func isSettled(_ path: String, _ loaded: FileFacts?, _ state: inout State) -> Bool {
    // One that is not there is being replaced.
    guard let now = FileFacts.of(path), now != loaded, now != state.refused[path] else {
      state.seen[path] = nil
      return false
    }
    defer { state.seen[path] = now }
    return state.seen[path] == now
  }

  private func read(_ path: String) {
    let served = current.served
    guard let before = FileFacts.of(path) else { return }
    if let doubt = FileTrust.doubt(about: path, as: .list) {
      state.withLock { $0.refused[path] = before }
      return log("\(path): not read again, the old content stays: \(doubt.message)")
    }
    let (tables, troubles) = served.policy.tables.reading(
      path, again: served.policy.program.program
    ) { path, limit in FileBytes.read(path, limit: limit) }
    guard FileFacts.of(path) == before else { return }
    for trouble in troubles { log(trouble.message) }
    guard !troubles.contains(where: \.isFatal) else {
      state.withLock { $0.refused[path] = before }
      return log("\(path): the new content cannot be used, the old one stays")
    }
    var lists = served.lists
    lists[path] = before
    let policy = LoadedPolicy(
      served.policy.program, tables: tables, suffixes: served.policy.suffixes)
    let next = ServedPolicy(
      policy: policy, desk: served.desk, keys: served.keys, lists: lists)
    if current.replace(next, ifStill: served.policy) { log("\(path): read again") }
  }
}
