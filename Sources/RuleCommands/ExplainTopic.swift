// The lists of names that `defang-rulec explain` prints. Each comes from the sheet that the
// compiler or the machine itself reads, so that no list can go stale.
internal import FileTypes
internal import MailMessage
internal import RuleBytecode

/// A list of names of the language, by the word that asks for it.
enum ExplainTopic: String, CaseIterable {
  case anomalies, limits, traits, kinds, facts, phases, macros

  struct Entry: Encodable {
    let name: String
    let meaning: String
    /// Where it can be read or is used; nil where that does not vary.
    var phases: [String]?
  }

  /// What the list is, in one line.
  var title: String {
    switch self {
    case .anomalies:
      "oddities of a message, for 'anomaly' and 'part :anomaly'; 'explain NAME' tells more"
    case .limits: "limits of the mail reader, for the test 'limit_hit'"
    case .traits: "traits of a part's content, for the test 'part :trait'"
    case .kinds: "families of file types, for part :is \"kind\""
    case .facts: "facts, read as \"${name}\""
    case .phases: "phases, in the order of a session"
    case .macros: "milter macros that facts are read from"
    }
  }

  var entries: [Entry] {
    switch self {
    case .anomalies:
      AnomalyName.allCases.map {
        Entry(name: $0.name, meaning: "\($0.meaning) (\($0.severity.name))")
      }
    case .limits:
      LimitName.allCases.filter(\.isOfMessage).map { Entry(name: $0.name, meaning: $0.meaning) }
    case .traits: PartTrait.allCases.map { Entry(name: $0.name, meaning: $0.meaning) }
    case .kinds: FileKind.allCases.map { Entry(name: $0.name, meaning: $0.meaning) }
    case .facts: Self.factEntries
    case .phases: Phase.allCases.map { Entry(name: $0.name, meaning: $0.runs) }
    case .macros: Self.macroEntries
    }
  }

  private static var factEntries: [Entry] {
    let single = Fact.allCases.map {
      Entry(
        name: $0.name, meaning: $0.info.meaning, phases: $0.info.phases.phases.map(\.name))
    }
    let families = FactFamily.allCases.map {
      Entry(
        name: $0.prefix + "NAME", meaning: $0.meaning, phases: $0.phases.phases.map(\.name))
    }
    return single + families
  }

  /// Each macro once, with the facts that it carries.
  private static var macroEntries: [Entry] {
    var carried: [String: [String]] = [:]
    var order: [String] = []
    for fact in Fact.allCases {
      for macro in fact.info.macros {
        if carried[macro] == nil { order.append(macro) }
        carried[macro, default: []].append(fact.name)
      }
    }
    return order.map { Entry(name: $0, meaning: carried[$0, default: []].joined(separator: ", ")) }
  }

  /// The list for a terminal.
  var text: String {
    let entries = entries
    let width = entries.map(\.name.count).max() ?? 0
    let lines = entries.map { entry in
      let name = entry.name + String(repeating: " ", count: width - entry.name.count)
      return "  \(name)  \(entry.meaning)\(Self.places(entry.phases))\n"
    }
    return title + "\n\n" + lines.joined()
  }

  /// `; from mail on`, `; in rcpt`; nothing for what is known everywhere.
  private static func places(_ names: [String]?) -> String {
    guard let names, let first = names.first else { return "" }
    let all = Phase.allCases.map(\.name)
    if names.count == all.count { return "" }
    if names == Array(all.suffix(names.count)), names.count > 1 { return "; from \(first) on" }
    return "; in \(names.joined(separator: ", "))"
  }
}
