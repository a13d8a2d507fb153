// Tests of the syntax tree to conditions. Only tests and tags that are known here are taken apart;
// any other is a name for itself: equal to the same words at the same epoch, or to nothing at all
// where asking twice may give two answers.
//
// It reads checked policies only: names resolve, arguments fit.

import RuleBytecode

/// Reads tests at one point of a run.
struct ConditionReader {
  var facts = FlowFacts()
  var epochs = Epochs()
  var phase = Phase.eom
  /// `${…}` are variables and facts in this file.
  var hasVariables = true
  /// The file is one of ours; in plain Sieve `${x.y}` is no fact.
  var isPolicy = true
  /// Inline tables.
  let tables: [String: Table]
  let definitions: [String: Test]
  /// Variables that a test itself may set: asked twice they may differ.
  let lookedUp: Set<String>
  /// Tests still read for this condition; definitions may repeat each other's content.
  private var budget = 0

  private static let budgetMax = 2_000

  init(tables: [String: Table], definitions: [String: Test], lookedUp: Set<String>) {
    self.tables = tables
    self.lookedUp = lookedUp
    self.definitions = definitions
  }

  /// What must hold for the test to come out as true, or with `isPositive` false, as false.
  mutating func condition(_ test: Test, isPositive: Bool = true) -> Condition {
    budget = Self.budgetMax
    return read(test, isPositive)
  }

  private mutating func read(_ test: Test, _ isPositive: Bool) -> Condition {
    budget -= 1
    guard budget > 0 else { return unknown() }
    let tests = test.arguments.tests
    switch test.name.text {
    case "true": return isPositive ? .always : .never
    case "false": return isPositive ? .never : .always
    case "not": return tests.first.map { read($0, !isPositive) } ?? unknown()
    case "allof": return isPositive ? all(tests, true) : any(tests, false)
    case "anyof": return isPositive ? any(tests, true) : all(tests, false)
    case "is":
      let name = test.arguments.items.first?.strings?.first?.value
      guard let inner = name.flatMap({ definitions[$0] }) else { return unknown() }
      return read(inner, isPositive)
    default: return leaf(test, isPositive)
    }
  }

  private mutating func all(_ tests: [Test], _ isPositive: Bool) -> Condition {
    var result = Condition.always
    for test in tests {
      let next = read(test, isPositive)
      guard let both = result.and(next) else { return unknown() }
      result = both
    }
    return result
  }

  private mutating func any(_ tests: [Test], _ isPositive: Bool) -> Condition {
    var result = Condition.never
    for test in tests {
      let next = read(test, isPositive)
      guard let either = result.or(next) else { return unknown() }
      result = either
    }
    return result
  }

  private mutating func leaf(_ test: Test, _ isPositive: Bool) -> Condition {
    guard let elements = elements(of: test) else { return opaque(test, isPositive) }
    // All of several fields must be there: one literal each.
    if test.name.text == "exists", isPositive || elements.count == 1 {
      let literals = elements.map { Literal(elements: [$0], isPositive: isPositive) }
      return Condition(disjuncts: [Conjunction(literals: literals)])
    }
    if test.name.text == "exists" {
      return Condition(
        disjuncts: elements.map {
          Conjunction(literals: [Literal(elements: [$0], isPositive: false)])
        })
    }
    return Condition(disjuncts: [conjunction(elements, isPositive)])
  }

  /// "Not over 5" of what always has a value is "5 at most".
  private func conjunction(_ elements: [Element], _ isPositive: Bool) -> Conjunction {
    if !isPositive, elements.count == 1, facts.subjects.subjects[elements[0].subject].isNumber,
      case .number(let range) = elements[0].pattern
    {
      let subject = elements[0].subject
      if range.upperBound == .max, range.lowerBound > .min {
        return Self.number(subject, .min...range.lowerBound - 1)
      }
      if range.lowerBound == .min, range.upperBound < .max {
        return Self.number(subject, range.upperBound + 1 ... .max)
      }
    }
    return Conjunction(literals: [Literal(elements: elements, isPositive: isPositive)])
  }

  private static func number(_ subject: Int, _ range: ClosedRange<Int64>) -> Conjunction {
    let element = Element(subject: subject, pattern: .number(range))
    return Conjunction(literals: [Literal(elements: [element], isPositive: true)])
  }

  // MARK: Tests that are only the same as themselves

