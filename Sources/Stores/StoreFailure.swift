// Why a store did not do what it was asked to do. The caller settles it by the `on_error :store`
// answer in force; nothing here is ever taken for success.

package enum StoreFailure: Error, Equatable, Sendable {
  /// The file system has no room, or would have less left than is kept free.
  case full(String)
  /// The store's own bound on entries or bytes.
  case quota(String)
  /// Another process held the index for longer than we wait.
  case busy
  /// The file system or the index does not let us.
  case denied(String)
  /// The index or a file is damaged, or the system failed; nothing was kept.
  case broken(String)
  /// What was asked for cannot be stored by that name.
  case refused(String)
  /// There is no such entry.
  case missing(String)
  /// The entry is not in a state for this.
  case conflict(String)

  /// One line for a log or a terminal. Holds paths and our own words, nothing from mail.
  package var message: String {
    switch self {
    case .full(let text): "no room: \(text)"
    case .quota(let text): "the quota is used up: \(text)"
    case .busy: "another process keeps the index locked"
    case .denied(let text): "no permission: \(text)"
    case .broken(let text), .refused(let text), .conflict(let text): text
    case .missing(let id): "there is no entry '\(id)'"
    }
  }

  /// The same request can succeed later without anybody's doing.
  package var isTemporary: Bool {
    switch self {
    case .full, .quota, .busy: true
    case .denied, .broken, .refused, .missing, .conflict: false
    }
  }
}
