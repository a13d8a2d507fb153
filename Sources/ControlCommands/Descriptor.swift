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
  /// How a conversation ended.
  enum Ending: Equatable {
    /// We wanted no more.
    case left
    case noDaemon(String)
    case cut
  }

  /// Sends a line to a unix socket and hands over the lines that come, without their ends.
  static func follow(
    _ question: [UInt8], at path: String, lineBytesMax: Int, _ take: ([UInt8]) -> Bool
  ) -> Ending {
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
    while answer.count <= lineBytesMax {
      let count = unsafe read(descriptor, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return .cut }
      var next = buffer[..<count]
      while let end = next.firstIndex(of: 10) {
        answer += next[..<end]
        if !take(answer) { return .left }
        answer.removeAll(keepingCapacity: true)
        next = next[(end + 1)...]
      }
      answer += next
    }
    return .cut
  }

  private static func problem(_ code: Int32) -> String { unsafe String(cString: strerror(code)) }
}

extension Descriptor {
  /// What the terminal has room for, as it is now; what terminals always had when it does not say.
  static var screenSize: (rows: Int, columns: Int) {
    var size = winsize()
    guard unsafe ioctl(1, UInt(TIOCGWINSZ), &size) == 0, size.ws_row > 0, size.ws_col > 0 else {
      return (24, 80)
    }
    return (Int(size.ws_row), Int(size.ws_col))
  }

  /// Runs something that draws on the whole screen and reads keys; afterwards the terminal is as it
  /// was, also when it fails.
  static func onWholeScreen<Failure: Error>(
    _ draw: () throws(Failure) -> Void
  ) throws(Failure) {
    var former = termios()
    let isKnown = unsafe tcgetattr(0, &former) == 0
    var raw = former
    // Keys come at once and unseen, ^C as one of them.
    raw.c_lflag &= ~tcflag_t(ICANON | ECHO | ISIG)
    if isKnown { unsafe tcsetattr(0, TCSANOW, &raw) }
    // Another page, and no cursor.
    write(Array("\u{1B}[?1049h\u{1B}[?25l".utf8), to: 1)
    defer {
      write(Array("\u{1B}[?25h\u{1B}[?1049l".utf8), to: 1)
      if isKnown { unsafe tcsetattr(0, TCSANOW, &former) }
    }
    try draw()
  }

  /// The next key; nil when none came, and ^D at the end of the input.
  static func key(withinMilliseconds time: Int) -> UInt8? {
    var entry = pollfd(fd: 0, events: Int16(POLLIN), revents: 0)
    guard unsafe poll(&entry, 1, Int32(time)) > 0 else { return nil }
    var byte: UInt8 = 0
    return unsafe read(0, &byte, 1) == 1 ? byte : 4
  }
}
