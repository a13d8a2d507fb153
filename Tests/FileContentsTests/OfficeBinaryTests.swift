// Office documents in compound files: what they hold, and files that are broken in every way.
import FileTypes
import RuleBytecode
import Testing

@testable import FileContents

struct OfficeBinaryTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let file: [UInt8]
    var traits: Set<PartTrait> = []
    var encryption: Set<EncryptionKind> = []

    init(
      _ name: String, _ nodes: [CompoundNode], _ traits: Set<PartTrait> = [],
      _ encryption: Set<EncryptionKind> = []
    ) {
      testDescription = name
      file = CompoundBuilder.file(nodes)
      self.traits = traits
      self.encryption = encryption
    }
  }

  private static func found(
    _ bytes: [UInt8], limits: DocumentLimits = DocumentLimits(), bytesMax: Int = 1 << 22
  ) -> ContentFindings {
    var reader = DocumentReader(limits: limits, bytesMax: bytesMax)
    return reader.findings(in: bytes.span, DocumentHints(kinds: [.office]))
  }

  private static func record(_ type: Int, _ data: [UInt8]) -> [UInt8] {
    little16(type) + little16(data.count) + data
  }

  private static func word(flags: Int = 0, template: String? = nil, _ text: [UInt8] = [])
    -> [CompoundNode]
  {
    var file = little16(0xA5EC) + [UInt8](repeating: 0, count: 8) + little16(flags)
    file += [UInt8](repeating: 0, count: 0x19A - file.count) + little32(7)
    file += [UInt8](repeating: 0, count: 4_200) + text
    var nodes: [CompoundNode] = [.stream("WordDocument", file)]
    if let template {
      var table = [UInt8](repeating: 0, count: 7) + little16(0xFFFF) + little16(2) + little16(0)
      table += little16(1) + wide("x") + little16(template.utf16.count) + wide(template)
      nodes.append(.stream(flags & 0x200 != 0 ? "1Table" : "0Table", table))
    }
    return nodes
  }

  private static func name(_ flags: Int, _ name: [UInt8]) -> [UInt8] {
    record(
      0x18,
      little16(flags) + [0, UInt8(name.count)] + [UInt8](repeating: 0, count: 10) + [0] + name)
  }

  private static let opening = "Private Sub Document_Open()\r\nEnd Sub\r\n"
  private static let project = MacroBuilder.project("Sub X()\r\nEnd Sub\r\n")

  static let documents: [Case] = [
    Case("nothing", [.stream("WordDocument"), .stream("1Table")]),
    Case(
      "an object from elsewhere", [.stream("\u{1}Ole", [1, 0, 0, 2] + wide("http://x.example/"))],
      [.externalTemplate]),
    Case("an object", [.stream("\u{1}Ole", [1, 0, 0, 2] + wide("x"))]),
    Case("empty pool", word() + [.storage("ObjectPool", [])]),
    Case("macros", [.storage("Macros", [project])], [.macro]),
    Case(
      "macros that run", [.storage("Macros", [MacroBuilder.project(opening)])],
      [.macro, .autoExec]),
    Case(
      "macros of a workbook",
      [.storage("_VBA_PROJECT_CUR", [MacroBuilder.project("sub AUTO_OPEN\r\n")])],
      [.macro, .autoExec]),
    Case(
      "macros whose source is gone",
      [.storage("Macros", [MacroBuilder.project("", identifiers: "\0\u{8}AutoOpen\0")])],
      [.macro, .autoExec]),
    Case(
      "a control's event", [.storage("Macros", [MacroBuilder.project("Sub Ink1_GotFocus()")])],
      [.macro, .autoExec]),
    Case(
      "a long name", [.storage("Macros", [MacroBuilder.project("Sub MyAutoOpenX()")])], [.macro]),
    Case(
      "a long module",
      [
        .storage(
          "Macros",
          [
            MacroBuilder.project(String(repeating: "' text\r\n", count: 2_000) + opening)
          ])
      ], [.macro, .autoExec]),
    Case("encrypted word", word(flags: 0x100), [], [.office]),
    Case("template", word(template: "http://x.example/a.dotm"), [.externalTemplate]),
    Case(
      "template of a host", word(flags: 0x200, template: "\\\\host\\a.dot"), [.externalTemplate]),
    Case("template at home", word(flags: 0x200, template: "C:\\a.dot")),
    Case("field", word([19] + Array(" DDEAUTO cmd".utf8)), [.dde]),
    Case("wide field", word([19, 0] + wide("DDE cmd")), [.dde]),
    Case("other field", word([19] + Array(" DATE ".utf8))),
    Case(
      "encrypted package", [.stream("EncryptedPackage"), .stream("EncryptionInfo")], [], [.office]),
    Case(
      "object", word() + [.storage("ObjectPool", [.storage("_1", [.stream("x")])])],
      [.embeddedObject]),
    Case("package", [.stream("\u{1}Ole10Native", Array("x.exe".utf8))], [.embeddedObject]),
    Case(
      "sheets",
      [
        .stream(
          "Workbook", record(0x809, [0, 6, 5, 0]) + record(0x85, [0, 0, 0, 0, 0, 0, 1, 0, 65]))
      ]),
    Case(
      "macro sheet", [.stream("Workbook", record(0x85, [0, 0, 0, 0, 2, 1, 1, 0, 65]))], [.macro]),
    Case("macro sheet by its head", [.stream("Book", record(0x809, [0, 5, 0x40, 0]))], [.macro]),
    Case("built-in name", [.stream("Workbook", name(0x20, [1]))], [.macro, .autoExec]),
    Case("built-in range", [.stream("Workbook", name(0x20, [6]))]),
    Case("name", [.stream("Workbook", name(0, Array("Auto_Open9".utf8)))], [.macro, .autoExec]),
    Case(
      "password", [.stream("Workbook", record(0x809, []) + record(0x2F, [1, 0]))], [], [.office]),
    Case(
      "other program",
      [.stream("Workbook", record(0x1AE, [0, 0, 5, 0, 0] + Array("cmd\u{3}/c".utf8)))], [.dde]),
    Case("slides", [.stream("PowerPoint Document", [0, 0, 0x10, 4, 0, 0, 0, 0])]),
    Case(
      "slides with macros",
      [
        .stream(
          "PowerPoint Document",
          [15, 0, 0xE8, 3, 99, 0, 0, 0, 2, 0, 0, 4, 12, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0])
      ], [.macro]),
    Case(
      "encrypted slides",
      [.stream("Current User", [UInt8](repeating: 0, count: 12) + little32(0xF3D1_C4DF))], [],
      [.office]),
    Case(
      "slides with a packed project",
      [
        .stream("PowerPoint Document", slides(MacroBuilder.project("Sub Auto_Open()")))
      ], [.macro, .autoExec]),
  ]

  private static func slides(_ project: CompoundNode) -> [UInt8] {
    let file = CompoundBuilder.file([project])
    let packed = little32(file.count) + PDFTests.stored(file)
    return [0x10, 0, 0x11, 0x10] + little32(packed.count) + packed
  }

  @Test(arguments: documents)
  func findsTraits(_ one: Case) {
    let findings = Self.found(one.file)
    #expect(findings.traits == one.traits)
    #expect(findings.encryption == one.encryption)
    #expect(findings.anomalies.isEmpty && findings.limitsHit.isEmpty)
  }

  /// A document in an object in a document.
  @Test func documentsInside() {
    var file = CompoundBuilder.file([.storage("Macros", [MacroBuilder.project(Self.opening)])])
    for _ in 0..<DocumentLimits().innerDepthMax {
      file = CompoundBuilder.file([.stream("Package", file)])
    }
    #expect(Self.found(file).traits == [.macro, .autoExec, .embeddedObject])
    #expect(Self.found(file).limitsHit.isEmpty)
    file = CompoundBuilder.file([.stream("\u{1}Ole10Native", [1, 2, 3] + file)])
    #expect(Self.found(file).traits == [.embeddedObject])
    #expect(Self.found(file).limitsHit == [.archiveDepth])
  }

  @Test func macroSheetsStandAlone() {
    #expect(Self.found([9, 4, 6, 0, 0, 4, 0x40, 0] + [10, 0, 0, 0]).traits == [.macro])
    #expect(Self.found([9, 4, 6, 0, 0, 4, 0x10, 0] + [10, 0, 0, 0]).traits.isEmpty)
  }

  // MARK: Copy tokens

  /// MS-OVBA §3.2.2, an example of a chunk with copies.
  @Test func copiesAreMade() {
    let packed: [UInt8] = [
      0x01, 0x2F, 0xB0, 0x00, 0x23, 0x61, 0x61, 0x61, 0x62, 0x63, 0x64, 0x65, 0x82, 0x66, 0x00,
      0x70, 0x61, 0x67, 0x68, 0x69, 0x6A, 0x01, 0x38, 0x08, 0x61, 0x6B, 0x6C, 0x00, 0x30, 0x6D,
      0x6E, 0x6F, 0x70, 0x06, 0x71, 0x02, 0x70, 0x04, 0x10, 0x72, 0x73, 0x74, 0x75, 0x76, 0x10,
      0x77, 0x78, 0x79, 0x7A, 0x00, 0x3C,
    ]
    let text = VBASource.unpack(packed.span, from: 0, room: 1_000)
    #expect(
      String(decoding: text, as: UTF8.self)
        == "#aaabcdefaaaaghijaaaaaklaaamnopqaaaaaaaaaaaarstuvwxyzaaa")
  }

  // MARK: Damage and limits

  @Test func damageIsSaid() {
    let file = CompoundBuilder.file([.storage("Macros", [MacroBuilder.project("")])])
    #expect(Self.found(Array(file.prefix(600))).anomalies == [.officeDamaged])
    var lost = file
    for index in 48..<52 { lost[index] = 0xFF }
    #expect(Self.found(lost).anomalies == [.officeDamaged])
    // The project's name is there to be seen.
    #expect(Self.found(lost).traits == [.macro])
  }

  @Test func limits() {
    let file = CompoundBuilder.file([.stream("Workbook", [UInt8](repeating: 0, count: 5_000))])
    var limits = DocumentLimits()
    limits.streamBytesMax = 5_000
    #expect(Self.found(file, limits: limits).limitsHit.isEmpty)
    limits.streamBytesMax = 4_999
    #expect(Self.found(file, limits: limits).limitsHit == [.archiveBytes])
    limits = DocumentLimits()
    let most = file.count + 5_000
    #expect(Self.found(file, bytesMax: most).limitsHit.isEmpty)
    #expect(Self.found(file, bytesMax: most - 1).limitsHit == [.archiveBytes])
    // A sector holds four entries.
    limits.itemsMax = 5
    #expect(Self.found(file, limits: limits).limitsHit.isEmpty)
    limits.itemsMax = 4
    #expect(Self.found(file, limits: limits).limitsHit == [.archiveEntries])
  }

  @Test func everyTruncationAndChangeIsRead() {
    let file = CompoundBuilder.file(
      Self.word(flags: 0x200, template: "\\\\x") + [
        .storage("Macros", [MacroBuilder.project(Self.opening)]),
        .stream("Workbook", Self.name(0x20, [1])),
        .stream("PowerPoint Document", Self.slides(MacroBuilder.project(""))),
      ])
    for end in stride(from: 0, to: file.count, by: 61) { _ = Self.found(Array(file[..<end])) }
    var random: UInt64 = 5
    for _ in 0..<600 {
      var changed = file
      for _ in 0..<3 {
        random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let index = Int(random >> 33) % file.count
        changed[index] =
          [0, 1, 255, 254, UInt8(truncatingIfNeeded: random >> 20)][Int(random >> 40) % 5]
      }
      _ = Self.found(changed)
    }
    for index in 0..<200 {
      for byte in [0, 1, 127, 255] as [UInt8] {
        var changed = file
        changed[index] = byte
        _ = Self.found(changed)
      }
    }
  }
}
