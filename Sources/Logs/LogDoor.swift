// The door to standard error and to the sockets of syslog and the journal. Both are unix datagram
// sockets: a line is one datagram, and when the other side was restarted the socket is opened anew.
internal import Glibc
internal import Logging
internal import Synchronization
internal import UnixAddress

/// Lines to standard error: many in one write, so that lines of two threads never mix.
package struct StandardErrorSink: LogSink {
  private let descriptor: Int32

  package init(descriptor: Int32 = 2) { self.descriptor = descriptor }

  package func write(_ lines: ArraySlice<LogLine>) -> Int {
    var bytes: [UInt8] = []
    for line in lines {
      if line.key == nil, !line.text.hasPrefix("{") { bytes += "defangd: ".utf8 }
      bytes += line.text.utf8
      bytes.append(10)
    }
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes {
        unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
      }
      if count < 0, errno == EAGAIN {
        var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        _ = unsafe poll(&wait, 1, 1_000)
      } else if count < 0, errno != EINTR {
        // Nobody reads it any more: waiting would not help.
        return lines.count
      }
      rest = rest.dropFirst(max(count, 0))
    }
    return lines.count
  }
}

package final class DatagramSink: LogSink {
  package static let syslogPath = "/dev/log"
  package static let journalPath = "/run/systemd/journal/socket"

  package enum Form: Sendable { case syslog, journal }

  private let path: String
  private let form: Form
  private let descriptor = Mutex<Int32>(-1)
  /// How long one datagram may wait for room.
  private static let sendMilliseconds = 500

  package init(_ form: Form, path: String? = nil) {
    self.form = form
    self.path = path ?? (form == .syslog ? Self.syslogPath : Self.journalPath)
  }

  deinit { descriptor.withLock { if $0 >= 0 { close($0) } } }

  package var wantsFields: Bool { form == .journal }

  package func write(_ lines: ArraySlice<LogLine>) -> Int {
    descriptor.withLock { descriptor in
      var taken = 0
      for line in lines {
        guard send(datagram(line), &descriptor) else { return taken }
        taken += 1
      }
      return taken
    }
  }

  private func datagram(_ line: LogLine) -> [UInt8] {
    switch form {
    case .syslog: SyslogForm.datagram(line, time: Self.now(), process: getpid())
    case .journal: JournalForm.datagram(line)
    }
  }

  /// False when nobody takes it now.
  private func send(_ bytes: [UInt8], _ descriptor: inout Int32) -> Bool {
    // Once more where the socket was another daemon's.
    for _ in 0..<2 {
      if descriptor < 0 { descriptor = connected() }
      guard descriptor >= 0 else { return false }
      if unsafe Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) >= 0 {
        return true
      }
      switch errno {
      case EAGAIN, EINTR: return false
      // One that is too large never goes: the next one may.
      case EMSGSIZE: return true
      default:
        close(descriptor)
        descriptor = -1
      }
    }
    return false
  }

  private func connected() -> Int32 {
    let made = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard made >= 0 else { return -1 }
    var patience = timeval(tv_sec: 0, tv_usec: Self.sendMilliseconds * 1_000)
    _ = unsafe setsockopt(
      made, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    guard UnixAddress.connect(made, path) == 0 else {
      close(made)
      return -1
    }
    return made
  }

  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  /// `Mmm dd hh:mm:ss`, local.
  private static func now() -> String {
    var seconds = time(nil)
    var parts = unsafe tm()
    _ = unsafe localtime_r(&seconds, &parts)
    func padded(_ number: Int32, _ pad: String) -> String {
      number < 10 ? pad + String(number) : String(number)
    }
    let clock = unsafe [parts.tm_hour, parts.tm_min, parts.tm_sec].map { padded($0, "0") }
    return unsafe "\(months[Int(parts.tm_mon) % 12]) \(padded(parts.tm_mday, " ")) "
      + clock.joined(separator: ":")
  }
}

package enum Pause {
  /// Of a thread that may wait.
  package static func milliseconds(_ count: Int) { usleep(UInt32(count) * 1_000) }
}
