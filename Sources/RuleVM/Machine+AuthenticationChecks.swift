// SPF, DKIM, DMARC and ARC: results to compare, and facts. A temperror is an error of class `:dns`;
// none and permerror are results like the others (LANGUAGE.md §6).
internal import MailMessage
internal import RuleBytecode

extension Machine {
  /// RFC 7208. Without a client's address there is nothing to check.
  mutating func senderPolicy(
    _ spec: CheckSpec, _ program: borrowing VerifiedProgram
  ) throws(Trap) -> UInt64? {
    var result = "none"
    if let arguments = senderPolicyArguments(program) {
      guard let answer = try ask(spec, arguments[1], arguments, program) else { return nil }
      guard case .fields(let fields) = answer, let found = fields["result"] else {
        return refused(answer, spec)
      }
      if found == Self.temporary { return fail(.dns, "spf: temperror") }
      result = found
    }
    try note(.spfResult, result, program)
    return try compared(result, spec, program)
  }

  /// Client, sender and HELO name; nil without a client's address.
  func senderPolicyArguments(_ program: borrowing VerifiedProgram) -> [String]? {
    guard let address = facts[.clientIP] else { return nil }
    let words = [address, facts[.sender] ?? .empty, facts[.helo] ?? .empty]
    return words.map { String(decoding: bytes(of: $0, program), as: UTF8.self) }
  }

  /// RFC 7489. Who the author is, is what the message came with, whatever rules have edited.
  mutating func domainPolicy(
    _ spec: CheckSpec, _ program: borrowing VerifiedProgram
  ) throws(Trap) -> UInt64? {
    let domains = try authorDomains()
    guard let answer = try ask(spec, domains.first ?? "", domains, program) else { return nil }
    guard case .fields(let fields) = answer, let result = fields["result"] else {
      return refused(answer, spec)
    }
    if result == Self.temporary { return fail(.dns, "dmarc: temperror") }
    try note(.dmarcResult, result, program)
    try note(.dmarcPolicy, fields["policy"], program)
    return try compared(result, spec, program)
  }

  /// The different domains of all addresses in From fields; one more than is asked about shows that
  /// there are too many.
  private mutating func authorDomains() throws(Trap) -> [String] {
    guard let message else { return [] }
    var domains: [String] = []
    for field in message.fields(named: "from") {
      try charge(field.value.count * ByteCost.decodeHeaderPerByte)
      for mailbox in AddressParser.mailboxes(message.parts[0].bytes[field.value].span) {
        let domain = DomainLabels.ascii(mailbox.domain) ?? mailbox.domain
        if domains.count <= Self.authorDomainsMax, !domains.contains(domain) {
          domains.append(domain)
        }
      }
    }
    return domains
  }

  /// As many as DMARC is asked about at most (`SenderPolicyLimits.authorDomainsMax`).
  private static var authorDomainsMax: Int { 8 }

  /// RFC 8617. `:sealer` compares the domain of the newest seal, in a chain that holds.
  mutating func chain(
    _ spec: CheckSpec, _ program: borrowing VerifiedProgram
  ) throws(Trap) -> UInt64? {
    guard let answer = try ask(spec, "", [], program) else { return nil }
    guard case .fields(let fields) = answer, let result = fields["result"] else {
      return refused(answer, spec)
    }
    if result == Self.temporary { return fail(.dns, "arc: temperror") }
    try note(.arcResult, result, program)
    guard spec.aspect == AuthenticationQuestion.domain.rawValue else {
      return try compared(result, spec, program)
    }
    guard result == "pass", let sealer = fields["sealer"], !sealer.isEmpty else {
      saw(result)
      return TruthWord.no
    }
    return try compared(sealer.lowercased(), spec, program)
  }

  // MARK: DKIM

  private struct Signature {
    var result: String
    var domain: String
    var selector: String
    /// Why it is no pass, where the answer says so.
    var reason: String

    init?(_ line: String) {
      let words = line.split(separator: " ").map(String.init)
      guard let first = words.first else { return nil }
      result = first
      domain = (words.count > 1 ? words[1] : "").lowercased()
      selector = words.count > 2 ? words[2] : ""
      reason = words.dropFirst(3).joined(separator: " ")
    }
  }

  /// RFC 6376: the best of all signatures, as §6.1 has it: one that fails is as if it was not there
  /// while another passes. With domains only their signatures count.
  mutating func signatures(
    _ spec: CheckSpec, _ texts: [String], _ program: borrowing VerifiedProgram
  ) throws(Trap) -> UInt64? {
    guard let answer = try ask(spec, "", [], program) else { return nil }
    guard case .values(let lines) = answer else { return refused(answer, spec) }
    let all = lines.compactMap(Signature.init)
    let best = Self.best(of: all)
    try note(.dkimDomain, best?.domain, program)
    try note(.dkimSelector, best?.selector, program)
    let isTemporary = best?.result == Self.temporary
    try note(.dkimResult, isTemporary ? nil : best?.result ?? "none", program)
    var asked = best
    if spec.aspect == AuthenticationQuestion.domain.rawValue {
      let domains = Set(texts.map { $0.lowercased() })
      asked = Self.best(of: all.filter { domains.contains($0.domain) })
    }
    if let asked, asked.result == Self.temporary {
      let name = asked.selector.isEmpty ? "" : " \(asked.selector)._domainkey.\(asked.domain)"
      let reason = asked.reason.isEmpty ? "" : ", \(asked.reason)"
      return fail(.dns, "dkim: temperror\(name)\(reason)")
    }
    return try compared(asked?.result ?? "none", spec, program)
  }

  private static func best(of signatures: [Signature]) -> Signature? {
    var best: (rank: Int, signature: Signature)?
    for signature in signatures {
      let rank = ranks.firstIndex(of: signature.result) ?? ranks.count
      if best.map({ rank < $0.rank }) ?? true { best = (rank, signature) }
    }
    return best?.signature
  }

  /// From the best result to the worst. Behind a temperror may be a pass, so it is better than what
  /// is known to be none.
  private static var ranks: [String] {
    ["pass", temporary, "neutral", "policy", "fail", "permerror", "none"]
  }

  private static var temporary: String { "temperror" }

  // MARK: Results

  /// The result as the spec compares it; for reading facts alone, yes.
  private mutating func compared(
    _ result: String, _ spec: CheckSpec, _ program: borrowing VerifiedProgram
  ) throws(Trap) -> UInt64 {
    guard spec.spec > 0 else { return TruthWord.yes }
    let word = try makeText(cut(result, limits.nameBytesMax))
    let holds = try matches([word], program.program.specs[Int(spec.spec) - 1], program)
    return holds ? TruthWord.yes : TruthWord.no
  }

  private mutating func refused(_ answer: CheckAnswer, _ spec: CheckSpec) -> UInt64 {
    if case .failed(let failure, let reason) = answer {
      return fail(failure, "\(spec.kind.name): \(reason)")
    }
    return misread(spec, "")
  }
}
