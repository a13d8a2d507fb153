// The mistake maker: takes right policies of `Mistakes/` and breaks each in known ways, one at a
// time, so that it is known which one diagnostic must come and where. Everything follows from a
// seed.

import Foundation

@testable import RuleCompiler

/// A right policy, and what stands where in it.
struct RightPolicy: Sendable {
  /// A command with what is around it, the outermost first.
  struct Site: Sendable {
    let command: Command
    let parents: [Command]

    var name: String { command.name.text }
    var phase: String? {
      let around = parents.last { $0.name.text == "phase" }
      return (name == "phase" ? command : around)?.arguments.tests.first?.name.text
    }
    /// In a rule, a definition, or a plain script.
    var isStatement: Bool {
      guard let first = parents.first else { return false }
      return first.name.text == "define" || parents.contains { $0.name.text == "rule" }
    }
  }

  /// A test with the command it stands in.
  struct Ask: Sendable {
    let test: Test
    let site: Site
    /// The lists of tests and the `not` around it.
    let around: [Test]

    var name: String { test.name.text }
    var phase: String? { site.phase }
  }

  let name: String
  let text: String
  let bytes: [UInt8]
  let script: Script
  private(set) var commands: [Site] = []
  private(set) var tests: [Ask] = []

  init(name: String, text: String) {
    self.name = name
    self.text = text
    bytes = Array(text.utf8)
    script = Parsed(text).script
    for command in script.commands { add(command, []) }
  }

  private mutating func add(_ command: Command, _ parents: [Command]) {
    let site = Site(command: command, parents: parents)
    commands.append(site)
    if command.name.text != "phase" {
      for test in command.arguments.tests { add(test, site, []) }
    }
    for inner in command.block?.commands ?? [] { add(inner, parents + [command]) }
  }

  private mutating func add(_ test: Test, _ site: Site, _ around: [Test]) {
    tests.append(Ask(test: test, site: site, around: around))
    for inner in test.arguments.tests { add(inner, site, around + [test]) }
  }

  // MARK: Questions

  var isOurs: Bool { capabilities.contains("defang") }

  var capabilities: [String] {
    commands.filter { $0.name == "require" }
      .flatMap { $0.command.arguments.items.flatMap { $0.strings ?? [] } }.map(\.value)
  }

  func commands(named name: String) -> [Site] { commands.filter { $0.name == name } }
  func tests(named name: String) -> [Ask] { tests.filter { $0.name == name } }

  var actions: [Site] {
    commands.filter { Registry.actions[$0.name] != nil && $0.name != "call" }
  }

  /// Rules of a phase that act, with a body into which statements can be put.
  func rules(in phases: Set<String>) -> [Site] {
    commands(named: "rule").filter { rule in
      guard let phase = rule.phase, phases.contains(phase), rule.command.block != nil else {
        return false
      }
      let isModal = rule.command.arguments.items.contains { $0.tag == "mode" }
      return !isModal && rule.command.block?.commands.first?.name.text != "on_error"
    }
  }

  static let phases: Set = [
    "connect", "helo", "mail", "rcpt", "data", "headers", "message", "part", "eom",
  ]

  func source(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

  /// The arguments of all commands and tests.
  var argumentLists: [Arguments] {
    commands.map(\.command.arguments) + tests.map(\.test.arguments)
  }

  /// A string with the command or test whose argument it is.
  struct Literal {
    let literal: StringLiteral
    let owner: String
    let phase: String?
  }

  var literals: [Literal] {
    var found: [Literal] = []
    for site in commands {
      for literal in site.command.arguments.items.flatMap({ $0.strings ?? [] }) {
        found.append(Literal(literal: literal, owner: site.name, phase: site.phase))
      }
    }
    for ask in tests {
      for literal in ask.test.arguments.items.flatMap({ $0.strings ?? [] }) {
        found.append(Literal(literal: literal, owner: ask.name, phase: ask.phase))
      }
    }
    return found
  }

  /// Each `${…}` of the strings that hold variables.
  var references: [(name: String, bytes: Range<Int>, phase: String?)] {
    literals.filter { $0.owner != "require" }.flatMap { item in
      pieces(from: "${", to: "}", in: item.literal.range.bytes).map {
        (source($0.lowerBound + 2..<$0.upperBound - 1), $0, item.phase)
      }
    }
  }

  /// From each opening to the next closing, both included.
  private func pieces(
    from opening: String, to closing: Character, in range: Range<Int>
  ) -> [Range<Int>] {
    let opening = Array(opening.utf8)
    let closing = closing.asciiValue ?? 0
    var found: [Range<Int>] = []
    for start in range where bytes[start...].starts(with: opening) {
      guard let end = bytes[start..<range.upperBound].firstIndex(of: closing) else { continue }
      found.append(start..<end + 1)
    }
    return found
  }

  // MARK: The folder

  static let all: [RightPolicy] = {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Mistakes")
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.filter { $0.hasSuffix(".rules") }.sorted().map { name in
      let text = try? String(contentsOf: folder.appending(path: name), encoding: .utf8)
      return RightPolicy(name: name, text: text ?? "")
    }
  }()
}

/// One way of breaking one place: edits, and what must be said about them.
struct Break: Sendable {
  /// What is put in the place of some bytes. Between « and » is what is wrong.
  struct Edit: Sendable {
    let range: Range<Int>
    let text: String

