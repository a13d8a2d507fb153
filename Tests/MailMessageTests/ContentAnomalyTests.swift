// Oddities of lines, of headers' text, of encodings and charsets: when they are told, and when not.

import MailMessage
import Testing

struct LineCase: CustomTestStringConvertible, Sendable {
  let bytes: [UInt8]
  let anomalies: [Anomaly]
  init(_ text: String, _ anomalies: [Anomaly] = []) {
    bytes = Array(("Subject: x\r\n\r\n" + text).utf8)
    self.anomalies = anomalies
  }
  var testDescription: String { String(decoding: bytes, as: UTF8.self).debugDescription }
}

@Suite struct ContentAnomalyTests {
  static let lines: [LineCase] = [
    LineCase("a\r\nb\r\n"), LineCase(""), LineCase(".\r\n"), LineCase("a\r\n.\r\nb\r\n"),
    LineCase("a\r\n.\r\n"), LineCase("a\r\n..\r\n"), LineCase("a\r\n. \r\n"), LineCase("a\r\n."),
    LineCase("a\n", [.bareLF]), LineCase("a\rb\r\n", [.bareCR]), LineCase("a\0\r\n", [.nul]),
    LineCase("a\r", [.bareCR]), LineCase("a\r\r\n", [.bareCR]),
    LineCase("a\n.\n", [.bareLF, .smuggling]), LineCase("a\n.\r\n", [.bareLF, .smuggling]),
    LineCase("a\r\n.\n", [.bareLF, .smuggling]), LineCase("a\r.\r", [.bareCR, .smuggling]),
    LineCase("a\r\n.\rb\r\n", [.bareCR, .smuggling]),
    LineCase("a\r.\r\n", [.bareCR, .smuggling]),
    LineCase("a\r.\n", [.bareCR, .bareLF, .smuggling]),
    LineCase("a\r\n\0.\r\n", [.nul, .smuggling]), LineCase("a\r\n.\0\r\n", [.nul, .smuggling]),
    LineCase("a\r\0\n.\r\n", [.bareCR, .bareLF, .nul, .smuggling]),
    LineCase("a\n..\n", [.bareLF]), LineCase("a\n.b\n", [.bareLF]), LineCase("a\n.", [.bareLF]),
    LineCase("a.\n", [.bareLF]),
    LineCase(String(repeating: "a", count: 998) + "\r\n"),
    LineCase(String(repeating: "a", count: 999) + "\r\n", [.longLine]),
    LineCase("a\r\n" + String(repeating: "a", count: 999), [.longLine]),
    LineCase(String(repeating: "a", count: 998) + "\n", [.bareLF]),
  ]

  @Test(arguments: lines)
  func line(_ example: LineCase) {
    let message = MailMessage(example.bytes)
    #expect(message.anomalies == example.anomalies)
  }

  static let headers: [(String, [Anomaly])] = [
    ("Subject: plain\r\n\tfolded", []), ("Subject: gr\u{FC}n", []),
    ("Subject: =?utf-8?q?gr=C3=BCn?= =?iso-2022-jp?b?GyRCRnw=?=", []),
    ("Subject: a\u{7}b", [.badHeaderText]), ("Subject: a\u{B}b", [.badHeaderText]),
    ("Subject: a\u{7F}", [.badHeaderText]), ("Subject: a\u{1B}[1m", [.badHeaderText]),
    ("Subject: =?utf-7?q?+ADw-?=", [.riskyCharset]),
    ("Subject: a =?UTF-16*en?b?ADw=?=", [.riskyCharset]), ("Subject: =? =?", []),
    ("Subject: =?\(String(repeating: "x", count: 60))?q?a?=", []),
  ]

  @Test(arguments: headers)
  func header(_ header: String, _ anomalies: [Anomaly]) {
    #expect(MailMessage(Array("\(header)\r\n\r\n".utf8)).anomalies == anomalies)
  }

  @Test func headerInLatin1() {
    let message = MailMessage(Array("Subject: ".utf8) + [0xFC, 13, 10, 13, 10])
    #expect(message.anomalies == [.badHeaderText])
  }

  static let encodings: [(String, [UInt8], [Anomaly])] = [
    ("7bit", [0x61], []), ("7bit", [0xC3, 0xBC], [.encodingMismatch]),
    ("7bit", [0xFC], [.encodingMismatch]), ("8bit", [0xFC], []), ("binary", [0xFC], []),
    ("quoted-printable", [0x61, 0x3D, 0x0D, 0x0A], []),
    ("quoted-printable", [0x61, 0x3D, 0x62], [.badQuotedPrintable]),
    ("quoted-printable", [0xFC], [.badQuotedPrintable]),
    ("quoted-printable", [0x3D, 0x20, 0x09, 0x0D, 0x0A], []),
    ("quoted-printable", [0x3D, 0x34], [.badQuotedPrintable]),
  ]

