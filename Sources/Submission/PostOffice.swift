// All of it in one value: what a process needs to take mail of ours and to send it.

package struct PostOfficeConfiguration: Sendable {
  /// The folder of our state; it must be there.
  package var stateFolder: String
  package var server: SMTPServer
  /// How we introduce ourselves to it; the system's name when nil.
  package var hostName: String?
  package var limits = SubmissionLimits()

  package init(stateFolder: String, server: SMTPServer, hostName: String? = nil) {
    self.stateFolder = stateFolder
    self.server = server
    self.hostName = hostName
  }
}

package struct PostOffice: Sendable {
  package let queue: OutgoingQueue
  package let ownMail: OwnMail
  package let sender: Sender
  package let server: SMTPServer
  package let hostName: String
  package let limits: SubmissionLimits
  let book: SubmissionBook
  let keys: MarkKeys
  private let client: SMTPClient

  /// Opens queue, keys and book; sends nothing yet.
  package init(
    _ configuration: PostOfficeConfiguration, log: @escaping @Sendable (String) -> Void
  ) throws(StateFault) {
    let limits = configuration.limits
    let folder = configuration.stateFolder
    self.limits = limits
    server = configuration.server
    hostName = configuration.hostName ?? SystemHost.name
    keys = try MarkKeys(stateFolder: folder)
    book = try SubmissionBook(stateFolder: folder)
    ownMail = OwnMail(keys: keys, book: book, limits: limits)
    queue = try OutgoingQueue(stateFolder: folder, limits: limits)
    client = SMTPClient(hostName: hostName, limits: limits)
    sender = Sender(queue: queue, ownMail: ownMail, client: client, server: server, log: log)
  }

  package func start() throws(StateFault) { try sender.start() }

  package func stop(graceSeconds: Int64 = 10) async {
    await sender.stop(graceSeconds: graceSeconds)
  }

  /// Writes the notices of a message into the queue, without those that are too many: there is a
  /// number an hour, and never more than one a day for one sender, since two programs that answer
  /// each other would go on for ever (RFC 3834 §2). Returns how many there are. Blocking.
  @discardableResult
  package func send(
    _ notices: [NoticeText], _ context: NoticeContext, daemonAddress: String?,
    now: Int64 = SystemClock.now
  ) throws(StateFault) -> Int {
    let identity = MailIdentity(hostName: hostName, daemonAddress: daemonAddress)
    let writer = NoticeWriter(identity, limits: limits)
    var count = 0
    for notice in notices {
      guard let mail = writer.mail(for: notice, context, now: now),
        let number = try book.countNotice(
          to: MarkAddress.canonical(notice.address), isSender: notice.isToSender,
          hourlyMax: limits.noticesHourlyMax, now: now)
      else { continue }
      do throws(StateFault) {
        try queue.enqueue(mail, now: now)
      } catch {
        try? book.discountNotice(number)
        throw error
      }
      count += 1
    }
    return count
  }

  /// Sends at once, by no way of the queue: for who waits for the answer.
  package func sendNow(
    _ mail: OutgoingMail, to server: SMTPServer? = nil, now: Int64 = SystemClock.now
  ) async -> SendResult {
    await Courier(client, ownMail).send(mail, to: server ?? self.server, now)
  }
}
