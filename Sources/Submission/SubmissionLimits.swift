// Every bound of what sends our own mail, in one place.

/// Bounds of time, size and number; each is tested at the bound and one past it where it can be
/// reached from outside.
package struct SubmissionLimits: Sendable, Equatable {
  // Time for each step of a dialogue, after RFC 5321 §4.5.3.2. Its minutes are for hosts across the
  // world; ours is a mail server near by, which may be slow (its filters run at the final dot) but
  // whose silence must not hold the queue for long.
  package var connectSeconds = 30
  package var greetingSeconds = 60
  package var commandSeconds = 60
  package var mailSeconds = 120
  package var recipientSeconds = 120
  package var dataSeconds = 60
  /// For each `blockBytes` of a message.
  package var blockSeconds = 120
  package var finalDotSeconds = 600
  package var quitSeconds = 5

  /// Bytes of a message that are handed to the connection at once.
  package var blockBytes = 64 << 10
  /// Of one line of a reply without its end; RFC 5321 §4.5.3.1.5 says 512.
  package var replyLineBytesMax = 2_048
  /// Of a whole reply, all its lines.
  package var replyBytesMax = 32 << 10
  /// Of one path in MAIL and RCPT: 256 (§4.5.3.1.3), and room for longer local parts in use.
  package var addressBytesMax = 512
  /// Recipients of one transaction: what every server takes (§4.5.3.1.8).
  package var recipientsMax = 100

  // The queue.
  package var queuedMailsMax = 10_000
  package var queuedBytesMax = 1 << 30
  package var mailBytesMax = 256 << 20
  /// Of the envelope line in front of a queued message.
  package var envelopeBytesMax = 1 << 20
  package var recipientsOfMailMax = 1_000
  package var firstRetrySeconds: Int64 = 60
  package var lastRetrySeconds: Int64 = 3_600
  package var expirySeconds: Int64 = 5 * 86_400
  package var scanSeconds: Int64 = 5
  /// Mails kept that could not be delivered; the oldest go first.
  package var failedMailsMax = 1_000

  // The mark.
  package var markValidSeconds: Int64 = 86_400
  /// A mark of the near future is one of a host whose clock is ahead.
  package var clockSkewSeconds: Int64 = 300
  package var markFieldBytesMax = 4_096

  // Notices.
  package var noticesHourlyMax = 200
  package var noticeTextBytesMax = 256 << 10

  // Digests.
  package var digestLinesMax = 500
  /// Entries younger than that wait for the next digest: one that is being stored right now may get
  /// a time that is past.
  package var digestSettleSeconds: Int64 = 300
  package var tokenValidSeconds: Int64 = 14 * 86_400

  package init() {}
}
