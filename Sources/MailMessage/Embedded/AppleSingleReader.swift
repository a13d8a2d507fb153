// A file with its resources in one (RFC 1740 §3, application/applefile): Apple's mail program shows
// the file that is in it.
// Trusts nothing: every offset is checked, and of the table no more than its limit is read.

enum AppleSingleReader {
  private static let signature: [UInt8] = [0, 5, 0x16, 0]
  /// Signature, version, filler, and the number of entries.
  private static let headBytes = 26
  private static let entryBytes = 12
  /// RFC 1740 names sixteen kinds of entries.
  private static let entriesMax = 64
  private static let nameBytesMax = 1_024

  private enum Entry {
    static let data = 1
    static let name = 3
  }

  /// Whether these are the first bytes of such a file, four or more.
  static func hasSignature(_ bytes: Span<UInt8>) -> Bool {
    guard bytes.count >= signature.count else { return false }
    return signature.indices.allSatisfy { bytes[$0] == signature[$0] }
  }

  /// The file inside; nil where there is none.
  static func read(_ bytes: Span<UInt8>) -> EmbeddedFile? {
    guard hasSignature(bytes), bytes.count >= headBytes else { return nil }
    let count = Int(bytes[24]) << 8 | Int(bytes[25])
    var file = EmbeddedFile(range: 0..<bytes.count)
    var hasData = false
    for number in 0..<min(count, entriesMax) {
      let start = headBytes + number * entryBytes
      guard start + entryBytes <= bytes.count else { break }
      let offset = big32(bytes, start + 4)
      let range = min(offset, bytes.count)..<min(offset + big32(bytes, start + 8), bytes.count)
      switch big32(bytes, start) {
      case Entry.data where !hasData:
        hasData = true
        file.content.reserveCapacity(range.count)
        for index in range { file.content.append(bytes[index]) }
        file.isDamaged = range.count < big32(bytes, start + 8)
      case Entry.name: file.addName(TextLines.name(bytes, range.prefix(nameBytesMax)))
      default: continue
      }
    }
    return hasData ? file : nil
  }

  private static func big32(_ bytes: Span<UInt8>, _ index: Int) -> Int {
    Int(bytes[index]) << 24 | Int(bytes[index + 1]) << 16 | Int(bytes[index + 2]) << 8
      | Int(bytes[index + 3])
  }
}
