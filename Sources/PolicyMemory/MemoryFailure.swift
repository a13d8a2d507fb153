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
  /// It is on another host, or in another process, and gives no answer.
  case unreachable(String)
  /// The memory is of a newer version, or cannot be read; nothing was kept.
  case broken(String)

  /// One line for a log. Holds our own words, SQLite's about our own statements and a
  /// server's, cleaned.
  package var message: String {
    switch self {
    case .full(let text): "no room: \(text)"
    case .busy: "another process keeps the memory locked"
    case .denied(let text): "no permission: \(text)"
    case .damaged(let text): "the memory is damaged: \(text)"
    case .broken(let text): text
    case .unreachable(let text): "the memory gives no answer: \(text)"
    }
  }

  /// The same question can be answered later without anybody's doing.
  package var isTemporary: Bool {
    switch self {
    case .full, .busy, .unreachable: true
    case .denied, .damaged, .broken: false
    }
  }
}
