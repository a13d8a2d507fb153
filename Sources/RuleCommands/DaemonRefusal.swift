// Why the daemon of this version does not serve a policy, told before it is asked to.
internal import RuleBytecode

enum DaemonRefusal {
  /// One line a reason, in the order in which the daemon looks.
  static func all(in program: Program) -> [String] {
    let gaps = DaemonGap.all(in: program).map { gap in
      "\(gap.shown) is decided and reported, but not carried out"
    }
    return gaps + program.openQuestions.map { "\($0.text) without --answers" }
  }
}
