// `dnsbl` and `hashbl`: one zone asked about one address, domain or key (RFC 5782). What the codes
// mean is the machine's; here they are only fetched.
package import Resolver
package import RuleBytecode
package import RuleVM

package struct ListLookup: LiveCheck {
  private let resolver: any Resolving
  /// Some rule reads why a list lists.
  private let wantsText: Bool

  package init(_ resolver: any Resolving, _ program: Program) {
    self.init(resolver, wantsText: ProgramNeeds(program).facts.contains(.dnsblText))
  }

  init(_ resolver: any Resolving, wantsText: Bool) {
    self.resolver = resolver
    self.wantsText = wantsText
  }

  package func answer(_ request: CheckRequest) async -> CheckAnswer {
    // No list can have what is no name.
    guard let name = Self.name(request) else { return .values([]) }
    let resolver = MailWork.of(request, resolver).dns
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

  private static func name(_ request: CheckRequest) -> DNSName? {
    let arguments = request.arguments
    guard let first = arguments.first, let zone = try? DNSName(first) else { return nil }
    if request.kind == .hashbl {
      guard arguments.count == 3, let label = HashedKey.label(of: arguments[2], by: arguments[1])
      else { return nil }
      return try? DNSName("\(label).\(zone.text)")
    }
    guard arguments.count == 2 else { return nil }
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
