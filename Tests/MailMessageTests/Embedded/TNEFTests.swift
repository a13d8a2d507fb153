// TNEF streams: attachments, texts, damage and limits.

import MailMessage
import Testing

@Suite struct TNEFTests {
  private func read(_ writer: TNEFWriter) -> TNEFReader.Contents {
    TNEFReader.read(writer.bytes.span, filesMax: 100, bytesMax: 1 << 20)
  }

  private func view(_ files: [EmbeddedFile]) -> [String] {
    files.map { file in
      let names = file.names.joined(separator: "|")
      let type = file.contentType.map { " \($0.name)" } ?? ""
      return "\(names)=\(String(decoding: file.content, as: UTF8.self))\(type)"
    }
  }

  static let abc = Array("abc".utf8)

  @Test func attachments() {
    var writer = TNEFWriter()
    writer.add(1, 0x0007_8008, Array("IPM.Note\0".utf8))
    writer.addAttachment(title: "a.txt", data: Self.abc)
    writer.addAttachment(title: "b.exe", data: [])
    let contents = read(writer)
    let hasSignature = TNEFReader.hasSignature(writer.bytes.span)
    #expect(hasSignature)
    #expect(view(contents.files) == ["a.txt=abc", "b.exe="])
    #expect(!contents.isDamaged && !contents.isTruncated)
    #expect(contents.files.allSatisfy { !$0.isDamaged })
  }

  @Test(
    arguments: [
      (0x3707, 0x001E, Array("long.name.js\0".utf8), "long.name.js|a.txt=abc"),
      (0x3707, 0x001F, TNEFWriter.wide("l\u{f6}ng.js"), "l\u{f6}ng.js|a.txt=abc"),
      (0x3704, 0x001E, Array("A.TXT\0".utf8), "a.txt|A.TXT=abc"),
      (0x3001, 0x001E, Array("A display name\0".utf8), "a.txt=abc"),
      (0x370E, 0x001E, Array("image/PNG\0".utf8), "a.txt=abc image/png"),
      (0x3702, 0x0102, [1, 2, 3, 4, 5], "a.txt=abc"),
    ] as [(UInt16, UInt16, [UInt8], String)])
  func property(_ identifier: UInt16, _ type: UInt16, _ value: [UInt8], _ expected: String) {
    var writer = TNEFWriter()
    writer.addAttachment(
      title: "a.txt", data: Self.abc,
      properties: [TNEFWriter.property(identifier, type, value)])
    #expect(view(read(writer).files) == [expected])
    #expect(!read(writer).isDamaged)
  }

  /// The 8.3 form of a long name is no second name; another extension is.
  @Test(arguments: [("REPORT~1.DOC", "report of may.docx"), ("REPORT~1.EXE", "REPORT~1.EXE")])
  func shortName(_ title: String, _ other: String) {
    var writer = TNEFWriter()
    let long = TNEFWriter.property(0x3707, 0x001F, TNEFWriter.wide("report of may.docx"))
    writer.addAttachment(title: title, data: [], properties: [long])
    let names = read(writer).files.flatMap(\.names)
    #expect(names.contains(other) && names.first == "report of may.docx")
    #expect(names.count == (title == other ? 2 : 1))
  }

  @Test func displayNameAlone() {
    var writer = TNEFWriter()
    let name = TNEFWriter.property(0x3001, 0x001E, Array("shown.exe\0".utf8))
    writer.addAttachment(title: "", data: Self.abc, properties: [name])
    #expect(view(read(writer).files) == ["shown.exe=abc"])
  }

  @Test func namesInTheCodePage() {
    var writer = TNEFWriter()
    writer.add(1, 0x0006_9007, TNEFWriter.word(1_251) + TNEFWriter.word(0))
    writer.add(2, 0x0006_9002, [])
    writer.add(2, 0x0001_8010, [0xE0, 0x2E, 0x6A, 0x73, 0])
    #expect(view(read(writer).files) == ["\u{430}.js="])
  }

  /// Fixed, named and repeated properties stand before the one that matters.
  @Test func otherProperties() {
    let set = [UInt8](repeating: 7, count: 16)
    let others: [[UInt8]] = [
      TNEFWriter.word(0x3705_0003) + TNEFWriter.word(1),
      TNEFWriter.word(0x7FFE_000B) + TNEFWriter.word(0),
      TNEFWriter.word(0x3007_0040) + [UInt8](repeating: 1, count: 8),
      TNEFWriter.word(0x8000_0003) + set + TNEFWriter.word(0) + TNEFWriter.word(5)
        + TNEFWriter.word(6),
      TNEFWriter.word(0x8001_0048) + set + TNEFWriter.word(1)
        + TNEFWriter.counted(TNEFWriter.wide("abc")) + set,
      TNEFWriter.word(0x8002_101E) + set + TNEFWriter.word(0) + TNEFWriter.word(5)
        + TNEFWriter.word(2) + TNEFWriter.counted([65]) + TNEFWriter.counted([66]),
      TNEFWriter.word(0x1234_1002) + TNEFWriter.word(3) + [1, 0, 2, 0, 3, 0, 0, 0],
      TNEFWriter.property(0x3707, 0x001E, Array("n.js\0".utf8)),
    ]
    var writer = TNEFWriter()
    writer.addAttachment(title: "", data: Self.abc, properties: others)
    #expect(view(read(writer).files) == ["n.js=abc"])
    #expect(!read(writer).isDamaged)
  }

