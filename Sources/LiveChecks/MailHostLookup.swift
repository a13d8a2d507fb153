// `mx`: where a domain takes its mail. An exchanger that is known to be wrong counts, whatever is
// not known of others; what nobody knows is said as such: it might be what was asked for.
package import Resolver
internal import RuleBytecode
package import RuleVM

package struct MailHostLookup: LiveCheck {
  private let resolver: any Resolving

  package init(_ resolver: any Resolving) { self.resolver = resolver }

  package func answer(_ request: CheckRequest) async -> CheckAnswer {
    let arguments = request.arguments
    // What is no name has no exchanger.
    guard let domain = arguments.first.flatMap({ try? DNSName($0) }) else {
      return .values([MXQuestion.missing.name])
    }
    let client = arguments.count > 1 ? IPAddress(arguments[1]) : nil
    let own = arguments.count > 2 ? IPAddress(arguments[2]).map { [$0] } ?? [] : []
    let hosts = await MailHosts.find(
      of: domain, own: Set(own), MailWork.of(request, resolver).dns,
      timeoutMilliseconds: request.timeoutMilliseconds)
    switch hosts {
    case .missing: return .values([MXQuestion.missing.name])
    case .failed(let failure): return .failed(.dns, reason: failure.reason)
    case .found(_, let faults, let unknown):
      var states: [String] = []
      if !faults.isEmpty { states.append(MXQuestion.bogus.name) }
      if let client, hosts.contains(client) { states.append(MXQuestion.client.name) }
      if let unknown { states.append("unknown \(unknown.reason)") }
      return .values(states.isEmpty ? ["ok"] : states)
    }
  }
}
