// What a PDF does when it is opened, whatever it is packed in; and PDFs that do nothing.
import FileTypes
import RuleBytecode
import Testing

@testable import FileContents

struct PDFTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let body: String
    var traits: Set<PartTrait> = []
    var testDescription: String { String(body.prefix(80)) }
  }

  private static func found(
    _ bytes: [UInt8], limits: DocumentLimits = DocumentLimits(), bytesMax: Int = 1 << 20
  ) -> ContentFindings {
    var reader = DocumentReader(limits: limits, bytesMax: bytesMax)
    return reader.findings(in: bytes.span)
  }

  private static func found(_ body: String) -> ContentFindings {
    found(Array("%PDF-1.7\n\(body)\n%%EOF".utf8))
  }

  static let cases: [Case] =
    [
      "1 0 obj <</S/JavaScript/JS(app.alert\\(1\\))>> endobj", "1 0 obj<</JS 2 0 R>>endobj",
      "1 0 obj <</S /J#61vaScript>> endobj", "<</Names<</JavaScript 3 0 R>>>>",
      "1 0 obj (not closed endobj 2 0 obj <</JS (x)>> endobj",
      "%1 0 obj <</S/JavaScript>>", "1 0 obj <</Length 9>> stream\n2 0 obj <</JS 1>> endstream",
      "1 0 obj <<>> stream\n <</JS (x)>>", "<<>>stream x endstream 1 0 obj <</JS(x)>>",
      "1 0 obj ((a)\\)) /JS", "1 0 obj <48 65> /JS",
    ].map { Case(body: $0, traits: [.pdfScript]) }
    + [
      Case(body: "1 0 obj <</S/Launch/F(cmd.exe)>> endobj", traits: [.pdfLaunch]),
      Case(body: "<</Type/Filespec/EF<</F 2 0 R>>>>", traits: [.pdfEmbedded]),
      Case(body: "<</Names<</EmbeddedFiles 2 0 R>>>>", traits: [.pdfEmbedded]),
      Case(body: "<</Subtype/RichMedia>>", traits: [.pdfEmbedded]),
    ]
    + [
      "", "1 0 obj (/JS /JavaScript \\( /Launch) endobj", "1 0 obj <4A53>", "% /JS /Launch\n",
      "1 0 obj <</Length 20>> stream\n/JS /JavaScript\nendstream endobj",
      "1 0 obj <</javascript 1/JSX 2/Launching 3/EFG 4>> endobj",
      "1 0 obj <</EncryptMetadata true>> endobj",
      "1 0 obj <</Type/Action/S/URI/URI(http://x.example/?/JS)>> endobj",
    ].map { Case(body: $0) }

  @Test(arguments: cases)
  func findsTraits(_ one: Case) {
    let findings = Self.found(one.body)
    #expect(findings.traits == one.traits)
    #expect(findings.encryption.isEmpty && findings.limitsHit.isEmpty)
    #expect(findings.anomalies.isEmpty)
  }

  @Test func encryption() {
    #expect(Self.found("trailer <</Root 1 0 R/Encrypt 2 0 R>>").encryption == [.pdf])
    #expect(Self.found("1 0 obj <</Type/XRef/Encrypt 2 0 R>> stream").encryption == [.pdf])
  }

  @Test func headNeedNotComeFirst() {
    let body = Array("%PDF-1.4\n<</JS(x)>>".utf8)
    let blanks = [UInt8](repeating: 32, count: 1_024)
    #expect(Self.found(blanks + body).traits == [.pdfScript])
    #expect(Self.found(blanks + [32] + body).traits == [])
  }

  // MARK: Object streams

  private static func pdf(_ dictionary: String, _ data: [UInt8]) -> [UInt8] {
    Array("%PDF-1.5\n4 0 obj <<\(dictionary)>> stream\r\n".utf8) + data
      + Array("\nendstream endobj".utf8)
  }

  private static let plain = Array("9 0 <</S/JavaScript/JS(x)>>".utf8)

  static let packings: [(String, [UInt8])] = [
    ("/Type/ObjStm/N 1/First 4", plain), ("/N 1 /First 4", plain),
    ("/Type/ObjStm/Filter/FlateDecode", stored(plain)), ("/Type/Obj#53tm", stored(plain)),
    ("/Type/ObjStm/Filter[/AHx/Fl]", hex(stored(plain))),
    ("/Type/ObjStm/Filter/ASCIIHexDecode", hex(plain)),
    ("/Type/ObjStm/Filter/A85", Array("3?U!u4?P8q01oYr@8gZVBlJ/I8lI-_.6]o~>".utf8)),
    ("/Type/ObjStm/Filter/RL", [26] + plain + [128]),
    ("/Type/ObjStm/Filter/RL", [253, 32, 22] + plain[4...] + [128]),
    (
      "/Type/ObjStm/Filter/Fl/DecodeParms<</Predictor 12/Columns 9>>",
      stored([0] + plain[..<9] + [1] + differences(plain[9..<18]) + [0] + plain[18...])
    ),
    ("/Type/ObjStm/Filter/LZW", literals(plain)),
  ]

  @Test(arguments: packings)
  func objectStreamsAreUnpacked(_ dictionary: String, _ data: [UInt8]) {
    let findings = Self.found(Self.pdf(dictionary, data))
    #expect(findings.traits == [.pdfScript])
    #expect(findings.anomalies.isEmpty && findings.limitsHit.isEmpty)
  }

  /// ISO 32000-1 §7.4.4.2, example 1.
  @Test func codesOfTwoWidths() {
    let packed: [UInt8] = [0x80, 0x0B, 0x60, 0x50, 0x22, 0x0C, 0x0C, 0x85, 0x01]
    #expect(LZW.decode(packed, 100).bytes == [45, 45, 45, 45, 45, 65, 45, 45, 45, 66])
    let long = (0..<2_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    #expect(LZW.decode(Self.literals(long), 2_000).bytes == long)
    #expect(!LZW.decode(Self.literals(long), 2_000).isCut)
    #expect(LZW.decode(Self.literals(long), 1_999).isCut)
  }

  @Test func damageIsSaid() {
    let cut = Self.pdf("/Type/ObjStm/Filter/Fl", Array(Self.stored(Self.plain).dropLast(9)))
    #expect(Self.found(cut).anomalies == [.officeDamaged])
    #expect(Self.found(cut).traits == [.pdfScript])
    let encrypted = cut + Array("trailer <</Encrypt 2 0 R>>".utf8)
    #expect(Self.found(encrypted).anomalies.isEmpty)
  }

  // MARK: Limits

  @Test func streamsAreBounded() {
    var limits = DocumentLimits()
    let file = Self.pdf("/Type/ObjStm/Filter/Fl", Self.stored(Self.plain))
    limits.streamBytesMax = Self.plain.count
    #expect(Self.found(file, limits: limits).limitsHit.isEmpty)
    limits.streamBytesMax -= 1
    #expect(Self.found(file, limits: limits).limitsHit == [.archiveBytes])
    limits = DocumentLimits()
    limits.itemsMax = 1
    #expect(Self.found(file, limits: limits).limitsHit.isEmpty)
    limits.itemsMax = 0
    #expect(Self.found(file, limits: limits).limitsHit == [.archiveEntries])
  }

  @Test func allTogetherIsBounded() {
    let packed = Self.stored(Self.plain)
    let file = Self.pdf("/Type/ObjStm/Filter/Fl", packed)
    // The file, the stream as it is, and what it becomes.
    let most = file.count + packed.count + 1 + Self.plain.count
    #expect(Self.found(file, bytesMax: most).limitsHit.isEmpty)
    #expect(Self.found(file, bytesMax: most - 1).limitsHit == [.archiveBytes])
    #expect(Self.found(file, bytesMax: file.count - 1).limitsHit == [.archiveBytes])
  }

  @Test func everyTruncationAndChangeIsRead() {
    let file =
      Self.pdf(
        "/Type/ObjStm/Filter[/AHx/Fl]/Predictor 12/Columns 3", Self.hex(Self.stored(Self.plain)))
      + Self.pdf("/Type/ObjStm/Filter[/LZW/A85/RL]", Self.literals(Self.plain))
      + Array("5 0 obj ((x)\\)<41>%\n/J#53 endobj".utf8)
    for end in file.indices { _ = Self.found(Array(file[..<end])) }
    for index in file.indices {
      for byte in [0, 10, 35, 40, 47, 60, 128, 255] as [UInt8] {
        var changed = file
        changed[index] = byte
        _ = Self.found(changed)
      }
    }
  }

  // MARK: Packers

  /// One stored block of RFC 1951 with the head and the checksum of RFC 1950.
  static func stored(_ bytes: [UInt8]) -> [UInt8] {
    let count = UInt16(bytes.count)
    var one: UInt32 = 1
    var two: UInt32 = 0
    for byte in bytes {
      one = (one + UInt32(byte)) % 65_521
      two = (two + one) % 65_521
    }
    let sum = two << 16 | one
    return [0x78, 1, 1, UInt8(count & 255), UInt8(count >> 8), UInt8(~count & 255)]
      + [UInt8(~count >> 8)] + bytes + [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: sum >> $0) }
  }

  private static func hex(_ bytes: [UInt8]) -> [UInt8] {
    let digits = Array("0123456789abcdef".utf8)
    return bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] } + [62]
  }

  private static func differences(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    var last: UInt8 = 0
    return bytes.map { byte in
      defer { last = byte }
      return byte &- last
    }
  }

  /// Every byte as a code of its own, the table cleared before codes grow.
  private static func literals(_ bytes: [UInt8]) -> [UInt8] {
    var codes: [Int] = []
    for (index, byte) in bytes.enumerated() {
      if index % 200 == 0 { codes.append(256) }
      codes.append(Int(byte))
    }
    var output: [UInt8] = []
    var buffer = 0
    var bits = 0
    for code in codes + [257] {
      buffer = buffer << 9 | code
      bits += 9
      while bits >= 8 {
        bits -= 8
        output.append(UInt8(truncatingIfNeeded: buffer >> bits))
      }
      buffer &= 1 << bits - 1
    }
    return output + [UInt8(truncatingIfNeeded: buffer << (8 - bits))]
  }
}
