// What `defang-rulec parts` prints: one JSON object in the order of its contract, or a page to
// read. All text of the message is made fit for a terminal.
internal import FileTypes
internal import JSONOutput
internal import MailMessage
internal import RuleBytecode
internal import RuleVM

struct PartsReport {
  let size: Int
  let anomalies: [AnomalyName]
  let limits: [LimitName]
  let parts: [PartFacts]
  /// The path of each part's container.
  private let parents: [String?]
  /// How each part that is not in the standard reading came to be.
  private let origins: [String?]

  init(_ bytes: [UInt8], types: TypeOracle = TypeOracle()) {
    var inspector = PartInspector(bytes, types: types)
    var parts: [PartFacts] = []
    // Looking into a part may find more of them.
    while parts.count < inspector.message.parts.count {
      parts.append(inspector.facts(of: parts.count))
    }
    let ofParts = Set(parts.flatMap(\.anomalies)).union(inspector.anomalies())
    let message = inspector.message
    size = bytes.count
    anomalies = AnomalyName.allCases.filter(ofParts.contains)
    limits = inspector.limitsHit
    self.parts = parts
    parents = parts.map { facts in facts.part.parent.map { message.parts[$0].path } }
    origins = message.parts.indices.map { PartOrigin.words(of: $0, in: message) }
  }

  // MARK: JSON

  var json: OrderedJSON {
    .object([
      ("size", .number(size)), ("anomalies", .texts(anomalies.map(\.name))),
      ("limits", .texts(limits.map(\.name))),
      ("parts", .list(zip(parts, parents).map { Self.json($0, parent: $1) })),
    ])
  }

  private static func json(_ facts: PartFacts, parent: String?) -> OrderedJSON {
    .object([
      ("path", .text(facts.part.path)), ("parent", .text(orNull: parent)),
      ("declared", .text(facts.part.contentType.name)),
      ("sniffed", .text(orNull: facts.sniffed)),
      ("kind", .text(orNull: facts.kinds.first?.name)),
      ("reading", .number(facts.part.reading)),
      ("name", .text(orNull: facts.names.first)), ("names", .texts(facts.names)),
      ("extension", .text(orNull: facts.extension)), ("charset", .text(orNull: facts.charset)),
      ("encoding", .text(orNull: facts.part.encodingName)),
      ("disposition", .text(orNull: facts.disposition)),
      ("size", facts.size.map(OrderedJSON.number) ?? .null), ("depth", .number(facts.part.depth)),
      ("anomalies", .texts(facts.anomalies.map(\.name))),
      ("traits", .texts(facts.traits.map(\.name))),
      ("encrypted", .text(orNull: facts.encryption.first?.name)),
      ("members", .list(facts.members.map(Self.json))),
      ("kinds", .texts(facts.kinds.map(\.name))),
    ])
  }

  private static func json(_ member: MemberFacts) -> OrderedJSON {
    .object([
      ("name", .text(member.name)), ("kind", .text(orNull: member.kind?.name)),
      ("size", member.size.map { .number(Int(clamping: $0)) } ?? .null),
      ("encrypted", .truth(member.isEncrypted)),
    ])
  }

  // MARK: Text

  var text: String {
    let others = parts.filter { $0.part.reading > 0 }.count
    var head = "message of \(size) bytes, \(parts.count) part\(parts.count == 1 ? "" : "s")"
    if others > 0 { head += ", \(others) of them of other readings" }
    var lines = [head]
    if !limits.isEmpty {
      lines += ["", "limits hit, so not all of it was read:"]
      lines += Self.aligned(limits.map { ($0.name, "\($0.meaning): at most \($0.most)") })
    }
    if !anomalies.isEmpty {
      lines += ["", "odd:"]
      lines += Self.aligned(
        anomalies.map { anomaly in
          ("\(anomaly.name) (\(anomaly.severity.name))", anomaly.meaning + places(of: anomaly))
        })
    }
    lines.append("")
    for (facts, origin) in zip(parts, origins) { lines += Self.lines(facts, origin) }
    return lines.map { TraceText.printable($0) + "\n" }.joined()
  }

  private static func aligned(_ rows: [(String, String)]) -> [String] {
    let width = rows.map(\.0.count).max() ?? 0
    return rows.map { name, meaning in
      "  \(name)\(String(repeating: " ", count: width - name.count))  \(meaning)"
    }
  }

  /// The parts that have it; nothing where that is the whole message.
  private func places(of anomaly: AnomalyName) -> String {
    var paths: [String] = []
    for facts in parts where facts.anomalies.contains(anomaly) {
      let path = facts.part.path
      if !paths.contains(path) { paths.append(path) }
    }
    guard !paths.isEmpty, paths.count < parts.count || parts.count > 1 else { return "" }
    let shown = paths.prefix(8).joined(separator: ", ")
    return " [\(shown)\(paths.count > 8 ? ", …" : "")]"
  }

