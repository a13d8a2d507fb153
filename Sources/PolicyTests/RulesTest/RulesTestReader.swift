// `.rulestest` source to its tests. All mistakes of a file are found in one go; a test with a
// mistake is not run, and says so.
internal import RuleCompiler

struct RulesTestReader {
  private var reader: SheetReader
  private var steps: StepReader
  private var file = RulesTestFile()
  private var names: [String: SourceRange] = [:]

  static func read(
    _ script: Script, _ sources: SourceSet, _ diagnostics: inout Diagnostics,
    files: @escaping (String) -> Result<[UInt8], TestFiles.Trouble>
  ) -> RulesTestFile {
    var reader = RulesTestReader(
      reader: SheetReader(RulesTestSheet.commands, sources, diagnostics),
      steps: StepReader(read: files))
    reader.readFile(script)
    diagnostics = reader.reader.diagnostics
    return reader.file
  }

  private init(reader: SheetReader, steps: StepReader) {
    self.reader = reader
    self.steps = steps
  }

  private mutating func readFile(_ script: Script) {
    // Defaults hold for the whole file, wherever they stand in it.
    for command in script.commands where command.name.text == "defaults" { readDefaults(command) }
    for command in script.commands where command.name.text != "defaults" {
      guard let bound = reader.bind(command, allowed: RulesTestSheet.fileLevel) else { continue }
      if bound.name.text == "policy" {
        file.policy = bound.strings(at: 0)?.map(\.value) ?? []
        file.policyRange = bound.strings(at: 0)?.first?.range
      } else {
        readTest(bound)
      }
    }
  }

  // MARK: defaults

  private mutating func readDefaults(_ command: Command) {
    guard let bound = reader.bind(command, allowed: RulesTestSheet.fileLevel) else { return }
    for command in bound.block?.commands ?? [] {
      guard let bound = reader.bind(command, allowed: RulesTestSheet.defaultable),
        let kind = steps.kind(bound, &reader)
      else { continue }
      file.names += PolicyName.all(in: bound)
      switch kind {
      case .connect(let client): file.defaults.client = client
      case .helo(let name, let tls): (file.defaults.helo, file.defaults.tls) = (name, tls)
      case .mail(let mail): file.defaults.mail = mail
      case .rcpt(let recipients):
        file.defaults.recipients.append(recipients)
        continue
      default:
        file.defaults.opening.append(TestStep(range: bound.range, kind: kind))
        continue
      }
      steps.defaults[bound.name.text] = bound
    }
  }

  // MARK: test

  private mutating func readTest(_ bound: BoundCommand) {
    guard let literal = bound.string(at: 0) else { return }
    if let first = names[literal.value] {
      reader.report(
        .declaration(.duplicateName(literal.value, kind: .test)), at: literal.range,
        notes: [.init(.declared("test \"\(literal.value)\""), at: first)])
    }
    names[literal.value] = literal.range
    var order = StepOrder()
    var result: [TestStep] = []
    for command in bound.block?.commands ?? [] {
      if command.name.text == "test" {
        reader.report(.test(.nestedTest), at: command.name.range)
        continue
      }
      let ordered =
        command.name.text == "expect" ? ExpectationReader.ordered(command) : command
      if let problem = order.take(command.name.text) {
        reader.report(.test(problem), at: command.name.range)
      }
      guard let bound = reader.bind(ordered, allowed: RulesTestSheet.steps) else { continue }
      guard let kind = steps.kind(bound, &reader) else { continue }
      file.names += PolicyName.all(in: bound)
      result.append(TestStep(range: bound.range, kind: kind))
    }
    if !order.hasExpected {
      reader.report(.test(.nothingExpected(literal.value)), at: literal.range)
    }
    file.tests.append(PolicyTest(name: literal.value, range: literal.range, steps: result))
  }
}

/// The order that SMTP has (RFC 5321 §4.1.4), as far as it cannot be mended by steps between.
private struct StepOrder {
  private(set) var hasExpected = false
  private var hasHappened = false
  private var content: String?

  mutating func take(_ name: String) -> TestProblem? {
    switch name {
    case "expect":
      hasExpected = true
      return hasHappened ? nil : .nothingHappened
    case "connect", "helo", "mail", "rset", "every": content = nil
    case "rcpt", "data": if let content { return .wrongOrder(name, after: content) }
    case "message": break
    default: return nil
    }
    hasHappened = true
    if name == "data" { content = name }
    if name == "message" { content = nil }
    return nil
  }
}
