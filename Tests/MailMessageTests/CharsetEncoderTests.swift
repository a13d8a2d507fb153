// Text written in a declared charset: exactly, or not at all.

import MailMessage
import Testing

@Suite struct CharsetEncoderTests {
  @Test(
    arguments: [
      ("utf-8", "Grüße 日本 🙂", [UInt8]("Grüße 日本 🙂".utf8)),
      ("us-ascii", "plain", Array("plain".utf8)), ("us-ascii", "ü", nil), ("", "ü", nil),
      ("iso-8859-1", "Grüße", [0x47, 0x72, 0xFC, 0xDF, 0x65]), ("iso-8859-1", "€", nil),
      ("iso-8859-1", "\u{93}", nil),
      ("ISO-8859-15", "€", [0xA4]), ("iso-8859-15", "¤", nil),
      ("windows-1252", "€“", [0x80, 0x93]),
      ("windows-1251", "Привет", [0xCF, 0xF0, 0xE8, 0xE2, 0xE5, 0xF2]), ("koi8-r", "é", nil),
      ("iso-8859-2", "ł", [0xB3]), ("iso-8859-1", "ł", nil),
      ("shift_jis", "日本", [0x93, 0xFA, 0x96, 0x7B]), ("gb2312", "中文", [0xD6, 0xD0, 0xCE, 0xC4]),
      ("gb2312", "🙂", nil), ("big5", "中", [0xA4, 0xA4]), ("euc-kr", "한", [0xC7, 0xD1]),
      ("iso-2022-jp", "日a", [0x1B, 0x24, 0x42, 0x46, 0x7C, 0x1B, 0x28, 0x42, 0x61]),
      ("windows-1252", "don’t", [0x64, 0x6F, 0x6E, 0x92, 0x74]), ("windows-1250", "don’t ≈", nil),
    ] as [(String, String, [UInt8]?)])
  func written(_ charset: String, _ text: String, _ expected: [UInt8]?) {
    guard var encoder = CharsetEncoder(charset: charset) else {
      Issue.record("no encoder for \(charset)")
      return
    }
    #expect(encoder.encode(Array(text.utf8)) == expected)
    // The next text begins in the initial state.
    #expect(encoder.encode(Array(text.utf8)) == expected)
  }

  @Test(arguments: [
    "utf-16", "utf-7", "utf-32le", "cp037", "hz-gb-2312", "x-unknown", "nonsense", "../x",
    "utf-8//x",
    "iso-8859-1//translit",
  ])
  func refused(_ charset: String) {
    let isRefused: Bool
    if let encoder = CharsetEncoder(charset: charset) {
      _ = consume encoder
      isRefused = false
    } else {
      isRefused = true
    }
    #expect(isRefused)
  }

  @Test func invalidTextIsRefused() {
    var encoder = CharsetEncoder(charset: "utf-8")
    #expect(encoder?.encode([0xC3]) == nil)
  }

  @Test(arguments: ["windows-1251", "iso-2022-jp"])
  func longText(_ charset: String) {
    var encoder = CharsetEncoder(charset: charset)
    let text = Array(String(repeating: "Я ", count: 10_000).utf8)
    #expect(encoder?.encode(text) != nil)
  }
}
