// Prose that is proven to be text without libmagic: libmagic must agree, always; and ordinary mail
// must be among it, or the proof is worth nothing.

import FileTypes
import Testing

@Suite struct PlainTextTests {
  /// The kind, and whether libmagic had to be asked.
  private func kind(_ bytes: [UInt8]) throws -> (kind: FileKind, wasAsked: Bool) {
    var detector = FileTypeDetector()
    let kind = try detector.kind(of: bytes.span)
    return (kind, detector.magicQuestions > 0)
  }

  @Test(arguments: [
    "Hello Ann,\r\n\r\nplease find the minutes attached. They include all that matters; except\r\n"
      + "for the important class of 2024, where we tried everything.\r\n"
      + "\r\nBest regards\r\nBob\r\n",
    "Sehr geehrte Frau Müller,\r\n\r\nvielen Dank für Ihre Anfrage über 100 € vom 3. Mai.\r\n",
    "> On Monday Ann wrote:\r\n> > What about it?\r\n\r\nThat is fine.\r\n-- \r\nBob\r\n",
    "Text: 日本語のメールです。\r\n",
    "Document of the week\r\n", "Delivery tomorrow, Grüße\r\n", "Größe und Gewicht\r\n",
    "Your order 12345 was shipped: https://shop.example/track?id=1&x=2\r\nCountry: Germany\r\n",
  ])
  func ordinaryMailIsProven(_ text: String) throws {
    let answer = try kind(ascii(text))
    #expect(answer.kind == .text)
    #expect(!answer.wasAsked)
  }

  @Test(arguments: [
    "8 items were found in the archive\r\n", "From: a@example.org\r\nTo: b\r\n\r\nhello there\r\n",
    "P1 is the first of all pages\r\n", "Hello <a href=\"x\">there</a>, how are you?\r\n",
    "see below\r\nimport os\r\n", "see below\r\n  class Foo\r\n", "<?php echo 1; ?> and so on\r\n",
    "@echo off\r\ndel *.*\r\n", "#!/bin/sh\nrm -rf\n", "Hello\u{0}there, how are you\r\n",
    "Hello\u{1B}[31m red\r\n", "%!PS and so on and on\r\n", "Short.\n",
    "\r\nBegins with a line end\r\n",
    "{\\rtf is how it begins\r\n", "xx-lh5- it is\r\n", "Vश is no sound file\r\n",
    "qǅ is no archive\r\n",
  ])
  func theUnusualIsNotClaimed(_ text: String) throws {
    #expect(try kind(ascii(text)).wasAsked || SureSignature(of: ascii(text).span) != nil)
  }

  /// What is no UTF-8 is text in some charset of one byte for each character.
  @Test(arguments: [
    [0x47, 0x72, 0xFC, 0xDF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF5, 0x80], [0xE2, 0x82],
  ])
  func textOfOneByteCharsetsIsProven(_ tail: [UInt8]) throws {
    for end in ["", ".\r\n"] {
      let bytes = ascii("Hello, this is prose: ") + tail + ascii(end)
      var detector = FileTypeDetector()
      #expect(FileTypeDetector.quickKind(of: bytes.span) == .text)
      #expect(FileKind.kind(ofMIMEType: try detector.magicMIMEType(of: bytes.span)) == .text)
    }
  }

  /// Bytes of binary formats that such a text could have, by where they begin to matter.
  @Test(arguments: [
    ascii("K") + [0xFC] + ascii("!!") + [0xCD, 0x21] + ascii(" it is"),
    ascii("v") + [0xFF] + ascii("what it is"), ascii("XARA") + [0xA3, 0xA3] + ascii("it is"),
    ascii("Hello ") + [0x55, 0xAA] + ascii("it is"), ascii("Hello") + [0xEE] + ascii("it is"),
    ascii("Hello, hello, h") + [0xE9] + ascii("llo"), ascii("Hello, hello, he") + [0xE9],
  ])
  func whatOtherFormatsHaveIsNot(_ bytes: [UInt8]) {
    #expect(FileTypeDetector.quickKind(of: bytes.span) == nil)
  }

