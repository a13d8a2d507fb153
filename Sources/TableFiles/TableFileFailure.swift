// Why a table's file gave no answer. The caller settles it by the `on_error :table` answer in
// force; a key that is not there is an answer, not a failure.

package enum TableFileFailure: Error, Equatable, Sendable {
  case missing(String)
  /// The file system does not let us.
  case denied(String)
  /// The file is none of its kind, damaged, or the system failed.
  case broken(String)
  /// A value is longer than its bound.
  case tooLong(String)

  /// One line for a log: paths and our own words.
  package var message: String {
    switch self {
    case .missing(let path): "\(path) is not there"
    case .denied(let text), .broken(let text), .tooLong(let text): text
    }
  }
}
