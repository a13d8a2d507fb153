// Characters in HTML: references resolved as browsers do it, and written so that nobody takes text
// for markup.
internal import MailMessage

enum Escape {
  private static let lessThan = Array("&lt;".utf8)
  private static let greaterThan = Array("&gt;".utf8)
  private static let ampersand = Array("&amp;".utf8)
  private static let quote = Array("&quot;".utf8)
  private static let apostrophe = Array("&#39;".utf8)

  @inline(__always)
  static func append(_ byte: UInt8, to output: inout [UInt8]) {
    switch byte {
    case 60: output += lessThan
    case 62: output += greaterThan
    case 38: output += ampersand
    case 34: output += quote
    case 39: output += apostrophe
    default: output.append(byte)
    }
  }

  /// A value between double quotes; controls go.
  static func append(value: [UInt8], to output: inout [UInt8]) {
    for byte in value {
      if byte == 39 {
        output.append(byte)
      } else if !isControl(byte) {
        append(byte, to: &output)
      }
    }
  }

  /// Not shown, and read differently by different programs. Tabs and line ends are blanks.
  @inline(__always)
  static func isControl(_ byte: UInt8) -> Bool {
    byte == 127 || (byte < 32 && byte != 9 && byte != 10 && byte != 13)
  }

  /// Text of a page, copied with what is not markup written so: references stay as they are.
  static func append(text page: Span<UInt8>, _ range: Range<Int>, to output: inout [UInt8]) {
    var index = range.lowerBound
    var start = index
    while index < range.upperBound {
      let byte = page[index]
      if byte > 62 && byte != 127 || (byte >= 32 && byte != 60 && byte != 62 && byte != 38)
        || byte == 10 || byte == 13 || byte == 9
      {
        index += 1
        continue
      }
      output.append(copying: page.extracting(start..<index))
      if byte == 38 {
        index = append(referenceAt: index, page, range.upperBound, to: &output)
      } else {
        if byte == 12 {
          output.append(32)
        } else if !isControl(byte) {
          append(byte, to: &output)
        }
        index += 1
      }
      start = index
    }
    output.append(copying: page.extracting(start..<index))
  }

  /// The longest name of a reference that is kept without knowing it ("&CounterClockwiseContour…").
  private static let nameBytesMax = 32

  /// Returns where it ends. One with a semicolon stays, so that what browsers know stays, too.
  private static func append(
    referenceAt start: Int, _ page: Span<UInt8>, _ end: Int, to output: inout [UInt8]
  ) -> Int {
    let isNumber = start + 1 < end && page[start + 1] == 35
    var index = start + (isNumber ? 2 : 1)
    let last = min(end, index + nameBytesMax)
    while index < last, isNameByte(page[index]) { index += 1 }
    let isClosed = index < end && page[index] == 59 && index > start + 1
    if !isNumber, isClosed {
      output.append(copying: page.extracting(start..<index + 1))
      return index + 1
    }
    guard let (scalar, next) = CharacterReference.read(page, at: start), next <= end,
      isNumber || isOld(page, start, next, scalar)
    else {
      output += ampersand
      return start + 1
    }
    for byte in String(scalar).utf8 where !isControl(byte) { append(byte, to: &output) }
    return next
  }

  /// The names that browsers know without a semicolon: those of Latin-1 and of HTML 2.
  private static func isOld(
    _ page: Span<UInt8>, _ start: Int, _ next: Int, _ scalar: Unicode.Scalar
  ) -> Bool {
    if (0xA0...0xFF).contains(scalar.value) { return true }
    switch scalar {
    case "<", ">": return next - start == 3
    case "&": return next - start == 4
    case "\"": return next - start == 5
    default: return false
    }
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    (byte | 0x20) &- 97 < 26 || byte &- 48 < 10
  }

  /// A value of an attribute as the browser has it. Without a semicolon a name is no reference
  /// where more follows (HTML Living Standard §13.2.5.73): `?a=1&copy=2` is an address.
  static func decode(value page: Span<UInt8>, _ range: Range<Int>, to output: inout [UInt8]) {
    var index = range.lowerBound
    var start = index
    while let hit = ByteScan.firstIndex(of: 38, in: page, from: index, to: range.upperBound) {
      index = hit + 1
      guard let (scalar, next) = CharacterReference.read(page, at: hit), next <= range.upperBound
      else { continue }
      let isNamed = page[hit + 1] != 35
      if isNamed, page[next - 1] != 59 {
        if next < range.upperBound, page[next] == 61 { continue }
        guard isOld(page, hit, next, scalar) else { continue }
      }
      output.append(copying: page.extracting(start..<hit))
      output += String(scalar).utf8
      index = next
      start = next
    }
    output.append(copying: page.extracting(start..<range.upperBound))
  }
}
