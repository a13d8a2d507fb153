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

  /// Macro `c`: a dotted quad, or the text of RFC 5952 §4.
  var readable: String {
    if isIPv4 { return bytes[12...].map { String($0) }.joined(separator: ".") }
    let words = (0..<8).map { UInt16(bytes[2 * $0]) << 8 | UInt16(bytes[2 * $0 + 1]) }
    let texts = words.map { String($0, radix: 16) }
    guard let gap = Self.longestGap(words) else { return texts.joined(separator: ":") }
    return texts[..<gap.lowerBound].joined(separator: ":") + "::"
      + texts[gap.upperBound...].joined(separator: ":")
  }

  /// The first of the longest runs of two zeros or more.
  private static func longestGap(_ words: [UInt16]) -> Range<Int>? {
    var best = 0..<0
    var start = 0
    for index in 0...words.count where index == words.count || words[index] != 0 {
      if index - start > best.count { best = start..<index }
      start = index + 1
    }
    return best.count > 1 ? best : nil
  }
}
