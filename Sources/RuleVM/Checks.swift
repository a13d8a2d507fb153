// Questions to the outside. The machine never waits for an answer: it suspends, and whoever
// drives it resumes it when the answer is there.
package import FileContents
package import RuleBytecode

/// A question that has to be answered before the run can go on.
package struct CheckRequest: Sendable, Equatable {
  /// Unique in its session, never used again.
  package let id: UInt32
  package let kind: CheckKind
  /// What is asked, for logs: the zone of a `dnsbl`, the name of a scanner.
  package let name: String
  /// What the check sheet says (`CheckKind.Info.arguments`), in that order.
  package let arguments: [String]
  package let timeoutMilliseconds: Int
  /// Nothing may be written for it: its rule is only observed (LANGUAGE.md §3).
  package let isDry: Bool
  /// What is to be unpacked; for `unpack` only.
  package let order: UnpackOrder?
  /// What is to be carried out; for `errands` only.
  package let errands: ErrandOrder?
  /// The mail itself; for the kinds that want it.
  package var subject: CheckSubject?
  /// The message that asks.
  package let scope: MailScope

  package init(
    id: UInt32, kind: CheckKind, name: String, arguments: [String], timeoutMilliseconds: Int,
    isDry: Bool = false, order: UnpackOrder? = nil, errands: ErrandOrder? = nil,
    subject: CheckSubject? = nil, scope: MailScope = MailScope()
  ) {
    self.scope = scope
    self.subject = subject
    self.errands = errands
    self.order = order
    self.id = id
    self.kind = kind
    self.name = name
    self.arguments = arguments
    self.timeoutMilliseconds = timeoutMilliseconds
    self.isDry = isDry
  }
}

/// The mail that a question is about.
package struct CheckSubject: Sendable, Equatable {
  /// One part, decoded.
  package struct Piece: Sendable, Equatable {
    /// As `part.path`; `@` and the number of the reading behind it, where it is not the first.
    package let path: String
    package let content: [UInt8]

    package init(path: String, content: [UInt8]) {
      self.path = path
      self.content = content
    }
  }

  /// As received.
  package var message: [UInt8]
  package var mail: MailDescription
  /// The parts that are asked about, instead of the message or besides it; for `scan` only.
  package var pieces: [Piece]

  package init(
    message: [UInt8] = [], mail: MailDescription = MailDescription(), pieces: [Piece] = []
  ) {
    self.message = message
    self.mail = mail
    self.pieces = pieces
  }
}

/// What the outside said. Which form a kind's answers have is told where the machine reads them.
package enum CheckAnswer: Sendable, Equatable {
  /// For `dnsbl` and `hashbl`: the addresses in the zone's answer; empty is "not listed".
  case values([String])
  /// For what has named parts: a scan's `result`, `name`, `score`; a call-out's `code`, `text`.
  case fields([String: String])
  /// For `unpack`.
  case archive(ArchiveReport)
  /// For `errands`, in their order.
  case errands([ErrandResult])
  /// A plain yes or no.
  case truth(Bool)
  /// There is no answer; the reason is for trace and log.
  case failed(FailureClass, reason: String = "")
}
