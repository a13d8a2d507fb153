// `spf`: whether the client may send for this sender (RFC 7208). Sender, HELO and all records are
// strangers' words; what a check may ask is bounded by the RFC's limits and by a budget.
internal import FoundationEssentials
package import Resolver
internal import RuleBytecode
package import RuleVM
internal import SenderPolicy

package struct SenderPolicyLookup: LiveCheck {
  private let resolver: any Resolving
  private let hostName: String

  package init(_ resolver: any Resolving, _ services: LiveServices) {
    self.resolver = resolver
    hostName = services.settings.hostName
  }

  package func answer(_ request: CheckRequest) async -> CheckAnswer {
    guard request.arguments.count == 3 else {
      return .failed(.internal, reason: "nobody to ask about")
    }
    let work = MailWork.of(request, resolver)
    guard let known = await Self.result(request.arguments, work, hostName) else {
      return .fields(["result": SPFWord.none.rawValue])
    }
    if known.result.word == .temperror { return .failed(.dns, reason: known.reason) }
    return .fields(["result": known.result.word.rawValue])
  }

  /// - Parameter identity: the client's address, the sender and the name in HELO.
  /// - Returns: nil for a client without an address.
  static func result(
    _ identity: [String], _ work: MailWork, _ hostName: String
  ) async -> KnownSender? {
    guard let address = IPAddress(identity[0]) else { return nil }
    let resolver = work.senderDNS
    return await work.senderPolicies.value(identity) {
      var check = SPFCheck(
        address: address, sender: identity[1], helo: identity[2], receivingHost: hostName,
        timeSeconds: Int(Date().timeIntervalSince1970), asciiDomain: DomainLabels.ascii)
      var lookup = SenderLookup(resolver)
      while true {
        switch check.step() {
        case .done(let result):
          return KnownSender(result: result, reason: lookup.reason(result.problem?.message))
        case .ask(let questions):
          for (question, answer) in await lookup.answers(to: questions) {
            check.answer(question, answer)
          }
        }
      }
    }
  }
}

/// SPF's result, and why it is none for now.
struct KnownSender: Sendable {
  let result: SPFResult
  let reason: String
}