  @Test func libmagicAgreesOnTextOfOneByteCharsets() throws {
    var random = SystemLike(seed: 8859)
    var detector = FileTypeDetector()
    var proven = 0
    for _ in 0..<60 {
      let bytes = (0..<Int.random(in: 8...600, using: &random)).map { _ -> UInt8 in
        switch Int.random(in: 0..<20, using: &random) {
        case 0: .random(in: 0x80...0xFF, using: &random)
        case 1...3: 0x20
        default: .random(in: 0x61...0x7A, using: &random)
        }
      }
      guard let kind = FileTypeDetector.quickKind(of: bytes.span) else { continue }
      proven += 1
      #expect(FileKind.kind(ofMIMEType: try detector.magicMIMEType(of: bytes.span)) == kind)
    }
    #expect(proven > 20)
  }

  @Test(arguments: [32_752, 32_753])
  func lengthLimit(_ count: Int) throws {
    let line = ascii("Hello, this is a line of prose that is written again and again.\r\n")
    let text = (0..<count).map { line[$0 % line.count] }
    let answer = try kind(text)
    #expect(answer.kind == .text)
    #expect(answer.wasAsked == (count > 32_752))
  }

  /// Texts made of prose and of the words that make libmagic think of other families.
  @Test func libmagicNeverDisagrees() throws {
    var detector = FileTypeDetector()
    var random = SystemLike(seed: 77)
    var proven = 0
    for _ in 0..<1500 {
      let text = Self.randomText(&random)
      let before = detector.magicQuestions
      let kind = try detector.kind(of: text.span)
      guard detector.magicQuestions == before, SureSignature(of: text.span) == nil else { continue }
      proven += 1
      let magic = try detector.magicMIMEType(of: text.span)
      #expect(
        FileKind.kind(ofMIMEType: magic) == kind,
        "\(magic): \(String(decoding: text, as: UTF8.self))")
    }
    #expect(proven > 300)
  }

  private static let words = [
    "the", "meeting", "on", "Monday", "is", "about", "müller", "12", "3,5", "a;b", "x=1", "(see",
    "b)",
    "important", "try:", "country:", "includes", "classes", "module", "from", "to:", "{", "}",
    "[1]",
    "*", "**", "--", "---", "***", ">", "|", "\"quoted\"", "'s", "#", "/*", "//", "<b>", "&amp;",
    "$x",
    "100%", "@", "\\n", "~", "^", "€", "日本", "end", "do", "if", "begin", "0", "SECTION", "HEADER",
    "WS",
    "O", "45", "GIMP", "SEGA", "IMA", "STL", "MM", "ER", "BM", "PK", "JFIF", "%PDF", "subject:",
    "=", "==",
  ]
  private static let rivals = [
    "import os", "from a import b", "class A:", "class Foo", "def f(x):", "require 'x'",
    "include Foo::",
    "export default", "function(", "typeof x ===", "eval 'exec perl", "<html>", "<title>",
    "finally:",
    "except X:", "#!/bin/sh", "EAPI=5", "(ns foo", "(This file must", "InternetShortcut", "<?xml",
  ]

  private static func randomText(_ random: inout SystemLike) -> [UInt8] {
    var text = ""
    let hasRivals = Int.random(in: 0..<3, using: &random) == 0
    for _ in 0..<Int.random(in: 1...12, using: &random) {
      for _ in 0..<Int.random(in: 1...10, using: &random) {
        let pool = hasRivals && Int.random(in: 0..<12, using: &random) == 0 ? rivals : words
        text += (pool.randomElement(using: &random) ?? "") + " "
      }
      text += Bool.random(using: &random) ? "\r\n" : "\n"
    }
    return ascii(text)
  }
}
