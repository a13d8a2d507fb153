// How the compiler gets at the files that a policy names. It opens none itself: whoever calls it
// says how files are read, and a compiler without that reads none.

package struct FileAccess: Sendable {
  package enum Reading: Sendable {
    /// At most one byte over the limit that was asked for, so that the reader's own can answer.
    case bytes([UInt8])
    case missing
    /// Nobody looked.
    case unknown
    /// It is there and cannot be read; why.
    case unreadable(String)
  }

  /// The content of a file.
  package let read: @Sendable (_ path: String, _ limit: Int) -> Reading

  package init(read: @escaping @Sendable (_ path: String, _ limit: Int) -> Reading) {
    self.read = read
  }

  package static var none: FileAccess { FileAccess { _, _ in .unknown } }
}
