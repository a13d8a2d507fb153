// The door to libmilter, and the only file that imports it. Callbacks only translate: they borrow
// the session, make one event of their arguments, and turn the replies into libmilter's calls and
// status. The library is trusted with the wire, and to call one session from one thread at a time
// (from which thread changes); its strings end at their NUL and live as long as the callback.

internal import CMilter
internal import Glibc
internal import MilterWire
internal import NIOCore
internal import Synchronization

enum LibMilter {
  /// Tells libmilter of the filter; once a process.
  static func register(_ configuration: MilterServerConfiguration) throws(ListenError) {
    lender.withLock { $0 = SessionLender(configuration) }
    var filter = unsafe smfiDesc()
    // Never freed: libmilter keeps the pointer.
    unsafe filter.xxfi_name = strdup("defang")
    unsafe filter.xxfi_version = Int32(SMFI_VERSION)
    unsafe filter.xxfi_flags = UInt(ProtocolActions.all.rawValue)
    unsafe filter.xxfi_negotiate = onNegotiate
    unsafe filter.xxfi_connect = onConnect
    unsafe filter.xxfi_helo = onHELO
    unsafe filter.xxfi_envfrom = onMAIL
    unsafe filter.xxfi_envrcpt = onRCPT
    unsafe filter.xxfi_data = onDATA
    unsafe filter.xxfi_header = onHeader
    unsafe filter.xxfi_eoh = onEndOfHeaders
    unsafe filter.xxfi_body = onBody
    unsafe filter.xxfi_eom = onEndOfMessage
    unsafe filter.xxfi_abort = onAbort
    unsafe filter.xxfi_close = onClose
    guard unsafe smfi_register(filter) == MI_SUCCESS else {
      throw .system(call: "smfi_register", code: ENOMEM)
    }
    _ = smfi_setbacklog(ListenSocket.backlog)
    _ = smfi_settimeout(Int32(configuration.limits.idleSeconds))
    _ = smfi_setmaxdatasize(configuration.limits.wire.packetBytesMax - 1)
  }

  /// Opens the socket that libmilter is to listen at.
  static func openSocket(_ address: String) throws(ListenError) {
    var text = Array(address.utf8CString)
    guard unsafe smfi_setconn(&text) == MI_SUCCESS else {
      throw .system(call: "smfi_setconn \(address)", code: EINVAL)
    }
    guard smfi_opensocket(false) == MI_SUCCESS else {
      throw .system(call: "smfi_opensocket \(address)", code: errno)
    }
  }

  /// Runs until `stop`, or a signal that libmilter takes.
  static func serve() -> Int32 { smfi_main() }

  /// Sessions go no further than the command that they are at. Waits for libmilter to look again,
  /// which it does every five seconds (`mi_closener` takes the lock under which it polls).
  static func stop() { _ = smfi_stop() }
}

// MARK: Sessions, lent to contexts

/// Callbacks know no filter but the one of the process.
private let lender = Mutex<SessionLender?>(nil)

/// Makes the session of a context, with the offer at hand or the one agreed before.
private func lend(_ context: OpaquePointer?, _ offer: NegotiationOffer?) -> LentSession? {
  let maker = lender.withLock { $0 }
  guard let lent = maker?.session(for: UInt(bitPattern: context), offer) else { return nil }
  unsafe smfi_setpriv(context, Unmanaged.passRetained(lent).toOpaque())
  return lent
}

private func borrow(_ context: OpaquePointer?) -> LentSession? {
  guard let raw = unsafe smfi_getpriv(context) else { return nil }
  return unsafe Unmanaged<LentSession>.fromOpaque(raw).takeUnretainedValue()
}

private func giveBack(_ context: OpaquePointer?) {
  guard let raw = unsafe smfi_getpriv(context) else { return }
  unsafe smfi_setpriv(context, nil)
  let lent = unsafe Unmanaged<LentSession>.fromOpaque(raw).takeRetainedValue()
  lender.withLock { $0 }?.end(lent, of: UInt(bitPattern: context))
}

/// What a fault of ours means to the MTA, here and nowhere else.
private let onFault = SMFIS_TEMPFAIL

/// The one way from a callback to its session: macros, then the event, then its replies.
private func handle(
  _ context: OpaquePointer?, _ stage: MacroStage, noReply: ProtocolSteps,
  _ makeEvent: (inout ByteBuffer) -> MilterCommand
) -> sfsistat {
  guard let lent = unsafe borrow(context) else { return onFault }
  unsafe passMacros(context, lent, stage)
  let isSilent = lent.session.negotiated?.steps.contains(noReply) ?? false
  let replies = lent.session.perform(
    makeEvent(&lent.scratch), awaitsReply: noReply.isEmpty || !isSilent,
    progress: { _ = unsafe smfi_progress(context) })
  lent.clearScratch()
  lent.noteHand()
  if lent.session.isEnded || LentSession.isCutOff { return onFault }
  for reply in replies {
    if let status = unsafe carryOut(context, reply) { return status }
  }
  return isSilent ? SMFIS_NOREPLY : SMFIS_CONTINUE
}

