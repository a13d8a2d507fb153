// docs/FAILURES.md: what becomes of mail when what a policy asks does not answer as it should, made
// by playing it. DEFANG_RECORD=1 writes it anew and fails that run, so that nobody records by
// habit.
import Foundation
import RuleBytecode
import Testing

@Suite(.serialized) struct FailureTableTests {
  private static let file = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "docs/FAILURES.md")

  private static let head = """
    # What becomes of mail when a check fails

    Made by a test that plays each of these sessions (`Tests/LiveChecksTests/Failures`): a policy
    whose only rule asks one check and refuses what it finds, somebody who is asked and behaves as
    the column says, and each value of `on_error` for the class of the check. A cell says what all
    five have in common:

    - **rule**: the answer came, and the rule decided (`554 5.7.1`), whatever `on_error` says.
    - **failed**: the check failed by its class, and `on_error` decided:


    """

  @Test(.timeLimit(.minutes(5))) func isWhatThePageSays() async throws {
    let outcomes = try await Self.outcomes()
    let text = Self.head + Self.answers(outcomes) + Self.tables(outcomes)
    if ProcessInfo.processInfo.environment["DEFANG_RECORD"] != nil {
      try Data(text.utf8).write(to: Self.file, options: .atomic)
      Issue.record("docs/FAILURES.md was recorded: review it, then run without DEFANG_RECORD")
      return
    }
    let old = try String(contentsOf: Self.file, encoding: .utf8)
    let (was, now) = (old.split(separator: "\n"), text.split(separator: "\n"))
    let line = zip(was, now).prefix { $0 == $1 }.count
    #expect(was == now, "first difference in line \(line + 1) that is not empty")
  }

  // MARK: Playing

  /// What a check and a fault come to, for each value of `on_error` in its order.
  private typealias Outcomes = [String: [FailureFault: [String]]]

  private static let subjectsAtOnce = 6

  /// Subjects share nothing, so they are played side by side: most of their time is waiting.
  private static func outcomes() async throws -> Outcomes {
    try await withThrowingTaskGroup(of: (String, [FailureFault: [String]]).self) { group in
      var left = FailureSubject.all[...]
      func start() {
        guard let subject = left.popFirst() else { return }
        group.addTask { (subject.name, try await played(subject)) }
      }
      for _ in 0..<subjectsAtOnce { start() }
      var found: Outcomes = [:]
      while let (name, verdicts) = try await group.next() {
        found[name] = verdicts
        start()
      }
      return found
    }
  }

  private static func played(_ subject: FailureSubject) async throws -> [FailureFault: [String]] {
    var found: [FailureFault: [String]] = [:]
    for fault in subject.faults { found[fault] = try await verdicts(subject, fault) }
    return found
  }

  /// In the order of the values of `on_error`, all played at once: those without an answer wait.
  private static func verdicts(
    _ subject: FailureSubject, _ fault: FailureFault
  ) async throws -> [String] {
    try await withThrowingTaskGroup(of: (Int, String).self) { group in
      for (index, answer) in FailureAnswer.allCases.enumerated() {
        group.addTask {
          let play = FailurePlay(subject: subject, fault: fault, answer: answer)
          return (index, try await play.verdict())
        }
      }
      var verdicts = [String](repeating: "", count: FailureAnswer.allCases.count)
      for try await (index, verdict) in group { verdicts[index] = verdict }
      return verdicts
    }
  }

  // MARK: The page

  /// A scanner that is not there: what each value of `on_error` comes to.
  private static func failures(_ outcomes: Outcomes) -> [String] {
    outcomes["scan :clamd"]?[.absent] ?? []
  }

  private static func answers(_ outcomes: Outcomes) -> String {
    let answers = FailureAnswer.allCases
    return "| `on_error` |" + answers.map { " `\($0.name)` |" }.joined() + "\n|---|"
      + answers.map { _ in "---|" }.joined() + "\n| the message |"
      + failures(outcomes).map { " \($0) |" }.joined() + "\n\n"
  }

  private static func tables(_ outcomes: Outcomes) -> String {
    FailureSubject.groups.map { group in
      let faults = FailureFault.allCases.filter { fault in
        group.subjects.contains { $0.faults.contains(fault) }
      }
      let rows = group.subjects.map { subject in
        "| `\(subject.name)` | `:\(subject.failure)` |"
          + faults.map { " \(cell(outcomes[subject.name]?[$0] ?? [], failures(outcomes))) |" }
          .joined() + "\n"
      }
      return "## \(group.title)\n\n\(group.text)\n\n| check | class |"
        + faults.map { " \($0.rawValue) |" }.joined() + "\n|---|---|"
        + faults.map { _ in "---|" }.joined() + "\n" + rows.joined()
    }.joined(separator: "\n")
  }

  private static func cell(_ verdicts: [String], _ failures: [String]) -> String {
    switch verdicts {
    case []: return "–"
    case failures: return "failed"
    case _ where verdicts.allSatisfy({ $0 == "reject 554 5.7.1 by the rule" }): return "rule"
    case _ where Set(verdicts).count == 1: return verdicts[0]
    default: return verdicts.joined(separator: " / ")
    }
  }
}
