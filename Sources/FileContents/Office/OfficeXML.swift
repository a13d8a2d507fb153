// The XML of office documents: relations that lead out of the document, types and names that mean
// macros, fields that ask other programs. The parts of a package, and documents that are one XML
// file as a whole (Flat OPC, Word 2003).
// Trusts nothing: one pass by the tokenizer of markup; no entities are expanded but characters.
internal import MailMessage
internal import RuleBytecode

struct OfficeXML {
  /// Of the element that is being read, as far as they are needed.
  private struct Relation {
    var type: [UInt8] = []
    var target: [UInt8] = []
  }

  private var relation = Relation()
  private var isRelation = false
  /// Text of a field's instructions so far; runs can cut it anywhere.
  private var instruction: [UInt8] = []
  private var isInstruction = false
  private var isBinary = false
  private var event: [UInt8] = []

  /// Bytes of a field that tell what it does.
  private static let instructionBytesMax = 64

  static func read(_ bytes: Span<UInt8>, _ work: inout DocumentWork) {
    guard ByteScan.firstIndex(of: 0, in: bytes, from: 0, to: bytes.count) == nil else {
      // Characters of two bytes: what matters is ASCII.
      guard work.budget.take(bytes: bytes.count) else { return }
      var plain: [UInt8] = []
      for index in bytes.indices where bytes[index] != 0 { plain.append(bytes[index]) }
      var reader = OfficeXML()
      return reader.readAll(plain.span, &work)
    }
    var reader = OfficeXML()
    reader.readAll(bytes, &work)
  }

  private mutating func readAll(_ bytes: Span<UInt8>, _ work: inout DocumentWork) {
    var tokens = MarkupTokenizer(MarkupDialect(isXML: true))
    while true {
      switch tokens.next(bytes) {
      case .end: return
      case .tag: begin(tokens.name, &work)
      case .attribute:
        attribute(tokens.name, tokens.attribute, bytes, tokens.value, &work)
      case .tagEnd: finish(&work)
      case .endTag:
        isBinary = false
        isInstruction = false
      case .text(let range), .rawText(let range): text(bytes, range, &work)
      case .comment, .declaration, .instruction: break
      }
    }
  }

  // MARK: Elements

  private enum Element {
    case relation, field, instruction, binary, dde, encryption, binaryMacros, listener
  }

  private static let elements: [MarkupName: Element] = [
    MarkupName("relationship"): .relation, MarkupName("fldchar"): .field,
    MarkupName("instrtext"): .instruction, MarkupName("binarydata"): .binary,
    MarkupName("bindata"): .binaryMacros, MarkupName("ddelink"): .dde,
    MarkupName("dde-source"): .dde, MarkupName("encryption-data"): .encryption,
    MarkupName("event-listener"): .listener,
  ]

  private mutating func begin(_ name: MarkupName, _ work: inout DocumentWork) {
    isRelation = false
    isInstruction = false
    isBinary = false
    switch Self.elements[name] {
    case .relation:
      isRelation = true
      relation = Relation()
    case .field: instruction.removeAll(keepingCapacity: true)
    case .instruction: isInstruction = true
    case .binary: isBinary = true
    // Pictures of Word 2003 are there too: the name tells macros.
    case .binaryMacros: event = []
    case .dde: work.findings.traits.insert(.dde)
    case .encryption: work.findings.encryption.insert(.office)
    case .listener: work.findings.traits.formUnion([.macro])
    case nil: break
    }
  }

  private mutating func finish(_ work: inout DocumentWork) {
    guard isRelation else { return }
    isRelation = false
    let type = relation.type.split(separator: 47).last.map { MarkupName($0) } ?? MarkupName()
    if Self.macroRelations.contains(type) { work.findings.traits.insert(.macro) }
    if Self.objectRelations.contains(type) { work.findings.traits.insert(.embeddedObject) }
    if Self.loadingRelations.contains(type), RemoteAddress.isRemote(relation.target.span) {
      work.findings.traits.insert(.externalTemplate)
    }
  }

  private static let macroRelations: Set<MarkupName> = Set(
    ["vbaproject", "wordvbadata", "xlmacrosheet", "xlintlmacrosheet"].map { MarkupName($0) })
  private static let objectRelations: Set<MarkupName> = Set(
    ["oleobject", "package", "control", "activexcontrolbin", "afchunk"].map { MarkupName($0) })
  /// What is loaded when the document is opened; links that somebody has to follow are not here.
  private static let loadingRelations: Set<MarkupName> = Set(
    [
      "attachedtemplate", "oleobject", "frame", "subdocument", "afchunk", "package", "customui",
      "extensibility",
    ].map { MarkupName($0) })

  // MARK: Attributes

  private enum Attribute { case type, target, instruction, name, contentType, href, event }

  private static let attributes: [MarkupName: Attribute] = [
    MarkupName("type"): .type, MarkupName("target"): .target, MarkupName("instr"): .instruction,
    MarkupName("name"): .name, MarkupName("contenttype"): .contentType,
    MarkupName("media-type"): .contentType, MarkupName("href"): .href,
    MarkupName("event-name"): .event,
  ]

