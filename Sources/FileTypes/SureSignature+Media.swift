// Signatures of pictures, sound and film whose first bytes need a second look.

extension SureSignature {
  /// SOI and the first byte of a marker (ITU-T T.81 §B.1.1).
  static func jpeg(_ bytes: Span<UInt8>) -> SureSignature? {
    guard bytes[1] == 0xD8, bytes[2] == 0xFF, bytes[3] >= 0xC0, bytes[3] != 0xFF else { return nil }
    return SureSignature("image/jpeg", .image)
  }

  static func riff(_ bytes: Span<UInt8>) -> SureSignature? {
    guard bytes.count >= 16, matches(bytes, "RIFF", at: 0) else { return nil }
    if matches(bytes, "AVI ", at: 8) { return SureSignature("video/x-msvideo", .video) }
    if matches(bytes, "WAVE", at: 8) { return SureSignature("audio/x-wav", .audio) }
    if matches(bytes, "WEBP", at: 8) { return SureSignature("image/webp", .image) }
    return nil
  }

  /// TIFF, little-endian, but not the raw formats of cameras that begin alike; ID3v2 with a
  /// synchsafe size (id3.org, ID3v2.4 §3.1), which libmagic names only by what follows the tag.
  static func tiffOrID3(_ bytes: Span<UInt8>) -> SureSignature? {
    if bytes.count >= 16, matches(bytes, "II*\0", at: 0), !matches(bytes, "CR", at: 8),
      !matches(bytes, "HEAPCCDR", at: 6)
    {
      return SureSignature("image/tiff", .image)
    }
    guard bytes.count >= 10, matches(bytes, "ID3", at: 0), (2...4).contains(bytes[3]),
      (bytes[6] | bytes[7] | bytes[8] | bytes[9]) & 0x80 == 0
    else { return nil }
    return SureSignature(nil, .audio)
  }

  /// Ogg (RFC 3533 §6): the codec of the first page decides. 28 is where its packet begins.
  static func ogg(_ bytes: Span<UInt8>) -> SureSignature? {
    guard bytes.count >= 40, matches(bytes, "OggS\0", at: 0) else { return nil }
    if matches(bytes, "\u{1}vorbis", at: 28) || matches(bytes, "OpusHead", at: 28) {
      return SureSignature("audio/ogg", .audio)
    }
    return nil
  }

  private static let mediaBrands: [(String, String, FileKind)] = [
    ("isom", "video/mp4", .video), ("mp41", "video/mp4", .video), ("mp42", "video/mp4", .video),
    ("avc1", "video/mp4", .video), ("iso2", "video/mp4", .video), ("dash", "video/mp4", .video),
    ("M4A ", "audio/x-m4a", .audio), ("M4V ", "video/x-m4v", .video),
    ("qt  ", "video/quicktime", .video), ("3gp4", "video/3gpp", .video),
    ("heic", "image/heic", .image), ("avif", "image/avif", .image), ("mif1", "image/heif", .image),
  ]

  /// ISO base media (ISO/IEC 14496-12 §4.3): a file type box with a well-known major brand.
  static func isoMedia(_ bytes: Span<UInt8>) -> SureSignature? {
    guard bytes.count >= 16, matches(bytes, "ftyp", at: 4), bytes[1] == 0, bytes[2] == 0 else {
      return nil
    }
    for (brand, name, kind) in mediaBrands where matches(bytes, brand, at: 8) {
      return SureSignature(name, kind)
    }
    return nil
  }
}
