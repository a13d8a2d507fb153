// What is asked of lists in the DNS (RFC 5782): addresses backwards, domains as they are, and keys
// that must not be read back, as hashes.

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

  /// The SHA-256 of a key in base32 without padding (RFC 4648 §6): 52 letters, where hexadecimal
  /// would be one more than a label holds. The key is hashed as it is given.
  package init?(listingHashOf key: [UInt8], in zone: DNSName) {
    self.init(joining: Self.base32(SHA256.digest(of: key)), zone)
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

  private static func base32(_ bytes: [UInt8]) -> String {
    let letters = Array("abcdefghijklmnopqrstuvwxyz234567".utf8)
    var (result, held, bits) = ([UInt8](), 0, 0)
    for byte in bytes {
      held = held << 8 | Int(byte)
      bits += 8
      while bits >= 5 {
        bits -= 5
        result.append(letters[held >> bits & 31])
      }
      held &= 1 << bits - 1
    }
    if bits > 0 { result.append(letters[held << (5 - bits) & 31]) }
    return String(decoding: result, as: UTF8.self)
  }
}
