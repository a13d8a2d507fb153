// DMARC (RFC 7489 §6.6) as a value that is stepped like `SPFCheck`. Whoever sends the mail wrote
// the authors' domains; SPF and DKIM have been settled before. Of several authors each domain is
// evaluated and the strictest result counts (§6.6.1), so no further author makes a mail better.

/// A domain that SPF or DKIM vouched for, or would have.
package struct DMARCIdentifier: Equatable, Sendable {
  package enum Outcome: Sendable {
    case pass
    /// A temporary error: it could have been a pass.
    case unsettled
    case other
  }

  package let domain: String
  package let outcome: Outcome

  package init(_ domain: String, _ outcome: Outcome) {
    self.domain = domain
    self.outcome = outcome
  }

  package init(_ result: SPFResult) {
    domain = result.domain
    switch result.word {
    case .pass: outcome = .pass
    case .temperror: outcome = .unsettled
    default: outcome = .other
    }
  }
}

package struct DMARCCheck: Sendable {
  /// A domain with the one of its organisation.
  struct Owned: Hashable, Sendable {
    let name: DomainName
    let organisation: DomainName
  }

  /// A domain in From, and what is known about it.
  private struct Author: Sendable {
    let owned: Owned
    /// Where its policy is looked for now.
    var place: DomainName
    var result: DMARCResult?
  }

  private let limits: SenderPolicyLimits
  private var authors: [Author] = []
  private var spf: (owned: Owned, outcome: DMARCIdentifier.Outcome)?
  private var dkim: [(owned: Owned, outcome: DMARCIdentifier.Outcome)] = []
  private var pending = PendingQuestions()
  /// Without authors that could be asked about.
  private var refusal: DMARCResult?

  /// - Parameters:
  ///   - authorDomains: of all addresses in From, as the DNS has them (ASCII). One that is no name
  ///     is a permerror.
  ///   - spf: of MAIL FROM, or of HELO where there is no sender.
  ///   - dkim: of each signature, its `d=`.
  ///   - organizationalDomain: nil for what belongs to no organisation; then the domain stands for
  ///     itself (RFC 7489 §3.2).
  package init(
    authorDomains: [String], spf: DMARCIdentifier?, dkim: [DMARCIdentifier],
    limits: SenderPolicyLimits = SenderPolicyLimits(),
    organizationalDomain: (String) -> String?
  ) {
    self.limits = limits
    func owned(_ domain: String) -> Owned? {
      guard let name = DomainName(domain) else { return nil }
      let organisation = organizationalDomain(name.text).flatMap { DomainName($0) }
      return Owned(name: name, organisation: organisation ?? name)
    }
    self.spf = spf.flatMap { result in owned(result.domain).map { ($0, result.outcome) } }
    self.dkim = dkim.prefix(limits.signaturesMax).compactMap { result in
      owned(result.domain).map { ($0, result.outcome) }
    }
    begin(authorDomains, owned)
  }

  private mutating func begin(_ domains: [String], _ owned: (String) -> Owned?) {
    var seen: Set<DomainName> = []
    for domain in domains {
      guard let name = DomainName(domain), name.isMailDomain else {
        refusal = bare(.permerror, domain, .noAuthor)
        return
      }
      guard seen.insert(name).inserted else { continue }
      guard seen.count <= limits.authorDomainsMax else {
        refusal = bare(.permerror, "", .tooManyAuthors(max: limits.authorDomainsMax))
        return
      }
      guard let owned = owned(domain), let place = Self.place(of: owned) else {
        refusal = bare(.permerror, domain, .noAuthor)
        return
      }
      authors.append(Author(owned: owned, place: place))
    }
    guard !authors.isEmpty else {
      refusal = bare(.permerror, "", .noAuthor)
      return
    }
    pending.ask(authors.map { Self.question($0.place) })
  }

  /// With `_dmarc.` before it a name may be too long for the DNS.
  private static func place(of owned: Owned) -> DomainName? {
    [owned.name, owned.organisation].first { DomainName("_dmarc." + $0.text) != nil }
  }

  private static func question(_ place: DomainName) -> SenderQuestion {
    SenderQuestion("_dmarc." + place.text, .txt)
  }

  /// Goes on as far as the answers reach. Asking again without having answered gives the same.
  package mutating func step() -> DMARCStep {
    if let refusal { return .done(refusal) }
    while true {
      let open = pending.open
      if !open.isEmpty { return .ask(open) }
      if authors.allSatisfy({ $0.result != nil }) { break }
      proceed()
    }
    let results = authors.compactMap(\.result)
    return .done(results.max { $0.strictness < $1.strictness } ?? bare(.permerror, "", .noAuthor))
  }

  /// An answer to something that was not asked changes nothing.
  package mutating func answer(_ question: SenderQuestion, _ answer: SenderAnswer) {
    pending.take(answer, to: question)
  }

  private mutating func proceed() {
    var further: [SenderQuestion] = []
    for index in authors.indices where authors[index].result == nil {
      let author = authors[index]
      let answer = pending[Self.question(author.place)]
      // RFC 7489 §6.6.3 step 3: only where nothing is does the organisation count.
      if answer != .failure, DMARCRecord.select(answer.texts).isEmpty,
        author.place != author.owned.organisation
      {
        authors[index].place = author.owned.organisation
        further.append(Self.question(author.owned.organisation))
      } else {
        authors[index].result = result(of: author, answer)
      }
    }
    pending.ask(further)
  }

  private func result(of author: Author, _ answer: SenderAnswer) -> DMARCResult {
    let domain = author.owned.name.text
    if answer == .failure {
      return bare(.temperror, domain, .noAnswer(Self.question(author.place)))
    }
    let texts = DMARCRecord.select(answer.texts)
    guard let text = texts.first else { return bare(.none, domain, nil) }
    guard texts.count == 1 else {
      return bare(.permerror, domain, .severalRecords(domain: author.place.text))
    }
    guard text.count <= limits.recordBytesMax else {
      return bare(.permerror, domain, .recordTooLong(bytesMax: limits.recordBytesMax))
    }
    guard let record = DMARCRecord(text) else {
      return bare(.permerror, domain, .uselessRecord(domain: author.place.text))
    }
    return judged(author, record)
  }

  private func judged(_ author: Author, _ record: DMARCRecord) -> DMARCResult {
    let spfAligned = spf.map { [$0] } ?? []
    let spfOutcomes = outcomes(spfAligned, author.owned, record.spfAlignment)
    let dkimOutcomes = outcomes(dkim, author.owned, record.dkimAlignment)
    let isSPF = spfOutcomes.contains(.pass)
    let isDKIM = dkimOutcomes.contains(.pass)
    let isUnsettled = (spfOutcomes + dkimOutcomes).contains(.unsettled)
    let isOwn = author.place == author.owned.name
    let word: DMARCWord = isSPF || isDKIM ? .pass : isUnsettled ? .temperror : .fail
    return DMARCResult(
      word: word, domain: author.owned.name.text, policyDomain: author.place.text,
      policy: isOwn ? record.policy : record.subdomainPolicy, percent: record.percent,
      isSPFAligned: isSPF, isDKIMAligned: isDKIM,
      problem: word == .temperror ? .unsettled(domain: author.owned.name.text) : nil)
  }

  private func outcomes(
    _ identifiers: [(owned: Owned, outcome: DMARCIdentifier.Outcome)], _ author: Owned,
    _ alignment: DMARCAlignment
  ) -> [DMARCIdentifier.Outcome] {
    identifiers.filter { identifier in
      switch alignment {
      case .strict: identifier.owned.name == author.name
      case .relaxed: identifier.owned.organisation == author.organisation
      }
    }.map(\.outcome)
  }

  private func bare(
    _ word: DMARCWord, _ domain: String, _ problem: DMARCProblem?
  ) -> DMARCResult {
    DMARCResult(
      word: word, domain: domain.utf8.printable(bytesMax: limits.quotedBytesMax),
      policyDomain: nil, policy: nil, percent: 100, isSPFAligned: false, isDKIMAligned: false,
      problem: problem)
  }
}
