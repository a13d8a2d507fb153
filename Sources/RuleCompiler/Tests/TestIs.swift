// `is NAME`: a test that `define` gave a name.

import RuleBytecode

enum TestIs: TestCommand {
  static let signature = Signature(
    name: "is", availability: .ours, positional: [.init("name", .string)])

  static func check(_ call: Call, _ context: inout CheckContext) -> CheckedTest? {
    guard let literal = call.string(0), let name = context.constant(literal, "name", of: "is"),
      let definition = context.definition(name, isTest: true, at: literal.range)
    else { return nil }
    if let groups = definition.groups {
      context.captures.groups = groups
      context.captures.live += definition.matches
    }
    let failures = definition.failures.used(by: "is", at: call.range, definition.answers)
    return CheckedTest(
      Code(function: definition.index), at: call.range, failures: failures,
      constant: definition.constant)
  }

  struct Code: TestCode {
    let function: Int

    func emit(into target: Register, _ out: inout BlockEmitter) {
      out.emit(.call, c: UInt32(function))
      out.emit(.truthCopy, a: target, b: Int(BlockEmitter.result))
    }
  }
}

extension CheckContext {
  /// The definition of that name, if it can be used here.
  mutating func definition(
    _ name: String, isTest: Bool, at range: SourceRange
  ) -> Definition? {
    names.used.insert(DeclaredName(.define, name))
    guard let definition = names.definitions[name] else {
      reportMissingDefinition(name, at: range)
      return nil
    }
    let note = Diagnostic.Note(.declared("define \"\(name)\""), at: definition.range)
    guard definition.isTest == isTest else {
      report(
        .declaration(.wrongUseOfDefinition(name, isTest: definition.isTest)), at: range,
        notes: [note])
      return nil
    }
    guard isPossible(definition, name, at: range, note) else { return nil }
    if let held = definition.notForTurns {
      if recipientLoop != nil {
        report(
          .flow(.definitionInLoop(name, holds: held.name)), at: range,
          notes: [.init(.needs(held.name), at: held.range)])
        return nil
      }
      if place.phase == nil { place.notForTurns = place.notForTurns ?? held }
    }
    noteCall(of: definition.index)
    callDepth = max(callDepth, definition.depth + 1)
    return definition
  }

  private mutating func isPossible(
    _ definition: Definition, _ name: String, at range: SourceRange, _ note: Diagnostic.Note
  ) -> Bool {
    guard let phase = place.phase, !definition.phases.contains(phase) else {
      return limit(to: definition.phases, as: definition.narrowing?.name ?? name, at: range) {
        _ in .factNotKnown(name, phase: "", known: [])
      }
    }
    let because = definition.narrowing
    let problem = PhaseProblem.definitionNotPossible(
      name, phase: phase.name, because: because?.name ?? name,
      possible: definition.phases.phases.map(\.name))
    let needs = because.map { Diagnostic.Note(.needs($0.name), at: $0.range) }
    report(.phase(problem), at: range, notes: [needs ?? note])
    return false
  }

  private mutating func reportMissingDefinition(_ name: String, at range: SourceRange) {
    if name == openDefinition {
      report(.declaration(.recursion([name])), at: range)
    } else {
      reportMissing(.define, name, at: range)
    }
  }
}
