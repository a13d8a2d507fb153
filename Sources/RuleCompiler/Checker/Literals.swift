// What a literal must look like to be what it stands for. Pure questions about text; who asks
// reports.

import RuleBytecode
import TableText

enum Literals {
  /// RFC 5322 §2.2: printable US-ASCII without colon; longer than a line is no name.
  static func isHeaderName(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count <= 200
      && text.utf8.allSatisfy { $0 > 32 && $0 < 127 && $0 != UInt8(ascii: ":") }
  }

  static func isDomain(_ text: String) -> Bool { TableGrammar.isDomain(text) }

  static func isLocalPart(_ text: some StringProtocol) -> Bool { TableGrammar.isLocalPart(text) }

  /// `user@domain`, `@domain` or `user@`.
  static func isAddressEntry(_ text: String) -> Bool { TableGrammar.isAddressEntry(text) }

  /// Whether an address in the envelope or a header can equal this text at all: `root` and the
  /// empty null sender can, `<ann@example.com>` cannot.
  static func canEqualAddress(_ text: String) -> Bool {
    guard text.utf8.contains(UInt8(ascii: "@")) else {
      return text.isEmpty || isLocalPart(text)
    }
    return isAddressEntry(text) && text.utf8.first != 64 && text.utf8.last != 64
  }

  /// Names of rules, definitions and tables stand in logs and counters.
  static func isDeclaredName(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count <= 100
      && text.utf8.allSatisfy { $0 >= 32 && $0 != 127 && $0 != UInt8(ascii: "$") }
  }

  /// RFC 5229 §3: letters, digits and `_`, no digit first.
  static func isVariableName(_ text: String) -> Bool {
    guard let first = text.utf8.first, first < 48 || first > 57, text.utf8.count <= 64 else {
      return false
    }
    return text.utf8.allSatisfy(isWordByte)
  }

  static func isSymbol(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count <= 64 && text.utf8.allSatisfy(isWordByte)
  }

  /// RFC 2045 §5.1.
  static func isToken(_ text: String) -> Bool {
    !text.isEmpty
      && text.utf8.allSatisfy {
        $0 > 32 && $0 < 127 && !Array("()<>@,;:\\\"/[]?=".utf8).contains($0)
      }
  }

  /// `+hhmm` (RFC 5260 §4.1.3).
  static func isZone(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    guard bytes.count == 5, bytes[0] == UInt8(ascii: "+") || bytes[0] == UInt8(ascii: "-") else {
      return false
    }
    return bytes[1...].allSatisfy { (48...57).contains($0) } && bytes[3] < UInt8(ascii: "6")
  }

  static func isMediaType(_ text: String) -> Bool {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    return parts.count == 2
      && parts.allSatisfy { part in
        !part.isEmpty
          && part.utf8.allSatisfy { isWordByte($0) || Array("!#$&^.+-".utf8).contains($0) }
      }
  }

  /// Three digits of class 4 or 5, second digit 0 to 5 (RFC 5321 §4.2).
  static func isReplyCode(_ text: String, of kind: VerdictKind) -> Bool {
    let digits = Array(text.utf8)
    guard digits.count == 3, digits.allSatisfy({ $0 >= 48 && $0 <= 57 }) else { return false }
    return digits[0] == (kind == .reject ? 53 : 52) && digits[1] <= 53
  }

  /// RFC 3463 §2: class, subject and detail, up to three digits each without leading zero.
  static func isEnhancedCode(_ text: String) -> Bool {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 3, ["2", "4", "5"].contains(parts[0]) else { return false }
    return parts.dropFirst().allSatisfy { part in
      (1...3).contains(part.utf8.count) && part.utf8.allSatisfy { $0 >= 48 && $0 <= 57 }
        && (part.utf8.count == 1 || part.utf8.first != 48)
    }
  }

