// The tests that are taken apart: fields, addresses, envelope, texts, networks, numbers, parts.

import RuleBytecode
import TableText

extension ConditionReader {
  /// The keys of a test by subject, one of which must match (for `exists`: all); nil when the test
  /// is not understood to the last tag.
  mutating func elements(of test: Test) -> [Element]? {
    guard let call = FlowCall(test) else { return nil }
    switch test.name.text {
    case "header":
      return keyed(call, subjects: headerSubjects(call, .header), isMatch: true)
    case "address": return addressElements(call, headerSubjects(call, .address))
    case "envelope": return addressElements(call, envelopeSubjects(call))
    case "exists":
      guard call.tags.isEmpty, call.strings.count == 1 else { return nil }
      return headerSubjects(call, .header)?.map {
        Element(subject: facts.subjects.number(of: $0), pattern: .any)
      }
    case "string": return stringElements(call)
    case "fact": return presence(call)
    case "ip": return networks(call)
    case "size": return numbers(call, Subject(kind: .size, name: "", epoch: 0), number: call.number)
    case "score":
      let subject = Subject(kind: .score, name: "", epoch: epochs.epochOfScore)
      return numbers(call, subject, number: call.strings.last?.first.flatMap(decimal))
    case "part": return partElements(call)
    case "submission", "direction": return words(call, test.name.text)
    default: return nil
    }
  }

  // MARK: Subjects

  private func headerSubjects(_ call: FlowCall, _ kind: Subject.Kind) -> [Subject]? {
    guard let literals = call.strings.first else { return nil }
    return literals.map {
      let name = $0.value.lowercasedASCII
      return Subject(kind: kind, name: name, epoch: epochs.epoch(ofHeader: name))
    }
  }

  private func envelopeSubjects(_ call: FlowCall) -> [Subject]? {
    call.strings.first?.map {
      Subject(kind: .envelope, name: $0.value.lowercasedASCII, epoch: epochs.epochOfRun)
    }
  }

  // MARK: Tests of texts

  private mutating func keyed(
    _ call: FlowCall, subjects: [Subject]?, isMatch: Bool
  ) -> [Element]? {
    guard let subjects, call.strings.count == 2, call.number == nil,
      let patterns = patterns(call, keys: call.strings[1], isDomain: false)
    else { return nil }
    return product(subjects, patterns)
  }

  private mutating func addressElements(_ call: FlowCall, _ subjects: [Subject]?) -> [Element]? {
    let parts = ["all", "localpart", "domain"].filter(call.tags.contains)
    guard let subjects, parts.count <= 1, call.strings.count == 2 else { return nil }
    var rest = call
    rest.tags.removeAll { parts.contains($0) }
    let part = parts.first ?? "all"
    guard let patterns = patterns(rest, keys: call.strings[1], isDomain: part == "domain") else {
      return nil
    }
    let aimed = subjects.map { aim($0, at: part) }
    if part == "all" {
      for subject in aimed {
        facts.relate(
          facts.subjects.number(of: subject),
          domain: facts.subjects.number(of: aim(subject, at: "domain")),
          local: facts.subjects.number(of: aim(subject, at: "localpart")))
      }
    }
    return product(aimed, patterns)
  }

  private func aim(_ subject: Subject, at part: String) -> Subject {
    var aimed = subject
    aimed.aspect = part
    return aimed
  }

  private mutating func product(
    _ subjects: [Subject], _ patterns: [(Pattern, isOctet: Bool)]
  ) -> [Element]? {
    guard subjects.count * patterns.count <= Self.elementsMax else { return nil }
    var elements: [Element] = []
    for subject in subjects {
      let number = facts.subjects.number(of: subject)
      elements += patterns.map { Element(subject: number, pattern: $0.0, isOctet: $0.isOctet) }
    }
    return elements.isEmpty ? nil : elements
  }

  private static let elementsMax = 100_000

