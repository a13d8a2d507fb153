// `duplicate`: whether a value was seen (`DuplicateMemory` decides). Asking notes nothing: a
// message that is not taken comes again and is no duplicate then (RFC 7352 §3). The end of a
// message that is taken notes what it asked.
internal import PolicyMemory
internal import RuleVM

struct DuplicateCheck: LiveCheck {
  private let services: LiveServices

  init(_ services: LiveServices) { self.services = services }

  func answer(_ request: CheckRequest) async -> CheckAnswer {
    guard let question = DuplicateQuestion(words: request.arguments) else { return .unreadable }
    return await services.remember { (records, now) throws(MemoryFailure) in
      .truth(try DuplicateMemory(records).isDuplicate(question, nowSeconds: now, isDry: true))
    }
  }
}

extension LiveServices {
  /// Blocking: from now on this was seen.
  /// - Parameter words: the arguments of the check that asked.
  package func noteDuplicate(_ words: [String]) throws(LiveFailure) {
    guard let question = DuplicateQuestion(words: words) else { return }
    do throws(MemoryFailure) {
      _ = try memory.use { (records, now) throws(MemoryFailure) in
        try DuplicateMemory(records).isDuplicate(question, nowSeconds: now)
      }
    } catch {
      throw LiveFailure(error.message)
    }
  }
}

extension DuplicateQuestion {
  /// - Parameter words: as the check sheet says: handle, seconds, `last` or nothing, value.
  fileprivate init?(words: [String]) {
    guard words.count == 4, let seconds = Int64(words[1]) else { return nil }
    self.init(
      uniqueID: words[3], handle: words[0], seconds: seconds, isFromLast: words[2] == "last")
  }
}
