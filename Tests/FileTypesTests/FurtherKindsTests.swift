// Files of more than one type: what is found where each kind of program looks, what is odd, and
// which honest files are not.

import Testing

@testable import FileTypes

/// The macros of Testing cannot take a span.
private func further(_ bytes: [UInt8], _ primary: FileKind) -> FurtherKinds {
  FurtherKinds(of: bytes.span, primary: primary)
}

/// A zip with one stored member, as it is put behind other files.
private func zip(_ name: String = "a.txt", comment: Int = 0) -> [UInt8] {
  let member = Samples.entry(name, ascii("hello"))
  let directory =
    ascii("PK\u{1}\u{2}") + zeros(24) + little(name.utf8.count, 2) + zeros(16) + ascii(name)
  return member + directory + ascii("PK\u{5}\u{6}") + zeros(8) + little(directory.count, 4)
    + little(member.count, 4) + little(comment, 2) + [UInt8](repeating: 0x20, count: comment)
}

private let gif = ascii("GIF89a") + [1, 0, 1, 0, 0, 0, 0, 0x2C] + zeros(40) + [0x3B]
private let jpeg =
  [0xFF, 0xD8, 0xFF, 0xE0, 0, 16] + ascii("JFIF\0") + zeros(60) + [0xFF, 0xD9] as [UInt8]
private let pdf = ascii("%PDF-1.4\n1 0 obj\nstream\n") + zeros(200) + ascii("\nendstream\n%%EOF\n")
private let rar = ascii("Rar!\u{1A}\u{7}\u{1}\0") + zeros(60)
private let seven: [UInt8] = [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C, 0, 4] + zeros(60)
private let ole: [UInt8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1] + zeros(504)
private let shortcut =
  [0x4C, 0, 0, 0, 1, 0x14, 2, 0, 0, 0, 0, 0, 0xC0, 0, 0, 0, 0, 0, 0, 0x46] + zeros(100) as [UInt8]

struct FurtherCase: Sendable, CustomTestStringConvertible {
  let name: String
  let primary: FileKind
  let bytes: [UInt8]
  let kinds: Set<FileKind>
  let isOdd: Bool
  var testDescription: String { name }

  init(
    _ name: String, _ primary: FileKind, _ bytes: [UInt8], _ kinds: Set<FileKind> = [],
    isOdd: Bool = false
  ) {
    self.name = name
    self.primary = primary
    self.bytes = bytes
    self.kinds = kinds
    self.isOdd = isOdd
  }
}

@Suite struct FurtherKindsTests {
  static let odd: [FurtherCase] = [
    FurtherCase("zip behind a picture", .image, gif + zip(), [.archive], isOdd: true),
    FurtherCase("and bytes behind it", .image, gif + zip() + zeros(300), [.archive], isOdd: true),
    FurtherCase(
      "the longest comment", .image, gif + zip(comment: 65_535), [.archive], isOdd: true),
    FurtherCase(
      "a Java program behind a picture", .image, gif + zip("META-INF/MANIFEST.MF"),
      [.archive, .executable], isOdd: true),
    FurtherCase(
      "a document behind a picture", .image, jpeg + zip("[Content_Types].xml"),
      [.archive, .office], isOdd: true),
    FurtherCase("zip behind a PDF", .pdf, pdf + zip(), [.archive], isOdd: true),
    FurtherCase("zip behind OLE2", .office, ole + zip(), [.archive], isOdd: true),
    FurtherCase("RAR behind a picture", .image, jpeg + rar, [.archive], isOdd: true),
    FurtherCase(
      "RAR inside of a PDF", .pdf, ascii("%PDF-1.4\n") + rar + pdf, [.archive], isOdd: true),
    FurtherCase("7z behind a picture", .image, gif + seven, [.archive], isOdd: true),
    FurtherCase(
      "cabinet behind a picture", .image, gif + ascii("MSCF\0\0\0\0") + zeros(60), [.archive],
      isOdd: true),
    FurtherCase(
      "7z where its anchor stands everywhere", .image,
      gif + [UInt8](repeating: 0xBC, count: 5000) + seven, [.archive], isOdd: true),
    FurtherCase(
      "PDF in a picture's comment", .image, gif + zeros(900) + ascii("%PDF-1.7\n"), [.pdf],
      isOdd: true),
    FurtherCase(
      "PDF behind text", .text, ascii("hello\n%PDF-1.7\n") + zeros(3000) + ascii("startxref\n9\n"),
      [.pdf], isOdd: true),
    FurtherCase("PDF in a program", .executable, zeros(64) + pdf, [.pdf], isOdd: true),
    FurtherCase(
      "HTML in a picture", .image, gif + ascii("<ScRiPt>alert(1)</script>"), [.html], isOdd: true),
    FurtherCase(
      "HTML at the end of a large picture", .image, gif + zeros(200_000) + ascii("<html>"),
      [.html], isOdd: true),
    FurtherCase("HTML behind a PDF", .pdf, pdf + ascii("<html><body>"), [.html], isOdd: true),
    FurtherCase(
      "HTML before a PDF's first object", .pdf, ascii("%PDF-1.4\n<script>x</script>\n") + pdf,
      [.html], isOdd: true),
    FurtherCase(
      "HTA behind a shortcut", .executable, shortcut + ascii("<hta:application id=a>"), [.script],
      isOdd: true),
    FurtherCase(
      "a script in a picture's size", .image, ascii("GIF89a/*") + zeros(60), [.script],
      isOdd: true),
    FurtherCase(
      "a script in a bitmap's size", .image, ascii("BM=1;/*..") + zeros(60), [.script],
      isOdd: true),
    FurtherCase(
      "a script in a JFIF header's length", .image,
      [0xFF, 0xD8, 0xFF, 0xE0] + ascii("/*JFIF\0") + zeros(60), [.script], isOdd: true),
    FurtherCase(
      "a web archive behind a PDF's header", .pdf,
      ascii("%PDF-1.7\r\n1 0 obj\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related\r\n"),
      [.office], isOdd: true),
    FurtherCase(
      "a disk behind a picture", .image,
      gif + zeros(32_769 - gif.count) + ascii("CD001") + zeros(50),
      [.diskImage], isOdd: true),
  ]