  /// The keys in the way in which the test compares; nil when that is not known here.
  private mutating func patterns(
    _ call: FlowCall, keys: [StringLiteral], isDomain: Bool
  ) -> [(Pattern, isOctet: Bool)]? {
    let types = call.tags.filter { $0 != "comparator" }
    guard types.count <= 1, call.number == nil else { return nil }
    let comparator = call.comparator ?? "i;ascii-casemap"
    guard comparator == "i;ascii-casemap" || comparator == "i;octet" else { return nil }
    var result: [(Pattern, isOctet: Bool)] = []
    for key in keys {
      if hasVariables, key.value.contains("${") { return nil }
      let bytes = Array(key.value.utf8)
      let pattern: Pattern
      switch types.first ?? "is" {
      case "is": pattern = .exactly(bytes)
      case "contains": pattern = bytes.isEmpty ? .any : .contains(bytes)
      case "matches": pattern = .matching(bytes)
      case "list":
        guard let table = table(key.value, isDomain: isDomain) else { return nil }
        pattern = table
      default: return nil
      }
      let isOctet = comparator == "i;octet" && Self.dependsOnCase(pattern, bytes)
      result.append((isOctet ? pattern : pattern.folded(), isOctet))
    }
    return result
  }

  private static func dependsOnCase(_ pattern: Pattern, _ key: [UInt8]) -> Bool {
    if case .table = pattern { return true }
    return key.hasLetters
  }

  /// An inline table of texts, or of domains where domains are compared.
  private mutating func table(_ key: String, isDomain: Bool) -> Pattern? {
    guard key.hasPrefix("table:") else { return nil }
    let name = String(key.dropFirst("table:".count))
    guard let table = tables[name] else { return nil }
    guard table.kind == .set || (table.kind == .domain && isDomain) else { return nil }
    return .table(facts.table(name, table))
  }

  /// `string "${x}" KEYS` with one variable or fact as its source.
  private mutating func stringElements(_ call: FlowCall) -> [Element]? {
    guard call.strings.count == 2, call.strings[0].count == 1 else { return nil }
    let text = call.strings[0][0].value
    let references = TextScanner.references(in: text)
    guard hasVariables, references.count == 1, let name = references[0].name?.lowercasedASCII,
      references[0].range == 0..<text.utf8.count, let subject = subject(ofText: name)
    else { return nil }
    guard let elements = keyed(call, subjects: [subject], isMatch: true) else { return nil }
    if subject.kind == .fact {
      let number = facts.subjects.number(of: subject)
      let there = Subject(kind: .factPresence, name: name, epoch: subject.epoch)
      facts.relate(number, presence: facts.subjects.number(of: there))
    }
    return elements
  }

  private func subject(ofText name: String) -> Subject? {
    if let first = name.utf8.first, first >= 48 && first <= 57 { return nil }
    if isPolicy, name.contains(".") || Fact.named(name) != nil {
      guard isStableFact(name) else { return nil }
      return Subject(kind: .fact, name: name, epoch: epochs.epochOfRun)
    }
    if name.contains(".") || name.contains(":") || lookedUp.contains(name) { return nil }
    return Subject(kind: .variable, name: name, epoch: epochs.epoch(ofVariable: name))
  }

  private mutating func presence(_ call: FlowCall) -> [Element]? {
    guard call.tags.isEmpty, let name = call.strings.first?.first?.value.lowercasedASCII,
      isStableFact(name)
    else { return nil }
    // Macro names are told apart by case; two that differ in it only are rare and unlike.
    guard !name.hasPrefix("macro.") else { return nil }
    let subject = Subject(kind: .factPresence, name: name, epoch: epochs.epochOfRun)
    return [Element(subject: facts.subjects.number(of: subject), pattern: .any)]
  }

  // MARK: Networks, numbers, parts, words

