// Checks calls of the suite's own commands and tests: they are alike, so one check serves all.

import RuleBytecode

extension CheckContext {
  /// A suite's test as a question to the runner; nil when a mistake was reported.
  mutating func suiteTest(_ test: Test, _ signature: Signature) -> CheckedTest? {
    guard let call = ArgumentBinder.bind(test, signature, &self),
      let question = suiteQuestion(call)
    else { return nil }
    return CheckedTest(question, at: call.range)
  }

  /// A test of the language that the runner answers, since a suite may set what it asks for.
  mutating func askedOfSuite(_ call: Call) -> CheckedTest? {
    suiteQuestion(call).map { CheckedTest($0, at: call.range) }
  }

  /// A list that settings of the suite may have: the runner answers for it as for a table outside.
  /// A short name is one of the registered ones (RFC 6134 §2.4).
  mutating func listOfSuite(_ name: String, at range: SourceRange) -> Table {
    let name = name.hasPrefix(":") ? "urn:ietf:params:sieve" + name : name
    if let known = names.tables[name] { return known }
    var table = Table(name: name, index: names.tableOrder.count, kind: .set, range: range)
    table.source = .redis
    names.tables[name] = table
    names.tableOrder.append(table)
    return table
  }

  /// A suite's command; `test_fail` also leaves its test.
  mutating func suiteCommand(_ command: Command, _ signature: Signature) -> (any ActionCode)? {
    guard let call = ArgumentBinder.bind(command, signature, &self),
      let question = suiteQuestion(call)
    else { return nil }
    return call.name.text == "test_fail" ? SuiteFailure(question: question) : question
  }

  private mutating func suiteQuestion(_ call: Call) -> SuiteQuestion? {
    var question = SuiteQuestion(command: call.name.text, words: [suitePlace(call.name.range)])
    let isComparing = ["test_error", "test_result_action"].contains(call.name.text)
    if isComparing {
      guard let plan = match(call, keys: 0) else { return nil }
      question.plan = plan
    }
    for tag in call.tags where !isComparing || tag.name == "index" {
      question.words.append(":" + tag.name + (tag.number.map { "=\($0.value)" } ?? ""))
      if let literal = tag.string { question.texts.append(text(literal)) }
    }
    for argument in call.positional where !isComparing {
      if case .number(let number)? = argument?.value { question.words.append("=\(number.value)") }
      question.texts += (argument?.strings ?? []).map { text($0) }
    }
    return question
  }

  /// `${tst.path}`: where the suite lies, without a slash at the end.
  func suiteFact(_ name: String) -> TextPiece? {
    guard isTestSuite, name == "tst.path" else { return nil }
    let path = sources.files[file.file].name
    guard let slash = path.lastIndex(of: "/") else { return .literal(".") }
    return .literal(String(path[..<slash]))
  }

  /// Line and column, for the runner's report.
  func suitePlace(_ range: SourceRange) -> String {
    let place = sources.files[range.file].position(ofByte: range.bytes.lowerBound)
    return "\(place.line):\(place.column)"
  }
}

/// `test_fail`: the runner hears why, and the test is left.
struct SuiteFailure: ActionCode {
  let question: SuiteQuestion

  func emit(_ out: inout BlockEmitter) {
    out.scratch { question.emit(&$0) }
    guard let end = out.suiteEnd ?? out.leave else { return }
    out.jump(.jump, to: end)
  }
}

/// `test "name" { … }`.
struct SuiteBlock: ActionCode {
  let begin: SuiteQuestion
  let end: SuiteQuestion
  let body: [CheckedStatement]

  func emit(_ out: inout BlockEmitter) {
    out.scratch { begin.emit(&$0) }
    let outer = out.suiteEnd
    let label = out.label()
    out.suiteEnd = label
    out.statements(body)
    out.bind(label)
    out.suiteEnd = outer
    out.scratch { end.emit(&$0) }
  }
}

extension PlannedAction {
  /// In a suite the runner plays the delivery, so it hears of each action as it comes.
  private static let reported: Set<Action> = [
    .keep, .discard, .fileinto, .redirect, .reject, .ereject,
  ]

  var isReportedToSuite: Bool { Self.reported.contains(action) }

  /// The action as a question: its name, its flags, the parameters that its texts are.
  var suiteQuestion: SuiteQuestion {
    var question = SuiteQuestion(command: "do", words: [action.name])
    question.words += ActionFlags.names.filter { flags.contains($0.flag) }.map { ":" + $0.name }
    for parameter in action.parameters {
      for (name, values) in texts where name == parameter {
        question.words += values.map { _ in "=" + parameter }
        question.texts += values
      }
    }
    return question
  }
}