  static let honest: [FurtherCase] = [
    FurtherCase("a picture", .image, gif),
    FurtherCase("a zip", .archive, zip()),
    FurtherCase("a zip with a PDF", .archive, Samples.entry("a.pdf", pdf) + zip()),
    FurtherCase(
      "a Java archive by another name", .archive, zip("META-INF/MANIFEST.MF"), [.executable]),
    FurtherCase("a document", .office, zip("[Content_Types].xml")),
    FurtherCase("a program that unpacks itself", .executable, zeros(4000) + zip(), [.archive]),
    FurtherCase("one with RAR", .executable, zeros(4000) + rar, [.archive]),
    FurtherCase(
      "a script with a zip behind it", .script, ascii("#!/usr/bin/python3\n") + zip(), [.archive]),
    FurtherCase("nothing, then a zip", .other, zeros(900) + zip(), [.archive]),
    FurtherCase("a PDF that holds a zip", .pdf, ascii("%PDF-1.4\n") + zip() + pdf),
    FurtherCase(
      "a PDF with a form", .pdf,
      ascii("%PDF-1.4\n1 0 obj\n<script contentType='application/x-javascript'>") + pdf),
    FurtherCase("a message file that holds a zip", .office, ole + zip() + zeros(100)),
    FurtherCase("a tar that holds a zip", .archive, zeros(512) + zip() + zeros(1024)),
    FurtherCase("text about PDF", .text, ascii("A PDF begins with %PDF-1.7 and a line end.\n")),
    FurtherCase("text about HTML", .text, ascii("Write <script> into your <html>, and so on.\n")),
    FurtherCase("a picture with XMP", .image, jpeg + ascii("<x:xmpmeta><rdf:RDF><hType/>")),
    FurtherCase(
      "SVG with a script", .image, ascii("<svg xmlns='http://www.w3.org/2000/svg'><script>")),
    FurtherCase(
      "an end record without a directory", .image, gif + ascii("PK\u{5}\u{6}") + zeros(18)),
    FurtherCase("an end record too far from the end", .image, gif + zip() + zeros(65_536)),
    FurtherCase("RAR beyond its window", .image, gif + zeros(4 << 20) + rar),
    FurtherCase("PDF beyond its window", .image, gif + zeros(1024) + ascii("%PDF-1.7\n")),
    FurtherCase("nothing", .other, []),
  ]

  @Test(arguments: odd + honest)
  func areFound(_ sample: FurtherCase) {
    let found = further(sample.bytes, sample.primary)
    #expect(Set(found.kinds) == sample.kinds)
    #expect(found.isPolyglot == sample.isOdd)
  }

  /// The first of them, whatever stands before it.
  @Test func whereTheArchiveBegins() {
    #expect(further(zeros(500) + rar, .other).archiveStart == 500)
    let cabinet = ascii("MSCF\0\0\0\0") + zeros(60)
    #expect(further(zeros(90) + cabinet + rar, .image).archiveStart == 90)
    #expect(further(zeros(500), .other).archiveStart == nil)
  }

  @Test(arguments: odd)
  func surviveTruncationAnywhere(_ sample: FurtherCase) {
    for count in 0..<min(sample.bytes.count, 300) {
      let head = further(Array(sample.bytes[..<count]), sample.primary)
      let tail = further(sample.bytes.suffix(count), sample.primary)
      #expect(head.kinds.count + tail.kinds.count < FileKind.allCases.count)
    }
  }
}
