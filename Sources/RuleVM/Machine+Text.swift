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
    guard runSpace.count + bytes.count <= limits.runSpaceBytesMax else {
      throw .spaceFull(name: "run", bytesMax: limits.runSpaceBytesMax)
    }
    let offset = runSpace.count
    runSpace.append(contentsOf: bytes)
    return TextWord(.run, offset: offset, length: bytes.count)
  }

  /// A text that lives as long as the message.
  mutating func keepForMessage(_ bytes: some Collection<UInt8>) throws(Trap) -> TextWord {
    guard messageSpace.count + bytes.count <= limits.messageSpaceBytesMax else {
      throw .spaceFull(name: "message", bytesMax: limits.messageSpaceBytesMax)
    }
    let offset = messageSpace.count
    messageSpace.append(contentsOf: bytes)
    return TextWord(.message, offset: offset, length: bytes.count)
  }

  /// A text that lives as long as the session.
  mutating func keepForSession(_ bytes: some Collection<UInt8>) throws(Trap) -> TextWord {
    guard sessionSpace.count + bytes.count <= limits.sessionSpaceBytesMax else {
      throw .spaceFull(name: "session", bytesMax: limits.sessionSpaceBytesMax)
    }
    let offset = sessionSpace.count
    sessionSpace.append(contentsOf: bytes)
    return TextWord(.session, offset: offset, length: bytes.count)
  }

  /// `set`: the text is copied to where it lives as long as the variable.
  mutating func store(
    _ word: TextWord, in variable: UInt32, _ program: borrowing VerifiedProgram
  ) throws(Trap) {
    let value = bytes(of: word, program)
    try charge(value.count)
    let kept: TextWord
    switch program.program.variables[Int(variable)].scope {
    case .run: kept = word
    case .message, .recipient: kept = try keepForMessage(value)
    case .session: kept = try keepForSession(value)
    }
    variables[Int(variable)] = kept.bits
    if phase == .helo { heloVariables.insert(Int(variable)) }
  }

  /// Forgets the variables of a scope.
  mutating func clear(_ scope: VariableScope, _ program: borrowing VerifiedProgram) {
    for index in variables.indices where program.program.variables[index].scope == scope {
      variables[index] = 0
    }
  }
}
