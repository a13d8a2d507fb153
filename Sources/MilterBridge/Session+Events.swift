// The order of the protocol: which event may come when, and what each sets going.

internal import MilterWire
internal import NIOCore

extension Session {
  /// Handles one event; nothing waits.
  func process(_ event: MilterCommand) {
    switch event {
    case .header(let name, let value): takeHeader(name, value)
    case .body(let piece, let isLast): takeBody(piece, isLast)
    case .macros(let stage, let list): takeMacros(stage, list)
    case .negotiate(let offer):
      guard position == .start || position == .negotiated else { return wrongOrder("negotiation") }
      negotiate(offer)
    case .connect(let facts):
      guard position == .negotiated else { return wrongOrder("connect") }
      position = .connected
      admit(facts)
      run(.connect, about: [facts.hostName, facts.address]) { $0.connect(facts) }
    case .helo(let name): takeHELO(name)
    case .mail(let words): takeMAIL(words)
    case .recipient(let words): takeRCPT(words)
    case .data:
      guard advance(to: .data, "DATA") else { return }
      run(.data) { $0.data() }
    case .endOfHeaders: takeEndOfHeaders()
    case .endOfBody: takeEndOfBody()
    case .abort:
      guard position != .start else { return wrongOrder("abort") }
      endMessage()
    case .quit: end(.quit)
    case .quitNewConnection:
      guard position != .start else { return wrongOrder("quit") }
      forgetSession()
      beginSession()
    case .unknown:
      guard position != .start else { return wrongOrder("command") }
      if !has(.noReplyUnknown) { transport?.send(.proceed) }
    }
  }

  private func wrongOrder(_ what: String) {
    fail("\(what) out of order, after \(position)")
  }

  func has(_ step: ProtocolSteps) -> Bool { negotiated?.steps.contains(step) ?? false }

  private var isInMessage: Bool { position.rawValue >= Position.mail.rawValue }

  /// Within a message, forward to `next`; false and closed when that would be backward, or there is
  /// no message. MTAs leave out steps of recipients and content, so a step may be jumped.
  private func advance(to next: Position, _ what: String) -> Bool {
    guard isInMessage, position.rawValue <= next.rawValue else {
      wrongOrder(what)
      return false
    }
    position = next
    return true
  }

  /// A message that the MTA began while another was in hand: that one is over, as by RSET
  /// (after a refusal MTAs do not always say so).
  private func endUnfinishedMessage() {
    if isInMessage { endMessage() }
  }

  private func takeMacros(_ stage: MacroStage, _ list: StringList) {
    guard position != .start else { return wrongOrder("macros") }
    // They come before their command, and would be dropped with the message before.
    if stage == .mail || stage == .helo { endUnfinishedMessage() }
    guard let evaluation else { return }
    list.forEachPair { name, value in
      if name.count == 1, name[0] == UInt8(ascii: "i") { note(queueID: value) }
      evaluation.setMacro(name, value, stage: stage)
    }
  }

  private func takeHELO(_ name: ByteBuffer) {
    guard position != .start else { return wrongOrder("HELO") }
    endUnfinishedMessage()
    position = .greeted
    // EHLO again forgets what the former one led to, not what connect did.
    if sessionVerdict?.stage == .helo { sessionVerdict = nil }
    let words = Array(name.readableBytesView)
    run(.helo, about: [words]) { $0.helo(words) }
  }

  private func takeMAIL(_ words: StringList) {
    guard position != .start else { return wrongOrder("MAIL") }
    endUnfinishedMessage()
    position = .mail
    admitMessage()
    var strings = words.strings
    run(.mail, about: strings) { evaluation in
      let path = strings.removeFirst()
      message.expect(bytes: Self.announcedSize(strings))
      return evaluation.mail(path, arguments: strings)
    }
  }

  private func takeRCPT(_ words: StringList) {
    guard advance(to: .recipient, "RCPT") else { return }
    var strings = words.strings
    run(.recipient, about: strings) { evaluation in
      let path = strings.removeFirst()
      return evaluation.recipient(path, arguments: strings)
    }
  }

  private func takeHeader(_ name: ByteBuffer, _ value: ByteBuffer) {
    guard advance(to: .header, "header") else { return }
    if isCollecting {
      message.appendHeader(name, value, addingBlank: !has(.headerLeadingSpace))
      countBytes()
    }
    if !has(.noReplyHeader) { transport?.send(owedReply ?? .proceed) }
  }

  private func takeEndOfHeaders() {
    guard position != .endOfHeaders else { return wrongOrder("end of header") }
    guard advance(to: .endOfHeaders, "end of header") else { return }
    if isCollecting { message.endHeader() }
    runOverMessage(.headers) { $0.headers(message.received) }
  }

  private func takeBody(_ piece: ByteBuffer, _ isLast: Bool) {
    guard advance(to: .body, "body") else { return }
    if isCollecting && policy.needs.body {
      message.appendBody(piece)
      countBytes()
    }
    guard isLast, !has(.noReplyBody) else { return }
    let canSkip = has(.skip) && !(policy.needs.body && message.wantsBody)
    transport?.send(owedReply ?? (canSkip ? .skip : .proceed))
  }

  private func takeEndOfBody() {
    guard isInMessage else { return wrongOrder("end of message") }
    position = .body
    // The end has a deadline of its own, however long the commands before it took.
    isExpired = false
    isProlonged = false
    if isCollecting { message.endHeader() }
    runOverMessage(.endOfMessage) { $0.endOfMessage(message.received) }
  }

  /// Bytes are kept only for somebody who will read them.
  private var isCollecting: Bool {
    (policy.needs.header || policy.needs.body) && evaluation != nil && messageVerdict == nil
      && sessionVerdict == nil
  }

  /// The SIZE that MAIL announced (RFC 1870), for the size of a buffer; 0 when it did not.
  private static func announcedSize(_ arguments: [[UInt8]]) -> Int {
    let key = Array("SIZE=".utf8)
    guard let argument = arguments.first(where: { $0.starts(with: key) }) else { return 0 }
    var size = 0
    for byte in argument.dropFirst(key.count).prefix(12) {
      guard (0x30...0x39).contains(byte) else { return 0 }
      size = size * 10 + Int(byte - 0x30)
    }
    return size
  }
}
