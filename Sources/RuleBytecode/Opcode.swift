// The opcode sheet: each instruction's name, operands, cost and meaning in one line.
// Assembler, verifier, disassembler, tracer and docs/OPCODES.md walk it; none repeats it.

/// An operation of the machine.
package enum Opcode: UInt8, CaseIterable, BitwiseCopyable, Sendable {
  // The way through a run.
  case halt, jump, jumpIfTrue, jumpIfFalse, settle, answer, call, `return`, rule, group, probe
  // Truth: 0 false, 1 true, anything else an error of a class.
  case truthConstant, truthCopy, truthNot, truthAnd, truthOr
  // Numbers.
  case numberConstant, numberFact, numberScore, numberParse, over, under
  // Text.
  case textConstant, textFact, textNamedFact, textVariable, textGroup
  case textBegin, textAdd, textEnd, textStore
  // Questions to the session and the message.
  case factPresent, namedFactPresent
  case matchText, matchHeader, matchAddress, matchEnvelope, headerExists
  case ipIn, matchPart, partSize, partIs, check
  // What the rules do.
  case verdict, addScore, log, editHeader, editPart
}

/// What an operand field means; the verifier checks each kind in one place.
package enum Operand: BitwiseCopyable, Sendable {
  case none
  case truthIn, truthOut, numberIn, numberOut, textIn, textOut
  /// An index into the code, forward and inside the block.
  case target
  case function, rule, probe, policy
  case string, number, fact, numberFact, textFact, factFamily
  case variable, group, spec, names, set
  case envelopePart, ipSide, partField, partQuestion
  case check, reply, headerEdit, partEdit, logLevel
  /// 0 or 1.
  case bit
}

/// One line of the sheet.
package struct Shape: Sendable {
  package let name: String
  package let a: Operand
  package let b: Operand
  package let c: Operand
  /// Fuel, about a nanosecond each; what depends on bytes is charged by the operation itself.
  package let cost: Int
  package let meaning: String

  init(
    _ name: String, a: Operand = .none, b: Operand = .none, c: Operand = .none, cost: Int = 1,
    _ meaning: String
  ) {
    self.name = name
    self.a = a
    self.b = b
    self.c = c
    self.cost = cost
    self.meaning = meaning
  }

  package var operands: [Operand] { [a, b, c] }
}

extension Opcode {
  package var shape: Shape {
    switch self {
    case .halt: Shape("halt", "the run ends without a verdict")
    case .jump: Shape("jump", c: .target, "pc := C")
    case .jumpIfTrue: Shape("jump-if-true", a: .truthIn, c: .target, "if A is true, pc := C")
    case .jumpIfFalse: Shape("jump-if-false", a: .truthIn, c: .target, "if A is false, pc := C")
    case .settle:
      Shape(
        "settle", a: .truthIn, b: .policy, c: .target,
        "if A is an error, answer it by failure policy B; for `continue`, pc := C")
    case .answer:
      Shape(
        "answer", a: .truthIn, c: .policy,
        "if A is an error that no policy answers yet, policy C does, at whatever settle")
    case .call: Shape("call", c: .function, cost: 2, "run function C, then go on")
    case .return: Shape("return", cost: 2, "back to the caller")
    case .rule: Shape("rule", c: .rule, "rule C begins")
    case .group: Shape("group", c: .probe, "no rule runs; the test C of a group begins")
    case .probe: Shape("probe", a: .truthIn, c: .probe, "test C came out as A (for the trace)")
    case .truthConstant: Shape("truth-constant", a: .truthOut, c: .bit, "A := C")
    case .truthCopy: Shape("truth-copy", a: .truthOut, b: .truthIn, "A := B")
    case .truthNot: Shape("truth-not", a: .truthOut, b: .truthIn, "A := not B; error stays error")
    case .truthAnd:
      Shape("truth-and", a: .truthOut, b: .truthIn, c: .truthIn, "A := B and C, three-valued")
    case .truthOr:
      Shape("truth-or", a: .truthOut, b: .truthIn, c: .truthIn, "A := B or C, three-valued")
    default: dataShape
    }
  }

