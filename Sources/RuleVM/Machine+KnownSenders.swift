// `sender_known`: what the memory says of an address. The memory gives ages, not moments, so that a
// file of answers can say them; what they mean for this run is worked out here.
internal import MailMessage
internal import RuleBytecode

extension Machine {
  /// Without a text it is about the message's own sender, whose facts are kept.
  mutating func knownSender(
    _ spec: CheckSpec, _ texts: [String], _ program: borrowing VerifiedProgram
  ) throws(Trap) -> UInt64? {
    var address = texts.first ?? ""
    if texts.isEmpty, let word = facts[.sender] {
      address = String(decoding: bytes(of: word, program), as: UTF8.self)
    }
    // The null path is nobody's address.
    guard !address.isEmpty else { return verdict(on: KnownSender(), spec, program) }
    switch try ask(spec, address, [address], program) {
    case nil: return nil
    case .failed(let failure, let reason):
      return fail(failure, "\(spec.kind.name) \(address): \(reason)")
    case .truth(let isKnown):
      return try settled(KnownSender(count: isKnown ? 1 : 0), texts, spec, program)
    case .fields(let fields): return try settled(KnownSender(fields), texts, spec, program)
    case .values, .archive, .errands: return misread(spec, address)
    }
  }

  private mutating func settled(
    _ known: KnownSender, _ texts: [String], _ spec: CheckSpec,
    _ program: borrowing VerifiedProgram
  ) throws(Trap) -> UInt64 {
    if texts.isEmpty {
      try note(.knownFirst, known.firstAge.map { Clock.rfc3339(nowSeconds - $0) }, program)
      try note(.knownCount, String(known.count), program)
      try note(.knownWrote, known.wroteAge.map { Clock.rfc3339(nowSeconds - $0) }, program)
    }
    saw("\(known.count) messages" + (known.wroteAge == nil ? "" : ", we wrote to it"))
    return verdict(on: known, spec, program)
  }

  private func verdict(
    on known: KnownSender, _ spec: CheckSpec, _ program: borrowing VerifiedProgram
  ) -> UInt64 {
    let words = program.program.words(ofSet: spec.arguments)
    let messages = words.first.flatMap { Int64($0) } ?? 1
    let days = words.dropFirst().first.flatMap { Int64($0) } ?? 0
    let hasHistory = known.count >= messages && known.firstAge ?? 0 >= days * 86_400
    let isTrue =
      switch KnownSenderQuestion(rawValue: spec.aspect) ?? .either {
      case .history: hasHistory
      case .wrote: known.wroteAge != nil
      case .either: hasHistory || known.wroteAge != nil
      case .facts: true
      }
    return isTrue ? TruthWord.yes : TruthWord.no
  }
}

/// What an answer says: seconds since the first message, and since we wrote last.
private struct KnownSender {
  var count: Int64 = 0
  var firstAge: Int64?
  var wroteAge: Int64?

  init(count: Int64 = 0) { self.count = count }

  init(_ fields: [String: String]) {
    func number(_ name: String) -> Int64? {
      fields[name].flatMap { Int64($0) }.map { min(max($0, 0), 1 << 40) }
    }
    count = number("count") ?? 0
    firstAge = number("first")
    wroteAge = number("wrote")
  }
}

extension PolicySession {
  /// Who is noted of the message at hand once it is accepted; nil where no rule asks, none was
  /// there, or nothing is to be done.
  ///
  /// Ours is who submits here, has logged in, or is a client of ours (`own`): then its recipients
  /// outside are noted, but not of mail without a sender or by a program (RFC 3834 §5), since an
  /// answering machine trusts nobody. All others' sender is noted.
  var senderNote: SenderNote? {
    guard policy.remembersSenders, !machine.observesAll else { return nil }
    let program = policy.program
    let sender = text(of: .sender)
    guard !sender.isEmpty else { return nil }
    let isOurs =
      !machine.own.domains.isEmpty
      && (machine.submission != .remote || machine.isOwnClient(program))
    guard isOurs else { return SenderNote(from: sender) }
    guard !isWrittenByProgram else { return nil }
    let outside = machine.recipients.map(\.address).filter { !policy.isOwnRecipient($0) }
    return outside.isEmpty ? nil : SenderNote(to: Array(outside.prefix(Self.notedMax)))
  }

  private var isWrittenByProgram: Bool {
    guard let message = machine.message else { return false }
    return message.fields(named: "auto-submitted").contains { field in
      var value: [UInt8] = []
      message.appendDecoded(field, to: &value)
      let word = value.drop { $0 == 32 || $0 == 9 }.prefix { $0 != 32 && $0 != 59 && $0 != 40 }
      return !word.isEmpty && String(decoding: word, as: UTF8.self).lowercased() != "no"
    }
  }

  /// A message to more is a list's, not a correspondence.
  private static let notedMax = 100
}
