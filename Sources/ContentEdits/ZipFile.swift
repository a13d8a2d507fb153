// A zip archive of one file (PKWARE APPNOTE 6.3), for parts that a rule has compressed.
// The content and the name are a sender's: the name is made harmless, the content only measured.
internal import FileContents
package import MailMessage

package enum ZipFile {
  /// The archive; nil where it would not be smaller than the content, or the content is larger than
  /// the limit.
  ///
  /// - Parameter name: Of the file; folders in it are left off.
  package static func archive(
    _ content: [UInt8], name: String, modified: CivilDate,
    limits: ContentEditLimits = ContentEditLimits()
  ) -> [UInt8]? {
    guard content.count <= min(limits.archivedBytesMax, Int(UInt32.max) - 1) else { return nil }
    let name = memberName(name, limits)
    let overhead = Self.fixedBytes + 2 * name.count
    guard content.count > overhead,
      let packed = Deflate.deflate(content.span, limitBytes: content.count - overhead - 1)
    else { return nil }
    let fields = Self.fields(content, packed, name, modified)
    var archive: [UInt8] = []
    archive.reserveCapacity(overhead + packed.count)
    // §4.3.7, local file header.
    archive.append(word: 0x0403_4B50)
    archive += fields
    archive += name
    archive += packed
    let directory = archive.count
    // §4.3.12, central directory: made by version 2.0 on FAT; comment, disk, attributes, offset 0.
    archive.append(word: 0x0201_4B50)
    archive.append(half: 20)
    archive += fields
    archive += [UInt8](repeating: 0, count: 14)
    archive += name
    let directoryBytes = archive.count - directory
    // §4.3.16, end of central directory.
    archive.append(word: 0x0605_4B50)
    archive += [0, 0, 0, 0, 1, 0, 1, 0]
    archive.append(word: UInt32(directoryBytes))
    archive.append(word: UInt32(directory))
    archive.append(half: 0)
    return archive
  }

  /// Both headers and the end without the name.
  private static let fixedBytes = 30 + 46 + 22

  /// What both headers have: version 2.0, names in UTF-8 (bit 11), deflate, time, sizes, lengths.
  private static func fields(
    _ content: [UInt8], _ packed: [UInt8], _ name: [UInt8], _ date: CivilDate
  ) -> [UInt8] {
    var fields: [UInt8] = []
    fields.append(half: 20)
    fields.append(half: 1 << 11)
    fields.append(half: 8)
    fields.append(half: 0)
    // §4.4.6: from 1980 on, in seven bits.
    let year = min(max(date.year - 1_980, 0), 127)
    fields.append(half: UInt16(year << 9 | date.month << 5 | date.day))
    fields.append(word: Inflate.checksum(of: content.span))
    fields.append(word: UInt32(packed.count))
    fields.append(word: UInt32(content.count))
    fields.append(half: UInt16(name.count))
    fields.append(half: 0)
    return fields
  }

  /// The last part of a path, without controls and without what file systems give a meaning.
  private static func memberName(_ name: String, _ limits: ContentEditLimits) -> [UInt8] {
    let last = name.split { $0 == "/" || $0 == "\\" }.last ?? ""
    var bytes: [UInt8] = []
    for scalar in last.unicodeScalars {
      let isShown =
        scalar.value >= 32 && scalar.value != 127 && !"<>:\"|?*".unicodeScalars.contains(scalar)
      let character = Array(String(isShown ? scalar : "_").utf8)
      guard bytes.count + character.count <= limits.archivedNameBytesMax else { break }
      bytes += character
    }
    return bytes.allSatisfy { $0 == 46 || $0 == 32 } ? Array("file".utf8) : bytes
  }

  // MARK: What compressing is worth

  /// Extensions of files that are compressed already.
  private static let packedExtensions = WordSet(
    """
    zip zipx 7z rar gz tgz bz2 tbz tbz2 xz txz lz lzma zst tzst br cab arj lzh lha ace jar war ear \
    apk xpi crx epub docx docm dotx xlsx xlsm xlsb xltx pptx pptm ppsx odt ods odp odg vsdx \
    jpg jpeg jpe jp2 jxl png gif webp avif heic heif mp3 m4a m4b aac ogg oga opus flac wma \
    mp4 m4v mov mkv webm avi wmv mpg mpeg 3gp flv ogv swf woff woff2 dmg
    """)

  private static let packedTypes = WordSet(
    """
    application/zip application/x-zip-compressed application/x-7z-compressed application/gzip \
    application/x-gzip application/x-bzip2 application/x-xz application/zstd application/x-rar \
    application/vnd.rar application/x-rar-compressed application/java-archive \
    application/epub+zip application/vnd.android.package-archive application/vnd.ms-cab-compressed \
    image/jpeg image/png image/gif image/webp image/avif image/heic image/heif image/jxl image/jp2 \
    audio/mpeg audio/mp4 audio/aac audio/ogg audio/opus audio/flac audio/x-ms-wma \
    font/woff font/woff2
    """)

  private static let packedFamilies = [
    "video/", "application/vnd.openxmlformats-officedocument.",
    "application/vnd.oasis.opendocument.",
  ]

  /// Whether compressing such a file is worth a try.
  ///
  /// - Parameter fileExtension: Without its dot.
  package static func isCompressible(type: String, fileExtension: String) -> Bool {
    let type = Array(type.utf8.map(WordSet.lower))
    let ending = Array(fileExtension.utf8)
    if packedExtensions.contains(ending.span, ending.indices) { return false }
    if packedTypes.contains(type.span, type.indices) { return false }
    return !packedFamilies.contains { type.starts(with: $0.utf8) }
  }
}

extension Array where Element == UInt8 {
  /// Zip has the low byte first (§4.4.1.1).
  fileprivate mutating func append(half: UInt16) {
    append(UInt8(truncatingIfNeeded: half))
    append(UInt8(truncatingIfNeeded: half >> 8))
  }

  fileprivate mutating func append(word: UInt32) {
    append(half: UInt16(truncatingIfNeeded: word))
    append(half: UInt16(truncatingIfNeeded: word >> 16))
  }
}
