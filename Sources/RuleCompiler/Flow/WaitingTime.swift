// How long the checks of a policy can wait one after the other, should all who are asked be silent:
// the time-outs on the longest path of each phase. Reads the program, so that what is counted is
// what the machine asks; jumps lead forward but for loops, whose turns are taken once.
//
// Checks that begin early wait side by side (`EarlyCheck`): they count as the longest of them. A
// question that was asked on the path before is answered from memory, and counts once.

import RuleBytecode

struct WaitingTime {
  /// A question on a path.
  fileprivate struct Step {
    let question: WaitQuestion
    let milliseconds: Int
    let name: String
    let rule: Int?
    /// Into `steps`; nil for the first of its path.
    let previous: Int?
  }

  /// A path from the start of a block: how long it waits, and its last step.
  fileprivate struct Path {
    var milliseconds = 0
    var last: Int?
  }

  private let program: Program
  private let early: [EarlyCheck]
  /// What a check asks, wherever it stands, and how it is called.
  private let questions: WaitQuestions
  private var steps: [Step] = []
  /// Of each function, as the checks that are begun early leave it.
  private var functions: [Int: [Step]] = [:]
  private var begunEarly: Set<WaitQuestion> = []

  /// Longer sums are not told apart, which bounds a path's steps.
  private static let millisecondsMax = 3_600_000
  private static let shownMax = 3

  private init(_ program: Program) {
    self.program = program
    early = program.earlyChecks
    questions = WaitQuestions(program)
  }

  /// One warning for each answer of the mail server that may come too late, at the rule with the
  /// largest share.
  static func check(
    _ program: Program, _ ruleRanges: [SourceRange], _ diagnostics: inout Diagnostics
  ) {
    let patience = MTAPatience(program)
    var waiting = WaitingTime(program)
    let commands: [Phase] = [.connect, .helo, .mail, .rcpt, .data, .headers]
    for phase in commands {
      let problem = waiting.problem([phase], patience.commandSeconds, "command")
      if let problem { diagnostics.report(problem.0, at: ruleRanges[problem.rule]) }
    }
    let problem = waiting.problem([.message, .part, .eom], patience.endSeconds, "end")
    if let problem { diagnostics.report(problem.0, at: ruleRanges[problem.rule]) }
  }

  /// Phases whose runs follow each other before one answer.
  private mutating func problem(
    _ phases: [Phase], _ allowed: Int, _ tag: String
  ) -> (Problem, rule: Int)? {
    let entries = program.phases.filter { phases.contains($0.phase) }
    var path = Path()
    for entry in entries {
      begunEarly = Set(
        early.filter { $0.asked <= entry.phase }.map {
          questions.question(of: program.checks[Int($0.check)], at: -1)
        })
      functions = [:]
      path = longest(Int(entry.block), from: path)
    }
    var found = steps(of: path)
    // The one that waits longest stands for all that wait beside it.
    let beside = early.filter { phases.contains($0.asked) }.map { program.checks[Int($0.check)] }
    if let longest = beside.max(by: { $0.timeoutMilliseconds < $1.timeoutMilliseconds }) {
      let step = Step(
        question: .place(-1), milliseconds: Int(longest.timeoutMilliseconds),
        name: questions.name(of: longest), rule: rule(asking: longest), previous: nil)
      found.append(step)
    }
    let seconds = found.reduce(0) { $0 + $1.milliseconds } / 1_000
    guard seconds > allowed else { return nil }
    let largest = found.sorted { $0.milliseconds > $1.milliseconds }
    guard let rule = largest.lazy.compactMap(\.rule).first else { return nil }
    let names = entries.map(\.phase.name)
    let problem = FlowProblem.waitTooLong(
      phase: names.count == 1 ? "phase " + names[0] : "the phases " + listed(names),
      seconds: seconds, allowed: allowed,
      mostly: largest.prefix(Self.shownMax).map { "\($0.name) \($0.milliseconds / 1_000) s" },
      tag: tag)
    return (.flow(problem), rule)
  }

  /// The first rule that asks it.
  private func rule(asking check: CheckSpec) -> Int? {
    var rule: Int?
    for instruction in program.code {
      if instruction.opcode == .rule { rule = Int(instruction.c) }
      if instruction.opcode == .check, program.checks[Int(instruction.c)] == check { return rule }
    }
    return nil
  }

  // MARK: Paths

  private func steps(of path: Path) -> [Step] {
    var found: [Step] = []
    var next = path.last
    while let index = next {
      found.append(steps[index])
      next = steps[index].previous
    }
    return found.reversed()
  }

  private func holds(_ question: WaitQuestion, _ path: Path) -> Bool {
    var next = path.last
    while let index = next {
      if steps[index].question == question { return true }
      next = steps[index].previous
    }
    return false
  }

