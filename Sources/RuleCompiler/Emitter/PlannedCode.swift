// The code of most tests and actions: a query, a check or an action with its texts. A command's
// file says what to ask or do; this says how it becomes instructions.

import RuleBytecode

/// A test that asks one question of the session or the message.
struct Query: TestCode {
  let source: QuerySource
  var detail: UInt8 = 0
  var flags: QueryFlags = []
  /// The loop whose part or recipient is meant.
  var loop: Int?
  /// Constant names, as of header fields.
  var names: [String] = []
  /// Values, or names that are known at run time only.
  var texts: [TextValue] = []
  var index: UInt32 = 0
  var plan: MatchPlan?
  var word: String?

  init(_ source: QuerySource, plan: MatchPlan? = nil) {
    self.source = source
    self.plan = plan
  }

  func emit(into target: Register, _ out: inout BlockEmitter) {
    let (first, count) = out.run(of: texts)
    let query = QuerySpec(
      source, detail: detail, flags: flags, loop: out.operand(ofLoop: loop),
      firstText: first, textCount: count, index: index,
      names: names.isEmpty ? 0 : out.pool.names(names) + 1,
      spec: plan.map { out.spec($0) + 1 } ?? 0, word: word.map { out.pool.string($0) + 1 } ?? 0)
    out.emit(.query, a: target, c: out.pool.query(query))
  }
}

/// A test that asks something outside.
struct OutsideCheck: TestCode {
  let kind: CheckKind
  var aspect: UInt8 = 0
  var constants: [String] = []
  var texts: [TextValue] = []
  var timeoutMilliseconds: UInt32
  var plan: MatchPlan?
  /// The variable that takes the answer's value.
  var variable: VariableReference?
  var loop: Int?
  /// What the call itself says about a failure.
  var answer: FailureAnswer?

  init(_ kind: CheckKind) {
    self.kind = kind
    timeoutMilliseconds = kind.defaultTimeoutMilliseconds
  }

  func emit(into target: Register, _ out: inout BlockEmitter) {
    let (first, count) = out.run(of: texts)
    let check = CheckSpec(
      kind: kind, aspect: aspect, arguments: out.pool.set(.ordered, constants), firstText: first,
      textCount: count, timeoutMilliseconds: timeoutMilliseconds,
      spec: plan.map { out.spec($0) + 1 } ?? 0,
      variable: variable.map { out.pool.variable($0) + 1 } ?? 0,
      loop: out.operand(ofLoop: loop))
    out.emit(.check, a: target, c: out.pool.check(check))
    guard let answer else { return }
    // The call itself answers whatever keeps it from being answered.
    var policy = FailurePolicy()
    for failure in FailureClass.allCases { policy[failure] = answer }
    out.emit(.answer, a: target, c: out.pool.policy(policy))
  }
}

/// An action with its texts, by the names of its parameters (`Action.parameters`).
struct PlannedAction: ActionCode {
  let action: Action
  var flags: ActionFlags = []
  var loop: Int?
  /// `:index` or `:at`; 0 when not given.
  var index: UInt32 = 0
  /// Which values are meant.
  var plan: MatchPlan?
  /// For an action that can come out as an error: what is answered.
  var policy: FailurePolicy?
  /// For one that is carried out at the end of the message: what is answered when that fails.
  var errandPolicy: FailurePolicy?
  private(set) var texts: [(parameter: String, values: [TextValue])] = []

  init(_ action: Action) { self.action = action }

  /// Gives a parameter its text.
  mutating func set(_ parameter: String, _ values: TextValue...) { set(parameter, values) }

  /// Gives the last parameter of a variadic action its texts.
  mutating func set(_ parameter: String, _ values: [TextValue]) {
    precondition(action.parameters.contains(parameter), "\(action.name) has no \(parameter)")
    texts.append((parameter, values))
  }

  func emit(_ out: inout BlockEmitter) {
    if out.isTestSuite, isReportedToSuite {
      suiteQuestion.emit(&out)
      return
    }
    var values: [TextValue] = []
    var present: UInt16 = 0
    for (place, parameter) in action.parameters.enumerated() {
      guard let given = texts.last(where: { $0.parameter == parameter }) else { continue }
      present |= 1 << place
      values += given.values
    }
    let (first, count) = out.run(of: values)
    let answers = errandPolicy.map { Int(out.pool.policy($0)) + 1 } ?? 0
    if answers > Int(UInt16.max) { out.noteOverflow() }
    let spec = ActionSpec(
      action, flags: flags, loop: out.operand(ofLoop: loop), firstText: first,
      textCount: count, present: present, index: index,
      spec: plan.map { out.spec($0) + 1 } ?? 0,
      policy: UInt16(clamping: answers))
    out.emit(.act, c: out.pool.action(spec))
    guard let policy, let leave = out.leave else { return }
    let failure = out.truth()
    out.emit(.actFailure, a: failure)
    out.jump(.settle, a: failure, b: Int(out.pool.policy(policy)), to: leave)
  }
}

extension BlockEmitter {
  /// Leaves texts in neighbouring registers; call it in `scratch`.
  mutating func run(of values: [TextValue]) -> (first: UInt8, count: UInt8) {
    let registers = values.map { text($0) }
    guard let first = registers.first, overflow == nil else { return (0, 0) }
    return (first, UInt8(registers.count))
  }
}
