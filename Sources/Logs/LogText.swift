// Words of a log line: what clients and mail wrote can neither end a line nor pass for a word of
// ours, and can be read back exactly.
package import JSONOutput
internal import RuleVM

package enum LogText {
  /// Shown of one value; what is longer ends in "…".
  package static let valueBytesMax = 400

  /// Bare when harmless; else in quotes, with quotes and backslashes behind a backslash, and
  /// controls, bidirectional marks and what hides as `\u{…}`.
  package static func quoted(_ text: String) -> String {
    if isPlain(text) { return text }
    let text = cut(text)
    var shown = "\""
    for scalar in text.unicodeScalars { append(scalar, to: &shown) }
    return shown + "\""
  }

  /// Short, and harmless without quotes.
  private static func isPlain(_ text: String) -> Bool {
    let bytes = text.utf8
    return (1...valueBytesMax).contains(bytes.count)
      && bytes.allSatisfy { $0 > 32 && $0 < 127 && $0 != 34 && $0 != 92 && $0 != 61 }
  }

  /// Several values as one word, parted by commas; commas within are written as numbers.
  package static func list(_ values: [String]) -> String {
    // Most lists have one value.
    if values.count == 1, isPlain(values[0]), !values[0].utf8.contains(44) {
      return values[0]
    }
    let joined = values.map(cut).map { value -> String in
      var shown = ""
      for scalar in value.unicodeScalars {
        if scalar == "," { shown += "\\u{2c}" } else { append(scalar, to: &shown) }
      }
      return shown
    }.joined(separator: ",")
    let isPlain = joined.utf8.allSatisfy { $0 > 32 && $0 < 127 && $0 != 34 && $0 != 92 && $0 != 61 }
    return isPlain && !joined.isEmpty ? joined : "\"\(joined)\""
  }

  /// What a line begins with: a queue id, which has no blanks and no colon at its end.
  package static func key(_ text: String) -> String {
    let isPlain = text.utf8.allSatisfy { $0 > 32 && $0 < 127 && $0 != 58 && $0 != 92 }
    return isPlain && !text.isEmpty && text.utf8.count <= 100
      ? text : quoted(text).replacing(":", with: "\\u{3a}")
  }

  private static func append(_ scalar: Unicode.Scalar, to shown: inout String) {
    if scalar == "\"" || scalar == "\\" {
      shown.append("\\")
      shown.unicodeScalars.append(scalar)
    } else if TraceText.isUnsafeToShow(scalar) {
      shown += "\\u{" + String(scalar.value, radix: 16) + "}"
    } else {
      shown.unicodeScalars.append(scalar)
    }
  }

  /// Cut at a character, so that what is left is UTF-8.
  package static func cut(_ text: String) -> String {
    guard text.utf8.count > valueBytesMax else { return text }
    var bytes = 0
    var end = text.unicodeScalars.startIndex
    for scalar in text.unicodeScalars {
      bytes += UTF8.width(scalar)
      if bytes > valueBytesMax { break }
      end = text.unicodeScalars.index(after: end)
    }
    return String(text.unicodeScalars[..<end]) + "…"
  }

  /// JSON on one line in which nothing is left that acts on a terminal: such characters stand in
  /// strings alone, where a number says the same.
  package static func line(_ json: OrderedJSON) -> String {
    let line = json.line
    guard line.unicodeScalars.contains(where: TraceText.isUnsafeToShow) else { return line }
    var shown = ""
    for scalar in line.unicodeScalars {
      if TraceText.isUnsafeToShow(scalar) {
        for unit in String(scalar).utf16 {
          let digits = String(unit, radix: 16)
          shown += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
      } else {
        shown.unicodeScalars.append(scalar)
      }
    }
    return shown
  }

  /// Milliseconds with three places, as `12.345`.
  package static func milliseconds(_ nanoseconds: Int64) -> String {
    let micros = max(0, nanoseconds) / 1_000
    let rest = String(micros % 1_000)
    return "\(micros / 1_000)." + String(repeating: "0", count: 3 - rest.utf8.count) + rest
  }
}
