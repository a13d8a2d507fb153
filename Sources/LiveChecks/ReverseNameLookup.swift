// `rdns`: the names of the client's address that lead back to it.
package import Resolver
internal import RuleBytecode
package import RuleVM

package struct ReverseNameLookup: LiveCheck {
  private let resolver: any Resolving

  package init(_ resolver: any Resolving) { self.resolver = resolver }

  package func answer(_ request: CheckRequest) async -> CheckAnswer {
    guard let address = request.arguments.first.flatMap({ IPAddress($0) }) else {
      return Self.fields(isConfirmed: false, [], nil)
    }
    let found = await ReverseName.find(
      of: address, MailWork.of(request, resolver).dns,
      timeoutMilliseconds: request.timeoutMilliseconds)
    switch found {
    case .confirmed(let names): return Self.fields(isConfirmed: true, names, address)
    case .unconfirmed(let names): return Self.fields(isConfirmed: false, names, address)
    case .none: return Self.fields(isConfirmed: false, [], nil)
    case .failed(let failure): return .failed(.dns, reason: failure.reason)
    }
  }

  private static func fields(
    isConfirmed: Bool, _ names: [DNSName], _ address: IPAddress?
  ) -> CheckAnswer {
    let isDynamic = address.map { address in
      names.contains { $0.looksDynamic(for: address) }
    }
    return .fields([
      "confirmed": isConfirmed ? "yes" : "no", "dynamic": isDynamic == true ? "yes" : "no",
      "name": names.first?.text ?? "",
    ])
  }
}
