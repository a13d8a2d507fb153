// Why a policy's memory did not answer. The caller settles it by the `on_error :store` answer in
// force; nothing here is ever taken for an answer.

package enum MemoryFailure: Error, Equatable, Sendable {
  /// The file system has no room.
  case full(String)
  /// Another process held the memory for longer than we wait.
  case busy
  /// The file system does not let us.
  case denied(String)
  /// The file holds what cannot be ours; nothing was kept.
  case damaged(String)
  /// The memory is of a newer version, or cannot be read; nothing was kept.
  case broken(String)

  /// One line for a log. Holds our own words and SQLite's about our own statements.
  package var message: String {
    switch self {
    case .full(let text): "no room: \(text)"
    case .busy: "another process keeps the memory locked"
    case .denied(let text): "no permission: \(text)"
    case .damaged(let text): "the memory is damaged: \(text)"
    case .broken(let text): text
    }
  }

  /// The same question can be answered later without anybody's doing.
  package var isTemporary: Bool {
    switch self {
    case .full, .busy: true
    case .denied, .damaged, .broken: false
    }
  }
}
