// The questions a check waits for. Answers to anything else are dropped.

struct PendingQuestions: Sendable {
  private var questions: [SenderQuestion] = []
  private var answers: [SenderQuestion: SenderAnswer] = [:]

  /// Those without an answer, each once.
  var open: [SenderQuestion] { questions.filter { answers[$0] == nil } }

  /// Forgets what was asked before.
  mutating func ask(_ asked: [SenderQuestion]) {
    var seen: Set<SenderQuestion> = []
    questions = asked.filter { seen.insert($0).inserted }
    answers = [:]
  }

  /// The first answer stands.
  mutating func take(_ answer: SenderAnswer, to question: SenderQuestion) {
    guard questions.contains(question), answers[question] == nil else { return }
    answers[question] = answer
  }

  subscript(_ question: SenderQuestion) -> SenderAnswer { answers[question] ?? .failure }

  var question: SenderQuestion? { questions.first }

  /// The answer to the only question.
  var only: SenderAnswer { questions.first.map { self[$0] } ?? .failure }
}
