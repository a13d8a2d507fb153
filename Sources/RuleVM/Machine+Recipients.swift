// Recipients: what is known of each that was accepted, and whose turn it is in a loop over them.
internal import MailMessage
internal import RuleBytecode

/// What a recipient's run left behind, and what its turns add. The words lie in message space.
struct RecipientState {
  let address: String
  /// Exactly as the client gave it, for the mail server.
  let path: [UInt8]
  fileprivate(set) var facts: [(fact: Fact, word: TextWord)] = []
  fileprivate(set) var arguments: [[UInt8]: TextWord] = [:]
  /// Variables of its scope, by their index.
  fileprivate(set) var variables: [(index: Int, bits: UInt64)] = []
  fileprivate(set) var score = ScoreBoard.Share()
  /// Given in its turn; then it has no further one.
  var verdict: Verdict?
  var isQuarantined = false
}

extension Machine {
  private static let recipientFacts: [Fact] = [
    .rcpt, .rcptLocal, .rcptDomain, .rcptMailer, .rcptHost, .rcptAddr, .rcptOriginal,
  ]

  /// The recipient whose run is over was accepted.
  mutating func keepRecipient(path: [UInt8], _ program: borrowing VerifiedProgram) {
    guard let word = facts[.rcpt] else { return }
    let address = Array(bytes(of: word, program))
    accepted.append(address)
    acceptedArguments.append(facts.rcptArguments)
    var state = RecipientState(address: String(decoding: address, as: UTF8.self), path: path)
    state.facts = Self.recipientFacts.compactMap { fact in facts[fact].map { (fact, $0) } }
    state.arguments = facts.rcptArguments
    state.score = score.recipientShare
    state.variables = ownVariables(program)
    recipients.append(state)
  }

  /// The variables of this recipient that are set.
  private func ownVariables(
    _ program: borrowing VerifiedProgram
  ) -> [(index: Int, bits: UInt64)] {
    variables.indices.compactMap { index in
      let isOwn = program.program.variables[index].scope == .recipient
      return isOwn && variables[index] != 0 ? (index, variables[index]) : nil
    }
  }

  // MARK: Turns

  /// The next recipient at or behind `index` whose fate is open; nil when there is none.
  func nextTurn(from index: Int) -> Int? {
    recipients.indices.dropFirst(index).first { recipients[$0].verdict == nil }
  }

  /// A recipient's turn begins: its facts, variables and score are those of that recipient.
  mutating func enterTurn(_ index: Int, _ program: borrowing VerifiedProgram) {
    leaveTurn(program)
    turn = index
    let state = recipients[index]
    for fact in Self.recipientFacts { facts[fact] = nil }
    for (fact, word) in state.facts { facts[fact] = word }
    facts.rcptArguments = state.arguments
    clear(.recipient, program)
    for (variable, bits) in state.variables { variables[variable] = bits }
    score.recipientShare = state.score
    headersBeforeTurn = headers
    guard tracer.isFull else { return }
    traceRule(program)
    tracer.add(.turn(state.address), limit: limits.traceEventsMax)
  }

  /// The turn is over: what it set is kept for a later one, its own header edits are out of sight.
  mutating func leaveTurn(_ program: borrowing VerifiedProgram) {
    guard let index = turn else { return }
    turn = nil
    recipients[index].variables = ownVariables(program)
    recipients[index].score = score.recipientShare
    headers = headersBeforeTurn
    headersBeforeTurn = HeaderView()
  }

  /// No loop over recipients is running any more. Never inlined: it is called from the loop.
  @inline(never)
  mutating func leaveTurns(_ program: borrowing VerifiedProgram) { leaveTurn(program) }
}

extension Mailbox {
  /// The address; of a path that is none, what the client said.
  func text(orRaw path: [UInt8]) -> [UInt8] {
    isValid ? Array(address.utf8) : path
  }
}
