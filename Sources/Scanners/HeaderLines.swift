// A header as a scanner rewrote it, told as changes of the one that it was given.

enum HeaderLines {
  struct Field: Equatable, Sendable {
    let name: String
    /// All lines, without the end of the last, which ends in LF where there are several.
    let whole: String

    /// What stands behind the colon and one blank.
    var value: String {
      let text = whole.dropFirst(name.utf8.count + 1)
      return String(text.first == " " ? text.dropFirst() : text)
    }
  }

  /// The fields up to the first empty line; what is no field is left out.
  static func fields(_ bytes: [UInt8], bytesMax: Int) -> [Field] {
    var lines: [String] = []
    let text = String(decoding: header(bytes.prefix(bytesMax)), as: UTF8.self)
    for line in unified(text).split(separator: "\n") {
      if line.first == " " || line.first == "\t", !lines.isEmpty {
        lines[lines.count - 1] += "\n" + line
      } else {
        lines.append(String(line))
      }
    }
    return lines.compactMap { line in
      guard let colon = line.firstIndex(of: ":"), colon > line.startIndex else { return nil }
      return Field(name: String(line[..<colon]), whole: line)
    }
  }

  private static func header(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var start = bytes.startIndex
    while let end = bytes[start...].firstIndex(of: 10) {
      if end == start || (end == start + 1 && bytes[start] == 13) { return bytes[..<start] }
      start = end + 1
    }
    return bytes
  }

  /// With LF as the end of lines.
  static func unified(_ text: String) -> String {
    var kept = String.UnicodeScalarView()
    for scalar in text.unicodeScalars where scalar != "\r" { kept.append(scalar) }
    return String(kept)
  }

  /// What makes one header the other. Fields that both have stand in the same order in both.
  static func changes(from old: [Field], to new: [Field]) -> [ScanHeaderChange] {
    var left: [String: Int] = [:]
    for field in old { left[field.whole, default: 0] += 1 }
    var changes: [ScanHeaderChange] = []
    for (index, field) in new.enumerated() {
      if let count = left[field.whole], count > 0 {
        left[field.whole] = count - 1
      } else {
        changes.append(.add(name: field.name, value: field.value, position: index))
      }
    }
    return removals(old, left) + changes
  }

  /// The last first, so that each finds its field where it was.
  private static func removals(_ old: [Field], _ gone: [String: Int]) -> [ScanHeaderChange] {
    var gone = gone
    var counts: [String: Int] = [:]
    for field in old { counts[field.name.lowercased(), default: 0] += 1 }
    var removals: [ScanHeaderChange] = []
    for field in old.reversed() {
      let name = field.name.lowercased()
      let occurrence = counts[name] ?? 0
      counts[name] = occurrence - 1
      guard let count = gone[field.whole], count > 0 else { continue }
      gone[field.whole] = count - 1
      removals.append(.remove(name: field.name, occurrence: occurrence))
    }
    return removals
  }
}
