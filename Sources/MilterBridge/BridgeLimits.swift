// What one session may cost, and how long each side may take.

package import MilterWire

/// Limits of sessions; each is tested at its value and one past it.
package struct BridgeLimits: Sendable, Equatable {
  package var wire = WireLimits()
  /// Bytes of one message that are kept; past it the evaluation is told so.
  package var messageBytesMax = 67_108_864
  /// Bytes of events that wait behind a suspended run before reading stops.
  package var queueBytesMax = 65_536
  /// A packet must be whole within this time of its first byte.
  package var packetSeconds = 60
  /// Silence of the MTA between messages; libmilter's value.
  package var idleSeconds = 7_210
  /// Silence within a message: the client may be slow, and closing would cost the message.
  package var messageIdleSeconds = 7_210
  /// How often the MTA is told that the end of a message is still worked on. sendmail's limit is
  /// 10 s, reset by each.
  package var progressSeconds = 4
  /// Time for the end of a message; Postfix gives 300 s in all, progress or not.
  package var endOfMessageSeconds = 60
  /// Time for every other command, counted from the first of those that wait; sendmail gives 10 s.
  package var commandSeconds = 8
  /// Sessions at once; more are accepted and every message tempfailed, since an MTA that cannot
  /// connect may pass mail unfiltered (sendmail's default).
  package var sessionsMax = 10_000
  /// Bytes of all messages in hand at once; past it new ones get the answer of overload.
  package var memoryBytesMax = 1 << 30
  /// Percent of sessions and memory that only clients on this host get.
  package var reservePercent = 10
  /// What sessions and messages get beyond the limits of both.
  package var overload = OverloadAnswer.tempfail
  /// Rounds of new checks after the deadline until the run is given up.
  package var expiryRoundsMax = 1_000

  package init() {}
}
