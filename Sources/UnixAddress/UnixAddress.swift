// The door to addresses of unix sockets (unix(7)). A path that does not fit is refused, never cut.
internal import Glibc

package enum UnixAddress {
  /// Bytes of a path: those of `sun_path` without the NUL that ends it.
  package static let pathBytesMax = 107

  /// 0, or the error number: ENAMETOOLONG also for an empty path.
  /// - Parameter abstractAllowed: whether "@" at the beginning means a name that is no file.
  package static func connect(
    _ descriptor: Int32, _ path: String, abstractAllowed: Bool = false
  ) -> Int32 {
    unsafe call(Glibc.connect, descriptor, path, abstractAllowed)
  }

  /// 0, or the error number.
  package static func bind(
    _ descriptor: Int32, _ path: String, abstractAllowed: Bool = false
  ) -> Int32 {
    unsafe call(Glibc.bind, descriptor, path, abstractAllowed)
  }

  @safe private static func call(
    _ function: (Int32, UnsafePointer<sockaddr>?, socklen_t) -> Int32,
    _ descriptor: Int32, _ path: String, _ abstractAllowed: Bool
  ) -> Int32 {
    var name = Array(path.utf8)
    guard !name.isEmpty, name.count <= pathBytesMax else { return ENAMETOOLONG }
    let isAbstract = abstractAllowed && name[0] == UInt8(ascii: "@")
    // An abstract name begins with NUL and ends where its length says; a path ends with NUL.
    if isAbstract { name[0] = 0 } else { name.append(0) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: name) }
    let size = socklen_t(MemoryLayout<sa_family_t>.size + name.count)
    let result = unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe function(descriptor, $0, size)
      }
    }
    return result == 0 ? 0 : errno
  }
}
