// Policies of random patterns over header and text, and messages of the same few words.

import Harness
import Patterns

enum RandomRules {
  static func policy(_ random: inout SplitMix64) -> String {
    var phases = ""
    for phase in ["headers", "message", "eom"] {
      var rules = ""
      for index in 0..<Int.random(in: 10...30, using: &random) {
        rules += "rule \"\(phase)\(index)\" { \(rule(phase, &random)) }\n"
      }
      phases += "phase \(phase) {\n\(rules)}\n"
    }
    return phases
  }

  private static func rule(_ phase: String, _ random: inout SplitMix64) -> String {
    let fields = ["\"Subject\"", "[\"Subject\", \"X-A\"]", "\"X-A\""]
    let field = pick(fields, &random)
    switch Int.random(in: 0..<12, using: &random) {
    case 0 where phase != "headers": return "addheader \"X-A\" \"\(text(&random))\";"
    case 1: return "setheader \"Subject\" \"\(text(&random)) ${subject}\";"
    case 2: return "deleteheader :index 1 \"X-A\";"
    default: break
    }
    let subject =
      phase == "headers" || Bool.random(using: &random)
      ? "header \(match(&random)) \(field)"
      : "body \(pick([":text", ":raw", ":content \"text\""], &random)) \(match(&random))"
    let count =
      Int.random(in: 0..<6, using: &random) == 0 ? 12 : Int.random(in: 1...3, using: &random)
    let isPattern = subject.contains(":regex")
    var keys: [String] = []
    while keys.count < count {
      let key = isPattern ? "(\(pattern(2, &random)))" : text(&random)
      let isFine = !isPattern || isBounded(key)
      if isFine, !keys.contains(key), !key.isEmpty { keys.append(key) }
    }
    let list = keys.map { "\"" + $0.replacing("\\", with: "\\\\") + "\"" }.joined(separator: ", ")
    // `body` sets none (RFC 5173 §6).
    let shown = isPattern && subject.hasPrefix("header") ? "${0}|${1}" : ""
    return "if \(subject) [\(list)] { log \"hit \(shown)\"; }"
  }

  private static func match(_ random: inout SplitMix64) -> String {
    pick([":regex", ":regex", ":contains", ":regex :comparator \"i;octet\""], &random)
  }

  private static func pick(_ choices: [String], _ random: inout SplitMix64) -> String {
    choices[Int.random(in: 0..<choices.count, using: &random)]
  }

  private static let words = [
    "abc", "kiss", "skin", "free", "money", "é", "straße", "x1", "ks", "a.b", "ſ", "\u{212A}",
  ]

  private static func text(_ random: inout SplitMix64) -> String {
    (0..<Int.random(in: 1...3, using: &random)).map { _ in
      let word = pick(words, &random)
      return Bool.random(using: &random) ? word : word.uppercased()
    }.joined(separator: pick([" ", "", "-"], &random))
  }

  /// Nothing that explodes: what is repeated is one character, and bounded.
  private static func pattern(_ depth: Int, _ random: inout SplitMix64) -> String {
    var result = ""
    for _ in 0..<Int.random(in: 1...3, using: &random) {
      switch Int.random(in: 0..<(depth > 0 ? 8 : 5), using: &random) {
      case 0...2: result += pick(words, &random).replacing(".", with: "\\.")
      case 3:
        result += pick(["[ab]", "[0-9]", "\\b", "s?", "k{2}", ".", "[^x]", "e{0,2}"], &random)
      case 4: result += pick(["^", "$", "\\s", "\\Qa.b\\E", "\\x6b", "(?i)", "(?-i)"], &random)
      case 5: result += "(\(pattern(depth - 1, &random)))"
      case 6: result += "(?:\(pattern(depth - 1, &random)))?"
      default:
        let left = pattern(depth - 1, &random)
        result += "(?:\(left)|\(pattern(depth - 1, &random)))"
      }
    }
    return result
  }

  /// Patterns that the compiler takes without `:backtrack`.
  private static func isBounded(_ pattern: String) -> Bool {
    guard (try? CompiledPattern(pattern)) != nil,
      case .bounded = PatternAnalysis(pattern, isCaseless: true).verdict
    else { return false }
    return true
  }

  static func message(_ random: inout SplitMix64) -> [UInt8] {
    var message = ""
    for _ in 0..<Int.random(in: 0...4, using: &random) {
      message += pick(["Subject: ", "X-A: ", "X-B: "], &random) + text(&random) + "\n"
    }
    if Bool.random(using: &random) { message += "Content-Type: text/html; charset=utf-8\n" }
    message += "\n"
    for _ in 0..<Int.random(in: 0...6, using: &random) {
      message += text(&random) + pick(["\n", " ", "<b>", "\n\n"], &random)
    }
    var bytes = message.mailBytes
    // Some are no UTF-8.
    if Int.random(in: 0..<4, using: &random) == 0, !bytes.isEmpty {
      bytes[Int.random(in: 0..<bytes.count, using: &random)] = 0xC5
    }
    return bytes
  }
}
