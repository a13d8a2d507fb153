// The memory's file while a process lives: opened when somebody first asks, tried again when it
// could not be, and begun anew when it is damaged, since what it remembers is worth less than the
// mail that would wait for an administrator. The damaged file stays beside the new one.
internal import Synchronization

package final class MemoryKeeper: Sendable {
  package let path: String
  private let limits: MemoryLimits
  private let clock: @Sendable () -> Int64
  private let log: @Sendable (String) -> Void
  private let state = Mutex(State())

  private struct State {
    var file: RecordFile?
    /// Why there is none.
    var failure: MemoryFailure?
    var triedSeconds: Int64 = 0
    var setAsideSeconds: Int64?
  }

  /// A file that cannot be opened is left alone for that long.
  static let openAgainSeconds: Int64 = 10
  /// One that is damaged again at once is the disk's fault: its failures are answers then.
  static let setAsideAgainSeconds: Int64 = 600

  /// Touches nothing yet.
  /// - Parameter log: takes one line; what an operator should see.
  package init(
    path: String, limits: MemoryLimits = MemoryLimits(),
    log: @escaping @Sendable (String) -> Void = { _ in },
    clock: (@Sendable () -> Int64)? = nil
  ) {
    self.path = path
    self.limits = limits
    self.log = log
    self.clock = clock ?? { MemoryDoor.nowSeconds }
  }

  /// Where a damaged file is found; one that lay there before is gone.
  package var setAsidePath: String { path + ".damaged" }

  /// Somebody has used it.
  package var isOpen: Bool { state.withLock { $0.file != nil } }

  /// Opens the file if that was not done, so that what hinders it is known before mail comes.
  package func prepare() throws(MemoryFailure) { _ = try opened() }

  /// Blocking. Asks or changes the memory; `work` is done once more with another file where this
  /// one shows that it is damaged, and has no other effect.
  package func use<Answer>(
    _ work: (_ records: RecordFile, _ nowSeconds: Int64) throws(MemoryFailure) -> Answer
  ) throws(MemoryFailure) -> Answer {
    let file = try opened()
    do throws(MemoryFailure) {
      return try work(file, clock())
    } catch {
      guard case .damaged = error else { throw error }
    }
    // Another process may have put a good file there meanwhile.
    let current = try opened(insteadOf: file)
    do throws(MemoryFailure) {
      return try work(current, clock())
    } catch {
      guard case .damaged = error else { throw error }
      return try work(try begunAnew(insteadOf: current, error), clock())
    }
  }

  /// Removes what is past its end, where there is a file.
  package func expire() throws(MemoryFailure) -> MemoryExpiry? {
    isOpen ? try use { (file, now) throws(MemoryFailure) in try file.expire(nowSeconds: now) } : nil
  }

  // MARK: The file

  private func opened(insteadOf old: RecordFile? = nil) throws(MemoryFailure) -> RecordFile {
    let now = clock()
    return try state.withLock { (state) throws(MemoryFailure) in
      if let file = state.file, file !== old { return file }
      state.file = nil
      let isLeftAlone = Self.isWithin(Self.openAgainSeconds, state.triedSeconds, now)
      if isLeftAlone, let failure = state.failure { throw failure }
      state.triedSeconds = now
      do throws(MemoryFailure) {
        return take(try RecordFile(path: path, limits: limits), &state)
      } catch {
        if case .damaged = error { return try beginAnew(&state, error, now) }
        throw refuse(error, &state)
      }
    }
  }

  private func begunAnew(
    insteadOf old: RecordFile, _ reason: MemoryFailure
  ) throws(MemoryFailure) -> RecordFile {
    let now = clock()
    return try state.withLock { (state) throws(MemoryFailure) in
      if let file = state.file, file !== old { return file }
      state.file = nil
      return try beginAnew(&state, reason, now)
    }
  }

  private func beginAnew(
    _ state: inout State, _ reason: MemoryFailure, _ now: Int64
  ) throws(MemoryFailure) -> RecordFile {
    if let last = state.setAsideSeconds, Self.isWithin(Self.setAsideAgainSeconds, last, now) {
      throw refuse(reason, &state)
    }
    state.setAsideSeconds = now
    if let trouble = MemoryDoor.rename(path, to: setAsidePath) {
      throw refuse(.denied("\(path) is damaged and cannot be set aside: \(trouble)"), &state)
    }
    // Without the file they belong to these say nothing, and are not there in most cases.
    for end in ["-wal", "-shm"] { _ = MemoryDoor.rename(path + end, to: setAsidePath + end) }
    log("\(path): \(reason.message); it is set aside as \(setAsidePath), and all is new")
    do throws(MemoryFailure) {
      return take(try RecordFile(path: path, limits: limits), &state)
    } catch {
      throw refuse(error, &state)
    }
  }

  private func take(_ file: RecordFile, _ state: inout State) -> RecordFile {
    if state.failure != nil { log("\(path): it can be used again") }
    state.failure = nil
    state.file = file
    return file
  }

  private func refuse(_ failure: MemoryFailure, _ state: inout State) -> MemoryFailure {
    if state.failure != failure { log("\(path): \(failure.message)") }
    state.failure = failure
    return failure
  }

  /// A clock that was set back begins a new span.
  private static func isWithin(_ seconds: Int64, _ since: Int64, _ now: Int64) -> Bool {
    now >= since && now - since < seconds
  }
}
