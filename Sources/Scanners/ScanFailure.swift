// Why there is no answer. Texts may hold a scanner's words, which are cleaned and cut before.

package enum ScanFailure: Error, Sendable, Equatable, CustomStringConvertible {
  package enum Step: String, CaseIterable, Sendable, Equatable {
    case place = "a free place"
    case connection = "a connection"
    case answer = "an answer"
  }

  case unreachable(String)
  /// The connection ended before the answer was whole.
  case cut
  case timedOut(Step)
  /// Not what the protocol allows.
  case garbage(String)
  /// The answer is longer than we read.
  case tooLong
  /// The scanner says that it could not do it.
  case refused(String)
  /// As many calls as may wait are waiting already.
  case busy
  /// Every host failed so often that it is left alone for a while.
  case leftAlone
  /// Nobody wants the answer any more.
  case cancelled

  /// What a failure says about the host that was asked.
  enum Blame: Sendable, Equatable {
    /// It does not work.
    case host
    /// It lives, but could not do this one: whoever sends such mail must not silence the host for
    /// everybody else's.
    case message
    /// Nothing.
    case nobody
  }

  var blame: Blame {
    switch self {
    case .unreachable, .cut, .garbage: .host
    case .tooLong, .refused: .message
    case .timedOut(let step): step == .place ? .nobody : .host
    case .busy, .leftAlone, .cancelled: .nobody
    }
  }

  package var description: String {
    switch self {
    case .unreachable(let reason): "no connection: \(reason)"
    case .cut: "the connection was closed before the answer was whole"
    case .timedOut(let step): "no time left for \(step.rawValue)"
    case .garbage(let what): "it answers what the protocol does not know: \(what)"
    case .tooLong: "its answer is too long"
    case .refused(let words): "it refused: \(words)"
    case .busy: "too many calls wait for it"
    case .leftAlone: "it failed too often and is left alone for a while"
    case .cancelled: "the call was given up"
    }
  }
}
