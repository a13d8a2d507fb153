// `table SOURCE [:type T] [:max N] [:timeout N] "name";`: lists and maps, from the policy itself,
// from files, or asked of something outside.

import RuleBytecode
import TableText

/// What a source is called with.
struct TableSourceSheet: Sendable {
  let source: TableSource
  /// Tags that must stand beside it.
  var needed: [String] = []
  var possible: [String] = []

  static let all: [TableSourceSheet] = [
    .init(source: .inline, possible: ["max"]),
    .init(source: .file, possible: ["max"]),
    .init(source: .cdb, possible: ["timeout"]),
    .init(source: .lmdb, possible: ["timeout"]),
    .init(source: .sqlite, needed: ["query"], possible: ["timeout"]),
    .init(source: .postgresql, needed: ["query"], possible: ["timeout"]),
    .init(
      source: .ldap, needed: ["base", "filter"],
      possible: ["attribute", "bind", "secret", "timeout"]),
    .init(source: .redis, possible: ["query", "bind", "secret", "timeout"]),
    .init(source: .socketmap, possible: ["timeout"]),
    .init(source: .dns, possible: ["timeout"]),
  ]

  func takes(_ tag: String) -> Bool { needed.contains(tag) || possible.contains(tag) }
}

enum DeclareTable {
  static let options = ["query", "base", "filter", "attribute", "bind", "secret"]

  static let signature = Signature(
    name: "table", availability: .ours,
    tags: [TagSignature("inline", .strings, group: "source")]
      + TableSource.allCases.filter { $0 != .inline }.map {
        TagSignature($0.name, .string, group: "source")
      }
      + berkeley.map { TagSignature($0, .string, group: "source") }
      + options.map { TagSignature($0, .string) }
      + [
        TagSignature("type", .string), TagSignature("max", .number),
        TagSignature("timeout", .number),
      ],
    positional: [.init("name", .string)])

  /// What Postfix and sendmail call the tables of Berkeley DB: known, to be refused with advice.
  static let berkeley = ["hash", "btree", "dbm"]

  static let entriesMost = 10_000_000
  static let timeoutSeconds = 1...60
}

extension CheckContext {
  mutating func checkTable(_ command: Command) {
    guard let call = ArgumentBinder.bind(command, DeclareTable.signature, &self),
      let literal = call.string(0), let (name, range) = takeName(literal, .table)
    else {
      hasHoles = true
      if let literal = Registry.nameLiteral(of: command) {
        names.checked.insert(DeclaredName(.table, literal.value))
      }
      return
    }
    guard let sheet = sourceSheet(of: call), let kind = tableType(call, sheet) else {
      hasHoles = true
      return
    }
    var table = Table(name: name, index: names.tableOrder.count, kind: kind, range: range)
    table.source = sheet.source
    guard fill(&table, call, sheet) else {
      hasHoles = true
      return
    }
    names.tables[name] = table
    names.tableOrder.append(table)
  }

  private mutating func sourceSheet(of call: Call) -> TableSourceSheet? {
    if let old = call.tags.first(where: { DeclareTable.berkeley.contains($0.name) }) {
      report(.declaration(.berkeleyDB(":" + old.name)), at: old.range)
      return nil
    }
    guard let sheet = TableSourceSheet.all.first(where: { call.has($0.source.name) }) else {
      let wanted = "source, as :inline or :file,"
      report(.argument(.missing(wanted, expected: .tag, of: "table")), at: call.name.range)
      return nil
    }
    let tags = DeclareTable.options + ["max", "timeout"]
    for tag in call.tags where tags.contains(tag.name) && !sheet.takes(tag.name) {
      let takers = TableSourceSheet.all.filter { $0.takes(tag.name) }.map { ":" + $0.source.name }
      let problem = ArgumentProblem.tagNeeds(
        tag.name, needs: listed(takers, "or"), of: "table")
      report(.argument(problem), at: tag.range)
      return nil
    }
    for tag in sheet.needed where !call.has(tag) {
      let name = "table :" + sheet.source.name
      report(.argument(.missing(":" + tag, expected: .tag, of: name)), at: call.name.range)
      return nil
    }
    return sheet
  }

  private mutating func tableType(_ call: Call, _ sheet: TableSourceSheet) -> TableType? {
    guard let literal = call.tag("type")?.string else { return .set }
    // Networks are asked as a whole list, so all of it must be at hand.
    let isWhole = sheet.source == .inline || sheet.source == .file
    // Patterns in a policy stand where they are used.
    let possible = TableType.allCases.filter {
      $0 == .cidr ? isWhole : $0 != .regex || sheet.source == .file
    }
    guard let word = word(call, "type", possible.map(\.name)) else { return nil }
    guard let type = TableType.allCases.first(where: { $0.name == word }) else {
      preconditionFailure("\(literal.value) is no type though it is among the possible ones")
    }
    return type
  }