private func passMacros(_ context: OpaquePointer?, _ lent: LentSession, _ stage: MacroStage) {
  guard let names = lent.macros[stage], !names.isEmpty else { return }
  for name in names {
    var text = Array(name.utf8CString)
    guard let value = unsafe smfi_getsymval(context, &text) else { continue }
    lent.scratch.writeString(name)
    lent.scratch.writeInteger(UInt8(0))
    unsafe lent.scratch.writeText(value, withNUL: true)
  }
  if lent.scratch.readableBytes > 0 {
    _ = lent.session.perform(.macros(stage, StringList(lent.scratch)), awaitsReply: false)
    lent.clearScratch()
  }
}

/// Nil when the reply does not end the callback.
private func carryOut(_ context: OpaquePointer?, _ reply: MilterReply) -> sfsistat? {
  switch reply {
  case .proceed: return SMFIS_CONTINUE
  case .accept: return SMFIS_ACCEPT
  case .reject: return SMFIS_REJECT
  case .tempfail: return SMFIS_TEMPFAIL
  case .discard: return SMFIS_DISCARD
  case .skip: return SMFIS_SKIP
  case .negotiated, .progress: return nil
  case .modification(let change):
    return unsafe carryOut(context, change) == MI_SUCCESS ? nil : onFault
  case .refuse(let reply):
    var lines: [CChar] = []
    for line in reply.wireLines { lines += line.map { CChar(bitPattern: $0) } + [0] }
    // Refused texts leave the MTA's own words; the verdict stands.
    _ = unsafe defang_setmlreply(context, reply.code, reply.enhanced, lines, lines.count)
    return reply.isPermanent ? SMFIS_REJECT : SMFIS_TEMPFAIL
  }
}

private func carryOut(_ context: OpaquePointer?, _ change: Modification) -> Int32 {
  func text(_ string: String) -> [CChar] { Array(string.utf8CString) }
  func text(_ bytes: [UInt8]) -> [CChar] { bytes.map { CChar(bitPattern: $0) } + [0] }
  switch change {
  case .addHeader(let name, let value):
    var (name, value) = (text(name), text(value))
    return unsafe smfi_addheader(context, &name, &value)
  case .insertHeader(let index, let name, let value):
    var (name, value) = (text(name), text(value))
    return unsafe smfi_insheader(context, Int32(clamping: index), &name, &value)
  case .changeHeader(let name, let occurrence, let value):
    var (name, value) = (text(name), text(value))
    return unsafe smfi_chgheader(context, &name, Int32(clamping: occurrence), &value)
  case .replaceBody(var body):
    let count = Int32(clamping: body.count)
    return unsafe smfi_replacebody(context, &body, count)
  case .addRecipient(let address, let arguments):
    var (address, parameters) = (text(address), text(arguments))
    return arguments.isEmpty
      ? unsafe smfi_addrcpt(context, &address)
      : unsafe smfi_addrcpt_par(context, &address, &parameters)
  case .deleteRecipient(let address):
    var address = text(address)
    return unsafe smfi_delrcpt(context, &address)
  case .changeSender(let address, let arguments):
    var (address, parameters) = (text(address), text(arguments))
    return arguments.isEmpty
      ? unsafe smfi_chgfrom(context, &address, nil)
      : unsafe smfi_chgfrom(context, &address, &parameters)
  case .quarantine(let reason):
    var reason = text(reason)
    return unsafe smfi_quarantine(context, &reason)
  }
}

// MARK: Callbacks

private typealias Text = UnsafeMutablePointer<CChar>
private typealias Flags = UnsafeMutablePointer<UInt>

private func onNegotiate(
  _ context: OpaquePointer?, _ actions: UInt, _ steps: UInt, _ reserved2: UInt,
  _ reserved3: UInt, _ wantedActions: Flags?, _ wantedSteps: Flags?, _ wanted2: Flags?,
  _ wanted3: Flags?
) -> sfsistat {
  unsafe giveBack(context)
  // The version is kept from us; what it brings shows in actions and steps.
  let offer = NegotiationOffer(
    version: MilterProtocol.newestVersion,
    actions: ProtocolActions(rawValue: UInt32(truncatingIfNeeded: actions)),
    steps: ProtocolSteps(rawValue: UInt32(truncatingIfNeeded: steps)))
  guard let lent = unsafe lend(context, offer), let answer = lent.session.negotiated else {
    return SMFIS_REJECT
  }
  for (stage, names) in answer.macroLists {
    var list = Array(names.joined(separator: " ").utf8CString)
    _ = unsafe smfi_setsymlist(context, Int32(stage.rawValue), &list)
  }
  unsafe wantedActions?.pointee = UInt(answer.actions.rawValue)
  unsafe wantedSteps?.pointee = UInt(answer.steps.rawValue)
  unsafe wanted2?.pointee = 0
  unsafe wanted3?.pointee = 0
  return SMFIS_CONTINUE
}

