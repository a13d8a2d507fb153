// Mail of our own comes back to us by the mail server: notices, released messages, copies. A mark
// that only we can make lets it by all rules; the mark is judged by whoever can, never here.
internal import MilterWire
internal import RuleBytecode
internal import RuleVM

/// Whether the message at hand is our own, as far as that is known.
struct OwnMailWatch {
  enum Question {
    case envelope(path: [UInt8], arguments: [[UInt8]])
    case message(ReceivedMessage)
  }

  /// The field that carries the mark; nil when we send no mail.
  let fieldName: String?
  /// Its envelope says so; its message has to confirm it.
  var isKnown = false
  var isConfirmed = false
  var asked: (id: UInt32, question: Question)?

  mutating func reset() {
    isKnown = false
    isConfirmed = false
    asked = nil
  }
}

extension PolicyEvaluator {
  /// Asks about the envelope identifier of MAIL (RFC 3461 §4.4) where there is one.
  func askAboutEnvelope(_ path: [UInt8], _ arguments: [[UInt8]]) -> RunOutcome? {
    guard own.fieldName != nil else { return nil }
    let key = Array("ENVID=".utf8)
    let argument = arguments.first { given in
      given.prefix(key.count).map { $0 & 0xDF } == key.map { $0 & 0xDF }
    }
    guard let argument else { return nil }
    session.setSender(path)
    let id = String(decoding: argument.dropFirst(key.count), as: UTF8.self)
    return ask(.envelope(path: path, arguments: arguments), session.request(.knowEnvelope(id)))
  }

  /// Asks about a message that carries a mark, or whose envelope promised one.
  func askAboutMessage(_ message: ReceivedMessage) -> RunOutcome? {
    guard let field = own.fieldName, own.isKnown || Self.isMarked(message.bytes, field) else {
      return nil
    }
    let accepted = recipients.map { path in
      path.hasPrefix("<") && path.hasSuffix(">") ? String(path.dropFirst().dropLast()) : path
    }
    let request = session.request(.knowMessage, about: message.bytes, recipients: accepted)
    return ask(.message(message), request)
  }

  private func ask(_ question: OwnMailWatch.Question, _ request: CheckRequest) -> RunOutcome {
    own.asked = (request.id, question)
    return .waiting([request])
  }

  /// What became of the question.
  func learn(_ answer: CheckAnswer) -> RunOutcome {
    let question = own.asked?.question
    own.asked = nil
    let isOurs = answer == .errands([.done])
    switch question {
    case .envelope(let path, let arguments):
      own.isKnown = isOurs
      if isOurs { return .decided(.proceed) }
      return outcome(session.mail(path, arguments: arguments), .mail)
    case .message(let message):
      if isOurs { return takeOwn(message) }
      // No rule has seen its envelope, which said that none needs to.
      return own.isKnown ? .decided(.finish(Self.doubtful)) : judge(message)
    case nil: return .failed(.internalFault("an answer about own mail"))
    }
  }

  /// It goes on as it is, without the mark.
  private func takeOwn(_ message: ReceivedMessage) -> RunOutcome {
    own.isConfirmed = true
    report(nil, .eom, .accepted)
    let decision = MessageDecision(
      verdict: .accept,
      modifications: [.changeHeader(name: own.fieldName ?? "", occurrence: 1, value: [])])
    return .decided(.finish(decision))
  }

  private static let doubtful = MessageDecision(
    verdict: .refuse(
      SMTPReply.refusal(
        permanent: false, code: "451", enhanced: "4.7.1",
        text: "Message does not have the mark that its envelope promised")))

  /// A field of that name begins a line of the header.
  static func isMarked(_ bytes: [UInt8], _ field: String) -> Bool {
    let name = Array((field + ":").utf8)
    var start = 0
    while start < bytes.count {
      if bytes[start] == 13 || bytes[start] == 10 { return false }
      let line = bytes[start...].prefix(name.count)
      if line.elementsEqual(name, by: { $0 | 0x20 == $1 | 0x20 }) { return true }
      guard let end = bytes[start...].firstIndex(of: 10) else { return false }
      start = end + 1
    }
    return false
  }
}
