// Reads `grammar/rules.ebnf`: the notation of the XML recommendation (§6), as far as that file uses
// it. A mistake in the file is a failed requirement of the test that reads it.

import Foundation
import Testing

/// The right side of a production.
indirect enum GrammarRule: Sendable {
  case literal(String)
  /// Ranges of Unicode scalars.
  case characters([ClosedRange<UInt32>])
  case name(String)
  case sequence([GrammarRule])
  /// Each choice has a number, so that a generator can tell which ways it has gone.
  case choice(Int, [GrammarRule])
  /// At least `least` times; once at most if not `isMany`.
  case repetition(GrammarRule, least: Int, isMany: Bool)
  case difference(GrammarRule, GrammarRule)
}

struct Grammar: Sendable {
  private(set) var productions: [String: GrammarRule] = [:]
  /// In the order of the file.
  private(set) var names: [String] = []
  private var choiceCount = 0

  /// What stands between blanks in a source; all names that they use are read letter by letter.
  static let tokens = ["identifier", "tag", "number", "quoted-string", "multi-line"]

  static let file: Grammar = {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let text = try? String(contentsOf: root.appending(path: "grammar/rules.ebnf"), encoding: .utf8)
    return Grammar(text ?? "")
  }()

  init(_ text: String) {
    var reader = GrammarReader(text)
    while let name = reader.startOfProduction() {
      if productions[name] != nil { Issue.record("\(name) is defined twice") }
      names.append(name)
      productions[name] = choice(&reader)
    }
    if !reader.isAtEnd { Issue.record("the grammar cannot be read at \(reader.rest)") }
  }

  private mutating func choice(_ reader: inout GrammarReader) -> GrammarRule {
    var ways = [sequence(&reader)]
    while reader.take("|") { ways.append(sequence(&reader)) }
    if ways.count == 1 { return ways[0] }
    choiceCount += 1
    return .choice(choiceCount - 1, ways)
  }

  private mutating func sequence(_ reader: inout GrammarReader) -> GrammarRule {
    var rules: [GrammarRule] = []
    while let rule = repetition(&reader) {
      if reader.takeMinus() {
        rules.append(.difference(rule, repetition(&reader) ?? .sequence([])))
      } else {
        rules.append(rule)
      }
    }
    return rules.count == 1 ? rules[0] : .sequence(rules)
  }

  private mutating func repetition(_ reader: inout GrammarReader) -> GrammarRule? {
    guard let rule = primary(&reader) else { return nil }
    if reader.take("*") { return .repetition(rule, least: 0, isMany: true) }
    if reader.take("+") { return .repetition(rule, least: 1, isMany: true) }
    if reader.take("?") { return .repetition(rule, least: 0, isMany: false) }
    return rule
  }

  private mutating func primary(_ reader: inout GrammarReader) -> GrammarRule? {
    if reader.take("(") {
      let inner = choice(&reader)
      if !reader.take(")") { Issue.record("a ')' is missing before \(reader.rest)") }
      return inner
    }
    return reader.literal() ?? reader.characters() ?? reader.name()
  }

  /// Every string of letters in a production, for those that list names.
  func literals(of name: String) -> [String] {
    func collect(_ rule: GrammarRule) -> [String] {
      switch rule {
      case .literal(let text): [text]
      case .characters, .name: []
      case .sequence(let rules), .choice(_, let rules): rules.flatMap(collect)
      case .repetition(let inner, _, _): collect(inner)
      case .difference(let left, let right): collect(left) + collect(right)
      }
    }
    return productions[name].map(collect) ?? []
  }
}

/// The words of the notation.
private struct GrammarReader {
  private let scalars: [Unicode.Scalar]
  private var at = 0

  init(_ text: String) {
    scalars = Array(text.unicodeScalars)
    skip()
  }

  var isAtEnd: Bool { at == scalars.count }
  var rest: String { text(at..<min(scalars.count, at + 30)) }

  private func text(_ range: Range<Int>) -> String {
    String(String.UnicodeScalarView(scalars[range]))
  }

  private func has(_ word: String, at place: Int) -> Bool {
    scalars[min(place, scalars.count)...].starts(with: word.unicodeScalars)
  }

  private mutating func skip() {
    while at < scalars.count {
      if scalars[at].properties.isWhitespace {
        at += 1
      } else if has("/*", at: at) {
        while at < scalars.count && !has("*/", at: at) { at += 1 }
        at += 2
      } else {
        return
      }
    }
  }

  mutating func take(_ word: String) -> Bool {
    guard has(word, at: at) else { return false }
    at += word.unicodeScalars.count
    skip()
    return true
  }

  /// `-` with a blank before it: within a name it is part of the name.
  mutating func takeMinus() -> Bool { take("- ") }

  private func nameEnd(_ start: Int) -> Int {
    var end = start
    while end < scalars.count, scalars[end].properties.isLowercase || scalars[end] == "-" {
      end += 1
    }
    return end
  }

  private func isProduction(_ end: Int) -> Bool {
    var place = end
    while place < scalars.count, scalars[place] == " " { place += 1 }
    return has("::=", at: place)
  }

  mutating func startOfProduction() -> String? {
    let end = nameEnd(at)
    guard end > at, isProduction(end) else { return nil }
    let name = text(at..<end)
    at = end
    skip()
    return take("::=") ? name : nil
  }

  mutating func name() -> GrammarRule? {
    let end = nameEnd(at)
    guard end > at, !isProduction(end), scalars[at] != "-" else { return nil }
    let name = text(at..<end)
    at = end
    skip()
    return .name(name)
  }

  mutating func literal() -> GrammarRule? {
    guard at < scalars.count, scalars[at] == "\"" || scalars[at] == "'" else { return nil }
    guard let end = scalars[(at + 1)...].firstIndex(of: scalars[at]) else { return nil }
    let value = text(at + 1..<end)
    at = end + 1
    skip()
    return .literal(value)
  }

  /// `#xN`, or a class in brackets.
  mutating func characters() -> GrammarRule? {
    if has("#x", at: at) {
      let value = scalar()
      skip()
      return .characters([value...value])
    }
    guard has("[", at: at) else { return nil }
    at += 1
    var ranges: [ClosedRange<UInt32>] = []
    while at < scalars.count && scalars[at] != "]" {
      let low = scalar()
      if has("-", at: at) && !has("-]", at: at) {
        at += 1
        ranges.append(low...scalar())
      } else {
        ranges.append(low...low)
      }
    }
    at += 1
    skip()
    return .characters(ranges)
  }

  private mutating func scalar() -> UInt32 {
    guard has("#x", at: at) else {
      at += 1
      return scalars[at - 1].value
    }
    let start = at + 2
    at = start
    while at < scalars.count, scalars[at].properties.isASCIIHexDigit { at += 1 }
    return UInt32(text(start..<at), radix: 16) ?? 0
  }
}
