// What the checks of one message share: how much it may ask the DNS, and results that more than one
// check reads.
internal import Resolver
internal import RuleVM
internal import Synchronization

final class MailWork: Sendable {
  /// For lists, names, keys and policies of domains.
  let dns: DNSBudget
  /// For SPF alone: its questions are what records of the sender's say, so they must not use up
  /// what the others need.
  let senderDNS: DNSBudget
  let senderPolicies = SharedWork<KnownSender>()
  let signatures = SharedWork<KnownSignatures?>()

  private init(_ resolver: any Resolving) {
    dns = DNSBudget(resolver)
    senderDNS = DNSBudget(resolver)
  }

  static func of(_ request: CheckRequest, _ resolver: any Resolving) -> MailWork {
    request.scope.kept { MailWork(resolver) }
  }
}

/// Work that is done once for all who ask for it, and given up when nobody keeps it any more. One
/// who stops waiting stops nobody else's answer.
final class SharedWork<Value: Sendable>: Sendable {
  private let tasks = Mutex<[[String]: Task<Value, Never>]>([:])

  deinit {
    for task in tasks.withLock({ $0 }).values { task.cancel() }
  }

  /// - Parameter work: must not hold this object, or it is never given up.
  func value(_ key: [String], _ work: @escaping @Sendable () async -> Value) async -> Value {
    let task = tasks.withLock { tasks in
      if let known = tasks[key] { return known }
      let task = Task { await work() }
      tasks[key] = task
      return task
    }
    return await task.value
  }
}
