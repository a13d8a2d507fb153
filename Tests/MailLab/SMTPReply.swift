// An SMTP reply and the reading of lines from a socket, shared by client and sink.

/// One reply of a server, as it came (RFC 5321 §4.2): `lines` hold the code too.
package struct SMTPReply: Equatable, Sendable, CustomStringConvertible {
  package let code: Int
  /// Without their line ends, for example `550-5.7.1 first` and `550 5.7.1 second`.
  package let lines: [String]

  package var description: String { lines.joined(separator: "\n") }

  package var isPositive: Bool { (200..<400).contains(code) }
}

/// Bytes of a socket, line by line. Limits: none of size; a peer of ours is on the other side.
struct LineReader {
  let socket: Descriptor
  private var buffer: [UInt8] = []
  private var start = 0

  init(_ socket: Descriptor) { self.socket = socket }

  /// The next line with its line feed; nil at the end of the stream or when time is up.
  mutating func next(timeoutSeconds: Double) -> [UInt8]? {
    let clock = ContinuousClock()
    let end = clock.now + .seconds(timeoutSeconds)
    var searched = start
    while true {
      if let feed = buffer[searched...].firstIndex(of: 10) {
        let line = Array(buffer[start...feed])
        start = feed + 1
        return line
      }
      searched = buffer.count
      guard clock.now < end else { return nil }
      guard Posix.waitReadable(socket, milliseconds: 100) else { continue }
      guard let more = try? Posix.read(socket, count: 65_536), !more.isEmpty else { return nil }
      if start > 0 {
        buffer.removeFirst(start)
        searched -= start
        start = 0
      }
      buffer += more
    }
  }
}
