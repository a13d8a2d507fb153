// One message through the rules, with the checks of the world: what the mail server is answered.
import MailLab
import RuleBytecode
import RuleVM

@testable import LiveChecks

struct FailurePlay {
  let subject: FailureSubject
  let fault: FailureFault
  let answer: FailureAnswer

  func verdict() async throws -> String {
    let service = try await subject.serve(fault)
    defer { service.stop() }
    var settings = LiveServices.Settings(stateDirectory: service.stateDirectory)
    settings.nameServers = service.nameServers
    settings.sharedMemory = try service.sharedMemory.map { try RedisMemorySettings($0) }
    let services = LiveServices(settings)
    defer { services.stop() }
    let policy = LoadedPolicy(try VerifiedProgram(image: try program(service).image()))
    let desk: LiveDesk
    do throws(LiveFailure) {
      desk = try LiveDesk.make(for: policy.program.program, services, suffixes: DNSChecks.suffixes)
    } catch {
      return Self.refused
    }
    try service.ready()
    if fault == .restarted {
      _ = try await play(policy, desk)
      try await service.restart()
    }
    return try await play(policy, desk)
  }

  private func program(_ service: FailureService) throws -> Program {
    let words = service.words.merging(["timeout": "\(fault.timeoutSeconds)"]) { own, _ in own }
    let source = """
      require ["defang", "duplicate", "envelope", "variables"];
      on_error :\(subject.failure) "\(answer.name)" :limit "tempfail";
      \(subject.declarations)
      phase \(subject.phase) {
        rule "r" { if \(subject.test) { reject :code "554" :enhanced "5.7.1" "the rule"; } }
      }
      """
    return try PolicyText.program(
      words.reduce(source) { $0.replacing("{\($1.key)}", with: $1.value) })
  }

  private static let types = TypeOracle()

  /// What the daemon says of a policy that it cannot serve.
  static let refused = "the policy is not taken"

  /// - Returns: the fate, with the reply where there is one.
  private func play(_ policy: LoadedPolicy, _ desk: LiveDesk) async throws -> String {
    let session = PolicySession(
      policy: policy, sessionID: "S1", types: Self.types, now: { 1_800_000_000 })
    session.set(.clientIP, "192.0.2.7".utf8)
    var verdict = try await decided(session.connect(), session, desk)
    let events: [(PolicySession) -> RunResult] = [
      { $0.helo(Array("client.example.org".utf8)) },
      { $0.mail(Array("<ann@example.org>".utf8)) },
      { $0.recipient(Array("<bob@example.net>".utf8)) },
      { $0.endOfMessage(subject.mail) },
    ]
    for event in events where verdict == nil || verdict?.kind == .accept {
      verdict = try await decided(event(session), session, desk)
    }
    let outcome = session.outcome(verdict)
    let words = outcome.reply.map { " \($0.code) \($0.enhanced)" } ?? ""
    let isRule = outcome.cause == .rule ? " by the rule" : ""
    return outcome.fate.rawValue + words + isRule
  }

  private func decided(
    _ result: RunResult, _ session: PolicySession, _ desk: LiveDesk
  ) async throws -> Verdict? {
    var result = result
    while case .waiting(let requests) = result {
      var next: RunResult?
      for request in requests {
        let answer = await withCheckedContinuation { continuation in
          let call = desk.start(request) { continuation.resume(returning: $0) }
          if call == nil { continuation.resume(returning: .failed(.internal, reason: "no desk")) }
        }
        next = session.answer(request.id, answer) ?? next
      }
      guard let next else { throw LabError("the rules wait for nothing") }
      result = next
    }
    guard case .decided(let verdict) = result else { return nil }
    return verdict
  }
}
