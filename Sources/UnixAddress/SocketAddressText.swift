// The address of the filter as administrators write it: sendmail's way (inet:PORT@HOST), Postfix's
// (inet:HOST:PORT), and unix:PATH for both. Written by the administrator; still checked.

/// Where the filter listens.
package struct SocketAddressText: Sendable, Equatable, CustomStringConvertible {
  package enum Place: Sendable, Equatable {
    case unix(path: String)
    case inet(host: String, port: Int)
    case inet6(host: String, port: Int)
  }

  package enum Problem: Error, Equatable, Sendable {
    case empty
    case unknownFamily(String)
    case emptyPath
    /// The kernel takes `pathBytesMax`.
    case pathTooLong(bytes: Int)
    case missingPort
    case badPort(String)
    /// An IPv6 address needs brackets before ":PORT".
    case ambiguousPort
  }

  package static let pathBytesMax = UnixAddress.pathBytesMax

  package let place: Place

  /// Parses `unix:PATH`, `local:PATH`, `/PATH`, `inet:PORT`, `inet:PORT@HOST`, `inet:HOST:PORT`,
  /// and `inet6:` likewise. Without a host: loopback only.
  package init(_ text: String) throws(Problem) {
    guard !text.isEmpty else { throw .empty }
    if text.hasPrefix("/") {
      place = .unix(path: try Self.path(text))
      return
    }
    let family = text.prefix { $0 != ":" }
    guard family.count < text.count else { throw .unknownFamily(text) }
    let rest = String(text.dropFirst(family.count + 1))
    switch family {
    case "unix", "local": place = .unix(path: try Self.path(rest))
    case "inet":
      let (host, port) = try Self.hostAndPort(rest, loopback: "127.0.0.1")
      place = .inet(host: host, port: port)
    case "inet6":
      let (host, port) = try Self.hostAndPort(rest, loopback: "::1")
      place = .inet6(host: host, port: port)
    default: throw .unknownFamily(String(family))
    }
  }

  private static func path(_ text: String) throws(Problem) -> String {
    guard !text.isEmpty else { throw .emptyPath }
    guard text.utf8.count <= pathBytesMax else { throw .pathTooLong(bytes: text.utf8.count) }
    return text
  }

  private static func hostAndPort(
    _ text: String, loopback: String
  ) throws(Problem) -> (String, Int) {
    if let at = text.firstIndex(of: "@") {
      let host = bare(text[text.index(after: at)...])
      return (host.isEmpty ? loopback : host, try port(text[..<at]))
    }
    guard let colon = text.lastIndex(of: ":") else { return (loopback, try port(text[...])) }
    let host = text[..<colon]
    if host.contains(":") && !host.hasPrefix("[") { throw .ambiguousPort }
    let name = bare(host)
    return (name.isEmpty ? loopback : name, try port(text[text.index(after: colon)...]))
  }

  private static func bare(_ host: Substring) -> String {
    host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : String(host)
  }

  private static func port(_ text: Substring) throws(Problem) -> Int {
    guard !text.isEmpty else { throw .missingPort }
    let isNumber = text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    guard isNumber, let number = UInt16(text), number > 0 else { throw .badPort(String(text)) }
    return Int(number)
  }

  /// In sendmail's form, which libmilter takes too.
  package var description: String {
    switch place {
    case .unix(let path): "unix:\(path)"
    case .inet(let host, let port): "inet:\(port)@\(host)"
    case .inet6(let host, let port): "inet6:\(port)@\(host)"
    }
  }
}

extension SocketAddressText.Problem: CustomStringConvertible {
  package var description: String {
    let forms = "unix:PATH, inet:PORT@HOST, inet:HOST:PORT or inet6:PORT@HOST"
    switch self {
    case .empty: return "the socket address is empty; it is \(forms)"
    case .unknownFamily(let text): return "'\(text)' is no socket address; it is \(forms)"
    case .emptyPath: return "the path of the socket is missing: unix:PATH"
    case .pathTooLong(let bytes):
      return "the path of the socket has \(bytes) bytes; at most "
        + "\(SocketAddressText.pathBytesMax) are possible"
    case .missingPort: return "the port is missing: inet:PORT@HOST"
    case .badPort(let text): return "'\(text)' is no port; it is a number from 1 to 65535"
    case .ambiguousPort: return "write an IPv6 address in brackets, or as inet6:PORT@HOST"
    }
  }
}
