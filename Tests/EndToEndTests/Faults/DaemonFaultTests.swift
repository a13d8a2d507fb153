// The table in docs/OPERATIONS.md of what befalls the daemon, made by playing it through real
// sendmail and real Postfix. DEFANG_RECORD=1 writes it anew and fails that run.
import Foundation
import MailLab
import Synchronization
import Testing

@Suite("What befalls the daemon", .serialized)
struct DaemonFaultTests {
  /// Mail servers that wait so long for a word of the filter, and not a minute as others may.
  private static let patienceSeconds = 6

  /// A mail server of its own with one engine behind it; they play side by side.
  private struct Lane: Hashable {
    let kind: MTAKind
    let frontEnd: FrontEnd

    static let all = MTAKind.allCases.flatMap { kind in
      FrontEnd.allCases.map { Lane(kind: kind, frontEnd: $0) }
    }

    var faults: [DaemonFault] {
      DaemonFault.allCases.filter { frontEnd == .nio || $0.concernsEngine }
    }

    func play() -> [DaemonFault: Result<FaultOutcome, any Error>] {
      let server = Result { try MailServer(kind, patienceSeconds: patienceSeconds) }
      defer { if case .success(let server) = server { server.stop() } }
      var outcomes: [DaemonFault: Result<FaultOutcome, any Error>] = [:]
      for fault in faults {
        outcomes[fault] = Result { try FaultPlay(fault, on: server.get(), frontEnd).run() }
      }
      return outcomes
    }
  }

  @Test("costs no mail, and the page says what clients are told", .timeLimit(.minutes(4)))
  func table() async throws {
    let outcomes = await Self.outcomes()
    var rows: [String] = []
    for fault in DaemonFault.allCases {
      let cells = MTAKind.allCases.map { kind in Self.cell(fault, kind, outcomes) }
      rows.append("| \(fault.rawValue) | \(cells.joined(separator: " | ")) |")
    }
    try Self.page.check(
      """
      | what happens | \(MTAKind.allCases.map(\.title).joined(separator: " | ")) |
      |---|\(MTAKind.allCases.map { _ in "---|" }.joined())
      \(rows.joined(separator: "\n"))
      """)
  }

  private static let page = MadeSection(
    file: "docs/OPERATIONS.md", name: "faults", maker: "Tests/EndToEndTests/Faults")

  /// Each lane on a thread: most of its time is waiting.
  private static func outcomes() async -> [Lane: [DaemonFault: Result<FaultOutcome, any Error>]] {
    await withCheckedContinuation { done in
      Thread.detachNewThread {
        let lanes = Lane.all
        let found = Mutex<[Lane: [DaemonFault: Result<FaultOutcome, any Error>]]>([:])
        let group = DispatchGroup()
        for lane in lanes {
          group.enter()
          Thread.detachNewThread {
            let outcomes = lane.play()
            found.withLock { $0[lane] = outcomes }
            group.leave()
          }
        }
        group.wait()
        done.resume(returning: found.withLock { $0 })
      }
    }
  }

  /// What the engines have in common; where they differ, both.
  private static func cell(
    _ fault: DaemonFault, _ kind: MTAKind,
    _ outcomes: [Lane: [DaemonFault: Result<FaultOutcome, any Error>]]
  ) -> String {
    var texts: [(FrontEnd, String)] = []
    for frontEnd in FrontEnd.allCases {
      switch outcomes[Lane(kind: kind, frontEnd: frontEnd)]?[fault] {
      case .success(let outcome):
        #expect(outcome.copies == 1, "\(fault.rawValue), \(kind), \(frontEnd): \(outcome)")
        texts.append((frontEnd, text(outcome)))
      case .failure(let error):
        Issue.record("\(fault.rawValue), \(kind), \(frontEnd): \(error)")
      case nil: break
      }
    }
    guard Set(texts.map(\.1)).count > 1 else { return texts.first?.1 ?? "" }
    return texts.map { "\($0.0): \($0.1)" }.joined(separator: "; ")
  }

  private static func text(_ outcome: FaultOutcome) -> String {
    let answer = outcome.answer
    let told = answer.isPositive ? "\(answer.code)" : "\(answer)"
    return "`\(told)`" + (outcome.again.map { ", again `\($0.code)`" } ?? "")
      + ", \(outcome.copies) copy"
  }
}

extension MTAKind {
  fileprivate var title: String { self == .postfix ? "Postfix" : "sendmail" }
}
