// The mail server that takes our mail, as the administrator writes it.

package struct SMTPServer: Sendable, Equatable {
  package enum Place: Sendable, Equatable {
    case inet(host: String, port: Int)
    case unix(path: String)
  }

  /// Encryption by STARTTLS (RFC 3207).
  package enum Security: String, Sendable, Equatable, CaseIterable {
    case off
    /// Where the server offers it; certificates are not asked for, since plain text would do too.
    case opportunistic
    /// Never without it, and the certificate must be valid for the host's name.
    case required
  }

  package enum Problem: Error, Equatable, Sendable {
    case badAddress(String)
    case badPort(String)
  }

  package var place: Place
  package var security: Security
  /// The name that its certificate must be for; the host of `place` when nil.
  package var verifiedName: String?
  /// PEM file of the authorities that are trusted; those of the system when nil.
  package var certificatesPath: String?
  /// File with two lines, user and password; read for each connection, used over TLS only.
  package var credentialsPath: String?

  package static let defaultPort = 25

  package init(_ place: Place, security: Security = .opportunistic) {
    self.place = place
    self.security = security
  }

  /// Parses `HOST`, `HOST:PORT`, `[V6]:PORT`, `inet:PORT@HOST`, `inet6:PORT@HOST`, `unix:PATH`.
  package init(_ text: String, security: Security = .opportunistic) throws(Problem) {
    self.init(try Self.place(text), security: security)
  }

  private static func place(_ text: String) throws(Problem) -> Place {
    if text.hasPrefix("unix:") || text.hasPrefix("/") {
      let path = text.hasPrefix("/") ? text : String(text.dropFirst(5))
      guard path.hasPrefix("/"), path.utf8.count <= 107 else { throw .badAddress(text) }
      return .unix(path: path)
    }
    for family in ["inet:", "inet6:"] where text.hasPrefix(family) {
      let rest = text.dropFirst(family.count)
      guard let at = rest.firstIndex(of: "@") else { break }
      return try inet(String(rest[rest.index(after: at)...]), String(rest[..<at]), text)
    }
    let rest = text.hasPrefix("inet:") ? String(text.dropFirst(5)) : text
    if rest.hasPrefix("[") {
      guard let end = rest.firstIndex(of: "]") else { throw .badAddress(text) }
      let port = rest[rest.index(after: end)...]
      guard port.isEmpty || port.hasPrefix(":") else { throw .badAddress(text) }
      return try inet(String(rest[...end]), String(port.dropFirst()), text)
    }
    let pieces = rest.split(separator: ":", omittingEmptySubsequences: false)
    guard pieces.count <= 2 else { throw .badAddress(text) }
    return try inet(String(pieces[0]), pieces.count == 2 ? String(pieces[1]) : "", text)
  }

  private static func inet(
    _ host: String, _ port: String, _ text: String
  ) throws(Problem) -> Place {
    let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
    let bare = isBracketed ? String(host.dropFirst().dropLast()) : host
    guard !bare.isEmpty, bare.utf8.count <= 255, bare.utf8.allSatisfy(isHostByte) else {
      throw .badAddress(text)
    }
    if port.isEmpty { return .inet(host: bare, port: defaultPort) }
    guard port.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = UInt16(port),
      number > 0
    else { throw .badPort(port) }
    return .inet(host: bare, port: Int(number))
  }

  private static func isHostByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: ":"), UInt8(ascii: "_"),
      UInt8(ascii: "%"):
      true
    default: false
    }
  }
}

extension SMTPServer: CustomStringConvertible {
  package var description: String {
    switch place {
    case .unix(let path): "unix:\(path)"
    case .inet(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
  }
}

extension SMTPServer.Problem: CustomStringConvertible {
  package var description: String {
    switch self {
    case .badAddress(let text):
      "'\(text)' is no mail server; it is HOST:PORT, [IPV6]:PORT, inet:PORT@HOST or unix:PATH"
    case .badPort(let text): "'\(text)' is no port; it is a number from 1 to 65535"
    }
  }
}
