// What a scanner is handed: bytes as they were received, and what the mail server said of them.
// Envelope texts are a stranger's words; the dialects clean what they put on a line.

/// The facts of the delivery that a scanner may weigh. Nil is "not known".
package struct ScanEnvelope: Sendable, Equatable {
  package var clientAddress: String?
  /// The client's name in DNS, verified by the mail server.
  package var clientName: String?
  package var helo: String?
  /// Without brackets; empty is the null sender.
  package var sender: String?
  package var recipients: [String]
  package var queueID: String?
  /// Who logged in to send this.
  package var login: String?
  /// Whose preferences count, for a scanner that keeps such.
  package var account: String?
  /// Our own name, and when the mail came as RFC 5322 writes it: for scanners that read of the
  /// delivery in the header only.
  package var hostName: String?
  package var date: String?

  package init(
    clientAddress: String? = nil, clientName: String? = nil, helo: String? = nil,
    sender: String? = nil, recipients: [String] = [], queueID: String? = nil,
    login: String? = nil, account: String? = nil
  ) {
    self.clientAddress = clientAddress
    self.clientName = clientName
    self.helo = helo
    self.sender = sender
    self.recipients = recipients
    self.queueID = queueID
    self.login = login
    self.account = account
  }
}

/// One thing to be scanned: a whole message, or one part's content.
package struct ScanJob: Sendable, Equatable {
  package var bytes: [UInt8]
  package var envelope: ScanEnvelope
  /// For the whole call, the wait for a free place included; the service's own when nil.
  package var timeoutMilliseconds: Int?

  package init(
    _ bytes: [UInt8], _ envelope: ScanEnvelope = ScanEnvelope(), timeoutMilliseconds: Int? = nil
  ) {
    self.bytes = bytes
    self.envelope = envelope
    self.timeoutMilliseconds = timeoutMilliseconds
  }
}

/// Whoever looks at mail for us. There is always an answer, and never later than the job says.
package protocol Scanner: Sendable {
  func scan(_ job: ScanJob) async -> ScanAnswer
}
