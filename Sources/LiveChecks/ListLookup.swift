// `dnsbl`: one zone asked about one address or domain (RFC 5782). What the codes mean is the
// machine's; here they are only fetched.
package import Resolver
package import RuleBytecode
package import RuleVM

package struct ListLookup: LiveCheck {
  private let resolver: any Resolving
  /// Some rule reads why a list lists.
  private let wantsText: Bool

  package init(_ resolver: any Resolving, _ program: Program) {
    self.resolver = resolver
    wantsText = ProgramNeeds(program).facts.contains(.dnsblText)
  }

  package func answer(_ request: CheckRequest) async -> CheckAnswer {
    guard request.arguments.count == 2, let name = Self.name(request.arguments) else {
      // No list can have what is no name.
      return .values([])
    }
    let codes = await resolver.ask(
      DNSQuestion(name, .a), timeoutMilliseconds: request.timeoutMilliseconds)
    if let failure = codes.failure { return .failed(.dns, reason: failure.reason) }
    let listed = codes.records.compactMap(\.address).map(\.readable)
    guard wantsText, !listed.isEmpty else { return .values(listed) }
    // A list without a reason is a list all the same.
    let reasons = await resolver.ask(
      DNSQuestion(name, .txt), timeoutMilliseconds: request.timeoutMilliseconds)
    let text = reasons.records.lazy.compactMap(\.joinedText).first ?? []
    return .fields([
      "codes": listed.joined(separator: " "), "text": String(decoding: text, as: UTF8.self),
    ])
  }

  private static func name(_ arguments: [String]) -> DNSName? {
    guard let zone = try? DNSName(arguments[0]) else { return nil }
    if let address = IPAddress(arguments[1]) { return DNSName(listing: address, in: zone) }
    return (try? DNSName(arguments[1])).flatMap { DNSName(listing: $0, in: zone) }
  }
}

extension DNSFailure {
  /// For trace and log.
  var reason: String {
    switch self {
    case .timeout: "timeout"
    case .unreachable: "no name server takes questions"
    case .serverFailure: "SERVFAIL"
    case .refused: "REFUSED"
    case .code(let code): "response code \(code)"
    case .garbage: "an answer that is none"
    case .truncated: "an answer that is cut off"
    case .tooLarge: "an answer that is too large"
    case .aliasLoop: "aliases that lead nowhere"
    case .notRecursive: "a name server that asks no other"
    case .busy: "too many questions wait"
    case .budget: "the message has asked all that it may"
    case .stopped: "the daemon ends"
    case .local: "no socket or memory"
    }
  }
}
