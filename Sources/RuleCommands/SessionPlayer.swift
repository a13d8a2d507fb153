// Plays the SMTP session that a command line describes.
internal import ArgumentParser
internal import Checks
internal import FoundationEssentials
internal import MailMessage
internal import PolicyTests
internal import RuleVM

struct SessionPlayer {
  private let options: SessionOptions
  private let message: [UInt8]
  private let driver: SessionDriver

  init(
    policy: LoadedPolicy, options: SessionOptions, answers: StandInAnswers, isTraced: Bool
  ) throws {
    self.options = options
    let limit = 256 << 20
    guard let path = options.message else {
      throw ValidationError("Missing expected argument '--message <message>'")
    }
    message = LineEnds.asCRLF(try PolicyFiles.read(path, limit: limit))
    let seconds = try Self.seconds(options.now)
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
    driver.connect(client)
    giveMacros(recipient: 0, outlivesMessage: true)
    driver.helo(options.helo, tls: tls)
    let header = MailMessage.headerOnly(message)
    driver.mail(
      options.from ?? header.writtenSender, arguments: options.mailArg, login: login)
    let recipients = options.to.isEmpty ? header.writtenRecipients : options.to
    for (index, address) in recipients.enumerated() {
      giveMacros(recipient: index + 1, outlivesMessage: false)
      let arguments = options.rcptArg.map(SessionWords.split)
        .filter { $0.recipient == index + 1 }.map(\.value)
      driver.recipient(address, arguments: arguments)
    }
    driver.data()
    driver.message(message)
    return driver.played()
  }

  private var client: ClientDescription {
    var client = ClientDescription()
    client.address = options.clientIP
    client.port = options.clientPort
    client.name = options.clientName
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
