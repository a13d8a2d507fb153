// `dmarc`: what the author's domain wants done with this message (RFC 7489). SPF and DKIM of the
// message are needed first; they are done once, whoever asks for them.
internal import MailSignatures
package import Resolver
internal import RuleBytecode
package import RuleVM
internal import SenderPolicy

package struct DomainPolicyLookup: LiveCheck {
  private let resolver: any Resolving
  private let services: LiveServices
  private let suffixes: PublicSuffixList

  package init(
    _ resolver: any Resolving, _ services: LiveServices, _ suffixes: PublicSuffixList?
  ) throws(LiveFailure) {
    guard let suffixes else {
      throw LiveFailure("dmarc wants the list of public suffixes")
    }
    self.resolver = resolver
    self.services = services
    self.suffixes = suffixes
  }

  package func answer(_ request: CheckRequest) async -> CheckAnswer {
    guard let mail = request.subject?.mail, let message = request.subject?.message else {
      return .failed(.internal, reason: "the message is not there")
    }
    let work = MailWork.of(request, resolver)
    let identity = [mail.clientAddress, mail.sender, mail.helo]
    async let sender = SenderPolicyLookup.result(identity, work, services.settings.hostName)
    async let signatures = SignatureLookup.results(request, work, services)
    guard let signed = await signatures else {
      return .failed(.internal, reason: "the message is not there")
    }
    let check = DMARCCheck(
      authorDomains: request.arguments, spf: await sender.map { DMARCIdentifier($0.result) },
      dkim: signed.results.map(Self.identifier), organizationalDomain: suffixes.organisation)
    let (result, lookup) = await Self.result(check, work.dns)
    if result.word == .temperror {
      return .failed(.dns, reason: lookup.reason(result.problem?.message))
    }
    let policy = Self.policy(of: result, message)
    return .fields(["result": result.word.rawValue, "policy": policy?.rawValue ?? ""])
  }

  private static func result(
    _ first: DMARCCheck, _ resolver: any Resolving
  ) async -> (DMARCResult, SenderLookup) {
    var check = first
    var lookup = SenderLookup(resolver)
    while true {
      switch check.step() {
      case .done(let result): return (result, lookup)
      case .ask(let questions):
        for (question, answer) in await lookup.answers(to: questions) {
          check.answer(question, answer)
        }
      }
    }
  }

  private static func identifier(_ result: SignatureResult) -> DMARCIdentifier {
    let outcome: DMARCIdentifier.Outcome =
      switch result.outcome {
      case .pass: .pass
      case .temperror: .unsettled
      case .none, .fail, .policy, .neutral, .permerror: .other
      }
    return DMARCIdentifier(result.domain, outcome)
  }

  /// Of mail that fails some may be let off (`pct=`, RFC 7489 §6.6.4). The message draws: asked
  /// again it gets the same.
  private static func policy(of result: DMARCResult, _ message: [UInt8]) -> DMARCPolicy? {
    guard result.word == .fail, let policy = result.policy else { return result.policy }
    let digest = SHA256.digest(of: Array(message.prefix(drawnBytes)))
    let draw = (Int(digest[0]) << 8 | Int(digest[1])) % 100
    return draw < result.percent ? policy : policy.milder
  }

  private static let drawnBytes = 16_384
}

extension DMARCPolicy {
  fileprivate var milder: DMARCPolicy {
    switch self {
    case .reject: .quarantine
    case .quarantine, .none: .none
    }
  }
}
