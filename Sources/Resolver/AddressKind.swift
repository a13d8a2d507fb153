// Addresses that no mail server on the Internet has (the IANA registries of special-purpose
// addresses, RFC 6890).

package import RuleBytecode

package enum AddressKind: Hashable, Sendable {
  case global
  /// 0.0.0.0/8 and `::`.
  case unspecified
  case loopback
  case linkLocal
  /// RFC 1918, RFC 6598, RFC 4193.
  case `private`
  case multicast
  /// For documents, tests and what has no use.
  case reserved

  package init(_ address: IPAddress) {
    let rows = address.isIPv4 ? Self.rows4 : Self.rows6
    let bytes = address.isIPv4 ? Array(address.bytes.suffix(4)) : address.bytes
    self = rows.first { $0.holds(bytes) }?.kind ?? .global
  }

  private struct Row {
    let kind: AddressKind
    let prefix: [UInt8]
    let bits: Int

    func holds(_ bytes: [UInt8]) -> Bool {
      (0..<(bits + 7) / 8).allSatisfy { index in
        let mask = UInt8(truncatingIfNeeded: 0xff00 >> min(8, bits - index * 8))
        return (bytes[index] ^ prefix[index]) & mask == 0
      }
    }
  }

  private static let rows4: [Row] = [
    Row(kind: .unspecified, prefix: [0], bits: 8), Row(kind: .private, prefix: [10], bits: 8),
    Row(kind: .private, prefix: [100, 64], bits: 10), Row(kind: .loopback, prefix: [127], bits: 8),
    Row(kind: .linkLocal, prefix: [169, 254], bits: 16),
    Row(kind: .private, prefix: [172, 16], bits: 12),
    Row(kind: .reserved, prefix: [192, 0, 0], bits: 24),
    Row(kind: .reserved, prefix: [192, 0, 2], bits: 24),
    Row(kind: .private, prefix: [192, 168], bits: 16),
    Row(kind: .reserved, prefix: [198, 18], bits: 15),
    Row(kind: .reserved, prefix: [198, 51, 100], bits: 24),
    Row(kind: .reserved, prefix: [203, 0, 113], bits: 24),
    Row(kind: .multicast, prefix: [224], bits: 4), Row(kind: .reserved, prefix: [240], bits: 4),
  ]

  private static let zeros = [UInt8](repeating: 0, count: 15)

  private static let rows6: [Row] = [
    Row(kind: .unspecified, prefix: zeros + [0], bits: 128),
    Row(kind: .loopback, prefix: zeros + [1], bits: 128),
    Row(kind: .linkLocal, prefix: [0xfe, 0x80], bits: 10),
    // Site-local, given up (RFC 3879).
    Row(kind: .private, prefix: [0xfe, 0xc0], bits: 10),
    Row(kind: .private, prefix: [0xfc], bits: 7), Row(kind: .multicast, prefix: [0xff], bits: 8),
    Row(kind: .reserved, prefix: [0x20, 0x01, 0x0d, 0xb8], bits: 32),
    Row(kind: .reserved, prefix: [0x01, 0, 0, 0, 0, 0, 0, 0], bits: 64),
  ]
}
