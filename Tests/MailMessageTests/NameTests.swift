// File names and parameters from all places where mail programs look for them.

import MailMessage
import Testing

struct NameCase: CustomTestStringConvertible, Sendable {
  let header: String
  let names: [String]
  var isConflict = false
  var testDescription: String { header }
}

@Suite struct NameTests {
  @Test(arguments: standard + encoded + broken)
  func names(_ example: NameCase) {
    let message = MailMessage(text: example.header + "\n\n")
    #expect(message.parts[0].names == example.names)
    #expect(message.anomalies.contains(.nameConflict) == example.isConflict)
  }

  static let standard: [NameCase] = [
    NameCase(header: "Subject: x", names: []),
    NameCase(header: "Content-Disposition: attachment; filename=a.pdf", names: ["a.pdf"]),
    NameCase(header: #"Content-Disposition: attachment; FileName="a b.pdf""#, names: ["a b.pdf"]),
    NameCase(header: #"Content-Type: x/y; name="a.pdf""#, names: ["a.pdf"]),
    NameCase(
      header: "Content-Type: x/y; name=a.pdf\nContent-Disposition: inline; filename=a.exe",
      names: ["a.exe", "a.pdf"], isConflict: true),
    NameCase(
      header: "Content-Type: x/y; name=a.pdf\nContent-Disposition: inline; filename=a.pdf",
      names: ["a.pdf"]),
    NameCase(
      header: #"Content-Disposition: attachment; filename="a\"b\\c.txt""#,
      names: [#"a"b\c.txt"#, "c.txt"]),
    NameCase(
      header: "Content-Disposition: attachment;\n filename=\"long\n name.txt\"",
      names: ["long name.txt"]),
    NameCase(header: "Content-Disposition: attachment; filename=\"a;b.txt\"", names: ["a;b.txt"]),
  ]

  static let encoded: [NameCase] = [
    NameCase(
      header: "Content-Disposition: attachment; filename*=utf-8'de'na%C3%AFve.exe",
      names: ["naïve.exe"]),
    NameCase(
      header: "Content-Disposition: attachment; filename*=iso-8859-1''%E4.pdf; filename=ae.pdf",
      names: ["ä.pdf", "ae.pdf"]),
    NameCase(
      header: "Content-Disposition: attachment; filename*=a'%41.pdf", names: ["a'A.pdf"]),
    NameCase(
      header: "Content-Disposition: attachment; filename*1=b.e; filename*2=xe; filename*0=a",
      names: ["ab.exe", "b.exea"]),
    NameCase(
      header: """
        Content-Type: x/y; name*2*=%2Eexe; name*0*=koi8-r''%C6; name*1="%41"
        """, names: ["ф%41.exe", "фA.exe"]),
    NameCase(
      header: "Content-Disposition: attachment; filename*0=a; filename*2=c; filename*0=x",
      names: ["ac", "acx", "a", "xc"]),
    NameCase(
      header: #"Content-Disposition: attachment; filename="=?utf-8?B?YS5leGU=?=""#,
      names: ["a.exe"]),
    NameCase(
      header: "Content-Type: x/y; name==?utf-8?q?a=2E?=\n =?utf-8?q?exe?=", names: ["a.exe"]),
    NameCase(header: "Content-Disposition: attachment; filename=\"ä.exe\"", names: ["ä.exe"]),
    NameCase(header: "Content-Disposition: attachment; filename*=''%zz%4", names: ["%zz%4"]),
    NameCase(
      header: "Content-Disposition: attachment; filename*=x-none''%FF.exe",
      names: ["\u{FFFD}.exe"]),
  ]

  static let broken: [NameCase] = [
    NameCase(
      header: "Content-Disposition: attachment; filename=a b.exe",
      names: ["a b.exe", "a"], isConflict: true),
    NameCase(
      header: "Content-Disposition: attachment; filename=file (1).pdf; size=3",
      names: ["file (1).pdf", "file .pdf", "file"], isConflict: true),
    NameCase(header: "Content-Disposition: attachment filename=a.exe", names: ["a.exe"]),
    NameCase(header: "Content-Disposition: filename=a.exe", names: ["a.exe"]),
    NameCase(header: "Content-Type: x/y; charset=utf-8 name=a.exe", names: ["a.exe"]),
    NameCase(header: "Content-Type: x/y; charset=\"utf-8\" name=a.exe", names: ["a.exe"]),
    NameCase(header: "Content-Type: x/y; (c; d) name (e) = a.exe", names: ["a.exe"]),
    NameCase(header: "Content-Disposition: attachment; filename=\"a.exe", names: ["a.exe"]),
    NameCase(header: "Content-Disposition: attachment;;; =x; filename=a.exe;", names: ["a.exe"]),
    NameCase(
      header: "Content-Disposition: attachment; filename=(1).pdf", names: ["(1).pdf", ".pdf"]),
    NameCase(
      header: "Content-Disposition: attachment; filename=(c) a.pdf", names: ["a.pdf", "(c) a.pdf"]),
    NameCase(header: "Content-Disposition: attachment; filename=", names: []),
    NameCase(
      header: "Content-Disposition: attachment; filename=\"a.exe\"b; x",
      names: ["a.exe", "a.exeb", "a.exe\"b"], isConflict: true),
    NameCase(
      header: "Content-Disposition: a; filename=a.exe\nContent-Disposition: b; filename=b.pdf",
      names: ["a.exe", "b.pdf"], isConflict: true),
    NameCase(
      header: "Content-Disposition: attachment; filename=a.exe; filename=b.pdf",
      names: ["a.exe", "b.pdf"], isConflict: true),
  ]

  @Test func rawLatinName() {
    let head = Array("Content-Disposition: attachment; filename=\"".utf8)
    let message = MailMessage(head + [0xE4] + Array(".exe\"\r\n\r\n".utf8))
    #expect(message.parts[0].names == ["\u{FFFD}.exe"])
  }

  @Test(arguments: [
    ("a.EXE", "exe"), ("a.tar.gz", "gz"), ("a.exe. . ", "exe"), ("a", ""), (".bashrc", "bashrc"),
    ("", ""), ("...", ""), ("a.b/c", ""), ("c:\\x.y\\run.Cmd", "cmd"), ("a.exe\u{0}", "exe"),
    ("a.ÄX", "Äx"), ("a. exe", " exe"),
  ])
  func fileExtension(_ name: String, _ expected: String) {
    #expect(FileName.extension(of: name) == expected)
  }

  @Test func declarations() {
    let part = MailMessage(
      text: """
        Content-Type: Text/Plain; Charset="UTF-8" (x); format=flowed
        Content-Disposition: (c) ATTACHMENT; filename=x
        Content-Transfer-Encoding: (c) Base64 (d)

        """
    ).parts[0]
    #expect(part.charset == "utf-8")
    #expect(part.disposition == "attachment")
    #expect(part.encoding == .base64 && part.encodingName == "base64")
    #expect(part.parameter("format") == "flowed")
    #expect(part.parameter("name") == nil)
    #expect(part.contentType == ContentType(type: "text", subtype: "plain"))
    #expect(part.isTypeDeclared)
  }

  @Test func noDeclarations() {
    let part = MailMessage(text: "\n\n").parts[0]
    #expect(part.charset == nil && part.disposition == nil && part.encodingName == nil)
    #expect(part.encoding == .sevenBit && !part.isTypeDeclared && part.names.isEmpty)
  }
}
