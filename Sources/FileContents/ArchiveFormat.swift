// What kind of archive some bytes begin, and with it who can read it.

package enum ArchiveFormat: Equatable, Sendable {
  case zip
  /// One compressed file, by zlib.
  case gzip
  /// One compressed file, by another method: bzip2, xz, zstd, lz4, lzip, compress.
  case compressed
  /// tar, 7z, rar, cab, ISO 9660, cpio, ar, lha, xar.
  case container

  /// - Parameter head: The first bytes, at least 32,774 of them where there are as many.
  package init?(of head: Span<UInt8>) {
    guard let format = Self.byStart(head) ?? Self.byPlace(head) else { return nil }
    self = format
  }

  private static func byStart(_ head: Span<UInt8>) -> ArchiveFormat? {
    if let mark = ZipMark.at(0, head) { return mark == .local || mark == .end ? .zip : nil }
    for start in starts where matches(head, start.bytes, at: 0) { return start.format }
    return nil
  }

  private static let starts: [(bytes: [UInt8], format: ArchiveFormat)] = [
    ([0x1F, 0x8B, 8], .gzip),
    (Array("BZh".utf8), .compressed),
    ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0], .compressed),
    ([0x28, 0xB5, 0x2F, 0xFD], .compressed),
    ([0x04, 0x22, 0x4D, 0x18], .compressed),
    (Array("LZIP".utf8), .compressed),
    ([0x1F, 0x9D], .compressed),
    ([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], .container),
    (Array("Rar!\u{1A}\u{7}".utf8), .container),
    (Array("MSCF\0\0\0\0".utf8), .container),
    (Array("xar!".utf8), .container),
    (Array("!<arch>\n".utf8), .container),
    (Array("070701".utf8), .container), (Array("070702".utf8), .container),
    (Array("070707".utf8), .container),
    ([0xC7, 0x71], .container),
  ]

  private static func byPlace(_ head: Span<UInt8>) -> ArchiveFormat? {
    if matches(head, Array("ustar".utf8), at: 257) || isTar(head) { return .container }
    if matches(head, Array("CD001".utf8), at: 32_769) { return .container }
    // LHA: "-lh5-" and its like behind two bytes.
    if matches(head, Array("-l".utf8), at: 2), ByteReader.byte(head, at: 6) == UInt8(ascii: "-") {
      return .container
    }
    return nil
  }

  private static func matches(_ head: Span<UInt8>, _ magic: [UInt8], at offset: Int) -> Bool {
    guard head.count - offset >= magic.count else { return false }
    for index in magic.indices where head[offset + index] != magic[index] { return false }
    return true
  }

  /// A tar from before POSIX: a header whose checksum is right (pax, "ustar Interchange Format").
  private static func isTar(_ head: Span<UInt8>) -> Bool {
    guard head.count >= 512, head[0] != 0 else { return false }
    var stated = 0
    var digits = 0
    for index in 148..<156 where (0x30...0x37).contains(head[index]) {
      stated = stated * 8 + Int(head[index] - 0x30)
      digits += 1
    }
    var sum = 8 * 0x20
    for index in 0..<512 where !(148..<156).contains(index) { sum += Int(head[index]) }
    return digits > 0 && sum == stated
  }
}