  private var dataShape: Shape {
    switch self {
    case .numberConstant: Shape("number-constant", a: .numberOut, c: .number, "A := number C")
    case .numberFact:
      Shape("number-fact", a: .numberOut, c: .numberFact, cost: 20, "A := fact C, absent is 0")
    case .numberScore: Shape("number-score", a: .numberOut, "A := the score so far")
    case .numberParse:
      Shape(
        "number-parse", a: .numberOut, b: .truthOut, c: .textIn, cost: 30,
        "A := C read as a signed decimal, B := whether it is one")
    case .over: Shape("over", a: .truthOut, b: .numberIn, c: .numberIn, "A := B > C")
    case .under: Shape("under", a: .truthOut, b: .numberIn, c: .numberIn, "A := B < C")
    case .textConstant: Shape("text-constant", a: .textOut, c: .string, "A := string C")
    case .textFact:
      Shape("text-fact", a: .textOut, c: .fact, cost: 40, "A := fact C as text, absent is empty")
    case .textNamedFact:
      Shape(
        "text-named-fact", a: .textOut, b: .factFamily, c: .string, cost: 60,
        "A := fact named C of family B")
    case .textVariable: Shape("text-variable", a: .textOut, c: .variable, "A := variable C")
    case .textGroup: Shape("text-group", a: .textOut, c: .group, "A := match variable C")
    case .textBegin: Shape("text-begin", cost: 4, "a new text begins in run space")
    case .textAdd: Shape("text-add", a: .textIn, cost: 8, "A is added to it")
    case .textEnd: Shape("text-end", a: .textOut, cost: 4, "A := that text")
    case .textStore:
      Shape("text-store", a: .textIn, c: .variable, cost: 30, "variable C := A, kept in its scope")
    default: hostShape
    }
  }

  private var hostShape: Shape {
    switch self {
    case .factPresent: Shape("fact-present", a: .truthOut, c: .fact, cost: 20, "A := C is known")
    case .namedFactPresent:
      Shape(
        "named-fact-present", a: .truthOut, b: .factFamily, c: .string, cost: 60,
        "A := fact named C of family B is known")
    case .matchText:
      Shape("match-text", a: .truthOut, b: .textIn, c: .spec, cost: 20, "A := B matches C")
    case .matchHeader:
      Shape(
        "match-header", a: .truthOut, b: .names, c: .spec, cost: 50,
        "A := a field named in B matches C")
    case .matchAddress:
      Shape(
        "match-address", a: .truthOut, b: .names, c: .spec, cost: 80,
        "A := an address in a field named in B matches C")
    case .matchEnvelope:
      Shape(
        "match-envelope", a: .truthOut, b: .envelopePart, c: .spec, cost: 40,
        "A := envelope part B matches C")
    case .headerExists:
      Shape(
        "header-exists", a: .truthOut, c: .names, cost: 40, "A := each field named in C is there")
    case .ipIn:
      Shape("ip-in", a: .truthOut, b: .ipSide, c: .set, cost: 30, "A := address B lies in set C")
    case .matchPart:
      Shape(
        "match-part", a: .truthOut, b: .partField, c: .spec, cost: 60,
        "A := this part's B matches C")
    case .partSize: Shape("part-size", a: .numberOut, cost: 30, "A := octets of this part, decoded")
    case .partIs:
      Shape("part-is", a: .truthOut, b: .partQuestion, cost: 60, "A := this part is B")
    case .check:
      Shape("check", a: .truthOut, c: .check, cost: 200, "A := answer of check C; may suspend")
    default: actionShape
    }
  }

  private var actionShape: Shape {
    switch self {
    case .verdict: Shape("verdict", a: .textIn, c: .reply, cost: 50, "reply C with text A; the end")
    case .addScore:
      Shape("add-score", a: .numberIn, c: .string, cost: 30, "symbol C adds A, once a message")
    case .log: Shape("log", a: .textIn, c: .logLevel, cost: 60, "log A at level C")
    case .editHeader:
      Shape("edit-header", a: .textIn, c: .headerEdit, cost: 80, "record edit C with value A")
    default:
      Shape("edit-part", a: .textIn, c: .partEdit, cost: 80, "record part edit C with text A")
    }
  }

  /// The phases in which this instruction may stand, as far as it alone decides.
  package var phases: PhaseSet {
    switch self {
    case .matchHeader, .matchAddress, .headerExists: .from(.headers)
    case .matchPart, .partSize, .partIs, .editPart: PhaseSet([.part])
    case .editHeader: .from(.mail)
    default: .all
    }
  }
}

/// Fuel for work that depends on bytes, in one place: the machine charges it before it works.
package enum ByteCost {
  /// Text compared or searched, per byte of subject (a literal key).
  package static let comparePerByte = 1
  /// Header fields unfolded and decoded, per byte.
  package static let decodeHeaderPerByte = 4
  /// A header field looked at by name.
  package static let fieldVisit = 4
  /// A key of a list, beside its bytes.
  package static let keyVisit = 8
  /// A part decoded, per encoded byte.
  package static let decodeBodyPerByte = 2
  /// A type question to libmagic, per call and per byte: 1.1 ms for 4 KB of plain text.
  package static let sniffBase = 60_000
  package static let sniffPerByte = 20
  /// SHA-256, per byte.
  package static let digestPerByte = 4
}
