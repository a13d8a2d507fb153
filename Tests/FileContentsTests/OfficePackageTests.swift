// Office documents in zips, and those that are one XML file, RTF or a page of OneNote.
import FileTypes
import RuleBytecode
import Testing

@testable import FileContents

struct OfficePackageTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let file: [UInt8]
    var traits: Set<PartTrait> = []
    var encryption: Set<EncryptionKind> = []
    var extensions: Set<String> = []
  }

  private static func found(
    _ bytes: [UInt8], _ extensions: Set<String> = [], limits: DocumentLimits = DocumentLimits()
  ) -> ContentFindings {
    var reader = DocumentReader(limits: limits, bytesMax: 1 << 22)
    return reader.findings(in: bytes.span, DocumentHints(kinds: [], extensions: extensions))
  }

  private static let types = ZipMember(
    "[Content_Types].xml", "<Types><Override ContentType=\"application/xml\"/></Types>",
    deflated: true)

  private static func package(
    _ name: String, _ members: [ZipMember], _ traits: Set<PartTrait> = [],
    _ encryption: Set<EncryptionKind> = []
  ) -> Case {
    Case(
      testDescription: name, file: ZipBuilder([types] + members).bytes, traits: traits,
      encryption: encryption)
  }

  private static func relation(_ type: String, _ target: String, _ mode: String = "External")
    -> [ZipMember]
  {
    [
      ZipMember(
        "word/_rels/settings.xml.rels",
        "<?xml version='1.0'?><Relationships><Relationship Id='r1' Target=\"\(target)\" "
          + "TargetMode=\"\(mode)\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/"
          + "relationships/\(type)\"/></Relationships>", deflated: true)
    ]
  }

  private static let project = CompoundBuilder.file([
    MacroBuilder.project("Sub Workbook_Open()\r\nEnd Sub")
  ])

  private static let letter = ZipBuilder([
    types, ZipMember("word/vbaProject.bin", bytes: project),
  ]).bytes

  private static func zipped(
    _ name: String, _ members: [ZipMember], _ traits: Set<PartTrait>
  ) -> Case {
    Case(testDescription: "zipped: " + name, file: ZipBuilder(members).bytes, traits: traits)
  }

  /// Documents in zips that are none.
  static let zips: [Case] = [
    zipped("macros", [ZipMember("a.docm", bytes: letter)], [.macro, .autoExec]),
    zipped("another name", [ZipMember("a.bin", bytes: letter)], [.macro, .autoExec]),
    zipped(
      "old macros", [ZipMember("a.doc", bytes: project, deflated: true)], [.macro, .autoExec]),
    zipped(
      "in a zip", [ZipMember("a", bytes: ZipBuilder([ZipMember("b", bytes: letter)]).bytes)],
      [.macro, .autoExec]),
    zipped(
      "the second", [ZipMember("a.txt", "x"), ZipMember("b.pdf", "%PDF-1.4 1 0 obj<</S/Launch>>")],
      [.pdfLaunch]),
    zipped("page", [ZipMember("a.html", "hello <script>1</script>")], [.htmlScript]),
    zipped("page by content", [ZipMember("a", "<html><script>1</script>")], [.htmlScript]),
    zipped(
      "template", [ZipMember("a.rtf", "{\\rtf1{\\*\\template http://x.example/}}")],
      [.externalTemplate]),
    zipped("text", [ZipMember("a.txt", "a <script>"), ZipMember("b/")], []),
    zipped("table", [ZipMember("a.csv", "=cmd|' /c calc'!A0")], []),
  ]

  @Test(arguments: zips)
  func inZips(_ zip: Case) {
    let found = Self.found(zip.file)
    #expect(found.traits == zip.traits && found.limitsHit == [] && found.anomalies == [])
  }

  @Test func sizeInZips() {
    var limits = DocumentLimits()
    let zip = ZipBuilder([ZipMember("a.doc", bytes: Self.project, deflated: true)]).bytes
    limits.zippedBytesMax = Self.project.count
    #expect(Self.found(zip, limits: limits).limitsHit == [])
    limits.zippedBytesMax = Self.project.count - 1
    #expect(Self.found(zip, limits: limits).limitsHit == [.archiveBytes])
  }

  static let packages: [Case] = [
    package("nothing", [ZipMember("word/document.xml", "<w:document/>")]),
    package("macros", [ZipMember("word/vbaProject.bin", bytes: project)], [.macro, .autoExec]),
    package(
      "macros by another name",
      [ZipMember("word/media/image1.png", bytes: project, deflated: true)],
      [.macro, .autoExec]),
    package(
      "macros that are broken", [ZipMember("XL\\VBAPROJECT.BIN", "none")], [.macro]),
    package("macros by relation", relation("vbaProject", "x", "Internal"), [.macro]),
    package(
      "macros by type",
      [
        ZipMember(
          "x.xml", "<Override ContentType='application/vnd.ms-word.document.macroEnabled'/>")
      ],
      [.macro]),
    package("macro sheet", [ZipMember("xl/macrosheets/sheet1.xml", "<a/>")], [.macro]),
    package(
      "name that runs", [ZipMember("xl/workbook.xml", "<definedName name='_xlnm.Auto_Open'>")],
      [.macro, .autoExec]),
    package(
      "dde in numbers",
      [
        ZipMember(
          "word/document.xml",
          "<w:p><w:instrText>QUOTE </w:instrText>"
            + "<w:instrText>68 6</w:instrText><w:instrText>8 69 65 85</w:instrText></w:p>")
      ],
      [.dde]),
    package(
      "other numbers",
      [ZipMember("word/document.xml", "<w:p><w:instrText>QUOTE 65 68 68 69 dde</w:instrText>")]),
    package("template", relation("attachedTemplate", "https://x.example/a"), [.externalTemplate]),
    package(
      "template, masked", relation("attachedTemplate", "&#104;ttp://x.example/a"),
      [.externalTemplate]),
    package(
      "template of a host", relation("attachedTemplate", "file:///\\\\host\\a.dotm"),
      [.externalTemplate]),
    package("template at home", relation("attachedTemplate", "file:///C:\\a.dotm")),
    package("link", relation("hyperlink", "https://x.example/")),
    package("picture elsewhere", relation("image", "https://x.example/a.png")),
    package("frame", relation("frame", "https://x.example/"), [.externalTemplate]),
    package(
      "object elsewhere", relation("oleObject", "mhtml:http://x.example/a!x-usc:http://b"),
      [.externalTemplate, .embeddedObject]),
    package("object", [ZipMember("word/embeddings/a.bin", "MZ")], [.embeddedObject]),
    package("control", [ZipMember("word/activeX/activeX1.xml", "<a/>")], [.embeddedObject]),
    package(
      "field",
      [
        ZipMember(
          "word/document.xml",
          "<w:fldChar/><w:instrText> DD</w:instrText><w:r/><w:instrText>EAUTO c</w:instrText>")
      ],
      [.dde]),
    package("short field", [ZipMember("a.xml", "<w:fldSimple w:instr=' DDE cmd'/>")], [.dde]),
    package("other field", [ZipMember("a.xml", "<w:fldChar/><w:instrText>DATE</w:instrText>")]),
    package("link of a workbook", [ZipMember("xl/l.xml", "<ddeLink ddeService='cmd'/>")], [.dde]),
    package(
      "XML of two bytes",
      [
        ZipMember(
          "a.rels", bytes: [0xFF, 0xFE] + wide("<Relationship Type='/vbaProject' Target='x'/>"))
      ],
      [.macro]),
    package(
      "document in a document",
      [
        ZipMember(
          "word/embeddings/b.docx",
          bytes: ZipBuilder([types, ZipMember("word/vbaProject.bin", bytes: project)]).bytes)
      ],
      [.embeddedObject, .macro, .autoExec]),
    package(
      "page in a document", [ZipMember("word/chunk.rtf", "{\\rtf1{\\*\\template \\\\\\\\h\\\\a}}")],
      [.externalTemplate]),
    Case(
      testDescription: "open document",
      file: ZipBuilder.bytes(
        ZipMember("mimetype", "application/vnd.oasis.opendocument.text"),
        ZipMember("content.xml", "<a/>"))),
    Case(
      testDescription: "macros of an open document",
      file: ZipBuilder.bytes(
        ZipMember("mimetype", "x"), ZipMember("Basic/Standard/Module1.xml", "<a/>")),
      traits: [.macro]),
    Case(
      testDescription: "encrypted open document",
      file: ZipBuilder.bytes(ZipMember("META-INF/manifest.xml", "<manifest:encryption-data/>")),
      encryption: [.office]),
    Case(
      testDescription: "template of an open document",
      file: ZipBuilder.bytes(
        ZipMember("mimetype", "x"),
        ZipMember("meta.xml", "<meta:template xlink:href='http://x.example/a.ott'/>")),
      traits: [.externalTemplate]),
    Case(
      testDescription: "just a zip", file: ZipBuilder.bytes(ZipMember("a/embeddings/x.txt", "x"))),
    Case(
      testDescription: "a directory that is lost",
      file: ZipBuilder([types, ZipMember("word/vbaProject.bin", "x")]).bytes.dropLast(60) + [],
      traits: [.macro], extensions: ["docm"]),
  ]

  @Test(arguments: packages)
  func packagesAreRead(_ one: Case) {
    let findings = Self.found(one.file, one.extensions)
    #expect(findings.traits == one.traits)
    #expect(findings.encryption == one.encryption)
    #expect(findings.anomalies.isEmpty == one.extensions.isEmpty)
    #expect(findings.limitsHit.isEmpty)
  }

  // MARK: Texts

  private static func text(
    _ file: String, _ traits: Set<PartTrait>, _ extensions: Set<String> = []
  ) -> Case {
    Case(
      testDescription: String(file.prefix(60)), file: Array(file.utf8), traits: traits,
      extensions: extensions)
  }

  private static func hex(_ bytes: [UInt8]) -> String {
    bytes.map { byte in
      let text = String(byte, radix: 16)
      return text.count == 1 ? "0" + text : text
    }.joined()
  }

  private static let objectDigits = hex([1, 5, 0, 0, 2] + project)

  /// A page, and macros as Word packs them for one ("ActiveMime").
  private static let webArchive =
    "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=q\r\n\r\n"
    + "--q\r\nContent-Type: text/html\r\n\r\n<form>\r\n"
    + "--q\r\nContent-Type: application/x-mso\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    + "QWN0aXZlTWltZQAAAQAAAA==\r\n--q--\r\n"

  static let texts: [Case] = [
    text("{\\rtf1 plain {\\b text}}", []),
    text("{\\rt{\\object\\objemb{\\*\\objdata 0105}}}", [.embeddedObject]),
    text("{\\rtf1{\\object{\\*\\objdata \(objectDigits)}}}", [.embeddedObject, .macro, .autoExec]),
    text(
      "{\\rtf1{\\object{\\*\\objdata "
        + objectDigits.map { String($0) }.joined(separator: "\\x1{\\y}\r\n ") + "}}}",
      [.embeddedObject, .macro, .autoExec]),
    text("{\\rtf1{\\*\\template http://x.example/a}}", [.externalTemplate]),
    text("{\\rtf1{\\*\\template C:\\\\a.dot}}", []),
    text(
      "{\\rtf1{\\*\\template \\u104?\\u-65420?\\u116\\'3fp://x.example/a}}",
      [.externalTemplate]),
    text("{\\rtf1{\\*\\template \\u104 \\u-5}}", []),
    text("{\\rtf1{\\*\\template \\'68ttp://x.example/a", [.externalTemplate]),
    text("{\\rtf1{\\field{\\*\\fldinst { DDEAUTO cmd}}}}", [.dde]),
    text("{\\rtf1{\\field{\\*\\fldinst HYPERLINK x}}}", []),
    text(
      "<?xml version='1.0'?><?mso-application progid='Word.Document'?>"
        + "<w:binData w:name='editdata.mso'/>",
      [.macro]),
    text(
      "<?xml version='1.0'?><pkg:package><pkg:part pkg:name='/word/vbaProject.bin'>"
        + "<pkg:binaryData>0M8R4KGxGuE=</pkg:binaryData></pkg:part></pkg:package>", [.macro]),
    text(
      "MIME-Version: 1.0\r\nContent-Type: text/html\r\n"
        + "Content-Transfer-Encoding: base64\r\n\r\nPGZvcm0+",
      [.htmlForm], ["mht"]),
    // Word opens what is saved as a web page under its own extension too.
    text(webArchive, [.htmlForm, .macro], ["doc"]),
    text("From: <Saved by Word>\r\n" + webArchive, [.htmlForm, .macro], ["doc"]),
    text("GIF89a;\r\n" + webArchive, [.htmlForm, .macro], ["doc"]),
    text(webArchive, [], ["txt"]),
    text("ID;PWXL;N;E\r\nO;E\r\nNN;NAuto_open;ER1C1\r\n", [.macro, .autoExec], ["slk"]),
    text("name,amount\r\n=cmd|' /C calc'!A0,1\r\n", [.dde], ["csv"]),
    text("name,amount\r\na|b,-1\r\n2-3|4 =x\r\n\"-a\",b|c\r\n", [], ["txt"]),
    text("[InternetShortcut]\r\nURL=file://host/a.exe\r\n", [.remoteShortcut]),
    text("[InternetShortcut]\r\nURL=\\\\host\\a.exe", [.remoteShortcut], ["url"]),
    text("[Desktop Entry]\nExec=sh -c x\n", [.shortcutCommand]),
    text("full address:s:x.example\r\n", [.remoteShortcut], ["rdp"]),
    text("full address:s:x.example\r\n", []),
    text(
      "<libraryDescription xmlns=\"http://schemas.microsoft.com/windows/2009/library\">"
        + "<url>\\\\x.example\\a</url>",
      [.remoteShortcut], ["library-ms"]),
    text(
      "<libraryDescription xmlns=\"http://schemas.microsoft.com/windows/2009/library\"/>", [],
      ["library-ms"]),
    text(
      "<DeepLink>%windir%\\system32\\cmd.exe /c x</DeepLink>", [.shortcutCommand],
      ["settingcontent-ms"]),
    text("WEB\r\n1\r\nhttp://x.example/\r\n", [.remoteShortcut], ["iqy"]),
  ]

  @Test(arguments: texts)
  func textsAreRead(_ one: Case) {
    #expect(Self.found(one.file, one.extensions).traits == one.traits)
  }

  @Test func rawBytesOfAnObject() {
    var file = Array("{\\rtf1{\\object{\\*\\objdata 01\\bin".utf8)
    file += Array("\(Self.project.count) ".utf8) + Self.project + Array("}}}".utf8)
    #expect(Self.found(file).traits == [.embeddedObject, .macro, .autoExec])
  }

  // MARK: Notes

  private static func notes(_ content: [UInt8]) -> [UInt8] {
    let mark: [UInt8] = [
      0xE7, 0x16, 0xE3, 0xBD, 0x65, 0x26, 0x11, 0x45, 0xA4, 0xC4, 0x8D, 0x4D, 0x0B, 0x7A, 0x9E,
      0xAC,
    ]
    let head: [UInt8] = [0xE4, 0x52, 0x5C, 0x7B, 0x8C, 0xD8, 0xA7, 0x4D, 9, 9, 9]
    return head + mark + little32(content.count) + [UInt8](repeating: 0, count: 16) + content + [7]
  }

  @Test func filesInNotes() {
    #expect(Self.found(Self.notes(Array("@echo off".utf8))).traits == [.embeddedObject])
    #expect(
      Self.found(Self.notes(Self.project)).traits == [.embeddedObject, .macro, .autoExec])
    #expect(
      Self.found(Self.notes(Array("<script>".utf8))).traits == [.embeddedObject, .htmlScript])
    #expect(Self.found(Self.notes([0x89] + Array("PNG\r\n\u{1A}\n....".utf8))).traits == [])
    #expect(Self.found(Array(Self.notes([]).prefix(11))).traits == [])
  }

  // MARK: Shortcuts

  /// - Parameter strings: Flag and text, in their order.
  private static func link(_ strings: [(Int, String)], info: [UInt8] = []) -> [UInt8] {
    var file: [UInt8] = [
      0x4C, 0, 0, 0, 0x01, 0x14, 0x02, 0, 0, 0, 0, 0, 0xC0, 0, 0, 0, 0, 0, 0, 0x46,
    ]
    let flags = strings.reduce(0x80) { $0 | $1.0 } | (info.isEmpty ? 0 : 2)
    file += little32(flags) + [UInt8](repeating: 0, count: 76 - 24) + info
    for (_, text) in strings { file += little16(text.utf16.count) + wide(text) }
    return file + [0, 0, 0, 0]
  }

  @Test func links() {
    #expect(Self.found(Self.link([(8, ".\\a.docx")])).traits == [])
    #expect(Self.found(Self.link([(8, "..\\a.exe"), (32, "-x")])).traits == [.shortcutCommand])
    #expect(
      Self.found(Self.link([(8, "C:\\Windows\\System32\\MSHTA")])).traits == [.shortcutCommand])
    #expect(Self.found(Self.link([(8, "\\\\host\\a.docx")])).traits == [.remoteShortcut])
    #expect(
      Self.found(Self.link([(32, "https://x.example/a")])).traits
        == [.shortcutCommand, .remoteShortcut])
    let info = little32(28) + little32(28) + little32(2) + [UInt8](repeating: 0, count: 16)
    #expect(Self.found(Self.link([(4, "x")], info: info)).traits == [.remoteShortcut])
  }

  // MARK: Limits and damage

  @Test func limits() {
    let file = ZipBuilder([Self.types, ZipMember("a.xml", "<ddeLink/>")]).bytes
    var limits = DocumentLimits()
    limits.itemsMax = 2
    #expect(Self.found(file, limits: limits).limitsHit.isEmpty)
    limits.itemsMax = 1
    #expect(Self.found(file, limits: limits).limitsHit == [.archiveEntries])
    limits = DocumentLimits()
    limits.innerBytesMax = Self.project.count
    let macros = Self.packages[1].file
    #expect(Self.found(macros, limits: limits).limitsHit.isEmpty)
    limits.innerBytesMax -= 1
    #expect(Self.found(macros, limits: limits).limitsHit == [.archiveBytes])
    #expect(Self.found(macros, limits: limits).traits == [.macro])
  }

  @Test func longShortcuts() {
    var limits = DocumentLimits()
    let file = Self.link([(8, "..\\a.docx")])
    limits.shortcutBytesMax = file.count
    #expect(Self.found(file, limits: limits).limitsHit.isEmpty)
    limits.shortcutBytesMax -= 1
    #expect(Self.found(file, limits: limits).limitsHit == [.archiveBytes])
  }

  @Test func headsOfObjects() {
    var limits = DocumentLimits()
    limits.objectHeadBytesMax = 16
    func file(_ count: Int) -> [UInt8] {
      let object = [UInt8](repeating: 7, count: count) + Self.project
      return Array("{\\rtf1{\\*\\objdata \(Self.hex(object))}}".utf8)
    }
    #expect(Self.found(file(8), limits: limits).traits.contains(.macro))
    #expect(!Self.found(file(9), limits: limits).traits.contains(.macro))
  }

  @Test func everyTruncationAndChangeIsRead() {
    let files =
      [
        Self.packages[20].file, Self.notes([1, 2, 3]), Self.link([(32, "cmd")], info: little32(28)),
      ]
      + [Self.texts[2].file.prefix(300) + [], Self.texts[5].file, Self.texts[7].file]
    for file in files {
      for end in stride(from: 0, to: file.count, by: 3) { _ = Self.found(Array(file[..<end])) }
      for index in file.indices {
        for byte in [0, 32, 92, 125, 255] as [UInt8] {
          var changed = file
          changed[index] = byte
          _ = Self.found(changed, ["docx"])
        }
      }
    }
  }
}
