// The worst case of a program: each instruction once for every time it can run, with the most that
// its operands can bring. One pass over the code; loops multiply, called blocks are counted where
// they are called. The machine's fuel is charged by the same numbers, so what it measures on any
// message stays below this.

package struct CostEstimate {
  let program: Program
  private let costs: [Int32]
  let longestEntries: [Int]
  let caps: InputCaps
  private let variables: [TextBound]
  private let takers: MatchTakers
  private var functions: [FunctionKey: [Share]] = [:]

  private struct FunctionKey: Hashable {
    let block: Int
    let phase: Phase
    let occasion: Occasion
  }

  /// Fuel of one instruction, and what is shared.
  private struct Share {
    var term: CostTerm
    var shared: Set<SharedWork> = []
  }

  /// The worst case of a verified program.
  package static func estimate(
    _ verified: VerifiedProgram, caps: InputCaps = InputCaps()
  ) -> PolicyCost {
    var estimate = CostEstimate(verified, caps)
    return estimate.policy()
  }

  private init(_ verified: VerifiedProgram, _ caps: InputCaps) {
    program = verified.program
    costs = verified.costs
    longestEntries = verified.longestEntries
    self.caps = caps.lowered(by: verified.program.declaredLimits)
    variables = TextBounds.variables(of: verified.program, self.caps)
    takers = MatchTakers(verified.program, self.caps)
  }

  private mutating func policy() -> PolicyCost {
    var result = PolicyCost()
    var shared: Set<SharedWork> = []
    for phase in Phase.allCases {
      guard let entry = program.phases.first(where: { $0.phase == phase }) else { continue }
      result.phases.append(cost(of: phase, block: Int(entry.block), &shared))
    }
    for timer in program.timers {
      result.jobs += cost(of: .connect, block: Int(timer.block), &shared).rules
    }
    return result
  }

  /// How often a phase runs for one message.
  private func occasion(of phase: Phase) -> Occasion {
    switch phase {
    case .rcpt:
      Occasion(times: caps.recipients, timesOfPart: caps.recipients, isOfRecipients: true)
    case .part: Occasion(times: caps.parts, isPerPart: true)
    default: Occasion(times: 1)
    }
  }

  private mutating func cost(
    of phase: Phase, block: Int, _ known: inout Set<SharedWork>
  ) -> PhaseCost {
    let occasion = occasion(of: phase)
    var result = PhaseCost(phase: phase, runs: occasion.times)
    var rule: UInt32?
    var current: [Share] = []
    var needed: Set<SharedWork> = []
    func close() {
      guard !current.isEmpty else { return }
      result.rules.append(Self.rule(rule, current))
      for share in current { needed.formUnion(share.shared) }
      current = []
    }
    walk(block, phase, occasion) { instruction, shares in
      if instruction.opcode == .rule || instruction.opcode == .group {
        close()
        rule = instruction.opcode == .rule ? instruction.c : nil
      }
      current += shares
    }
    close()
    for work in SharedWork.allCases where needed.contains(work) && !known.contains(work) {
      result.shared.append(CostTerm(fuel: work.fuel(caps), what: work.meaning, place: nil))
      known.insert(work)
    }
    return result
  }

  private static func rule(_ index: UInt32?, _ shares: [Share]) -> RuleCost {
    var result = RuleCost(rule: index)
    var small = 0
    for share in shares {
      result.fuel = Int.cost(result.fuel, plus: share.term.fuel)
      if share.term.what.isEmpty {
        small = Int.cost(small, plus: share.term.fuel)
      } else {
        result.terms.append(share.term)
      }
    }
    result.terms.append(CostTerm(fuel: small, what: "instructions", place: nil))
    result.terms.sort { $0.fuel > $1.fuel }
    return result
  }

  /// Goes through a block; loops multiply what is inside them.
  private mutating func walk(
    _ block: Int, _ phase: Phase, _ occasion: Occasion, _ each: (Instruction, [Share]) -> Void
  ) {
    let start = Int(program.blocks[block].start)
    let end =
      block + 1 < program.blocks.count
      ? Int(program.blocks[block + 1].start) : program.code.count
    var loops: [(slot: UInt8, occasion: Occasion)] = []
    var bounds = TextBounds(program, caps, variables: variables, takers: takers, block: block)
    for pc in start..<end {
      let instruction = program.code[pc]
      let now = loops.last?.occasion ?? occasion
      bounds.arrive(at: pc)
      defer { bounds.pass(instruction, at: pc, end: end) }
      switch instruction.opcode {
      case .loopBegin:
        each(instruction, [fixed(pc, now)])
        loops.append((instruction.a, inner(LoopKind(code: Int(instruction.b)), now)))
      case .loopNext:
        each(instruction, [fixed(pc, now)])
        loops.removeLast()
      case .call: each(instruction, [fixed(pc, now)] + function(Int(instruction.c), phase, now))
      default: each(instruction, [share(pc, phase, bounds, now)])
      }
    }
  }

  /// Parts inside others are visited once for each part around them.
  private func inner(_ kind: LoopKind?, _ outer: Occasion) -> Occasion {
    switch kind {
    case .recipients:
      let times = Int.cost(outer.times, times: caps.recipients)
      return Occasion(times: times, timesOfPart: times, isOfRecipients: true)
    case .parts(nil):
      return Occasion(
        times: Int.cost(outer.times, times: caps.parts), isPerPart: outer.times == 1,
        timesOfPart: outer.times, isOfRecipients: outer.isOfRecipients)
    default:
      // One of at most `depth` parts around it, or two of them, or three: binomials.
      let level = outer.level + 1
      let inside = max(1, caps.depth - level + 1)
      return Occasion(
        times: Int.cost(outer.times, times: inside) / level,
        timesOfPart: max(1, Int.cost(outer.timesOfPart, times: inside) / level), level: level,
        isOfRecipients: outer.isOfRecipients)
    }
  }

  private mutating func function(
    _ block: Int, _ phase: Phase, _ occasion: Occasion
  ) -> [Share] {
    let key = FunctionKey(block: block, phase: phase, occasion: occasion)
    if let known = functions[key] { return known }
    var shares: [Share] = []
    var small = CostTerm(fuel: 0, what: "", place: nil)
    walk(block, phase, occasion) { _, more in
      for share in more {
        if share.term.what.isEmpty, share.shared.isEmpty {
          small = CostTerm(
            fuel: Int.cost(small.fuel, plus: share.term.fuel), what: "", place: nil)
        } else {
          shares.append(share)
        }
      }
    }
    shares.append(Share(term: small))
    functions[key] = shares
    return shares
  }

  // MARK: Instructions

  private func fixed(_ pc: Int, _ occasion: Occasion) -> Share {
    let fuel = Int.cost(Int(costs[pc]), times: occasion.times)
    return Share(term: CostTerm(fuel: fuel, what: "", place: nil))
  }

  private func share(
    _ pc: Int, _ phase: Phase, _ bounds: TextBounds, _ occasion: Occasion
  ) -> Share {
    let instruction = program.code[pc]
    var share = fixed(pc, occasion)
    let work: (fuel: Int, what: String)
    switch instruction.opcode {
    case .query:
      let query = program.queries[Int(instruction.c)]
      let names = query.names == 0 ? 0 : Int(program.sets[Int(query.names) - 1].count)
      var measure = query.measure(caps, bounds, in: phase, namesCount: names)
      if query.source == .direction {
        measure.work += directionWork(isOfOne: query.loop > 0 || phase == .rcpt)
      }
      share.shared = measure.shared.union(contentWork(of: query, in: phase))
      if asksForArchives(query) { share.shared.formUnion(Self.archiveReading) }
      work = self.work(of: query, measure, bounds, occasion)
    case .check where program.checks[Int(instruction.c)].kind == .table:
      let check = program.checks[Int(instruction.c)]
      work = (lookup(check, occasion), "lookup")
    case .check:
      let check = program.checks[Int(instruction.c)]
      let isOfContent = isOfContent(check, in: phase)
      if isOfContent { share.shared = [.bodyDecoding] }
      var fuel = self.work(of: check, Int(costs[pc]), bounds, occasion)
      // Each part is handed over once.
      if isOfContent {
        fuel = Int.cost(fuel, plus: caps.contentBytes / ByteCost.handedBytes + caps.parts)
      }
      work = (fuel, "check \(check.kind.name)")
    case .act:
      let action = program.actions[Int(instruction.c)]
      share.shared = sharedWork(of: action)
      work = (self.work(of: action, bounds, occasion), action.action.name)
    case .partSize:
      share.shared = [.bodyDecoding]
      return share
    case .textModify:
      let bytes = bounds[Int(instruction.b)].bytes(in: occasion)
      let made = bounds.modified(from: instruction.b).bytes(in: occasion)
      work = (Int.cost(Int.cost(bytes, times: ByteCost.modifyPerByte), plus: made), "set")
    default:
      var bound: TextBound
      (bound, share.shared) = texts(of: instruction, bounds)
      if isDirection(instruction) {
        bound.each += directionWork(isOfOne: instruction.b > 0 || phase == .rcpt)
      }
      work = (Int.cost(bound.bytes(in: occasion), times: 2), instruction.opcode.shape.name)
    }
    if work.fuel == 0 { return share }
    let fuel = Int.cost(share.term.fuel, plus: work.fuel)
    share.term = CostTerm(fuel: fuel, what: work.what, place: program.place(of: pc))
    return share
  }

  /// The bytes that an instruction moves.
  private func texts(
    of instruction: Instruction, _ bounds: TextBounds
  ) -> (TextBound, Set<SharedWork>) {
    switch instruction.opcode {
    case .textAdd, .textStore, .log, .verdict: return (bounds[Int(instruction.a)], [])
    case .numberParse: return (bounds[Int(instruction.c)], [])
    case .textEnd: return (bounds.built, [])
    case .textFact, .factPresent, .numberFact:
      let fact = Fact(rawValue: UInt8(truncatingIfNeeded: instruction.c))
      var bound = bounds.bound(of: fact)
      if fact == .fromOrgDomain { bound.each += ByteCost.suffixSearch }
      guard fact == .messageSize, editsHeader else { return (bound, sharedWork(of: fact)) }
      // The edited header is measured anew.
      let work = caps.fields * ByteCost.fieldVisit + caps.headerBytes * ByteCost.decodeHeaderPerByte
      return (bound.plus(TextBound(each: work)), [])
    case .textNamedFact, .namedFactPresent: return (bounds.bound(ofFamily: instruction), [])
    case .textPart: return (bounds.extracted(by: instruction), [.textDecoding])
    default: return (TextBound(), [])
    }
  }

  private var editsHeader: Bool {
    program.actions.contains { $0.action.editsHeader }
  }

  private func sharedWork(of fact: Fact?) -> Set<SharedWork> {
    switch fact {
    case .subject, .messageID, .fromAddress, .fromDomain, .fromDisplay, .fromCount,
      .fromOrgDomain:
      [.headerDecoding]
    case .partSniffed, .partKind: [.partNames, .bodyDecoding, .typeSniffing]
    case .partSHA256: [.partNames, .bodyDecoding, .contentDigests]
    case .partSize: [.partNames, .bodyDecoding]
    case .partPath, .partName, .partExtension, .partDeclared, .partCharset, .partEncoding,
      .partDisposition, .partDepth, .partReading:
      [.partNames]
    default: []
    }
  }

  /// What an action reads of the message.
  private func sharedWork(of action: ActionSpec) -> Set<SharedWork> {
    switch action.action {
    case .setheader, .deleteheader: [.headerDecoding]
    case .replaceWithLink: [.bodyDecoding, .contentDigests, .partNames]
    default: []
    }
  }

  private func work(of action: ActionSpec, _ bounds: TextBounds, _ occasion: Occasion) -> Int {
    var fuel = Int.cost(
      bounds.sum(action.firstText, action.textCount).bytes(in: occasion), times: 2)
    switch action.action {
    case .addheader, .insertheader, .setheader, .deleteheader:
      var each = caps.fields * ByteCost.fieldVisit
      if action.spec > 0 {
        let measure = QueryMeasure(values: caps.fields, bytes: caps.headerBytes)
        let spec = program.specs[Int(action.spec) - 1]
        each = Int.cost(each, plus: match(spec, measure, bounds))
        let keys = builtKeys(spec, bounds)
        let all = Int.cost(keys.each, plus: keys.ofParts)
        each = Int.cost(each, plus: Int.cost(all, times: caps.fields))
      }
      fuel = Int.cost(fuel, plus: Int.cost(each, times: occasion.times))
    case .applyScanHeaders:
      let each = ScanHeaderCaps.countMax * caps.fields * ByteCost.fieldVisit
      let all = Int.cost(each, plus: ScanHeaderCaps.bytesMax)
      fuel = Int.cost(fuel, plus: Int.cost(all, times: occasion.times))
    default: break
    }
    return fuel
  }
}
