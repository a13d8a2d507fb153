// The door to the process's streams.
internal import Glibc
internal import UnixAddress

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

extension Descriptor {
  enum Asked: Equatable {
    /// The line that came, without its end.
    case answer([UInt8])
    case noDaemon(String)
    case cut
  }

  /// Sends a line to a unix socket and waits for a line.
  static func ask(_ question: [UInt8], at path: String, answerBytesMax: Int) -> Asked {
    let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    let descriptor = socket(AF_UNIX, kind, 0)
    guard descriptor >= 0 else { return .noDaemon(problem(errno)) }
    defer { close(descriptor) }
    let code = UnixAddress.connect(descriptor, path)
    guard code == 0 else { return .noDaemon(problem(code)) }
    guard unsafe send(descriptor, question, question.count, Int32(MSG_NOSIGNAL)) > 0 else {
      return .cut
    }
    var answer: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while answer.count <= answerBytesMax {
      let count = unsafe read(descriptor, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return .cut }
      answer += buffer[..<count]
      if let end = answer.firstIndex(of: 10) { return .answer(Array(answer[..<end])) }
    }
    return .cut
  }

  private static func problem(_ code: Int32) -> String { unsafe String(cString: strerror(code)) }
}
