// What the checks of the memory have in common: its thread, its failures, the words of a question.
internal import NIOPosix
package import PolicyMemory
internal import RuleBytecode
package import RuleVM

extension LiveServices {
  /// Asks the memory on threads of its own: a disk or a server that hangs must not hold those who
  /// wait for something else.
  package func remember(
    _ work:
      @escaping @Sendable (_ records: any RecordStore, _ nowSeconds: Int64)
      throws(MemoryFailure) -> CheckAnswer
  ) async -> CheckAnswer {
    let answer = try? await memoryThread.runIfActive { [memory] in
      do throws(MemoryFailure) {
        return try memory.use(work)
      } catch {
        return CheckAnswer.failed(.store, reason: error.message)
      }
    }
    return answer ?? .failed(.store, reason: "the daemon ends")
  }

  /// Opens the memory for a policy that asks it. What only an administrator can mend refuses the
  /// policy; what may pass (no room, a lock) is the checks' failure while it lasts.
  func readyMemory() throws(LiveFailure) -> LiveServices {
    do throws(MemoryFailure) {
      try memory.prepare()
    } catch {
      switch error {
      case .denied, .broken: throw LiveFailure("\(memory.name): \(error.message)")
      case .full, .busy, .damaged, .unreachable: break
      }
    }
    return self
  }

  /// Blocking: removes what is past its time.
  package func expireMemory() {
    do throws(MemoryFailure) {
      guard let expired = try memory.expire(), expired.records > 0 else { return }
      settings.log("memory: \(expired.records) past their time")
    } catch {
      settings.log("memory: \(error.message)")
    }
  }
}

extension CheckAnswer {
  /// The machine asks in the form of the check sheet; all else is a fault of our own.
  static let unreadable = CheckAnswer.failed(.store, reason: "the question cannot be read")
}
