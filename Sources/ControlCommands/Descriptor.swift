// The door to the process's streams.
internal import Glibc

enum Descriptor {
  static func isTerminal(_ number: Int32) -> Bool { isatty(number) == 1 }

  /// Writes all of it. A reader that has gone ends the process quietly, as in any pipe.
  static func write(_ bytes: [UInt8], to number: Int32) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes {
        unsafe Glibc.write(number, $0.baseAddress, $0.count)
      }
      if count < 0 {
        if errno == EINTR { continue }
        exit(errno == EPIPE ? 0 : 74)
      }
      rest = rest.dropFirst(count)
    }
  }
}
