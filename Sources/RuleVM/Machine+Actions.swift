// What the rules do besides verdicts: what works at once is done, what is carried out at the end of
// the message is recorded.
internal import MailEdits
internal import MailMessage
internal import RuleBytecode

extension Machine {
  /// The score as a rule sees it here.
  var currentScore: Int64 { score.sum(withRecipient: phase == .rcpt || turn != nil) }

  mutating func addScore(
    _ register: Int, symbol: UInt32, isEach: Bool, _ program: borrowing VerifiedProgram
  ) throws(Trap) {
    let amount = Int64(bitPattern: registers[register])
    let name = program.program.string(symbol)
    guard !isObserving(program) else {
      var record = newRecord(.score, program)
      record.name = name
      record.value = Decimal.text(amount)
      return try observe(record, program)
    }
    score.add(
      amount, symbol: symbol, in: phase, isEach: isEach,
      isOfRecipient: phase == .rcpt || turn != nil)
    try acted("score \(Decimal.text(amount)) \(name)", program)
  }

  mutating func log(
    _ register: Int, level: UInt32, _ program: borrowing VerifiedProgram
  ) throws(Trap) {
    try keepInRecords(TextWord(bits: registers[register]).length)
    let text = string(in: register, program)
    let level = LogLevel(rawValue: UInt8(truncatingIfNeeded: level)) ?? .info
    guard !isObserving(program) else {
      var record = newRecord(.log, program)
      record.set("level", [level.name], isList: false)
      record.value = text
      return try observe(record, program)
    }
    try acted("log \(text)", program)
    decisions.log.append(
      LogRecord(level: level, text: text, rule: currentRule(program)?.name))
  }

  /// `set` and `compute`: the text is kept in its variable.
  mutating func setVariable(
    _ register: Int, _ variable: UInt32, _ program: borrowing VerifiedProgram
  ) throws(Trap) {
    guard isObserving(program) else {
      return try store(TextWord(bits: registers[register]), in: variable, program)
    }
    try charge(TextWord(bits: registers[register]).length)
    var record = newRecord(.set, program)
    record.name = program.program.string(program.program.variables[Int(variable)].name)
    record.value = string(in: register, program)
    try observe(record, program)
  }

  /// `error`: the message stands in the log, and the rule is left by way of its failure policy.
  private mutating func giveUp(
    _ spec: ActionSpec, _ program: borrowing VerifiedProgram
  ) throws(Trap) {
    let text = string("message", of: spec, program) ?? ""
    try keepInRecords(text.utf8.count)
    decisions.log.append(LogRecord(level: .error, text: text, rule: currentRule(program)?.name))
    failureReasons[.internal] = text
    actFailure = .internal
  }

  /// Does or records an action; what each becomes is said by its name.
  mutating func act(
    _ spec: ActionSpec, _ program: borrowing VerifiedProgram
  ) throws(Trap) {
    if spec.action == .replaceWithLink, spec.register(of: "text") == nil {
      return try prepareLink(spec, program)
    }
    if isObserving(program) {
      var record = try describe(spec, program)
      if spec.action.isOfPart, !spec.flags.contains(.plain) {
        record.part = message?.parts[try targetPart(ofLoop: Int(spec.loop))].path
      }
      return try observe(record, program)
    }
    if spec.flags.contains(.plain), !spec.action.editsHeader { return try script(spec, program) }
    switch spec.action {
    case .addheader, .insertheader, .deleteheader, .setheader: try editHeader(spec, program)
    case .hold, .quarantine: try dispose(spec, program)
    case .addrcpt, .delrcpt, .setsender, .redirect: try editEnvelope(spec, program)
    case .error: try giveUp(spec, program)
    case .warn: try warn(spec, program)
    case .keep, .drop, .replace, .enclose, .rename, .settype, .replaceWithFile, .replaceWithLink,
      .compress, .sanitizeHtml, .htmlToText, .stripRedundantHtml, .stripTracking, .filterProgram:
      try editPart(spec, program)
    case .disclaimer, .addpart, .canonicalize: try editMessage(spec, program)
    case .applyScanHeaders: try applyScanHeaders(spec, program)
    case .saveCopy, .dkimSign, .arcSeal, .authResults, .train:
      try record(describe(spec, program), program)
    default: try actAtOnce(spec, program)
    }
  }

  private mutating func actAtOnce(
    _ spec: ActionSpec, _ program: borrowing VerifiedProgram
  ) throws(Trap) {
    let action = try describe(spec, program)
    switch spec.action {
    case .delay:
      let seconds = action.arguments.first?.values.first.flatMap { Int($0) } ?? 0
      delaySeconds = min(limits.delaySecondsMax, delaySeconds + max(0, seconds))
      try record(action, program)
    case .event:
      let name = action.arguments.first { $0.name == "name" }?.values.first ?? ""
      let values = action.arguments.first { $0.name == "value" }?.values ?? []
      try acted(action.shown, program)
      decisions.events.append(EventRecord(name: name, values: values, rule: action.rule))
    case .notify:
      let addressee = try addressee(spec, program)
      try acted(action.shown, program)
      decisions.notices.append(
        NoticeOrder(
          to: addressee, subject: string("subject", of: spec, program),
          text: action.value ?? "", rule: action.rule, policy: action.policy))
    default: throw .misplaced(spec.action.name)
    }
  }

  private mutating func addressee(
    _ spec: ActionSpec, _ program: borrowing VerifiedProgram
  ) throws(Trap) -> NoticeAddressee {
    if spec.flags.contains(.admin) { return .admin }
    if spec.flags.contains(.sender) { return .sender }
    return .address(try address(parameter("to", of: spec, program) ?? []))
  }

  // MARK: The envelope

  private mutating func editEnvelope(
    _ spec: ActionSpec, _ program: borrowing VerifiedProgram
  ) throws(Trap) {
    let given = parameter("address", of: spec, program) ?? []
    try charge(given.count)
    let text = try address(given, orNull: spec.action == .setsender)
    // In `rcpt` and in a loop over recipients `redirect` is about this one.
    let recipient = turn ?? (phase == .rcpt ? recipients.count : nil)
    switch spec.action {
    case .addrcpt: decisions.envelope.append(.add(text))
    case .delrcpt: decisions.envelope.append(.delete(text))
    case .setsender: decisions.envelope.append(.setSender(text))
    default:
      let copy = spec.flags.contains(.copy)
      decisions.envelope.append(.redirect(text, recipient: recipient, copy: copy))
    }
    var action = try describe(spec, program)
    action.address = text
    if spec.action == .redirect, phase == .rcpt, let word = facts[.rcpt] {
      action.recipient = String(decoding: bytes(of: word, program), as: UTF8.self)
    }
    if spec.action != .redirect { action.recipient = nil }
    try record(action, program)
  }

  /// An address that an action uses. The compiler has looked at literal ones; one from mail that
  /// is none is no reason to deliver as if the rule said nothing, so the message is given up.
  func address(
    _ bytes: ArraySlice<UInt8>, orNull isNullAllowed: Bool = false
  ) throws(Trap) -> String {
    let mailbox = AddressParser.path(Array(bytes).span)
    let isClean = bytes.allSatisfy { $0 >= 32 && $0 != 127 }
    let isNull = mailbox.address.isEmpty
    let isWhole = mailbox.domain.isEmpty == isNull && mailbox.local.isEmpty == isNull
    guard mailbox.isValid, isClean, isWhole, isNullAllowed || !isNull else {
      throw .badAddress(String(decoding: bytes.prefix(100), as: UTF8.self))
    }
    return mailbox.address
  }
}
