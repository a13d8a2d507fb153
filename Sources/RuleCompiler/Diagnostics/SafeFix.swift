// The edit that mends a mistake, made from the case and the source text at its place. One switch
// for all of the checker: who reports a mistake with a nearest name need not think of its fix.
//
// Safe is an edit after which the policy says what the message says it should: a mistyped name, a
// quote, a comma. What would decide for the writer (which of two verdicts, what happens when a
// check fails, a word that is only like another) has none.

import RuleBytecode
import Spelling

/// Makes fix-its.
struct SafeFix {
  let source: SourceFile
  let range: SourceRange
  /// The source at the place of the mistake.
  private let text: String
  /// Names that are not the only ones that can be meant.
  private let unsure: Set<String>

  /// The edits that mend the mistake; empty when no edit is safe.
  static func edits(
    for problem: Problem, at range: SourceRange, in sources: SourceSet,
    unsure: Set<String> = []
  ) -> [Diagnostic.FixIt] {
    guard let source = sources.file(of: range), range.bytes.count <= textBytesMax else { return [] }
    let fix = SafeFix(
      source: source, range: range, text: source.text(range.bytes), unsure: unsure)
    return fix.edits(for: problem)
  }

  /// Longer pieces are no names and not worth copying.
  private static let textBytesMax = 4_096

  private func edits(for problem: Problem) -> [Diagnostic.FixIt] {
    switch problem {
    case .name(let problem): edits(problem)
    case .argument(let problem): edits(problem)
    case .literal(let problem): edits(problem)
    case .declaration(.undefined(_, _, let nearest)): named(nearest)
    case .declaration(.variableNeverSet(let name, let nearest)):
      text.lowercasedASCII == "${\(name)}" ? named(nearest) : []
    case .failure(.unknownClass(_, let nearest)), .failure(.unknownAnswer(_, let nearest)):
      named(nearest)
    case .phase(.tagNotPossible("message", _, _, _)): tagRemoval
    case .flow(.duplicateKey), .flow(.duplicateTest): entryRemoval
    default: []
    }
  }

  private func edits(_ problem: NameProblem) -> [Diagnostic.FixIt] {
    switch problem {
    case .unknownCommand(_, let nearest), .unknownTest(_, let nearest),
      .unknownTag(_, _, let nearest), .unknownCapability(_, let nearest),
      .unknownComparator(_, let nearest), .unknownPhase(_, let nearest),
      .unknownFact(_, let nearest), .unknownValue(_, _, let nearest, _):
      named(nearest)
    case .unknownNamespace(let space, let nearest): renamed(space, nearest)
    case .refusedCapability, .missingRequire, .commandAsTest, .testAsCommand: []
    }
  }

  private func edits(_ problem: ArgumentProblem) -> [Diagnostic.FixIt] {
    switch problem {
    case .wrongKind(_, .list, .number, let name) where Verdicts.takesCode(name):
      isReplyCode ? replaced(":code \"\(text)\"") : []
    case .wrongKind(_, .string, .number, _), .wrongKind(_, .list, .number, _):
      text.utf8.allSatisfy(\.isDigit) ? replaced("\"\(text)\"") : []
    case .wrongKind(_, .number, .string, _): unquotedNumber
    case .testListWanted(let name): text.lowercasedASCII == name ? [] : replaced("(\(text))")
    default: []
    }
  }

  private func edits(_ problem: LiteralProblem) -> [Diagnostic.FixIt] {
    switch problem {
    case .networkHostBits(_, let network): quoted(network)
    case .headerName(let name) where name.hasSuffix(":"):
      quoted(String(name.dropLast()), if: Literals.isHeaderName)
    case .address(let address)
    where address.hasPrefix("<") && address.hasSuffix(">") && address != "<>":
      quoted(String(address.dropFirst().dropLast()), if: Literals.canEqualAddress)
    case .domain(let domain) where domain.hasPrefix("@"):
      quoted(String(domain.dropFirst()), if: Literals.isDomain)
    case .domain(let domain) where domain.hasSuffix("."):
      quoted(String(domain.dropLast()), if: Literals.isDomain)
    case .score(let amount):
      quoted(String(decoding: amount.utf8.map { $0 == 44 ? 46 : $0 }, as: UTF8.self)) {
        Decimal.parse(Array($0.utf8)) != nil
      }
    default: []
    }
  }

  /// `reject 550 "…"`.
  private var isReplyCode: Bool {
    text.utf8.count == 3 && text.utf8.allSatisfy(\.isDigit)
      && (text.hasPrefix("4") || text.hasPrefix("5"))
  }

  // MARK: Names

  /// The near name, in the dress in which the wrong one stands: a tag, a string, `"table:x"`,
  /// `${x}` or a bare word.
  private func named(_ nearest: String?) -> [Diagnostic.FixIt] {
    guard let nearest, isSure(nearest) else { return [] }
    if text.hasPrefix("\"table:"), !nearest.hasPrefix("table:") {
      return quoted("table:" + nearest)
    }
    if text.hasPrefix("\"") { return quoted(nearest) }
    if text.hasPrefix(":") { return replaced(":" + nearest) }
    if text.hasPrefix("${") { return text.hasSuffix("}") ? replaced("${\(nearest)}") : [] }
    return text.utf8.allSatisfy(\.continuesName) ? replaced(nearest) : []
  }

