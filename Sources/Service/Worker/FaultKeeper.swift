// Keeps what was in hand when the policy failed, or when it had been in hand at a death: as files
// that `defang-rulec trace` plays. What failed is written by a thread of its own; what may end this
// process is written before it is looked at, and goes again when the process has outlived it.
internal import Logging
internal import MilterBridge
internal import NIOPosix
internal import Stores
internal import Synchronization

final class FaultKeeper: Sendable {
  struct Limits: Sendable {
    /// A policy that fails for every message must not write all mail to the disk.
    var perMinuteMax = 20
    /// Bytes of messages that wait to be written.
    var waitingBytesMax = 128 << 20
  }

  private struct State {
    var waitingBytes = 0
    var minute: Int64 = 0
    var inMinute = 0
  }

  private let folder: FaultFolder
  private let place: FaultPlace
  private let limits: Limits
  private let state = Mutex(State())
  private let thread: NIOThreadPool

  init(_ place: FaultPlace, limits: Limits = Limits()) {
    self.place = place
    self.limits = limits
    folder = place.folder
    thread = NIOThreadPool(numberOfThreads: 1)
    thread.start()
  }

  /// Never waits. Those that are kept already, and those beyond the bounds, are left out.
  func keep(_ facts: SessionFacts, _ mark: HandMark, problem: String) {
    let id = FaultPlace.id(of: mark)
    let size = facts.message?.bytes.count ?? 0
    guard admits(size) else { return }
    let seconds = WallClock.seconds
    // Also what waits when the process ends is written.
    thread.submit { _ in
      defer { self.state.withLock { $0.waitingBytes -= size } }
      let isNew = self.write(facts, id, problem, seconds)
      guard isNew || self.folder.holds(id) else { return }
      Console.log(
        "the message is kept\(isNew ? "" : " since before"): \(self.place.command(id))",
        about: facts.key, level: .notice)
    }
  }

  private func admits(_ size: Int) -> Bool {
    let minute = WallClock.seconds / 60
    return state.withLock { state in
      if state.minute != minute { (state.minute, state.inMinute) = (minute, 0) }
      guard state.inMinute < limits.perMinuteMax,
        state.waitingBytes + size <= limits.waitingBytesMax
      else { return false }
      state.inMinute += 1
      state.waitingBytes += size
      return true
    }
  }

  /// Written when this returns: what comes may end the process.
  /// - Returns: whether it was not there yet.
  func keepSuspect(_ facts: SessionFacts, _ mark: HandMark) -> Bool {
    write(
      facts, FaultPlace.id(of: mark), "it was in hand when a worker died", WallClock.seconds)
  }

  func forget(_ mark: HandMark) { folder.remove(FaultPlace.id(of: mark)) }

  private func write(
    _ facts: SessionFacts, _ id: String, _ problem: String, _ seconds: Int64
  ) -> Bool {
    do throws(StoreFailure) {
      try place.prepare()
      return try folder.keep(
        id, message: facts.message?.bytes, session: facts.json(problem, seconds: seconds))
    } catch {
      Console.log(
        "the message on which the filter failed is not kept: \(error.message)", about: facts.key,
        level: .warning)
      return false
    }
  }

  func stop() async { await thread.finish() }
}
