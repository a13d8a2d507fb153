// What is said on a connection, in its order.
internal import NIOSSL

/// Why there is no connection to send mail on.
struct OpeningFailure: Error {
  let failure: SendFailure
  /// It came between STARTTLS and the first reply through it.
  let isOfTLS: Bool
}

struct SMTPDialogue: Sendable {
  let connection: SMTPConnection
  let hostName: String
  let limits: SubmissionLimits

  // MARK: Until mail can be named

  /// Greeting, EHLO, STARTTLS and login. A refusal here is the server's state and not the mail's
  /// fault, so it is always one to try again after.
  func open(_ server: SMTPServer, usesTLS: Bool) async throws(OpeningFailure) -> SMTPOffer {
    var isOfTLS = false
    do throws(SendFailure) {
      var offer = try await greet()
      isOfTLS = usesTLS
      let isEncrypted = usesTLS ? try await encrypt(server, offer) : false
      if isEncrypted {
        let plain = offer
        offer = try await introduce()
        offer.noteNames(of: plain)
        if server.security == .required, let name = TLSSettings.name(of: server) {
          try await connection.checkPeer(named: name)
        }
      }
      isOfTLS = false
      if let path = server.credentialsPath {
        guard isEncrypted else {
          throw .unreachable("it offers no encryption, and a password is never sent without")
        }
        try await login(path, offer)
      }
      return offer
    } catch {
      throw OpeningFailure(failure: error, isOfTLS: isOfTLS)
    }
  }

  private func greet() async throws(SendFailure) -> SMTPOffer {
    let greeting = try await connection.reply(to: .greeting)
    guard greeting.code == 220 else { throw .unreachable("it greets with \(greeting)") }
    var offer = try await introduce()
    offer.noteName(in: greeting)
    return offer
  }

  private func introduce() async throws(SendFailure) -> SMTPOffer {
    let reply = try await connection.command("EHLO \(hostName)", .ehlo)
    if reply.isPositive {
      var offer = SMTPOffer(lines: reply.lines.dropFirst())
      offer.noteName(in: reply)
      return offer
    }
    guard reply.code / 100 == 5 else { throw .unreachable("it answers EHLO by \(reply)") }
    let second = try await connection.command("HELO \(hostName)", .helo)
    guard second.isPositive else { throw .unreachable("it answers HELO by \(second)") }
    var offer = SMTPOffer.none
    offer.noteName(in: second)
    return offer
  }

  /// True when the connection is encrypted now.
  private func encrypt(
    _ server: SMTPServer, _ offer: SMTPOffer
  ) async throws(SendFailure) -> Bool {
    guard offer.has("STARTTLS") else {
      guard server.security == .required else { return false }
      throw .unreachable("it does not offer STARTTLS, which is required")
    }
    let reply = try await connection.command("STARTTLS", .startTLS)
    guard reply.code == 220 else {
      guard server.security == .required else { return false }
      throw .unreachable("it answers STARTTLS by \(reply)")
    }
    let settings: TLSSettings
    do {
      settings = try TLSSettings(server)
    } catch {
      throw .unreachable("\(ConnectionWords.text(error))")
    }
    try await connection.startTLS(settings.context, name: settings.name)
    return true
  }

  // MARK: One mail

  func send(
    _ mail: OutgoingMail, _ message: [UInt8], _ offer: SMTPOffer
  ) async throws(SendFailure) -> SendResult {
    let words = try mailWords(mail, message, offer)
    let answer = try await connection.command(words, .mail)
    guard answer.isPositive else { throw try refusal(answer, .mail) }
    var results: [RecipientResult] = []
    for recipient in mail.recipients {
      results.append(
        RecipientResult(recipient: recipient, failure: try await name(recipient, mail, offer)))
    }
    guard results.contains(where: { $0.failure == nil }) else { return SendResult(results) }
    let (failure, reply) = try await content(message)
    guard let failure else { return SendResult(results, reply: reply) }
    return SendResult(
      results.map {
        RecipientResult(recipient: $0.recipient, failure: $0.failure ?? failure)
      }, reply: reply)
  }

  private func mailWords(
    _ mail: OutgoingMail, _ message: [UInt8], _ offer: SMTPOffer
  ) throws(SendFailure) -> String {
    var words = "MAIL FROM:<\(mail.sender)>"
    if let bytesMax = offer.bytesMax, message.count > bytesMax {
      throw .unfit(.tooLarge(bytes: message.count, bytesMax: bytesMax))
    }
    if offer.has("SIZE") { words += " SIZE=\(message.count)" }
    if !WireText.isASCII(message.span) {
      guard offer.has("8BITMIME") else { throw .unfit(.eightBit) }
      words += " BODY=8BITMIME"
    }
    if mail.isInternational {
      guard offer.has("SMTPUTF8") else { throw .unfit(.international) }
      words += " SMTPUTF8"
    }
    if offer.has("DSN") {
      words += " RET=HDRS"
      if let id = mail.envelopeID { words += " ENVID=\(id)" }
    }
    return words
  }

  /// Nil when it is taken.
  private func name(
    _ recipient: String, _ mail: OutgoingMail, _ offer: SMTPOffer
  ) async throws(SendFailure) -> SendFailure? {
    let reports = mail.purpose.wantsNoReports && offer.has("DSN") ? " NOTIFY=NEVER" : ""
    let reply = try await connection.command("RCPT TO:<\(recipient)>\(reports)", .recipient)
    return reply.isPositive ? nil : try refusal(reply, .recipient)
  }

  private func content(
    _ message: [UInt8]
  ) async throws(SendFailure) -> (failure: SendFailure?, reply: SMTPReply) {
    let answer = try await connection.command("DATA", .data)
    guard answer.code == 354 else { return (try refusal(answer, .data), answer) }
    var blocks = DottedBlocks(message, blockBytes: limits.blockBytes)
    do throws(SendFailure) {
      while let block = blocks.next() { try await connection.write(block) }
    } catch {
      // A server that gives up early may have said why.
      let reply = try await connection.reply(to: .finalDot)
      guard reply.code >= 400 else { throw error }
      return (try refusal(reply, .finalDot), reply)
    }
    let reply = try await connection.reply(to: .finalDot)
    return (reply.isPositive ? nil : try refusal(reply, .finalDot), reply)
  }

  /// What a reply that is no consent means. 421 is about the server (RFC 5321 §3.8).
  private func refusal(_ reply: SMTPReply, _ step: SMTPStep) throws(SendFailure) -> SendFailure {
    switch reply.code {
    case 421: throw .unreachable("\(reply)")
    case 400..<500: .temporary(reply)
    case 500...: .permanent(reply)
    default: throw .fault(.unexpected(step: step.rawValue, reply))
    }
  }
}
