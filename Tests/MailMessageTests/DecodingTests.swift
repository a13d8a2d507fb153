// Transfer encodings and charsets of bodies.

import MailMessage
import Testing

struct DecodingCase: CustomTestStringConvertible, Sendable {
  let encoding: String
  let body: String
  let decoded: String
  var isMalformed = false
  var testDescription: String { "\(encoding): \(body)" }
}

@Suite struct DecodingTests {
  @Test(arguments: base64 + others)
  func decoded(_ example: DecodingCase) {
    let message = MailMessage(
      text: "Content-Transfer-Encoding: \(example.encoding)\n\n\(example.body)")
    var bytes: [UInt8] = []
    let result = message.appendDecodedBody(of: 0, to: &bytes)
    #expect(text(bytes) == example.decoded)
    #expect(result.isMalformed == example.isMalformed)
    #expect(result.isComplete)
    if message.parts[0].encoding == .base64 {
      #expect(message.parts[0].anomalies.contains(.badBase64) == example.isMalformed)
    }
  }

  static let base64: [DecodingCase] = [
    DecodingCase(encoding: "base64", body: "", decoded: ""),
    DecodingCase(encoding: "BASE64", body: "YQ==", decoded: "a"),
    DecodingCase(encoding: "base64", body: "YWI=\n", decoded: "ab"),
    DecodingCase(encoding: "base64", body: "YWJj", decoded: "abc"),
    DecodingCase(encoding: "base64", body: "YWJ\njZ GVm\n", decoded: "abcdef"),
    DecodingCase(encoding: "\"base64\"", body: "YWJj", decoded: "abc"),
    DecodingCase(encoding: "base64", body: "YQ", decoded: "a", isMalformed: true),
    DecodingCase(encoding: "base64", body: "YWI", decoded: "ab", isMalformed: true),
    DecodingCase(encoding: "base64", body: "YQ=", decoded: "a", isMalformed: true),
    DecodingCase(encoding: "base64", body: "YQ===", decoded: "a", isMalformed: true),
    DecodingCase(encoding: "base64", body: "YWJj=", decoded: "abc", isMalformed: true),
    DecodingCase(encoding: "base64", body: "Y", decoded: "", isMalformed: true),
    DecodingCase(encoding: "base64", body: "Y!W*Jj", decoded: "abc", isMalformed: true),
    DecodingCase(encoding: "base64", body: "YQ==YWJj", decoded: "aabc", isMalformed: true),
    DecodingCase(
      encoding: "base64", body: "YWJj\n-- \nfoot", decoded: "abc~\u{FFFD}-", isMalformed: true),
  ]

  static let others: [DecodingCase] = [
    DecodingCase(encoding: "7bit", body: "a=41", decoded: "a=41"),
    DecodingCase(encoding: "x-own", body: "a=41", decoded: "a=41"),
    DecodingCase(encoding: "Quoted-Printable", body: "a=41=c3=a4", decoded: "aAä"),
    DecodingCase(
      encoding: "Quoted-Printable", body: "a=41=c3=A4", decoded: "aAä", isMalformed: true),
    DecodingCase(encoding: "quoted-printable", body: "a \t\nb=\nc= \nd", decoded: "a\r\nbcd"),
    DecodingCase(encoding: "quoted-printable", body: "a=20\n\n=\n", decoded: "a \r\n\r\n"),
    DecodingCase(encoding: "quoted-printable", body: "=4=zz=", decoded: "=4=zz", isMalformed: true),
    DecodingCase(
      encoding: "x-uuencode", body: "x\nbegin 644 a.txt\n#86)C\n`\nend\ny\n", decoded: "abc"),
    DecodingCase(
      encoding: "x-uuencode", body: "begin 644 a\n!80\n \nend\nbegin 644 b\n!8@\nend\n",
      decoded: "ab"),
    DecodingCase(
      encoding: "uuencode", body: "begin 644 a\n#86)C\n", decoded: "abc", isMalformed: true),
    DecodingCase(encoding: "uuencode", body: "#86)C\n", decoded: "abc", isMalformed: true),
    DecodingCase(
      encoding: "uuencode", body: "begin 644 a\r#86)C\r#86)C\r`\rend\r", decoded: "abcabc"),
    DecodingCase(
      encoding: "uuencode", body: "begin 644 a\nM86\n~\nend\n", decoded: "a`\u{0}",
      isMalformed: true),
  ]