  /// An embedded message is a TNEF stream behind the identifier of its interface.
  @Test func nested() {
    var inner = TNEFWriter()
    inner.addAttachment(title: "inner.exe", data: Self.abc)
    let object = [UInt8](repeating: 9, count: 16) + inner.bytes
    var writer = TNEFWriter()
    writer.addAttachment(
      title: "mail", data: nil, properties: [TNEFWriter.property(0x3701, 0x000D, object)])
    let file = read(writer).files[0]
    #expect(file.contentType?.name == "application/ms-tnef")
    #expect(file.content == inner.bytes)
    #expect(!file.isMessage)
  }

  @Test func message() {
    var writer = TNEFWriter()
    let type = TNEFWriter.property(0x370E, 0x001E, Array("message/rfc822\0".utf8))
    let data = TNEFWriter.property(0x3701, 0x0102, Array("Subject: x\r\n\r\n".utf8))
    writer.addAttachment(title: "m.eml", data: nil, properties: [type, data])
    #expect(read(writer).files.map(\.isMessage) == [true])
  }

  /// Which of two contents counts, nobody knows.
  @Test func twoContents() {
    var writer = TNEFWriter()
    let data = TNEFWriter.property(0x3701, 0x0102, Array("def".utf8))
    writer.addAttachment(title: "n", data: Self.abc, properties: [data])
    #expect(view(read(writer).files) == ["n=abc", "n=def"])
  }

  @Test func texts() {
    var writer = TNEFWriter()
    writer.add(1, 0x0002_800C, Array("plain\0".utf8))
    writer.add(
      1, 0x0006_9003,
      TNEFWriter.list([
        TNEFWriter.property(0x1000, 0x001F, TNEFWriter.wide("wide \u{e4}")),
        TNEFWriter.property(0x1013, 0x0102, Array("<p>".utf8)),
      ]))
    #expect(
      view(read(writer).files) == [
        "=plain text/plain", "=wide \u{e4} text/plain", "=<p> text/html",
      ])
  }

  @Test func wrongChecksum() {
    var writer = TNEFWriter()
    writer.addAttachment(title: "a", data: Self.abc)
    writer.add(2, 0x0006_9002, [])
    writer.add(2, 0x0006_800F, Self.abc, sum: 1)
    #expect(view(read(writer).files) == ["a=abc", "=abc"])
    #expect(read(writer).files.map(\.isDamaged) == [false, true])
    #expect(read(writer).isDamaged)
  }

  @Test func lyingLength() {
    var writer = TNEFWriter()
    writer.add(2, 0x0006_9002, [])
    writer.add(2, 0x0006_800F, Self.abc, length: .max)
    let contents = read(writer)
    #expect(contents.files.map { $0.content.starts(with: Self.abc) } == [true])
    #expect(contents.files.map(\.isDamaged) == [true])
  }

  @Test func lyingProperties() {
    for list in [
      TNEFWriter.word(.max), TNEFWriter.word(2) + TNEFWriter.word(0x3707_001E),
      TNEFWriter.word(1) + TNEFWriter.word(0x3707_001E) + TNEFWriter.word(.max),
      TNEFWriter.word(1) + TNEFWriter.word(0x3707_001E) + TNEFWriter.word(1)
        + TNEFWriter.word(.max),
      TNEFWriter.word(1) + TNEFWriter.word(0x3707_1003) + TNEFWriter.word(.max),
      TNEFWriter.word(1) + TNEFWriter.word(0x3707_0099) + TNEFWriter.word(1),
    ] {
      var writer = TNEFWriter()
      writer.addAttachment(title: "a", data: Self.abc)
      writer.add(2, 0x0006_9005, list)
      #expect(view(read(writer).files) == ["a=abc"])
      #expect(read(writer).isDamaged)
    }
  }

  /// Cut anywhere, it is damaged or ends between two attributes, and never more than it was.
  @Test func truncated() {
    var writer = TNEFWriter()
    writer.addAttachment(
      title: "a", data: Self.abc,
      properties: [TNEFWriter.property(0x3707, 0x001E, Array("n.js\0".utf8))])
    for count in 0..<writer.bytes.count {
      let cut = Array(writer.bytes.prefix(count))
      let contents = TNEFReader.read(cut.span, filesMax: 9, bytesMax: 99)
      #expect(contents.files.count <= 1)
    }
  }

  @Test func limits() {
    var writer = TNEFWriter()
    for name in ["a", "b", "c"] { writer.addAttachment(title: name, data: Self.abc) }
    for (files, bytes, count) in [(3, 9, 3), (2, 9, 2), (3, 8, 2), (0, 9, 0), (3, 0, 0)] {
      let contents = TNEFReader.read(writer.bytes.span, filesMax: files, bytesMax: bytes)
      #expect(contents.files.count == count)
      #expect(contents.isTruncated == (count < 3))
    }
  }

  @Test func notTNEF() {
    let hasSignature = TNEFReader.hasSignature(Self.abc.span)
    let contents = TNEFReader.read(Self.abc.span, filesMax: 9, bytesMax: 9)
    #expect(!hasSignature && contents == TNEFReader.Contents())
  }
}
