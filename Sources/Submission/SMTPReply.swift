// What a mail server answers, and the reading of it. The server is not trusted: lines and replies
// are bounded, and what it says is shown with nothing but printable characters.

/// One reply (RFC 5321 §4.2).
package struct SMTPReply: Sendable, Equatable, CustomStringConvertible {
  package let code: Int
  /// The texts of its lines, without code and line end.
  package let lines: [String]

  package init(code: Int, lines: [String]) {
    self.code = code
    self.lines = lines
  }

  var isPositive: Bool { code / 100 == 2 }

  /// In one line, fit for a log.
  package var description: String {
    let text = lines.filter { !$0.isEmpty }.joined(separator: " / ")
    return text.isEmpty ? "\(code)" : "\(code) \(text)"
  }
}

/// A server that does not keep to the protocol.
package enum ProtocolFault: Sendable, Equatable {
  case notAReply(String)
  case replyLineTooLong
  case replyTooLong
  /// An answer that nobody asked for.
  case unasked(String)
  /// Plain text behind the answer to STARTTLS: somebody between us injects commands or answers
  /// that would be taken for encrypted ones.
  case textBeforeTLS
  case unexpected(step: String, SMTPReply)
}

/// Collects lines into replies.
struct ReplyReader {
  private let lineBytesMax: Int
  private let replyBytesMax: Int
  private var line: [UInt8] = []
  private var code: Int?
  private var lines: [String] = []
  private var replyBytes = 0

  init(_ limits: SubmissionLimits) {
    lineBytesMax = limits.replyLineBytesMax
    replyBytesMax = limits.replyBytesMax
  }

  /// Nothing of a further reply has come.
  var isEmpty: Bool { line.isEmpty && code == nil }

  /// Takes a byte; returns the reply that it ends. A bare LF ends a line too, as it does for mail
  /// servers: where replies are parted is no matter of safety, STARTTLS aside, which checks.
  mutating func take(_ byte: UInt8) throws(SendFailure) -> SMTPReply? {
    replyBytes += 1
    guard replyBytes <= replyBytesMax else { throw .fault(.replyTooLong) }
    guard byte == 0x0A else {
      line.append(byte)
      // One more for the CR of the line's end.
      guard line.count <= lineBytesMax + 1 else { throw .fault(.replyLineTooLong) }
      return nil
    }
    if line.last == 0x0D { line.removeLast() }
    guard line.count <= lineBytesMax else { throw .fault(.replyLineTooLong) }
    defer { line.removeAll(keepingCapacity: true) }
    return try takeLine()
  }

  private mutating func takeLine() throws(SendFailure) -> SMTPReply? {
    let text = Self.printable(line)
    let digits = line.prefix(3)
    guard digits.count == 3, digits.allSatisfy({ (0x30...0x39).contains($0) }),
      (0x32...0x35).contains(digits[0]), line.count == 3 || line[3] == 0x20 || line[3] == 0x2D
    else { throw .fault(.notAReply(String(text.prefix(80)))) }
    let number = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    guard code == nil || code == number else {
      throw .fault(.notAReply(String(text.prefix(80))))
    }
    code = number
    lines.append(String(text.dropFirst(4)))
    if line.count > 3, line[3] == 0x2D { return nil }
    defer {
      code = nil
      lines = []
      replyBytes = 0
    }
    return SMTPReply(code: number, lines: lines)
  }

  /// Printable ASCII; the rest becomes question marks.
  private static func printable(_ line: [UInt8]) -> String {
    String(
      decoding: line.map { (0x20..<0x7F).contains($0) ? $0 : UInt8(ascii: "?") }, as: UTF8.self)
  }
}
