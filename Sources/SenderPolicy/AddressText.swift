// Addresses as SPF compares and writes them (RFC 7208 §5.6, §7.3).

import RuleBytecode

extension IPAddress {
  private static let nibbles = Array("0123456789ABCDEF".utf8)

  /// Whether the first bits are the same; an IPv4 address shares none with an IPv6 one, since its
  /// bits begin behind the 96 of the mapping.
  func shares(_ bits: Int, with other: IPAddress) -> Bool {
    let bits = isIPv4 ? bits + 96 : bits
    let whole = bits / 8
    guard bytes.prefix(whole).elementsEqual(other.bytes.prefix(whole)) else { return false }
    let rest = bits % 8
    return rest == 0 || (bytes[whole] ^ other.bytes[whole]) >> UInt8(8 - rest) == 0
  }

  /// Macro `i`: a dotted quad, or 32 nibbles with dots between.
  var dotted: [UInt8] {
    if isIPv4 { return Array(readable.utf8) }
    let digits = bytes.flatMap { [Self.nibbles[Int($0 >> 4)], Self.nibbles[Int($0 & 15)]] }
    return Array(digits.map { [$0] }.joined(separator: [UInt8.dot]))
  }

  /// Macro `v`.
  var reverseZone: String { isIPv4 ? "in-addr" : "ip6" }

  /// The name under which its names are (RFC 1035 §3.5, RFC 3596 §2.5).
  var reverseName: String {
    let labels = dotted.split(separator: .dot).reversed()
    let name = String(decoding: Array(labels.joined(separator: [UInt8.dot])), as: UTF8.self)
    return name.lowercased() + ".\(reverseZone).arpa"
  }
}
