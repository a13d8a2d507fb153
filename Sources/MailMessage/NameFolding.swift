// Characters that programs and systems turn into ASCII, or drop, on the way from a mail's name to
// a file's: compatibility forms (Unicode NFKC and the best-fit tables of Windows' code pages) and
// what nobody sees (Unicode's Default_Ignorable_Code_Point, controls, U+FFFD of broken text).

enum NameFolding {
  /// The name in UTF-8 with ASCII for other forms of it, and without invisible characters.
  static func folded(_ name: String) -> [UInt8] {
    var bytes: [UInt8] = []
    for scalar in name.unicodeScalars where !isInvisible(scalar.value) {
      guard scalar.value > 127 else {
        bytes.append(UInt8(scalar.value))
        continue
      }
      if let other = ascii(scalar.value) {
        bytes.append(other)
      } else {
        bytes += UTF8.encode(scalar).map(Array.init) ?? []
      }
    }
    return bytes
  }

  /// Marks that have a direction and turn nothing; honest Hebrew and Arabic names have them, though
  /// not in an extension.
  static func marksDirection(_ value: UInt32) -> Bool {
    value == 0x200E || value == 0x200F || value == 0x61C
  }

  /// Marks that turn the direction of what follows them.
  static func turnsDirection(_ value: UInt32) -> Bool {
    (0x202A...0x202E).contains(value) || (0x2066...0x2069).contains(value)
  }

  static func isInvisible(_ value: UInt32) -> Bool {
    switch value {
    case 0...8, 0xB, 0xC, 0xE...0x1F, 0x7F...0x9F, 0xAD, 0x34F, 0x61C, 0x115F...0x1160,
      0x17B4...0x17B5, 0x180B...0x180F, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0x3164,
      0xFE00...0xFE0F, 0xFEFF, 0xFFA0, 0xFFF0...0xFFFD, 0x1D173...0x1D17A, 0xE0000...0xE0FFF:
      true
    default: false
    }
  }

  private static func ascii(_ value: UInt32) -> UInt8? {
    switch value {
    case 0xFF01...0xFF5E: UInt8(value - 0xFEE0)
    case 0x2024, 0x3002, 0xFF61, 0xFE52, 0xFE12, 0x2025, 0x2026: ASCII.dot
    case 0xA0, 0x1680, 0x2000...0x200A, 0x202F, 0x205F, 0x3000: ASCII.space
    case 0x24B6...0x24CF: UInt8(value - 0x24B6 + 97)
    case 0x24D0...0x24E9: UInt8(value - 0x24D0 + 97)
    case 0x249C...0x24B5: UInt8(value - 0x249C + 97)
    // Alphabets of 26 letters of each case; the letters they lack stand elsewhere.
    case 0x1D400...0x1D6A3:
      UInt8((value - 0x1D400) % 26 + 97)
    case 0x1D7CE...0x1D7FF: UInt8((value - 0x1D7CE) % 10 + 48)
    case 0x2080...0x2089: UInt8(value - 0x2080 + 48)
    default: letters[value]
    }
  }

  /// Single letters: superscripts and the letterlike symbols that the mathematical alphabets lack.
  private static let letters: [UInt32: UInt8] = [
    0x17F: 115, 0x212A: 107, 0x210E: 104, 0x212F: 101, 0x210A: 103, 0x2134: 111, 0x2110: 105,
    0x2112: 108, 0x211B: 114, 0x2130: 101, 0x2131: 102, 0x2133: 109, 0x2102: 99, 0x210D: 104,
    0x2115: 110, 0x2119: 112, 0x211A: 113, 0x211D: 114, 0x2124: 122, 0x212D: 99, 0x210C: 104,
    0x2111: 105, 0x211C: 114, 0x2128: 122, 0x212C: 98, 0x2139: 105, 0x2147: 101, 0x2148: 105,
    0x2149: 106, 0x2145: 100, 0x2146: 100, 0x2170: 105, 0x2174: 118, 0x2179: 120, 0x217C: 108,
    0x217D: 99, 0x217E: 100, 0x217F: 109, 0x2160: 105, 0x2164: 118, 0x2169: 120, 0x216C: 108,
    0x216D: 99, 0x216E: 100, 0x216F: 109, 0xAA: 97, 0xBA: 111, 0xB2: 50, 0xB3: 51, 0xB9: 49,
    0x1D43: 97, 0x1D47: 98, 0x1D48: 100, 0x1D49: 101, 0x1D4D: 103, 0x2071: 105, 0x1D4F: 107,
    0x1D50: 109, 0x1D52: 111, 0x1D56: 112, 0x1D57: 116, 0x1D58: 117, 0x1D5B: 118, 0x2B0: 104,
    0x2B2: 106, 0x2E1: 108, 0x2B3: 114, 0x2E2: 115, 0x2B7: 119, 0x2E3: 120, 0x2B8: 121, 0x207F: 110,
    0x2090: 97, 0x2091: 101, 0x2092: 111, 0x2093: 120, 0x1D62: 105, 0x1D63: 114,
    0x1D64: 117, 0x1D65: 118, 0x2C7C: 106, 0x2070: 48,
  ]
}
