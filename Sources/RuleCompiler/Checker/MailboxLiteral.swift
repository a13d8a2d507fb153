// The address of a plain script's `redirect`: RFC 5228 §2.4.2.3 takes what a header field can hold,
// `"Ann" <ann@example.com>` with blanks around its words; an envelope takes the address alone.

enum MailboxLiteral {
  private enum Token: Equatable {
    case word([UInt8])
    /// Without its quotes and backslashes.
    case quoted([UInt8])
    case at, open, close
  }

  /// `local@domain`, the local part quoted where it must be; nil for what is no address, and for
  /// several.
  static func address(_ text: String) -> String? {
    guard let tokens = tokens(Array(text.utf8)) else { return nil }
    var address = tokens[...]
    if let open = tokens.firstIndex(of: .open) {
      guard tokens.last == .close, tokens[..<open].allSatisfy(isWord) else { return nil }
      address = tokens[(open + 1)..<(tokens.count - 1)]
    }
    guard address.count == 3, let local = address.first, case .word(let domain)? = address.last,
      address[address.startIndex + 1] == .at
    else { return nil }
    let name = String(decoding: domain, as: UTF8.self)
    guard domain.allSatisfy({ $0 < 0x80 }), Literals.isDomain(name) else { return nil }
    return localPart(local).map { "\($0)@\(name)" }
  }

  private static func isWord(_ token: Token) -> Bool {
    switch token {
    case .word, .quoted: true
    case .at, .open, .close: false
    }
  }

  private static func localPart(_ token: Token) -> String? {
    switch token {
    case .word(let bytes):
      // RFC 5321 knows no other than ASCII without SMTPUTF8, which a redirect cannot ask for.
      bytes.allSatisfy { $0 < 0x80 } ? String(decoding: bytes, as: UTF8.self) : nil
    case .quoted(let bytes):
      if !bytes.isEmpty, bytes.allSatisfy(isAtomByte) {
        String(decoding: bytes, as: UTF8.self)
      } else {
        "\"" + escaped(bytes) + "\""
      }
    case .at, .open, .close: nil
    }
  }

  private static func escaped(_ bytes: [UInt8]) -> String {
    let marks = Array("\"\\".utf8)
    return String(
      decoding: bytes.flatMap { marks.contains($0) ? [UInt8(ascii: "\\"), $0] : [$0] },
      as: UTF8.self)
  }

  /// RFC 5322 §3.2.3, dots included: those at the ends and in rows are out there.
  private static func isAtomByte(_ byte: UInt8) -> Bool {
    byte > 32 && byte != 127 && !Array("<>(),;:\\[]@\"".utf8).contains(byte)
  }

  /// Nil for an open quote, a control, and specials that no single address has.
  private static func tokens(_ bytes: [UInt8]) -> [Token]? {
    var tokens: [Token] = []
    var place = 0
    while place < bytes.count {
      switch bytes[place] {
      case 32, 9: place += 1
      case UInt8(ascii: "@"), UInt8(ascii: "<"), UInt8(ascii: ">"):
        let byte = bytes[place]
        tokens.append(
          byte == UInt8(ascii: "@") ? .at : byte == UInt8(ascii: "<") ? .open : .close)
        place += 1
      case UInt8(ascii: "\""):
        guard let content = quoted(bytes, &place) else { return nil }
        tokens.append(.quoted(content))
      default:
        let start = place
        while place < bytes.count, isAtomByte(bytes[place]) { place += 1 }
        if place == start { return nil }
        tokens.append(.word(Array(bytes[start..<place])))
      }
    }
    return tokens
  }

  /// The text of a quoted string that begins at `place`, which is moved behind it.
  private static func quoted(_ bytes: [UInt8], _ place: inout Int) -> [UInt8]? {
    var content: [UInt8] = []
    place += 1
    while place < bytes.count, bytes[place] != UInt8(ascii: "\"") {
      if bytes[place] == UInt8(ascii: "\\") { place += 1 }
      guard place < bytes.count, bytes[place] >= 32, bytes[place] != 127 else { return nil }
      content.append(bytes[place])
      place += 1
    }
    place += 1
    return place <= bytes.count ? content : nil
  }
}
