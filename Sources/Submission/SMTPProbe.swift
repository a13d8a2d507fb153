// Asks a mail server whether it takes mail for an address: MAIL with the null sender, RCPT, and
// never a message. The null sender, since that is what a bounce to the address would have, and so
// that nobody asks back about ours (RFC 5321 §6.1).
internal import NIOCore

package enum ProbeAnswer: Sendable, Equatable {
  /// What it says to RCPT.
  case reply(SMTPReply)
  /// It introduces itself by our own name: asking on would go round in a circle.
  case ourselves
}

extension SMTPClient {
  /// Never says more than RCPT; says goodbye without waiting for it.
  /// - Parameter refusesOwnName: a server that has our own name is not asked.
  package func probe(
    _ recipient: String, at server: SMTPServer, refusesOwnName: Bool
  ) async throws(SendFailure) -> ProbeAnswer {
    guard !recipient.isEmpty, MailPath.isSafe(recipient, bytesMax: limits.addressBytesMax) else {
      throw .unfit(.address(recipient))
    }
    let (dialogue, offer) = try await open(server)
    let connection = dialogue.connection
    do throws(SendFailure) {
      if refusesOwnName, offer.hostNames.contains(hostName.lowercased()) {
        leave(connection)
        return .ourselves
      }
      let reply = try await name(recipient, offer, connection)
      leave(connection)
      return .reply(reply)
    } catch {
      connection.close()
      throw error
    }
  }

  private func name(
    _ recipient: String, _ offer: SMTPOffer, _ connection: SMTPConnection
  ) async throws(SendFailure) -> SMTPReply {
    var words = "MAIL FROM:<>"
    if recipient.utf8.contains(where: { $0 >= 0x80 }) {
      guard offer.has("SMTPUTF8") else { throw .unfit(.international) }
      words += " SMTPUTF8"
    }
    let consent = try await connection.command(words, .mail)
    // About us or the null sender, and so nothing about the address.
    guard consent.isPositive else { throw .unreachable("it answers MAIL FROM:<> by \(consent)") }
    let reply = try await connection.command("RCPT TO:<\(recipient)>", .recipient)
    if reply.code == 421 { throw .unreachable("\(reply)") }
    return reply
  }

  /// Bounded by the time that QUIT has.
  private func leave(_ connection: SMTPConnection) {
    Task {
      _ = try? await connection.command("QUIT", .quit)
      connection.close()
    }
  }
}

extension SubmissionLimits {
  /// For a question that is not worth more time than this at any step.
  package init(stepSecondsMax: Int) {
    self.init()
    let steps: [WritableKeyPath<SubmissionLimits, Int>] = [
      \.connectSeconds, \.greetingSeconds, \.commandSeconds, \.mailSeconds, \.recipientSeconds,
      \.quitSeconds,
    ]
    for step in steps { self[keyPath: step] = min(self[keyPath: step], max(stepSecondsMax, 1)) }
  }
}