  @Test(arguments: ["base64", "quoted-printable", "x-uuencode", "8bit"])
  func limit(_ encoding: String) {
    let bodies = [
      "base64": "YWJjZGVm", "quoted-printable": "=61bc=\ndef", "x-uuencode": "#86)C\n#9&5F\n",
      "8bit": "abcdef",
    ]
    let body = bodies[encoding] ?? ""
    let message = MailMessage(text: "Content-Transfer-Encoding: \(encoding)\n\n\(body)")
    for limit in 0...7 {
      var bytes = Array("xy".utf8)
      let result = message.appendDecodedBody(of: 0, to: &bytes, limitBytes: limit)
      #expect(text(bytes) == "xy" + "abcdef".prefix(limit), "limit \(limit)")
      #expect(result.isComplete == (limit >= 6), "limit \(limit)")
    }
  }

  /// More than the pieces in which base64 is decoded, with lines that end inside groups of four.
  @Test func longBase64() {
    let message = MailMessage(
      text: "Content-Transfer-Encoding: base64\n\n"
        + String(repeating: "QUJDREVGR0hJSkt\nMTU5P\n", count: 9_000))
    var bytes: [UInt8] = []
    let result = message.appendDecodedBody(of: 0, to: &bytes)
    #expect(text(bytes) == String(repeating: "ABCDEFGHIJKLMNO", count: 9_000))
    #expect(!result.isMalformed)
  }

  @Test(
    arguments: [
      ("", [0x61, 0xC3, 0xA4, 0xE4], "aä\u{FFFD}", true),
      (
        "utf-8", [0xC3, 0xA4, 0xED, 0xA0, 0x80, 0xF0, 0x9F], "ä\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}",
        true
      ),
      ("iso-8859-1", [0xE4, 0x80, 0x81], "ä€\u{81}", true),
      ("WINDOWS-1252", [0x93, 0x94], "“”", true),
      ("iso-8859-15", [0xA4], "€", true),
      ("gb2312", [0xB0, 0xA1], "啊", true),
      ("shift_jis", [0x82, 0xA0], "あ", true),
      ("shift_jis", [0x61, 0x82], "a\u{FFFD}", true),
      ("euc-kr", [0xB0, 0xA1], "가", true),
      ("utf-7", [0x2B, 0x41, 0x4F, 0x51, 0x2D], "ä", true),
      ("utf-16", [0xFE, 0xFF, 0x00, 0x61], "a", true),
      ("utf-16le", [0x61, 0x00, 0x3D, 0xD8], "a\u{FFFD}\u{FFFD}", true),
      ("x-none", [0x61, 0xE4, 0xC3, 0xA4], "a\u{FFFD}ä", false),
      ("../utf-8", [0x61], "a", false),
      ("char", [0x61], "a", false),
      ("utf-8//IGNORE", [0x61, 0xFF], "a\u{FFFD}", false),
    ] as [(String, [UInt8], String, Bool)])
  func charset(_ name: String, _ bytes: [UInt8], _ expected: String, _ isKnown: Bool) {
    let message = MailMessage(mail("Content-Type: text/plain; charset=\"\(name)\"\n\n") + bytes)
    var output: [UInt8] = []
    let result = message.appendText(of: 0, to: &output)
    #expect(text(output) == expected)
    #expect(result.isCharsetKnown == isKnown)
    #expect(message.anomalies.contains(.unknownCharset) == !isKnown)
  }

  /// Garbage in a charset costs a bounded number of restarts, then counts as bytes.
  @Test func hopelessCharset() {
    let garbage = [UInt8](repeating: 0xFF, count: 150_000)
    let message = MailMessage(mail("Content-Type: text/plain; charset=gb18030\n\n") + garbage)
    var output: [UInt8] = []
    _ = message.appendText(of: 0, to: &output)
    #expect(text(output) == String(repeating: "\u{FFFD}", count: 150_000))
  }

  @Test func textLimitKeepsCharactersWhole() {
    let message = MailMessage(
      mail("Content-Type: text/plain; charset=iso-8859-1\n\n") + [0x61, 0xE4, 0xE4])
    for (limit, expected) in [(0, ""), (1, "a"), (2, "a"), (3, "aä"), (4, "aä"), (5, "aää")] {
      var output: [UInt8] = []
      let result = message.appendText(of: 0, to: &output, limitBytes: limit)
      #expect(text(output) == expected, "limit \(limit)")
      #expect(result.isComplete == (limit == 5), "limit \(limit)")
    }
  }
}
