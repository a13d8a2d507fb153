// Signatures of binary formats whose first bytes need a second look.

extension SureSignature {
  /// "MZ" and, where the DOS header points, "PE\0\0" (Microsoft PE format, §2 MS-DOS stub).
  ///
  /// An "MZ" without a PE header may be text, a DOS program or a 16-bit one: libmagic decides.
  static func portableExecutable(_ bytes: Span<UInt8>) -> SureSignature? {
    guard bytes[1] == UInt8(ascii: "Z"), bytes.count >= 0x40 else { return nil }
    let header = little32(bytes, at: 0x3C)
    guard header <= bytes.count - 4, matches(bytes, "PE\0\0", at: header) else { return nil }
    return SureSignature("application/vnd.microsoft.portable-executable", .executable)
  }

  /// ELF, by e_type in the byte order of EI_DATA (gABI, chapter 4).
  static func elf(_ bytes: Span<UInt8>) -> SureSignature? {
    guard matches(bytes, "\u{7F}ELF", at: 0), bytes.count >= 52 else { return nil }
    guard bytes[4] == 1 || bytes[4] == 2, bytes[5] == 1 || bytes[5] == 2 else { return nil }
    let type =
      bytes[5] == 1 ? little16(bytes, at: 16) : Int(bytes[16]) << 8 | Int(bytes[17])
    switch type {
    case 1: return SureSignature("application/x-object", .executable)
    case 2: return SureSignature("application/x-executable", .executable)
    // libmagic's name depends on what it makes of the dynamic section.
    case 3: return SureSignature(nil, .executable)
    case 4: return SureSignature("application/x-coredump", .other)
    default: return nil
    }
  }

  /// Mach-O, thin and fat, and Java classes, which share 0xCAFEBABE: as libmagic does, the long at
  /// 4 tells them apart (a class has its version there, at least 0x2D, a fat file a small count).
  static func machOrClass(_ bytes: Span<UInt8>) -> SureSignature? {
    guard bytes.count >= 32 else { return nil }
    let second = big32(bytes, at: 4)
    switch big32(bytes, at: 0) {
    case 0xCAFE_BABE where second > 30 && second < 0x1_0000:
      return SureSignature("application/x-java-applet", .executable)
    case 0xCAFE_BABE where second >= 1 && second < 20:
      return SureSignature("application/x-mach-binary", .executable)
    case 0xFEED_FACE, 0xFEED_FACF, 0xCEFA_EDFE, 0xCFFA_EDFE:
      return SureSignature("application/x-mach-binary", .executable)
    default: return nil
    }
  }

  /// gzip (RFC 1952 §2.3): method 8, reserved flags zero, no extra field (block-gzip has its own
  /// name).
  static func gzip(_ bytes: Span<UInt8>) -> SureSignature? {
    guard bytes[1] == 0x8B, bytes[2] == 8, bytes[3] & 0xE4 == 0, bytes.count >= 18 else {
      return nil
    }
    return SureSignature("application/gzip", .archive)
  }

  static func bzip2OrBitmap(_ bytes: Span<UInt8>) -> SureSignature? {
    if bytes.count >= 10, bytes[1] == UInt8(ascii: "Z"), bytes[2] == UInt8(ascii: "h"),
      (UInt8(ascii: "1")...UInt8(ascii: "9")).contains(bytes[3]),
      big32(bytes, at: 4) == 0x3141_5926, bytes[8] == 0x53, bytes[9] == 0x59
    {
      return SureSignature("application/x-bzip2", .archive)
    }
    // BITMAPFILEHEADER with reserved words zero, then a header of 40 bytes (BITMAPINFOHEADER).
    guard bytes.count >= 54, bytes[1] == UInt8(ascii: "M"), little32(bytes, at: 6) == 0,
      little32(bytes, at: 14) == 40, little16(bytes, at: 26) == 1
    else { return nil }
    return SureSignature("image/bmp", .image)
  }

  /// OLE2, plain and encrypted zip: the names inside decide. Only what libmagic decides by the
  /// first entries is decided here: OpenDocument by its stored "mimetype", Office Open XML by its
  /// folder.
  static func zip(_ bytes: Span<UInt8>) -> SureSignature? {
    guard matches(bytes, "PK\u{3}\u{4}", at: 0), bytes.count >= 64 else { return nil }
    if matches(bytes, "\u{8}\0\0\0mimetypeapplication/vnd.oasis.opendocument.", at: 26) {
      for (type, name) in openDocuments where matches(bytes, type, at: 73) {
        // A hyphen begins "-template", "-web", "-master": left to libmagic.
        let after = 73 + type.utf8.count
        guard after < bytes.count, bytes[after] != UInt8(ascii: "-") else { return nil }
        return SureSignature(name, .office)
      }
      return nil
    }
    return officeOpenXML(bytes)
  }

  private static let openDocuments: [(String, String)] = [
    ("text", "application/vnd.oasis.opendocument.text"),
    ("spreadsheet", "application/vnd.oasis.opendocument.spreadsheet"),
    ("presentation", "application/vnd.oasis.opendocument.presentation"),
    ("graphics", "application/vnd.oasis.opendocument.graphics"),
  ]

  private static let officeFolders: [(String, String)] = [
    ("word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("ppt/", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    ("xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
  ]

  /// The walk of libmagic's magic/Magdir/msooxml: the first entry names the folder; or it is one of
  /// the package's own entries, and the third or fourth local header within 6,000 bytes does.
  private static func officeOpenXML(_ bytes: Span<UInt8>) -> SureSignature? {
    if let first = officeFolder(bytes, at: 30) { return first }
    let packageEntries = ["[Content_Types].xml", "_rels/.rels", "docProps", "customXml"]
    guard packageEntries.contains(where: { matches(bytes, $0, at: 30) }) else { return nil }
    let compressed = little32(bytes, at: 18)
    guard compressed <= bytes.count,
      let second = localHeader(bytes, from: compressed + 49),
      let third = localHeader(bytes, from: second + 30)
    else { return nil }
    if let found = officeFolder(bytes, at: third + 30) { return found }
    guard let fourth = localHeader(bytes, from: third + 30) else { return nil }
    return officeFolder(bytes, at: fourth + 30)
  }

  private static func officeFolder(_ bytes: Span<UInt8>, at offset: Int) -> SureSignature? {
    for (folder, name) in officeFolders where matches(bytes, folder, at: offset) {
      return SureSignature(name, .office)
    }
    return nil
  }

  /// The next "PK\3\4" that starts in the 6,000 bytes from `start`.
  private static func localHeader(_ bytes: Span<UInt8>, from start: Int) -> Int? {
    let end = min(start + 6000, bytes.count - 30)
    guard start < end else { return nil }
    for offset in start..<end
    where bytes[offset] == UInt8(ascii: "P") && matches(bytes, "PK\u{3}\u{4}", at: offset) {
      return offset
    }
    return nil
  }

  /// ISO 9660 and UDF: the volume descriptors at sector 16 (ECMA-119 §8.1, ECMA-167 2/9.1). The
  /// name is libmagic's to say, since a boot sector before it may win there.
  static func opticalDisk(_ bytes: Span<UInt8>) -> SureSignature? {
    guard matches(bytes, "CD001", at: 32_769) || matches(bytes, "BEA01", at: 32_769) else {
      return nil
    }
    return SureSignature(nil, .diskImage)
  }
}
