// Which errands the last word on a message brings, in the order in which they are done: what costs
// nothing when the message comes again (programs, links, copies) before what would be there twice,
// signatures when nothing can change the message any more, mails last.
internal import MailEdits
internal import MailMessage
internal import RuleBytecode

/// What an errand is for; each is done once a message.
enum ErrandKey: Hashable {
  case action(Int)
  case copy(store: String)
  case quarantine(isCopy: Bool)
  case notice(NoticeAddressee)
  case ownCopy(recipient: Int)
  case duplicate(Int)
  case senders
  case lesson(scanner: String)
  /// Over the message, or a recipient's own copy.
  case signature(Action, SigningIdentity, copy: Int?)
}

/// A command that wants an errand.
struct ErrandWish: Equatable, Sendable {
  /// Index of its record; nil for what no record stands for.
  var action: Int?
  var rule: String?
  /// The failure policy in force there.
  var policy: Int?
}

struct PlannedErrand {
  let key: ErrandKey
  /// Nil when its content could not be had.
  let errand: Errand?
  /// The class of its failure.
  let failure: FailureClass
  let wishes: [ErrandWish]
  /// For trace and log.
  let what: String
}

/// Works out the errands of one outcome.
struct ErrandPlanner {
  let session: PolicySession
  let outcome: Outcome
  let decisions: Decisions

  init(_ session: PolicySession, _ outcome: Outcome) {
    self.session = session
    self.outcome = outcome
    decisions = session.decisions
  }

  private var program: Program { session.policy.program.program }

  /// All but mails.
  func stores() -> [PlannedErrand] {
    let carriedOut = decisions.carriedOutIndexes(outcome)
    let filters = carriedOut.compactMap { filter($0) }
    let links = carriedOut.compactMap { link($0) }
    let parts = carriedOut.compactMap { quarantinedPart($0) }
    return filters + links + copies(carriedOut) + parts + quarantinedMessage(carriedOut)
  }

  func wish(_ index: Int) -> ErrandWish {
    let record = decisions.actions[index]
    return ErrandWish(action: index, rule: record.rule, policy: record.policy)
  }

  /// Whether the failure of this errand refuses the message.
  private func isDecisive(_ wishes: [ErrandWish], _ failure: FailureClass) -> Bool {
    wishes.contains { wish in
      let answer = wish.policy.map { program.policies[$0][failure] } ?? .tempfail
      return answer == .tempfail || answer == .reject
        || (answer == .quarantine && failure == .store)
    }
  }

  private func planned(
    _ key: ErrandKey, _ work: Errand.Work?, _ failure: FailureClass, _ wishes: [ErrandWish],
    _ what: String
  ) -> PlannedErrand {
    // Content that cannot be had is a cap that was hit, whatever was to be done with it; and half a
    // message is not kept as if it were all.
    var isWhole = !session.isTruncated
    if case .notice = work { isWhole = true }
    guard let work, isWhole else {
      return PlannedErrand(key: key, errand: nil, failure: .limit, wishes: wishes, what: what)
    }
    let errand = Errand(
      work, rule: wishes.first?.rule, isDecisive: isDecisive(wishes, failure))
    return PlannedErrand(key: key, errand: errand, failure: failure, wishes: wishes, what: what)
  }

  // MARK: Parts

  private func part(of record: ActionRecord) -> PartCopy? {
    record.partIndex.flatMap { session.machine.partCopy($0) }
  }

  private func filter(_ index: Int) -> PlannedErrand? {
    let record = decisions.actions[index]
    guard record.kind == .filterProgram, let name = record.argument("program"),
      let declared = program.declaration(.program, named: name)
    else { return nil }
    let said = program.arguments(of: declared)
    let timeout = said.first { $0.name == "timeout" }.flatMap { Int($0.value) } ?? 30
    // Of a part that goes nothing is left to do.
    guard let content = session.machine.programInput(index) else { return nil }
    let work = Errand.Work.filter(
      FilterErrand(
        program: name, words: said.filter { $0.name == "word" }.map(\.value),
        timeoutSeconds: timeout, content: content))
    return planned(.action(index), work, .program, [wish(index)], "program \(name)")
  }

