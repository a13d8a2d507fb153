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
    whose only rule asks one check and refuses what it finds (`554 5.7.1 by the rule`), a server
    that behaves as the line says, and each value of `on_error`. "server restarted" is the message
    that comes after it; "slow answer" comes within the time of the call, "no answer" never.


    """

  @Test func isWhatThePageSays() async throws {
    var text = Self.head
    for subject in FailureSubject.all { text += try await Self.table(subject) }
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

  private static func table(_ subject: FailureSubject) async throws -> String {
    let answers = FailureAnswer.allCases
    var text = "## \(subject.name)\n\n| `on_error :\(subject.failure)` |"
    text += answers.map { " `\($0.name)` |" }.joined() + "\n|---|"
    text += answers.map { _ in "---|" }.joined() + "\n"
    for fault in FailureFault.allCases {
      let verdicts = try await verdicts(subject, fault)
      text += "| \(fault.rawValue) |" + verdicts.map { " \($0) |" }.joined() + "\n"
    }
    return text + "\n"
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
}
