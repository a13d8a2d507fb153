// What questions have in common that one message asks: whoever answers them keeps here how much was
// asked already, and what several of them need. It ends with the message.
internal import Synchronization

/// One message of a session, for those who answer its questions; what is asked before the first
/// message belongs to that.
package final class MailScope: Sendable {
  private let value = Mutex<(any Sendable)?>(nil)

  package init() {}

  /// What is kept, made by the first who asks. All who share a scope keep the same type.
  package func kept<Value: Sendable>(_ make: () -> Value) -> Value {
    value.withLock { value in
      if let known = value as? Value { return known }
      let made = make()
      value = made
      return made
    }
  }
}

/// Not a part of what is asked: questions with the same words are equal.
extension MailScope: Equatable {
  package static func == (left: MailScope, right: MailScope) -> Bool { true }
}
