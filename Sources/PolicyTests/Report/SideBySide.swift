// Expected and got, side by side: what differs is marked, long texts are wrapped, and of a long
// equal stretch only the ends are shown.
internal import RuleVM

struct SideBySide {
  /// Columns of each side, of a terminal of 80 with the label before them.
  private static let width = 30
  private static let labelWidth = 12
  private static let rowsMax = 24

  private struct Row {
    let expected: String
    let got: String
    var differs: Bool { expected != got }
  }

  /// The lines of a table, with its head.
  static func lines(_ differences: [Difference]) -> [String] {
    [row("", "expected", "got", mark: " ")] + differences.flatMap(table)
  }

  private static func table(_ difference: Difference) -> [String] {
    let expected = wrapped(difference.expected)
    let got = wrapped(difference.got)
    var rows: [Row] = []
    for index in 0..<max(expected.count, got.count) {
      rows.append(
        Row(
          expected: index < expected.count ? expected[index] : "",
          got: index < got.count ? got[index] : ""))
    }
    let first = max(0, (rows.firstIndex { $0.differs } ?? 0) - 2)
    var lines = first > 0 ? [row(difference.what, "… \(first) equal lines", "…", mark: " ")] : []
    for (offset, line) in rows[first...].prefix(rowsMax).enumerated() {
      let label = offset == 0 && first == 0 ? difference.what : ""
      lines.append(row(label, line.expected, line.got, mark: line.differs ? "|" : " "))
    }
    let rest = rows.count - first - rowsMax
    if rest > 0 { lines.append(row("", "… \(rest) more lines", "…", mark: " ")) }
    return lines
  }

  private static func row(_ label: String, _ left: String, _ right: String, mark: String) -> String
  {
    let text = "    \(padded(label, labelWidth)) \(padded(left, width)) \(mark) \(right)"
    return String(text.reversed().drop { $0 == " " }.reversed())
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }

  private static func wrapped(_ text: String) -> [String] {
    var lines: [String] = []
    for line in text.replacingLineEnds().split(separator: "\n", omittingEmptySubsequences: false) {
      var rest = TraceText.printable(String(line))[...]
      repeat {
        lines.append(String(rest.prefix(width)))
        rest = rest.dropFirst(width)
      } while !rest.isEmpty
    }
    return lines
  }
}