  @Test(arguments: encodings)
  func encoding(_ name: String, _ body: [UInt8], _ anomalies: [Anomaly]) {
    let header = "Content-Transfer-Encoding: \(name)\r\n\r\n"
    #expect(MailMessage(Array(header.utf8) + body).anomalies == anomalies)
  }

  /// Without a declared encoding much mail is 8-bit.
  @Test func undeclaredEncoding() {
    #expect(MailMessage(Array("Subject: x\r\n\r\n\u{FC}".utf8)).anomalies.isEmpty)
  }

  @Test(
    arguments: [
      ("utf-8", []), ("iso-8859-15", []), ("shift_jis", []), ("iso-2022-jp", []), ("gb2312", []),
      ("cp437", []), ("Windows-1251", []), ("koi8-r", []), ("big5", []), ("us-ascii", []),
      ("utf-7", [.riskyCharset]), ("UTF-16", [.riskyCharset]), ("utf-16be", [.riskyCharset]),
      ("utf-32", [.riskyCharset]), ("ucs-2", [.riskyCharset]), ("ibm037", [.riskyCharset]),
      ("cp500", [.riskyCharset]), ("ebcdic-cp-us", [.riskyCharset]), ("ebcdic", [.riskyCharset]),
      ("unicode-1-1-utf-7", [.riskyCharset]), ("\" utf-7 \"", [.riskyCharset]),
      ("\"'utf-7'\"", [.riskyCharset]), ("utf-8; charset=utf-7", [.riskyCharset]),
      ("hz-gb-2312", [.unknownCharset, .riskyCharset]), ("x-none", [.unknownCharset]),
    ] as [(String, [Anomaly])])
  func charset(_ name: String, _ anomalies: [Anomaly]) {
    let header = "Content-Type: text/plain; charset=\(name)\r\n\r\n"
    let found = MailMessage(Array(header.utf8)).anomalies
    for anomaly in [Anomaly.riskyCharset, .unknownCharset] {
      #expect(found.contains(anomaly) == anomalies.contains(anomaly), "\(anomaly)")
    }
    let other = "Content-Type: application/pdf; charset=\(name)\r\n\r\n"
    #expect(!MailMessage(Array(other.utf8)).anomalies.contains(.riskyCharset))
  }

  @Test(
    arguments: [
      ("utf-7", Array("+ADw-b+AD4-".utf8), "<b>"), ("\" utf-7 \"", Array("+ADw-".utf8), "<"),
      ("cp65000", Array("+ADw-".utf8), "<"), ("utf-16", [0, 0x3C, 0, 0x62], "<b"),
      ("utf-16", [0x3C, 0, 0x62, 0], "<b"), ("utf-16", [0xFE, 0xFF, 0, 0x3C], "<"),
      ("utf-16", [0xFF, 0xFE, 0x3C, 0], "<"), ("utf-32", [0x3C, 0, 0, 0], "<"),
      ("utf-32", [0, 0, 0, 0x3C], "<"), ("ucs-2", [0, 0x3C], "<"), ("unicode", [0x3C, 0], "<"),
      ("utf-8", [0xFF, 0xFE, 0x3C, 0], "<"),
      ("iso-8859-1", [0xEF, 0xBB, 0xBF, 0xC3, 0xBC], "\u{FEFF}\u{FC}"),
      ("us-ascii", [0xFE, 0xFF, 0, 0x3C], "<"), ("ibm037", [0x4C, 0x82, 0x6E], "<b>"),
      ("ebcdic", [0x4C], "<"), ("ibm-37", [0x4C], "<"), ("cp437", [0x84], "\u{E4}"),
      ("437", [0x84], "\u{E4}"), ("dos-437", [0x84], "\u{E4}"), ("x-cp1251", [0xC0], "\u{410}"),
      ("win-1251", [0xC0], "\u{410}"), ("windows1251", [0xC0], "\u{410}"),
      ("utf8", [0xC3, 0xA4], "\u{E4}"), ("\"'utf-8'\"", [0xC3, 0xA4], "\u{E4}"),
      ("latin-1", [0xE4], "\u{E4}"), ("windows-874", [0xA1], "\u{E01}"),
    ] as [(String, [UInt8], String)])
  func converted(_ name: String, _ bytes: [UInt8], _ expected: String) {
    let header = "Content-Type: text/html; charset=\(name)\r\n\r\n"
    let message = MailMessage(Array(header.utf8) + bytes)
    var output: [UInt8] = []
    let result = message.appendText(of: 0, to: &output)
    #expect(text(output) == expected)
    #expect(result.isCharsetKnown)
  }
}
