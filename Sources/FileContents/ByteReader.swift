// Numbers at offsets of a sender's bytes. Every read says nil where the bytes end.

/// Reads numbers that a file's format puts at fixed places.
enum ByteReader {
  static func byte(_ bytes: Span<UInt8>, at offset: Int) -> UInt8? {
    offset >= 0 && offset < bytes.count ? bytes[offset] : nil
  }

  static func little16(_ bytes: Span<UInt8>, at offset: Int) -> Int? {
    guard offset >= 0, bytes.count - offset >= 2 else { return nil }
    return Int(bytes[offset]) | Int(bytes[offset + 1]) << 8
  }

  static func little32(_ bytes: Span<UInt8>, at offset: Int) -> Int? {
    guard let low = little16(bytes, at: offset), let high = little16(bytes, at: offset + 2)
    else { return nil }
    return low | high << 16
  }

  static func little64(_ bytes: Span<UInt8>, at offset: Int) -> UInt64? {
    guard let low = little32(bytes, at: offset), let high = little32(bytes, at: offset + 4)
    else { return nil }
    return UInt64(low) | UInt64(high) << 32
  }

  static func big16(_ bytes: Span<UInt8>, at offset: Int) -> Int? {
    little16(bytes, at: offset).map { $0 >> 8 | ($0 & 0xFF) << 8 }
  }

  static func big32(_ bytes: Span<UInt8>, at offset: Int) -> Int? {
    guard let high = big16(bytes, at: offset), let low = big16(bytes, at: offset + 2)
    else { return nil }
    return high << 16 | low
  }
}
