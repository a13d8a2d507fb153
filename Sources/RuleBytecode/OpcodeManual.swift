// docs/OPCODES.md, made from the opcode sheet; a test holds the file equal to it.

package enum OpcodeManual {
  /// The whole file, in Markdown.
  package static var text: String {
    ([introduction, registers, operands, instructions].joined(separator: "\n\n") + "\n")
  }

  private static let introduction = """
    # Instructions of the machine

    Made from the opcode sheet (`Sources/RuleBytecode/Opcode.swift`) by a test, which fails when
    this file differs; to write it anew: `DEFANG_RECORD=1 swift test --filter ManualTests`.

    An instruction is eight bytes: opcode (8 bits), A (8 bits), B (16 bits), C (32 bits). A field
    that an instruction does not use is 0. What the fields mean is told by the kinds below; the
    verifier checks each kind before a program runs, so the machine asks nothing again. Jumps go
    forward inside their block, calls go to definitions that stand before: every run ends, and
    fuel counts its cost. Fuel is charged before the work; a unit is about a nanosecond, and what
    depends on bytes is charged besides.
    """

  private static var registers: String {
    let rows = [
      ("truth", "t", RegisterBank.truths, "false, true, or an error with its class"),
      ("number", "n", RegisterBank.numbers, "whole numbers; scores in millionths"),
      ("text", "s", RegisterBank.texts, "space, offset and length of bytes that lie elsewhere"),
    ].map { name, letter, bank, holds in
      [name, "\(letter)0 to \(letter)\(bank.count - 1)", "\(bank.lowerBound)", holds]
    }
    return "## Registers\n\nA register's type is the bank it lies in.\n\n"
      + ManualTable.text(["bank", "names", "first number", "holds"], rows)
  }

  private static var operands: String {
    var used: [Operand] = []
    for operand in Opcode.allCases.flatMap(\.shape.operands) where operand != .none {
      if !used.contains(operand) { used.append(operand) }
    }
    let rows = used.map { ["\($0)", $0.meaning] }
    return "## Kinds of operands\n\n" + ManualTable.text(["kind", "the field holds"], rows)
  }

  private static var instructions: String {
    let rows = Opcode.allCases.map { opcode in
      let shape = opcode.shape
      return ["\(opcode.rawValue)", "`\(shape.name)`"]
        + shape.operands.map { $0 == .none ? "" : "\($0)" }
        + ["\(shape.cost)", ManualTable.span(opcode.phases), shape.meaning]
    }
    let titles = ["code", "name", "A", "B", "C", "fuel", "phases", "does"]
    return "## Instructions\n\n" + ManualTable.text(titles, rows)
  }
}

extension Operand {
  /// What a field of this kind holds, for the manual.
  var meaning: String {
    switch self {
    case .none: "nothing"
    case .truthIn: "a truth register that is read"
    case .truthOut: "a truth register that is written"
    case .numberIn: "a number register that is read"
    case .numberOut: "a number register that is written"
    case .textIn: "a text register that is read"
    case .textOut: "a text register that is written"
    case .target: "an instruction of the same block, further on"
    case .function: "a definition that stands before this block"
    case .rule: "a rule: its name, phase and place"
    case .probe: "a test's source text and place, for the trace"
    case .policy: "a failure policy: one answer for each class"
    case .string: "a string of the image"
    case .number: "a number of the image"
    case .fact: "a fact"
    case .numberFact: "a fact that is a number"
    case .textFact: "a fact that is a text"
    case .factFamily: "a family of facts with free names"
    case .variable: "a variable: its name and scope"
    case .group: "a match variable, 0 for the whole match"
    case .spec: "a comparison: match type, comparator, address part, keys"
    case .names: "a set of header names"
    case .set: "a set of address ranges"
    case .envelopePart: ManualTable.list(EnvelopePart.allCases.map(\.name))
    case .ipSide: ManualTable.list(IPSide.allCases.map(\.name))
    case .partField: ManualTable.list(PartField.allCases.map(\.fieldName))
    case .partQuestion: ManualTable.list(PartQuestion.allCases.map { "\($0)" })
    case .check: "a question to the outside: kind, arguments, time-out"
    case .reply: "a verdict: its kind, reach, code and enhanced code"
    case .headerEdit: "a header edit: kind, name, place"
    case .partEdit: "a part edit: kind, type, name, disposition"
    case .logLevel: ManualTable.list(LogLevel.allCases.map(\.name))
    case .bit: "0 or 1"
    }
  }
}

/// Markdown tables and the words in their cells.
enum ManualTable {
  static func text(_ titles: [String], _ rows: [[String]]) -> String {
    let rule = titles.map { _ in "---" }
    return ([titles, rule] + rows).map(line).joined(separator: "\n")
  }

  /// "0 from, 1 to".
  static func list(_ names: [String]) -> String {
    names.enumerated().map { "\($0.offset) \($0.element)" }.joined(separator: ", ")
  }

  /// "all", "mail on", or the phases by name.
  static func span(_ phases: PhaseSet) -> String {
    guard let first = phases.phases.first, phases != .all else { return "all" }
    return phases == .from(first) && first != .eom ? "\(first.name) on" : phases.phrase
  }

  private static func line(_ cells: [String]) -> String {
    "|" + cells.map { " \(escaped($0)) |" }.joined()
  }

  /// A bar inside a cell would begin the next one.
  private static func escaped(_ cell: String) -> String {
    String(cell.flatMap { $0 == "|" ? "\\|" : "\($0)" })
  }
}