  private mutating func add(_ step: Step, to path: inout Path) {
    guard step.milliseconds > 0, path.milliseconds < Self.millisecondsMax,
      !holds(step.question, path)
    else { return }
    steps.append(
      Step(
        question: step.question, milliseconds: step.milliseconds, name: step.name,
        rule: step.rule, previous: path.last))
    path.milliseconds += step.milliseconds
    path.last = steps.count - 1
  }

  /// The longest path through a block. Recursion follows calls, which lead to blocks before this
  /// one and whose depth the verifier bounds.
  private mutating func longest(_ block: Int, from start: Path) -> Path {
    let first = Int(program.blocks[block].start)
    let next = block + 1
    let end = next < program.blocks.count ? Int(program.blocks[next].start) : program.code.count
    var arriving: [Int: Path] = [:]
    var now: Path? = start
    var best = start
    var rule: Int?
    var loops = 0
    /// What can have failed since the last condition was settled; nil for anything.
    var classes: Set<FailureClass>? = []
    func longer(_ one: Path?, _ other: Path?) -> Path? {
      guard let one else { return other }
      guard let other else { return one }
      return other.milliseconds > one.milliseconds ? other : one
    }
    for pc in first..<end {
      now = longer(now, arriving.removeValue(forKey: pc))
      let instruction = program.code[pc]
      if instruction.opcode == .rule { rule = Int(instruction.c) }
      note(instruction, &classes)
      let isLeft = instruction.opcode != .settle || leaves(instruction, classes)
      if instruction.opcode == .settle { classes = [] }
      guard var path = now else { continue }
      if instruction.opcode == .call {
        for step in function(Int(instruction.c)) {
          add(Self.step(step, ruledBy: rule), to: &path)
        }
      } else if let step = step(pc, instruction, rule) {
        add(step, to: &path)
      }
      now = path
      best = longer(best, path) ?? path
      switch instruction.opcode {
      case .jump:
        arriving[Int(instruction.c)] = longer(arriving[Int(instruction.c)], path)
        now = nil
      case .jumpIfTrue, .jumpIfFalse, .settle, .loopBegin:
        guard isLeft else { break }
        arriving[Int(instruction.c)] = longer(arriving[Int(instruction.c)], path)
        if instruction.opcode == .loopBegin { loops += 1 }
      case .loopNext: loops -= 1
      case .halt, .stop, .return: now = nil
      case .verdict where loops == 0 && isEnforced(rule): now = nil
      default: break
      }
    }
    return best
  }

  private func note(_ instruction: Instruction, _ classes: inout Set<FailureClass>?) {
    switch instruction.opcode {
    case .check: classes?.insert(program.checks[Int(instruction.c)].kind.failure)
    case .query: classes?.insert(.table)
    // What a definition asks, and what a call's own answer says, is not followed.
    case .call, .answer: classes = nil
    default: break
    }
  }

  /// A condition that fails may leave its rule, and the run go on: `"continue"`, or a disposition.
  private func leaves(_ settle: Instruction, _ classes: Set<FailureClass>?) -> Bool {
    let policy = program.policies[Int(settle.b)]
    let possible = classes.map(Array.init) ?? []
    return (possible.isEmpty ? FailureClass.allCases : possible).contains {
      policy[$0] == .continue || policy[$0] == .quarantine
    }
  }

  private func isEnforced(_ rule: Int?) -> Bool {
    rule.map { program.rules[$0].mode == .enforce } ?? false
  }

  private static func step(_ step: Step, ruledBy rule: Int?) -> Step {
    Step(
      question: step.question, milliseconds: step.milliseconds, name: step.name,
      rule: step.rule ?? rule, previous: nil)
  }

  private mutating func function(_ block: Int) -> [Step] {
    if let known = functions[block] { return known }
    let path = longest(block, from: Path())
    let found = steps(of: path)
    functions[block] = found
    return found
  }

  private func step(_ pc: Int, _ instruction: Instruction, _ rule: Int?) -> Step? {
    switch instruction.opcode {
    case .check:
      let check = program.checks[Int(instruction.c)]
      let question = questions.question(of: check, at: pc)
      guard !begunEarly.contains(question),
        let milliseconds = questions.milliseconds(of: check)
      else { return nil }
      return Step(
        question: question, milliseconds: milliseconds,
        name: questions.name(of: check), rule: rule, previous: nil)
    case .query:
      guard let table = questions.slowestTable(of: program.queries[Int(instruction.c)]) else {
        return nil
      }
      return Step(
        question: .place(pc), milliseconds: Int(table.timeoutMilliseconds),
        name: "table \(quoted(program.string(table.name)))", rule: rule, previous: nil)
    default: return nil
    }
  }
}
