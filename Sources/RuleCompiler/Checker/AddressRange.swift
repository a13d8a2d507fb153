// IP addresses and networks as text, to ranges of 128-bit numbers; IPv4 stands in ::ffff:0:0/96
// (RFC 4291 §2.5.5.2), so both families are asked in one search.

struct AddressRange: Hashable, Sendable {
  var first: UInt128
  var last: UInt128

  /// What a text stands for.
  enum Reading: Equatable {
    case range(AddressRange)
    /// The prefix is shorter than the address has bits set.
    case hostBits(AddressRange, network: String)
    case badAddress
    case badNetwork
  }

  /// Reads `192.0.2.1`, `192.0.2.0/24`, `2001:db8::1` or `2001:db8::/32`.
  static func read(_ text: String) -> Reading {
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
  static func merged(_ ranges: [AddressRange]) -> [AddressRange] {
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
  var bytes: [UInt8] { Self.bytes(first) + Self.bytes(last) }

  private static func bytes(_ value: UInt128) -> [UInt8] {
    stride(from: 120, through: 0, by: -8).map { UInt8(truncatingIfNeeded: value >> UInt128($0)) }
  }

  // MARK: Text

  private static let mapped: UInt128 = 0xffff_0000_0000

  private static func prefix(_ text: Substring, max: Int) -> Int? {
    guard (1...3).contains(text.utf8.count), text.utf8.allSatisfy({ $0 >= 48 && $0 <= 57 }),
      let bits = Int(text), bits <= max
    else { return nil }
    return bits
  }

  private static func address(_ text: Substring) -> (value: UInt128, isV4: Bool)? {
    if text.contains(":") { return v6(text).map { ($0, false) } }
    return v4(text).map { (mapped | UInt128($0), true) }
  }

  private static func v4(_ text: Substring) -> UInt32? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 4 else { return nil }
    var value: UInt32 = 0
    for part in parts {
      guard (1...3).contains(part.utf8.count), part.utf8.allSatisfy({ $0 >= 48 && $0 <= 57 }),
        let octet = UInt32(part), octet <= 255, part.utf8.count == 1 || part.utf8.first != 48
      else { return nil }
      value = value << 8 | octet
    }
    return value
  }

  /// RFC 4291 §2.2: eight groups, one `::`, the last two groups may be dotted.
  private static func v6(_ text: Substring) -> UInt128? {
    guard text.utf8.count <= 45 else { return nil }
    let halves = split(text)
    guard let head = groups(halves.head), let tail = groups(halves.tail ?? "") else { return nil }
    let count = head.count + tail.count
    guard halves.tail == nil ? count == 8 : count < 8 else { return nil }
    let zeros = Array(repeating: UInt16(0), count: 8 - count)
    return (head + zeros + tail).reduce(0) { $0 << 16 | UInt128($1) }
  }

  private static func split(_ text: Substring) -> (head: Substring, tail: Substring?) {
    let bytes = Array(text.utf8)
    for index in bytes.indices.dropLast() where bytes[index] == 58 && bytes[index + 1] == 58 {
      let head = String(decoding: bytes[..<index], as: UTF8.self)
      let tail = String(decoding: bytes[(index + 2)...], as: UTF8.self)
      return (Substring(head), Substring(tail))
    }
    return (text, nil)
  }

  private static func groups(_ text: Substring) -> [UInt16]? {
    if text.isEmpty { return [] }
    var result: [UInt16] = []
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    for (index, part) in parts.enumerated() {
      if index == parts.count - 1, part.contains(".") {
        guard let value = v4(part) else { return nil }
        result += [UInt16(value >> 16), UInt16(truncatingIfNeeded: value)]
        continue
      }
      guard (1...4).contains(part.utf8.count), part.utf8.first != 43, part.utf8.first != 45,
        let value = UInt16(part, radix: 16)
      else { return nil }
      result.append(value)
    }
    return result
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
