// `dkim`: every signature of the message, verified with the keys that the DNS has now. What costs
// processor time runs on a thread that may be busy for a while.
internal import FoundationEssentials
internal import MailSignatures
package import Resolver
internal import RuleBytecode
package import RuleVM

package struct SignatureLookup: LiveCheck {
  private let resolver: any Resolving
  private let services: LiveServices

  package init(_ resolver: any Resolving, _ services: LiveServices) {
    self.resolver = resolver
    self.services = services
  }

  package func answer(_ request: CheckRequest) async -> CheckAnswer {
    let work = MailWork.of(request, resolver)
    guard let known = await Self.results(request, work, services) else {
      return .failed(.internal, reason: "the message is not there")
    }
    return .values(known.results.map { Self.line($0, known.failures) })
  }

  /// `result domain selector reason`; what names no domain or no selector says nothing further.
  private static func line(
    _ result: SignatureResult, _ failures: [String: DNSFailure]
  ) -> String {
    var words = [result.outcome.rawValue]
    if !result.domain.isEmpty { words.append(result.domain) }
    if words.count == 2, !result.selector.isEmpty {
      words.append(result.selector)
      if let reason = result.reason?.text { words.append(reason) }
      if result.outcome == .temperror,
        let failure = failures["\(result.selector)._domainkey.\(result.domain)"]
      {
        words.append("(\(failure.reason))")
      }
    }
    return words.joined(separator: " ")
  }

  /// Nil when the process ends.
  static func results(
    _ request: CheckRequest, _ work: MailWork, _ services: LiveServices
  ) async -> KnownSignatures? {
    guard let message = request.subject?.message else { return nil }
    let resolver = work.dns
    return await work.signatures.value([]) {
      guard let reading = await services.block({ SignatureReading(message) }) else { return nil }
      let keys = await KeyLookup.find(reading.needs, resolver)
      let results = await services.block {
        reading.verify(with: keys.records, now: Int64(Date().timeIntervalSince1970))
      }
      return results.map { KnownSignatures(results: $0, failures: keys.failures) }
    }
  }
}

/// The result of each signature, and why keys were not to be had.
struct KnownSignatures: Sendable {
  let results: [SignatureResult]
  /// By the names of the keys.
  let failures: [String: DNSFailure]
}
