// SARIF 2.1.0 (OASIS standard): diagnostics for editors, code hosts and dashboards. One log for all
// policies of a run; rules carry the long texts of `explain`, fixes are fix-its.
internal import RuleBytecode
internal import RuleCompiler

/// The log: one run of one tool.
struct SarifLog: Encodable {
  let schema = "https://json.schemastore.org/sarif-2.1.0.json"
  let version = "2.1.0"
  let runs: [Run]

  enum CodingKeys: String, CodingKey {
    case schema = "$schema"
    case version, runs
  }

  struct Run: Encodable {
    let tool: Tool
    /// Columns count Unicode scalars, as in our text form.
    let columnKind = "unicodeCodePoints"
    let results: [SarifResult]
    let invocations: [Invocation]
  }

  struct Tool: Encodable {
    struct Driver: Encodable {
      let name = "defang-rulec"
      let version = Defang.version
      let rules: [SarifRule]
    }
    let driver: Driver
  }

  /// False when a policy does not compile.
  struct Invocation: Encodable { let executionSuccessful: Bool }

  /// - Parameter records: the diagnostics of every policy, in order.
  init(_ records: [DiagnosticRecord]) {
    var places: [String: Int] = [:]
    var rules: [SarifRule] = []
    for record in records where places[record.code] == nil {
      places[record.code] = rules.count
      rules.append(SarifRule(record))
    }
    let results = records.map { SarifResult($0, ruleIndex: places[$0.code] ?? -1) }
    runs = [
      Run(
        tool: Tool(driver: .init(rules: rules)), results: results,
        invocations: [Invocation(executionSuccessful: !records.contains { $0.severity == .error })])
    ]
  }
}

struct SarifMessage: Encodable { let text: String }

/// What a code means (`reportingDescriptor`).
struct SarifRule: Encodable {
  struct Help: Encodable {
    let text: String
    let markdown: String
  }
  struct Configuration: Encodable { let level: String }

  let id: String
  let shortDescription: SarifMessage
  let fullDescription: SarifMessage
  let help: Help
  let defaultConfiguration: Configuration

  init(_ record: DiagnosticRecord) {
    id = record.code
    let text = Explanation.code(named: record.code).flatMap(Explanation.of)
    shortDescription = SarifMessage(text: text?.title ?? record.message)
    fullDescription = SarifMessage(text: Self.line(text?.meaning ?? record.message))
    help = Help(
      text: text.map(ExplanationPage.text) ?? record.message,
      markdown: text.map(Self.markdown) ?? record.message)
    defaultConfiguration = Configuration(level: record.severity.rawValue)
  }

  /// Lines that were broken for a terminal, as one paragraph.
  private static func line(_ text: String) -> String {
    text.split(separator: "\n").joined(separator: " ")
  }

  private static func markdown(_ text: Explanation) -> String {
    var page = line(text.meaning) + "\n"
    if let example = text.example {
      page += "\nWrong:\n\n```sieve\n\(example.wrong)\n```\n"
      page += "\nRight:\n\n```sieve\n\(example.right)\n```\n"
    }
    return page + "\n" + line(text.reason) + "\n"
  }
}

struct SarifResult: Encodable {
  struct Fix: Encodable {
    struct Change: Encodable {
      let artifactLocation: SarifLocation.Artifact
      let replacements: [Replacement]
    }
    struct Replacement: Encodable {
      let deletedRegion: SarifLocation.Region
      let insertedContent: SarifMessage
    }
    let description: SarifMessage
    let artifactChanges: [Change]
  }

  let ruleId: String
  let ruleIndex: Int
  let level: String
  let message: SarifMessage
  let locations: [SarifLocation]
  /// Left out, as the standard wants it, when there are none.
  let relatedLocations: [SarifLocation]?
  let fixes: [Fix]?

  init(_ record: DiagnosticRecord, ruleIndex: Int) {
    ruleId = record.code
    self.ruleIndex = ruleIndex
    level = record.severity.rawValue
    message = SarifMessage(text: Self.message(record))
    locations = [SarifLocation(record.place)]
    let notes = record.notes.enumerated().map {
      SarifLocation($0.element.place, id: $0.offset, message: $0.element.message)
    }
    relatedLocations = notes.isEmpty ? nil : notes
    fixes = record.fixIts.isEmpty ? nil : [Self.fix(record)]
  }

  /// A viewer shows this text and nothing else beside the line: so the help stands in it.
  private static func message(_ record: DiagnosticRecord) -> String {
    var text = record.message
    if let label = record.label { text += ": \(label)" }
    if let help = record.help { text += ". Help: \(help)" }
    return text + "."
  }

  private static func fix(_ record: DiagnosticRecord) -> Fix {
    var changes: [String: [Fix.Replacement]] = [:]
    var order: [String] = []
    for fixIt in record.fixIts {
      if changes[fixIt.place.file] == nil { order.append(fixIt.place.file) }
      changes[fixIt.place.file, default: []].append(
        Fix.Replacement(
          deletedRegion: SarifLocation.Region(fixIt.place),
          insertedContent: SarifMessage(text: fixIt.replacement)))
    }
    return Fix(
      description: SarifMessage(text: record.fix ?? record.help ?? "mend it"),
      artifactChanges: order.map {
        Fix.Change(artifactLocation: .init($0), replacements: changes[$0, default: []])
      })
  }
}

struct SarifLocation: Encodable {
  struct Artifact: Encodable {
    let uri: String

    init(_ path: String) { uri = Self.uri(of: path) }

    /// RFC 3986 §3.3: a relative path as it is, an absolute one with its scheme.
    private static func uri(of path: String) -> String {
      let escaped = path.utf8.map { byte in
        let isPlain = Character(Unicode.Scalar(byte)).isASCII && allowed.contains(byte)
        if isPlain { return String(Unicode.Scalar(byte)) }
        let digits = String(byte, radix: 16, uppercase: true)
        return "%" + (digits.count == 1 ? "0" : "") + digits
      }.joined()
      return path.hasPrefix("/") ? "file://" + escaped : escaped
    }

    private static let allowed = Set(
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/".utf8)
  }

  struct Region: Encodable {
    let startLine: Int
    let startColumn: Int
    let endLine: Int
    let endColumn: Int
    let byteOffset: Int
    let byteLength: Int

    init(_ place: DiagnosticRecord.Place) {
      startLine = place.line
      startColumn = place.column
      endLine = place.endLine
      endColumn = place.endColumn
      byteOffset = place.byteStart
      byteLength = place.byteEnd - place.byteStart
    }
  }

  struct Physical: Encodable {
    let artifactLocation: Artifact
    let region: Region
  }

  let id: Int?
  let physicalLocation: Physical
  let message: SarifMessage?

  init(_ place: DiagnosticRecord.Place, id: Int? = nil, message: String? = nil) {
    self.id = id
    physicalLocation = Physical(
      artifactLocation: Artifact(place.file), region: Region(place))
    self.message = message.map { SarifMessage(text: $0) }
  }
}
