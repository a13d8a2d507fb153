// What the resolver and the thread that c-ares lives on say to each other: questions one way, bytes
// the other. The bytes are a name server's and not trusted.

/// What c-ares said: a message, or why there is none.
enum RawAnswer: Equatable {
  case message([UInt8])
  case none(DNSAnswer)

  /// No server said anything, not even that it cannot say.
  var isSilence: Bool { self == .none(.failed(.timeout)) || self == .none(.failed(.unreachable)) }
}

/// What the thread works for. All of it is called on the thread, except where told.
protocol AresWork: AnyObject, Sendable {
  func nextQuestion() -> DNSQuestion?
  func deliver(_ answer: RawAnswer, to question: DNSQuestion)
  /// Milliseconds until it wants to be called again; nil when it does not care.
  func settleDeadlines() -> Int64?
  func ended()
}
