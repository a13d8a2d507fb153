// Questions about the session and its recipients: how the mail comes in, whose it is, what was
// decided so far.
internal import MailMessage
internal import RuleBytecode

extension Machine {
  /// The answer to a question that has no values to compare; nil when `query` is none of these.
  mutating func sessionTruth(
    _ query: QuerySpec, _ program: borrowing VerifiedProgram
  ) -> UInt64? {
    switch query.source {
    case .authenticated:
      wasLoginAsked = true
      let user = facts[.authUser] ?? facts[.authType]
      if let user, tracer.isOn { tracer.saw(bytes(of: user, program)) }
      return truth(user != nil)
    case .tls: return truth(isEncrypted(query, program))
    case .submission:
      let kind = submission.name
      saw(kind)
      return truth(isNamed(kind, query, program))
    case .verdictSet:
      let found = verdictNames.filter { isNamed($0, query, program) }
      for name in found { saw(name) }
      return truth(!found.isEmpty)
    case .macro where query.spec == 0: return truth(!macroValues(query, program).isEmpty)
    default: return nil
    }
  }

  private func truth(_ value: Bool) -> UInt64 { value ? TruthWord.yes : TruthWord.no }

  /// Whether one of the query's names is this one; without names every one is.
  func isNamed(
    _ name: String, _ query: QuerySpec, _ program: borrowing VerifiedProgram
  ) -> Bool {
    guard query.names > 0 else { return true }
    let set = program.program.sets[Int(query.names) - 1]
    return KeyEntries(program).contains(Array(name.utf8)[...], in: set)
  }

  /// `tls`: detail 1 wants a verified certificate, index is the least number of bits.
  private mutating func isEncrypted(
    _ query: QuerySpec, _ program: borrowing VerifiedProgram
  ) -> Bool {
    guard let version = facts[.tlsVersion] ?? facts[.tlsCipher] else { return false }
    if tracer.isOn { tracer.saw(bytes(of: version, program)) }
    if query.detail == 1 {
      guard let word = facts[.tlsVerified],
        bytes(of: word, program).elementsEqual("yes".utf8)
      else { return false }
    }
    guard query.index > 0 else { return true }
    let text = facts[.tlsBits].map { String(decoding: bytes(of: $0, program), as: UTF8.self) }
    saw(text ?? "")
    return (text.flatMap { UInt32($0) } ?? 0) >= query.index
  }

  /// How this mail comes in.
  var submission: SubmissionKind {
    if facts[.authUser] != nil || facts[.authType] != nil { return .authenticated }
    return isLocalSubmission ? .local : .remote
  }

  /// `macro`: its value, if the mail server sent it.
  func macroValues(
    _ query: QuerySpec, _ program: borrowing VerifiedProgram
  ) -> [TextWord] {
    guard query.word > 0 else { return [] }
    let name = Array(program.program.string(query.word - 1).utf8)
    return facts[.macro, name].map { [$0] } ?? []
  }

  /// `recipient`: this one in its own run and in a loop's turn, later all who were accepted.
  mutating func recipientValues(
    _ query: QuerySpec, _ spec: MatchSpec, _ program: borrowing VerifiedProgram
  ) throws(Trap) -> [TextWord] {
    if phase == .rcpt {
      return try pathPart(facts[.rcpt] ?? .empty, spec, program).map { [$0] } ?? []
    }
    var paths = accepted
    if let index = recipient(ofLoop: Int(query.loop)) { paths = [accepted[index]] }
    var words: [TextWord] = []
    for path in paths {
      if let word = try pathPart(try makeText(path), spec, program) { words.append(word) }
    }
    return words
  }
}
