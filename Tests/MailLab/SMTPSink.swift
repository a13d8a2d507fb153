// The end of the line: a small SMTP server in this process that keeps what the mail server under
// test delivers, byte for byte.
import Foundation
import Synchronization

/// A message as it was delivered.
package struct Delivery: Equatable, Sendable {
  package let sender: String
  package let recipients: [String]
  /// With CRLF line ends and single dots.
  package let bytes: [UInt8]
}

package final class SMTPSink: Sendable {
  package let port: UInt16
  private let deliveries = Mutex<[Delivery]>([])
  private let stopped = Atomic(false)

  package init() throws {
    let listener = try Posix.listenOnLoopback()
    port = listener.port
    Thread.detachNewThread { [weak self] in
      while true {
        let ready = Posix.waitReadable(listener.socket, milliseconds: 100)
        guard let self, !self.stopped.load(ordering: .relaxed) else { return }
        guard ready, let socket = try? Posix.acceptConnection(listener.socket) else { continue }
        Thread.detachNewThread { try? self.serve(socket) }
      }
    }
  }

  package func stop() { stopped.store(true, ordering: .relaxed) }

  package var all: [Delivery] { deliveries.withLock { $0 } }

  package func clear() { deliveries.withLock { $0 = [] } }

  /// What is there once `count` messages have come, or once the time is up.
  package func waitForMessages(_ count: Int, timeoutSeconds: Double = 20) -> [Delivery] {
    _ = Laboratory.waitUntil(timeoutSeconds: timeoutSeconds) { all.count >= count }
    return all
  }

  private func serve(_ socket: Descriptor) throws {
    var reader = LineReader(socket)
    var sender = ""
    var recipients: [String] = []
    func answer(_ line: String) throws { try Posix.send(socket, Array((line + "\r\n").utf8)) }

    try answer("220 sink.example.com ESMTP")
    while let bytes = reader.next(timeoutSeconds: 300) {
      let line = String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .newlines)
      switch line.prefix(4).uppercased() {
      case "EHLO": try answer("250-sink.example.com\r\n250 8BITMIME")
      case "MAIL":
        (sender, recipients) = (Self.address(line), [])
        try answer("250 2.1.0 Ok")
      case "RCPT" where Self.address(line).hasPrefix("nowhere@"):
        try answer("550-5.1.1 No mailbox of that\r\n550 5.1.1 name, sorry")
      case "RCPT" where Self.address(line).hasPrefix("later@"):
        try answer("450 4.2.0 Not now")
      case "RCPT":
        recipients.append(Self.address(line))
        try answer("250 2.1.5 Ok")
      case "DATA":
        try answer("354 Go on")
        guard let message = Self.readMessage(&reader) else { return }
        let delivery = Delivery(sender: sender, recipients: recipients, bytes: message)
        deliveries.withLock { $0.append(delivery) }
        try answer("250 2.0.0 Kept")
      case "QUIT": return try answer("221 2.0.0 Bye")
      default: try answer("250 2.0.0 Ok")
      }
    }
  }

  /// What stands between the angle brackets.
  private static func address(_ line: String) -> String {
    let inside = line.drop { $0 != "<" }.dropFirst().prefix { $0 != ">" }
    return String(inside)
  }

  private static func readMessage(_ reader: inout LineReader) -> [UInt8]? {
    var message: [UInt8] = []
    while let line = reader.next(timeoutSeconds: 60) {
      if line == [UInt8(ascii: "."), 13, 10] { return message }
      message += line.first == UInt8(ascii: ".") ? line.dropFirst() : line[...]
    }
    return nil
  }
}
