// Helpers of the messages: how names, lists and unprintable things are written in a sentence.

/// What is said about a mistake: the line with the severity, and the words under the caret.
struct Wording: Equatable {
  let message: String
  let label: String?

  init(_ message: String, _ label: String? = nil) {
    self.message = message
    self.label = label
  }
}

/// A piece of the source in a sentence: in quotes, cut, controls made visible.
func quoted(_ text: String) -> String {
  let limit = 60
  var result = ""
  for (count, scalar) in text.unicodeScalars.enumerated() {
    if count == limit {
      result += "…"
      break
    }
    result += visible(scalar)
  }
  return "'\(result)'"
}

/// The scalar itself, or its number when a terminal would act on it instead of showing it.
func visible(_ scalar: Unicode.Scalar) -> String {
  let value = scalar.value
  let isHidden =
    UTF8Scan.isControl(value) || UTF8Scan.isBidirectionalMark(value) || value == 0x09
    || value == 0x0A || scalar.properties.isDefaultIgnorableCodePoint
  return isHidden ? codePoint(value) : String(scalar)
}

/// `<U+202E>`.
func codePoint(_ value: UInt32) -> String {
  let digits = String(value, radix: 16, uppercase: true)
  return "<U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits + ">"
}

/// `a, b and c`.
func listed(_ names: [String], _ conjunction: String = "and") -> String {
  guard let last = names.last else { return "none" }
  if names.count == 1 { return last }
  return names.dropLast().joined(separator: ", ") + " \(conjunction) " + last
}

/// `phase eom`, `the phases part and eom`, `no phase`.
func phaseList(_ phases: [String], _ conjunction: String = "and") -> String {
  switch phases.count {
  case 0: "no phase"
  case 1: "phase \(phases[0])"
  default: "the phases \(listed(phases, conjunction))"
  }
}

/// `did you mean 'x'?`
func didYouMean(_ nearest: String?) -> String? {
  nearest.map { "did you mean \(quoted($0))?" }
}

/// `1 byte`, `2 bytes`.
func counted(_ count: Int, _ noun: String) -> String {
  "\(count) \(noun)\(count == 1 ? "" : "s")"
}

extension SyntaxProblem.Found {
  var phrase: String {
    switch self {
    case .word(let text), .tag(let text), .symbol(let text): quoted(text)
    case .number(let text): "the number \(text)"
    case .string: "a string"
    case .endOfFile: "the end of the file"
    }
  }
}

extension ArgumentProblem.Kind {
  var phrase: String {
    switch self {
    case .string: "a string"
    case .list: "a string list"
    case .number: "a number"
    case .tag: "a tag"
    case .test: "a test"
    case .testList: "a list of tests"
    }
  }
}

extension Diagnostic.Note {
  /// The sentence of this note.
  package var message: String {
    switch reason {
    case .opened(let bracket): "the \(quoted(bracket)) that is not closed"
    case .declared(let what): "\(what) is declared here"
    case .verdict(let name): "\(quoted(name)) ends the run here"
    case .first(let what): "\(what) is here first"
    case .needs(let what): "\(what) is asked for here"
    case .set(let name, let phase):
      "\(quoted(name)) is set here" + (phase.map { ", in phase \($0)" } ?? "")
    case .decides(let rule):
      rule.map { "the rule \(quoted($0)) already decides here" }
        ?? "this branch already takes it"
    case .knownHere: "this holds for all that comes here"
    case .other(let phrase): phrase
    }
  }
}

/// Fuel as the time it stands for, a nanosecond each: `12.3 s`, `450 ms`.
func seconds(_ fuel: Int) -> String {
  let milliseconds = fuel / 1_000_000
  if milliseconds < 1_000 { return "\(milliseconds) ms" }
  let tenths = milliseconds / 100
  return "\(tenths / 10).\(tenths % 10) s"
}

/// `2.5 times its budget`.
func factor(_ fuel: Int, of budget: Int) -> String {
  let tenths = fuel / max(1, budget / 10)
  return tenths <= 10
    ? "a little over its budget" : "\(tenths / 10).\(tenths % 10) times its budget"
}
