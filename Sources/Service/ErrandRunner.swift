// Carries out what must last before the mail server gets its answer, in order, and says how each
// thing went. What blocks for the disk runs on threads that may wait.
internal import LiveChecks
internal import NIOCore
internal import NIOPosix
internal import RuleVM
internal import Stores
internal import Submission

struct ErrandRunner: Sendable {
  let state: DaemonState
  /// Who notes duplicates; nil where nobody has to.
  var noteDuplicate: (@Sendable ([String]) throws(LiveFailure) -> Void)?
  /// Notes who wrote to us and to whom we wrote; nil where nobody has to.
  var noteSenders: (@Sendable (SenderNote) throws(LiveFailure) -> Void)?
  let keys: SigningKeys
  /// Who gives scanners to learn; nil where nothing is learnt.
  var lessons: LessonDesk?

  init(state: DaemonState, keys: SigningKeys = .none) {
    self.state = state
    self.keys = keys
  }

  /// Threads that wait for the disk, and such that wait for programs, which may take minutes.
  private static let stores = started(threadCount: 8)
  private static let programs = started(threadCount: 16)

  private static func started(threadCount: Int) -> NIOThreadPool {
    let pool = NIOThreadPool(numberOfThreads: threadCount)
    pool.start()
    return pool
  }

  func run(_ order: ErrandOrder) async -> [ErrandResult] {
    var results: [ErrandResult] = []
    var isOver = false
    for errand in order.errands {
      guard !isOver else {
        results.append(.skipped)
        continue
      }
      let result = await carryOut(errand, order)
      if case .failed = result, errand.isDecisive { isOver = true }
      results.append(result)
    }
    return results
  }

  private func carryOut(_ errand: Errand, _ order: ErrandOrder) async -> ErrandResult {
    let runner = self
    var pool = Self.stores
    if case .filter = errand.work { pool = Self.programs }
    let result = try? await pool.runIfActive { runner.store(errand, order) }
    return result ?? .failed(reason: "the daemon ends")
  }

  /// Blocks.
  private func store(_ errand: Errand, _ order: ErrandOrder) -> ErrandResult {
    do {
      switch errand.work {
      case .quarantine(let kept): try hold(kept, errand, order)
      case .copy(let place): try copy(to: place, errand, order)
      case .link(let link): return try put(link, order)
      case .notice(let notice): try notify(notice, order.mail)
      case .send(let sender, let recipients, let message):
        let mail = OutgoingMail(
          purpose: .copy, sender: sender, recipients: recipients, message: message)
        try office().queue.enqueue(mail)
      case .knowEnvelope(let id): return try know(envelope: id, order.mail)
      case .knowMessage: return try know(order)
      case .noteDuplicate(let question): return note(question, order.mail)
      case .noteSenders(let senders): return note(senders, order.mail)
      case .filter(let filter): return ProgramFilter.run(filter)
      case .learn(let errand):
        lessons?.take(errand, order.message, queueID: order.mail.queueID)
      case .sign(let errand): return keys.sign(errand, now: WallClock.seconds)
      }
      return .done
    } catch let failure as StoreFailure {
      return .failed(reason: failure.message)
    } catch {
      return .failed(reason: "\(error)")
    }
  }

  private struct NoState: Error, CustomStringConvertible {
    let description = "the daemon has no state folder"
  }

  private func opened() throws -> OpenState {
    guard let opened = state.current else { throw NoState() }
    return opened
  }

  private func office() throws -> PostOffice { try opened().office }

  private func note(_ question: [String], _ mail: MailDescription) -> ErrandResult {
    do throws(LiveFailure) {
      try noteDuplicate?(question)
      return .done
    } catch {
      Console.log("a duplicate of it will not be known: \(error.message)", about: mail.logKey)
      return .failed(reason: error.message)
    }
  }

  private func note(_ senders: SenderNote, _ mail: MailDescription) -> ErrandResult {
    do throws(LiveFailure) {
      try noteSenders?(senders)
      return .done
    } catch {
      Console.log("\(mail.queueID): its correspondents are not remembered: \(error.message)")
      return .failed(reason: error.message)
    }
  }

  // MARK: Stores

