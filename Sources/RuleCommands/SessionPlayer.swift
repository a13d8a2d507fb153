// Plays the SMTP session that a command line describes.
internal import ArgumentParser
internal import Checks
internal import FoundationEssentials
internal import MailMessage
internal import PolicyTests
internal import RuleVM

struct SessionPlayer {
  private let options: SessionOptions
  /// Nil where a kept session did not come to it.
  private let message: [UInt8]?
  private let kept: SessionFile?
  private let driver: SessionDriver

  init(
    policy: LoadedPolicy, options: SessionOptions, answers: StandInAnswers, isTraced: Bool
  ) throws {
    self.options = options
    let limit = 256 << 20
    let found = try options.session.map(SessionFile.read)
    kept = found?.session
    if let path = options.message {
      message = LineEnds.asCRLF(try PolicyFiles.read(path, limit: limit))
    } else if let found {
      message = found.message
    } else {
      throw ValidationError("Missing expected argument '--message <message>'")
    }
    let seconds = try Self.seconds(options.now ?? found?.session.time)
    driver = SessionDriver(
      policy: policy, sessionID: "run", isTraced: isTraced,
      observes: options.observe, now: { seconds },
      answer: { answers.answer(to: $0) })
  }

  static func seconds(_ text: String?) throws -> Int64 {
    guard let text else { return Int64(Date().timeIntervalSince1970) }
    guard let date = try? Date(text, strategy: .iso8601) else {
      throw ValidationError("--now wants RFC 3339 as 2026-03-01T12:00:00Z, not '\(text)'")
    }
    return Int64(date.timeIntervalSince1970)
  }

  func play() -> PlayedSession {
    giveKept(kept?.sessionMacros, outlivesMessage: true)
    driver.connect(client)
    giveMacros(recipient: 0, outlivesMessage: true)
    driver.helo(options.helo ?? kept?.helo ?? "client.example", tls: tls)
    if kept?.hasSender == false, options.message == nil { return driver.played() }
    playEnvelope()
    if let message {
      driver.data()
      driver.message(message)
    }
    return driver.played()
  }

  private func playEnvelope() {
    let header = MailMessage.headerOnly(message ?? [])
    let isIDKnown = kept?.isLocal ?? true
    giveKept(kept?.macros, outlivesMessage: false) { isIDKnown || $0 != Self.queueIDMacro }
    driver.mail(
      options.from ?? kept?.from ?? header.writtenSender,
      arguments: options.mailArg.isEmpty ? kept?.mailArguments ?? [] : options.mailArg,
      login: login)
    // By SMTP Postfix knows the id only then, which tells such mail from that of this host.
    giveKept(kept?.macros, outlivesMessage: false) { !isIDKnown && $0 == Self.queueIDMacro }
    let recipients = options.to.isEmpty ? kept?.to ?? header.writtenRecipients : options.to
    for (index, address) in recipients.enumerated() {
      giveMacros(recipient: index + 1, outlivesMessage: false)
      let arguments = options.rcptArg.map(SessionWords.split)
        .filter { $0.recipient == index + 1 }.map(\.value)
      driver.recipient(address, arguments: arguments)
    }
  }

  private static let queueIDMacro = "i"

  private func giveKept(
    _ macros: [String: String]?, outlivesMessage: Bool,
    where isMeant: (String) -> Bool = { _ in true }
  ) {
    for (name, value) in (macros ?? [:]).sorted(by: { $0.key < $1.key }) where isMeant(name) {
      driver.setMacro(name, value, outlivesMessage: outlivesMessage)
    }
  }

  private var client: ClientDescription {
    var client = ClientDescription()
    client.address = options.clientIP ?? kept?.clientIP ?? client.address
    client.port = options.clientPort ?? kept.flatMap { $0.clientPort == 0 ? nil : $0.clientPort }
    client.name = options.clientName ?? kept?.clientName
    client.ptr = options.clientPtr
    client.serverAddress = options.serverIP
    client.daemon = options.daemon
    client.isLocalSubmission = options.submission == .local
    return client
  }

  private var tls: TLSDescription {
    var tls = TLSDescription()
    tls.version = options.tls
    return tls
  }

  private var login: LoginDescription {
    var login = LoginDescription()
    login.user = options.authUser
    login.queueID = options.queueID
    return login
  }

  private func giveMacros(recipient: Int, outlivesMessage: Bool) {
    for word in options.macro.map(SessionWords.split) where word.recipient == recipient {
      guard let equals = word.value.firstIndex(of: "=") else { continue }
      driver.setMacro(
        String(word.value[..<equals]),
        String(word.value[word.value.index(after: equals)...]), outlivesMessage: outlivesMessage)
    }
  }
}
