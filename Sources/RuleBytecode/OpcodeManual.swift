// docs/OPCODES.md, made from the opcode sheet; a test holds the file equal to it.

package enum OpcodeManual {
  /// The whole file, in Markdown.
  package static var text: String {
    [introduction, registers, operands, instructions, queries, checks, actions]
      .joined(separator: "\n\n") + "\n"
  }

  private static let introduction = """
    # Instructions of the machine

    Made from the opcode sheet (`Sources/RuleBytecode/Opcode.swift`) by a test, which fails when
    this file differs; to write it anew: `DEFANG_RECORD=1 swift test --filter ManualTests`.

    An instruction is eight bytes: opcode (8 bits), A (8 bits), B (16 bits), C (32 bits). A field
    that an instruction does not use is 0. What the fields mean is told by the kinds below; the
    verifier checks each kind before a program runs, so the machine asks nothing again. Jumps go
    forward inside their block, but for the next turn of a loop, whose turns are counted before it
    begins; calls go to definitions that stand before: every run ends, and fuel counts its cost.
    Fuel is charged before the work; a unit is about a nanosecond, and what depends on bytes is
    charged besides.
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

extension OpcodeManual {
  private static var queries: String {
    let rows = QuerySource.allCases.map { source in
      let info = source.info
      return ["`\(info.name)`", "\(info.cost)", ManualTable.span(info.phases), info.meaning]
    }
    return "## Queries\n\nWhat `query` asks.\n\n"
      + ManualTable.text(["source", "fuel", "phases", "its values"], rows)
  }

  private static var checks: String {
    let rows = CheckKind.allCases.map { kind in
      let info = kind.info
      return [
        "`\(info.name)`", ":\(info.failure.name)", ManualTable.span(info.phases),
        info.arguments.joined(separator: ", "), info.meaning,
      ]
    }
    return "## Checks\n\nWhat `check` asks of the outside; the run waits for the answer.\n\n"
      + ManualTable.text(["check", "class", "phases", "arguments", "asks"], rows)
  }

  private static var actions: String {
    let rows = Action.allCases.map { action in
      let more = action.isVariadic ? " …" : ""
      return [
        "`\(action.name)`", "\(action.cost)", ManualTable.span(action.phases),
        action.parameters.joined(separator: ", ") + more,
      ]
    }
    return "## Actions\n\nWhat `act` does or records; verdicts, scores, logs and control have "
      + "instructions of their own.\n\n"
      + ManualTable.text(["action", "fuel", "phases", "texts"], rows)
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
    case .factFamily: "a family of facts with free names"
    case .variable: "a variable: its name and scope"
    case .group: "a match variable, 0 for the whole match"
    case .modifier: ManualTable.list(TextModifier.allCases.map(\.name))
    case .query: "a question to session or message: source, names, comparison"
    case .check: "a question to the outside: kind, arguments, time-out"
    case .reply: "a verdict: its kind, reach, code and enhanced code"
    case .action: "an action: its tags, and where its texts are"
    case .loop: "a loop's place in the machine"
    case .loopOrNone: "one plus a loop's place, whose part or recipient is meant; 0 for the run's"
    case .loopKind: "0 parts, 1 recipients, 2 and more: parts inside that of loop B - 2"
    case .loopStart: "back behind the loop-begin of the same loop"
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
