// IP addresses as 16 bytes: IPv6 as it is, IPv4 mapped into ::ffff:0:0/96 (RFC 4291 §2.5.5.2).

package struct IPAddress: Equatable, Hashable, Sendable {
  /// 16 bytes, most significant first.
  package let bytes: [UInt8]

  package init(bytes: [UInt8]) { self.bytes = bytes }

  private static let mappedPrefix = [UInt8](repeating: 0, count: 10) + [0xff, 0xff]

  package var isIPv4: Bool { bytes.starts(with: Self.mappedPrefix) }

  /// 127.0.0.0/8 or ::1 (RFC 1122 §3.2.1.3, RFC 4291 §2.5.3).
  package var isLoopback: Bool {
    isIPv4 ? bytes[12] == 127 : bytes.last == 1 && bytes.dropLast().allSatisfy { $0 == 0 }
  }

  /// Reads an address as text: dotted quad, or RFC 4291 §2.2 with an optional `IPv6:` before it
  /// (RFC 5321 §4.1.3) and a zone after it, which is ignored.
  package init?(_ text: String) {
    var rest = Substring(text)
    if rest.lowercased().hasPrefix("ipv6:") { rest = rest.dropFirst(5) }
    if let zone = rest.firstIndex(of: "%") { rest = rest[..<zone] }
    if !rest.contains(":") {
      guard let quad = Self.quad(rest) else { return nil }
      bytes = Self.mappedPrefix + quad
    } else {
      guard let words = Self.words(rest) else { return nil }
      bytes = words.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xff)] }
    }
  }

  private static func quad(_ text: Substring) -> [UInt8]? {
    let fields = text.split(separator: ".", omittingEmptySubsequences: false)
    guard fields.count == 4 else { return nil }
    var result: [UInt8] = []
    for field in fields {
      guard field.utf8.count <= 3, field.utf8.allSatisfy({ $0 >= 48 && $0 <= 57 }),
        let value = UInt8(field), field.utf8.count == 1 || field.first != "0"
      else { return nil }
      result.append(value)
    }
    return result
  }

  private static func words(_ text: Substring) -> [UInt16]? {
    let halves = text.split(separator: "::", maxSplits: 2, omittingEmptySubsequences: false)
    guard halves.count <= 2 else { return nil }
    guard let front = group(halves[0]) else { return nil }
    guard halves.count == 2 else { return front.count == 8 ? front : nil }
    // A dotted quad is the end of the address.
    guard !halves[0].contains(".") else { return nil }
    guard let back = group(halves[1]), front.count + back.count < 8 else { return nil }
    return front + Array(repeating: 0, count: 8 - front.count - back.count) + back
  }

  /// One side of `::`: hexadecimal groups, the last of which may be a dotted quad.
  private static func group(_ text: Substring) -> [UInt16]? {
    if text.isEmpty { return [] }
    let fields = text.split(separator: ":", omittingEmptySubsequences: false)
    guard fields.count <= 8 else { return nil }
    var result: [UInt16] = []
    for (index, field) in fields.enumerated() {
      if index == fields.count - 1, field.contains(".") {
        guard let bytes = quad(field) else { return nil }
        result += [
          UInt16(bytes[0]) << 8 | UInt16(bytes[1]), UInt16(bytes[2]) << 8 | UInt16(bytes[3]),
        ]
      } else {
        guard (1...4).contains(field.utf8.count), field.utf8.allSatisfy(isHexDigit),
          let value = UInt16(field, radix: 16)
        else { return nil }
        result.append(value)
      }
    }
    return result
  }

  private static func isHexDigit(_ byte: UInt8) -> Bool {
    byte >= 48 && byte <= 57 || byte | 0x20 >= 97 && byte | 0x20 <= 102
  }
}

// MARK: Text

extension IPAddress {
  /// A dotted quad, or the text of RFC 5952 §4.
  package var readable: String {
    if isIPv4 { return bytes[12...].map { String($0) }.joined(separator: ".") }
    let words = (0..<8).map { UInt16(bytes[2 * $0]) << 8 | UInt16(bytes[2 * $0 + 1]) }
    let texts = words.map { String($0, radix: 16) }
    guard let gap = Self.longestGap(words) else { return texts.joined(separator: ":") }
    return texts[..<gap.lowerBound].joined(separator: ":") + "::"
      + texts[gap.upperBound...].joined(separator: ":")
  }

  /// The first of the longest runs of two zeros or more.
  private static func longestGap(_ words: [UInt16]) -> Range<Int>? {
    var best = 0..<0
    var start = 0
    for index in 0...words.count where index == words.count || words[index] != 0 {
      if index - start > best.count { best = start..<index }
      start = index + 1
    }
    return best.count > 1 ? best : nil
  }
}
