// The tables of the policy as it is now, asked by name: those in memory at once, those outside like
// a rule would ask them.
internal import MilterBridge
internal import RuleBytecode
internal import RuleVM

struct TableAnswers: Sendable {
  let current: CurrentPolicy

  /// Entries without a value answer with the key: mail servers take an empty value for a mistake.
  func answer(_ name: String, _ key: String) async -> SocketmapAnswer {
    switch current.current.look(up: key, scope: "", inTable: name) {
    case .value(let value): return .found(value.isEmpty ? key : value)
    case .missing: return .missing
    case .unknown: return .never("the policy has no table of this name")
    case .asked(let request): return await asked(request, key)
    }
  }

  private func asked(_ request: CheckRequest, _ key: String) async -> SocketmapAnswer {
    let checks = current.sessionPolicy.checks
    let answer = await withCheckedContinuation { continuation in
      checks.start(request) { continuation.resume(returning: $0) }
    }
    switch answer {
    case .values(let values):
      return values.first.map { .found($0.isEmpty ? key : $0) } ?? .missing
    case .failed(_, let reason): return reason == "timeout" ? .late(reason) : .later(reason)
    case .fields, .truth, .archive, .errands: return .later("the answer cannot be read")
    }
  }
}
