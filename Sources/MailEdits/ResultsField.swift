// Authentication-Results (RFC 8601): ours takes the place of those that came from outside under our
// name. Whoever reads the mail behind us believes fields of that name, so what only might be taken
// for one goes too.

internal import MailMessage

/// A field that says what we have found out about a message.
package struct ResultsField: Equatable, Sendable {
  static let fieldName = "Authentication-Results"

  /// Who says it (authserv-id, §2.5): a domain name.
  package let authority: String
  /// All behind the colon.
  package let value: [UInt8]

  package init(authority: String, value: [UInt8]) {
    self.authority = authority
    self.value = value
  }
}

/// Whose name a field of that kind bears.
struct ResultsAuthority {
  private let name: [UInt8]

  init(_ name: String) { self.name = Self.plain(Array(name.utf8)) }

  /// Readable by the grammar, the field bears the name or another; else it is taken for ours where
  /// the name stands in it, whatever hides it: blanks, comments, controls.
  ///
  /// - Parameter value: unfolded.
  func isClaimed(by value: [UInt8]) -> Bool {
    var reader = ResultsReader(value)
    if let authority = reader.authority() { return Self.plain(authority) == name }
    return isHidden(in: value) || isHidden(in: ResultsReader.withoutComments(value))
  }

  private func isHidden(in value: [UInt8]) -> Bool {
    let text = Self.plain(value)
    guard !name.isEmpty, text.count >= name.count else { return false }
    return (0...text.count - name.count).contains { start in
      text[start] == name[0] && text[start..<start + name.count].elementsEqual(name)
    }
  }

  /// Lower-case, without what is not printed. A dot at the end changes no domain.
  private static func plain(_ text: [UInt8]) -> [UInt8] {
    var plain = text.filter { $0 > 0x20 && $0 < 0x7F }.map(HeaderText.lower)
    while plain.last == UInt8(ascii: ".") { plain.removeLast() }
    return plain
  }
}

/// Reads `[CFWS] authserv-id [CFWS [version]] [CFWS] (";" or the end)` (RFC 8601 §2.2).
private struct ResultsReader {
  private let text: [UInt8]
  private var place = 0

  init(_ text: [UInt8]) { self.text = text }

  /// Nil for what is not written so.
  mutating func authority() -> [UInt8]? {
    guard skipBlanks(), let authority = value(), skipBlanks() else { return nil }
    while place < text.count, (0x30...0x39).contains(text[place]) { place += 1 }
    guard skipBlanks(), place == text.count || text[place] == UInt8(ascii: ";") else { return nil }
    return authority
  }

  /// A token (RFC 2045 §5.1) or a quoted string.
  private mutating func value() -> [UInt8]? {
    guard place < text.count else { return nil }
    if text[place] == UInt8(ascii: "\"") { return quoted() }
    let start = place
    while place < text.count, Self.isTokenByte(text[place]) { place += 1 }
    return place > start ? Array(text[start..<place]) : nil
  }

  private mutating func quoted() -> [UInt8]? {
    var value: [UInt8] = []
    place += 1
    while place < text.count {
      var byte = text[place]
      place += 1
      if byte == UInt8(ascii: "\"") { return value }
      if byte == UInt8(ascii: "\\") {
        guard place < text.count else { return nil }
        byte = text[place]
        place += 1
      }
      guard byte >= 0x20, byte < 0x7F else { return nil }
      value.append(byte)
    }
    return nil
  }

  private static func isTokenByte(_ byte: UInt8) -> Bool {
    byte > 0x20 && byte < 0x7F && !"()<>@,;:\\\"/[]?=".utf8.contains(byte)
  }

  /// Blanks and comments, which may hold others; false when one does not end.
  private mutating func skipBlanks() -> Bool {
    var depth = 0
    while place < text.count {
      switch text[place] {
      case UInt8(ascii: "("): depth += 1
      case UInt8(ascii: ")") where depth > 0: depth -= 1
      case UInt8(ascii: "\\") where depth > 0: place += 1
      case 0x20, 0x09: break
      default: if depth == 0 { return true }
      }
      place += 1
    }
    return depth == 0
  }

  /// The text as a reader has it that drops comments first.
  static func withoutComments(_ text: [UInt8]) -> [UInt8] {
    var rest: [UInt8] = []
    var depth = 0
    var isEscaped = false
    for byte in text {
      if isEscaped || byte == UInt8(ascii: "\\") {
        isEscaped.toggle()
        if depth == 0 { rest.append(byte) }
      } else if byte == UInt8(ascii: "(") {
        depth += 1
      } else if byte == UInt8(ascii: ")"), depth > 0 {
        depth -= 1
      } else if depth == 0 {
        rest.append(byte)
      }
    }
    return rest
  }
}

extension EditedHeader {
  /// What came from outside under that name goes; the field stands on top.
  mutating func state(_ results: ResultsField, in message: MailMessage) {
    let authority = ResultsAuthority(results.authority)
    removeReceived(named: ResultsField.fieldName) { field, value in
      if let value { return authority.isClaimed(by: value) }
      var raw: [UInt8] = []
      message.appendUnfolded(message.headers[field], to: &raw)
      if authority.isClaimed(by: raw) { return true }
      // As a reader has it that decodes encoded words everywhere (RFC 2047).
      var decoded: [UInt8] = []
      message.appendDecoded(message.headers[field], to: &decoded)
      return decoded != raw && authority.isClaimed(by: decoded)
    }
    apply(.add(name: ResultsField.fieldName, value: results.value, last: false), in: message)
  }
}
