// `defang-rulec explain`: the long text of a code, and the names that the language has.
internal import ArgumentParser
internal import RuleBytecode
internal import RuleCompiler
internal import RuleVM
internal import Spelling

struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Explain codes of diagnostics and anomalies, or list the names of the language.",
    discussion: """
      A code is the word in brackets behind a message; without an argument all codes are \
      listed. An anomaly is named as in the test 'anomaly'. Lists: \
      \(ExplainTopic.allCases.map(\.rawValue).joined(separator: ", ")).

      Examples:
        defang-rulec explain
        defang-rulec explain N006
        defang-rulec explain p004 f005 --json
        defang-rulec explain boundary-conflict
        defang-rulec explain all
        defang-rulec explain facts
      """)

  @ArgumentParser.Argument(
    help: "Codes, anomalies, 'all', or the name of a list; none lists the codes.")
  var topics: [String] = []
  @Flag(help: "Print JSON: one array for codes, one for each list.")
  var json = false

  func run() throws {
    if topics.isEmpty {
      return Output.out(json ? JSONText.pretty(CodeLine.all) : CodeLine.text)
    }
    var texts: [Explanation] = []
    var anomalies: [AnomalyName] = []
    var lists: [ExplainTopic] = []
    for topic in topics {
      let word = topic.lowercased()
      if let list = ExplainTopic(rawValue: word) {
        lists.append(list)
      } else if word == "all" {
        texts += Explanation.all
      } else if let anomaly = AnomalyName.named(word) {
        anomalies.append(anomaly)
      } else if let code = Explanation.code(named: topic), let text = Explanation.of(code) {
        texts.append(text)
      } else {
        throw fail(ExitCode(64), Self.unknown(topic))
      }
    }
    if json {
      if !texts.isEmpty { Output.out(JSONText.pretty(texts.map(ExplanationJSON.init))) }
      if !anomalies.isEmpty { Output.out(JSONText.pretty(anomalies.map(AnomalyJSON.init))) }
      for list in lists { Output.out(JSONText.pretty(list.entries)) }
    } else {
      let pages =
        texts.map(ExplanationPage.text) + anomalies.map(AnomalyPage.text) + lists.map(\.text)
      Output.out(pages.joined(separator: "\n"))
    }
  }

  private static func unknown(_ topic: String) -> String {
    let lists = ExplainTopic.allCases.map(\.rawValue)
    let word = TraceText.printable(topic)
    let names = lists + ["all"] + AnomalyName.allCases.map(\.name)
    if let near = Nearest.name(to: topic, among: names) ?? Explanation.nearest(to: topic) {
      return "there is nothing to explain under '\(word)'; did you mean '\(near)'?"
    }
    return
      "nothing is explained under '\(word)'; name a code such as N006, an anomaly, 'all', or "
      + lists.joined(separator: ", ")
  }
}

/// A code in the list of all codes.
struct CodeLine: Encodable {
  let code: String
  let severity: String
  let title: String

  static let all = Explanation.all.map {
    CodeLine(code: $0.code.rawValue, severity: $0.code.severity.rawValue, title: $0.title)
  }

  static var text: String {
    let width = all.map(\.code.count).max() ?? 0
    return all.map { line in
      let code = line.code + String(repeating: " ", count: width - line.code.count)
      let note = line.severity == "error" ? "" : " (\(line.severity))"
      return "\(code)  \(line.title)\(note)\n"
    }.joined()
  }
}

/// An anomaly as `--json` prints it.
struct AnomalyJSON: Encodable {
  let name: String
  let severity: String
  let meaning: String
  let what: String
  let example: String
  let clients: String
  let policy: String

  init(_ anomaly: AnomalyName) {
    let page = AnomalyPage.of(anomaly)
    name = anomaly.name
    severity = anomaly.severity.name
    meaning = anomaly.meaning
    what = page.what
    example = page.example
    clients = page.clients
    policy = page.policy
  }
}

/// An explanation as `--json` prints it.
struct ExplanationJSON: Encodable {
  let code: String
  let severity: String
  let title: String
  let meaning: String
  let wrong: String?
  let right: String?
  /// Whole policies made of the two examples.
  let wrongPolicy: String?
  let rightPolicy: String?
  let reason: String

  init(_ text: Explanation) {
    code = text.code.rawValue
    severity = text.code.severity.rawValue
    title = text.title
    meaning = text.meaning
    wrong = text.example?.wrong
    right = text.example?.right
    wrongPolicy = text.example?.wrongPolicy
    rightPolicy = text.example?.rightPolicy
    reason = text.reason
  }
}

/// An explanation for a terminal.
enum ExplanationPage {
  static func text(_ explanation: Explanation) -> String {
    let code = explanation.code
    var page = "\(code.rawValue)  \(explanation.title)  (\(code.severity.rawValue))\n\n"
    page += indented(explanation.meaning, by: 2)
    if let example = explanation.example {
      page += "\n  Wrong\(place(example.frame)):\n\n" + indented(example.wrong, by: 6)
      page += "\n  Right\(place(example.frame)):\n\n"
      page += indented(example.right, by: 6)
    }
    return page + "\n" + indented(explanation.reason, by: 2)
  }

  private static func place(_ frame: Explanation.Frame) -> String {
    if case .phase(let phase) = frame { " (in phase \(phase.name))" } else { "" }
  }

  /// Characters that a terminal would act on are shown as numbers; line ends stay.
  private static func indented(_ text: String, by count: Int) -> String {
    let indent = String(repeating: " ", count: count)
    return text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { indent + TraceText.printable(String($0)) + "\n" }.joined()
  }
}
