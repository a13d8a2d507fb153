// Text of mail on a terminal: nothing in it may move the cursor, colour, turn the direction of text
// or hide; and columns that stay columns for wide letters.

enum PlainText {
  /// The text on one line, with everything that is not plainly seen written as its number.
  static func line(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      if isPlain(scalar) {
        result.unicodeScalars.append(scalar)
      } else {
        result += "\\u{\(String(scalar.value, radix: 16))}"
      }
    }
    return result
  }

  /// Lines of mail, each made plain; their ends are kept.
  static func lines(_ bytes: ArraySlice<UInt8>) -> String {
    bytes.split(separator: 10, omittingEmptySubsequences: false).map { part in
      line(String(decoding: part.last == 13 ? part.dropLast() : part, as: UTF8.self))
    }.joined(separator: "\n")
  }

  /// Tabs are blanks for a table, and no harm.
  private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control: scalar == "\t"
    case .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
    default: true
    }
  }

  // MARK: Columns

  /// Cells of a terminal that a text takes.
  static func width(_ text: String) -> Int {
    text.unicodeScalars.reduce(0) { $0 + width($1) }
  }

  private static func width(_ scalar: Unicode.Scalar) -> Int {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark: return 0
    default: break
    }
    // The wide blocks of UAX #11, roughly: Hangul, CJK, full-width forms, emoji.
    switch scalar.value {
    case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
      0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
      return 2
    default: return 1
    }
  }

  /// At most so many cells, the end of what was cut marked.
  static func cut(_ text: String, _ widthMax: Int) -> String {
    if width(text) <= widthMax { return text }
    var result = String.UnicodeScalarView()
    var left = widthMax - 1
    for scalar in text.unicodeScalars {
      left -= width(scalar)
      if left < 0 { break }
      result.append(scalar)
    }
    return String(result) + "…"
  }
}

/// Rows in columns that stand under each other. Cells are made plain here.
struct TextTable {
  private static let cellWidthMax = 40
  private var rows: [[String]]

  init(_ titles: [String]) { rows = [titles] }

  /// The last cell of a row has more room: nothing stands behind it.
  mutating func add(_ cells: [String]) {
    rows.append(
      cells.enumerated().map { index, cell in
        let isLast = index == cells.count - 1
        return PlainText.cut(
          PlainText.line(cell).replacing("\t", with: " "),
          isLast ? 2 * Self.cellWidthMax : Self.cellWidthMax)
      })
  }

  var lines: [String] {
    let count = rows.first?.count ?? 0
    let widths = (0..<count).map { column in rows.map { PlainText.width($0[column]) }.max() ?? 0 }
    return rows.map { row in
      let cells = row.enumerated().map { index, cell in
        index == count - 1
          ? cell : cell + String(repeating: " ", count: widths[index] - PlainText.width(cell))
      }
      let line = cells.joined(separator: "  ")
      return String(
        line.prefix(upTo: line.lastIndex { $0 != " " }.map(line.index(after:)) ?? line.startIndex))
    }
  }
}
