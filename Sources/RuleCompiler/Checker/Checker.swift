// `Script` to `CheckedScript`: the files of a policy in their order, what they require and
// declare, and their phases.

import RuleBytecode
import Spelling

package struct Checker {
  var context: CheckContext
  private var scripts: [Script] { context.linked.scripts }
  var functions: [CheckedFunction] = []
  var items: [Phase: [CheckedItem]] = [:]
  var timers: [CheckedTimer] = []
  var ruleCount = 0
  /// Policies that were included already.
  var visited: Set<Int> = []

  /// The checked policy; nil when a mistake keeps it from running.
  static func check(
    _ linked: LinkedScripts, _ sources: inout SourceSet,
    _ options: CompilerOptions, _ limits: CompilerLimits, diagnostics: inout Diagnostics
  ) -> CheckedScript? {
    var checker = Checker(linked, sources, diagnostics)
    checker.context.isTestSuite = options.isTestSuite
    checker.context.addedFieldBytesMax = limits.addedFieldBytesMax
    checker.run()
    diagnostics = checker.context.diagnostics
    sources = checker.context.sources
    return diagnostics.hasErrors ? nil : checker.result
  }

  private init(_ linked: LinkedScripts, _ sources: SourceSet, _ diagnostics: Diagnostics) {
    context = CheckContext(sources: sources, diagnostics: diagnostics)
    context.linked = linked
  }

  private mutating func run() {
    for script in scripts {
      var scope = scope(of: script)
      scope.isIncluded = context.linked.isIncluded(script.file)
      context.scopes.append(scope)
    }
    context.names = NameCollector.collect(scripts, context.scopes)
    for index in 0..<context.linked.rootCount { checkFile(index) }
    checkMixedFates()
    reportUnused()
    // Of what was wholly understood only: else a conclusion could rest on a gap.
    let isWhole = scripts.allSatisfy(\.isStructureReliable) && !context.hasHoles
    if isWhole, !context.isTestSuite, !context.diagnostics.hasErrors {
      let (pieces, scopes) = piecesInOrder()
      FlowAnalysis.check(pieces, scopes, &context)
    }
  }

  private var result: CheckedScript {
    CheckedScript(
      filePolicy: (context.scopes.first?.answers ?? FailureAnswers()).policy, functions: functions,
      phases: Phase.allCases.compactMap { phase in
        items[phase].flatMap { $0.isEmpty ? nil : CheckedPhase(phase: phase, items: $0) }
      },
      timers: timers, callees: context.callees, capturedMatches: context.capturedMatches,
      declarations: context.names.declarationOrder, tables: context.names.tableOrder,
      onceFiles: context.onceFiles)
  }

  // MARK: Files

  private static let requireSignature = Signature(
    name: "require", positional: [.init("capabilities", .strings)])

  private mutating func scope(of script: Script) -> FileScope {
    let first = script.commands.first { $0.name.text == "require" }
    // Behind a byte order mark.
    let firstByte = context.sources.files[script.file].bytes(ofLine: 1).lowerBound
    let start = SourceRange(file: script.file, bytes: firstByte..<firstByte)
    var scope = FileScope(file: script.file, requirePlace: first?.range.start ?? start)
    scope.isStructureReliable = script.isStructureReliable
    context.file = scope
    var isBehind = false
    for (index, command) in script.commands.enumerated() {
      if index == 0, isMeantAsRequire(command) {
        // That there is no such command is said elsewhere.
        for literal in command.arguments.items.flatMap({ $0.strings ?? [] }) {
          require(literal, isJudged: false)
        }
      } else if command.name.text == "require" {
        if isBehind {
          let fixIts = SafeFix.moveCommand(
            command.range, to: scope.requirePlace, in: context.sources)
          context.report(
            .declaration(.requireNotFirst), at: command.name.range,
            fixIts: command.isDamaged ? [] : fixIts)
        }
        require(command)
      } else {
        isBehind = true
      }
    }
    adoptPolicy(script)
    if !context.file.isPolicy, let first { demandCompanions(first) }
    return context.file
  }

  /// `extracttext` is of no use without these (RFC 5703 §7).
  private mutating func demandCompanions(_ require: Command) {
    guard context.file.capabilities.contains("extracttext") else { return }
    for other in ["variables", "foreverypart"] {
      context.demand(.oursOr(other), for: "extracttext", at: require.name.range)
    }
  }

  private func isMeantAsRequire(_ command: Command) -> Bool {
    let isKnown =
      Registry.structure.contains(command.name.text)
      || Registry.actions[command.name.text] != nil
    return !isKnown && Nearest.name(to: command.name.text, among: ["require"]) != nil
  }

  private mutating func require(_ command: Command) {
    if command.isDamaged { context.file.isRequireUnsure = true }
    // What is wrong with the whole of it is said first; then the names are only taken in.
    let isWhole = ArgumentBinder.bind(command, Self.requireSignature, &context) != nil
    for item in command.arguments.items {
      for literal in item.strings ?? [] { require(literal, isJudged: isWhole) }
    }
    guard isWhole, context.file.requireEntry == nil, let item = command.arguments.items.first,
      let last = item.strings?.last
    else { return }
    context.file.requireEntry = (last.range, isOfList: last.range != item.range)
  }

  private mutating func require(_ literal: StringLiteral, isJudged: Bool) {
    let name = literal.value
    if Capability.known.contains(name) {
      context.file.capabilities.insert(name)
      if name == Capability.ours { context.file.isPolicy = true }
    } else if context.isTestSuite, SuiteSheet.capabilities.contains(name) {
      context.file.capabilities.insert(name)
    } else if Capability.refused.contains(name) || name.hasPrefix("vnd.dovecot.") {
      if isJudged { context.report(.name(.refusedCapability(name)), at: literal.range) }
      context.file.refusedCapabilities.insert(name)
    } else {
      let nearest = context.nearest(to: name, among: Capability.known)
      if isJudged {
        context.report(.name(.unknownCapability(name, nearest: nearest)), at: literal.range)
      }
      // A mistyped name was meant to bring something; that it is missing is no second mistake.
      if let nearest { context.file.capabilities.insert(nearest) }
      if nearest == Capability.ours { context.file.isPolicy = true }
    }
  }

  /// A file with phases is meant for us, whatever it forgot to say.
  private mutating func adoptPolicy(_ script: Script) {
    // Plain Sieve includes too (RFC 6609).
    let shapes = Set(["phase", "rule", "group", "on_error"] + Registry.topLevel)
      .subtracting(["include"])
    guard !context.file.isPolicy,
      let command = script.commands.first(where: { shapes.contains($0.name.text) })
    else { return }
    context.file.hasShapeOfPolicy = true
    context.demand(.ours, for: command.name.text, at: command.name.range)
    context.file.isPolicy = true
  }

  mutating func readFileAnswers(of script: Script) {
    var answers = FailureAnswers()
    for command in script.commands where command.name.text == "on_error" {
      let more = context.answers(command)
      for failure in FailureClass.allCases where answers[failure] != nil {
        guard more[failure] != nil else { continue }
        let range = command.arguments.items.first { $0.tag == failure.name }?.range
        context.report(
          .failure(.duplicateClass(failure.name)), at: range ?? command.name.range)
      }
      answers = answers.inside(more)
    }
    context.file.answers = answers
  }

  /// A file without `require "defang"`: its body is the eom phase.
  mutating func checkPlain(_ script: Script) {
    let body = script.commands.filter { $0.name.text != "require" }
    guard let first = body.first, let last = body.last else { return }
    context.place = RunPlace(.eom)
    context.captures = CaptureScope()
    let (statements, _) = StatementChecker.check(body, in: .topLevel, &context)
    let rule = CheckedRule(
      name: context.sources.files[script.file].name, range: first.range.through(last.range),
      body: statements, place: first.name.range, isPlain: true)
    ruleCount += 1
    items[.eom, default: []].append(.rule(rule))
  }

  mutating func checkPolicy(_ script: Script) {
    for command in script.commands {
      switch command.name.text {
      case "require", "on_error": break
      case "define": checkDefinition(command)
      case "table": context.checkTable(command)
      case "phase":
        for (phase, more) in checkPhase(command) { items[phase, default: []] += more }
      case "group":
        for (phase, more) in checkOuterGroup(command) { items[phase, default: []] += more }
      case "mode": checkMode(command)
      case "every": checkTimer(command)
      case "include": checkInclude(command)
      default:
        if let declaration = Registry.declarations[command.name.text] {
          context.declare(command, declaration)
        } else {
          checkMisplaced(command, in: .topLevel)
          context.adoptDeclaration(command)
        }
      }
      context.noteDeclaration(command)
    }
  }

  private static let modeSignature = Signature(
    name: "mode", availability: .ours, positional: [.init("mode", .string)])

  /// `mode "observe";`: what rules behind it in this file do that say nothing themselves.
  private mutating func checkMode(_ command: Command) {
    guard let call = ArgumentBinder.bind(command, Self.modeSignature, &context),
      let literal = call.string(0), let word = context.constant(literal, "mode", of: "mode")
    else { return }
    if let mode = context.ruleMode(word, of: "mode", at: literal.range) {
      context.file.mode = mode
    }
  }

  // MARK: Unused names

  /// Said only of what was wholly read: a name may be used in what could not be.
  private mutating func reportUnused() {
    if ruleCount == 0, !scripts.isEmpty, !context.diagnostics.hasErrors {
      let start = SourceRange(file: scripts[0].file, bytes: 0..<0)
      context.report(.declaration(.noRules), at: start)
    }
    if context.hasHoles || scripts.contains(where: { !$0.isStructureReliable }) { return }
    let names = context.names
    for (name, definition) in names.definitions
    where !names.used.contains(DeclaredName(.define, name)) {
      context.report(.declaration(.unused(name, kind: .define)), at: definition.range)
    }
    for (name, table) in names.tables where !names.used.contains(DeclaredName(.table, name)) {
      context.report(.declaration(.unused(name, kind: .table)), at: table.range)
    }
    // A digest is used by being there.
    for (key, declaration) in names.declarations
    where key.kind != .digest && !names.used.contains(key) {
      context.report(.declaration(.unused(key.name, kind: key.kind)), at: declaration.range)
    }
    for (name, facts) in names.variables where !names.readVariables.contains(name) {
      let written = name.split(separator: ":").last.map(String.init) ?? name
      context.report(.declaration(.unused(written, kind: .variable)), at: facts.first)
    }
  }
}
