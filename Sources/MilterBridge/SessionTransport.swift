// What a session asks of its front end. Everything is called from within a call of the session's
// own methods, on the same thread.

package import MilterWire
package import RuleVM

/// Names a check of one session. Answers that come after their message, or their session, are told
/// apart by it and ignored.
package struct CheckTicket: Sendable, Hashable {
  package let id: UInt32
  /// Counts the SMTP sessions of one connection.
  package let sessionNumber: UInt32
  /// Counts messages; nil for a check that outlives the message (asked at connect or HELO).
  package let messageNumber: UInt32?

  package init(id: UInt32, sessionNumber: UInt32, messageNumber: UInt32?) {
    self.id = id
    self.sessionNumber = sessionNumber
    self.messageNumber = messageNumber
  }
}

/// Why a session ends its connection.
package enum SessionEnd: Sendable, Equatable {
  /// The MTA said so.
  case quit
  /// The MTA broke the protocol; has been logged.
  case fault
}

/// The checks of a session that are under way and can be given up.
struct PendingChecks {
  private var calls: [CheckTicket: any StartedCheck] = [:]

  mutating func add(_ call: (any StartedCheck)?, _ ticket: CheckTicket) {
    if let call { calls[ticket] = call }
  }

  mutating func remove(_ ticket: CheckTicket) { calls[ticket] = nil }

  mutating func drop(except isWanted: (CheckTicket) -> Bool) {
    for (ticket, call) in calls where !isWanted(ticket) {
      call.cancel()
      calls[ticket] = nil
    }
  }
}

package protocol SessionTransport: AnyObject {
  /// One reply, or one of the changes before the verdict; changes and verdict come in one go.
  func send(_ reply: MilterReply)
  /// Starts a check; its answer is brought back by `Session.answer`.
  func startCheck(_ request: CheckRequest, _ ticket: CheckTicket)
  /// Gives up what no run will read any more.
  func dropChecks(except isWanted: (CheckTicket) -> Bool)
  /// A run waits. Said again when it waits anew.
  func sessionDidSuspend(atEndOfMessage: Bool)
  /// A reply is held back: `Session.releaseReply` is called with this number after that time. Until
  /// then the session is suspended, and `sessionDidSuspend` was said.
  func sessionDidHoldReply(number: UInt32, seconds: Int)
  /// Nothing waits any more and the queue is empty.
  func sessionDidResume()
  func sessionDidEnd(_ end: SessionEnd)
}
