// The door to the system: a file gets another name, and what time it is.
internal import Glibc

package enum MemoryDoor {
  /// Seconds since 1970.
  package static var nowSeconds: Int64 { Int64(time(nil)) }

  /// Nil when it is done; what the system said otherwise. What has that name already is replaced.
  static func rename(_ from: String, to: String) -> String? {
    guard unsafe Glibc.rename(from, to) != 0 else { return nil }
    return unsafe String(cString: strerror(errno))
  }
}
