// The headers of RAR 5: which members there are and which of them are encrypted. libarchive knows
// the members but not that (its issue 1374), and reads encrypted ones as if they were damaged.
// After the format's description at rarlab.com ("RAR 5.0 archive format").

package struct RarHeaders {
  package struct Member: Equatable, Sendable {
    package let name: [UInt8]
    package let isEncrypted: Bool
  }

  package private(set) var members: [Member] = []
  /// All that follows is encrypted, names as well.
  package private(set) var hidesNames = false

  private static let mark: [UInt8] = Array("Rar!\u{1A}\u{7}\u{1}\0".utf8)

  /// Nil for what is no RAR 5.
  ///
  /// - Parameter membersMax: Where the list ends; a longer one is cut.
  package init?(_ bytes: Span<UInt8>, membersMax: Int) {
    guard bytes.count >= Self.mark.count else { return nil }
    for index in Self.mark.indices where bytes[index] != Self.mark[index] { return nil }
    var at = Self.mark.count
    while members.count < membersMax, let next = readHeader(bytes, at: at), next > at {
      at = next
      if hidesNames { return }
    }
  }

  private enum Kind {
    static let file: UInt64 = 2
    static let encryption: UInt64 = 4
    static let end: UInt64 = 5
  }

  /// Reads one header; where the next one begins.
  private mutating func readHeader(_ bytes: Span<UInt8>, at start: Int) -> Int? {
    // The checksum's four bytes come first, then the size of what follows the size.
    var at = start + 4
    guard let size = number(bytes, &at), size > 0, size <= 1 << 21 else { return nil }
    let end = at + Int(size)
    guard end <= bytes.count, let kind = number(bytes, &at), let flags = number(bytes, &at) else {
      return nil
    }
    let extraBytes = flags & 1 != 0 ? number(bytes, &at) ?? 0 : 0
    let dataBytes = flags & 2 != 0 ? number(bytes, &at) ?? 0 : 0
    switch kind {
    case Kind.encryption: hidesNames = true
    case Kind.end: return nil
    case Kind.file:
      let extraStart = extraBytes <= size ? end - Int(extraBytes) : end
      readFile(bytes, at, extraStart..<end)
    default: break
    }
    guard dataBytes <= UInt64(bytes.count - end) else { return nil }
    return end + Int(dataBytes)
  }

  private mutating func readFile(_ bytes: Span<UInt8>, _ start: Int, _ extra: Range<Int>) {
    var at = start
    guard let flags = number(bytes, &at), number(bytes, &at) != nil, number(bytes, &at) != nil
    else { return }
    if flags & 2 != 0 { at += 4 }
    if flags & 4 != 0 { at += 4 }
    guard number(bytes, &at) != nil, number(bytes, &at) != nil, let length = number(bytes, &at),
      length <= 4_096, at + Int(length) <= bytes.count
    else { return }
    var name: [UInt8] = []
    for index in at..<at + Int(length) { name.append(bytes[index]) }
    members.append(Member(name: name, isEncrypted: hasEncryption(bytes, extra)))
  }

  /// Records of a header: size, type, content. Type 1 is encryption.
  private func hasEncryption(_ bytes: Span<UInt8>, _ extra: Range<Int>) -> Bool {
    var at = extra.lowerBound
    while at < extra.upperBound {
      guard let size = number(bytes, &at), size > 0, size <= UInt64(extra.upperBound - at) else {
        return false
      }
      let next = at + Int(size)
      if number(bytes, &at) == 1 { return true }
      at = next
    }
    return false
  }

  /// Seven bits a byte, the lowest first, at most ten bytes.
  private func number(_ bytes: Span<UInt8>, _ at: inout Int) -> UInt64? {
    var value: UInt64 = 0
    for shift in stride(from: 0 as UInt64, to: 70, by: 7) {
      guard let byte = ByteReader.byte(bytes, at: at) else { return nil }
      at += 1
      value |= shift < 64 ? UInt64(byte & 0x7F) << shift : 0
      if byte < 0x80 { return value }
    }
    return nil
  }
}
