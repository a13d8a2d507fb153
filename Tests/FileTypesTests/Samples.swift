// Small made-up files: just enough of each format for its signature.

import FileTypes
import Testing

/// The signature of these bytes; the macros of Testing cannot take a span.
func sure(_ bytes: [UInt8]) -> SureSignature? { SureSignature(of: bytes.span) }

struct Sample: Sendable, CustomTestStringConvertible {
  let name: String
  let bytes: [UInt8]
  var testDescription: String { name }

  init(_ name: String, _ parts: [UInt8]...) {
    self.name = name
    bytes = Array(parts.joined())
  }
}

/// The bytes of ASCII text.
func ascii(_ text: String) -> [UInt8] { Array(text.utf8) }

func zeros(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: count) }

func little(_ value: Int, _ size: Int) -> [UInt8] {
  (0..<size).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
}

func big(_ value: Int, _ size: Int) -> [UInt8] { little(value, size).reversed() }

enum Samples {
  static func dos(header: Int, magic: String, size: Int = 400) -> [UInt8] {
    var bytes =
      ascii("MZ") + [0x90, 0, 3, 0, 0, 0, 4, 0, 0, 0, 0xFF, 0xFF, 0, 0] + zeros(size - 16)
    bytes[0x18] = 0x40
    bytes.replaceSubrange(0x3C..<0x40, with: little(header, 4))
    if header + magic.utf8.count <= bytes.count {
      bytes.replaceSubrange(header..<header + magic.utf8.count, with: ascii(magic))
      if header + 26 <= bytes.count {
        bytes.replaceSubrange(header + 24..<header + 26, with: [0xB, 2])
      }
    }
    return bytes
  }

  static func elf(type: Int, bits: UInt8 = 2, order: UInt8 = 1) -> [UInt8] {
    let number = order == 1 ? little : big
    return [0x7F, 0x45, 0x4C, 0x46, bits, order, 1, 0] + zeros(8) + number(type, 2)
      + number(order == 1 ? 62 : 8, 2) + number(1, 4) + zeros(40)
  }

  static func entry(_ name: String, _ data: [UInt8] = [], extra: [UInt8] = []) -> [UInt8] {
    ascii("PK\u{3}\u{4}") + little(20, 2) + zeros(4) + little(0x21_0000, 4) + zeros(4)
      + little(data.count, 4) + little(data.count, 4) + little(name.utf8.count, 2)
      + little(extra.count, 2) + ascii(name) + extra + data
  }

  static func openDocument(_ type: String) -> [UInt8] {
    entry("mimetype", ascii("application/vnd.oasis.opendocument." + type))
      + entry("content.xml", ascii("<office/>"))
  }

  static func officePackage(_ folder: String, before: [String]) -> [UInt8] {
    Array(before.map { entry($0, zeros(60)) }.joined()) + entry(folder + "a.xml", zeros(60))
      + entry("docProps/app.xml", zeros(60))
  }

  static func media(_ brand: String) -> [UInt8] {
    big(24, 4) + ascii("ftyp" + brand) + big(512, 4) + ascii("isommp42") + zeros(16)
  }

  static func ogg(_ packet: String) -> [UInt8] {
    ascii("OggS\0\u{2}") + zeros(20) + [1, 0x1E] + ascii(packet) + zeros(40)
  }
}