  /// Tests that give the same answer when asked twice in one run and nothing was changed.
  private static let stable: Set = [
    "address", "authenticated", "body", "date", "direction", "dnsbl", "envelope", "environment",
    "exists", "fact", "hashbl", "header", "ip", "macro", "mx", "number", "part", "rdns",
    "recipient", "score", "size", "spf", "dkim", "dmarc", "arc", "string", "submission", "tls",
    "anomaly",
  ]

  private mutating func opaque(_ test: Test, _ isPositive: Bool) -> Condition {
    guard Self.stable.contains(test.name.text), let words = words(of: test) else {
      return unknown()
    }
    let subject = facts.subjects.number(
      of: Subject(kind: .opaque, name: words, epoch: epochs.latest))
    let element = Element(subject: subject, pattern: .any)
    return Condition(
      disjuncts: [Conjunction(literals: [Literal(elements: [element], isPositive: isPositive)])])
  }

  /// Something that is never the same as anything else.
  private mutating func unknown() -> Condition {
    let element = Element(subject: facts.subjects.unknown(), pattern: .any)
    return Condition(
      disjuncts: [Conjunction(literals: [Literal(elements: [element], isPositive: true)])])
  }

  /// The test written in one way, blanks and comments left out; nil when it reads something that
  /// may change without a command.
  private func words(of test: Test) -> String? {
    var words = test.name.text
    for item in test.arguments.items {
      switch item.value {
      case .tag(let name): words += " :\(name)"
      case .number(let number): words += " \(number.value)"
      case .string(let literal):
        guard isStable(literal) else { return nil }
        words += " \(quotedForComparison(literal.value))"
      case .list(let literals):
        guard literals.count <= Self.wordsMax, literals.allSatisfy(isStable) else { return nil }
        words += " [" + literals.map { quotedForComparison($0.value) }.joined(separator: ",") + "]"
      }
    }
    guard test.arguments.tests.isEmpty else { return nil }
    return words
  }

  private static let wordsMax = 1_000

  private func quotedForComparison(_ text: String) -> String {
    "\(text.utf8.count):\(text)"
  }

  /// A text without variables, or with facts that stand for the whole run.
  private func isStable(_ literal: StringLiteral) -> Bool {
    guard hasVariables else { return true }
    return TextScanner.references(in: literal.value).allSatisfy { reference in
      reference.name.map { isPolicy && isStableFact($0.lowercasedASCII) } ?? false
    }
  }

  /// Facts of the session and its commands, which no rule can change.
  func isStableFact(_ name: String) -> Bool {
    let families = ["client.", "server.", "tls.", "auth.", "macro.", "sender.arg.", "rcpt.arg."]
    if families.contains(where: name.hasPrefix) { return true }
    if name.hasPrefix("part.") { return phase == .part }
    if name == "rcpt" || name.hasPrefix("rcpt.") { return phase == .rcpt }
    return ["helo", "sender", "sender.local", "sender.domain", "session.id"].contains(name)
  }
}

// MARK: Failure

extension ConditionReader {
  /// Tests that always answer. Others may come out as error, which leaves the rule where the
  /// policy says "continue".
  private static let sure: Set = [
    "address", "envelope", "exists", "fact", "false", "header", "score", "size", "string",
    "submission", "direction", "authenticated", "macro", "true",
  ]

  /// Fields of a part that are read without decoding it.
  private static let sureFields: Set = [
    "path", "name", "extension", "declared", "charset", "encoding", "disposition", "depth",
    "reading",
  ]

  /// Whether the test can come out as error.
  func mayFail(_ test: Test, depth: Int = 0) -> Bool {
    switch test.name.text {
    case "not", "allof", "anyof":
      return test.arguments.tests.contains { mayFail($0, depth: depth) }
    case "is":
      let name = test.arguments.items.first?.strings?.first?.value
      guard depth < Self.depthMax, let inner = name.flatMap({ definitions[$0] }) else {
        return true
      }
      return mayFail(inner, depth: depth + 1)
    case "part":
      let field = test.arguments.items.first { $0.strings != nil }?.strings?.first?.value
      return !(field.map(Self.sureFields.contains) ?? false) || asksOutside(test)
    case "ip": return asksOutside(test)
    default: return !Self.sure.contains(test.name.text) || asksOutside(test)
    }
  }

  private static let depthMax = 32

  /// Tables that are not in the policy, and facts whose reading asks something.
  private func asksOutside(_ test: Test) -> Bool {
    test.arguments.items.flatMap { $0.strings ?? [] }.contains { literal in
      if literal.value.hasPrefix("table:") {
        return tables[String(literal.value.dropFirst("table:".count))] == nil
      }
      return Effects.mayFail(text: literal.value)
    }
  }
}
