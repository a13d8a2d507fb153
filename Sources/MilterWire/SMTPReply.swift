// The reply that the SMTP client gets. Text may come from mail: this is the sink where it is made
// harmless (RFC 5321 §4.2: printable ASCII, lines of at most 512 octets; RFC 3463: the class of the
// enhanced code is that of the code). Measured: sendmail lets a CR LF through to the client as the
// answer to its next command, and both MTAs lose text at a single "%".

/// A refusal with its code, enhanced code and text; always consistent.
package struct SMTPReply: Sendable, Equatable {
  /// Three digits, 4xx or 5xx.
  package let code: String
  /// "5.7.1", of the same class as `code`.
  package let enhanced: String
  /// Lines separated by CR, LF or CRLF, as given.
  package let text: String

  package var isPermanent: Bool { code.utf8.first == UInt8(ascii: "5") }

  /// A refusal. A code that is not of the class asked for becomes 550 or 451, an enhanced code that
  /// is malformed or of another class becomes 5.7.1 or 4.7.1.
  package static func refusal(
    permanent: Bool, code: String = "", enhanced: String = "", text: String
  ) -> SMTPReply {
    let digit = UInt8(ascii: permanent ? "5" : "4")
    let fallback = permanent ? ("550", "5.7.1") : ("451", "4.7.1")
    return SMTPReply(
      code: isCode(code, class: digit) ? code : fallback.0,
      enhanced: isEnhanced(enhanced, class: digit) ? enhanced : fallback.1, text: text)
  }

  private init(code: String, enhanced: String, text: String) {
    self.code = code
    self.enhanced = enhanced
    self.text = text
  }

  private static func isCode(_ text: String, class digit: UInt8) -> Bool {
    let bytes = Array(text.utf8)
    // RFC 5321 §4.2: the second digit is 0 to 5.
    return bytes.count == 3 && bytes[0] == digit && (0x30...0x35).contains(bytes[1])
      && (0x30...0x39).contains(bytes[2])
  }

  /// RFC 3463 §2: class "." 1*3digit "." 1*3digit.
  private static func isEnhanced(_ text: String, class digit: UInt8) -> Bool {
    let fields = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard fields.count == 3, fields[0].elementsEqual([digit]) else { return false }
    return fields[1...].allSatisfy { field in
      (1...3).contains(field.count) && field.allSatisfy { (0x30...0x39).contains($0) }
    }
  }
}

extension SMTPReply {
  /// libmilter takes at most this many lines; more are cut.
  package static let linesMax = 32
  /// RFC 5321 §4.5.3.1.5, with code and CRLF.
  package static let lineBytesMax = 512

  /// The text as lines for an MTA: printable ASCII, "%" doubled, each short enough that with code,
  /// separator, enhanced code, blank and CRLF it is at most 512 bytes. At least one line.
  package var wireLines: [[UInt8]] {
    let overhead = 3 + 1 + enhanced.utf8.count + 1 + 2
    var writer = ReplyLineWriter(widthMax: Self.lineBytesMax - overhead)
    var last: UInt8 = 0
    for byte in text.utf8 {
      guard writer.lines.count < Self.linesMax else { break }
      defer { last = byte }
      if byte == 10 && last == 13 { continue }
      if byte == 10 || byte == 13 { writer.endLine() } else { writer.append(byte) }
    }
    writer.endText()
    return Array(writer.lines.prefix(Self.linesMax))
  }
}

/// Gathers one line at a time and breaks it at the last blank when it grows too wide.
private struct ReplyLineWriter {
  let widthMax: Int
  var lines: [[UInt8]] = []
  private var line: [UInt8] = []
  private var lastBlank: Int?

  init(widthMax: Int) { self.widthMax = widthMax }

  mutating func append(_ byte: UInt8) {
    let shown = byte == 9 ? 32 : (32...126).contains(byte) ? byte : UInt8(ascii: "?")
    let isPercent = shown == UInt8(ascii: "%")
    if line.count + (isPercent ? 2 : 1) > widthMax { breakLine() }
    if shown == 32 { lastBlank = line.count }
    line.append(shown)
    if isPercent { line.append(shown) }
  }

  /// Words stay whole unless one alone is wider than half a line.
  private mutating func breakLine() {
    guard let blank = lastBlank, blank > widthMax / 2 else { return endLine() }
    let rest = Array(line[(blank + 1)...])
    line.removeSubrange(blank...)
    endLine()
    line = rest
  }

  mutating func endLine() {
    lines.append(line)
    line = []
    lastBlank = nil
  }

  /// A line end at the very end of the text begins no further line.
  mutating func endText() {
    if !line.isEmpty || lines.isEmpty { endLine() }
  }
}
