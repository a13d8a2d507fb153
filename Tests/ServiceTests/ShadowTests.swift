// A second policy beside the live one: what the live one was told it is told too, of the same
// message and no other; what it asks besides is asked dry; and nothing that it decides is done.
import LiveChecks
import Logging
import Logs
import MailLab
import MilterBridge
import MilterWire
import RuleBytecode
import RuleCompiler
import RuleVM
import Synchronization
import Testing

@testable import Service

@Suite struct ShadowTests {
  /// Everybody outside: notes what is asked, and answers nothing.
  private final class World: CheckService {
    private let heard = Mutex<[CheckRequest]>([])
    var asked: [CheckRequest] { heard.withLock { $0 } }

    func start(
      _ request: CheckRequest, completion: @escaping @Sendable (CheckAnswer) -> Void
    ) -> (any StartedCheck)? {
      heard.withLock { $0.append(request) }
      completion(.failed(request.kind.failure, reason: "nobody answers"))
      return nil
    }
  }

  /// One session of the live policy that the shadow sees.
  private final class Site {
    let world = World()
    let desk: ShadowDesk
    private let evaluation: ShadowedEvaluation

    init(live: String, shadow: String, _ limits: ShadowDesk.Limits = ShadowDesk.Limits()) throws {
      let services = LiveServices(LiveServices.Settings(stateDirectory: "/nonexistent"))
      defer { services.stop() }
      let other = try Self.policy(shadow)
      let served = ServedPolicy(
        policy: other, desk: try LiveDesk.tables(of: other.program.program, services), keys: .none)
      desk = ShadowDesk(
        served, share: try #require(ShadowShare("1/1")), checks: world, limits: limits
      ) { [:] }
      let policy = try Self.policy(live)
      var quiet = LogDesk.Settings()
      quiet.level = .critical
      let watch = MailWatch(LogDesk(quiet), trace: TraceSelection(), book: nil)
      let witness = FateWitness(watch.observer(of: policy))
      let evaluator = PolicyEvaluator(
        policy: policy, needs: ProgramNeeds(policy.program.program), sessionID: "S-1",
        types: TypeOracle(), limits: MachineLimits(), observer: witness, now: { 0 })
      evaluation = ShadowedEvaluation(evaluator, witness, desk, sessionID: "S-1")
    }

    private static func policy(_ text: String) throws -> LoadedPolicy {
      var sources = SourceSet()
      _ = sources.add(SourceFile(name: "test.rules", bytes: Array(text.utf8)))
      let check = Compiler.compile(sources)
      return LoadedPolicy(try VerifiedProgram(try #require(check.program, "\(check.diagnostics)")))
    }

    func connect(_ answer: CheckAnswer = .values([])) {
      let facts = ConnectFacts(
        hostName: Array("host.example".utf8), family: .inet, address: Array("192.0.2.1".utf8),
        port: 0)
      settle(evaluation.connect(facts), answer)
      settle(evaluation.helo(Array("host.example".utf8)), answer)
    }

    /// A message whose checks all have this answer.
    func message(_ answer: CheckAnswer = .values([])) {
      let bytes = Array("Subject: x\r\n\r\ntext\r\n".utf8)
      let message = ReceivedMessage(bytes: bytes, sizeBytes: bytes.count)
      settle(evaluation.mail(Array("<ann@example.com>".utf8), arguments: []), answer)
      settle(evaluation.recipient(Array("<bob@example.org>".utf8), arguments: []), answer)
      settle(evaluation.data(), answer)
      settle(evaluation.headers(message), answer)
      settle(evaluation.endOfMessage(message), answer)
      evaluation.resetMessage()
    }

    private func settle(_ outcome: RunOutcome, _ answer: CheckAnswer) {
      var outcome = outcome
      while case .waiting(let requests) = outcome {
        for request in requests {
          if let next = evaluation.answer(request.id, answer) { outcome = next }
        }
      }
    }

    /// When so many messages have been compared.
    func results(_ count: Int) async -> [ShadowResult: Int] {
      let desk = desk
      _ = await Laboratory.eventually { desk.report.results.values.reduce(0, +) >= count }
      return desk.report.results
    }
  }

  private static let scanning = """
    require ["defang"];
    on_error :scanner "continue";
    scanner :clamd "unix:/run/none" "clamav";
    phase eom { rule "virus" { if scan "clamav" { reject "Infected"; } } }
    """

  @Test func eachMessageHasItsOwnAnswers() async throws {
    let site = try Site(live: Self.scanning, shadow: Self.scanning)
    site.connect()
    for result in ["clean", "infected", "clean"] { site.message(.fields(["result": result])) }
    #expect(await site.results(3) == [.same: 3])
    #expect(site.world.asked.isEmpty)
  }

  /// Asked once, at the begin of the session, and told to each of its messages.
  @Test func whatTheSessionAskedHoldsForAll() async throws {
    let policy = """
      require ["defang"];
      on_error :dns "continue";
      phase connect { rule "listed" { if dnsbl "list.example" { score "5" "LISTED"; } } }
      phase eom { rule "score" { if score :over "4" { reject "Listed"; } } }
      """
    let site = try Site(live: policy, shadow: policy)
    site.connect(.values(["127.0.0.2"]))
    for _ in 0..<2 { site.message() }
    #expect(await site.results(2) == [.same: 2])
    #expect(site.world.asked.isEmpty)
  }

  @Test func nothingOfItIsDone() async throws {
    let site = try Site(
      live: "require [\"defang\"]; phase eom { rule \"all\" { accept; } }",
      shadow: """
        require ["defang"];
        on_error :store "continue";
        phase rcpt { rule "grey" { if greylist :delay 60 { log "wait"; } } }
        phase eom { rule "kept" { quarantine "looked at first"; } }
        """)
    site.connect()
    site.message()
    #expect(await site.results(1) == [.verdict: 1])
    #expect(site.world.asked.map(\.kind) == [.greylist])
    #expect(site.world.asked.map(\.isDry) == [true])
  }

  @Test func whatThereIsNoRoomForIsDropped() async throws {
    var limits = ShadowDesk.Limits()
    limits.jobsMax = 0
    let site = try Site(live: Self.scanning, shadow: Self.scanning, limits)
    site.connect()
    site.message(.fields(["result": "clean"]))
    #expect(await site.results(1) == [.dropped: 1])
  }
}
