// One Received field, read strictly: what the server that wrote it says of where it had the mail
// from (RFC 5321 §4.4), in the forms that sendmail, Postfix, Exim and Exchange write. The field is
// only read where a trusted server wrote it; but the client's greeting stands in it too, and that
// is a stranger's word, so what can be read in two ways is not read at all.
internal import RuleBytecode

enum ReceivedHop: Equatable {
  /// By SMTP; the name where the server has verified it.
  case host(IPAddress, name: String?)
  /// The mail arose on the server itself.
  case local
  case unreadable

  /// Bytes of a field that are looked at: who it came from stands at its beginning.
  static let bytesMax = 2_048

  init(_ value: some Sequence<UInt8>) {
    var reader = ReceivedReader(Array(value.prefix(Self.bytesMax)))
    self = reader.hop() ?? .unreadable
  }
}

/// Words and comments, one after the other. Nil where the field is none.
private struct ReceivedReader {
  private let bytes: [UInt8]
  private var position = 0

  private static let commentsMax = 8

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  mutating func hop() -> ReceivedHop? {
    skipBlanks()
    // sendmail: `(from ann@localhost) by mx.example.net`.
    if isAtComment {
      guard let note = comment(), note.lowercased().hasPrefix("from ") else { return nil }
      return word().lowercased() == "by" ? .local : nil
    }
    switch word().lowercased() {
    // Postfix: `by mx.example.net (Postfix, from userid 1000)`.
    case "by": return .local
    case "from": return sender()
    default: return nil
    }
  }

  private mutating func sender() -> ReceivedHop? {
    let named = word()
    guard !named.isEmpty else { return nil }
    var comments: [String] = []
    while isAtComment {
      guard comments.count < Self.commentsMax, let comment = comment() else { return nil }
      comments.append(comment)
    }
    guard word().lowercased() == "by" else { return nil }
    guard let info = comments.first else { return isSubmitted() ? .local : nil }
    return Self.host(info.split { $0 == " " || $0 == "\t" }.map(String.init), greeting: named)
  }

  /// Exim: `from ann by mx.example.net with local`.
  private mutating func isSubmitted() -> Bool {
    _ = word()
    guard word().lowercased() == "with" else { return false }
    return word().lowercased() == "local"
  }

  // MARK: The comment behind the name

  private static func host(_ words: [String], greeting: String) -> ReceivedHop? {
    guard let first = words.first else { return nil }
    // Exim: `from mail.example.org ([192.0.2.1]:2525 helo=mail)`, sendmail: `([192.0.2.1])`.
    if let address = literal(first) {
      let isVerified = words.dropFirst().contains { $0.hasPrefix("helo=") }
      return .host(address, name: isVerified ? hostName(greeting) : nil)
    }
    // Postfix and sendmail: `(mail.example.org [192.0.2.1])`, with an `ident@` before the name.
    if words.count > 1, let address = literal(words[1]) {
      let isForged = words.dropFirst(2).joined(separator: " ") == "(may be forged)"
      let name = first.split(separator: "@", omittingEmptySubsequences: false).last ?? ""
      return .host(address, name: isForged ? nil : hostName(String(name)))
    }
    // Exim without a name: `from [192.0.2.1] (port=2525 helo=mail)`.
    if ["helo=", "port=", "ident="].contains(where: first.hasPrefix) {
      return literal(greeting).map { .host($0, name: nil) }
    }
    // Exchange: `from mail.example.org (192.0.2.1)`.
    guard words.count == 1, let address = IPAddress(first) else { return nil }
    return .host(address, name: nil)
  }

  /// `[192.0.2.1]`, `[IPv6:2001:db8::1]`, and both with Exim's `:PORT` behind them.
  private static func literal(_ word: String) -> IPAddress? {
    guard word.hasPrefix("["), let end = word.firstIndex(of: "]") else { return nil }
    let rest = word[word.index(after: end)...]
    let isPort = rest.hasPrefix(":") && UInt16(rest.dropFirst()) != nil
    guard rest.isEmpty || isPort else { return nil }
    let inside = word[..<end].dropFirst()
    let isTagged = inside.lowercased().hasPrefix("ipv6:")
    return IPAddress(String(isTagged ? inside.dropFirst(5) : inside))
  }

  /// Nil for `unknown` and for what is no name of a host.
  private static func hostName(_ text: String) -> String? {
    let isName = text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
        UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"), UInt8(ascii: "."),
        UInt8(ascii: "_"):
        true
      default: false
      }
    }
    return isName && text.contains(".") ? text : nil
  }

  // MARK: Bytes

  private var isAtComment: Bool { position < bytes.count && bytes[position] == UInt8(ascii: "(") }

  private mutating func skipBlanks() {
    while position < bytes.count, [0x20, 0x09, 0x0D, 0x0A].contains(bytes[position]) {
      position += 1
    }
  }

  /// Up to a blank, a comment or the date; blanks behind it are skipped.
  private mutating func word() -> String {
    let start = position
    while position < bytes.count, bytes[position] > 0x20, bytes[position] != UInt8(ascii: "("),
      bytes[position] != UInt8(ascii: ";")
    {
      position += 1
    }
    let word = String(decoding: bytes[start..<position], as: UTF8.self)
    skipBlanks()
    return word
  }

  /// What is between the parentheses, inner ones with it; blanks behind it are skipped.
  private mutating func comment() -> String? {
    let start = position + 1
    var depth = 0
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      if byte == UInt8(ascii: "\\") {
        position += 1
      } else if byte == UInt8(ascii: "(") {
        depth += 1
      } else if byte == UInt8(ascii: ")") {
        depth -= 1
        guard depth == 0 else { continue }
        let inside = String(decoding: bytes[start..<(position - 1)], as: UTF8.self)
        skipBlanks()
        return inside
      }
    }
    return nil
  }
}
