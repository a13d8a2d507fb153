// Mail on disk that waits for the mail server: STATE/outgoing, one file a mail. A mail is there
// completely or not at all: temporary file, fsync, rename, fsync of the folder, in this order, and
// `enqueue` returns after the last. It leaves by one unlink after the server has taken it, so a
// crash costs at worst a second copy, never the mail.
internal import Synchronization

package final class OutgoingQueue: Sendable {
  /// Where in its steps a mail is, for tests that end the process there.
  package enum Step: String, CaseIterable, Sendable {
    case started, written, named, synced
    case sent, progressWritten, progressNamed, removed
  }

  let folder: String
  let limits: SubmissionLimits
  private let onStep: @Sendable (Step) -> Void
  private let state: Mutex<State>

  private struct State {
    var mails = 0
    var bytes = 0
    var onArrival: (@Sendable () -> Void)?
  }

  static let folderName = "outgoing"
  static let failedName = "failed"
  static let mailEnding = ".mail"
  static let progressEnding = ".state"
  static let flushName = "flush"
  static let lockName = "lock"
  /// Files of an interrupted write.
  static let temporaryPrefix = "."

  package init(
    stateFolder: String, limits: SubmissionLimits = .init(),
    onStep: @escaping @Sendable (Step) -> Void = { _ in }
  ) throws(StateFault) {
    folder = stateFolder + "/" + Self.folderName
    self.limits = limits
    self.onStep = onStep
    state = Mutex(State())
    try StateFiles.makeFolder(folder)
    try StateFiles.makeFolder(failedFolder)
    try StateFiles.syncFolder(stateFolder)
    try recount()
  }

  /// Whether there is one in a state folder.
  package static func exists(stateFolder: String) -> Bool {
    StateFiles.exists(stateFolder + "/" + folderName)
  }

  var failedFolder: String { folder + "/" + Self.failedName }

  // MARK: In

  /// Keeps a mail until it can be sent; durable when this returns. Blocks for the disk.
  @discardableResult
  package func enqueue(
    _ mail: OutgoingMail, now: Int64 = SystemClock.now
  ) throws(StateFault) -> String {
    onStep(.started)
    try check(mail)
    let envelope = QueueText.line(QueueEnvelope(mail, created: now))
    guard envelope.count <= limits.envelopeBytesMax else {
      throw .full("a mail to \(mail.recipients.count) recipients has too long an envelope")
    }
    let bytes = envelope.count + mail.message.count
    try reserve(bytes)
    let id = Self.identifier(now)
    do throws(StateFault) {
      try write(id, envelope, mail.message)
    } catch {
      release(bytes)
      throw error
    }
    state.withLock { $0.onArrival }?()
    return id
  }

  private func check(_ mail: OutgoingMail) throws(StateFault) {
    guard mail.message.count <= limits.mailBytesMax else {
      throw .full("a mail of \(mail.message.count) bytes is too large for the queue")
    }
    guard (1...limits.recipientsOfMailMax).contains(mail.recipients.count) else {
      throw .full("a mail to \(mail.recipients.count) recipients is none for the queue")
    }
  }

  private func write(
    _ id: String, _ envelope: [UInt8], _ message: [UInt8]
  ) throws(StateFault) {
    let temporary = folder + "/" + Self.temporaryPrefix + id
    try StateFiles.write([envelope, message], to: temporary)
    onStep(.written)
    do throws(StateFault) {
      try StateFiles.rename(temporary, mailPath(id))
      onStep(.named)
      // Not known to be on the disk: the caller is told so, and may give it to us again.
      try StateFiles.syncFolder(folder)
      onStep(.synced)
    } catch {
      try? StateFiles.remove(temporary)
      try? StateFiles.remove(mailPath(id))
      throw error
    }
  }

  /// Sorts by time, and cannot be guessed.
  private static func identifier(_ now: Int64) -> String {
    let hex = String(max(now, 0), radix: 16)
    return String(repeating: "0", count: max(0, 10 - hex.utf8.count)) + hex
      + RandomText.bytes(6).map { byte in
        let text = String(byte, radix: 16)
        return byte < 16 ? "0" + text : text
      }.joined()
  }

  private func reserve(_ bytes: Int) throws(StateFault) {
    let isFull = state.withLock { state in
      guard state.mails < limits.queuedMailsMax, state.bytes + bytes <= limits.queuedBytesMax
      else { return true }
      state.mails += 1
      state.bytes += bytes
      return false
    }
    if isFull {
      throw .full(
        "the queue of outgoing mail is full (\(limits.queuedMailsMax) mails or"
          + " \(limits.queuedBytesMax) bytes)")
    }
  }

  private func release(_ bytes: Int) {
    state.withLock {
      $0.mails -= 1
      $0.bytes -= bytes
    }
  }

  /// What is there now, by whichever process.
  func recount() throws(StateFault) {
    var mails = 0
    var bytes = 0
    for id in try identifiers(in: folder) {
      guard let file = StateFiles.plainFile(mailPath(id)) else { continue }
      mails += 1
      bytes += file.bytes
    }
    let counted = (mails, bytes)
    state.withLock { ($0.mails, $0.bytes) = counted }
  }

  /// Called whenever this process has put a mail in.
  func onArrival(_ call: (@Sendable () -> Void)?) { state.withLock { $0.onArrival = call } }

  // MARK: Reading

  func mailPath(_ id: String, failed: Bool = false) -> String {
    (failed ? failedFolder : folder) + "/" + id + Self.mailEnding
  }

  func progressPath(_ id: String, failed: Bool = false) -> String {
    (failed ? failedFolder : folder) + "/" + id + Self.progressEnding
  }

  /// Oldest first.
  func identifiers(in folder: String) throws(StateFault) -> [String] {
    try StateFiles.names(in: folder, countMax: 4 * limits.queuedMailsMax)
      .filter { $0.hasSuffix(Self.mailEnding) && !$0.hasPrefix(Self.temporaryPrefix) }
      .map { String($0.dropLast(Self.mailEnding.utf8.count)) }
      .filter(Self.isIdentifier).sorted()
  }

  /// What this queue calls a mail; so no name leads out of its folder.
  package static func isIdentifier(_ text: String) -> Bool {
    (10...40).contains(text.utf8.count)
      && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
  }

  func envelope(_ id: String, failed: Bool = false) throws(StateFault) -> QueueEnvelope {
    let path = mailPath(id, failed: failed)
    // Most envelopes are short; a long one is worth a second reading.
    var bytes: [UInt8] = []
    for prefixBytes in [4_096, limits.envelopeBytesMax] where !bytes.contains(0x0A) {
      bytes = try StateFiles.read(
        path, bytesMax: limits.mailBytesMax, prefixBytes: prefixBytes)
    }
    guard let end = bytes.firstIndex(of: 0x0A),
      let envelope: QueueEnvelope = QueueText.value(bytes[..<end])
    else { throw .badContent(path, "it does not begin with an envelope") }
    return envelope
  }

  func message(_ id: String) throws(StateFault) -> [UInt8] {
    let path = mailPath(id)
    let bytes = try StateFiles.read(
      path, bytesMax: limits.mailBytesMax + limits.envelopeBytesMax)
    guard let end = bytes.firstIndex(of: 0x0A) else {
      throw .badContent(path, "it does not begin with an envelope")
    }
    return Array(bytes[(end + 1)...])
  }

  /// Of a mail that was never tried, or whose progress cannot be read: that it is new. So it may be
  /// sent twice and is not lost.
  func progress(_ id: String, failed: Bool = false) -> QueueProgress {
    let bytes = try? StateFiles.read(
      progressPath(id, failed: failed), bytesMax: 4 * limits.envelopeBytesMax)
    return bytes.flatMap { QueueText.value($0) } ?? QueueProgress()
  }

  /// How many wait, and how many have failed.
  package func counts() throws(StateFault) -> (waiting: Int, failed: Int) {
    (try identifiers(in: folder).count, try identifiers(in: failedFolder).count)
  }

  /// All of it, the failed ones last.
  package func list() throws(StateFault) -> [QueuedMail] {
    var mails: [QueuedMail] = []
    for isFailed in [false, true] {
      for id in try identifiers(in: isFailed ? failedFolder : folder) {
        // It may have been sent meanwhile.
        guard let file = StateFiles.plainFile(mailPath(id, failed: isFailed)),
          let envelope = try? envelope(id, failed: isFailed)
        else { continue }
        let progress = progress(id, failed: isFailed)
        mails.append(
          QueuedMail(
            id: id, created: envelope.created, purpose: envelope.purpose,
            sender: envelope.sender,
            recipients: envelope.recipients.filter { !progress.done.contains($0) },
            bytes: file.bytes, attempts: progress.attempts, due: progress.due,
            lastFailure: progress.lastFailure, hasFailed: isFailed))
      }
    }
    return mails
  }

  // MARK: Out

  /// Forgets a mail, waiting or failed; false when it is not there.
  package func delete(_ id: String) throws(StateFault) -> Bool {
    guard Self.isIdentifier(id) else { return false }
    for isFailed in [false, true] where StateFiles.exists(mailPath(id, failed: isFailed)) {
      try remove(id, failed: isFailed)
      return true
    }
    return false
  }

  /// Asks whoever sends to try all of it now.
  package func requestFlush() throws(StateFault) {
    try StateFiles.touch(folder + "/" + Self.flushName)
    state.withLock { $0.onArrival }?()
  }

  /// True once for a request.
  func takeFlushRequest() -> Bool {
    let path = folder + "/" + Self.flushName
    guard StateFiles.exists(path) else { return false }
    return (try? StateFiles.remove(path)) != nil
  }

  func remove(_ id: String, failed: Bool = false) throws(StateFault) {
    let path = mailPath(id, failed: failed)
    let bytes = StateFiles.plainFile(path)?.bytes
    try StateFiles.remove(path)
    onStep(.removed)
    try StateFiles.remove(progressPath(id, failed: failed))
    try StateFiles.syncFolder(failed ? failedFolder : folder)
    if let bytes, !failed { release(bytes) }
  }

  func write(_ progress: QueueProgress, of id: String) throws(StateFault) {
    let temporary = folder + "/" + Self.temporaryPrefix + RandomText.make(byteCount: 9)
    onStep(.sent)
    try StateFiles.write([QueueText.line(progress)], to: temporary)
    onStep(.progressWritten)
    try StateFiles.rename(temporary, progressPath(id))
    onStep(.progressNamed)
    try StateFiles.syncFolder(folder)
  }

  /// Puts a mail aside that will not be tried again. The mail goes first: without its progress
  /// beside it, it is only less well explained.
  func fail(_ id: String) throws(StateFault) {
    let bytes = StateFiles.plainFile(mailPath(id))?.bytes
    try StateFiles.rename(mailPath(id), mailPath(id, failed: true))
    if StateFiles.exists(progressPath(id)) {
      try StateFiles.rename(progressPath(id), progressPath(id, failed: true))
    }
    try StateFiles.syncFolder(failedFolder)
    try StateFiles.syncFolder(folder)
    if let bytes { release(bytes) }
    let failed = try identifiers(in: failedFolder)
    for id in failed.dropLast(limits.failedMailsMax) { try remove(id, failed: true) }
  }

  /// Removes what interrupted writes have left: nothing younger than an hour, since another process
  /// may be at it.
  func sweep(now: Int64) throws(StateFault) {
    for name in try StateFiles.names(in: folder, countMax: 4 * limits.queuedMailsMax) {
      let path = folder + "/" + name
      guard let file = StateFiles.plainFile(path), file.changed < now - 3_600 else { continue }
      let isOrphan =
        name.hasSuffix(Self.progressEnding)
        && !StateFiles.exists(mailPath(String(name.dropLast(Self.progressEnding.utf8.count))))
      if name.hasPrefix(Self.temporaryPrefix) || isOrphan { try StateFiles.remove(path) }
    }
  }
}