  private static func lines(_ facts: PartFacts, _ origin: String?) -> [String] {
    let indent = String(repeating: "  ", count: facts.part.depth)
    let inner = indent + String(repeating: " ", count: facts.part.path.count + 2)
    var first = "\(indent)\(facts.part.path)  \(facts.part.contentType.name)"
    if !facts.part.isTypeDeclared { first += " (not declared)" }
    if !facts.part.isContainer {
      first += facts.size.map { ", \($0) byte\($0 == 1 ? "" : "s")" } ?? ", too large to be decoded"
    }
    let details = [
      facts.disposition, facts.part.encodingName, facts.charset.map { "charset \($0)" },
    ].compactMap { $0 }
    if !details.isEmpty { first += ", " + details.joined(separator: ", ") }
    var lines = [first]
    if let origin { lines.append("\(inner)\(origin)") }
    if let looks = looks(facts) { lines.append("\(inner)\(looks)") }
    if !facts.names.isEmpty {
      let label = facts.names.count == 1 ? "name" : "names"
      let names = facts.names.map { "\"\($0)\"" }.joined(separator: ", ")
      lines.append("\(inner)\(label): \(names)")
    }
    if !facts.traits.isEmpty {
      lines.append("\(inner)holds: \(facts.traits.map(\.meaning).joined(separator: "; "))")
    }
    lines += members(facts).map { inner + $0 }
    if !facts.encryption.isEmpty {
      lines.append("\(inner)encrypted: \(facts.encryption.map(\.name).joined(separator: ", "))")
    }
    if !facts.anomalies.isEmpty {
      lines.append("\(inner)odd: \(facts.anomalies.map(\.name).joined(separator: ", "))")
    }
    return lines
  }

  /// The first of an archive's members, and how many more there are.
  private static func members(_ facts: PartFacts) -> [String] {
    guard !facts.members.isEmpty || facts.hasUnknownMembers else { return [] }
    var lines = facts.members.prefix(20).map { member in
      var line = "  \"\(member.name)\""
      if let size = member.size { line += ", \(size) byte\(size == 1 ? "" : "s")" }
      if let kind = member.kind { line += ", \(kind.name)" }
      return line + (member.isEncrypted ? ", encrypted" : "")
    }
    if facts.members.count > lines.count {
      lines.append("  … and \(facts.members.count - lines.count) more")
    }
    if facts.hasUnknownMembers { lines.append("  … not all members are known") }
    return ["members:"] + lines
  }

  /// What the content shows, where that is not just what was declared.
  private static func looks(_ facts: PartFacts) -> String? {
    guard !facts.part.isContainer, let sniffed = facts.sniffed else { return nil }
    var words: [String] = []
    if sniffed != facts.part.contentType.name { words.append("looks like \(sniffed)") }
    if !words.isEmpty, let kind = facts.kinds.first { words[0] += " (\(kind.name))" }
    for kind in facts.kinds.dropFirst() { words.append("also \(kind.name)") }
    return words.isEmpty ? nil : words.joined(separator: ", ")
  }
}

/// Why a part is there that is not one of the standard reading.
enum PartOrigin {
  static func words(of index: Int, in message: MailMessage) -> String? {
    let part = message.parts[index]
    if !part.givenNames.isEmpty, let parent = part.parent {
      return "found inside of part \(message.parts[parent].path)"
    }
    guard part.reading > 0 else { return nil }
    if let parent = part.parent, message.parts[parent].reading == part.reading {
      return "in reading \(part.reading)"
    }
    let plain = message.parts[part.target]
    var ways: [String] = []
    if part.variant != .standard { ways.append(part.variant.words) }
    if plain.path == part.path {
      if part.contentType != plain.contentType { ways.append("as \(part.contentType.name)") }
      if part.encoding != plain.encoding { ways.append("decoded as \(part.encoding.words)") }
      if part.header.count != plain.header.count { ways.append("with another end of its header") }
    }
    let way = ways.isEmpty ? "" : ": " + ways.joined(separator: ", ")
    return "reading \(part.reading) of the same bytes\(way)"
  }
}

extension ContentVariant {
  /// What a program does that reads so.
  fileprivate var words: String {
    switch self {
    case .standard: "as the standard says"
    case .untilPadding: "decoded up to the first padding"
    case .untilForeign: "decoded up to the first foreign character"
    case .paddingSkipped: "padding skipped"
    case .paddingAsZero: "padding taken for zeros"
    case .paddingInGroups: "padding counted into its group"
    case .linesAlone: "each line decoded for itself"
    case .restOfLineSkipped: "a foreign character hides the rest of its line"
    case .foreignAsZero: "foreign characters taken for zeros"
    case .urlAlphabet: "with the alphabet of URLs"
    case .withoutFirstLine: "without the first line"
    case .afterBlankLine: "behind the first blank line"
    case .withoutRest: "without the unfinished end"
    case .escapesFirst: "quoted-printable undone first"
    case .signDropped: "stray equals signs dropped"
    case .pairDropped: "stray equals signs dropped with a byte"
    case .escapeDropped: "stray equals signs dropped with two bytes"
    case .lowerCaseDropped: "escapes in lower case dropped"
    }
  }
}

extension TransferEncoding {
  fileprivate var words: String {
    switch self {
    case .sevenBit, .eightBit, .binary, .unknown: "plain bytes"
    case .quotedPrintable: "quoted-printable"
    case .base64: "base64"
    case .uuencode: "uuencode"
    }
  }
}
