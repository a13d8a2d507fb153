// Hands one mail to one mail server: EHLO, STARTTLS, AUTH, MAIL, RCPT, DATA (RFC 5321), with SIZE
// (1870), 8BITMIME (6152), SMTPUTF8 (6531) and DSN (3461) where they are needed and offered. One
// command at a time: our mail is little, and an answer then belongs to its command.
package import NIOCore
internal import NIOPosix
internal import NIOSSL

package struct SMTPClient: Sendable {
  let hostName: String
  let limits: SubmissionLimits
  private let group: any EventLoopGroup

  /// `hostName` is how we introduce ourselves.
  package init(
    hostName: String, limits: SubmissionLimits = SubmissionLimits(),
    group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
  ) {
    self.hostName = hostName
    self.limits = limits
    self.group = group
  }

  /// Sends to at most `recipientsMax` recipients; never throws: what failed stands beside whom it
  /// failed for. A connection that is lost behind the final dot counts as failed, so such a mail
  /// may come twice (RFC 5321 §4.2.5 knows no better).
  package func send(_ mail: OutgoingMail, to server: SMTPServer) async -> SendResult {
    let message = WireText.canonical(mail.message)
    do throws(SendFailure) {
      try check(mail)
      let (dialogue, offer) = try await open(server)
      defer { dialogue.connection.close() }
      let result = try await dialogue.send(mail, message, offer)
      // The mail is settled; a server that does not say goodbye changes nothing.
      _ = try? await dialogue.connection.command("QUIT", .quit)
      return result
    } catch {
      return SendResult(mail.recipients, error)
    }
  }

  /// Where encryption is a wish only, a handshake that fails is followed by plain text.
  func open(
    _ server: SMTPServer
  ) async throws(SendFailure) -> (SMTPDialogue, SMTPOffer) {
    do throws(OpeningFailure) {
      return try await open(server, usesTLS: server.security != .off)
    } catch {
      guard error.isOfTLS, server.security == .opportunistic else { throw error.failure }
    }
    do throws(OpeningFailure) {
      return try await open(server, usesTLS: false)
    } catch {
      throw error.failure
    }
  }

  private func open(
    _ server: SMTPServer, usesTLS: Bool
  ) async throws(OpeningFailure) -> (SMTPDialogue, SMTPOffer) {
    let connection: SMTPConnection
    do throws(SendFailure) {
      connection = try await SMTPConnection.open(server, limits, group)
    } catch {
      throw OpeningFailure(failure: error, isOfTLS: false)
    }
    let dialogue = SMTPDialogue(connection: connection, hostName: hostName, limits: limits)
    do throws(OpeningFailure) {
      return (dialogue, try await dialogue.open(server, usesTLS: usesTLS))
    } catch {
      connection.close()
      throw error
    }
  }

  private func check(_ mail: OutgoingMail) throws(SendFailure) {
    guard !mail.recipients.isEmpty else { throw .unfit(.noRecipients) }
    for address in [mail.sender] + mail.recipients
    where !MailPath.isSafe(address, bytesMax: limits.addressBytesMax) {
      throw .unfit(.address(address))
    }
    for address in mail.recipients where address.isEmpty { throw .unfit(.address(address)) }
  }
}
