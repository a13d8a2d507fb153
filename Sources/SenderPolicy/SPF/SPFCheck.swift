// SPF (RFC 7208) as a value that is stepped: it says what it needs to know, is told, and goes on.
// Clients choose sender and HELO, and so whose records are read; records are anybody's. What a
// check can cost is bounded by `SenderPolicyLimits`: at most 11 records are read, and 10 terms ask.

package import RuleBytecode

package struct SPFCheck: Sendable {
  /// What the answers that are waited for are about.
  enum Stage: Sendable {
    /// Nothing is waited for: the next term, or the explanation.
    case ready
    case policy
    case addresses(DualPrefix)
    case existence
    case mailHosts(DualPrefix)
    case hostAddresses([SenderQuestion], DualPrefix)
    case reverseNames
    case reverseAddresses([DomainName])
    case explanation
    case finished(SPFResult)
  }

  /// A policy that is being looked at; below it those that include it.
  struct Frame: Sendable {
    let domain: String
    var record: SPFRecord
    /// The directive whose turn it is.
    var directive: SPFDirective?
  }

  /// `fail`, which only waits for its explanation.
  struct Verdict: Sendable {
    let word: SPFWord
    let mechanism: String?
    let explanation: ArraySlice<UInt8>?
    /// What the domain says, before macros are expanded.
    var text: [UInt8]?
  }

  let limits: SenderPolicyLimits
  var values: MacroValues
  var pending = PendingQuestions()
  var stage = Stage.ready
  var frames: [Frame] = []
  var verdict: Verdict?
  var askingTerms = 0
  var voidTerms = 0
  /// Whether the directive whose turn it is has been counted.
  var isCounted = false
  /// Whether the names of the address are looked up for the mechanism itself, so that it counts
  /// when there are none; a macro's do not.
  var countsReverse = false
  /// What is at the domain that was asked for the policy.
  var asked = ""
  let checkedDomain: String

  /// - Parameters:
  ///   - sender: of MAIL FROM, without angle brackets; empty for a report, whose HELO is checked
  ///     (RFC 7208 §2.4).
  ///   - receivingHost: our own name, for macro `r`.
  ///   - timeSeconds: since 1970, for macro `t`.
  ///   - asciiDomain: writes a domain with letters beyond ASCII as the DNS has it (RFC 8616 §4);
  ///     without it such domains have no policy.
  package init(
    address: IPAddress, sender: String, helo: String, receivingHost: String, timeSeconds: Int,
    limits: SenderPolicyLimits = SenderPolicyLimits(),
    asciiDomain: (String) -> String? = { $0 }
  ) {
    let helo = Self.bounded(helo, limits)
    let sender = Self.bounded(sender, limits)
    let at = sender.lastIndex(of: "@")
    let local = at.map { String(sender[..<$0]) } ?? ""
    let written = at.map { String(sender[sender.index(after: $0)...]) } ?? sender
    let domain = sender.isEmpty ? helo : written
    let ascii = domain.utf8.allSatisfy { $0 < 0x80 } ? domain : asciiDomain(domain) ?? domain
    checkedDomain = ascii
    values = MacroValues(
      address: address, localPart: local.isEmpty ? "postmaster" : local, senderDomain: ascii,
      helo: helo, receivingHost: receivingHost, timeSeconds: timeSeconds, domain: ascii)
    self.limits = limits
    begin()
  }

  private static func bounded(_ text: String, _ limits: SenderPolicyLimits) -> String {
    text.utf8.count <= limits.identityBytesMax
      ? text : String(decoding: text.utf8.prefix(limits.identityBytesMax), as: UTF8.self)
  }

  /// Goes on as far as the answers reach. Asking again without having answered gives the same.
  package mutating func step() -> SPFStep {
    while true {
      if case .finished(let result) = stage { return .done(result) }
      let open = pending.open
      if !open.isEmpty { return .ask(open) }
      proceed()
    }
  }

  /// An answer to something that was not asked changes nothing.
  package mutating func answer(_ question: SenderQuestion, _ answer: SenderAnswer) {
    pending.take(answer, to: question)
  }

  private mutating func begin() {
    guard let name = DomainName(checkedDomain), name.isMailDomain else {
      finish(.none, problem: .noDomain)
      return
    }
    askPolicy(of: checkedDomain, name)
  }

  private mutating func proceed() {
    switch stage {
    case .ready: if verdict == nil { evaluate() } else { explain() }
    case .policy: readPolicy()
    case .addresses(let prefix):
      let answer = pending.only
      settle(answer) { Self.matches(answer, $0, prefix) }
    case .existence:
      let answer = pending.only
      settle(answer) { _ in !answer.addresses.isEmpty }
    case .mailHosts(let prefix): askMailHosts(prefix)
    case .hostAddresses(let questions, let prefix): readMailHosts(questions, prefix)
    case .reverseNames: askReverseAddresses()
    case .reverseAddresses(let names): readReverseAddresses(names)
    case .explanation: readExplanation()
    case .finished: break
    }
  }

  mutating func ask(_ questions: [SenderQuestion], _ next: Stage) {
    pending.ask(questions)
    stage = next
  }

  mutating func finish(
    _ word: SPFWord, mechanism: String? = nil, explanation: String? = nil,
    problem: SPFProblem? = nil
  ) {
    pending.ask([])
    stage = .finished(
      SPFResult(
        word: word, domain: checkedDomain.utf8.printable(bytesMax: DomainName.bytesMax + 1),
        mechanism: mechanism,
        explanation: explanation, problem: problem))
  }

  func quoted(_ bytes: some Collection<UInt8>) -> String {
    bytes.printable(bytesMax: limits.quotedBytesMax)
  }
}
