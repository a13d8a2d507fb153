// What scanners are to learn waits for nobody, and no more of it than there is room for.
import MailLab
import NIOPosix
import RuleVM
import Scanners
import Synchronization
import Testing

@testable import LiveChecks

@Suite(.serialized) struct LessonTests {
  private final class Lines: Sendable {
    private let kept = Mutex<[String]>([])
    var all: [String] { kept.withLock { $0 } }
    func add(_ line: String) { kept.withLock { $0.append(line) } }
  }

  private static let errand = LearningErrand(scanner: "s", isSpam: true)

  private static func desk(
    _ address: String, _ lines: Lines, _ limits: LessonLimits = LessonLimits()
  ) throws -> LessonDesk {
    let service = ScanService(.spamd([]), [try ScannerHost(address)])
    let queue = LessonQueue(MultiThreadedEventLoopGroup.singleton, limits) { lines.add($0) }
    return LessonDesk(["s": service], queue)
  }

  @Test(arguments: [
    (FailureFault.answer, "Q1: scanner 's' has learnt it as spam"),
    (.cut, "Q1: scanner 's' does not learn it as spam: \(ScanFailure.cut)"),
  ])
  func whatBecomesOfItIsLogged(_ fault: FailureFault, _ line: String) async throws {
    let script = FailingScript.once(
      "SPAMD/1.1 0 EX_OK\r\nDidSet: local\r\n\r\n", garbage: "")
    let server = try await FailingServer(fault, script).service
    defer { server.stop() }
    let lines = Lines()
    let desk = try Self.desk(server.words["address"] ?? "", lines)
    desk.take(Self.errand, Array("mail".utf8), queueID: "Q1")
    #expect(await Laboratory.eventually { lines.all == [line] })
  }

  /// Nobody answers, so nothing makes room.
  @Test(arguments: [(4, 100), (100, 10)])
  func whatFindsNoRoomIsDropped(_ calls: Int, _ bytes: Int) async throws {
    let server = try await FailingServer(.silent, .once("", garbage: "")).service
    defer { server.stop() }
    let lines = Lines()
    var limits = LessonLimits()
    (limits.callsMax, limits.waitingMax, limits.bytesMax) = (1, calls - 1, bytes)
    let desk = try Self.desk(server.words["address"] ?? "", lines, limits)
    let most = min(calls, bytes / 4)
    for number in 0..<most { desk.take(Self.errand, Array("mail".utf8), queueID: "Q\(number)") }
    #expect(lines.all.isEmpty)
    desk.take(Self.errand, Array("mail".utf8), queueID: "Q")
    #expect(lines.all == ["Q: scanner 's' does not learn it as spam: too much waits to be learnt"])
  }
}
