// A blocking SMTP client that shows every reply as it came, and keeps the whole dialogue.
import Foundation

package final class SMTPClient {
  /// A mail server must answer within this time, delayed checks included.
  static let replyTimeoutSeconds = 60.0

  private let socket: Descriptor
  private var reader: LineReader
  /// What both sides said, `C: ` and `S: ` before each line.
  package private(set) var transcript: [String] = []
  /// The greeting.
  package private(set) var banner = SMTPReply(code: 0, lines: [])

  /// - Parameter source: the address the server sees, any of 127.0.0.0/8.
  package init(port: UInt16, from source: String = "127.0.0.1") throws {
    socket = try Posix.connectToLoopback(port: port, from: source)
    reader = LineReader(socket)
    banner = try readReply()
  }

  /// Sends one command line and waits for its reply.
  @discardableResult
  package func command(_ line: String) throws -> SMTPReply {
    try sendLine(line)
    return try readReply()
  }

  /// Sends one line and waits for nothing.
  package func sendLine(_ line: String) throws {
    transcript.append("C: " + line)
    try Posix.send(socket, Array(line.utf8) + [13, 10])
  }

  /// Sends a message with its dots doubled (RFC 5321 §4.5.2) and, unless it is to stay unfinished,
  /// the final dot.
  package func sendMessage(_ bytes: [UInt8], finished: Bool = true) throws {
    transcript.append("C: [message of \(bytes.count) bytes]")
    var stuffed: [UInt8] = []
    stuffed.reserveCapacity(bytes.count + 64)
    var atLineStart = true
    for byte in bytes {
      if atLineStart && byte == UInt8(ascii: ".") { stuffed.append(byte) }
      stuffed.append(byte)
      atLineStart = byte == 10
    }
    if finished {
      if !atLineStart { stuffed += [13, 10] }
      stuffed += [UInt8(ascii: "."), 13, 10]
    }
    try Posix.send(socket, stuffed)
  }

  package func readReply() throws -> SMTPReply {
    var lines: [String] = []
    while true {
      guard let bytes = reader.next(timeoutSeconds: Self.replyTimeoutSeconds) else {
        throw LabError("the server closed the connection or gave no reply")
      }
      let line = String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .newlines)
      transcript.append("S: " + line)
      lines.append(line)
      guard let code = Int(line.prefix(3)) else { throw LabError("not an SMTP reply: \(line)") }
      if line.dropFirst(3).first != "-" { return SMTPReply(code: code, lines: lines) }
    }
  }

  /// One whole transaction, without QUIT. Ends at the first refusal of MAIL, of every recipient, of
  /// DATA or of the message, whose reply it returns.
  package func send(
    from sender: String, to recipients: [String], message: [UInt8]
  ) throws -> SMTPReply {
    let mail = try command("MAIL FROM:<\(sender)>")
    guard mail.isPositive else { return mail }
    let replies = try recipients.map { try command("RCPT TO:<\($0)>") }
    guard replies.contains(where: \.isPositive) else { return replies.last ?? mail }
    let data = try command("DATA")
    guard data.isPositive else { return data }
    try sendMessage(message)
    return try readReply()
  }

  /// AUTH PLAIN (RFC 4616).
  package func loginPlain(user: String, password: String) throws -> SMTPReply {
    let secret = Data("\0\(user)\0\(password)".utf8).base64EncodedString()
    return try command("AUTH PLAIN " + secret)
  }

  /// AUTH CRAM-MD5 (RFC 2195).
  package func loginCramMD5(user: String, password: String) throws -> SMTPReply {
    let challenge = try command("AUTH CRAM-MD5")
    guard challenge.code == 334, let line = challenge.lines.first,
      let decoded = Data(base64Encoded: String(line.dropFirst(4)))
    else { return challenge }
    let digest = MD5.authenticationCode(key: Array(password.utf8), Array(decoded))
    let hex = digest.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    return try command(Data("\(user) \(hex)".utf8).base64EncodedString())
  }
}
