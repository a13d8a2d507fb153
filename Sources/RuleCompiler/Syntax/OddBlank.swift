// Characters that look like others: blanks that are none to the grammar, what takes no place at
// all, and letters of other scripts that nobody can tell from ASCII. Web pages and word processors
// paste them. (Unicode 16, category Zs, and those look-alikes of UTS 39 that stand for one letter.)

enum OddBlank {
  /// Which of them it is; nil for all else.
  static func isOne(_ value: UInt32) -> Bool {
    switch value {
    case 0xA0, 0x1680, 0x2000...0x200A, 0x202F, 0x205F, 0x3000: true
    default: takesNoPlace(value)
    }
  }

  static func takesNoPlace(_ value: UInt32) -> Bool {
    [0xAD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF].contains(value)
  }

  /// The word in ASCII, when each of its letters looks like one.
  static func plain(_ word: String) -> String? {
    var plain = ""
    for character in word {
      guard let same = character.isASCII ? character : lookAlikes[character] else { return nil }
      plain.append(same)
    }
    return plain
  }

  private static let lookAlikes: [Character: Character] = [
    "а": "a", "с": "c", "ԁ": "d", "е": "e", "һ": "h", "і": "i", "ј": "j", "о": "o", "р": "p",
    "ѕ": "s", "у": "y", "х": "x", "А": "A", "В": "B", "С": "C", "Е": "E", "Н": "H", "І": "I",
    "Ј": "J", "К": "K", "М": "M", "О": "O", "Р": "P", "Ѕ": "S", "Т": "T", "У": "Y", "Х": "X",
    "ο": "o", "ν": "v", "Α": "A", "Β": "B", "Ε": "E", "Η": "H", "Ι": "I", "Κ": "K", "Μ": "M",
    "Ν": "N", "Ο": "O", "Ρ": "P", "Τ": "T", "Χ": "X", "Ζ": "Z",
  ]
}