  /// The name was meant beyond doubt: it has a slip, or lacks only what goes before it.
  private func isSure(_ nearest: String) -> Bool {
    if text == "\"\(nearest.split(separator: ":").last ?? "")\"" { return true }
    if unsure.contains(nearest) { return false }
    var word = Substring(text)
    for mark in ["\"", "${", ":", "table:"] where word.hasPrefix(mark) {
      word.removeFirst(mark.utf8.count)
    }
    if word.hasSuffix("\"") || word.hasSuffix("}") { word.removeLast() }
    let plain = nearest.hasPrefix("table:") ? String(nearest.dropFirst(6)) : nearest
    return Nearest.isSlip(String(word), for: plain)
  }

  /// `${cleint.ip}` to `${client.ip}`, when there is such a fact.
  private func renamed(_ space: String, _ nearest: String?) -> [Diagnostic.FixIt] {
    let bytes = text.utf8
    let (open, close) = text.hasPrefix("${") ? ("${", "}") : ("\"", "\"")
    guard let nearest, Nearest.isSlip(space, for: nearest), !unsure.contains(nearest),
      text.hasPrefix(open), text.hasSuffix(close),
      bytes.count > open.utf8.count + space.utf8.count
    else { return [] }
    let rest = bytes.dropFirst(open.utf8.count + space.utf8.count).dropLast()
    let name = nearest + String(decoding: rest, as: UTF8.self)
    let isFamily = FactFamily.allCases.contains { name.hasPrefix($0.prefix) }
    guard Fact.named(name.lowercasedASCII) != nil || isFamily else { return [] }
    return replaced(open + name + close)
  }

  // MARK: Edits

  private func replaced(_ replacement: String) -> [Diagnostic.FixIt] {
    [Diagnostic.FixIt(replace: range, with: replacement)]
  }

  /// A string of that value, in place of a quoted string.
  private func quoted(
    _ value: String, if isRight: (String) -> Bool = { _ in true }
  ) -> [Diagnostic.FixIt] {
    guard text.hasPrefix("\""), isRight(value), !value.contains("\""), !value.contains("\\") else {
      return []
    }
    return replaced("\"\(value)\"")
  }

  /// `"10M"` to `10M`.
  private var unquotedNumber: [Diagnostic.FixIt] {
    let bytes = Array(text.utf8.dropFirst().dropLast())
    guard text.hasPrefix("\""), case .value = Lexer.value(of: bytes[...], max: .max) else {
      return []
    }
    return replaced(String(decoding: bytes, as: UTF8.self))
  }

  /// A tag that stands alone, with the blanks behind it.
  private var tagRemoval: [Diagnostic.FixIt] {
    text.hasPrefix(":") ? Self.removal(of: range, in: source) : []
  }

  /// An entry of a list, with the comma before it.
  private var entryRemoval: [Diagnostic.FixIt] {
    guard let comma = place(of: UInt8(ascii: ","), before: range.bytes.lowerBound) else {
      return []
    }
    let all = SourceRange(file: range.file, bytes: comma..<range.bytes.upperBound)
    return [Diagnostic.FixIt(replace: all, with: "")]
  }

  static func removal(of range: SourceRange, in source: SourceFile) -> [Diagnostic.FixIt] {
    var end = range.bytes.upperBound
    while end < source.bytes.count, source.bytes[end] == 0x20 { end += 1 }
    let all = SourceRange(file: range.file, bytes: range.bytes.lowerBound..<end)
    return [Diagnostic.FixIt(replace: all, with: "")]
  }

  /// Moves a piece of a command to just behind the command's name.
  static func move(
    _ piece: SourceRange, behind name: SourceRange, in sources: SourceSet
  ) -> [Diagnostic.FixIt] {
    guard let source = sources.file(of: piece), piece.bytes.count <= textBytesMax else { return [] }
    let insertion = Diagnostic.FixIt(
      replace: name.end, with: " " + source.text(piece.bytes))
    return [insertion] + removal(of: piece, in: source)
  }

  /// Moves a command to another place of its file.
  static func moveCommand(
    _ piece: SourceRange, to place: SourceRange, in sources: SourceSet
  ) -> [Diagnostic.FixIt] {
    guard let source = sources.file(of: piece), piece.bytes.count <= textBytesMax else { return [] }
    let insertion = Diagnostic.FixIt(replace: place, with: source.text(piece.bytes) + "\n")
    return [insertion, Diagnostic.FixIt(replace: piece, with: "")]
  }

  /// The last byte before that is no blank, if it is this one. A comment is in the way.
  private func place(of byte: UInt8, before start: Int) -> Int? {
    let bytes = source.bytes
    var at = start - 1
    while bytes.indices.contains(at), bytes[at] <= 0x20 { at -= 1 }
    guard bytes.indices.contains(at), bytes[at] == byte else { return nil }
    // `# a, b` on a line before: the comma may stand in a comment.
    let line = bytes[source.lineStart(ofByte: at)..<at]
    return line.contains(UInt8(ascii: "#")) ? nil : at
  }
}
