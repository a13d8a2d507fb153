// IP addresses and networks as text, to ranges of 128-bit numbers; IPv4 stands in ::ffff:0:0/96
// (RFC 4291 §2.5.5.2), so both families are asked in one search.

internal import RuleBytecode

package struct AddressRange: Hashable, Sendable {
  package var first: UInt128
  package var last: UInt128

  package init(first: UInt128, last: UInt128) {
    self.first = first
    self.last = last
  }

  /// What a text stands for.
  package enum Reading: Equatable {
    case range(AddressRange)
    /// The prefix is shorter than the address has bits set.
    case hostBits(AddressRange, network: String)
    case badAddress
    case badNetwork
  }

  /// Reads `192.0.2.1`, `192.0.2.0/24`, `2001:db8::1` or `2001:db8::/32`.
  package static func read(_ text: String) -> Reading {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    let isNetwork = parts.count == 2
    guard parts.count <= 2, let address = address(parts[0]) else {
      return text.contains("/") ? .badNetwork : .badAddress
    }
    guard isNetwork else {
      return .range(AddressRange(first: address.value, last: address.value))
    }
    let bitsMax = address.isV4 ? 32 : 128
    guard let bits = prefix(parts[1], max: bitsMax) else { return .badNetwork }
    let hostBits = bitsMax - bits
    let mask: UInt128 = hostBits == 128 ? .max : (1 << UInt128(hostBits)) - 1
    let range = AddressRange(first: address.value & ~mask, last: address.value | mask)
    if address.value == range.first { return .range(range) }
    return .hostBits(range, network: "\(render(range.first, isV4: address.isV4))/\(bits)")
  }

  /// Sorted, with overlapping and neighbouring ranges joined.
  package static func merged(_ ranges: [AddressRange]) -> [AddressRange] {
    var result: [AddressRange] = []
    for range in ranges.sorted(by: { ($0.first, $0.last) < ($1.first, $1.last) }) {
      if let last = result.last, last.last == .max || range.first <= last.last + 1 {
        result[result.count - 1].last = max(last.last, range.last)
      } else {
        result.append(range)
      }
    }
    return result
  }

  /// First and last address, 16 bytes each, in network order.
  package var bytes: [UInt8] { Self.bytes(first) + Self.bytes(last) }

  private static func bytes(_ value: UInt128) -> [UInt8] {
    stride(from: 120, through: 0, by: -8).map { UInt8(truncatingIfNeeded: value >> UInt128($0)) }
  }

  // MARK: Text

  private static func prefix(_ text: Substring, max: Int) -> Int? {
    guard (1...3).contains(text.utf8.count), text.utf8.allSatisfy({ $0 >= 48 && $0 <= 57 }),
      let bits = Int(text), bits <= max
    else { return nil }
    return bits
  }

  /// Without the forms that only SMTP and interfaces have (`IPv6:…`, `fe80::1%eth0`).
  private static func address(_ text: Substring) -> (value: UInt128, isV4: Bool)? {
    let isV6 = text.contains(":")
    guard text.utf8.allSatisfy({ $0 != UInt8(ascii: "%") }), text.first != "i", text.first != "I",
      let address = IPAddress(String(text))
    else { return nil }
    return (address.bytes.reduce(0) { $0 << 8 | UInt128($1) }, !isV6)
  }

  private static func render(_ value: UInt128, isV4: Bool) -> String {
    if isV4 {
      return [24, 16, 8, 0].map { String(UInt8(truncatingIfNeeded: value >> UInt128($0))) }
        .joined(separator: ".")
    }
    let words = stride(from: 112, through: 0, by: -16).map {
      UInt16(truncatingIfNeeded: value >> UInt128($0))
    }
    let used = words.prefix(8 - words.reversed().prefix { $0 == 0 }.count)
    let head = used.map { String($0, radix: 16) }.joined(separator: ":")
    return used.count >= 7
      ? words.map { String($0, radix: 16) }.joined(separator: ":") : head + "::"
  }
}