    init(_ range: Range<Int>, _ text: String) {
      self.range = range
      self.text = text
    }
  }

  let edits: [Edit]
  let code: ProblemCode
  /// The wrong place in the right policy, where no edit marks it.
  var place: Range<Int>?

  init(_ code: ProblemCode, _ edits: [Edit], at place: Range<Int>? = nil) {
    self.code = code
    self.edits = edits.sorted { $0.range.lowerBound < $1.range.lowerBound }
    self.place = place
  }

  init(_ code: ProblemCode, _ range: Range<Int>, _ text: String, at place: Range<Int>? = nil) {
    self.init(code, [Edit(range, text)], at: place)
  }
}

/// A policy with one mistake.
struct Mistake: Sendable {
  let policy: String
  let way: String
  let text: String
  let code: ProblemCode
  let span: Range<Int>

  init(_ broken: Break, _ policy: RightPolicy, _ way: String) {
    self.policy = policy.name
    self.way = way
    code = broken.code
    var bytes: [UInt8] = []
    var span = 0..<0
    var next = 0
    for edit in broken.edits {
      bytes += policy.bytes[next..<edit.range.lowerBound]
      for scalar in edit.text.unicodeScalars {
        switch scalar {
        case "«": span = bytes.count..<bytes.count
        case "»": span = span.lowerBound..<bytes.count
        default: bytes += Array(String(scalar).utf8)
        }
      }
      next = edit.range.upperBound
    }
    bytes += policy.bytes[next...]
    if let place = broken.place { span = Self.moved(place, by: broken.edits) }
    text = String(decoding: bytes, as: UTF8.self)
    self.span = span
  }

  /// Where a range of the right policy is behind the edits.
  private static func moved(_ range: Range<Int>, by edits: [Break.Edit]) -> Range<Int> {
    func growth(_ edit: Break.Edit) -> Int { edit.text.utf8.count - edit.range.count }
    let before = edits.filter { $0.range.upperBound <= range.lowerBound }.map(growth)
    let inside = edits.filter {
      $0.range.upperBound > range.lowerBound && $0.range.lowerBound < range.upperBound
    }.map(growth)
    let lower = range.lowerBound + before.reduce(0, +)
    return lower..<lower + range.count + inside.reduce(0, +)
  }

  /// What the compiler says against what it must say; nil when they agree.
  var failure: String? {
    let compiled = Compiled(text)
    let found = compiled.diagnostics.shown
    if found.count == 1, found[0].problem.code == code, found[0].range.bytes == span {
      return nil
    }
    let printed = DiagnosticPrinter(sources: compiled.sources).text(compiled.diagnostics)
    let said = found.map { "\($0.problem.code.rawValue) \($0.range.bytes)" }
    return """
      \(policy), \(way): expected \(code.rawValue) \(span) «\(wrong)», found \(said)
      \(printed)
      """
  }

  private var wrong: String { String(decoding: Array(text.utf8)[span], as: UTF8.self) }
}

/// A way of breaking policies, with all places of a policy that it can break.
struct MistakeWay: Sendable {
  enum Family: String, Sendable, CaseIterable {
    case name, type, phase, order, literal, syntax, flow, failure, cost
  }

  let family: Family
  let name: String
  let find: @Sendable (RightPolicy, inout TreeRandom) -> [Break]

  init(
    _ family: Family, _ name: String,
    _ find: @escaping @Sendable (RightPolicy, inout TreeRandom) -> [Break]
  ) {
    self.family = family
    self.name = name
    self.find = find
  }

  static let all = names + types + phases + orders + literals + syntax + flows + failures + costs
}

extension MistakeWay {
  /// The name with one slip of the fingers; nil when that is a name again.
  static func misspelled(
    _ name: String, among known: Set<String> = [], _ random: inout TreeRandom
  ) -> String? {
    var letters = Array(name)
    let places = letters.indices.dropLast().filter {
      letters[$0].isLetter && letters[$0 + 1].isLetter
    }
    guard letters.count > 3, !places.isEmpty else { return nil }
    let place = places[random.below(places.count)]
    switch random.below(3) {
    case 0: letters.swapAt(place, place + 1)
    case 1: letters.remove(at: place)
    default: letters.insert(letters[place], at: place)
    }
    let wrong = String(letters)
    return wrong == name || known.contains(wrong.lowercased()) ? nil : wrong
  }
}
