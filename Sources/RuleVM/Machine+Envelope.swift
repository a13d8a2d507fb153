// `envelope` (RFC 5228 §5.4) with the parts of RFC 6009: paths, and the parameters of MAIL and
// RCPT.
internal import MailMessage
internal import RuleBytecode

extension Machine {
  /// The values of an envelope part; none where the client said nothing of the kind.
  mutating func envelopeValues(
    _ query: QuerySpec, _ spec: MatchSpec, _ program: borrowing VerifiedProgram
  ) throws(Trap) -> [TextWord] {
    guard let part = EnvelopePart(rawValue: query.detail) else {
      throw .misplaced("envelope part \(query.detail)")
    }
    switch part {
    case .from:
      return try pathPart(facts[.sender] ?? .empty, spec, program).map { [$0] } ?? []
    case .to:
      var values: [TextWord] = []
      for path in try recipientPaths(query) {
        if let word = try pathPart(path, spec, program) { values.append(word) }
      }
      return values
    case .auth: return facts[.authUser].map { [$0] } ?? []
    case .ret, .envid, .bytimeabsolute, .bytimerelative, .bymode, .bytrace:
      return try senderParameter(part, program).map { [$0] } ?? []
    case .notify, .orcpt: return try recipientParameter(part, query, program)
    }
  }

  /// In `rcpt` this recipient, in a loop the loop's, later all who were accepted.
  private mutating func recipientPaths(_ query: QuerySpec) throws(Trap) -> [TextWord] {
    if phase == .rcpt { return [facts[.rcpt] ?? .empty] }
    if query.loop > 0, let index = recipient(ofLoop: Int(query.loop)) {
      return [try makeText(accepted[index])]
    }
    var words: [TextWord] = []
    for path in accepted { words.append(try makeText(path)) }
    return words
  }

  /// The null sender is the empty string for every address part (RFC 5228 §5.4); of a path that is
  /// none there are no parts.
  mutating func pathPart(
    _ word: TextWord, _ spec: MatchSpec, _ program: borrowing VerifiedProgram
  ) throws(Trap) -> TextWord? {
    guard !word.isEmpty else { return word }
    let path = bytes(of: word, program)
    try charge(path.count * ByteCost.decodeHeaderPerByte)
    let mailbox = AddressParser.path(path.span)
    guard mailbox.isValid, let text = text(of: mailbox, spec.addressPart) else { return nil }
    return try makeText(text.utf8)
  }

  // MARK: Parameters

  private mutating func senderParameter(
    _ part: EnvelopePart, _ program: borrowing VerifiedProgram
  ) throws(Trap) -> TextWord? {
    switch part {
    case .ret: return facts.senderArguments[Self.ret]
    case .envid:
      guard let word = facts.senderArguments[Self.envid] else { return nil }
      return try xtext(word, program)
    default:
      guard let word = facts.senderArguments[Self.by],
        let by = DeliverBy(bytes(of: word, program))
      else { return nil }
      return try makeText(text(of: by, part).utf8)
    }
  }

  private static let ret = Array("RET".utf8)
  private static let envid = Array("ENVID".utf8)
  private static let by = Array("BY".utf8)
  private static let notify = Array("NOTIFY".utf8)
  private static let orcpt = Array("ORCPT".utf8)

  /// RFC 6009 §5: the time that was left at MAIL, and the moment that meant.
  private func text(of by: DeliverBy, _ part: EnvelopePart) -> String {
    switch part {
    case .bymode: by.mode.rawValue
    case .bytrace: by.isTraced ? "true" : "false"
    case .bytimerelative: String(by.seconds)
    default:
      MailDate(seconds: Int(mailSeconds) + by.seconds).text(of: .iso8601)
    }
  }

  /// NOTIFY is a list whose words are compared one by one (RFC 6009 §4).
  private mutating func recipientParameter(
    _ part: EnvelopePart, _ query: QuerySpec, _ program: borrowing VerifiedProgram
  ) throws(Trap) -> [TextWord] {
    var values: [TextWord] = []
    for arguments in rcptArguments(query) {
      switch part {
      case .orcpt:
        if let word = arguments[Self.orcpt] { values.append(try xtext(word, program)) }
      default:
        guard let word = arguments[Self.notify] else { continue }
        let words = bytes(of: word, program).split(separator: UInt8(ascii: ","))
        for word in words { values.append(try makeText(word)) }
      }
    }
    return values
  }

  private func rcptArguments(_ query: QuerySpec) -> [[[UInt8]: TextWord]] {
    if phase == .rcpt { return [facts.rcptArguments] }
    if query.loop > 0, let index = recipient(ofLoop: Int(query.loop)) {
      return [acceptedArguments[index]]
    }
    return acceptedArguments
  }

  private mutating func xtext(
    _ word: TextWord, _ program: borrowing VerifiedProgram
  ) throws(Trap) -> TextWord {
    let value = bytes(of: word, program)
    try charge(value.count)
    var text: [UInt8] = []
    ParameterText.appendDecodedXtext(value.span, to: &text)
    return try makeText(text)
  }
}
