// What stands in attributes and in text: character references resolved, addresses told by their
// scheme as browsers do it.
internal import MailMessage

enum MarkupText {
  /// Whether `text`, in lower case, stands at `start`, letters of either case being equal.
  static func holds(_ text: String, _ page: Span<UInt8>, at start: Int) -> Bool {
    let count = text.utf8.count
    guard start >= 0, page.count - start >= count else { return false }
    var offset = start
    for byte in text.utf8 {
      if ASCII.lower(page[offset]) != byte { return false }
      offset += 1
    }
    return true
  }

  /// The scheme of an address, as far as we tell them apart.
  enum Scheme { case script, data, blob, other }

  /// The longest of them, with its colon.
  private static let schemeBytesMax = 12

  /// Blanks and controls before it do not count, tabs and line ends nowhere (WHATWG URL §4.4); nor
  /// does NUL, for old programs, and a backtick is a quote for some.
  static func scheme(_ page: Span<UInt8>, _ range: Range<Int>) -> Scheme {
    var scheme = MarkupName()
    var index = range.lowerBound
    while index < range.upperBound {
      var value = UInt32(page[index])
      var next = index + 1
      if value == 38, let (scalar, end) = CharacterReference.read(page, at: index) {
        value = scalar.value
        next = end
      }
      index = next
      if value == 9 || value == 10 || value == 13 || value == 0 { continue }
      if scheme.count == 0, value <= 32 || value == 96 { continue }
      if value == 58 { return schemes[scheme] ?? .other }
      guard value < 128, scheme.count < schemeBytesMax else { return .other }
      scheme.append(UInt8(value))
    }
    return .other
  }

  private static let schemes: [MarkupName: Scheme] = {
    var table: [MarkupName: Scheme] = [:]
    for name in ["javascript", "vbscript", "jscript", "livescript", "mocha"] {
      table[MarkupName(name)] = .script
    }
    table[MarkupName("data")] = .data
    table[MarkupName("blob")] = .blob
    return table
  }()

  /// Appends the value with its character references resolved.
  static func decode(_ page: Span<UInt8>, _ range: Range<Int>, to output: inout [UInt8]) {
    var index = range.lowerBound
    while index < range.upperBound {
      if page[index] == 38, let (scalar, next) = CharacterReference.read(page, at: index) {
        output.append(contentsOf: String(scalar).utf8)
        index = next
      } else {
        output.append(page[index])
        index += 1
      }
    }
  }

  /// Whether there is anything to read: blanks, fillers and joiners are nothing.
  static func hasText(_ page: Span<UInt8>, _ range: Range<Int>) -> Bool {
    var index = range.lowerBound
    while index < range.upperBound {
      let byte = page[index]
      if byte <= 32 || byte == 127 {
        index += 1
      } else if byte == 38, let (scalar, next) = CharacterReference.read(page, at: index) {
        if !isBlank(scalar.value) { return true }
        index = next
      } else if byte == 38 {
        guard let next = filler(page, index, range.upperBound) else { return true }
        index = next
      } else {
        guard byte >= 0xC0, let (value, next) = scalar(page, index, range.upperBound),
          isBlank(value)
        else { return true }
        index = next
      }
    }
    return false
  }

  private static let fillers: Set<MarkupName> = Set(
    ["zwnj", "zwj", "shy", "nbsp", "numsp", "hairsp", "emsp13", "puncsp", "zerowidthspace"].map {
      MarkupName($0)
    })

  /// The end of a reference to a filler whose name is rare.
  private static func filler(_ page: Span<UInt8>, _ start: Int, _ end: Int) -> Int? {
    var name = MarkupName()
    var index = start + 1
    while index < end, page[index] != 59, !name.isLong {
      name.append(page[index])
      index += 1
    }
    return fillers.contains(name) ? min(index + 1, end) : nil
  }

  private static func isBlank(_ value: UInt32) -> Bool {
    switch value {
    case 0...32, 0x7F...0xA0, 0xAD, 0x34F, 0x61C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180E,
      0x2000...0x200F, 0x2028...0x202F, 0x205F...0x206F, 0x3000, 0x3164, 0xFE00...0xFE0F, 0xFEFF,
      0xFFA0:
      true
    default: false
    }
  }

  /// A character of two or three bytes; others are never blank.
  private static func scalar(
    _ page: Span<UInt8>, _ start: Int, _ end: Int
  ) -> (value: UInt32, next: Int)? {
    let lead = page[start]
    let count = lead < 0xE0 ? 2 : 3
    guard lead < 0xF0, end - start >= count else { return nil }
    var value = UInt32(lead & (count == 2 ? 0x1F : 0x0F))
    for offset in 1..<count { value = value << 6 | UInt32(page[start + offset] & 0x3F) }
    return (value, start + count)
  }
}
