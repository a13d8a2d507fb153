// What has been asked of the outside and what came back. A question is its kind and arguments:
// asked once, its answer serves every rule; only what counts is asked each time.
internal import FileContents
internal import RuleBytecode

struct AnswerBook {
  private struct Question: Hashable {
    let kind: CheckKind
    let arguments: [String]
    /// What is asked dry of a memory has changed nothing there: it is no answer for who counts.
    let isDry: Bool

    init(_ kind: CheckKind, _ arguments: [String], isDry: Bool) {
      self.kind = kind
      self.arguments = arguments
      self.isDry = isDry && CheckKind.ofMemory.contains(kind)
    }
  }

  /// Answers that hold while the session lasts: about its client, asked with the policy's own
  /// words, so their number is bounded by the policy.
  private var ofSession: [Question: CheckAnswer] = [:]
  private var ofMessage: [Question: CheckAnswer] = [:]
  private struct Pending {
    let question: Question
    let isOfSession: Bool
    /// Asked before there was a message, so the next one finds it still under way.
    let outlivesMessage: Bool
    /// No rule has asked it yet.
    var isEarly: Bool
  }

  private var pending: [UInt32: Pending] = [:]
  private var waiting: [Question: UInt32] = [:]
  private var lastID: UInt32 = 0
  /// Made by the first question of a message.
  private var scope: MailScope?
  private(set) var askedCount = 0
  /// Those of recipients' runs and turns, which a long list of recipients must not take from the
  /// others.
  private(set) var askedOfRecipientsCount = 0

  func isPending(
    _ kind: CheckKind, _ arguments: [String], isDry: Bool = false
  ) -> Bool {
    waiting[Question(kind, arguments, isDry: isDry)] != nil
  }

  /// A rule asks now what is under way; false when it is not.
  mutating func awaits(
    _ kind: CheckKind, _ arguments: [String], isDry: Bool = false
  ) -> Bool {
    guard let id = waiting[Question(kind, arguments, isDry: isDry)] else { return false }
    pending[id]?.isEarly = false
    return true
  }

  /// It is answered, or will be.
  func isAsked(_ kind: CheckKind, _ arguments: [String], isDry: Bool = false) -> Bool {
    let question = Question(kind, arguments, isDry: isDry)
    return waiting[question] != nil || ofMessage[question] != nil || ofSession[question] != nil
  }

  /// The answer, if it is there. One that counts is taken: the same question again is another.
  mutating func answer(
    _ kind: CheckKind, _ arguments: [String], isDry: Bool = false
  ) -> CheckAnswer? {
    let question = Question(kind, arguments, isDry: isDry)
    if kind.info.isCounted { return ofMessage.removeValue(forKey: question) }
    return ofMessage[question] ?? ofSession[question]
  }

  /// The answer to a question that does not count, if it was asked; for reports.
  func known(_ kind: CheckKind, _ arguments: [String]) -> CheckAnswer? {
    let question = Question(kind, arguments, isDry: false)
    return ofMessage[question] ?? ofSession[question]
  }

  /// The same of a kind that is asked once a message, with the question's arguments.
  func known(ofMessage kind: CheckKind) -> (arguments: [String], answer: CheckAnswer)? {
    ofMessage.first { $0.key.kind == kind }.map { ($0.key.arguments, $0.value) }
  }

  mutating func ask(
    _ kind: CheckKind, name: String, _ arguments: [String], timeoutMilliseconds: Int,
    isOfSession: Bool, outlivesMessage: Bool = false, isEarly: Bool = false, isDry: Bool,
    isOfRecipient: Bool = false, order: UnpackOrder? = nil, pieces: [CheckSubject.Piece] = []
  ) -> CheckRequest {
    lastID += 1
    if isOfRecipient { askedOfRecipientsCount += 1 } else { askedCount += 1 }
    let question = Question(kind, arguments, isDry: isDry)
    pending[lastID] = Pending(
      question: question, isOfSession: isOfSession, outlivesMessage: outlivesMessage,
      isEarly: isEarly)
    waiting[question] = lastID
    let scope = self.scope ?? MailScope()
    self.scope = scope
    return CheckRequest(
      id: lastID, kind: kind, name: name, arguments: arguments,
      timeoutMilliseconds: timeoutMilliseconds, isDry: isDry, order: order,
      // The mail is added where it is known as a whole.
      subject: kind.info.wantsMail ? CheckSubject(pieces: pieces) : nil, scope: scope)
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

  /// Gives up all that a rule waits for.
  mutating func expire() {
    for (_, asked) in pending where !asked.isEarly {
      ofMessage[asked.question] = .failed(asked.question.kind.failure, reason: "timeout")
    }
    forget { !$0.isEarly }
  }

  /// A new message: only what is about the session is remembered, nothing is waited for.
  mutating func dropMessage() {
    forget { !$0.outlivesMessage }
    askedCount = pending.count
    askedOfRecipientsCount = 0
    ofMessage = [:]
    scope = nil
  }

  private mutating func forget(_ isOver: (Pending) -> Bool) {
    for (id, asked) in pending where isOver(asked) {
      pending[id] = nil
      waiting[asked.question] = nil
    }
  }
}
