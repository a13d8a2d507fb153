// Text on its way into a header. Values hold mail-controlled text: after `clean` no byte of them
// can end the field or begin another (header injection).

enum HeaderText {
  /// Longest field name that is written; with the longest word it stays within a line of 998.
  static let nameBytesMax = 256

  /// A field name is printable ASCII without the colon (RFC 5322 §2.2).
  static func isValidName(_ name: String) -> Bool {
    !name.isEmpty && name.utf8.count <= nameBytesMax
      && name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x3A }
  }

  /// ASCII case-insensitive, as field names compare (RFC 5322 §1.2.2).
  static func isSameName(_ left: String, _ right: String) -> Bool {
    left.utf8.count == right.utf8.count
      && zip(left.utf8, right.utf8).allSatisfy { lower($0) == lower($1) }
  }

  /// The fields that describe the body (RFC 2045 §3, §9).
  static func isContentField(_ name: String) -> Bool {
    let prefix = "content-"
    return name.utf8.count > prefix.utf8.count
      && zip(name.utf8, prefix.utf8).allSatisfy { lower($0) == $1 }
  }

  static func lower(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }

  /// A field's line that can be copied: short lines, no controls, line ends that are CRLF.
  static func isCleanLine(_ line: ArraySlice<UInt8>) -> Bool {
    var length = 0
    var previous: UInt8 = 0
    for byte in line {
      length = byte == 0x0A ? 0 : length + 1
      if byte == 0x0A, previous != 0x0D { return false }
      if previous == 0x0D, byte != 0x0A { return false }
      if byte < 0x20, byte != 0x09, byte != 0x0A, byte != 0x0D { return false }
      if byte == 0x7F || length > TextBody.lineBytesMax + 1 { return false }
      previous = byte
    }
    return previous == 0x0A
  }

  static func hasBareReturn(_ line: ArraySlice<UInt8>) -> Bool {
    line.indices.contains { index in
      line[index] == 0x0D && (index + 1 == line.endIndex || line[index + 1] != 0x0A)
    }
  }

  /// One line of valid UTF-8 without controls: line ends and tabs become one blank, the other
  /// controls (C0, DEL, C1) go; blanks at both ends go; cut at a character to `bytesMax`.
  static func clean(_ value: [UInt8], bytesMax: Int) -> [UInt8] {
    var line: [UInt8] = []
    line.reserveCapacity(min(value.count, bytesMax))
    var isBlankDue = false
    for scalar in String(decoding: value, as: UTF8.self).unicodeScalars {
      switch scalar.value {
      case 0x09, 0x0A, 0x0D, 0x2028, 0x2029:
        isBlankDue = true
        continue
      case 0..<0x20, 0x7F..<0xA0: continue
      default: break
      }
      let bytes = UTF8.encode(scalar).map { Array($0) } ?? []
      let needed = bytes.count + (isBlankDue ? 1 : 0)
      if line.count + needed > bytesMax { break }
      if isBlankDue, scalar != " ", line.last != 0x20 { line.append(0x20) }
      isBlankDue = false
      line.append(contentsOf: bytes)
    }
    return trimmed(line)
  }

  private static func trimmed(_ line: [UInt8]) -> [UInt8] {
    guard let first = line.firstIndex(where: { $0 != 0x20 }),
      let last = line.lastIndex(where: { $0 != 0x20 })
    else { return [] }
    return first == 0 && last == line.count - 1 ? line : Array(line[first...last])
  }
}
