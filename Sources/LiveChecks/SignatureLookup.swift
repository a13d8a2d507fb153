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
    guard let results = await Self.results(request, work, services) else {
      return .failed(.internal, reason: "the message is not there")
    }
    return .values(results.map(Self.line))
  }

  /// `result domain selector reason`; what names no domain or no selector says nothing further.
  private static func line(_ result: SignatureResult) -> String {
    var words = [result.outcome.rawValue]
    if !result.domain.isEmpty { words.append(result.domain) }
    if words.count == 2, !result.selector.isEmpty {
      words += [result.selector, result.reason?.text ?? ""]
    }
    return words.joined(separator: " ")
  }

  /// Nil when the process ends.
  static func results(
    _ request: CheckRequest, _ work: MailWork, _ services: LiveServices
  ) async -> [SignatureResult]? {
    guard let message = request.subject?.message else { return nil }
    let resolver = work.dns
    return await work.signatures.value([]) {
      guard let reading = await services.block({ SignatureReading(message) }) else { return nil }
      let keys = await KeyLookup.answers(to: reading.needs, resolver)
      return await services.block {
        reading.verify(with: keys, now: Int64(Date().timeIntervalSince1970))
      }
    }
  }
}