private func onConnect(
  _ context: OpaquePointer?, _ host: Text?, _ address: UnsafeMutablePointer<sockaddr>?
) -> sfsistat {
  if unsafe borrow(context) == nil { _ = unsafe lend(context, nil) }
  return unsafe handle(context, .connect, noReply: .noReplyConnect) { scratch in
    var text = [CChar](repeating: 0, count: 128)
    var port: UInt16 = 0
    let letter = unsafe defang_peer(address, &text, socklen_t(text.count), &port)
    let plain = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    if let host = unsafe host { unsafe scratch.writeText(host, withNUL: false) }
    return .connect(
      ConnectFacts(
        hostName: Array(scratch.readableBytesView),
        family: AddressFamily(rawValue: UInt8(truncatingIfNeeded: letter)) ?? .unknown,
        address: ConnectFacts.plainAddress(plain), port: port))
  }
}

private func onHELO(_ context: OpaquePointer?, _ name: Text?) -> sfsistat {
  unsafe handle(context, .helo, noReply: .noReplyHELO) { scratch in
    if let name = unsafe name { unsafe scratch.writeText(name, withNUL: false) }
    return .helo(scratch)
  }
}

private func onMAIL(
  _ context: OpaquePointer?, _ words: UnsafeMutablePointer<Text?>?
) -> sfsistat {
  // Nothing new is begun at the end; the mail server comes again with it.
  if LentSession.isEnding { return SMFIS_TEMPFAIL }
  return unsafe handle(context, .mail, noReply: .noReplyMAIL) { scratch in
    unsafe scratch.writeWords(words)
    return .mail(StringList(scratch))
  }
}

private func onRCPT(
  _ context: OpaquePointer?, _ words: UnsafeMutablePointer<Text?>?
) -> sfsistat {
  unsafe handle(context, .recipient, noReply: .noReplyRCPT) { scratch in
    unsafe scratch.writeWords(words)
    return .recipient(StringList(scratch))
  }
}

private func onDATA(_ context: OpaquePointer?) -> sfsistat {
  unsafe handle(context, .data, noReply: .noReplyDATA) { _ in .data }
}

private func onHeader(_ context: OpaquePointer?, _ name: Text?, _ value: Text?) -> sfsistat {
  unsafe handle(context, .other, noReply: .noReplyHeader) { scratch in
    if let name = unsafe name { unsafe scratch.writeText(name, withNUL: false) }
    // The bytes were just written.
    let field = scratch.readSlice(length: scratch.readableBytes) ?? ByteBuffer()
    if let value = unsafe value { unsafe scratch.writeText(value, withNUL: false) }
    return .header(name: field, value: scratch)
  }
}

private func onEndOfHeaders(_ context: OpaquePointer?) -> sfsistat {
  unsafe handle(context, .endOfHeaders, noReply: .noReplyEndOfHeaders) { _ in .endOfHeaders }
}

private func onBody(
  _ context: OpaquePointer?, _ bytes: UnsafeMutablePointer<UInt8>?, _ count: Int
) -> sfsistat {
  unsafe handle(context, .other, noReply: .noReplyBody) { scratch in
    unsafe scratch.writeBytes(UnsafeRawBufferPointer(start: bytes, count: count))
    return .body(scratch, isLast: true)
  }
}

private func onEndOfMessage(_ context: OpaquePointer?) -> sfsistat {
  unsafe handle(context, .endOfMessage, noReply: []) { _ in .endOfBody }
}

private func onAbort(_ context: OpaquePointer?) -> sfsistat {
  if let lent = unsafe borrow(context) {
    _ = lent.session.perform(.abort, awaitsReply: false)
    lent.noteHand()
  }
  return SMFIS_CONTINUE
}

private func onClose(_ context: OpaquePointer?) -> sfsistat {
  unsafe giveBack(context)
  return SMFIS_CONTINUE
}

extension ByteBuffer {
  @unsafe fileprivate mutating func writeText(_ text: Text, withNUL: Bool) {
    let count = unsafe strlen(text) + (withNUL ? 1 : 0)
    unsafe writeBytes(UnsafeRawBufferPointer(start: text, count: count))
  }

  /// A list that ends in a null pointer.
  @unsafe fileprivate mutating func writeWords(_ words: UnsafeMutablePointer<Text?>?) {
    var index = 0
    while let word = unsafe words?[index] {
      unsafe writeText(word, withNUL: true)
      index += 1
    }
  }
}
