// `train`: what scanners are to learn. The mail server has its answer long before: what waits here
// is bounded in number and bytes, what becomes of it stands in the log and is counted, and nothing
// more comes of a failure.
//
//   defang_lessons_total{scanner="rspamd", lesson="spam|ham", result="learnt|failed|dropped"}
internal import Metrics
internal import NIOCore
package import RuleVM
internal import Scanners
internal import Synchronization

package struct LessonLimits: Sendable {
  /// At once; the rest of a scanner's places is for mail that waits for its verdict.
  var callsMax = 2
  /// What more comes is dropped.
  var waitingMax = 100
  var bytesMax = 128 << 20
  var timeoutMilliseconds = 300_000
}

/// The scanners that a policy trains, by its names.
package struct LessonDesk: Sendable {
  private let scanners: [String: ScanService]
  private let queue: LessonQueue

  init(_ scanners: [String: ScanService], _ queue: LessonQueue) {
    self.scanners = scanners
    self.queue = queue
  }

  /// Comes back at once.
  package func take(_ errand: LearningErrand, _ message: [UInt8], queueID: String) {
    guard let service = scanners[errand.scanner] else { return }
    queue.add(Lesson(errand: errand, message: message, queueID: queueID, service: service))
  }
}

struct Lesson: Sendable {
  let errand: LearningErrand
  let message: [UInt8]
  let queueID: String
  let service: ScanService
}

/// All lessons of the process.
final class LessonQueue: Sendable {
  private let loops: any EventLoopGroup
  private let log: @Sendable (String) -> Void
  private let limits: LessonLimits
  private let gate: CallGate
  private let held = Mutex<(count: Int, bytes: Int)>((0, 0))

  init(
    _ loops: any EventLoopGroup, _ limits: LessonLimits = LessonLimits(),
    log: @escaping @Sendable (String) -> Void
  ) {
    self.loops = loops
    self.limits = limits
    self.log = log
    gate = CallGate(callsMax: limits.callsMax, waitingMax: limits.waitingMax)
  }

  func add(_ lesson: Lesson) {
    let isTaken = held.withLock { held in
      guard held.count < limits.callsMax + limits.waitingMax,
        held.bytes + lesson.message.count <= limits.bytesMax
      else { return false }
      held.count += 1
      held.bytes += lesson.message.count
      return true
    }
    guard isTaken else { return end(lesson, "dropped", "too much waits to be learnt") }
    Task {
      let failure = await carryOut(lesson)
      held.withLock { held in
        held.count -= 1
        held.bytes -= lesson.message.count
      }
      end(lesson, failure == nil ? "learnt" : "failed", failure.map { "\($0)" })
    }
  }

  private func carryOut(_ lesson: Lesson) async -> ScanFailure? {
    let loop = loops.next()
    let patience = TimeAmount.milliseconds(Int64(limits.timeoutMilliseconds))
    do throws(ScanFailure) {
      try await gate.enter(.now() + patience, loop)
    } catch {
      return error
    }
    defer { gate.leave() }
    return await lesson.service.learn(ScanJob(lesson.message), isSpam: lesson.errand.isSpam)
  }

  private func end(_ lesson: Lesson, _ result: String, _ trouble: String?) {
    let kind = lesson.errand.isSpam ? "spam" : "ham"
    let scanner = lesson.errand.scanner
    Counter(
      label: "defang_lessons_total",
      dimensions: [("scanner", scanner), ("lesson", kind), ("result", result)]
    ).increment()
    let words = trouble.map { "does not learn it as \(kind): \($0)" } ?? "has learnt it as \(kind)"
    log("\(lesson.queueID): scanner '\(scanner)' \(words)")
  }
}