  private mutating func attribute(
    _ element: MarkupName, _ name: MarkupName, _ bytes: Span<UInt8>, _ range: Range<Int>,
    _ work: inout DocumentWork
  ) {
    guard let attribute = Self.attributes[name] else { return }
    var value: [UInt8] = []
    MarkupText.decode(bytes, range, to: &value)
    switch attribute {
    case .type: if isRelation { relation.type = value }
    case .target: if isRelation { relation.target = value }
    case .instruction: field(value, &work)
    case .contentType: contentType(value.span, &work)
    case .name: self.name(value.span, &work)
    case .event:
      if ByteSearch.contains(Self.load, in: value.span) { work.findings.traits.insert(.autoExec) }
    case .href:
      if element == Self.template, RemoteAddress.isRemote(value.span) {
        work.findings.traits.insert(.externalTemplate)
      }
    }
  }

  private static let load = Array("load".utf8)
  private static let template = MarkupName("template")

  private func contentType(_ type: Span<UInt8>, _ work: inout DocumentWork) {
    if Self.macroTypes.contains(where: { ByteSearch.contains($0, in: type) }) {
      work.findings.traits.insert(.macro)
    }
    if Self.objectTypes.contains(where: { ByteSearch.contains($0, in: type) }) {
      work.findings.traits.insert(.embeddedObject)
    }
  }

  private static let macroTypes = ["macroenabled", "vbaproject", "macrosheet"].map {
    Array($0.utf8)
  }
  private static let objectTypes = ["activex", "oleobject"].map { Array($0.utf8) }

  /// Of a defined name of a workbook, of a part in a flat package, of a file in Word 2003's XML.
  private func name(_ name: Span<UInt8>, _ work: inout DocumentWork) {
    if Self.automatic.contains(where: { ByteSearch.holds($0, name, at: 0) }) {
      work.findings.traits.formUnion([.macro, .autoExec])
    }
    if ByteSearch.contains(Self.project, in: name) || ByteSearch.contains(Self.mso, in: name) {
      work.findings.traits.insert(.macro)
    }
    if ByteSearch.contains(Self.embeddings, in: name) {
      work.findings.traits.insert(.embeddedObject)
    }
  }

  private static let automatic = [
    "_xlnm.auto_open", "_xlnm.auto_close", "_xlnm.auto_activate", "auto_open", "auto_close",
  ].map { Array($0.utf8) }
  private static let project = Array("vbaproject.bin".utf8)
  private static let mso = Array("editdata.mso".utf8)
  private static let embeddings = Array("/embeddings/".utf8)

  // MARK: Text

  private mutating func text(
    _ bytes: Span<UInt8>, _ range: Range<Int>, _ work: inout DocumentWork
  ) {
    if isInstruction, instruction.count < Self.instructionBytesMax {
      MarkupText.decode(bytes, range.prefix(Self.instructionBytesMax), to: &instruction)
      field(instruction, &work)
    } else if isBinary {
      let decoded = PlainBase64.decode(bytes, range)
      if work.budget.take(bytes: decoded.count) { work.add(decoded) }
    }
  }

  private func field(_ text: [UInt8], _ work: inout DocumentWork) {
    let word = text.drop { MarkupTokenizer.isBlank($0) || $0 == 34 }
    var isExchange = ByteSearch.holds(Self.dde, text.span, at: word.startIndex)
    if ByteSearch.holds(Self.quote, text.span, at: word.startIndex) {
      let quoted = Self.characters(word)
      isExchange = ByteSearch.holds(Self.dde, quoted.span, at: 0)
    }
    if isExchange { work.findings.traits.insert(.dde) }
  }

  /// QUOTE makes text of numbers, and the field around it takes that for its own instructions.
  private static func characters(_ text: ArraySlice<UInt8>) -> [UInt8] {
    var characters: [UInt8] = []
    var number: Int?
    for byte in text + [32] {
      if byte &- 48 < 10 {
        number = min(256, (number ?? 0) * 10 + Int(byte - 48))
      } else if let last = number {
        if last > 32 { characters.append(UInt8(clamping: last)) }
        number = nil
      }
    }
    return characters
  }

  private static let dde = Array("dde".utf8)
  private static let quote = Array("quote".utf8)
}

/// Base64 in which everything that is no digit of it is passed over.
enum PlainBase64 {
  static func decode(_ bytes: Span<UInt8>, _ range: Range<Int>) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(range.count / 4 * 3)
    var buffer: UInt32 = 0
    var bits = 0
    for index in range {
      guard let digit = value(bytes[index]) else { continue }
      buffer = buffer << 6 | digit
      bits += 6
      if bits >= 8 {
        bits -= 8
        output.append(UInt8(truncatingIfNeeded: buffer >> UInt32(bits)))
      }
    }
    return output
  }

  private static func value(_ byte: UInt8) -> UInt32? {
    switch byte {
    case 65...90: UInt32(byte - 65)
    case 97...122: UInt32(byte - 71)
    case 48...57: UInt32(byte + 4)
    case 43, 45: 62
    case 47, 95: 63
    default: nil
    }
  }
}
