// Files in the pages of OneNote (MS-ONESTORE §2.6.13): each is behind a mark of its own.
// Trusts nothing: one search for the mark, lengths are cut to the file.
internal import FileTypes
internal import MailMessage
internal import RuleBytecode

enum NotesReader {
  private static let mark: [UInt8] = [
    0xE7, 0x16, 0xE3, 0xBD, 0x65, 0x26, 0x11, 0x45, 0xA4, 0xC4, 0x8D, 0x4D, 0x0B, 0x7A, 0x9E, 0xAC,
  ]
  private static let headBytes = 36

  static func read(_ bytes: Span<UInt8>, _ work: inout DocumentWork) {
    guard work.budget.take(bytes: bytes.count) else { return }
    var index = 0
    while index + headBytes <= bytes.count {
      guard bytes[index] == mark[0], isMark(bytes, index) else {
        index += 1
        continue
      }
      let start = index + headBytes
      let length = ByteReader.little64(bytes, at: index + 16) ?? 0
      let end = length < UInt64(bytes.count - start) ? start + Int(length) : bytes.count
      index = start
      file(bytes.extracting(start..<end), &work)
    }
  }

  private static func isMark(_ bytes: Span<UInt8>, _ start: Int) -> Bool {
    for offset in mark.indices where bytes[start + offset] != mark[offset] { return false }
    return true
  }

  /// Pictures on a page are files of the same kind.
  private static func file(_ bytes: Span<UInt8>, _ work: inout DocumentWork) {
    guard !bytes.isEmpty, SureSignature(of: bytes)?.kind != .image else { return }
    work.findings.traits.insert(.embeddedObject)
    guard work.budget.takeItem(), work.budget.take(bytes: bytes.count) else { return }
    work.add(bytes.copied)
  }
}
