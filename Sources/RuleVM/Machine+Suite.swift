// Questions of a test suite: the runner answers each while the script waits, and may change the
// session's message and envelope before it does.
internal import MailEdits
internal import MailMessage
internal import RuleBytecode

extension Machine {
  /// A yes or no, or values that the suite's test compares.
  mutating func suite(
    _ spec: CheckSpec, _ texts: [String], _ program: borrowing VerifiedProgram
  ) throws(Trap) -> UInt64? {
    let constants = program.program.words(ofSet: spec.arguments)
    let name = constants.first ?? ""
    switch try ask(spec, name, constants + texts, program) {
    case nil: return nil
    case .truth(let isTrue): return isTrue ? TruthWord.yes : TruthWord.no
    case .values(let values) where spec.spec > 0:
      var words: [TextWord] = []
      for value in values { words.append(try makeText(value.utf8)) }
      let match = program.program.specs[Int(spec.spec) - 1]
      return try matches(words, match, program) ? TruthWord.yes : TruthWord.no
    case .values(let values): return values.isEmpty ? TruthWord.no : TruthWord.yes
    case .fields, .archive, .errands: return misread(spec, name)
    case .failed(let failure, let reason): return fail(failure, "\(name): \(reason)")
    }
  }

  /// Another message takes the place of the one at hand, in the middle of a run. Texts that lie in
  /// the old one are copied first; edits and parts of the old one are forgotten.
  mutating func replaceMessage(
    _ new: MailMessage, _ program: borrowing VerifiedProgram
  ) throws(Trap) {
    for register in RegisterBank.texts {
      registers[register] = try moved(TextWord(bits: registers[register]), program).bits
    }
    for index in variables.indices {
      variables[index] = try moved(TextWord(bits: variables[index]), program).bits
    }
    for index in 0..<groups.count {
      groups[index] = try moved(TextWord(bits: groups[index]), program).bits
    }
    message = new
    parts.drop()
    archives = ArchiveCache()
    coveredParts = []
    pendingEdits = []
    decisions.edits = EditPlan()
    headers.drop()
    headers.load(new)
  }

  private mutating func moved(
    _ word: TextWord, _ program: borrowing VerifiedProgram
  ) throws(Trap) -> TextWord {
    guard word.spaceCode == TextSpace.raw.rawValue, !word.isEmpty else { return word }
    return try makeText(bytes(of: word, program))
  }
}
