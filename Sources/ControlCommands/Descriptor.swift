// The door to the process's streams.
internal import Glibc
internal import Synchronization
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
  /// was, also when it fails, is ended by a signal, or is stopped for a while.
  static func onWholeScreen<Failure: Error>(
    _ draw: () throws(Failure) -> Void
  ) throws(Failure) {
    WholeScreen.enter()
    defer { WholeScreen.leave() }
    try draw()
  }

  /// The next key; nil when none came, when the screen has changed, and ^D at the end of the input.
  static func key(withinMilliseconds time: Int) -> UInt8? {
    var left = time
    while left > 0, !WholeScreen.takeChange() {
      var entry = pollfd(fd: 0, events: Int16(POLLIN), revents: 0)
      // Signals come to other threads: whether the screen has changed is looked up.
      let slice = min(left, 100)
      left -= slice
      guard unsafe poll(&entry, 1, Int32(slice)) > 0 else { continue }
      var byte: UInt8 = 0
      return unsafe read(0, &byte, 1) == 1 ? byte : 4
    }
    return nil
  }
}

/// The terminal while something draws on all of it. Signals come whenever they like, also while the
/// daemon is asked and does not answer; what their handlers do is what signal-safety(7) allows:
/// tcsetattr, write, signal, raise, and atomics.
private enum WholeScreen {
  /// How the terminal was, where handlers find it: as bits of an address, 0 when it is no terminal.
  private static let former = Atomic<UInt>(0)
  /// It is to be drawn anew.
  private static let hasChanged = Atomic(false)
  /// Another page, and no cursor; and back.
  private static let begin: StaticString = "\u{1B}[?1049h\u{1B}[?25l"
  private static let end: StaticString = "\u{1B}[?25h\u{1B}[?1049l"

  static func enter() {
    let place = UnsafeMutablePointer<termios>.allocate(capacity: 1)
    unsafe place.initialize(to: termios())
    if unsafe tcgetattr(0, place) == 0 {
      former.store(UInt(bitPattern: place), ordering: .sequentiallyConsistent)
    } else {
      unsafe place.deallocate()
    }
    for number in [SIGINT, SIGTERM, SIGHUP, SIGQUIT] { signal(number, endBySignal) }
    signal(SIGTSTP, stopBySignal)
    signal(SIGCONT, goOn)
    signal(SIGWINCH, redraw)
    show()
  }

  static func leave() {
    hide()
    for number in [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGCONT, SIGWINCH] {
      signal(number, SIG_DFL)
    }
    let bits = former.exchange(0, ordering: .sequentiallyConsistent)
    unsafe UnsafeMutablePointer<termios>(bitPattern: bits)?.deallocate()
  }

  fileprivate static func show() {
    if let former = unsafe UnsafePointer<termios>(
      bitPattern: former.load(ordering: .sequentiallyConsistent))
    {
      var raw = unsafe former.pointee
      // Keys come at once and unseen; those that send signals still do.
      raw.c_lflag &= ~tcflag_t(ICANON | ECHO)
      unsafe tcsetattr(0, TCSANOW, &raw)
    }
    put(begin)
  }

  fileprivate static func hide() {
    put(end)
    if let former = unsafe UnsafePointer<termios>(
      bitPattern: former.load(ordering: .sequentiallyConsistent))
    {
      unsafe tcsetattr(0, TCSANOW, former)
    }
  }

  fileprivate static func takeChange() -> Bool {
    hasChanged.exchange(false, ordering: .sequentiallyConsistent)
  }

  fileprivate static func change() { hasChanged.store(true, ordering: .sequentiallyConsistent) }

  private static func put(_ text: StaticString) {
    _ = unsafe Glibc.write(1, text.utf8Start, text.utf8CodeUnitCount)
  }
}

/// The signal is raised again with what it does of itself, once this has returned.
private func endBySignal(_ number: Int32) {
  WholeScreen.hide()
  signal(number, SIG_DFL)
  raise(number)
}

private func stopBySignal(_ number: Int32) {
  WholeScreen.hide()
  signal(SIGTSTP, SIG_DFL)
  raise(SIGTSTP)
}

/// Also after a stop that no handler hears of: the shell may have set the terminal otherwise.
private func goOn(_ number: Int32) {
  signal(SIGTSTP, stopBySignal)
  WholeScreen.show()
  WholeScreen.change()
}

private func redraw(_ number: Int32) { WholeScreen.change() }
