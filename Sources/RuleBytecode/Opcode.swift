// The opcode sheet: each instruction's name, operands, cost and meaning in one line.
// Assembler, verifier, disassembler, tracer and docs/OPCODES.md walk it; none repeats it.

/// An operation of the machine.
package enum Opcode: UInt8, CaseIterable, BitwiseCopyable, Sendable {
  // The way through a run.
  case halt, jump, jumpIfTrue, jumpIfFalse, settle, answer, call, `return`, rule, group, probe
  case loopBegin, loopNext, loopLeave, stop, scriptEnd
  // Truth: 0 false, 1 true, anything else an error of a class.
  case truthConstant, truthCopy, truthNot, truthAnd, truthOr
  // Numbers.
  case numberConstant, numberFact, numberScore, numberParse, over, under, equal
  case numberAdd, numberSubtract, numberMultiply, numberText
  // Text.
  case textConstant, textFact, textNamedFact, textVariable, textGroup
  case textBegin, textAdd, textEnd, textStore, textModify, textPart
  // Questions to the session and the message.
  case factPresent, namedFactPresent
  case query, partSize, check
  // What the rules do.
  case verdict, addScore, log, act, actFailure
}

/// What an operand field means; the verifier checks each kind in one place.
package enum Operand: BitwiseCopyable, Sendable {
  case none
  case truthIn, truthOut, numberIn, numberOut, textIn, textOut
  /// An index into the code, forward and inside the block.
  case target
  case function, rule, probe, policy
  case string, number, fact, numberFact, factFamily
  case variable, group, modifier
  case query, check, reply, action, logLevel
  /// A loop's place in the machine, and one plus it or 0 for none.
  case loop, loopOrNone
  /// `LoopKind.code`.
  case loopKind
  /// Back behind the `loop-begin` of the same loop.
  case loopStart
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
    case .loopBegin:
      Shape(
        "loop-begin", a: .loop, b: .loopKind, c: .target, cost: 40,
        "loop A goes through B from its first; if there is none, pc := C")
    case .loopNext:
      Shape("loop-next", a: .loop, c: .loopStart, cost: 20, "if loop A has a next, pc := C")
    case .loopLeave:
      Shape("loop-leave", a: .loop, cost: 20, "loop A over recipients is left before its end")
    case .stop: Shape("stop", cost: 2, "the run ends, unless the rule only observes")
    case .scriptEnd:
      Shape("script-end", cost: 50, "a plain Sieve script is over: what it asked for is settled")
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
    case .equal: Shape("equal", a: .truthOut, b: .numberIn, c: .numberIn, "A := B = C")
    case .numberAdd:
      Shape("number-add", a: .numberOut, b: .numberIn, c: .numberIn, "A := B + C, saturating")
    case .numberSubtract:
      Shape("number-subtract", a: .numberOut, b: .numberIn, c: .numberIn, "A := B - C, saturating")
    case .numberMultiply:
      Shape(
        "number-multiply", a: .numberOut, b: .numberIn, c: .numberIn, cost: 10,
        "A := B * C, fixed point, saturating")
    case .numberText:
      Shape("number-text", a: .textOut, b: .numberIn, cost: 30, "A := B as decimal text")
    case .textConstant: Shape("text-constant", a: .textOut, c: .string, "A := string C")
    case .textFact:
      Shape(
        "text-fact", a: .textOut, b: .loopOrNone, c: .fact, cost: 40,
        "A := fact C, of loop B's part or recipient, as text; absent is empty")
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
    case .textModify:
      Shape("text-modify", a: .textOut, b: .textIn, c: .modifier, cost: 40, "A := B, changed by C")
    case .textPart:
      Shape(
        "text-part", a: .textOut, b: .loopOrNone, c: .number, cost: 60,
        "A := the first C characters of the part of loop B, or of the run's, as readable text")
    default: hostShape
    }
  }

  private var hostShape: Shape {
    switch self {
    case .factPresent:
      Shape(
        "fact-present", a: .truthOut, b: .loopOrNone, c: .fact, cost: 20,
        "A := C, of loop B's part or recipient, is known")
    case .namedFactPresent:
      Shape(
        "named-fact-present", a: .truthOut, b: .factFamily, c: .string, cost: 60,
        "A := fact named C of family B is known")
    case .query:
      Shape(
        "query", a: .truthOut, c: .query, "A := answer of query C; the sheet below has its cost")
    case .partSize:
      Shape(
        "part-size", a: .truthOut, b: .numberOut, c: .loopOrNone, cost: 30,
        "B := octets of the part of loop C, or of the run's, decoded; A := error if over a cap")
    case .check:
      Shape("check", a: .truthOut, c: .check, cost: 200, "A := answer of check C; may suspend")
    default: actionShape
    }
  }

  private var actionShape: Shape {
    switch self {
    case .verdict: Shape("verdict", a: .textIn, c: .reply, cost: 50, "reply C with text A; the end")
    case .addScore:
      Shape(
        "add-score", a: .numberIn, b: .bit, c: .string, cost: 30,
        "symbol C adds A, once a message unless B")
    case .log: Shape("log", a: .textIn, c: .logLevel, cost: 60, "log A at level C")
    case .actFailure:
      Shape("act-failure", a: .truthOut, "A := the error for which the act before it was not done")
    default: Shape("act", c: .action, "do or record action C; the sheet below has its cost")
    }
  }

  /// The phases in which this instruction may stand, as far as it alone decides.
  package var phases: PhaseSet {
    switch self {
    case .partSize, .textPart: PhaseSet([.part, .eom])
    case .loopBegin: .from(.message)
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
  /// A value that is compared, beside its bytes.
  package static let valueVisit = 8
  /// A key of a list, beside its bytes.
  package static let keyVisit = 8
  /// A part searched for anomalies, per byte: it is read and, where base64, decoded; and the lines
  /// of the whole message.
  package static let anomalyPerByte = 3
  package static let lineFaultPerByte = 1
  /// A key looked up in a table of a file, beside its bytes; longer keys stand in no table.
  package static let tableVisit = 200
  package static let tableKeyBytesMax = 8_192
  /// Of a table of patterns: how many there are at most, what a byte costs with all of them, and
  /// how much of a text they are tried on.
  package static let tablePatternsMax = 1_000
  package static let tablePatternWeightMax = 4_000
  package static let tablePatternTextBytesMax = 8_192
  /// A look-up in a sorted set, however many entries it has: some twenty comparisons.
  package static let setSearch = 60
  /// In a set of domains there is one for each label.
  package static let labelPerByte = 30
  /// i;unicode-casemap, per byte.
  package static let foldUnicodePerByte = 40
  /// A pattern applied to a text, beside its steps for each byte.
  package static let patternVisit = 120
  /// A modifier of `set`.
  package static let modifyPerByte = 20
  /// The place found where a pattern's first match begins.
  package static let findStartPerByte = 3
  /// A step of a pattern that counts them.
  package static let patternStep = 20
  /// A pattern compiled at run time.
  package static let patternCompileBase = 20_000
  package static let patternCompilePerByte = 400
  /// The line of the log that one of them was none.
  package static let patternNote = 256
  /// Of the addresses in a list's answer so many are looked at, and so much of each.
  package static let listCodesMax = 64
  package static let listCodeBytesMax = 45
  /// A domain looked for among the public suffixes.
  package static let suffixSearch = 1_000
  /// A part decoded, per encoded byte: measured at 1.2 GB/s.
  package static let decodeBodyPerByte = 1
  /// Content copied for somebody outside: so many bytes take one unit.
  package static let handedBytes = 8
  /// A type question to libmagic, per call and per byte: its patterns look at the first kilobytes,
  /// which takes 1.1 ms for 4 KB of plain text and no more for longer ones.
  package static let sniffBase = 1_200_000
  package static let sniffPerByte = 1
  /// Signatures, and the proof that a text of at most this length is plain text.
  package static let proofPerByte = 3
  package static let proofBytesMax = 32_768
  /// A document looked into, per byte that is read or unpacked of it.
  package static let documentPerByte = 1
  /// What else a file is, per byte of what it is searched for.
  package static let furtherKindsPerByte = 1
  /// An archive read, per byte of it and per byte that is unpacked; where it ends, it is looked for
  /// first.
  package static let archivePerByte = 1
  package static let archiveEndBytesMax = 65_557
  /// SHA-256, per byte.
  package static let digestPerByte = 4
}
