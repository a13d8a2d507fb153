// Runs one `.svtest` file. Such a suite is a Sieve script: it is compiled with the commands of
// suites added and run like any other; where it asks its runner, the answer is given here.
internal import RuleBytecode
internal import RuleCompiler
internal import RuleVM

struct SuiteRunner {
  let path: String
  let filter: (String) -> Bool

  func run(_ bytes: [UInt8]) -> FileResult {
    var result = FileResult(path: path)
    var sources = TestFiles.sources(ofSuite: path)
    let source = SourceFile(name: path, bytes: bytes)
    _ = sources.add(source)
    var options = CompilerOptions()
    options.isTestSuite = true
    let compilation = Compiler.compilation(sources, options: options)
    let names = names(source)
    guard let program = compilation.program, let verified = try? VerifiedProgram(program) else {
      let printer = DiagnosticPrinter(sources: compilation.sources)
      result.diagnostics = printer.text(compilation.diagnostics)
      result.results = names.map { failed($0.name, $0.place, source, "the suite does not compile") }
      return result
    }
    let play = SuitePlay(path: path, source: source, verified)
    play.run()
    result.results = names.map { test in
      play.results[test.place]
        ?? failed(test.name, test.place, source, play.trouble ?? "this test was not reached")
    }
    if let trouble = play.trouble, names.isEmpty || play.troubleIsOutside {
      result.results.append(
        failed(path, TestPlace(file: path, line: 1, column: 1), source, trouble))
    }
    result.results.removeAll { !filter($0.name) }
    if let overspent = play.overspent {
      result.results.append(TestResult(name: path, place: overspent.place, failures: [overspent]))
    }
    return result
  }

  private func failed(
    _ name: String, _ place: TestPlace, _ source: SourceFile, _ reason: String
  ) -> TestResult {
    let line = source.text(source.bytes(ofLine: place.line))
    return TestResult(
      name: name, place: place,
      failures: [TestFailure(place: place, source: line, reason: reason)])
  }

  /// The tests of the file, run or not.
  private func names(_ source: SourceFile) -> [(name: String, place: TestPlace)] {
    var diagnostics = Diagnostics()
    let script = Parser.parse(source, file: 0, diagnostics: &diagnostics)
    return names(script.commands, source)
  }

  private func names(
    _ commands: [Command], _ source: SourceFile
  ) -> [(name: String, place: TestPlace)] {
    commands.flatMap { command in
      guard command.name.text == "test" else { return names(command.block?.commands ?? [], source) }
      let found = source.position(ofByte: command.name.range.bytes.lowerBound)
      let name = command.arguments.items.first?.strings?.first?.value ?? ""
      return [(name, TestPlace(file: path, line: found.line, column: found.column))]
    }
  }
}

/// A suite at play.
private final class SuitePlay {
  private let path: String
  private let source: SourceFile
  private let state: SuiteState
  private let script: SuiteRun
  /// By the place of the test.
  private(set) var results: [TestPlace: TestResult] = [:]
  private(set) var trouble: String?
  private(set) var troubleIsOutside = false
  /// The suite cost more than it can.
  private(set) var overspent: TestFailure?
  private var current: TestResult?

  init(path: String, source: SourceFile, _ program: VerifiedProgram) {
    self.path = path
    self.source = source
    let state = SuiteState(path: path)
    self.state = state
    script = SuiteRun(
      program, mail: state.envelope, settings: state.settings, seen: { state.hasSeen($0) },
      onAction: { state.add($0) })
  }

  func run() {
    while let (question, id) = script.question() {
      script.answer(id, answer(question))
    }
    if let difference = script.cost.difference {
      overspent = TestFailure(place: place(1, 1), source: "", differences: [difference])
    }
    guard let reason = script.trouble else { return }
    trouble = "the script was given up: \(reason)"
    guard var test = current else {
      troubleIsOutside = true
      return
    }
    test.failures.append(failure(at: test.place.line, test.place.column, trouble ?? ""))
    results[test.place] = test
  }

  private func place(_ line: Int, _ column: Int) -> TestPlace {
    TestPlace(file: path, line: line, column: column)
  }

  private func failure(at line: Int, _ column: Int, _ reason: String) -> TestFailure {
    TestFailure(
      place: place(line, column), source: source.text(source.bytes(ofLine: line)), reason: reason)
  }

