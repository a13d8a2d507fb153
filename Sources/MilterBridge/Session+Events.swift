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
      guard position == .start else { return wrongOrder("negotiation") }
      negotiate(offer)
    case .connect(let facts): takeConnect(facts)
    case .helo(let name): takeHELO(name)
    case .mail(let words): takeMAIL(words)
    case .recipient(let words): takeRCPT(words)
    case .data:
      guard advance(to: .data, "DATA") else { return }
      run(.data) { $0.data() }
    case .endOfHeaders: takeEndOfHeaders()
    case .endOfBody: takeEndOfBody()
    case .abort:
      guard isConnected else { return wrongOrder("abort") }
      endMessage()
    case .quit: end(.quit)
    case .quitNewConnection:
      guard position != .start else { return wrongOrder("quit") }
      forgetSession()
      beginSession()
    case .unknown:
      // Not in the middle of content, unless that was refused before its end.
      guard isConnected, position <= .data || isSettled else {
        return wrongOrder("command")
      }
      if !has(.noReplyUnknown) { transport?.send(.proceed) }
    }
  }

  private func wrongOrder(_ what: String) {
    fail("\(what) out of order, after \(position)")
  }

  func has(_ step: ProtocolSteps) -> Bool { negotiated?.steps.contains(step) ?? false }

  private var isInMessage: Bool { position >= .mail }

  /// The client is known, or it was agreed that nothing is said of it.
  private var isConnected: Bool {
    position >= .connected || position == .negotiated && has(.noConnect)
  }

  /// Within a message, forward to `next`; false and closed when that would be backward, when there
  /// is no message, or when a step is jumped that was not agreed to be left out. DATA may always
  /// be: before version 4 there is none. A mail server that refuses DATA itself may go on with
  /// RCPT.
  private func advance(to next: Position, _ what: String) -> Bool {
    let needsRecipient = next > .recipient && !has(.noRCPT)
    let needsEndOfHeaders = next == .body && !has(.noEndOfHeaders)
    let isForward = position <= next || position == .data && next == .recipient
    guard isInMessage, isForward, !needsRecipient || position >= .recipient,
      !needsEndOfHeaders || position >= .endOfHeaders
    else {
      wrongOrder(what)
      return false
    }
    position = next
    return true
  }

  /// A message or a greeting drops the message in hand, and mail servers do not always say so:
  /// Postfix tells of EHLO first, sendmail keeps a RSET to itself when the last recipient was
  /// refused. Once the content has begun no client can give either, unless that was refused. False
  /// and closed then.
  private func mayBegin(_ what: String) -> Bool {
    guard isConnected, position <= .data || isSettled else {
      wrongOrder(what)
      return false
    }
    if isInMessage { endMessage() }
    return true
  }

  private func takeMacros(_ stage: MacroStage, _ list: StringList) {
    guard position != .start else { return wrongOrder("macros") }
    // They come before their command, and would be dropped with the message before.
    if isInMessage {
      if stage == .mail, !mayBegin("macros of MAIL") { return }
      if stage == .helo, !mayBegin("macros of HELO") { return }
    }
    guard let evaluation else { return }
    list.forEachPair { name, value in
      if name.count == 1, name[0] == UInt8(ascii: "i") { note(queueID: value) }
      evaluation.setMacro(name, value, stage: stage)
    }
  }

  private func takeConnect(_ facts: ConnectFacts) {
    guard position == .negotiated else { return wrongOrder("connect") }
    position = .connected
    admit(facts)
    run(.connect, about: [facts.hostName, facts.address]) { $0.connect(facts) }
  }

  private func takeHELO(_ name: ByteBuffer) {
    guard mayBegin("HELO") else { return }
    position = .greeted
    // EHLO again forgets what the former one led to, not what connect did.
    if sessionVerdict?.stage == .helo { sessionVerdict = nil }
    let words = Array(name.readableBytesView)
    run(.helo, about: [words]) { $0.helo(words) }
  }

  private func takeMAIL(_ words: StringList) {
    guard mayBegin("MAIL") else { return }
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
    guard advance(to: .body, "end of message") else { return }
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
