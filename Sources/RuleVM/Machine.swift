// The machine: registers, text spaces and the loop. It runs verified programs only, so it checks
// fuel and nothing else; every register, constant and target was checked when the image was loaded.
// Slow work leaves the loop through `perform`, so the loop holds no retain, release or exclusivity
// call (a script checks its assembly).
internal import MailEdits
internal import MailMessage
internal import RuleBytecode

/// State of the rules of one SMTP session. About 7 KB and the texts it holds.
package struct Machine: ~Copyable {
  var registers = InlineArray<256, UInt64>(repeating: 0)
  var groups = InlineArray<33, UInt64>(repeating: 0)
  /// Some match variable is set.
  var hasGroups = false
  private var returns = InlineArray<32, UInt32>(repeating: 0)
  private var returnCount = 0
  var loops = InlineArray<8, LoopState>(repeating: LoopState())
  /// Where the run goes on; kept here while it is suspended.
  private var pc = 0
  var fuel = 0

  /// Changed by the runner of test suites alone.
  var limits: MachineLimits
  var facts = FactStore()
  var variables: [UInt64]
  /// Set by the latest HELO's run.
  var heloVariables: Set<Int> = []
  var runSpace: [UInt8] = []
  var messageSpace: [UInt8] = []
  var sessionSpace: [UInt8] = []
  var decodedSpace: [UInt8] = []
  var builder: [UInt8] = []
  var nowSeconds: Int64 = 0

  /// The mail comes from a program of this host, or from a host of ours whose server says so.
  var isLocalSubmission = false
  var phase = Phase.connect
  var ruleIndex: UInt32?
  var message: MailMessage?
  var partIndex: Int?
  var parts = PartCache()
  var archives = ArchiveCache()
  let types: TypeOracle
  var tables: TableStore
  var tableDoubt = TableDoubt()
  let patterns: PatternShelf
  var suffixes: PublicSuffixList?
  var own = OwnTables()
  var answers = AnswerBook()
  var requests: [CheckRequest] = []
  /// Questions are asked for rules that come later: what is known is left alone.
  var isEarly = false
  /// Why the latest check of a class failed.
  var failureReasons: [FailureClass: String] = [:]
  var score = ScoreBoard()
  var headers = HeaderView()
  var decisions = Decisions()
  var verdict: Verdict?
  var accepted: [[UInt8]] = []
  /// The ESMTP arguments of each of them.
  var acceptedArguments: [[[UInt8]: TextWord]] = []
  /// When MAIL came.
  var mailSeconds: Int64 = 0
  var settings = SieveSettings()
  /// The same recipients with all that is known of them.
  var recipients: [RecipientState] = []
  /// The accepted recipient whose turn it is in a loop over them.
  var turn: Int?
  /// The header as all others see it, while a recipient's turn may have one of its own.
  var headersBeforeTurn = HeaderView()
  var pendingEdits: [HeaderEditOrder] = []
  /// Indexes of the records of each part's edits.
  var partRecords: [Int: [Int]] = [:]
  var scriptState = ScriptState()
  /// Some rule has asked whether, or as whom, the client has logged in.
  var wasLoginAsked = false
  /// `delay` of this run so far.
  var delaySeconds = 0
  /// Rules do nothing, they are only listed.
  let observesAll: Bool
  /// What makes the names of linked files hard to guess.
  let linkSalt: [UInt8]
  /// Names what a message leaves in the quarantine; without it the session and a number do.
  let newQuarantineID: (() -> String)?
  var messageNumber = 1
  var ruleNames: Set<String> = []
  var hitMessageCap = false
  /// Parts that a rule dropped or replaced: what is inside them is not visited.
  var coveredParts: Set<Int> = []
  /// A match ended at one of its limits: its answer is not known.
  var metMatchLimit = false
  /// Which of the values matched last.
  var matchedValue: Int?
  /// Steps of this instruction's patterns that count them.
  var stepsTaken = 0
  /// How often PCRE2 was asked, for tests.
  var patternRuns = 0
  var builtPatterns = BuiltPatterns()
  /// Why the latest action was not done.
  var actFailure: FailureClass?
  var recordCount = 0
  var recordBytes = 0
  var tracer = Tracer()
  var coverage = CoverageMarks()
  var meter = RuleMeter()
  package var fuelUsed = 0

  init(
    variableCount: Int, limits: MachineLimits, types: TypeOracle, patterns: PatternShelf,
    tables: TableStore = TableStore(),
    observesAll: Bool = false, linkSalt: [UInt8] = [],
    newQuarantineID: (() -> String)? = nil
  ) {
    self.limits = limits
    self.types = types
    self.tables = tables
    self.patterns = patterns
    self.observesAll = observesAll
    self.linkSalt = linkSalt
    self.newQuarantineID = newQuarantineID
    variables = Array(repeating: 0, count: variableCount)
    fuel = limits.fuelMax
  }

  enum Step { case next, end, wait }

  // TruthWord's two values as constants of this module: the loop would call for those of another.
  static let no: UInt64 = 0
  static let yes: UInt64 = 1

  /// Prepares a run; `resume` then runs it.
  mutating func begin(_ phase: Phase, at start: Int) {
    self.phase = phase
    pc = start
    returnCount = 0
    ruleIndex = nil
    verdict = nil
    turn = nil
    facts[.memberName] = nil
    delaySeconds = 0
    scriptState = ScriptState()
    builder.removeAll(keepingCapacity: true)
    runSpace.removeAll(keepingCapacity: true)
    registers = InlineArray<256, UInt64>(repeating: 0)
    forgetGroups()
  }

  /// Runs until the block ends, a verdict falls or an answer is missing. True when the run ended.
  mutating func resume(_ program: VerifiedProgram) throws(Trap) -> Bool {
    try loop(program, program.program.code, program.costs)
  }

  /// The arrays are lent by the caller: a span of a class's array cannot be held.
  @inline(never)
  private mutating func loop(
    _ program: VerifiedProgram, _ code: borrowing [Instruction], _ costs: borrowing [Int32]
  ) throws(Trap) -> Bool {
    let code = code.span
    let costs = costs.span
    var pc = self.pc
    var left = fuel
    defer {
      fuelUsed += fuel - left
      fuel = left
    }
    while true {
      let next = code[pc]
      left &-= Int(costs[pc])
      if left < 0 {
        left = 0
        throw .outOfFuel(limit: limits.fuelMax)
      }
      pc &+= 1
      switch next.opcode {
      case .halt:
        self.pc = pc
        return true
      case .jump: pc = Int(next.c)
      case .jumpIfTrue: if registers[Int(next.a)] == Self.yes { pc = Int(next.c) }
      case .jumpIfFalse: if registers[Int(next.a)] == Self.no { pc = Int(next.c) }
      case .settle:
        if registers[Int(next.a)] > Self.yes {
          if settle(registers[Int(next.a)], program, next.b) { return true }
          pc = Int(next.c)
        }
      case .answer: registers[Int(next.a)] = TruthWord.answered(registers[Int(next.a)], by: next.c)
      case .call:
        returns[returnCount] = UInt32(truncatingIfNeeded: pc)
        returnCount &+= 1
        pc = Int(program.program.blocks[Int(next.c)].start)
      case .return:
        returnCount &-= 1
        pc = Int(returns[returnCount])
      case .loopBegin: if !beginLoop(next, program) { pc = Int(next.c) }
      case .loopNext: if advanceLoop(Int(next.a), program) { pc = Int(next.c) }
      case .truthConstant: registers[Int(next.a)] = UInt64(next.c)
      case .truthCopy: registers[Int(next.a)] = registers[Int(next.b)]
      case .truthNot:
        let value = registers[Int(next.b)]
        registers[Int(next.a)] = value > Self.yes ? value : 1 &- value
      case .truthAnd:
        registers[Int(next.a)] = Self.and(registers[Int(next.b)], registers[Int(next.c)])
      case .truthOr:
        registers[Int(next.a)] = Self.or(registers[Int(next.b)], registers[Int(next.c)])
      case .numberConstant:
        registers[Int(next.a)] = UInt64(bitPattern: program.program.numbers[Int(next.c)])
      case .over:
        registers[Int(next.a)] =
          Int64(bitPattern: registers[Int(next.b)]) > Int64(bitPattern: registers[Int(next.c)])
          ? 1 : 0
      case .under:
        registers[Int(next.a)] =
          Int64(bitPattern: registers[Int(next.b)]) < Int64(bitPattern: registers[Int(next.c)])
          ? 1 : 0
      case .equal:
        registers[Int(next.a)] = registers[Int(next.b)] == registers[Int(next.c)] ? 1 : 0
      case .textGroup: registers[Int(next.a)] = groups[Int(next.c)]
      case .rule:
        ruleIndex = next.c
        if hasGroups { forgetGroups() }
        if coverage.isOn || meter.takesTime { noteRule(next.c) }
        if turn != nil { leaveTurns(program) }
      case .group:
        ruleIndex = nil
        if hasGroups { forgetGroups() }
        if turn != nil { leaveTurns(program) }
        if meter.takesTime { leaveRule() }
        if tracer.isOn { traceGroup(next.c, program) }
      default:
        fuelUsed += fuel - left
        fuel = left
        let step: Step
        do throws(Trap) {
          step = try perform(next, program)
        } catch {
          // What was done before the trap stays paid for.
          left = fuel
          throw error
        }
        left = fuel
        switch step {
        case .next: break
        case .end: return true
        case .wait:
          // The same instruction is run again when its answers are there.
          self.pc = pc &- 1
          return false
        }
      }
    }
  }

  /// Whether the run that ended has come to the end of its block: the next one begins there.
  func isAtEnd(_ program: borrowing VerifiedProgram) -> Bool {
    pc == program.program.code.count || program.program.blocks.contains { Int($0.start) == pc }
  }

  /// False if either is false, else error if either is one (LANGUAGE.md §8).
  @inline(__always)
  private static func and(_ left: UInt64, _ right: UInt64) -> UInt64 {
    left == 0 || right == 0 ? 0 : left > 1 ? left : right
  }

  @inline(__always)
  private static func or(_ left: UInt64, _ right: UInt64) -> UInt64 {
    left == 1 || right == 1 ? 1 : left > 1 ? left : right
  }

  /// Pays for work before it is done; what cannot be paid takes all that is left.
  mutating func charge(_ cost: Int) throws(Trap) {
    let paid = min(cost, fuel)
    fuel -= paid
    fuelUsed += paid
    if paid < cost { throw .outOfFuel(limit: limits.fuelMax) }
  }
}
