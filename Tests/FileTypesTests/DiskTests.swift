// Disk images that are told by what is not at their start.
import Testing

@testable import FileTypes

struct DiskTests {
  private static func disk(_ signs: [(offset: Int, text: String)], first: UInt8 = 0xEB) -> [UInt8] {
    var bytes = [UInt8](repeating: 0x90, count: 2_048)
    bytes[0] = first
    (bytes[510], bytes[511]) = (0x55, 0xAA)
    for sign in signs {
      for (index, byte) in sign.text.utf8.enumerated() { bytes[sign.offset + index] = byte }
    }
    return bytes
  }

  @Test(arguments: [
    (3, "NTFS    "), (3, "EXFAT   "), (54, "FAT12   "), (54, "FAT16   "), (82, "FAT32   "),
    (512, "EFI PART"), (1_536, "koly\0\0\0\u{4}"), (1_536, "conectix"), (32, "NXSB"),
  ])
  func isDisk(_ offset: Int, _ sign: String) {
    #expect(SureSignature(of: Self.disk([(offset, sign)]).span)?.kind == .diskImage)
    #expect(SureSignature(of: Self.disk([(offset + 1, sign)]).span) == nil)
  }

  @Test func bootSectorsHaveTheirMark() {
    var volume = Self.disk([(54, "FAT16   ")])
    volume[511] = 0
    #expect(SureSignature(of: volume.span) == nil)
    #expect(SureSignature(of: Self.disk([(54, "FAT16   ")], first: 0x90).span) == nil)
  }
}
