// Texts: where their bytes are, and how new ones are made.
internal import MailMessage
internal import RuleBytecode

extension Machine {
  func bytes(of word: TextWord, _ program: borrowing VerifiedProgram) -> ArraySlice<UInt8> {
    let range = word.offset..<word.offset + word.length
    guard !range.isEmpty else { return [] }
    switch TextSpace(rawValue: word.spaceCode) {
    case .constants: return program.program.stringBytes[range]
    case .raw: return message?.bytes[range] ?? []
    case .decoded: return decodedSpace[range]
    case .run: return runSpace[range]
    case .message: return messageSpace[range]
    case .session: return sessionSpace[range]
    case nil: return []
    }
  }

  func bytes(in register: Int, _ program: borrowing VerifiedProgram) -> ArraySlice<UInt8> {
    bytes(of: TextWord(bits: registers[register]), program)
  }

  func string(in register: Int, _ program: borrowing VerifiedProgram) -> String {
    String(decoding: bytes(in: register, program), as: UTF8.self)
  }

  /// A text of this run.
  mutating func makeText(_ bytes: some Collection<UInt8>) throws(Trap) -> TextWord {
    try charge(bytes.count)
    return try Self.append(bytes, to: &runSpace, .run, bytesMax: limits.runSpaceBytesMax)
  }

  /// A text that lives as long as the message.
  mutating func keepForMessage(_ bytes: some Collection<UInt8>) throws(Trap) -> TextWord {
    let bytesMax = limits.messageSpaceBytesMax
    return try Self.append(bytes, to: &messageSpace, .message, bytesMax: bytesMax)
  }

  /// A text found in the message, as long as that is there.
  mutating func keepDecoded(_ bytes: some Collection<UInt8>) throws(Trap) -> TextWord {
    try charge(bytes.count)
    return try Self.append(
      bytes, to: &decodedSpace, .decoded, bytesMax: limits.decodedSpaceBytesMax)
  }

  /// A text that lives as long as the session.
  mutating func keepForSession(_ bytes: some Collection<UInt8>) throws(Trap) -> TextWord {
    let bytesMax = limits.sessionSpaceBytesMax
    return try Self.append(bytes, to: &sessionSpace, .session, bytesMax: bytesMax)
  }

  /// The one way a text comes into a space: within its cap, or the run is given up.
  private static func append(
    _ bytes: some Collection<UInt8>, to buffer: inout [UInt8], _ space: TextSpace, bytesMax: Int
  ) throws(Trap) -> TextWord {
    guard buffer.count + bytes.count <= bytesMax else {
      throw .spaceFull(name: "\(space)", bytesMax: bytesMax)
    }
    let offset = buffer.count
    buffer.append(contentsOf: bytes)
    return TextWord(space, offset: offset, length: bytes.count)
  }

  /// `set`: the text is copied to where it lives as long as the variable.
  mutating func store(
    _ word: TextWord, in variable: UInt32, _ program: borrowing VerifiedProgram
  ) throws(Trap) {
    let whole = bytes(of: word, program)
    // RFC 5229 §6: a value that is too long is cut, between characters.
    let value = whole.prefix(whole.cut(at: limits.variableBytesMax))
    try charge(value.count)
    let kept: TextWord
    switch program.program.variables[Int(variable)].scope {
    case .run:
      let space = TextSpace(rawValue: word.spaceCode)
      kept = space.map { TextWord($0, offset: word.offset, length: value.count) } ?? word
    // What lives there already needs no copy.
    case .message, .recipient:
      let isThere = word.spaceCode == TextSpace.message.rawValue
      kept =
        isThere
        ? TextWord(.message, offset: word.offset, length: value.count)
        : try keepForMessage(value)
    case .session: kept = try keepForSession(value)
    }
    variables[Int(variable)] = kept.bits
    if phase == .helo { heloVariables.insert(Int(variable)) }
  }

  /// `set` modifiers (RFC 5229 §4.1).
  mutating func modified(
    _ register: Int, _ code: UInt32, _ program: borrowing VerifiedProgram
  ) throws(Trap) -> TextWord {
    let text = bytes(in: register, program)
    try charge(text.count * ByteCost.modifyPerByte)
    guard let modifier = TextModifier(rawValue: UInt8(truncatingIfNeeded: code)) else {
      throw .misplaced("text modifier \(code)")
    }
    return try makeText(modifier.apply(to: text, bytesMax: limits.variableBytesMax))
  }

  /// Fixed point, saturating: a policy cannot make a number wrap.
  mutating func calculate(_ next: Instruction) {
    let left = Int64(bitPattern: registers[Int(next.b)])
    let right = Int64(bitPattern: registers[Int(next.c)])
    let value: Int64
    switch next.opcode {
    case .numberAdd:
      let (sum, overflow) = left.addingReportingOverflow(right)
      value = overflow ? (left > 0 ? .max : .min) : sum
    case .numberSubtract:
      let (difference, overflow) = left.subtractingReportingOverflow(right)
      value = overflow ? (left > 0 ? .max : .min) : difference
    default:
      let product = Int128(left) * Int128(right) / Int128(Decimal.scale)
      value = Int64(clamping: product)
    }
    let readable = max(-Decimal.largest, min(Decimal.largest, value))
    registers[Int(next.a)] = UInt64(bitPattern: readable)
  }

  /// Forgets the variables of a scope.
  mutating func clear(_ scope: VariableScope, _ program: borrowing VerifiedProgram) {
    for index in variables.indices where program.program.variables[index].scope == scope {
      variables[index] = 0
    }
  }
}
