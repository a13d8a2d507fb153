// What an RTF document holds: objects, and a template from elsewhere. Word reads RTF that is bent
// in every way: objects in groups inside of groups, blanks and words between the digits, raw bytes.
// Trusts nothing: one pass, groups are counted and not kept.
internal import MailMessage
internal import RuleBytecode

struct RTFReader {
  private var index = 0
  private var depth = 0
  /// The digits of an object, from that depth on.
  private var objectDepth: Int?
  private var object: [UInt8] = []
  private var half: UInt8?
  /// Text of a destination that matters, from that depth on.
  private var textDepth: Int?
  private var isTemplate = false
  private var text: [UInt8] = []

  /// Bytes of a template's name or a field that are looked at.
  private static let textBytesMax = 1_024

  static func read(_ bytes: Span<UInt8>, _ work: inout DocumentWork) {
    guard work.budget.take(bytes: bytes.count) else { return }
    var reader = RTFReader()
    reader.readAll(bytes, &work)
  }

  private mutating func readAll(_ bytes: Span<UInt8>, _ work: inout DocumentWork) {
    while index < bytes.count {
      let byte = bytes[index]
      index += 1
      switch byte {
      case UInt8(ascii: "{"): depth += 1
      case UInt8(ascii: "}"): close(&work)
      case UInt8(ascii: "\\"): control(bytes, &work)
      default: character(byte)
      }
    }
    endObject(&work)
    endText(&work)
  }

  private mutating func close(_ work: inout DocumentWork) {
    depth -= 1
    if let objectDepth, depth < objectDepth { endObject(&work) }
    if let textDepth, depth < textDepth { endText(&work) }
  }

  private mutating func character(_ byte: UInt8) {
    if objectDepth != nil, let digit = StyleText.hex(byte) {
      if let high = half {
        object.append(high << 4 | UInt8(digit))
        half = nil
      } else {
        half = UInt8(digit)
      }
    }
    if textDepth != nil, text.count < Self.textBytesMax, byte != 10, byte != 13 {
      text.append(byte)
    }
  }

  // MARK: Control words

  private mutating func control(_ bytes: Span<UInt8>, _ work: inout DocumentWork) {
    guard index < bytes.count else { return }
    guard (bytes[index] | 0x20) &- 97 < 26 else { return symbol(bytes) }
    var word = MarkupName()
    while index < bytes.count, (bytes[index] | 0x20) &- 97 < 26 {
      word.append(exactly: bytes[index])
      index += 1
    }
    let isNegative = index < bytes.count && bytes[index] == 45
    let number = number(bytes)
    if index < bytes.count, bytes[index] == 32 { index += 1 }
    switch Self.words[word] {
    case .object: work.findings.traits.insert(.embeddedObject)
    case .data:
      work.findings.traits.insert(.embeddedObject)
      endObject(&work)
      objectDepth = depth
    case .template, .field:
      endText(&work)
      textDepth = depth
      isTemplate = Self.words[word] == .template
    case .binary: binary(bytes, number)
    case .character: wide(bytes, isNegative ? -number : number)
    case nil: break
    }
  }

  private enum Word { case object, data, template, field, binary, character }

  private static let words: [MarkupName: Word] = {
    let names: [(String, Word)] = [
      ("object", .object), ("objemb", .object), ("objlink", .object), ("objautlink", .object),
      ("objupdate", .object), ("objocx", .object), ("objhtml", .object), ("objdata", .data),
      ("template", .template), ("fldinst", .field), ("bin", .binary),
      ("u", .character),
    ]
    return Dictionary(uniqueKeysWithValues: names.map { (MarkupName(exactly: $0.0), $0.1) })
  }()

  /// The digits behind a word, and a minus.
  private mutating func number(_ bytes: Span<UInt8>) -> Int {
    var number = 0
    if index + 1 < bytes.count, bytes[index] == 45, bytes[index + 1] &- 48 < 10 { index += 1 }
    while index < bytes.count, bytes[index] &- 48 < 10 {
      number = min(number * 10 + Int(bytes[index] - 48), 1 << 40)
      index += 1
    }
    return number
  }

  /// `\'hh` is a character; what else is no letter is one of itself.
  private mutating func symbol(_ bytes: Span<UInt8>) {
    let byte = bytes[index]
    index += 1
    if byte == UInt8(ascii: "'"), bytes.count - index >= 2,
      let high = StyleText.hex(bytes[index]), let low = StyleText.hex(bytes[index + 1])
    {
      index += 2
      if textDepth != nil, text.count < Self.textBytesMax { text.append(UInt8(high << 4 | low)) }
    } else if textDepth != nil, byte == UInt8(ascii: "\\"), text.count < Self.textBytesMax {
      text.append(byte)
    }
  }

  /// `\u104?` is a character, by a number of 16 bits with a sign, and what older readers show for
  /// it, which is one character unless \uc says otherwise.
  private mutating func wide(_ bytes: Span<UInt8>, _ number: Int) {
    guard textDepth != nil, text.count < Self.textBytesMax else { return }
    let scalar = Unicode.Scalar(UInt32(truncatingIfNeeded: number) & 0xFFFF) ?? "\u{FFFD}"
    text += Array(String(Character(scalar)).utf8)
    guard index < bytes.count else { return }
    if bytes[index] == UInt8(ascii: "?") {
      index += 1
    } else if bytes[index] == UInt8(ascii: "\\"), index + 1 < bytes.count,
      bytes[index + 1] == UInt8(ascii: "'")
    {
      index = min(index + 4, bytes.count)
    }
  }

  private mutating func binary(_ bytes: Span<UInt8>, _ count: Int) {
    let end = min(index + count, bytes.count)
    if objectDepth != nil { object.append(copying: bytes.extracting(index..<end)) }
    // Markup inside of raw bytes that no object asked for is read: who knows who reads the number.
    if objectDepth != nil { index = end }
  }

  // MARK: Ends

  private mutating func endObject(_ work: inout DocumentWork) {
    defer {
      objectDepth = nil
      object = []
      half = nil
    }
    guard objectDepth != nil, work.budget.take(bytes: object.count) else { return }
    work.addWrapped(object)
  }

  private mutating func endText(_ work: inout DocumentWork) {
    defer {
      textDepth = nil
      text = []
    }
    guard textDepth != nil else { return }
    if isTemplate, RemoteAddress.isRemote(text.span) {
      work.findings.traits.insert(.externalTemplate)
    }
    let word = text.drop { $0 <= 32 || $0 == 34 }
    if !isTemplate, ByteSearch.holds(Self.dde, text.span, at: word.startIndex) {
      work.findings.traits.insert(.dde)
    }
  }

  private static let dde = Array("dde".utf8)
}
