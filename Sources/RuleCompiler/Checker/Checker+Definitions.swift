// `define "name" TEST;` and `define "name" { … }`: tests and commands with a name, used only behind
// their definition.

import RuleBytecode

extension Checker {
  private static let defineSignature = Signature(
    name: "define", availability: .ours, positional: [.init("name", .string)], tests: .optional,
    block: .optional)

  mutating func checkDefinition(_ command: Command) {
    let call = ArgumentBinder.bind(command, Self.defineSignature, &context)
    let literal = call?.string(0) ?? command.arguments.items.last?.strings?.first
    let name = literal.flatMap { declare($0, kind: .define) }
    context.place = RunPlace(nil)
    context.captures = CaptureScope()
    context.innerAnswers = FailureAnswers()
    context.openDefinition = literal?.value
    context.callDepth = 0
    let body = definitionBody(command)
    context.openDefinition = nil
    if let literal { context.names.checked.insert(DeclaredName(.define, literal.value)) }
    guard call != nil, let literal, let name, let body else {
      context.hasHoles = true
      return
    }
    if context.callDepth >= ImageFormat.callDepthMax {
      context.report(.flow(.tooComplex("define")), at: literal.range)
    }
    add(name, literal.range, body)
  }

  private mutating func definitionBody(_ command: Command) -> CheckedFunction.Body? {
    if let test = command.arguments.tests.first {
      if let block = command.block {
        context.report(.argument(.unexpectedBlock(of: "define")), at: block.openBrace)
      }
      return context.test(test).map { .test($0) }
    }
    guard let block = command.block else {
      if !command.isDamaged {
        context.report(.argument(.missingTest(of: "define")), at: command.name.range)
      }
      return nil
    }
    return .statements(StatementChecker.check(block.commands, in: .definition, &context).body)
  }

  private mutating func add(_ name: String, _ range: SourceRange, _ body: CheckedFunction.Body) {
    let test: CheckedTest? = if case .test(let test) = body { test } else { nil }
    context.names.definitions[name] = Definition(
      index: functions.count, isTest: test != nil, range: range,
      phases: context.place.possible, narrowing: context.place.narrowing,
      notForTurns: context.place.notForTurns, failures: test?.failures ?? .none,
      constant: test?.constant,
      groups: test == nil ? nil : context.captures.groups, matches: context.captures.live,
      depth: context.callDepth, answers: context.file.answers)
    functions.append(
      CheckedFunction(name: name, range: range, body: body, callees: context.place.callees))
  }

  /// Takes a name for a rule or definition; nil when it cannot be one.
  mutating func declare(_ literal: StringLiteral, kind: DeclarationKind) -> String? {
    guard let name = context.constant(literal, "name", of: kind == .rule ? "rule" : "define")
    else { return nil }
    guard Literals.isDeclaredName(name) else {
      context.report(.literal(.badName(name, kind: kind)), at: literal.range)
      return nil
    }
    let first = kind == .rule ? context.names.rules[name] : context.names.definitions[name]?.range
    if let first {
      context.report(
        .declaration(.duplicateName(name, kind: kind)), at: literal.range,
        notes: [.init(.declared("\(kind == .rule ? "rule" : "define") \"\(name)\""), at: first)])
      return nil
    }
    return name
  }
}
