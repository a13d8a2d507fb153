// The bounds of calls to scanners.

package struct ScannerLimits: Sendable, Hashable {
  /// More bytes are `tooBig` without a call; the scanner's own bound, where it has one.
  package var messageBytesMax: Int
  /// A call as a whole, unless the job says otherwise.
  package var timeoutMilliseconds = 30_000
  /// To one host: less than the whole, so that the next host still gets its turn.
  package var connectMilliseconds = 5_000
  /// Calls at once to one service.
  package var callsMax = 64
  /// Calls that wait for one of those places.
  package var waitingMax = 1_000
  /// Failures in a row before a host is left alone.
  package var failuresMax = 5
  package var leaveAloneMilliseconds = 30_000

  /// One line of an answer, its end not counted.
  package var replyLineBytesMax = 8_192
  /// Fields before an answer's body.
  package var replyFieldsMax = 100
  package var replyBodyBytesMax = 1_048_576
  package var symbolsMax = 1_000
  package var headerChangesMax = 100
  /// A symbol's, a header field's, or a malware's name.
  package var nameBytesMax = 256

  package init(messageBytesMax: Int) { self.messageBytesMax = messageBytesMax }

  package init(for kind: ScannerKind) {
    self.init(messageBytesMax: kind.messageBytesMax)
    // Each is a process and a thread that waits for it.
    if case .program = kind { callsMax = 8 }
  }
}