  /// Reads what the source is called with; false when a mistake was reported.
  private mutating func fill(
    _ table: inout Table, _ call: Call, _ sheet: TableSourceSheet
  ) -> Bool {
    if call.has("max") {
      guard let max = number(call, "max", in: 1...DeclareTable.entriesMost) else { return false }
      table.entriesMax = max
    }
    if call.has("timeout") {
      guard let seconds = number(call, "timeout", in: DeclareTable.timeoutSeconds) else {
        return false
      }
      table.timeoutMilliseconds = UInt32(seconds) * 1_000
    }
    switch sheet.source {
    case .inline: return fillInline(&table, call)
    case .file: return fillFile(&table, call)
    default: return fillOutside(&table, call)
    }
  }

  // MARK: In the policy

  private mutating func fillInline(_ table: inout Table, _ call: Call) -> Bool {
    guard let tag = call.tag("inline"), let literals = tag.value?.strings else { return false }
    if let most = table.entriesMax, literals.count > most {
      let problem = ArgumentProblem.outOfRange(
        "entries", value: literals.count, allowed: 0...most, of: "table")
      report(.argument(problem), at: tag.range)
      return false
    }
    var seen: Set<String> = []
    for literal in literals {
      guard let entry = constant(literal, ":inline", of: "table") else { continue }
      guard let key = add(entry, to: &table, at: literal.range) else {
        report(.literal(.tableEntry(entry, type: table.kind.name)), at: literal.range)
        continue
      }
      // A set can be asked by i;octet, for which two spellings are two keys; so can patterns.
      let keepsCase = table.kind == .set || table.kind == .regex
      if !seen.insert(keepsCase ? key : key.lowercasedASCII).inserted {
        report(.flow(.duplicateKey(key)), at: literal.range)
      }
    }
    return true
  }

  /// The entry's key; nil when the entry does not fit the type.
  private mutating func add(
    _ entry: String, to table: inout Table, at range: SourceRange
  ) -> String? {
    switch table.kind {
    case .cidr:
      if let network = network(entry, at: range) { table.networks.append(network) }
      return entry
    case .map:
      let (key, value) = TableGrammar.halves(entry.utf8)
      guard !key.isEmpty, !value.isEmpty else { return nil }
      table.entries.append(key)
      table.values.append(value)
      return String(decoding: key, as: UTF8.self)
    case .set, .domain, .address, .regex:
      guard TableGrammar.isKey(entry, of: table.kind) else { return nil }
      // `@example.org` is meant: there are no wildcards.
      if table.kind == .address, entry.hasPrefix("*@") { return nil }
      table.entries.append(Array(entry.utf8))
      return entry
    }
  }

  // MARK: In a file

  private mutating func fillFile(_ table: inout Table, _ call: Call) -> Bool {
    guard let literal = call.tag("file")?.string,
      let path = path(literal, ":file", of: "table")
    else { return false }
    table.arguments = [DeclaredValue("path", path)]
    if path.hasSuffix(".db") {
      report(.declaration(.berkeleyDB(path)), at: literal.range)
      return false
    }
    checkFile(path, table, at: literal.range)
    return true
  }

  /// A list that is there is read as the daemon will read it.
  private mutating func checkFile(_ path: String, _ table: Table, at range: SourceRange) {
    let limits = TableLimits()
    switch sources.access.read(path, limits.fileBytesMax) {
    case .unknown: return
    // It may come later; until then `run` and the daemon refuse the policy.
    case .missing: report(.declaration(.fileMissing(path)), at: range)
    case .unreadable(let why):
      report(.declaration(.notReadable(path, why: why)), at: range)
    case .bytes(let bytes):
      let reading = TableReader.read(
        bytes, as: table.kind, entriesMax: table.entriesMax, limits: limits)
      guard !reading.problems.isEmpty else { return }
      let file = sources.addData(name: path, bytes: bytes)
      for problem in reading.problems {
        let line = sources.files[file].bytes(ofLine: problem.line)
        diagnostics.report(
          problem.mistake.problem(table.kind), at: SourceRange(file: file, bytes: line))
      }
    }
  }
}

extension TableMistake {
  /// As a mistake of the policy: the same codes as for lists that stand in it.
  func problem(_ type: TableType) -> Problem {
    switch self {
    case .entry(let text): .literal(.tableEntry(text, type: type.name))
    case .hostBits(let text, let network): .literal(.networkHostBits(text, network: network))
    case .duplicate(let key): .flow(.duplicateKey(key))
    default: .literal(.tableText(message(type)))
    }
  }
}
