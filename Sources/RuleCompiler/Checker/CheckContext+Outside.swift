// What all questions to the outside have in common: `:timeout`, `:on_error`, the failures they can
// have, and the facts that they give.

import RuleBytecode

extension Signature {
  static let outsideTags = [TagSignature("timeout", .number), TagSignature("on_error", .string)]
}

/// A check that must have been asked before a fact of it can be read.
struct FactCheck: Sendable {
  /// As the text names it: `spf.result`.
  let fact: String
  let range: SourceRange
  let check: OutsideCheck
}

extension CheckContext {
  /// A check with what its call says about time and failure, and the failures it can have.
  mutating func outside(
    _ kind: CheckKind, _ call: Call
  ) -> (check: OutsideCheck, failures: Failures) {
    var check = OutsideCheck(kind)
    check.answer = call.tag("on_error").flatMap { answer($0) }
    if let number = call.tag("timeout")?.number {
      // A command of the mail server waits no longer, and scanners only at the end.
      let allowed = kind == .scan ? 1...300 : 1...60
      check.timeoutMilliseconds = 1_000 * UInt32(clamping: min(number.value, allowed.upperBound))
      if !allowed.contains(number.value) {
        let problem = ArgumentProblem.outOfRange(
          ":timeout", value: number.value, allowed: allowed, of: call.name.text)
        report(.argument(problem), at: number.range)
      }
    }
    let failures = Failures(
      kind.failure, of: call.name.text, at: call.name.range, isAnswered: call.has("on_error"))
    return (check, failures)
  }

  // MARK: Facts of checks

  /// Notes that a fact was read which a check gives (LANGUAGE.md §5): whoever holds the text asks.
  mutating func noteCheck(of fact: FactReference, as name: String, at range: SourceRange) {
    var check: OutsideCheck
    switch fact {
    case .fact(.spfResult): check = OutsideCheck(.spf)
    case .fact(.dkimResult), .fact(.dkimDomain), .fact(.dkimSelector): check = OutsideCheck(.dkim)
    case .fact(.dmarcResult), .fact(.dmarcPolicy): check = OutsideCheck(.dmarc)
    case .fact(.arcResult): check = OutsideCheck(.arc)
    case .fact(.knownFirst), .fact(.knownCount), .fact(.knownWrote):
      check = OutsideCheck(.knownSender)
      check.aspect = KnownSenderQuestion.facts.rawValue
    case .named(.scan, let field):
      check = OutsideCheck(.scan)
      check.aspect = ScanQuestion.facts.rawValue
      check.loop = partLoop
      let scanner = String(field[..<(field.lastIndex(of: ".") ?? field.endIndex)])
      check.constants = [scanner]
      let declared = names.declarations[DeclaredName(.scanner, scanner)]
      if let time = declared.flatMap({ timeoutMilliseconds(of: $0) }) {
        check.timeoutMilliseconds = time
      }
    default: return
    }
    factChecks.append(FactCheck(fact: name, range: range, check: check))
  }

  /// Notes that a command goes by what a scanner says of the message.
  mutating func noteScan(
    of scanner: CheckedDeclaration, for command: String, at range: SourceRange
  ) {
    var check = OutsideCheck(.scan)
    check.aspect = ScanQuestion.facts.rawValue
    check.constants = [scanner.name]
    if let time = timeoutMilliseconds(of: scanner) { check.timeoutMilliseconds = time }
    factChecks.append(FactCheck(fact: command, range: range, check: check))
  }

  /// The checks noted since there were `count`; each question once. Nil when there are none.
  mutating func takeFactChecks(behind count: Int) -> FactChecks? {
    let noted = factChecks[count...]
    factChecks.removeLast(factChecks.count - count)
    guard !noted.isEmpty else { return nil }
    var result = FactChecks()
    for one in noted {
      let isKnown = result.checks.contains {
        $0.kind == one.check.kind && $0.constants == one.check.constants
      }
      guard !isKnown else { continue }
      result.checks.append(one.check)
      result.failures.add(
        Failures(one.check.kind.failure, of: one.fact, at: one.range, isAnswered: false))
    }
    return result
  }
}

/// The checks that a statement's or test's texts need: true, or the error of the first that fails.
struct FactChecks: TestCode {
  fileprivate(set) var checks: [OutsideCheck] = []
  fileprivate(set) var failures = Failures.none

  func emit(into target: Register, _ out: inout BlockEmitter) {
    let end = out.label()
    for (index, check) in checks.enumerated() {
      out.scratch { check.emit(into: target, &$0) }
      guard index < checks.count - 1 else { break }
      out.jumpUnlessTrue(target, to: end)
    }
    out.bind(end)
  }
}

extension BlockEmitter {
  /// Goes there when a register holds false or an error.
  mutating func jumpUnlessTrue(_ register: Register, to target: Label) {
    let goesOn = label()
    jump(.jumpIfTrue, a: register, to: goesOn)
    jump(.jump, to: target)
    bind(goesOn)
  }
}
