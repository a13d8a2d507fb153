// Lines of uuencode (POSIX uuencode(1)) and of xxencode, its sibling with letters that survive
// translation to EBCDIC. A line is a length sign and groups of four characters for three bytes.
// Trusts nothing: a line decodes to no more than its length sign says.

/// One of the two alphabets of six-bit lines.
struct SixBitAlphabet {
  /// Six bits, or 255.
  private let values: [UInt8]

  /// Blank to underscore; the grave accent stands for zero too.
  static let uuencode = SixBitAlphabet { byte in byte &- 32 <= 64 ? (byte &- 32) & 63 : nil }

  static let xxencode = SixBitAlphabet { byte in
    switch byte {
    case 43: 0
    case ASCII.dash: 1
    case 48...57: byte - 48 + 2
    case 65...90: byte - 65 + 12
    case 97...122: byte - 97 + 38
    default: nil
    }
  }

  private init(_ value: (UInt8) -> UInt8?) {
    values = (UInt8.min...UInt8.max).map { value($0) ?? 255 }
  }

  func value(_ byte: UInt8) -> UInt8? {
    let value = values[Int(byte)]
    return value < 64 ? value : nil
  }

  /// How a line looks as data.
  enum Fit {
    /// As long as its length sign says, give or take what encoders add or leave out.
    case data
    /// The length sign for nothing: the last line before `end`.
    case zero
    /// All characters belong, but there are fewer than the length sign asks for.
    case short
    case none
  }

  func fit(_ text: Span<UInt8>, _ line: Range<Int>) -> Fit {
    guard let first = line.first else { return .zero }
    guard let length = value(text[first]).map(Int.init) else { return .none }
    var end = line.upperBound
    let needed = (length + 2) / 3 * 4
    // Blanks that the way added, and a checksum that some encoders write (RFC-less, two at most).
    while end - first - 1 > needed, ASCII.isBlank(text[end - 1]) { end -= 1 }
    guard end - first - 1 <= needed + 2 else { return .none }
    for index in first + 1..<max(end, first + 1) where value(text[index]) == nil { return .none }
    if length == 0 { return .zero }
    return end - first - 1 >= (length * 8 + 5) / 6 ? .data : .short
  }

  /// Appends what a line decodes to. Characters that are missing at its end were blanks that the
  /// way lost: zero. Returns whether nothing was missing or foreign.
  func append(_ text: Span<UInt8>, _ line: Range<Int>, to output: inout [UInt8]) -> Bool {
    guard let first = line.first, let length = value(text[first]) else { return line.isEmpty }
    var left = Int(length)
    var index = first + 1
    var isClean = true
    while left > 0, index < line.upperBound {
      var bits: UInt32 = 0
      for at in index..<index + 4 {
        let six = at < line.upperBound ? value(text[at]) : 0
        if six == nil { isClean = false }
        bits = bits << 6 | UInt32(six ?? 0)
      }
      for _ in 0..<min(left, 3) {
        output.append(UInt8(truncatingIfNeeded: bits >> 16))
        bits <<= 8
        left -= 1
      }
      index += 4
    }
    return isClean && left == 0
  }
}
