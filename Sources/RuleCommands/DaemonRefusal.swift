// Why the daemon of this version does not serve a policy, told before it is asked to.
internal import RuleBytecode

enum DaemonRefusal {
  /// One line a reason, in the order in which the daemon looks.
  static func all(in program: Program) -> [String] {
    program.openQuestions.map { "\($0.text) without --answers" }
  }
}
