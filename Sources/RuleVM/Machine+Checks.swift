// Outside checks: an answer that is there is read, one that is not suspends the run.
internal import RuleBytecode

extension Machine {
  mutating func check(
    _ register: Int, _ index: UInt32, _ program: borrowing VerifiedProgram
  ) throws(Trap) -> Step {
    let spec = program.program.checks[Int(index)]
    switch spec.kind {
    case .dnsbl: return try dnsbl(register, spec, program)
    default: throw .misplaced("check \(spec.kind.name)")
    }
  }

  /// True when one zone lists the client; an error when none does and one could not be asked.
  private mutating func dnsbl(
    _ register: Int, _ spec: CheckSpec, _ program: borrowing VerifiedProgram
  ) throws(Trap) -> Step {
    guard let address = facts[.clientIP] else {
      registers[register] = TruthWord.no
      return .next
    }
    let client = String(decoding: bytes(of: address, program), as: UTF8.self)
    var failed = false
    var isWaiting = false
    requests = []
    for zone in program.program.words(ofSet: spec.arguments) {
      switch answers.answer(.dnsbl, [zone, client]) {
      case .values(let codes) where !codes.isEmpty:
        try listed(by: zone, codes)
        registers[register] = TruthWord.yes
        return .next
      case .values, .fields, .truth: break
      case .failed: failed = true
      case nil:
        isWaiting = true
        try ask(spec, zone, [zone, client])
      }
    }
    guard !isWaiting else { return .wait }
    registers[register] = failed ? TruthWord.failure(.dns) : TruthWord.no
    return .next
  }

  private mutating func ask(
    _ spec: CheckSpec, _ name: String, _ arguments: [String]
  ) throws(Trap) {
    guard !answers.isPending(spec.kind, arguments) else { return }
    guard answers.askedCount < limits.checksMax else {
      throw .tooManyChecks(limit: limits.checksMax)
    }
    tracer.add(.waiting("\(spec.kind.name) \(name)"), limit: limits.traceEventsMax)
    requests.append(
      answers.ask(
        spec.kind, name: name, arguments,
        timeoutMilliseconds: Int(spec.timeoutMilliseconds)))
  }

  private mutating func listed(by zone: String, _ codes: [String]) throws(Trap) {
    tracer.saw(ArraySlice("\(zone) \(codes.joined(separator: ","))".utf8))
    facts[.dnsblZone] = try keepForSession(zone.utf8)
    facts[.dnsblCode] = try keepForSession(codes[0].utf8)
  }

}
