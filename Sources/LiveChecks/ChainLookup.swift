// `arc`: the chain of those who handled the message before us (RFC 8617).
internal import MailSignatures
package import Resolver
internal import RuleBytecode
package import RuleVM

package struct ChainLookup: LiveCheck {
  private let resolver: any Resolving
  private let services: LiveServices

  package init(_ resolver: any Resolving, _ services: LiveServices) {
    self.resolver = resolver
    self.services = services
  }

  package func answer(_ request: CheckRequest) async -> CheckAnswer {
    guard let (result, keys) = await result(request) else {
      return .failed(.internal, reason: "the message is not there")
    }
    if result.outcome == .temperror {
      let reason = result.reason?.keyReason ?? result.outcome.rawValue
      let failure = keys.failures.values.first.map { " (\($0.reason))" } ?? ""
      return .failed(.dns, reason: reason + failure)
    }
    return .fields(["result": result.outcome.rawValue, "sealer": result.sealers.last ?? ""])
  }

  /// Nil when the process ends.
  private func result(_ request: CheckRequest) async -> (ARCResult, KeyLookup)? {
    guard let message = request.subject?.message else { return nil }
    guard let reading = await services.block({ ARCReading(message) }) else { return nil }
    let keys = await KeyLookup.find(reading.needs, MailWork.of(request, resolver).dns)
    return await services.block { reading.verify(with: keys.records) }.map { ($0, keys) }
  }
}

extension ARCReason {
  /// Of a chain whose outcome waits for a key.
  fileprivate var keyReason: String {
    switch self {
    case .messageSignature(let instance, let reason): "signature \(instance): \(reason.text)"
    case .seal(let instance, let reason): "seal \(instance): \(reason.text)"
    case .headerTooLong, .badInstance, .brokenSet, .badStatus, .statusFail: "\(self)"
    }
  }
}
