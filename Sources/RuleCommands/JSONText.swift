// JSON output: one place that knows the encoder, and the shapes that are a contract.
internal import FoundationEssentials
internal import RuleCompiler

enum JSONText {
  /// One value on one line, keys in a stable order.
  static func line(_ value: some Encodable) -> String { encode(value, []) + "\n" }
  static func pretty(_ value: some Encodable) -> String { encode(value, .prettyPrinted) + "\n" }

  private static func encode(_ value: some Encodable, _ extra: JSONEncoder.OutputFormatting)
    -> String
  {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, extra]
    guard let data = try? encoder.encode(value) else {
      preconditionFailure("our own values always encode: no floats, string keys only")
    }
    return String(decoding: data, as: UTF8.self)
  }
}

/// A diagnostic as `--format json` prints it.
struct DiagnosticJSON: Encodable {
  struct Place: Encodable {
    let file: String
    let line: Int
    let column: Int
    let endLine: Int
    let endColumn: Int
    /// Offsets in the file's bytes, the end excluded.
    let byteStart: Int
    let byteEnd: Int

    init(_ place: DiagnosticRecord.Place) {
      file = place.file
      line = place.line
      column = place.column
      endLine = place.endLine
      endColumn = place.endColumn
      byteStart = place.byteStart
      byteEnd = place.byteEnd
    }
  }
  struct Note: Encodable {
    let message: String
    let place: Place
  }
  struct FixIt: Encodable {
    let replacement: String
    let place: Place
  }

  let severity: String
  let code: String
  let message: String
  let label: String?
  let help: String?
  let place: Place
  let notes: [Note]
  let fixIts: [FixIt]

  init(_ record: DiagnosticRecord) {
    severity = "\(record.severity)"
    code = record.code
    message = record.message
    label = record.label
    help = record.help
    place = Place(record.place)
    notes = record.notes.map { Note(message: $0.message, place: Place($0.place)) }
    fixIts = record.fixIts.map { FixIt(replacement: $0.replacement, place: Place($0.place)) }
  }
}