  private func link(_ index: Int) -> PlannedErrand? {
    let record = decisions.actions[index]
    guard record.kind == .replaceWithLink, let place = record.link,
      let store = record.argument("store").flatMap({ store(named: $0) })
    else { return nil }
    let work = part(of: record).map { part in
      Errand.Work.link(LinkErrand(store: store, place: place, part: part))
    }
    return planned(.action(index), work, .store, [wish(index)], "store \(store.name)")
  }

  private func quarantinedPart(_ index: Int) -> PlannedErrand? {
    let record = decisions.actions[index]
    guard record.kind == .quarantine, record.flags.contains(.part) else { return nil }
    let work = part(of: record).map { part in
      Errand.Work.quarantine(
        QuarantineErrand(
          id: session.quarantineID, reason: record.reason ?? "",
          recipients: outcome.recipients.map(\.address), isCopy: true, part: part))
    }
    return planned(.action(index), work, .store, [wish(index)], "quarantine")
  }

  // MARK: Messages

  private func copies(_ carriedOut: [Int]) -> [PlannedErrand] {
    var stores: [String] = []
    var wishes: [String: [ErrandWish]] = [:]
    for index in carriedOut where decisions.actions[index].kind == .saveCopy {
      guard let name = decisions.actions[index].argument("store") else { continue }
      if wishes[name] == nil { stores.append(name) }
      wishes[name, default: []].append(wish(index))
    }
    return stores.compactMap { name in
      store(named: name).map { store in
        planned(
          .copy(store: name), .copy(store), .store, wishes[name] ?? [], "store \(name)")
      }
    }
  }

  /// The message is stored once, whatever the number of rules and recipients: as held for somebody,
  /// or else as a copy.
  private func quarantinedMessage(_ carriedOut: [Int]) -> [PlannedErrand] {
    let records = carriedOut.filter { index in
      let record = decisions.actions[index]
      return record.kind == .quarantine && !record.flags.contains(.part)
    }
    let held = heldRecipients
    let isHeld = outcome.fate == .quarantine || !held.isEmpty
    guard isHeld || !records.isEmpty else { return [] }
    let own = records.filter { isHeld != decisions.actions[$0].flags.contains(.copy) }
    // Held for a refusal (`on_mixed`): no command asked for it.
    let mixed = outcome.recipients.first { $0.becomes == .quarantine }?.verdict
    let reason = (own + records).first.flatMap { decisions.actions[$0].reason }
    let wishes = records.map { wish($0) } + (mixed.map { [ErrandWish(rule: $0.rule)] } ?? [])
    let errand = QuarantineErrand(
      id: session.quarantineID,
      reason: reason ?? mixed?.reply?.text ?? mixed?.rule ?? "held",
      recipients: isHeld ? held : outcome.recipients.map(\.address), isCopy: !isHeld)
    return [
      planned(
        .quarantine(isCopy: !isHeld), .quarantine(errand), .store,
        wishes.isEmpty ? [ErrandWish()] : wishes, "quarantine")
    ]
  }

  /// Who would get the message and does not for now.
  private var heldRecipients: [String] {
    let isRefused = outcome.fate == .reject || outcome.fate == .tempfail
    guard !isRefused, outcome.fate != .discard || outcome.cause == nil else { return [] }
    return outcome.recipients.enumerated().filter { index, recipient in
      if recipient.becomes == .quarantine { return true }
      if recipient.isQuarantined {
        return !recipient.isRefused && recipient.verdict?.kind != .discard
      }
      // What a held message is split into cannot be held by the mail server.
      let isOwnCopy = outcome.fate == .hold && outcome.ownCopies.contains { $0.recipient == index }
      return isOwnCopy || (outcome.fate == .quarantine && recipient.stays)
    }.map(\.element.address)
  }

  private func store(named name: String) -> StorePlace? {
    guard let declared = program.declaration(.store, named: name) else { return nil }
    let said = program.arguments(of: declared)
    func value(_ name: String) -> String? { said.first { $0.name == name }?.value }
    return StorePlace(
      name: name, directory: value("directory") ?? "", url: value("url"),
      expireSeconds: value("expire").flatMap { Int($0) },
      mode: value("mode").flatMap { UInt32($0, radix: 8) })
  }

  // MARK: What is remembered

