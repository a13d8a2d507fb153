// A session whose front end waits: one event in, its replies out, on whatever thread the front end
// uses (libmilter moves a session between threads, one call at a time). Checks are answered from
// other threads into a mailbox; only the waiting thread touches the session.

internal import Dispatch
package import MilterWire
package import RuleVM
internal import Synchronization

/// Answers on their way to the thread that waits for them.
private final class AnswerMailbox: Sendable {
  private let letters = Mutex<[(CheckTicket, CheckAnswer)]>([])
  private let bell = DispatchSemaphore(value: 0)

  func put(_ ticket: CheckTicket, _ answer: CheckAnswer) {
    letters.withLock { $0.append((ticket, answer)) }
    bell.signal()
  }

  func takeAll() -> [(CheckTicket, CheckAnswer)] {
    letters.withLock { letters in
      let all = letters
      letters = []
      return all
    }
  }

  /// Returns when something was put, or at `time`; also now and then for nothing.
  func wait(until time: DispatchTime) { _ = bell.wait(timeout: time) }
}

package final class BlockingSession: SessionTransport {
  private let session: Session
  private let limits: BridgeLimits
  private let mailbox = AnswerMailbox()
  private var pending = PendingChecks()
  private var replies: [MilterReply] = []
  /// When the run that waits must be over; of the end of a message, or of commands before it.
  private var deadline: DispatchTime?
  private var isDeadlineOfEnd = false
  /// A reply that is held back, and until when: here its thread waits, one for each session.
  private var held: (number: UInt32, until: DispatchTime)?

  package init(session: Session, limits: BridgeLimits) {
    self.session = session
    self.limits = limits
    session.transport = self
  }

  package var negotiated: NegotiationAnswer? { session.negotiated }
  /// The MTA broke the protocol: nothing is accepted any more.
  package var isEnded: Bool { session.isEnded }
  /// No message is in hand.
  package var isBetweenMessages: Bool { session.isBetweenMessages }

  package func connectionDidClose() { session.connectionDidClose() }

  /// Hands the session an event. Waits for its replies when `awaitsReply`; `progress` is called
  /// while the end of a message is being waited for.
  package func perform(
    _ event: MilterCommand, awaitsReply: Bool, progress: () -> Void = {}
  ) -> [MilterReply] {
    deliverAnswers()
    releaseHeld()
    session.handle(event)
    while awaitsReply && session.isSuspended && !session.isEnded {
      waitOnce(progress)
    }
    defer { replies = [] }
    return replies
  }

  private func waitOnce(_ progress: () -> Void) {
    let now = DispatchTime.now()
    let end = deadline ?? now
    guard now < end else { return session.expire() }
    let pause = now + .seconds(limits.progressSeconds)
    mailbox.wait(until: min(end, pause, held?.until ?? end))
    deliverAnswers()
    releaseHeld()
    if session.isSuspended && isDeadlineOfEnd && DispatchTime.now() >= pause { progress() }
  }

  private func deliverAnswers() {
    for (ticket, answer) in mailbox.takeAll() {
      pending.remove(ticket)
      session.answer(ticket, answer)
    }
  }

  private func releaseHeld() {
    guard let held, DispatchTime.now() >= held.until else { return }
    self.held = nil
    session.releaseReply(number: held.number)
  }

  package func sessionDidHoldReply(number: UInt32, seconds: Int) {
    held = (number, .now() + .seconds(seconds))
  }

  package func send(_ reply: MilterReply) { replies.append(reply) }

  package func startCheck(_ request: CheckRequest, _ ticket: CheckTicket) {
    let mailbox = mailbox
    let call = session.policy.checks.start(request) { mailbox.put(ticket, $0) }
    pending.add(call, ticket)
  }

  package func dropChecks(except isWanted: (CheckTicket) -> Bool) {
    pending.drop(except: isWanted)
  }

  package func sessionDidSuspend(atEndOfMessage: Bool) {
    guard deadline == nil || isDeadlineOfEnd != atEndOfMessage else { return }
    isDeadlineOfEnd = atEndOfMessage
    let seconds = session.policy.waitSeconds(atEndOfMessage: atEndOfMessage, limits)
    deadline = .now() + .seconds(seconds)
  }

  package func sessionDidResume() {
    deadline = nil
    held = nil
  }

  package func sessionDidEnd(_ end: SessionEnd) {}
}
