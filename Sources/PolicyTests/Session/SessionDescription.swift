// What a played SMTP session says of itself: the facts that a real mail server would give.

/// The client, the listener, and how the mail came.
package struct ClientDescription: Sendable {
  package var address = "127.0.0.1"
  package var port: Int?
  /// Its name as the mail server verified it; the address in brackets when left out.
  package var name: String?
  package var ptr: String?
  package var serverAddress: String?
  package var serverPort: Int?
  package var serverName: String?
  package var daemon: String?
  /// No SMTP client: a local program gave the mail to the server.
  package var isLocalSubmission = false

  package init() {}
}

package struct TLSDescription: Sendable {
  package var version: String?
  package var cipher: String?
  package var bits: Int?
  package var isVerified = false
  package var subject: String?
  package var issuer: String?

  package init() {}
}

/// What the mail server knows from MAIL on.
package struct LoginDescription: Sendable {
  package var user: String?
  /// The SASL mechanism; PLAIN when there is a user and no mechanism.
  package var mechanism: String?
  package var author: String?
  package var queueID: String?

  package init() {}
}

/// The mailer triple of a recipient, as sendmail gives it.
package struct MailerDescription: Sendable {
  package var mailer: String?
  package var host: String?
  package var address: String?

  package init() {}
}
