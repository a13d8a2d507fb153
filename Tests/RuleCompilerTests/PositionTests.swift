// Lines, columns and ranges of source files.

import Testing

@testable import RuleCompiler

struct PositionTests {
  struct Case: Sendable {
    let text: String
    let offset: Int
    let line: Int
    let column: Int
    init(_ text: String, _ offset: Int, _ line: Int, _ column: Int) {
      self.text = text
      self.offset = offset
      self.line = line
      self.column = column
    }
  }

  @Test(arguments: [
    Case("", 0, 1, 1), Case("abc", 0, 1, 1), Case("abc", 3, 1, 4), Case("abc", 99, 1, 4),
    Case("abc", -1, 1, 1), Case("a\nb", 1, 1, 2), Case("a\nb", 2, 2, 1), Case("a\n", 2, 2, 1),
    Case("a\r\nb", 3, 2, 1), Case("\n\n\n", 2, 3, 1), Case("é=x", 2, 1, 2), Case("é=x", 3, 1, 3),
    Case("日本x", 6, 1, 3), Case("日本x", 4, 1, 2), Case("😀x", 4, 1, 2), Case("\tx", 1, 1, 2),
    Case("\u{FEFF}ab", 3, 1, 1), Case("\u{FEFF}ab", 4, 1, 2), Case("\u{FEFF}ab", 0, 1, 1),
  ]) func position(_ test: Case) {
    let file = SourceFile(name: "t", bytes: Array(test.text.utf8))
    #expect(file.position(ofByte: test.offset) == (line: test.line, column: test.column))
  }

  @Test func invalidBytesCountOneEach() {
    let file = SourceFile(name: "t", bytes: [0xE9, 0x80, 0xF0, 0x9F, 0x41])
    #expect((0...5).map { file.position(ofByte: $0).column } == [1, 2, 3, 4, 5, 6])
  }

  @Test(arguments: [4095, 4096, 4097, 12_000, 30_000]) func columnsInLongLines(_ column: Int) {
    // Three bytes a character, so that the marks in long lines are not at multiples of it.
    let text = "x\n" + String(repeating: "日", count: 30_000) + "\ny"
    let file = SourceFile(name: "t", bytes: Array(text.utf8))
    #expect(file.position(ofByte: 2 + 3 * column) == (line: 2, column: column + 1))
    #expect(file.position(ofByte: 2 + 90_001) == (line: 3, column: 1))
  }

  @Test func linesWithoutTheirEnds() {
    let file = SourceFile(name: "t", bytes: Array("a\r\n\nb\rc".utf8))
    #expect(file.lineCount == 3)
    let lines = (0...4).map { file.text(file.bytes(ofLine: $0)) }
    #expect(lines == ["", "a", "", "b\rc", ""])
  }

  static let scalars: [(bytes: [UInt8], value: UInt32?)] = [
    ([0x41], 0x41), ([0xC3, 0xA9], 0xE9), ([0xE2, 0x82, 0xAC], 0x20AC),
    ([0xF0, 0x9F, 0x98, 0x80], 0x1F600), ([0xF4, 0x8F, 0xBF, 0xBF], 0x10FFFF),
  ]

  @Test(arguments: scalars) func validUTF8(_ bytes: [UInt8], _ value: UInt32?) {
    let scalar = UTF8Scan.scalar(in: bytes, at: 0)
    #expect(scalar == UTF8Scan.Scalar(value: value, length: bytes.count))
  }

  /// Overlong, cut, surrogate, too big, and bytes that begin nothing (RFC 3629 §4).
  static let noScalars: [[UInt8]] = [
    [0xC0, 0x80], [0xC3], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xF0, 0x80, 0x80, 0x80],
    [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82, 0x41], [0xE2, 0x82], [0x80], [0xFF, 0xFF], [0xF5],
  ]

  @Test(arguments: noScalars) func invalidUTF8(_ bytes: [UInt8]) {
    let scalar = UTF8Scan.scalar(in: bytes, at: 0)
    #expect(scalar == UTF8Scan.Scalar(value: nil, length: 1))
  }

  @Test func rangesOfNodes() {
    let range = SourceRange(file: 1, bytes: 4..<9)
    #expect(range.start.bytes == 4..<4 && range.end.bytes == 9..<9)
    #expect(range.through(SourceRange(file: 1, bytes: 12..<15)).bytes == 4..<15)
    #expect(SourceRange(file: 0, bytes: 50..<60) < range)
    #expect(range.start < range)
  }

  @Test func fileOfUnknownIndexIsNone() {
    var sources = SourceSet()
    #expect(sources.add(SourceFile(name: "a", bytes: [])) == 0)
    #expect(sources.add(SourceFile(name: "b", bytes: [])) == 1)
    #expect(sources.file(of: SourceRange(file: 1, bytes: 0..<0))?.name == "b")
    #expect(sources.file(of: SourceRange(file: 2, bytes: 0..<0)) == nil)
    #expect(sources.file(of: SourceRange(file: -1, bytes: 0..<0)) == nil)
  }
}