  /// A mail address by itself.
  static func isAddress(_ text: String) -> Bool {
    canEqualAddress(text) && text.utf8.contains(UInt8(ascii: "@"))
  }

  /// A file's path, absolute or from the folder of the policy.
  static func isPath(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count <= pathBytesMax && control(in: text) == nil
      && text.utf8.last != UInt8(ascii: "/")
  }

  /// What Linux takes (PATH_MAX), its NUL not counted.
  static let pathBytesMax = 4_095

  /// `unix:/path`, `inet:PORT@HOST` or `inet6:PORT@HOST`, as mail servers write sockets.
  static func isSocketAddress(_ text: String) -> Bool {
    guard let colon = text.firstIndex(of: ":") else { return false }
    let rest = text[text.index(after: colon)...]
    switch text[..<colon] {
    case "unix": return rest.first == "/" && isPath(String(rest))
    case "inet", "inet6":
      guard let at = rest.firstIndex(of: "@"), isPort(rest[..<at]) else { return false }
      return isHost(String(rest[rest.index(after: at)...]))
    default: return false
    }
  }

  private static func isPort(_ text: some StringProtocol) -> Bool {
    (1...5).contains(text.utf8.count) && text.utf8.allSatisfy { $0 >= 48 && $0 <= 57 }
      && (1...65_535).contains(Int(text) ?? 0)
  }

  private static func isHost(_ text: String) -> Bool { isDomain(text) || IPAddress(text) != nil }

  /// A name or an address, with a port or without.
  static func isHostPort(_ text: String) -> Bool {
    if isHost(text) { return true }
    guard let colon = text.lastIndex(of: ":") else { return false }
    return isDomain(String(text[..<colon])) && isPort(text[text.index(after: colon)...])
  }

  /// `icap://host[:port],…/service`: the hosts have the service under one name.
  static func isScanURL(_ text: String) -> Bool {
    let scheme = "icap://"
    guard text.hasPrefix(scheme) else { return false }
    let rest = text.dropFirst(scheme.utf8.count)
    let hosts = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    let service = rest.dropFirst(hosts.count)
    let each = hosts.split(separator: ",", omittingEmptySubsequences: false)
    return each.count <= DeclareScanner.addressesMax
      && each.allSatisfy { isURL(scheme + $0 + service, schemes: ["icap"]) }
  }

  /// `scheme://host…` in printable ASCII.
  static func isURL(_ text: String, schemes: [String]) -> Bool {
    guard text.utf8.count <= 2_000, text.utf8.allSatisfy({ $0 > 32 && $0 < 127 }) else {
      return false
    }
    return schemes.contains { scheme in
      guard text.hasPrefix(scheme + "://") else { return false }
      let rest = text.dropFirst(scheme.utf8.count + 3)
      let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
      if authority.first == "[" { return authority.contains("]") }
      let parts = authority.split(separator: ":", omittingEmptySubsequences: false)
      return (1...2).contains(parts.count) && isHost(String(parts[0]))
        && (parts.count == 1 || isPort(parts[1]))
    }
  }

  /// Octal, of files that nobody may run: `0640`.
  static func isFileMode(_ text: String) -> Bool {
    let digits = Array(text.utf8)
    return (3...4).contains(digits.count) && digits.allSatisfy { $0 >= 48 && $0 <= 55 }
      && (digits.count == 3 || digits[0] == 48)
  }

  /// The first control character that no text of one line may have; tab may.
  static func control(in text: String) -> UInt32? {
    text.unicodeScalars.first { ($0.value < 32 && $0.value != 9) || $0.value == 127 }?.value
  }

  private static func isWordByte(_ byte: UInt8) -> Bool { TableGrammar.isWordByte(byte) }
}

extension String {
  /// With US-ASCII letters in upper case.
  var uppercasedASCII: String {
    String(decoding: utf8.map { (0x61...0x7A).contains($0) ? $0 & 0xDF : $0 }, as: UTF8.self)
  }
}
