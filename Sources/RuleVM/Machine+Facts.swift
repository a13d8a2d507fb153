// Facts as text and numbers: those given by the MTA, those of the message, those of the part.
internal import MailMessage
internal import RuleBytecode

extension Machine {
  mutating func text(
    of code: UInt32, loop: Int, _ program: borrowing VerifiedProgram
  ) throws(Trap) -> TextWord {
    try word(of: code, loop: loop, program) ?? .empty
  }

  mutating func isPresent(
    _ code: UInt32, loop: Int, _ program: borrowing VerifiedProgram
  ) throws(Trap) -> Bool {
    guard let word = try word(of: code, loop: loop, program) else { return false }
    if tracer.isOn { tracer.saw(bytes(of: word, program)) }
    return true
  }

  /// A numeric fact; absent counts 0.
  mutating func number(of code: UInt32, _ program: borrowing VerifiedProgram) throws(Trap) -> Int64
  {
    guard let word = try word(of: code, loop: 0, program) else { return 0 }
    if tracer.isOn { tracer.saw(bytes(of: word, program)) }
    return Int64(String(decoding: bytes(of: word, program), as: UTF8.self)) ?? 0
  }

  mutating func named(
    _ next: Instruction, _ program: borrowing VerifiedProgram
  ) throws(Trap) -> TextWord? {
    guard let family = FactFamily(rawValue: UInt8(next.b)) else { throw .misplaced("fact family") }
    let name = Array(program.program.string(next.c).utf8)
    let word = facts[family, name]
    if tracer.isOn, let word { tracer.saw(bytes(of: word, program)) }
    return word
  }

  private mutating func word(
    of code: UInt32, loop: Int, _ program: borrowing VerifiedProgram
  ) throws(Trap) -> TextWord? {
    guard let fact = Fact(rawValue: UInt8(truncatingIfNeeded: code)) else {
      throw .misplaced("fact \(code)")
    }
    switch fact {
    case .direction: return try makeText(try direction(loop: loop, program).name.utf8)
    case .score: return try makeText(Decimal.text(currentScore).utf8)
    case .now: return try makeText(Clock.rfc3339(nowSeconds).utf8)
    case .defangPolicy: return try makeText(program.digest.hex.utf8)
    case .rcptCount: return try makeText(String(acceptedCount).utf8)
    case .rcptFirst: return try firstRecipient().map { path throws(Trap) in try makeText(path) }
    case .subject: return try firstHeader("subject")
    case .messageID: return try firstHeader("message-id")
    case .fromAddress, .fromDomain, .fromOrgDomain, .fromDisplay, .fromCount:
      return try fromFact(fact, program)
    case .messageSize, .messageParts, .messageDepth: return try messageFact(fact, program)
    case .partPath, .partName, .partExtension, .partDeclared, .partSniffed, .partKind,
      .partCharset, .partEncoding, .partDisposition, .partSize, .partDepth, .partSHA256,
      .partReading:
      return try partFact(fact, loop: loop)
    case .authUser, .authType:
      wasLoginAsked = true
      return facts[fact]
    default: return facts[fact]
    }
  }

  /// Accepted recipients, this one included while its own run lasts.
  private var acceptedCount: Int { accepted.count + (phase == .rcpt ? 1 : 0) }

  private func firstRecipient() -> [UInt8]? {
    if let first = accepted.first { return first }
    guard phase == .rcpt, let word = facts[.rcpt] else { return nil }
    return Array(messageSpace[word.offset..<word.offset + word.length])
  }

  private mutating func fromFact(
    _ fact: Fact, _ program: borrowing VerifiedProgram
  ) throws(Trap) -> TextWord? {
    var all: [Mailbox] = []
    for index in headers.indices(named: Array("from".utf8)) {
      all += try mailboxes(inField: index, program)
    }
    if fact == .fromCount { return try makeText(String(all.count).utf8) }
    guard let first = all.first else { return nil }
    switch fact {
    case .fromAddress: return try makeText(first.address.utf8)
    case .fromDomain: return try makeText(first.domain.utf8)
    case .fromOrgDomain:
      try charge(ByteCost.suffixSearch)
      guard let found = suffixes?.organisation(of: first.domain) else { return nil }
      return try makeText(found.utf8)
    default: return try makeText(first.displayName.utf8)
    }
  }

  private mutating func messageFact(
    _ fact: Fact, _ program: borrowing VerifiedProgram
  ) throws(Trap) -> TextWord? {
    guard let message else { return nil }
    switch fact {
    case .messageSize: return try makeText(String(try editedSize(message, program)).utf8)
    case .messageParts: return try makeText(String(message.parts.count).utf8)
    default:
      return try makeText(String(message.parts.reduce(0) { max($0, $1.depth) }).utf8)
    }
  }
}