  // MARK: Answers

  private func answer(_ question: SuiteQuestion) -> CheckAnswer {
    let text = question.texts.first ?? ""
    switch question.command {
    case "begin":
      script.session.refuel()
      current = TestResult(
        name: text, place: place(question.place.line, question.place.column))
    case "end":
      if let test = current { results[test.place] = test }
      current = nil
    case "test_fail": fail(question, text)
    case "test_set": set(text, question.texts.last ?? "", question)
    case "test_config_set": configure(text, question.texts.last)
    case "test_config_unset": configure(text, nil)
    case "test_result_reset": state.resetResult()
    case "test_mailbox_create": state.delivery.create(text)
    case "test_mailbox_delete": state.delivery.delete(text)
    case "test_binary_save": state.images[text] = state.script?.image
    case "test_binary_load":
      let loaded = state.images[text].flatMap { SuiteScript(path: path, image: $0) }
      guard let loaded else {
        fail(question, "there is no image '\(text)', or it was refused")
        break
      }
      state.script = loaded
    default: return query(question, text)
    }
    return .truth(true)
  }

  private func query(_ question: SuiteQuestion, _ text: String) -> CheckAnswer {
    switch question.command {
    case "test_script_compile": return .truth(state.compile(text))
    case "test_script_run":
      defer { checkCost(question) }
      return .truth(state.run(on: script.message, appends: question.has("append_result")))
    case "test_multiscript":
      defer { checkCost(question) }
      return .truth(state.runAll(question.texts, on: script.message))
    case "test_result_execute": return .truth(state.execute(script.message))
    case "test_message": return .truth(take(question, text))
    case "test_error": return .values(SuiteState.picked(state.errors, question.tags["index"]))
    case "test_result_action":
      return .values(
        SuiteState.picked(state.delivery.actions.map(\.name), question.tags["index"]))
    case "valid_ext_list":
      return .truth(question.texts.allSatisfy { state.settings.list($0) != nil })
    default: return .truth(true)
    }
  }

  private func configure(_ name: String, _ value: String?) {
    state.settings[name] = value
    script.settings = state.settings
    if name == "sieve_variables_max_variable_size" {
      script.session.limitVariables(toBytes: value.flatMap { Int($0) })
    }
  }

  /// A script that cost more than it can fails the test that ran it.
  private func checkCost(_ question: SuiteQuestion) {
    guard let difference = state.overspent else { return }
    state.overspent = nil
    let place = place(question.place.line, question.place.column)
    current?.failures.append(
      TestFailure(
        place: place, source: source.text(source.bytes(ofLine: place.line)),
        differences: [difference]))
  }

  private func fail(_ question: SuiteQuestion, _ reason: String) {
    let failure = failure(at: question.place.line, question.place.column, reason)
    if current == nil {
      trouble = reason
      troubleIsOutside = true
    }
    current?.failures.append(failure)
  }

  private func set(_ name: String, _ value: String, _ question: SuiteQuestion) {
    switch name {
    case "message":
      if !script.replaceMessage(LineEnds.asCRLF(Array(value.utf8))) {
        fail(question, "the message does not fit the machine")
      }
    case "envelope.from":
      state.envelope.sender = value
      script.session.setSender(Array(value.utf8))
    case "envelope.to":
      state.envelope.recipient = value
      script.session.setRecipient(Array(value.utf8))
    case "envelope.orig_to": state.envelope.originalRecipient = value
    case "envelope.auth":
      state.envelope.user = value
      script.session.set(.authUser, value.utf8)
    default: fail(question, "'\(name)' cannot be set")
    }
  }

  /// Makes a delivered or sent message the one at hand.
  private func take(_ question: SuiteQuestion, _ folder: String) -> Bool {
    let number = question.tags[""] ?? 0
    if question.has("folder") {
      guard let messages = state.delivery.folders[folder], messages.indices.contains(number) else {
        return false
      }
      return script.replaceMessage(messages[number])
    }
    guard state.delivery.sent.indices.contains(number) else { return false }
    let mail = state.delivery.sent[number]
    script.session.setSender(Array(mail.sender.utf8))
    script.session.setRecipient(Array(mail.recipient.utf8))
    return script.replaceMessage(mail.bytes)
  }
}
