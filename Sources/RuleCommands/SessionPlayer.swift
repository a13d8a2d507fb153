// Plays one SMTP session against a policy, as the daemon would, but from a command line.
internal import ArgumentParser
internal import Checks
internal import FoundationEssentials
internal import MailEdits
internal import MailMessage
internal import RuleBytecode
internal import RuleVM

/// What came of a session.
struct PlayedSession {
  struct Recipient {
    let address: String
    let verdict: Verdict?
  }

  /// The verdict that decided; nil for an accepted message without one.
  var verdict: Verdict?
  var recipients: [Recipient] = []
  var decisions = Decisions()
  var trace: [TraceEvent] = []
  var score: Int64 = 0
  var fuelUsed = 0
  var limits: [String] = []
  /// The message as it would be delivered; nil when it is not.
  var result: [UInt8]?
}

struct SessionPlayer {
  let options: SessionOptions
  let answers: StandInAnswers
  let message: [UInt8]
  private let session: PolicySession

  init(policy: LoadedPolicy, options: SessionOptions, isTraced: Bool) throws {
    self.options = options
    answers = try options.standIns()
    let limit = 256 << 20
    message = LineEnds.asCRLF(try PolicyFiles.read(options.message, limit: limit))
    let seconds = try Self.seconds(options.now)
    session = PolicySession(
      policy: policy, sessionID: "run", types: TypeOracle(), isTraced: isTraced,
      now: { seconds })
  }

  private static func seconds(_ text: String?) throws -> Int64 {
    guard let text else { return Int64(Date().timeIntervalSince1970) }
    guard let date = try? Date(text, strategy: .iso8601) else {
      throw ValidationError("--now wants RFC 3339 as 2026-03-01T12:00:00Z, not '\(text)'")
    }
    return Int64(date.timeIntervalSince1970)
  }

  func play() -> PlayedSession {
    var played = PlayedSession()
    played.verdict = phases(&played)
    played.decisions = session.decisions
    played.trace = session.takeTrace()
    played.score = session.score
    played.fuelUsed = session.fuelUsed
    played.limits = session.limitsHit
    if played.verdict == nil || played.verdict?.kind == .accept {
      played.result = deliver()
    }
    return played
  }

  /// Runs phase after phase until a verdict reaches the message.
  private func phases(_ played: inout PlayedSession) -> Verdict? {
    giveConnectionFacts()
    if let verdict = final(session.connect()) { return verdict }
    giveMacros(recipient: 0, outlivesMessage: true)
    if let verdict = final(session.helo(Array(options.helo.utf8))) { return verdict }
    giveMailFacts()
    let header = MailMessage.headerOnly(message)
    let sender = options.from ?? header.firstAddresses("from").first ?? ""
    if let verdict = final(session.mail(Array(sender.utf8), arguments: bytes(options.mailArg))) {
      return verdict
    }
    if let verdict = recipients(header, &played) { return verdict }
    if let verdict = final(session.data()) { return verdict }
    if let verdict = final(session.headers(Array(message[..<header.headerEnd]))) { return verdict }
    return final(session.endOfMessage(message))
  }

  private func recipients(_ header: MailMessage, _ played: inout PlayedSession) -> Verdict? {
    var addresses = options.to
    if addresses.isEmpty {
      addresses = header.firstAddresses("to") + header.firstAddresses("cc")
    }
    for (index, address) in addresses.enumerated() {
      giveMacros(recipient: index + 1, outlivesMessage: false)
      let arguments = options.rcptArg.map(SessionWords.split)
        .filter { $0.recipient == index + 1 }.map(\.value)
      let verdict = settled(
        session.recipient(Array(address.utf8), arguments: bytes(arguments)))
      if let verdict, verdict.reach == .message, verdict.kind != .accept { return verdict }
      played.recipients.append(.init(address: address, verdict: verdict))
    }
    let refused = played.recipients.compactMap(\.verdict).filter { $0.kind != .accept }
    let isRefusedByAll = !refused.isEmpty && refused.count == played.recipients.count
    return isRefusedByAll ? refused.last : nil
  }

  /// The verdict when it ends the session's message; an accept lets the rest be played, which
  /// then runs no rule but still gathers what is needed to deliver.
  private func final(_ result: RunResult) -> Verdict? {
    let verdict = settled(result)
    return verdict?.kind == .accept ? nil : verdict
  }

  /// Answers what is asked until the run is over.
  private func settled(_ result: RunResult) -> Verdict? {
    var result = result
    while case .waiting(let requests) = result {
      for request in requests {
        if let next = session.answer(request.id, answers.answer(to: request)) { result = next }
      }
      if case .waiting(let again) = result, again == requests {
        result = session.expireChecks() ?? .decided(nil)
      }
    }
    guard case .decided(let verdict) = result else { return nil }
    return verdict
  }

  private func deliver() -> [UInt8] {
    let mail = session.message ?? MailMessage(message)
    return session.editPlan.apply(to: mail).bytes()
  }

  private func giveConnectionFacts() {
    let isLocal = options.submission == .local
    let address = isLocal ? "127.0.0.1" : options.clientIP
    session.set(.clientIP, address.utf8)
    session.set(.clientDirectIP, address.utf8)
    session.set(.clientName, (isLocal ? "localhost" : options.clientName ?? "[\(address)]").utf8)
    session.set(.clientPTR, (options.clientPtr ?? "").utf8)
    session.set(.clientPort, (options.clientPort.map(String.init) ?? "").utf8)
    session.set(.serverIP, (options.serverIP ?? "").utf8)
    session.set(.serverDaemon, (options.daemon ?? "").utf8)
    session.set(.tlsVersion, (options.tls ?? "").utf8)
  }

  private func giveMailFacts() {
    session.set(.authUser, (options.authUser ?? "").utf8)
    session.set(.authType, (options.authUser == nil ? "" : "PLAIN").utf8)
    let queueID = options.queueID ?? (options.submission == .local ? "LOCAL" : "")
    session.set(.queueID, queueID.utf8)
  }

  private func giveMacros(recipient: Int, outlivesMessage: Bool) {
    for word in options.macro.map(SessionWords.split) where word.recipient == recipient {
      guard let equals = word.value.firstIndex(of: "=") else { continue }
      session.setMacro(
        Array(word.value[..<equals].utf8),
        Array(word.value[word.value.index(after: equals)...].utf8),
        outlivesMessage: outlivesMessage)
    }
  }

  private func bytes(_ words: [String]) -> [[UInt8]] { words.map { Array($0.utf8) } }
}

extension MailMessage {
  /// Addresses in the fields of that name.
  fileprivate func firstAddresses(_ name: String) -> [String] {
    fields(named: name).flatMap { addresses(in: $0) }.filter(\.isValid).map(\.address)
  }
}

/// Messages in files have the line ends of their system; mail has CRLF.
enum LineEnds {
  static func asCRLF(_ bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count + bytes.count / 32)
    var previous: UInt8 = 0
    for byte in bytes {
      if byte == 10, previous != 13 { result.append(13) }
      result.append(byte)
      previous = byte
    }
    return result
  }
}
