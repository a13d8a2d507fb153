// The checksums of yEnc and BinHex. They tell damage, not intent: anybody can make them fit.

enum Checksum {
  /// CRC-32 of ISO 3309, reflected.
  private static let table32: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index)) { value, _ in
      value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1
    }
  }

  /// CRC-16 with the CCITT polynomial, as BinHex 4.0 has it (RFC 1741 appendix A).
  private static let table16: [UInt16] = (0..<256).map { index in
    (0..<8).reduce(UInt16(index) << 8) { value, _ in
      value & 0x8000 == 0 ? value << 1 : value << 1 ^ 0x1021
    }
  }

  static func crc32(_ bytes: Span<UInt8>) -> UInt32 {
    let table = table32.span
    var value: UInt32 = .max
    for index in bytes.indices {
      value = value >> 8 ^ table[Int((value ^ UInt32(bytes[index])) & 255)]
    }
    return ~value
  }

  static func crc16(_ bytes: Span<UInt8>) -> UInt16 {
    let table = table16.span
    var value: UInt16 = 0
    for index in bytes.indices {
      value = value << 8 ^ table[Int(UInt8(truncatingIfNeeded: value >> 8) ^ bytes[index])]
    }
    return value
  }
}