  /// Comes last: a message that something else keeps from being taken comes again, and must not be
  /// taken for its own duplicate then (RFC 7352 §3). That it could not be noted refuses nothing:
  /// the worst of it is a duplicate that goes through.
  func notes() -> [PlannedErrand] {
    guard outcome.fate != .reject, outcome.fate != .tempfail else { return [] }
    let duplicates = decisions.duplicates.enumerated().map { index, question in
      PlannedErrand(
        key: .duplicate(index), errand: Errand(.noteDuplicate(question), rule: nil),
        failure: .store, wishes: [], what: "duplicate")
    }
    guard outcome.fate == .accept, let note = session.senderNote else { return duplicates }
    let senders = PlannedErrand(
      key: .senders, errand: Errand(.noteSenders(note), rule: nil), failure: .store, wishes: [],
      what: "known senders")
    return duplicates + [senders]
  }

  // MARK: Signatures

  /// Over the message and all copies of recipients' own; what `done` says is made already.
  func signatures(except done: Set<ErrandKey>) -> [PlannedErrand] {
    guard outcome.isDelivered else { return [] }
    var copies: [(copy: Int?, recipient: Int?)] = [(nil, outcome.editedFor)]
    if outcome.fate == .accept {
      copies += outcome.ownCopies.map { ($0.recipient, $0.recipient) }
    }
    return copies.flatMap { signatures($0.copy, $0.recipient, done) }
  }

  private func signatures(
    _ copy: Int?, _ recipient: Int?, _ done: Set<ErrandKey>
  ) -> [PlannedErrand] {
    let wishes = session.signingWishes(ofRecipient: recipient).filter {
      !done.contains(.signature($0.kind, $0.identity, copy: copy))
    }
    guard !wishes.isEmpty, let message = session.message else { return [] }
    let bytes =
      session.isTruncated
      ? [] : session.editPlan(ofRecipient: recipient).apply(to: message).bytes()
    return wishes.map { wish in
      var method = SigningErrand.Method.dkim
      if wish.kind == .arcSeal {
        method = .arc(
          chain: session.chainState, results: session.sealedResults(wish, ofRecipient: recipient))
      }
      return planned(
        .signature(wish.kind, wish.identity, copy: copy),
        .sign(SigningErrand(method, wish.identity, message: bytes)), .internal,
        wish.records.map { self.wish($0) }, "\(wish.kind.name) by \(wish.identity.domain)")
    }
  }

  // MARK: Mails

  func mails() -> [PlannedErrand] {
    let notices = outcome.notices.filter { $0.address?.isEmpty == false }.map { notice in
      planned(
        .notice(notice.to), .notice(notice), .internal, notice.wishes,
        "notice to \(notice.address ?? "")")
    }
    return ownCopies() + redirectedCopies() + notices
  }

  /// `redirect :copy` of a message that the mail server does not get: copies outlive a refusal.
  private func redirectedCopies() -> [PlannedErrand] {
    guard !outcome.isDelivered, outcome.fate != .tempfail, let message = session.message else {
      return []
    }
    return decisions.carriedOutIndexes(outcome).compactMap { index in
      let record = decisions.actions[index]
      guard record.isCopyToOther, let address = record.address else { return nil }
      let work = Errand.Work.send(
        sender: session.mailDescription.sender, recipients: [address], message: message.bytes)
      return planned(.action(index), work, .internal, [wish(index)], "copy for \(address)")
    }
  }

  private func ownCopies() -> [PlannedErrand] {
    guard outcome.fate == .accept, let message = session.message else { return [] }
    return outcome.ownCopies.map { copy in
      let address = outcome.recipients[copy.recipient].address
      let signatures = session.signatures(ofCopy: copy.recipient, recipient: copy.recipient)
      let bytes =
        signatures.flatMap(\.bytes)
        + session.editPlan(ofRecipient: copy.recipient).apply(to: message).bytes()
      let work = Errand.Work.send(
        sender: outcome.envelope.sender ?? session.mailDescription.sender,
        recipients: copy.addresses, message: bytes)
      let record = decisions.actions.first {
        $0.flags.contains(.split) && $0.recipient == address
      }
      return planned(
        .ownCopy(recipient: copy.recipient), work, .internal, [ErrandWish(rule: record?.rule)],
        "copy for \(address)")
    }
  }
}
