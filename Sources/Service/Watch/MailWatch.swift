// Who watches the mail of this process: log, trace, figures and history, as the administrator wants
// them. One for the process; each policy gets an observer of it that knows its rules.
internal import Figures
internal import Logs
internal import MilterBridge
internal import RuleBytecode
internal import RuleVM

final class MailWatch: Sendable {
  let log: LogDesk
  let trace: TraceSwitch
  /// Nil while nobody asks for figures.
  let figures: MailFigures?
  /// Nil while none is kept.
  let history: HistoryKeeper?

  init(
    _ log: LogDesk, trace: TraceSelection, book: FigureBook?, history: HistoryKeeper? = nil
  ) {
    self.log = log
    self.history = history
    self.trace = TraceSwitch(trace)
    figures = book.map { MailFigures($0) }
  }

  func observer(of policy: LoadedPolicy) -> any VerdictObserver {
    PolicyWatch(
      watch: self, rules: figures.map { RuleFigures($0.book, policy.program.program) })
  }
}

/// The observer of one policy's sessions.
private struct PolicyWatch: VerdictObserver {
  let watch: MailWatch
  let rules: RuleFigures?

  var wishes: ObserverWishes {
    var wishes: ObserverWishes = []
    if watch.figures != nil { wishes.formUnion([.phases, .rules]) }
    if watch.history != nil { wishes.insert(.matches) }
    return wishes
  }

  var traceSelection: TraceSelection { watch.trace.selection }
  func nextMessageNumber() -> Int { watch.trace.nextMessageNumber() }

  func sessionBegan() { watch.figures?.sessionBegan() }
  func sessionEnded() { watch.figures?.sessionEnded() }

  func ran(_ phase: Phase, nanoseconds: Int64) {
    watch.figures?.ran(phase, nanoseconds: nanoseconds)
  }

  func used(_ uses: [RuleUse], timeScale: Int64) { rules?.used(uses, timeScale: timeScale) }

  func decided(_ record: DecisionRecord) {
    watch.log.write(record)
    watch.figures?.decided(record)
    watch.history?.put(record)
  }
}
