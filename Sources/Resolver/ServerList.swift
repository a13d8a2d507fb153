// The name servers that are asked, as configured: `192.0.2.1`, `192.0.2.1:5353`, `2001:db8::1`,
// `[2001:db8::1]:5353`. Without any, /etc/resolv.conf says them.

internal import RuleBytecode

/// Why the resolver cannot be made.
package enum ResolverError: Error, Equatable, Sendable {
  case notAnAddress(String)
  case notAPort(String)
  case tooManyServers(limit: Int)
  /// No thread, no memory, no descriptor.
  case cannotStart
}

struct ServerList: Equatable {
  /// As `ares_set_servers_ports_csv` takes them.
  let text: String

  init(_ servers: [String], limits: ResolverLimits) throws(ResolverError) {
    guard servers.count <= limits.serversMax else {
      throw .tooManyServers(limit: limits.serversMax)
    }
    var entries: [String] = []
    for server in servers { entries.append(try Self.entry(server)) }
    text = entries.joined(separator: ",")
  }

  private static func entry(_ server: String) throws(ResolverError) -> String {
    var (address, port) = (Substring(server), "53")
    if address.first == "[", let end = address.firstIndex(of: "]") {
      let rest = address[address.index(after: end)...]
      guard rest.isEmpty || rest.first == ":" else { throw .notAnAddress(server) }
      if !rest.isEmpty { port = String(rest.dropFirst()) }
      address = address[..<end].dropFirst()
    } else if address.split(separator: ":", omittingEmptySubsequences: false).count == 2,
      let colon = address.firstIndex(of: ":")
    {
      port = String(address[colon...].dropFirst())
      address = address[..<colon]
    }
    guard let number = UInt16(port), number > 0, port.utf8.allSatisfy({ $0 >= 48 && $0 <= 57 })
    else { throw .notAPort(server) }
    let isPlain = address.utf8.allSatisfy { $0 != UInt8(ascii: "%") }
    guard isPlain, !address.lowercased().hasPrefix("ipv6:"), IPAddress(String(address)) != nil
    else { throw .notAnAddress(server) }
    return address.contains(":") ? "[\(address)]:\(number)" : "\(address):\(number)"
  }
}
