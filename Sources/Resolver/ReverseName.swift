// The names of a client: those that its address has and that have its address (RFC 8601 §3, iprev;
// RFC 1912 §2.1). Whoever owns an address writes any name there, so a name alone says nothing.

package import RuleBytecode

package enum ReverseName: Hashable, Sendable {
  /// Names that lead back to the address.
  case confirmed([DNSName])
  /// Names that do not.
  case unconfirmed([DNSName])
  case none
  case failed(DNSFailure)

  /// Names of one address that are looked at (as RFC 7208 §5.5 has it).
  package static let namesMax = 10

  package static func find(
    of address: IPAddress, _ resolver: any Resolving,
    timeoutMilliseconds: Int = ResolverLimits.questionMilliseconds
  ) async -> ReverseName {
    guard let reverse = DNSName(reverseOf: address) else { return .none }
    let answer = await resolver.ask(
      DNSQuestion(reverse, .ptr), timeoutMilliseconds: timeoutMilliseconds)
    if case .failed(let failure) = answer { return .failed(failure) }
    let names = answer.records.prefix(namesMax).compactMap { record -> DNSName? in
      if case .pointer(let target) = record { target.name } else { nil }
    }
    if names.isEmpty { return .none }
    let type: DNSType = address.isIPv4 ? .a : .aaaa
    let answers = await withTaskGroup(of: (Int, DNSAnswer).self) { group in
      for (index, name) in names.enumerated() {
        group.addTask {
          let question = DNSQuestion(name, type)
          return (
            index, await resolver.ask(question, timeoutMilliseconds: timeoutMilliseconds)
          )
        }
      }
      var answers = [DNSAnswer](repeating: .failed(.timeout), count: names.count)
      for await (index, answer) in group { answers[index] = answer }
      return answers
    }
    return judge(address, names, answers)
  }

  /// One answer a name.
  static func judge(
    _ address: IPAddress, _ names: [DNSName], _ answers: [DNSAnswer]
  ) -> ReverseName {
    let confirmed = zip(names, answers).filter { $0.1.records.contains(.address(address)) }
    if !confirmed.isEmpty { return .confirmed(confirmed.map(\.0)) }
    if let failure = answers.lazy.compactMap(\.failure).first { return .failed(failure) }
    return .unconfirmed(names)
  }
}

extension DNSName {
  private static let dynamicWords: Set<Substring> = [
    "dsl", "dialup", "dynamic", "cable", "pool", "dhcp", "ppp", "broadband",
  ]

  /// Whether it looks like a name that a provider gives to any of its lines: by one of these words,
  /// or by the address itself. The last two labels are the provider's own name and do not count.
  package func looksDynamic(for address: IPAddress) -> Bool {
    let labels = text.split(separator: ".").dropLast(2)
    let words = labels.flatMap { $0.split { !$0.isLetter } }
    if words.contains(where: { Self.dynamicWords.contains($0) || $0.hasSuffix("dsl") }) {
      return true
    }
    return Self.holds(address, labels.joined(separator: "."))
  }

  private static func holds(_ address: IPAddress, _ text: String) -> Bool {
    guard address.isIPv4 else {
      return text.filter { $0 != "." && $0 != "-" }.contains(address.bytes.hex)
    }
    let octets = Array(address.bytes.suffix(4))
    if text.contains(octets.hex) { return true }
    let padded = octets.map { String(repeating: "0", count: 3 - String($0).count) + String($0) }
    if text.contains(padded.joined()) { return true }
    let numbers = text.split { !$0.isNumber }.map { Int($0) ?? -1 }
    let wanted = octets.map { Int($0) }
    guard numbers.count >= 4 else { return false }
    return (0...numbers.count - 4).contains { start in
      let four = Array(numbers[start..<start + 4])
      return four == wanted || four == wanted.reversed()
    }
  }
}
