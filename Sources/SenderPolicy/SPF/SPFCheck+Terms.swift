// The mechanisms (RFC 7208 §5) and their bounds (§4.6.4).

import RuleBytecode

extension SPFCheck {
  mutating func evaluate() {
    guard let frame = frames.last else { return }
    guard let directive = frame.directive else {
      runOut(frame)
      return
    }
    let mechanism = directive.mechanism
    if mechanism.asks {
      guard countTerm(), hasNames(for: mechanism.name, .name) else { return }
    }
    switch mechanism {
    case .all: leave(directive.result, mechanism: quoted(directive.text))
    case .network(let network, let bits, let isIPv4):
      decide(isIPv4 == values.address.isIPv4 && values.address.shares(bits, with: network))
    case .include(let spec): include(spec)
    case .address(let spec, let prefix):
      look(spec, values.address.isIPv4 ? .a : .aaaa, .addresses(prefix))
    case .exists(let spec): look(spec, .a, .existence)
    case .mailHosts(let spec, let prefix): look(spec, .mx, .mailHosts(prefix))
    case .reverse(let spec): reverse(spec)
    }
  }

  /// Each term once, however often it is taken up again.
  mutating func countTerm() -> Bool {
    if isCounted { return true }
    isCounted = true
    askingTerms += 1
    if askingTerms <= limits.askingTermsMax { return true }
    refuse(.tooManyAskingTerms(max: limits.askingTermsMax))
    return false
  }

  /// RFC 7208 §4.6.4 limits the terms, so what hosts of an mx term do not have counts no more.
  private mutating func countVoid(_ answer: SenderAnswer) -> Bool {
    guard answer.isVoid else { return true }
    voidTerms += 1
    if voidTerms <= limits.voidTermsMax { return true }
    refuse(.tooManyVoidTerms(max: limits.voidTermsMax))
    return false
  }

  /// The name that a domain-spec means, nil when the DNS cannot have it, and as it was written.
  func target(
    _ spec: ArraySlice<UInt8>?
  ) -> (name: DomainName?, text: ArraySlice<UInt8>, isASCII: Bool) {
    guard let spec else {
      return (DomainName(values.domain), ArraySlice(values.domain.utf8), true)
    }
    let expanded = values.expand(spec, .name, bytesMax: 2 * DomainName.bytesMax, keepsEnd: true)
    var text = DomainName.shortened(expanded)
    if text.last == .dot { text.removeLast() }
    return (DomainName(text), text, expanded.allSatisfy { $0 < 0x80 })
  }

  /// A name that cannot be asked for has nothing (RFC 7208 §4.3, §4.8).
  private mutating func look(_ spec: ArraySlice<UInt8>?, _ type: SenderRecordType, _ next: Stage) {
    guard let name = target(spec).name else {
      nextDirective()
      return
    }
    ask([SenderQuestion(name.text, type)], next)
  }

  private mutating func include(_ spec: ArraySlice<UInt8>) {
    let (name, text, isASCII) = target(spec)
    guard let name, name.isMailDomain else {
      // A local part beyond ASCII makes a term match nothing (RFC 8616 §4).
      if isASCII { refuse(.noPolicy(domain: quoted(text))) } else { nextDirective() }
      return
    }
    isCounted = false
    askPolicy(of: String(decoding: text, as: UTF8.self), name)
  }

  mutating func decide(_ isMatch: Bool) {
    guard isMatch, let directive = frames.last?.directive else {
      nextDirective()
      return
    }
    leave(directive.result, mechanism: quoted(directive.text))
  }

  /// What the only answer of a term means.
  mutating func settle(_ answer: SenderAnswer, _ isMatch: (IPAddress) -> Bool) {
    guard answer != .failure else {
      failTemporarily(pending.question)
      return
    }
    guard countVoid(answer) else { return }
    decide(isMatch(values.address))
  }

  mutating func failTemporarily(_ question: SenderQuestion?) {
    let question = question ?? SenderQuestion("", .txt)
    finish(
      .temperror,
      problem: .noAnswer(SenderQuestion(quoted(question.name.utf8), question.type)))
  }

  static func matches(_ answer: SenderAnswer, _ address: IPAddress, _ prefix: DualPrefix) -> Bool {
    let bits = prefix.bits(for: address)
    return answer.addresses.contains { address.shares(bits, with: $0) }
  }

  mutating func askMailHosts(_ prefix: DualPrefix) {
    let answer = pending.only
    guard answer != .failure else {
      failTemporarily(pending.question)
      return
    }
    guard countVoid(answer) else { return }
    let hosts = answer.mailHosts
    guard hosts.count <= limits.mailHostsMax else {
      let domain = quoted((pending.question?.name ?? "").utf8)
      refuse(.tooManyMailHosts(domain: domain, max: limits.mailHostsMax))
      return
    }
    let type: SenderRecordType = values.address.isIPv4 ? .a : .aaaa
    let questions = hosts.compactMap { DomainName($0).map { SenderQuestion($0.text, type) } }
    ask(questions, .hostAddresses(questions, prefix))
  }

  mutating func readMailHosts(_ questions: [SenderQuestion], _ prefix: DualPrefix) {
    for question in questions {
      let answer = pending[question]
      guard answer != .failure else {
        failTemporarily(question)
        return
      }
      if Self.matches(answer, values.address, prefix) {
        decide(true)
        return
      }
    }
    decide(false)
  }
}
