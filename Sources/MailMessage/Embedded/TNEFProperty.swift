// MAPI properties inside of TNEF (MS-OXTNEF §2.1.3.4), and what an attachment is made of.
// Trusts nothing: counts and lengths are checked against the bytes that are there.

/// Numbers as TNEF writes them.
enum LittleEndian {
  static func word(_ bytes: Span<UInt8>, at offset: Int) -> UInt32? {
    guard offset >= 0, offset + 4 <= bytes.count else { return nil }
    return (0..<4).reduce(0) { $0 | UInt32(bytes[offset + $1]) << UInt32(8 * $1) }
  }

  static func half(_ bytes: Span<UInt8>, at offset: Int) -> UInt16? {
    guard offset >= 0, offset + 2 <= bytes.count else { return nil }
    return UInt16(bytes[offset]) | UInt16(bytes[offset + 1]) << 8
  }
}

/// A property with a value of variable length; the others say nothing about content.
struct TNEFProperty {
  static let object: UInt16 = 0x000D
  static let string: UInt16 = 0x001E
  static let unicode: UInt16 = 0x001F
  static let binary: UInt16 = 0x0102
  /// Set in the type of a property with several values.
  private static let manyFlag: UInt16 = 0x1000

  let identifier: UInt16
  let type: UInt16
  let value: Range<Int>

  /// An object begins with the identifier of its interface, 16 bytes (MS-OXTNEF §2.1.3.4).
  var objectContent: Range<Int> {
    guard type == Self.object, value.count >= 16 else { return value }
    return value.lowerBound + 16..<value.upperBound
  }

  /// The properties of variable length in `data`; those before a fault are kept.
  static func list(
    _ bytes: Span<UInt8>, _ data: Range<Int>
  ) -> (properties: [TNEFProperty], isDamaged: Bool) {
    var reader = TNEFPropertyReader(position: data.lowerBound, end: data.upperBound)
    let isWhole = reader.readAll(bytes)
    return (reader.properties, !isWhole)
  }

  /// How long a value is, 4 bytes at least; nil for those that say it themselves.
  static func fixedBytes(_ type: UInt16) -> Int? {
    switch type & ~manyFlag {
    case 0x0001: 0
    case 0x0002, 0x0003, 0x0004, 0x000A, 0x000B: 4
    case 0x0005, 0x0006, 0x0007, 0x0014, 0x0040: 8
    case 0x0048: 16
    default: nil
    }
  }

  static func isVariable(_ type: UInt16) -> Bool {
    [object, string, unicode, binary].contains(type & ~manyFlag)
  }

  static func isMany(_ type: UInt16) -> Bool { type & manyFlag != 0 }
}

/// Goes over the properties of one attribute.
private struct TNEFPropertyReader {
  /// Kept of one attribute; Outlook writes a few dozen.
  private static let propertiesMax = 4_096

  var position: Int
  let end: Int
  var properties: [TNEFProperty] = []

  /// Returns false where the list breaks off or has a type that nobody defined.
  mutating func readAll(_ bytes: Span<UInt8>) -> Bool {
    guard let count = word(bytes) else { return false }
    var left = Int(count)
    while left > 0 {
      guard properties.count < Self.propertiesMax, readOne(bytes) else { return false }
      left -= 1
    }
    return true
  }

  private mutating func readOne(_ bytes: Span<UInt8>) -> Bool {
    guard let tag = word(bytes) else { return false }
    let type = UInt16(truncatingIfNeeded: tag)
    let identifier = UInt16(tag >> 16)
    guard identifier < 0x8000 || skipName(bytes) else { return false }
    let isVariable = TNEFProperty.isVariable(type)
    var values = 1
    if isVariable || TNEFProperty.isMany(type) {
      guard let count = word(bytes) else { return false }
      values = Int(count)
    }
    if isVariable {
      for _ in 0..<min(values, end) {
        guard let value = counted(bytes) else { return false }
        guard properties.count < Self.propertiesMax else { return false }
        properties.append(TNEFProperty(identifier: identifier, type: type & 0xFFF, value: value))
      }
      return true
    }
    guard let size = TNEFProperty.fixedBytes(type) else { return false }
    // A value of two bytes stands alone in four, in a list it does not.
    let unit = TNEFProperty.isMany(type) && type & 0xFFF == 0x0002 ? 2 : size
    guard values <= end else { return false }
    return skip((values * unit + 3) & ~3)
  }

  /// A property of the program's own has a name: a set, and a number or a string.
  private mutating func skipName(_ bytes: Span<UInt8>) -> Bool {
    guard skip(16), let kind = word(bytes) else { return false }
    if kind == 0 { return skip(4) }
    return counted(bytes) != nil
  }

  /// A length, that many bytes, and what fills them up to a multiple of four.
  private mutating func counted(_ bytes: Span<UInt8>) -> Range<Int>? {
    guard let length = word(bytes).map(Int.init), length <= end - position else { return nil }
    let value = position..<position + length
    position = min(end, position + (length + 3) & ~3)
    return value
  }

  private mutating func word(_ bytes: Span<UInt8>) -> UInt32? {
    guard position + 4 <= end else { return nil }
    defer { position += 4 }
    return LittleEndian.word(bytes, at: position)
  }

  private mutating func skip(_ count: Int) -> Bool {
    guard count <= end - position else { return false }
    position += count
    return true
  }
}

/// An attachment whose attributes are still coming.
struct TNEFAttachment {
  /// More names than these only cost time.
  private static let namesMax = 16

  let start: Int
  var end: Int
  var longNames: [String] = []
  /// Those of the attributes, and of the 8.3 kind.
  var shortNames: [String] = []
  var displayNames: [String] = []
  var type = ""
  var contents: [Range<Int>] = []
  var isDamaged = false

  init(start: Int) {
    self.start = start
    end = start
  }

  mutating func add(_ name: String, to list: WritableKeyPath<TNEFAttachment, [String]>) {
    guard !name.isEmpty, self[keyPath: list].count < Self.namesMax else { return }
    self[keyPath: list].append(name)
  }

  /// The long name first. `REPORT~1.DOC` is the same name as `report.docx`, cut by the system, and
  /// a display name counts where there is no other: it can be any text.
  var names: [String] {
    var names: [String] = []
    for name in longNames + shortNames where !names.contains(name) && !isShortened(name) {
      names.append(name)
    }
    return names.isEmpty ? Array(displayNames.prefix(1)) : names
  }

  private func isShortened(_ name: String) -> Bool {
    guard name.utf8.count <= 12, name.utf8.contains(126) else { return false }
    let short = FileName.extension(of: name)
    return longNames.contains { long in
      let whole = FileName.extension(of: long)
      return whole == short || (short.utf8.count == 3 && whole.hasPrefix(short))
    }
  }

  /// The MIME type that the attachment declares.
  var contentType: ContentType? {
    let bytes = Array(type.utf8)
    return ContentTypeReader.read(bytes.span, bytes.indices)
  }
}
