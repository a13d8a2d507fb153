// Tests and conditions.

import RuleBytecode

extension CheckContext {
  /// Checks one test. Depth is bounded by the parser's limit on nesting.
  mutating func test(_ test: Test) -> CheckedTest? {
    captures.groupsIfFalse = captures.groups
    if isTestSuite, let signature = SuiteSheet.tests[test.name.text] {
      return suiteTest(test, signature) ?? damagedTest(test)
    }
    guard let command = Registry.tests[test.name.text] else {
      reportUnknown(test)
      return damagedTest(test)
    }
    let signature = command.signature
    guard let call = ArgumentBinder.bind(test, signature, &self) else { return damagedTest(test) }
    let phases = signature.need == .part ? withLoop(signature.phases) : signature.phases
    let possible = phases.phases.map(\.name)
    let name = test.name.text
    guard allowInTimer(name, TimerRights.tests.contains(name), at: test.name.range) else {
      return damagedTest(test)
    }
    let isPossible = limit(to: phases, as: test.name.text, at: test.name.range) {
      .testNotPossible(
        test.name.text, phase: $0.name, need: signature.need, possible: possible)
    }
    let (outerTables, outerMatches) = (tableFailures, matchFailures)
    tableFailures = .none
    matchFailures = .none
    defer { (tableFailures, matchFailures) = (outerTables, outerMatches) }
    let noted = factChecks.count
    let found = isPossible ? command.check(call, &self) : nil
    let checks = takeFactChecks(behind: noted)
    guard var checked = found else {
      hasHoles = true
      forgetCaptures()
      return nil
    }
    checked.failures.add(matchFailures)
    if let checks {
      checked.factChecks = checks
      checked.failures.add(checks.failures)
    }
    checked.failures.add(tableFailures)
    return checked
  }

  /// What is inside a test that means nothing is checked all the same, but for what only stands
  /// behind a damaged place.
  private mutating func damagedTest(_ test: Test) -> CheckedTest? {
    let takesNone = Registry.tests[test.name.text]?.signature.tests == Signature.TestsWanted.none
    if !(takesNone && test.isDamaged) {
      for inner in test.arguments.tests { _ = self.test(inner) }
    }
    hasHoles = true
    forgetCaptures()
    return nil
  }

  /// After a test that could not be read, any match variable may be there.
  private mutating func forgetCaptures() {
    captures.groups = ImageFormat.matchGroupsMax - 1
    captures.groupsIfFalse = captures.groups
  }

  private mutating func reportUnknown(_ test: Test) {
    let name = test.name.text
    if Registry.actions[name] != nil || Registry.structure.contains(name) {
      report(.name(.commandAsTest(name)), at: test.name.range)
      return
    }
    if isRefused(name, at: test.name.range) { return }
    // `subject == "x"`: that there are no operators has been said.
    if test.isDamaged, ForeignWords.testHelp[name] != nil { return }
    let isForeign = ForeignWords.testHelp[name] != nil
    let nearest = isForeign ? nil : nearest(to: name, among: Registry.tests.keys)
    report(.name(.unknownTest(name, nearest: nearest)), at: test.name.range)
  }

  /// The tests of a list, one after the other; `each` sees the match variables behind each.
  mutating func tests(
    of call: Call, _ each: (inout CaptureScope) -> Void
  ) -> [CheckedTest]? {
    var checked: [CheckedTest] = []
    var seen: Set<String> = []
    var wanted = 0
    for test in call.tests {
      let text = sources.file(of: test.range)?.text(test.range.bytes) ?? ""
      if !seen.insert(text).inserted {
        report(.flow(.duplicateTest(in: call.name.text)), at: test.range)
      }
      wanted += 1
      let decision = TestIhave.decision(of: test, self)
      if let one = self.test(test) { checked.append(one) }
      each(&captures)
      // What follows is never asked, so it may be unknown here (RFC 5463 §4).
      if decision == (call.name.text == "anyof") { break }
    }
    return checked.count == wanted && !checked.isEmpty ? checked : nil
  }

