// Sends the digests that are due.

package struct DigestRunner: Sendable {
  private let office: PostOffice
  private let plans: [DigestPlan]
  private let source: any DigestSource
  private let daemonAddress: String?
  private let mayWriteTo: @Sendable (String) -> Bool

  /// - Parameter mayWriteTo: Which recipients get a digest of their own: those of our domains. Mail
  ///   held on its way out has recipients who have nothing to do with us.
  package init(
    office: PostOffice, plans: [DigestPlan], source: any DigestSource, daemonAddress: String?,
    mayWriteTo: @escaping @Sendable (String) -> Bool
  ) {
    self.office = office
    self.plans = plans
    self.source = source
    self.daemonAddress = daemonAddress
    self.mayWriteTo = mayWriteTo
  }

  /// Blocking; to be called every minute or so. The first time, and after a long pause, it tells of
  /// all that is held. Returns how many mails it has queued.
  @discardableResult
  package func run(now: Int64 = SystemClock.now) throws -> Int {
    var count = 0
    for plan in plans {
      let last = try office.book.lastRun(of: plan.name)
      // One of the future is of a clock that was wrong.
      if let last, last <= now, now - last < plan.everySeconds { continue }
      count += try run(plan, since: last.map { min($0, now) } ?? 0, now)
    }
    return count
  }

  private func run(_ plan: DigestPlan, since last: Int64, _ now: Int64) throws -> Int {
    let settle = office.limits.digestSettleSeconds
    let lines = try source.held(since: max(0, last - settle), until: now - settle)
    var count = 0
    for (address, own) in groups(lines, plan) {
      guard let mail = mail(plan, address, own, now) else { continue }
      // Who got his before a failure does not get it again.
      let key = plan.name + "\n" + address
      if let sent = try office.book.lastRun(of: key), sent > last, sent <= now { continue }
      try office.queue.enqueue(mail, now: now)
      try office.book.setLastRun(of: key, now)
      count += 1
    }
    try office.book.finishDigest(plan.name, now)
    return count
  }

  private func groups(
    _ lines: [DigestLine], _ plan: DigestPlan
  ) -> [(address: String, lines: [DigestLine])] {
    if case .address(let address) = plan.audience {
      return lines.isEmpty ? [] : [(address, lines)]
    }
    var groups: [String: [DigestLine]] = [:]
    for line in lines where !line.isPart {
      for recipient in Set(line.recipients.map(MarkAddress.canonical)) where mayWriteTo(recipient) {
        groups[recipient, default: []].append(line)
      }
    }
    return groups.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  private func mail(
    _ plan: DigestPlan, _ address: String, _ lines: [DigestLine], _ now: Int64
  ) -> OutgoingMail? {
    let identity = MailIdentity(hostName: office.hostName, daemonAddress: daemonAddress)
    let recipient: String? = plan.audience == .eachRecipient ? address : nil
    let shown = lines.prefix(office.limits.digestLinesMax)
    let text = DigestText.text(
      Array(shown), hostName: office.hostName, leftOut: lines.count - shown.count
    ) { line in
      let expires = min(line.expiresSeconds, now + office.limits.tokenValidSeconds)
      let token = ReleaseToken.make(
        entryID: line.id, recipient: recipient, expires: expires, key: office.keys.current)
      return (token, expires)
    }
    let count = lines.count == 1 ? "1 message" : "\(lines.count) messages"
    return NoticeWriter(identity, limits: office.limits).mail(
      .digest, to: address, subject: "Held in quarantine: \(count)", text: text, now: now)
  }
}
