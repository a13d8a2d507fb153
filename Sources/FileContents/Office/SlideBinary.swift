// Presentations of PowerPoint 97 to 2003 (MS-PPT): macros and files inside of them.
// Trusts nothing: one pass over the records; containers are entered by reading on.
internal import MailMessage
internal import RuleBytecode

enum SlideBinary {
  /// Of the stream `Current User`, where the presentation is encrypted (§2.3.2).
  static let encryptedToken = 0xF3D1_C4DF

  private static let macros = 0x0400
  private static let embedded = 0x0FCC
  private static let storage = 0x1011
  private static let encryption = 0x2F14

  static func read(_ bytes: Span<UInt8>, _ work: inout DocumentWork) {
    var index = 0
    while let version = ByteReader.little16(bytes, at: index),
      let type = ByteReader.little16(bytes, at: index + 2),
      let length = ByteReader.little32(bytes, at: index + 4)
    {
      index += 8
      let range = index..<min(index + length, bytes.count)
      switch type {
      case macros:
        if (ByteReader.little32(bytes, at: index + 4) ?? 0) != 0 {
          work.findings.traits.insert(.macro)
        }
      case embedded: work.findings.traits.insert(.embeddedObject)
      case encryption: work.findings.encryption.insert(.office)
      case storage: file(bytes.extracting(range), isPacked: version >> 4 == 1, &work)
      default: break
      }
      if version & 0xF != 0xF { index = range.upperBound }
    }
  }

  /// §2.10.35: a compound file, packed behind its size.
  private static func file(_ data: Span<UInt8>, isPacked: Bool, _ work: inout DocumentWork) {
    guard work.budget.takeItem() else { return }
    guard isPacked else { return work.add(data.copied) }
    let packed = data.extracting(droppingFirst: 4)
    let unpacked = Inflate.inflate(packed, as: .zlib, limitBytes: work.budget.room)
    if unpacked.end == .outputLimit { work.budget.hit(.archiveBytes) }
    guard work.budget.take(bytes: unpacked.bytes.count) else { return }
    work.add(unpacked.bytes)
  }
}