  /// A test that decides something, with what answers its failures.
  mutating func condition(_ test: Test) -> CheckedCondition? {
    let isDecided = TestIhave.decision(of: test, self) != nil
    guard let checked = self.test(test) else { return nil }
    if let constant = checked.constant, !isDecided {
      let name = test.name.text
      report(.flow(constant ? .alwaysTrue(name) : .alwaysFalse(name)), at: test.range)
    }
    return CheckedCondition(test: checked, policy: policy(for: checked.failures))
  }

  // MARK: on_error

  static let failureSignature = Signature(
    name: "on_error", availability: .ours,
    tags: FailureClass.allCases.map { TagSignature($0.name, .string) } + [failOpenTag],
    tagFamily: .failureClasses)

  /// What one `on_error` statement says.
  mutating func answers(_ command: Command) -> FailureAnswers {
    var answers = FailureAnswers()
    guard let call = ArgumentBinder.bind(command, Self.failureSignature, &self) else {
      hasHoles = true
      // Classes that stand there are not missing.
      for failure in FailureClass.allCases
      where command.arguments.items.contains(where: { $0.tag == failure.name }) {
        answers[failure] = .tempfail
      }
      let tags = command.arguments.items.compactMap(\.tag)
      // `on_error dns "tempfail"`, `on_error "tempfail"`: nothing else is missing.
      if tags.isEmpty { for failure in FailureClass.allCases { answers[failure] = .tempfail } }
      for tag in tags {
        let meant = nearest(to: tag, among: FailureClass.allCases.map(\.name))
        for failure in FailureClass.allCases where failure.name == meant {
          answers[failure] = .tempfail
        }
      }
      return answers
    }
    for tag in call.tags {
      guard let failure = FailureClass.allCases.first(where: { $0.name == tag.name }) else {
        continue
      }
      let answer = answer(tag)
      answers[failure] = answer ?? .tempfail
      if failure == .scanner { reportFailOpen(answer, tag, of: call) }
    }
    if let tag = call.tag(Self.failOpenTag.name), !call.has(FailureClass.scanner.name) {
      reportClosed(tag, FailureClass.scanner.name, of: call)
    }
    if call.tags.isEmpty, !command.isDamaged {
      report(
        .argument(.missing("failure class", expected: .tag, of: "on_error")),
        at: command.name.range)
    }
    return answers
  }

  /// `:fail_open`: that mail passes when a scanner fails is meant.
  static let failOpenTag = TagSignature("fail_open")

  /// Whoever can make a scanner fail gets his mail by, unless the call says that this is meant.
  mutating func reportFailOpen(_ answer: FailureAnswer?, _ tag: BoundTag, of call: Call) {
    guard let answer, let literal = tag.string else { return }
    let isOpen = answer == .continue || answer == .accept
    switch (isOpen, call.tag(Self.failOpenTag.name)) {
    case (true, nil):
      let scanner = FailureClass.scanner.name
      report(.failure(.failOpen(class: scanner, answer: literal.value)), at: literal.range)
    case (false, let meant?): reportClosed(meant, tag.name, of: call)
    default: break
    }
  }

  /// `:fail_open` where nothing lets mail pass.
  mutating func reportClosed(_ tag: BoundTag, _ answer: String, of call: Call) {
    let needs = answer + " \"continue\""
    report(.argument(.tagNeeds(tag.name, needs: needs, of: call.name.text)), at: tag.range)
  }

  /// The answer that a tag names.
  mutating func answer(_ tag: BoundTag) -> FailureAnswer? {
    guard let literal = tag.string, let name = constant(literal, ":" + tag.name, of: "on_error")
    else { return nil }
    if let answer = FailureAnswer.allCases.first(where: { $0.name == name }) { return answer }
    let nearest = nearest(to: name, among: FailureAnswer.allCases.map(\.name))
    report(.failure(.unknownAnswer(name, nearest: nearest)), at: literal.range)
    return nil
  }
}
