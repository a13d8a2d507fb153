// Where a scanner listens, as policies write it: `unix:/PATH`, `inet:PORT@HOST`,
// `inet6:PORT@HOST`, several with commas between them; of ICAP `icap://HOST:PORT,…/SERVICE`.
package import NIOCore
internal import NIOPosix
internal import UnixAddress

package enum ScannerHost: Sendable, Hashable, CustomStringConvertible {
  case unix(path: String)
  case inet(host: String, port: Int)
  /// No connection at all: a program of this host, by its name in the policy.
  case program(name: String)

  package struct BadAddress: Error, Equatable, Sendable {
    package let text: String
  }

  static let pathBytesMax = UnixAddress.pathBytesMax
  static let nameBytesMax = 255
  package static let hostsMax = 16

  package init(_ text: String) throws(BadAddress) {
    let pieces = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard pieces.count == 2 else { throw BadAddress(text: text) }
    switch pieces[0] {
    case "unix":
      let path = String(pieces[1])
      guard path.hasPrefix("/"), path.utf8.count <= Self.pathBytesMax,
        !path.utf8.contains(where: { $0 < 32 || $0 == 127 })
      else { throw BadAddress(text: text) }
      self = .unix(path: path)
    case "inet", "inet6":
      guard let (port, host) = Self.place(pieces[1]) else { throw BadAddress(text: text) }
      self = .inet(host: host, port: port)
    default: throw BadAddress(text: text)
    }
  }

  private static func place(_ text: Substring) -> (port: Int, host: String)? {
    let pieces = text.split(separator: "@", omittingEmptySubsequences: false)
    guard pieces.count == 2, pieces[0].utf8.allSatisfy({ (48...57).contains($0) }),
      let port = UInt16(pieces[0]), port > 0
    else { return nil }
    let host = pieces[1]
    guard !host.isEmpty, host.utf8.count <= nameBytesMax,
      host.utf8.allSatisfy({ $0 > 32 && $0 < 127 && $0 != UInt8(ascii: "/") })
    else { return nil }
    return (Int(port), String(host))
  }

  /// At least one, in the order in which they are tried.
  package static func list(_ text: String) throws(BadAddress) -> [ScannerHost] {
    let pieces = text.split(separator: ",", omittingEmptySubsequences: false)
    guard pieces.count <= hostsMax else { throw BadAddress(text: text) }
    var hosts: [ScannerHost] = []
    for piece in pieces { hosts.append(try ScannerHost(String(piece.drop { $0 == " " }))) }
    return hosts
  }

  /// Connects within `patience`; `prepare` runs on the connection before its first byte.
  package func connect<Prepared: Sendable>(
    _ group: any EventLoopGroup, _ patience: TimeAmount,
    _ prepare: @escaping @Sendable (any Channel) -> EventLoopFuture<Prepared>
  ) async throws -> Prepared {
    let bootstrap = ClientBootstrap(group: group).connectTimeout(patience)
    switch self {
    case .unix(let path):
      return try await bootstrap.connect(unixDomainSocketPath: path, channelInitializer: prepare)
    case .inet(let name, let port):
      return try await bootstrap.connect(host: name, port: port, channelInitializer: prepare)
    case .program(let name): throw BadAddress(text: name)
    }
  }

  package var description: String {
    switch self {
    case .unix(let path): "unix:\(path)"
    case .program(let name): "program:\(name)"
    case .inet(let host, let port): "\(host.contains(":") ? "inet6" : "inet"):\(port)@\(host)"
    }
  }
}
