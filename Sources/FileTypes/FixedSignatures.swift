// Signatures that are a fixed string at the very start, as a table sorted by its first byte.

struct FixedSignature: Sendable {
  let magic: StaticBytes
  let mimeType: String?
  let kind: FileKind

  init(_ text: String, _ mimeType: String?, _ kind: FileKind) {
    self.init(bytes: Array(text.utf8), mimeType, kind)
  }

  init(bytes: [UInt8], _ mimeType: String?, _ kind: FileKind) {
    magic = bytes
    self.mimeType = mimeType
    self.kind = kind
  }
}

enum FixedSignatures {
  /// 256 short lists: one look decides for most content that there is nothing to compare.
  static let byFirstByte: [[FixedSignature]] = {
    var lists = [[FixedSignature]](repeating: [], count: 256)
    for signature in all { lists[Int(signature.magic[0])].append(signature) }
    return lists
  }()

  static let all: [FixedSignature] = programs + archives + disks + documents + media

  private static let programs: [FixedSignature] = [
    FixedSignature(
      bytes: [
        0x4C, 0, 0, 0, 0x01, 0x14, 0x02, 0, 0, 0, 0, 0, 0xC0, 0, 0, 0, 0, 0, 0, 0x46,
      ], "application/x-ms-shortcut", .executable),
    FixedSignature(
      bytes: [0x00, 0x61, 0x73, 0x6D, 0x01, 0, 0, 0], "application/wasm", .executable),
    FixedSignature("dex\n03", nil, .executable),
    FixedSignature("ITSF\u{3}\0\0\0\u{60}\0\0\0", "application/vnd.ms-htmlhelp", .executable),
    FixedSignature("!<arch>\ndebian-binary", "application/vnd.debian.binary-package", .executable),
    FixedSignature(bytes: [0xED, 0xAB, 0xEE, 0xDB, 0x03], "application/x-rpm", .executable),
  ]

  private static let archives: [FixedSignature] = [
    FixedSignature(
      bytes: [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], "application/x-xz", .archive),
    FixedSignature(bytes: [0x28, 0xB5, 0x2F, 0xFD], "application/zstd", .archive),
    FixedSignature(bytes: [0x04, 0x22, 0x4D, 0x18], "application/x-lz4", .archive),
    FixedSignature(
      bytes: [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], "application/x-7z-compressed", .archive),
    FixedSignature("Rar!\u{1A}\u{7}\0", "application/x-rar", .archive),
    FixedSignature("Rar!\u{1A}\u{7}\u{1}\0", "application/x-rar", .archive),
    // libmagic names a cabinet by its first folder as well, and fails on odd ones.
    FixedSignature("MSCF\0\0\0\0", nil, .archive),
    FixedSignature(bytes: [0x78, 0x9F, 0x3E, 0x22], "application/vnd.ms-tnef", .archive),
    FixedSignature("PK\u{5}\u{6}\0\0\0\0", "application/zip", .archive),
  ]

  private static let disks: [FixedSignature] = [
    FixedSignature("MSWIM\0\0\0", nil, .diskImage),
    FixedSignature("conectix", "application/x-virtualbox-vhd", .diskImage),
    FixedSignature("vhdxfile", nil, .diskImage),
    FixedSignature(bytes: [0x51, 0x46, 0x49, 0xFB], "application/x-qemu-disk", .diskImage),
    FixedSignature("KDMV\u{1}\0\0\0", nil, .diskImage),
  ]

  private static let documents: [FixedSignature] = [
    FixedSignature("%PDF-1.", "application/pdf", .pdf),
    FixedSignature("%PDF-2.", "application/pdf", .pdf),
    FixedSignature("{\\rtf1", "text/rtf", .office),
    FixedSignature("%!PS-Adobe-", "application/postscript", .office),
    FixedSignature(
      bytes: [
        0xE4, 0x52, 0x5C, 0x7B, 0x8C, 0xD8, 0xA7, 0x4D, 0xAE, 0xB1, 0x53, 0x78, 0xD0, 0x29, 0x96,
        0xD3,
      ], nil, .office),  // OneNote section: {7B5C52E4-D88C-4DA7-AEB1-5378D02996D3}
    FixedSignature(
      bytes: [
        0xA1, 0x2F, 0xFF, 0x43, 0xD9, 0xEF, 0x76, 0x4C, 0x9E, 0xE2, 0x10, 0xEA, 0x57, 0x22, 0x76,
        0x5F,
      ], nil, .office),  // OneNote table of contents
  ]

  private static let media: [FixedSignature] = [
    FixedSignature(
      bytes: [
        0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 0x0D, 0x49, 0x48, 0x44, 0x52,
      ], "image/png", .image),
    // Cut or odd behind its signature: libmagic says octet-stream, after 200 µs.
    FixedSignature(bytes: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], nil, .image),
    FixedSignature("GIF87a", "image/gif", .image),
    FixedSignature("GIF89a", "image/gif", .image),
    FixedSignature(bytes: [0x4D, 0x4D, 0x00, 0x2A], "image/tiff", .image),
    FixedSignature("8BPS\0\u{1}", "image/vnd.adobe.photoshop", .image),
    FixedSignature("fLaC\0", "audio/flac", .audio),
    FixedSignature("MThd\0\0\0\u{6}", "audio/midi", .audio),
    FixedSignature("#!AMR\n", "audio/amr", .audio),
    FixedSignature("FLV\u{1}", "video/x-flv", .video),
    FixedSignature(
      bytes: [
        0x30, 0x26, 0xB2, 0x75, 0x8E, 0x66, 0xCF, 0x11, 0xA6, 0xD9, 0, 0xAA, 0, 0x62, 0xCE, 0x6C,
      ], "video/x-ms-asf", .video),
    FixedSignature(bytes: [0x1A, 0x45, 0xDF, 0xA3], nil, .video),  // Matroska, WebM
  ]
}
