// The parts of an entry that are only shown, never searched: as one text in a column. Records are
// parted by RS and fields by US, which no text here has: whoever writes takes them out.

extension HistoryEntry {
  private static let recordMark = "\u{1E}"
  private static let fieldMark = "\u{1F}"

  /// What does not fit into `bytesMax` is left out, the last first.
  func detail(bytesMax: Int) -> String {
    var records: [[String]] = []
    if !problem.isEmpty { records.append(["problem", problem]) }
    records += failures.map { ["failure", $0.kind, $0.reason, $0.rule, $0.answer] }
    for rule in rules {
      records.append(["rule", rule.name, rule.location, rule.phase])
      records += rule.tests.map { test in
        ["test", test.text, test.location, test.outcome.rawValue] + test.values
      }
    }
    records += actions.map { ["action", $0] }
    records += limits.map { ["limit", $0] }
    records += checks.map { ["check", $0.name, String($0.microseconds), $0.failed ? "1" : "0"] }
    var text = ""
    for record in records {
      let line = record.map(Self.plain).joined(separator: Self.fieldMark)
      guard text.utf8.count + line.utf8.count + 1 <= bytesMax else { break }
      text += (text.isEmpty ? "" : Self.recordMark) + line
    }
    return text
  }

  private static func plain(_ text: String) -> String {
    text.unicodeScalars.contains { $0 == "\u{1E}" || $0 == "\u{1F}" || $0 == "\0" }
      ? String(
        String.UnicodeScalarView(
          text.unicodeScalars.map { ["\u{1E}", "\u{1F}", "\0"].contains($0) ? "?" : $0 }))
      : text
  }

  /// Reads what `detail` wrote; records of a later version are passed over.
  mutating func read(detail: String) {
    for record in detail.split(separator: Self.recordMark) {
      let fields = record.split(separator: Self.fieldMark, omittingEmptySubsequences: false)
        .map(String.init)
      switch (fields[0], fields.count) {
      case ("problem", 2): problem = fields[1]
      case ("failure", 5):
        failures.append(
          Failure(kind: fields[1], reason: fields[2], rule: fields[3], answer: fields[4]))
      case ("rule", 4):
        rules.append(Rule(name: fields[1], location: fields[2], phase: fields[3], tests: []))
      case ("test", 4...): readTest(fields)
      case ("action", 2): actions.append(fields[1])
      case ("limit", 2): limits.append(fields[1])
      case ("check", 4):
        checks.append(
          Check(name: fields[1], microseconds: Int64(fields[2]) ?? 0, failed: fields[3] == "1"))
      default: break
      }
    }
  }

  private mutating func readTest(_ fields: [String]) {
    guard !rules.isEmpty, let outcome = Test.Outcome(rawValue: fields[3]) else { return }
    rules[rules.count - 1].tests.append(
      Test(
        text: fields[1], location: fields[2], outcome: outcome, values: Array(fields.dropFirst(4))))
  }
}
