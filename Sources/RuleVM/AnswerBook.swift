// What has been asked of the outside and what came back. A question is its kind and arguments:
// asked once, its answer serves every rule; only what counts is asked each time.
internal import FileContents
internal import RuleBytecode

struct AnswerBook {
  private struct Question: Hashable {
    let kind: CheckKind
    let arguments: [String]
  }

  /// Answers that hold while the session lasts: about its client, asked with the policy's own
  /// words, so their number is bounded by the policy.
  private var ofSession: [Question: CheckAnswer] = [:]
  private var ofMessage: [Question: CheckAnswer] = [:]
  private var pending: [UInt32: (question: Question, isOfSession: Bool)] = [:]
  private var waiting: [Question: UInt32] = [:]
  private var lastID: UInt32 = 0
  private(set) var askedCount = 0

  func isPending(_ kind: CheckKind, _ arguments: [String]) -> Bool {
    waiting[Question(kind: kind, arguments: arguments)] != nil
  }

  /// The answer, if it is there. One that counts is taken: the same question again is another.
  mutating func answer(_ kind: CheckKind, _ arguments: [String]) -> CheckAnswer? {
    let question = Question(kind: kind, arguments: arguments)
    if kind.info.isCounted { return ofMessage.removeValue(forKey: question) }
    return ofMessage[question] ?? ofSession[question]
  }

  mutating func ask(
    _ kind: CheckKind, name: String, _ arguments: [String], timeoutMilliseconds: Int,
    isOfSession: Bool, isDry: Bool, order: UnpackOrder? = nil, pieces: [CheckSubject.Piece] = []
  ) -> CheckRequest {
    lastID += 1
    askedCount += 1
    let question = Question(kind: kind, arguments: arguments)
    pending[lastID] = (question, isOfSession)
    waiting[question] = lastID
    return CheckRequest(
      id: lastID, kind: kind, name: name, arguments: arguments,
      timeoutMilliseconds: timeoutMilliseconds, isDry: isDry, order: order,
      // The mail is added where it is known as a whole.
      subject: kind.info.wantsMail ? CheckSubject(pieces: pieces) : nil)
  }

  /// The number of a question that is not kept here.
  mutating func takeID() -> UInt32 {
    lastID += 1
    return lastID
  }

  /// Files an answer; false when nobody waits for it.
  mutating func file(_ id: UInt32, _ answer: CheckAnswer) -> Bool {
    guard let asked = pending.removeValue(forKey: id) else { return false }
    waiting[asked.question] = nil
    // A failure holds for this message: the next one asks again.
    var isOfSession = asked.isOfSession
    if case .failed = answer { isOfSession = false }
    if isOfSession {
      ofSession[asked.question] = answer
    } else {
      ofMessage[asked.question] = answer
    }
    return true
  }

  /// Gives up all that is not answered yet.
  mutating func expire() {
    for (_, asked) in pending {
      ofMessage[asked.question] = .failed(asked.question.kind.failure, reason: "timeout")
    }
    forgetPending()
  }

  /// A new message: only what is about the session is remembered, nothing is waited for.
  mutating func dropMessage() {
    forgetPending()
    askedCount = 0
    ofMessage = [:]
  }

  private mutating func forgetPending() {
    pending = [:]
    waiting = [:]
  }
}
