// The words of an address list (RFC 5322 §3.2): atoms, quoted strings, comments, literals and
// specials. Trusts nothing; each byte is looked at once, nesting of comments is a counter.

/// Cuts a field's value into lexical tokens.
struct AddressLexer {
  enum Token {
    case atom([UInt8])
    case quoted([UInt8])
    /// A domain literal with its brackets.
    case literal([UInt8])
    case comment([UInt8])
    case special(UInt8)
  }

  private var index = 0
  /// Whether blanks, a fold or a comment stood before the last token.
  private(set) var hasBlankBefore = false

  mutating func next(_ bytes: Span<UInt8>) -> Token? {
    let start = index
    while index < bytes.count, ASCII.isFolding(bytes[index]) { index += 1 }
    hasBlankBefore = index > start
    guard index < bytes.count else { return nil }
    let byte = bytes[index]
    switch byte {
    case ASCII.quote: return .quoted(delimited(bytes, by: ASCII.quote))
    case ASCII.open: return .comment(comment(bytes))
    case 91: return .literal(literal(bytes))
    default: break
    }
    if Self.isSpecial(byte) {
      index += 1
      return .special(byte)
    }
    return .atom(atom(bytes))
  }

  /// `<>:;@,` and a closing parenthesis; dots and stray brackets belong to atoms.
  private static func isSpecial(_ byte: UInt8) -> Bool {
    switch byte {
    case 60, 62, ASCII.colon, ASCII.semicolon, 64, 44, ASCII.close: true
    default: false
    }
  }

  private mutating func atom(_ bytes: Span<UInt8>) -> [UInt8] {
    var text: [UInt8] = []
    while index < bytes.count {
      let byte = bytes[index]
      if Self.isSpecial(byte) || ASCII.isFolding(byte) || byte == ASCII.quote
        || byte == ASCII.open || byte == 91
      {
        break
      }
      text.append(byte)
      index += 1
    }
    return text
  }

  /// The text up to the next `end`, escapes resolved, line ends left out.
  private mutating func delimited(_ bytes: Span<UInt8>, by end: UInt8) -> [UInt8] {
    var text: [UInt8] = []
    index += 1
    while index < bytes.count {
      var byte = bytes[index]
      index += 1
      if byte == end { break }
      if byte == ASCII.backslash, index < bytes.count {
        byte = bytes[index]
        index += 1
      }
      if byte != ASCII.lineFeed, byte != ASCII.carriageReturn { text.append(byte) }
    }
    return text
  }

  private mutating func literal(_ bytes: Span<UInt8>) -> [UInt8] {
    [91] + delimited(bytes, by: 93) + [93]
  }

  private mutating func comment(_ bytes: Span<UInt8>) -> [UInt8] {
    var text: [UInt8] = []
    var depth = 0
    while index < bytes.count {
      var byte = bytes[index]
      index += 1
      if byte == ASCII.open {
        depth += 1
        if depth == 1 { continue }
      } else if byte == ASCII.close {
        depth -= 1
        if depth == 0 { break }
      } else if byte == ASCII.backslash, index < bytes.count {
        byte = bytes[index]
        index += 1
      }
      if byte != ASCII.lineFeed, byte != ASCII.carriageReturn { text.append(byte) }
    }
    return text
  }
}
