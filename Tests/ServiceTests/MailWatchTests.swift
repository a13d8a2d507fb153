// Who watches mail: figures that are counted, a history that is written and never waited for, and
// nothing that is wished for when nobody wants it.
import Figures
import Foundation
import Logging
import Logs
import MilterBridge
import RuleBytecode
import RuleCompiler
import Stores
import Testing

@testable import RuleVM
@testable import Service

@Suite final class MailWatchTests {
  private let folder: String

  init() throws {
    folder = NSTemporaryDirectory() + "/watch-tests-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  private static func policy() throws -> LoadedPolicy {
    var sources = SourceSet()
    let text = "require \"defang\"; phase eom { rule \"a\" { discard; } rule \"b\" { discard; } }"
    _ = sources.add(SourceFile(name: "test.rules", bytes: Array(text.utf8)))
    let program = try #require(Compiler.compile(sources).program)
    return LoadedPolicy(try VerifiedProgram(program))
  }

  private static func record(_ phase: Phase, problem: String? = nil) -> DecisionRecord {
    var record = DecisionRecord()
    (record.queueID, record.phase, record.problem) = ("Q1", phase, problem)
    (record.sender, record.recipients) = ("<ann@example.net>", ["<bob@example.com>"])
    (record.sizeBytes, record.nanoseconds, record.direction) = (100, 2_000_000, .in)
    record.limits = ["parts"]
    return record
  }

  /// One that writes nothing to standard error while tests run.
  private static func quietDesk() -> LogDesk {
    var settings = LogDesk.Settings()
    settings.level = .critical
    return LogDesk(settings)
  }

  private func keeper(_ limits: HistoryKeeper.Limits = HistoryKeeper.Limits()) throws
    -> HistoryKeeper
  {
    HistoryKeeper(try HistoryStore(StatePaths(folder), for: .write), limits: limits)
  }

  private func kept() throws -> [HistoryEntry] {
    try HistoryStore(StatePaths(folder), for: .read).entries(HistoryFilter())
  }

  @Test func whatIsCounted() throws {
    let book = FigureBook()
    let watch = MailWatch(Self.quietDesk(), trace: TraceSelection(), book: book)
    let observer = watch.observer(of: try Self.policy())
    observer.sessionBegan()
    observer.sessionBegan()
    observer.sessionEnded()
    observer.ran(.eom, nanoseconds: 5)
    observer.used([RuleUse(rule: 1, hits: 1, nanoseconds: 10)], timeScale: 16)
    observer.decided(Self.record(.eom))
    observer.decided(Self.record(.eom, problem: "fuel"))
    observer.decided(Self.record(.rcpt))
    func count(_ name: String, _ labels: [String] = []) -> Int64 {
      book.counter(name, labels).value
    }
    #expect(count("defang_sessions_total") == 2 && book.gauge("defang_sessions_open").value == 1)
    #expect(count("defang_messages_total", ["accept", "in"]) == 1)
    #expect(count("defang_messages_total", ["tempfail", "in"]) == 1)
    #expect(count("defang_refusals_total", ["rcpt", "accept"]) == 1)
    #expect(count("defang_faults_total") == 1 && count("defang_limits_hit_total", ["parts"]) == 3)
    #expect(count("defang_message_bytes_total") == 200)
    #expect(count("defang_rule_hits_total", ["b"]) == 1)
    #expect(count("defang_rule_hits_total", ["a"]) == 0)
    #expect(count("defang_rule_seconds_total", ["b"]) == 160)
    #expect(book.histogram("defang_message_seconds").totals.nanoseconds == 4_000_000)
    #expect(book.histogram("defang_phase_seconds", ["eom"]).totals.counts.last == 1)
  }

  @Test func nothingIsWishedForThatNobodyWants() throws {
    let policy = try Self.policy()
    let plain = MailWatch(Self.quietDesk(), trace: TraceSelection(), book: nil)
    #expect(plain.observer(of: policy).wishes == [])
    #expect(plain.observer(of: policy).traceSelection.isEmpty)
    let counting = MailWatch(Self.quietDesk(), trace: .all, book: FigureBook())
    #expect(counting.observer(of: policy).wishes == [.phases, .rules])
    // Switched while it runs: sessions that begin from then on.
    #expect(!counting.observer(of: policy).traceSelection.isEmpty)
    counting.trace.selection = TraceSelection()
    #expect(counting.observer(of: policy).traceSelection.isEmpty)
    let keeping = MailWatch(
      Self.quietDesk(), trace: TraceSelection(), book: nil, history: try keeper())
    #expect(keeping.observer(of: policy).wishes == .matches)
  }

  @Test func theHistoryIsWhole() async throws {
    let keeper = try keeper()
    for _ in 0..<3 { keeper.put(Self.record(.eom)) }
    await keeper.stop()
    keeper.put(Self.record(.eom))
    #expect(try kept().count == 3 && keeper.lost == 0)
    let entry = try #require(try kept().first)
    #expect(entry.sender == "ann@example.net" && entry.recipients == ["bob@example.com"])
    #expect(entry.verdict == "accept" && entry.microseconds == 2_000 && entry.limits == ["parts"])
  }

  @Test func whatTheHistoryHasNoTimeForIsCounted() async throws {
    var limits = HistoryKeeper.Limits()
    limits.waitingMax = 2
    // Longer than the test: nothing is written before the end.
    limits.gatherMilliseconds = 1_000
    let keeper = try keeper(limits)
    for _ in 0..<5 { keeper.put(Self.record(.eom)) }
    #expect(keeper.lost == 3 && keeper.waiting == 2)
    await keeper.stop()
    #expect(try kept().count == 2)
  }

  @Test(arguments: [
    ("unix:/run/x", true), ("inet:9191@127.0.0.1", true), ("inet:9191", true),
    ("inet6:9191@::1", true), ("inet:9191@localhost", true), ("inet:9191@192.0.2.1", false),
    ("inet:9191@0.0.0.0", false), ("inet6:9191@::", false), ("nonsense", false),
  ])
  func figuresAreForThisHostAlone(text: String, isTaken: Bool) {
    do {
      _ = try FigureSources.address(text)
      #expect(isTaken)
    } catch {
      #expect(!isTaken && error.code == 78)
    }
  }
}