  private func hold(_ kept: QuarantineErrand, _ errand: Errand, _ order: ErrandOrder) throws {
    let id = kept.part.map { QuarantineID.ofPart($0.path, in: kept.id) } ?? kept.id
    var new = QuarantineOrder(
      id: id, envelope: Self.envelope(order.mail, kept.recipients),
      part: kept.part.map { HeldPart(path: $0.path, name: $0.name, type: $0.type) },
      reason: kept.reason, rule: errand.rule ?? "", policy: order.mail.policy,
      receivedSeconds: WallClock.seconds)
    new.isCopy = kept.isCopy
    new.subject = order.mail.subject
    new.messageID = order.mail.messageID
    let entry = try opened().quarantine.keep(new, content: kept.part?.content ?? order.message)
    Console.log(
      "quarantine \(entry.id)" + (entry.isNew ? "" : " (held already)"), about: order.mail.logKey)
  }

  private static func envelope(
    _ mail: MailDescription, _ recipients: [String]
  ) -> HeldEnvelope {
    var envelope = HeldEnvelope(sender: mail.sender, recipients: recipients)
    envelope.clientIP = mail.clientAddress
    envelope.clientName = mail.clientName
    envelope.helo = mail.helo
    envelope.authUser = mail.login
    envelope.queueID = mail.queueID
    envelope.sessionID = mail.sessionID
    return envelope
  }

  private func copy(to place: RuleVM.StorePlace, _ errand: Errand, _ order: ErrandOrder) throws {
    let now = WallClock.seconds
    let new = CopyOrder(
      id: QuarantineID.make(nowSeconds: now), content: order.message,
      envelope: Self.envelope(order.mail, order.mail.recipients), rule: errand.rule ?? "",
      dateSeconds: now)
    _ = try CopyStore(Self.folder(place)).put(new)
  }

  private func put(_ link: LinkErrand, _ order: ErrandOrder) throws -> ErrandResult {
    guard let place = Stores.LinkPlace(ofLink: link.place.url) else {
      return .failed(reason: "the link names no place")
    }
    var new = LinkOrder(place: place, content: link.part.content, dateSeconds: WallClock.seconds)
    new.originalName = link.part.name
    new.type = link.part.type
    new.sender = order.mail.sender
    new.messageID = order.mail.messageID
    new.queueID = order.mail.queueID
    _ = try LinkStore(Self.folder(link.store)).put(new)
    return .done
  }

  static func folder(_ place: RuleVM.StorePlace) -> StoreFolder {
    StoreFolder(
      place.directory, mode: place.mode ?? StoreFolder.defaultMode,
      expireSeconds: place.expireSeconds.map { Int64($0) })
  }

  // MARK: Mail

  private func notify(_ notice: Notice, _ mail: MailDescription) throws {
    let text = NoticeText(
      address: notice.address ?? "", isToSender: notice.to == .sender, subject: notice.subject,
      texts: notice.texts)
    func given(_ text: String) -> String? { text.isEmpty ? nil : text }
    let context = NoticeContext(
      subject: given(mail.subject), messageID: given(mail.messageID),
      references: given(mail.references), inReplyTo: given(mail.inReplyTo))
    let count = try office().send([text], context, daemonAddress: mail.daemon)
    if count == 0 { Console.log("a notice is left out: there are too many", about: mail.logKey) }
  }

  private func know(envelope id: String, _ mail: MailDescription) throws -> ErrandResult {
    let nonce = try office().ownMail.acceptsEnvelope(
      envelopeID: id, sender: mail.sender, now: WallClock.seconds)
    return nonce == nil ? .failed(reason: "no mark of ours") : .done
  }

  /// The mark is used up: what it lets by is accepted whatever comes.
  private func know(_ order: ErrandOrder) throws -> ErrandResult {
    let own = try office().ownMail
    let now = WallClock.seconds
    let judgement = try own.judge(
      order.message, sender: order.mail.sender, recipients: order.mail.recipients, now: now)
    switch judgement {
    case .unmarked: return .failed(reason: "no mark")
    case .rejected(let fault):
      Console.log(
        "a mark that is not good (\(fault)): as any other mail", about: order.mail.logKey)
      return .failed(reason: "\(fault)")
    case .own(let nonce):
      return try own.spend(nonce, now: now) ? .done : .failed(reason: "the mark was used before")
    }
  }
}

extension MailDescription {
  /// What lines about it begin with.
  fileprivate var logKey: String { queueID.isEmpty ? sessionID : queueID }
}
