// What is asked of lists in the DNS (RFC 5782): addresses backwards and domains as they are.

package import RuleBytecode

extension DNSName {
  /// Four octets or thirty-two nibbles, the last first (RFC 5782 §2.1, §2.4). Nil when the zone's
  /// name is too long for it.
  package init?(listing address: IPAddress, in zone: DNSName) {
    self.init(joining: Self.reversed(address), zone)
  }

  /// A domain in a list of domains (RFC 5782 §2.2).
  package init?(listing domain: DNSName, in zone: DNSName) {
    self.init(joining: domain.text, zone)
  }

  /// Where an address's names are (RFC 1035 §3.5, RFC 3596 §2.5).
  package init?(reverseOf address: IPAddress) {
    try? self.init(Self.reversed(address) + (address.isIPv4 ? ".in-addr.arpa" : ".ip6.arpa"))
  }

  private init?(joining front: String, _ zone: DNSName) {
    try? self.init(front + "." + zone.text)
  }

  private static func reversed(_ address: IPAddress) -> String {
    if address.isIPv4 {
      return address.bytes.suffix(4).reversed().map { String($0) }.joined(separator: ".")
    }
    let nibbles = address.bytes.reversed().flatMap { [$0 & 15, $0 >> 4] }
    return nibbles.map { String($0, radix: 16) }.joined(separator: ".")
  }
}
