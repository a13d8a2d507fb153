// The source line under a message, with its caret. What is shown must be what is there: controls
// and bidirectional marks are written as numbers, and the caret stands under the right character
// also behind tabs, wide characters and on lines that are cut.

/// One source line prepared for showing.
struct EchoedLine {
  /// What one source character becomes on the screen.
  private struct Cell {
    let text: String
    let width: Int
    let offset: Int
  }

  /// A screen line holds this many columns of source; more is cut.
  static let columnsMax = 100
  /// Columns kept before the span when a line is cut.
  private static let columnsBefore = 30

  let lineNumber: Int
  /// `14 |     replace "x";`
  let source: String
  /// `   |     ^~~~~~~`
  let caret: String

  init(_ file: SourceFile, _ range: Range<Int>) {
    lineNumber = file.position(ofByte: range.lowerBound).line
    let number = String(lineNumber)
    let gutter = number.count + 3
    let line = file.bytes(ofLine: lineNumber)
    let span = range.clamped(to: line.lowerBound..<max(line.upperBound, line.lowerBound))
    let start = min(max(range.lowerBound, line.lowerBound), line.upperBound)
    let cells = Self.cells(file.bytes, line, around: start, gutter: gutter)
    source = Self.trimmed("\(number) | " + cells.map(\.text).joined())
    caret =
      String(repeating: " ", count: number.count) + " | "
      + Self.marks(cells, start: start, end: span.isEmpty ? start : span.upperBound)
  }

  /// The cells of the line, or of the piece of it around the span.
  private static func cells(
    _ bytes: [UInt8], _ line: Range<Int>, around start: Int, gutter: Int
  ) -> [Cell] {
    // A column is one byte at least, but for marks of no width: this is plenty, and bounded.
    var first = max(line.lowerBound, start - 4 * columnsMax)
    while first > line.lowerBound && bytes[first] & 0xC0 == 0x80 { first -= 1 }
    let last = min(line.upperBound, start + 8 * columnsMax)
    let isPiece = first > line.lowerBound || last < line.upperBound
    let all = measured(bytes, first..<last, gutter: isPiece ? nil : gutter)
    if !isPiece && all.reduce(0, { $0 + $1.width }) <= columnsMax { return all }
    return cut(measured(bytes, first..<last, gutter: nil), around: start, in: line)
  }

  /// - Parameter gutter: columns before the line, for tab stops; nil makes a tab one blank.
  private static func measured(_ bytes: [UInt8], _ piece: Range<Int>, gutter: Int?) -> [Cell] {
    var cells: [Cell] = []
    var column = gutter ?? 0
    var index = piece.lowerBound
    while index < piece.upperBound {
      let scalar = UTF8Scan.scalar(in: bytes, at: index)
      let cell: Cell
      if bytes[index] == 0x09 {
        cell =
          gutter == nil
          ? Cell(text: " ", width: 1, offset: index)
          : Cell(text: "\t", width: 8 - column % 8, offset: index)
      } else if let value = scalar.value.flatMap(Unicode.Scalar.init) {
        let text = visible(value)
        let isEscape = text.unicodeScalars.count > 1
        cell = Cell(text: text, width: isEscape ? text.utf8.count : value.columns, offset: index)
      } else {
        let hex = String(bytes[index], radix: 16, uppercase: true)
        cell = Cell(text: "<\(hex)>", width: hex.utf8.count + 2, offset: index)
      }
      cells.append(cell)
      column += cell.width
      index += scalar.length
    }
    return cells
  }

  private static func cut(_ cells: [Cell], around start: Int, in line: Range<Int>) -> [Cell] {
    var from = cells.firstIndex { $0.offset >= start } ?? cells.count
    var before = 0
    while from > 0 && before + cells[from - 1].width <= columnsBefore {
      from -= 1
      before += cells[from].width
    }
    var to = from
    var columns = 0
    while to < cells.count && columns + cells[to].width <= columnsMax {
      columns += cells[to].width
      to += 1
    }
    var kept = Array(cells[from..<to])
    if let first = kept.first, first.offset > line.lowerBound {
      kept.insert(Cell(text: "…", width: 1, offset: line.lowerBound), at: 0)
    }
    if to < cells.count { kept.append(Cell(text: "…", width: 1, offset: line.upperBound)) }
    return kept
  }

  private static func marks(_ cells: [Cell], start: Int, end: Int) -> String {
    var pad = ""
    var width = 0
    for cell in cells {
      if cell.offset < start {
        pad += cell.text == "\t" ? "\t" : String(repeating: " ", count: cell.width)
      } else if cell.offset < end {
        width += cell.width
      }
    }
    return pad + "^" + String(repeating: "~", count: max(0, width - 1))
  }

  private static func trimmed(_ text: String) -> String {
    var text = text
    while text.last == " " || text.last == "\t" { text.removeLast() }
    return text
  }
}

extension Unicode.Scalar {
  /// Columns on a terminal: none for marks over the letter before, two for East Asian wide forms
  /// and emoji (Unicode UAX #11, the blocks and not each exception).
  fileprivate var columns: Int {
    switch properties.generalCategory {
    case .nonspacingMark, .enclosingMark: return 0
    default: break
    }
    return switch value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF,
      0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF,
      0x1F900...0x1F9FF, 0x20000...0x3FFFD:
      2
    default: 1
    }
  }
}
