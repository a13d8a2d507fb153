// Reads a text with a TextMate grammar, line by line as editors do: at each place the earliest
// match of all rules wins, the first rule of several. As much of the format as our grammar uses.

import Foundation

struct TextMateReader {
  /// The whole grammar's rules, and those of its repository.
  private let rules: [Rule]

  final class Rule {
    let scope: String
    let begin: NSRegularExpression
    /// Set for a rule that spans.
    let end: NSRegularExpression?
    let inner: [Rule]

    init(_ source: [String: Any], _ repository: [String: Any]) throws {
      scope = try Self.text(source, "name")
      if source["match"] == nil {
        begin = try NSRegularExpression(pattern: try Self.text(source, "begin"))
        end = try NSRegularExpression(pattern: try Self.text(source, "end"))
      } else {
        begin = try NSRegularExpression(pattern: try Self.text(source, "match"))
        end = nil
      }
      inner = try Self.all(source["patterns"], repository)
    }

    private static func text(_ source: [String: Any], _ key: String) throws -> String {
      guard let text = source[key] as? String else { throw Trouble(message: "no \(key)") }
      return text
    }

    static func all(_ source: Any?, _ repository: [String: Any]) throws -> [Rule] {
      guard let source else { return [] }
      guard let rules = source as? [[String: Any]] else { throw Trouble(message: "no rules") }
      return try rules.map { rule in
        guard let include = rule["include"] as? String else { return try Rule(rule, repository) }
        guard let named = repository[String(include.dropFirst())] as? [String: Any] else {
          throw Trouble(message: "nothing is called \(include)")
        }
        return try Rule(named, repository)
      }
    }
  }

  struct Trouble: Error { let message: String }

  init(grammar: String) throws {
    let object = try JSONSerialization.jsonObject(with: Data(grammar.utf8))
    guard let grammar = object as? [String: Any] else { throw Trouble(message: "no grammar") }
    let repository = grammar["repository"] as? [String: Any] ?? [:]
    rules = try Rule.all(grammar["patterns"], repository)
  }

  /// The scope of each UTF-16 unit; the innermost one, "" outside of all.
  func scopes(of text: String) -> [String] {
    var scopes = Array(repeating: "", count: text.utf16.count)
    var open: Rule?
    var start = 0
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      read(String(line), at: start, &open, &scopes)
      start += line.utf16.count + 1
      // A line end inside a string belongs to it.
      if let open, start <= scopes.count { scopes[start - 1] = open.scope }
    }
    return scopes
  }

  private func read(_ line: String, at start: Int, _ open: inout Rule?, _ scopes: inout [String]) {
    let count = line.utf16.count
    var at = 0
    while true {
      let rest = NSRange(location: at, length: count - at)
      let end = open?.end.flatMap { Self.match($0, line, rest) }
      let next = Self.first(of: open?.inner ?? rules, line, rest)
      if let outer = open {
        let stop = min(end?.location ?? count, next?.range.location ?? count)
        Self.fill(&scopes, start + at..<start + stop, outer.scope)
        if let end, end.location <= next?.range.location ?? count {
          Self.fill(&scopes, start + end.location..<start + NSMaxRange(end), outer.scope)
          open = nil
          at = NSMaxRange(end)
          continue
        }
      }
      guard let next else { return }
      let range = start + next.range.location..<start + NSMaxRange(next.range)
      Self.fill(&scopes, range, next.rule.scope)
      at = NSMaxRange(next.range)
      if next.rule.end != nil { open = next.rule }
    }
  }

  private static func first(
    of rules: [Rule], _ line: String, _ rest: NSRange
  ) -> (rule: Rule, range: NSRange)? {
    var best: (rule: Rule, range: NSRange)?
    for rule in rules {
      guard let range = match(rule.begin, line, rest), range.length > 0 else { continue }
      if range.location < best?.range.location ?? .max { best = (rule, range) }
    }
    return best
  }

  private static func match(
    _ expression: NSRegularExpression, _ line: String, _ rest: NSRange
  ) -> NSRange? {
    // Look-behind sees what stands before; `^` only the line's own start.
    let options: NSRegularExpression.MatchingOptions = [
      .withTransparentBounds, .withoutAnchoringBounds,
    ]
    return expression.firstMatch(in: line, options: options, range: rest)?.range
  }

  private static func fill(_ scopes: inout [String], _ range: Range<Int>, _ scope: String) {
    for index in range { scopes[index] = scope }
  }
}