  private mutating func networks(_ call: FlowCall) -> [Element]? {
    guard call.tags.isEmpty, call.strings.count == 2, call.number == nil,
      let side = call.strings[0].first?.value
    else { return nil }
    let subject = facts.subjects.number(
      of: Subject(kind: .ip, name: side, epoch: 0))
    var elements: [Element] = []
    for key in call.strings[1] {
      if key.value.hasPrefix("table:") {
        let name = String(key.value.dropFirst("table:".count))
        guard let table = tables[name], table.kind == .cidr else { return nil }
        elements.append(Element(subject: subject, pattern: .table(facts.table(name, table))))
        continue
      }
      switch AddressRange.read(key.value) {
      case .range(let range), .hostBits(let range, _):
        elements.append(Element(subject: subject, pattern: .network(range)))
      case .badAddress, .badNetwork: return nil
      }
    }
    return elements.isEmpty ? nil : elements
  }

  /// `:over`, `:under`, or `:value` with a relation.
  private mutating func numbers(
    _ call: FlowCall, _ subject: Subject, number: Int64?
  ) -> [Element]? {
    guard let number, call.tags.count == 1 else { return nil }
    let range: ClosedRange<Int64>? =
      switch call.tags[0] {
      case "over": number < .max ? number + 1 ... .max : nil
      case "under": number > .min ? .min...number - 1 : nil
      case "value": Self.range(call.relation, number)
      default: nil
      }
    guard let range else { return nil }
    let plain = call.tags[0] == "value" ? 1 : 0
    guard call.strings.count <= 1 + plain else { return nil }
    return [Element(subject: facts.subjects.number(of: subject), pattern: .number(range))]
  }

  private static func range(_ relation: String?, _ number: Int64) -> ClosedRange<Int64>? {
    switch relation {
    case "gt": number < .max ? number + 1 ... .max : nil
    case "ge": number ... .max
    case "lt": number > .min ? .min...number - 1 : nil
    case "le": .min...number
    case "eq": number...number
    default: nil
    }
  }

  private func decimal(_ literal: StringLiteral) -> Int64? {
    literal.value.contains("${") ? nil : Decimal.parse(Array(literal.value.utf8))
  }

  private mutating func partElements(_ call: FlowCall) -> [Element]? {
    guard phase == .part, let field = call.strings.first?.first?.value else { return nil }
    if call.tags == ["over"] || call.tags == ["under"] {
      guard field == "size", call.strings.count == 1 else { return nil }
      var bare = call
      bare.strings = []
      let subject = Subject(kind: .partSize, name: "", epoch: epochs.epochOfRun)
      return numbers(bare, subject, number: call.number)
    }
    let subject = Subject(kind: .part, name: field, epoch: epochs.epochOfRun)
    return keyed(call, subjects: [subject], isMatch: true)
  }

  /// `submission ["local", …]`: one of some words that the machine computes.
  private mutating func words(_ call: FlowCall, _ name: String) -> [Element]? {
    guard call.tags.isEmpty, call.strings.count == 1, call.number == nil else { return nil }
    let subject = facts.subjects.number(
      of: Subject(kind: .word, name: name, epoch: name == "submission" ? 0 : epochs.epochOfRun))
    return call.strings[0].map {
      Element(subject: subject, pattern: .exactly(Array($0.value.utf8).foldedASCII))
    }
  }
}

/// The arguments of a test, sorted for the analysis.
struct FlowCall {
  /// Without those that carry a value of their own.
  var tags: [String] = []
  var comparator: String?
  /// Of `:value`.
  var relation: String?
  /// Positional strings and lists.
  var strings: [[StringLiteral]] = []
  var number: Int64?

  /// Nil when an argument cannot be placed.
  init?(_ test: Test) {
    var items = test.arguments.items[...]
    while let item = items.popFirst() {
      switch item.value {
      case .tag("comparator"):
        guard let value = items.popFirst()?.strings?.first?.value else { return nil }
        comparator = value.lowercasedASCII
      case .tag("value"):
        guard let value = items.popFirst()?.strings?.first?.value else { return nil }
        relation = value.lowercasedASCII
        tags.append("value")
      case .tag(let name): tags.append(name)
      case .number(let literal):
        guard number == nil else { return nil }
        number = Int64(exactly: literal.value)
      case .string(let literal): strings.append([literal])
      case .list(let literals): strings.append(literals)
      }
    }
    guard test.arguments.tests.isEmpty else { return nil }
  }
}
