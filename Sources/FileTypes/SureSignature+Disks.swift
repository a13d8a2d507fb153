// Disks whose sign is not at the start: partitioned ones, volumes with a boot sector, images with a
// trailer. libmagic has no name for most of them; what opens them at a double click is sure.

extension SureSignature {
  private static let sectorBytes = 512

  static func disk(_ bytes: Span<UInt8>) -> SureSignature? {
    guard bytes.count >= 2 * sectorBytes else { return nil }
    let last = bytes.count - sectorBytes
    let isImage =
      isBootSector(bytes) || matches(bytes, "EFI PART", at: sectorBytes)
      // Apple's disk images and fixed disks of Virtual PC end with a block that says what they are.
      || matches(bytes, "koly\0\0\0\u{4}", at: last) || matches(bytes, "conectix", at: last)
      // A container of APFS begins with a checksum.
      || matches(bytes, "NXSB", at: 32)
    return isImage ? SureSignature(nil, .diskImage) : nil
  }

  /// FAT, NTFS and exFAT (each in Microsoft's specification): a jump, a name, a mark at the end.
  private static func isBootSector(_ bytes: Span<UInt8>) -> Bool {
    guard bytes[0] == 0xEB || bytes[0] == 0xE9, bytes[510] == 0x55, bytes[511] == 0xAA else {
      return false
    }
    return matches(bytes, "NTFS    ", at: 3) || matches(bytes, "EXFAT   ", at: 3)
      || matches(bytes, "FAT", at: 54) || matches(bytes, "FAT32   ", at: 82)
  }
}
