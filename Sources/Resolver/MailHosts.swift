// Where a domain takes its mail (RFC 5321 §5.1), and what is wrong with that: who cannot be
// answered should not send.

package import RuleBytecode

package enum MailHosts: Hashable, Sendable {
  package enum Fault: Hashable, Sendable {
    /// The domain takes no mail (RFC 7505).
    case nullMX
    /// A host that no host can be called.
    case unusableHost
    case address(DNSName, IPAddress, AddressKind)
    /// The domain names our own address as its mail host.
    case own(DNSName, IPAddress)
  }

  /// Addresses of the hosts, what is wrong with some, and why others are not known.
  case found([IPAddress], faults: [Fault], unknown: DNSFailure?)
  /// Neither mail hosts nor an address.
  case missing
  case failed(DNSFailure)

  /// Mail hosts that are looked at (as RFC 7208 §4.6.4 has it), those preferred first.
  package static let hostsMax = 10

  package var faults: [Fault] {
    if case .found(_, let faults, _) = self { faults } else { [] }
  }

  /// `:client`: whether the client is one of the domain's own mail hosts.
  package func contains(_ client: IPAddress) -> Bool {
    if case .found(let addresses, _, _) = self { addresses.contains(client) } else { false }
  }

  /// - Parameter own: our own addresses.
  package static func find(
    of domain: DNSName, own: Set<IPAddress> = [], _ resolver: any Resolving,
    timeoutMilliseconds: Int = ResolverLimits.questionMilliseconds
  ) async -> MailHosts {
    let answer = await resolver.ask(
      DNSQuestion(domain, .mx), timeoutMilliseconds: timeoutMilliseconds)
    var targets: [(preference: UInt16, host: DNSTarget)] = []
    switch answer {
    case .failed(let failure): return .failed(failure)
    case .none(.noName, _): return .missing
    case .none(.noRecords, _): targets = [(0, .name(domain))]
    case .records(let records, _):
      for case .mailExchange(let preference, let host) in records {
        targets.append((preference, host))
      }
    }
    let chosen = targets.sorted { $0.preference < $1.preference }.prefix(hostsMax).map(\.host)
    var hosts: [DNSName] = []
    for host in chosen.compactMap(\.name) where !hosts.contains(host) { hosts.append(host) }
    let questions = hosts.flatMap { [DNSQuestion($0, .a), DNSQuestion($0, .aaaa)] }
    let answers = await withTaskGroup(of: (DNSQuestion, DNSAnswer).self) { group in
      for question in questions {
        group.addTask {
          (question, await resolver.ask(question, timeoutMilliseconds: timeoutMilliseconds))
        }
      }
      var answers: [DNSQuestion: DNSAnswer] = [:]
      for await (question, answer) in group { answers[question] = answer }
      return answers
    }
    return judge(chosen, questions, answers, own)
  }

  private static func judge(
    _ targets: [DNSTarget], _ questions: [DNSQuestion], _ answers: [DNSQuestion: DNSAnswer],
    _ own: Set<IPAddress>
  ) -> MailHosts {
    var faults: [Fault] = []
    if targets.contains(.root) { faults.append(.nullMX) }
    if targets.contains(.unusable) { faults.append(.unusableHost) }
    var addresses: [IPAddress] = []
    for question in questions {
      for address in (answers[question]?.records ?? []).compactMap(\.address) {
        addresses.append(address)
        let kind = AddressKind(address)
        if own.contains(address) {
          faults.append(.own(question.name, address))
        } else if kind != .global {
          faults.append(.address(question.name, address, kind))
        }
      }
    }
    let failure = questions.lazy.compactMap { answers[$0]?.failure }.first
    if !addresses.isEmpty || !faults.isEmpty {
      return .found(addresses, faults: faults, unknown: failure)
    }
    return failure.map(MailHosts.failed) ?? .missing
  }
}
