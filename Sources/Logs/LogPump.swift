// Between those who have something to log and a sink that may be slow or away: a bounded queue and
// one thread. Who logs never waits; what does not fit is lost, counted, and said when there is
// room.
internal import Logging
internal import NIOPosix
internal import Synchronization

package final class LogPump: Sendable {
  package struct Limits: Sendable {
    package var linesMax = 20_000
    package var bytesMax = 16 << 20
    /// Lines handed to the sink at once.
    package var batchLines = 256
    /// Lines gather for so long: to call the thread for each costs more than to write its line.
    package var gatherMilliseconds = 5
    /// Between two tries when the sink takes nothing.
    package var retryMilliseconds = 250

    package init() {}
  }

  private struct State {
    var queue: [LogLine] = []
    var bytes = 0
    /// The thread has been called, or works.
    var isWorking = false
    var isStopped = false
    var lost = 0
    var untoldLost = 0
  }

  private let sink: any LogSink
  private let limits: Limits
  private let state = Mutex(State())
  private let thread: NIOThreadPool

  package init(_ sink: any LogSink, limits: Limits = Limits()) {
    self.sink = sink
    self.limits = limits
    thread = NIOThreadPool(numberOfThreads: 1)
    thread.start()
  }

  package var wantsFields: Bool { sink.wantsFields }
  /// Lines that never reached the sink.
  package var lost: Int { state.withLock { $0.lost } }
  package var waiting: Int { state.withLock { $0.queue.count } }

  /// Never waits.
  package func put(_ lines: [LogLine]) {
    let calls = state.withLock { state in
      guard !state.isStopped else { return false }
      for line in lines {
        let bytes = line.text.utf8.count
        if state.queue.count < limits.linesMax, state.bytes + bytes <= limits.bytesMax {
          state.queue.append(line)
          state.bytes += bytes
        } else {
          state.lost += 1
          state.untoldLost += 1
        }
      }
      defer { state.isWorking = true }
      return !state.isWorking
    }
    if calls { thread.submit { _ in self.work() } }
  }

  private func work() {
    var isFull = false
    while true {
      if !isFull { Pause.milliseconds(limits.gatherMilliseconds) }
      let batch = takeBatch()
      if batch.isEmpty { return }
      isFull = batch.count >= limits.batchLines
      let taken = sink.write(batch[...])
      guard taken < batch.count else { continue }
      putBack(batch[taken...])
      guard !state.withLock({ $0.isStopped }) else { return }
      Pause.milliseconds(limits.retryMilliseconds)
    }
  }

  /// Empty when all is written; the thread then rests.
  private func takeBatch() -> [LogLine] {
    state.withLock { state in
      if state.queue.isEmpty, state.untoldLost == 0 {
        state.isWorking = false
        return []
      }
      var batch = Array(state.queue.prefix(limits.batchLines))
      state.queue.removeFirst(batch.count)
      state.bytes -= batch.reduce(0) { $0 + $1.text.utf8.count }
      if state.untoldLost > 0 {
        let text = "\(state.untoldLost) lines of the log were lost: nobody took them in time"
        batch.append(LogLine(level: .warning, key: nil, text: text))
        state.untoldLost = 0
      }
      return batch
    }
  }

  private func putBack(_ lines: ArraySlice<LogLine>) {
    state.withLock { state in
      state.queue.insert(contentsOf: lines, at: 0)
      state.bytes += lines.reduce(0) { $0 + $1.text.utf8.count }
    }
  }

  /// Writes what waits, and takes nothing any more; called once, when the process ends.
  package func stop(withinMilliseconds: Int = 2_000) {
    var left = withinMilliseconds
    while left > 0, state.withLock({ $0.isWorking }) {
      Pause.milliseconds(5)
      left -= 5
    }
    state.withLock { $0.isStopped = true }
    thread.shutdownGracefully { _ in }
  }
}
