// `scan`: a message, one part, or the message with all its parts, side by side; what is worst
// counts. What a scanner says is bounded and cleaned by `Scanners`.
internal import FoundationEssentials
internal import MailMessage
internal import RuleBytecode
package import RuleVM
package import Scanners

package struct ScanCheck: LiveCheck {
  /// Of one question at once: more would take all the places of a scanner for one mail.
  static let callsMax = 4

  private let scanners: [String: ScanService]
  private let hostName: String

  package init(_ scanners: [String: ScanService], hostName: String) {
    self.scanners = scanners
    self.hostName = hostName
  }

  package func answer(_ request: CheckRequest) async -> CheckAnswer {
    guard request.arguments.count == 2, let subject = request.subject,
      let scanner = scanners[request.arguments[0]]
    else { return .failed(.scanner, reason: "no such scanner") }
    let jobs = jobs(request.arguments[1], subject)
    // One that is late is known as such, and its host blamed, before whoever asked gives up.
    let patience = max(1, request.timeoutMilliseconds - max(20, request.timeoutMilliseconds / 20))
    let end = ContinuousClock.now + .milliseconds(patience)
    var summary = ScanSummary(isWhole: jobs.count == 1)
    await withTaskGroup(of: (String, ScanAnswer).self) { group in
      var next = jobs.startIndex
      func start() {
        guard next < jobs.endIndex, !summary.isSettled else { return }
        var (place, job) = jobs[next]
        next += 1
        job.timeoutMilliseconds = max(1, (end - .now).milliseconds)
        group.addTask { [job] in (place, await scanner.scan(job)) }
      }
      for _ in 1...Self.callsMax { start() }
      while let (place, answer) = await group.next() {
        summary.take(answer, of: place)
        if summary.isSettled { group.cancelAll() }
        start()
      }
    }
    return summary.answer
  }

  /// What is scanned, each with its place for the log.
  private func jobs(
    _ what: String, _ subject: CheckSubject
  ) -> [(place: String, job: ScanJob)] {
    var jobs: [(place: String, job: ScanJob)] = []
    if what == "message" || what == "parts" {
      jobs.append(("the message", ScanJob(subject.message, envelope(subject.mail))))
    }
    // A part is no mail that somebody sent: only its content is weighed.
    for piece in subject.pieces where what != "message" {
      jobs.append(("part \(piece.path)", ScanJob(piece.content)))
    }
    return jobs
  }

  private func envelope(_ mail: MailDescription) -> ScanEnvelope {
    func known(_ text: String) -> String? { text.isEmpty ? nil : text }
    var envelope = ScanEnvelope(
      clientAddress: known(mail.clientAddress), clientName: known(mail.clientName),
      helo: known(mail.helo), sender: mail.sender, recipients: mail.recipients,
      queueID: known(mail.queueID), login: known(mail.login))
    envelope.hostName = hostName
    envelope.date = MailDate(seconds: Int(Date().timeIntervalSince1970)).text(of: .std11)
    return envelope
  }
}

extension Duration {
  fileprivate var milliseconds: Int {
    Int(components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000)
  }
}

/// The worst of several answers, and what could not be looked at.
struct ScanSummary {
  /// There is one answer only, which stands for itself.
  let isWhole: Bool
  private var worst: ScanResult?
  private var failure: String?
  private var tooBig: String?

  init(isWhole: Bool) { self.isWhole = isWhole }

  /// Nothing that is still to come changes it.
  var isSettled: Bool { worst?.word == .infected }

  mutating func take(_ answer: ScanAnswer, of place: String) {
    switch answer {
    case .result(let result):
      guard let known = worst else {
        worst = result
        return
      }
      if Self.isWorse(result, known) { worst = result }
    case .tooBig: tooBig = tooBig ?? place
    case .failed(let reason):
      let text = isWhole ? "\(reason)" : "\(place): \(reason)"
      // What was given up for another reason is no reason.
      if reason != .cancelled || failure == nil { failure = text }
    }
  }

  private static func isWorse(_ one: ScanResult, _ other: ScanResult) -> Bool {
    let (rank, known) = (rank(one.word), self.rank(other.word))
    return rank == known ? (one.score ?? .min) > (other.score ?? .min) : rank > known
  }

  private static func rank(_ word: ScanResult.Word) -> Int {
    switch word {
    case .clean: 0
    case .ham: 1
    case .suspicious: 2
    case .spam: 3
    case .infected: 4
    }
  }

  var answer: CheckAnswer {
    guard let worst else {
      if let failure { return .failed(.scanner, reason: failure) }
      return tooBig == nil
        ? .failed(.scanner, reason: "nothing to scan") : .fields(ScanAnswer.tooBig.facts ?? [:])
    }
    var fields = worst.facts
    let edits = worst.headerChanges.map(\.edit)
    if !edits.isEmpty { fields[ScanField.headers] = ScanHeaderEdits.text(edits) }
    if let failure {
      fields[ScanField.gap] = failure
      fields[ScanField.gapClass] = FailureClass.scanner.name
    } else if let tooBig {
      fields[ScanField.gap] = "\(tooBig) is too big for the scanner"
      fields[ScanField.gapClass] = FailureClass.limit.name
    }
    return .fields(fields)
  }
}

extension ScanHeaderChange {
  fileprivate var edit: ScanHeaderEdit {
    switch self {
    case .add(let name, let value, let position):
      .add(name: name, value: value, position: position)
    case .remove(let name, let occurrence): .remove(name: name, occurrence: occurrence)
    }
  }
}
