// Reads an answers file: one object, whose keys are kinds of checks. What it says is checked here,
// so that a wrong word is a mistake of the file and not a check that fails for no visible reason.
internal import RuleBytecode
internal import RuleVM

struct AnswersFile {
  typealias Mistake = StandInAnswers.Mistake
  typealias Entry = StandInAnswers.Entry
  typealias Subject = StandInAnswers.Subject

  private var entries: [Subject: Entry] = [:]
  private var tables: [String: StandInTable] = [:]

  static func read(
    _ json: [UInt8]
  ) throws(Mistake) -> (entries: [Subject: Entry], tables: [String: StandInTable]) {
    guard case .object(let kinds) = try JSONValue.read(json) else {
      throw Mistake(message: "an answers file is an object, whose keys are kinds of checks")
    }
    var file = AnswersFile()
    for (key, value) in kinds.sorted(by: { $0.key < $1.key }) {
      guard let kind = kindsByKey[key] else {
        let known = kindsByKey.keys.sorted().joined(separator: ", ")
        throw Mistake(message: "no check is called '\(key)'; there are \(known)")
      }
      try file.read(kind, value, key)
    }
    return (file.entries, file.tables)
  }

  /// By the key in the file: the test's name, and for a call-out also that of its facts.
  private static let kindsByKey: [String: CheckKind] = {
    var kinds: [String: CheckKind] = ["callout": .callout]
    for kind in CheckKind.allCases where ![.suite, .unpack, .errands].contains(kind) {
      kinds[kind.name] = kind
    }
    return kinds
  }()

  private mutating func read(
    _ kind: CheckKind, _ value: JSONValue, _ path: String
  ) throws(Mistake) {
    switch kind {
    case .dnsbl, .hashbl, .scan, .mx, .callout:
      guard case .object(let named) = value else {
        throw Mistake(message: "\(path): an object is wanted, by \(Self.naming(kind))")
      }
      try read(kind, named, path)
    case .table:
      guard case .object(let named) = value else {
        throw Mistake(message: "\(path): an object is wanted, by table")
      }
      for (name, value) in named.sorted(by: { $0.key < $1.key }) {
        tables[name] = try StandInTable(value, path + "." + name)
      }
    case .rate, .duplicate:
      if case .object(let named) = value { return try read(kind, named, path) }
      entries[Subject(kind: kind)] = try AnswerForm(kind, path).entry(value)
    default: entries[Subject(kind: kind)] = try AnswerForm(kind, path).entry(value)
    }
  }

  private mutating func read(
    _ kind: CheckKind, _ named: [String: JSONValue], _ path: String
  ) throws(Mistake) {
    for (name, value) in named.sorted(by: { $0.key < $1.key }) {
      let subject = Subject(kind: kind, name: name.lowercased())
      entries[subject] = try AnswerForm(kind, path + "." + name).entry(value)
    }
  }

  private static func naming(_ kind: CheckKind) -> String {
    switch kind {
    case .dnsbl, .hashbl: "zone"
    case .scan: "scanner"
    case .mx: "domain"
    default: "address"
    }
  }
}
