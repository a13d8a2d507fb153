// Outside checks: an answer that is there is read, one that is not suspends the run. How each kind
// asks, and what its answers mean, is told in the `Machine+…Checks` files.
internal import FileContents
internal import RuleBytecode

extension Machine {
  mutating func check(
    _ register: Int, _ index: UInt32, _ program: borrowing VerifiedProgram
  ) throws(Trap) -> Step {
    let spec = program.program.checks[Int(index)]
    requests = []
    tableDoubt.isOpen = false
    guard let truth = try truth(of: spec, program), let truth = try settled(truth, program) else {
      return .wait
    }
    registers[register] = truth
    return .next
  }

  /// The check's truth word; nil while an answer is missing.
  private mutating func truth(
    of spec: CheckSpec, _ program: borrowing VerifiedProgram
  ) throws(Trap) -> UInt64? {
    if spec.kind == .table { return try lookup(spec, program) }
    guard let texts = try builtArguments(of: spec, program) else {
      return fail(.limit, "\(spec.kind.name): an argument is too long")
    }
    switch spec.kind {
    case .dnsbl, .hashbl: return try isListed(spec, texts, program)
    case .rdns: return try reverseName(spec, program)
    case .mx: return try mailExchanger(spec, texts, program)
    case .spf: return try senderPolicy(spec, program)
    case .dkim: return try signatures(spec, texts, program)
    case .dmarc: return try domainPolicy(spec, program)
    case .arc: return try chain(spec, program)
    case .scan: return try scan(spec, texts, program)
    case .callout: return try callout(spec, texts, program)
    case .greylist: return try greylist(spec, program)
    case .rate: return try rate(spec, texts, program)
    case .duplicate: return try duplicate(spec, texts, program)
    case .knownSender: return try knownSender(spec, texts, program)
    case .suite: return try suite(spec, texts, program)
    case .table, .unpack, .errands: throw .misplaced("check \(spec.kind.name)")
    }
  }

  /// The arguments built at run time; nil when one is longer than a question may be.
  private mutating func builtArguments(
    of spec: CheckSpec, _ program: borrowing VerifiedProgram
  ) throws(Trap) -> [String]? {
    var result: [String] = []
    for word in texts(spec.firstText, spec.textCount) {
      guard word.length <= limits.checkArgumentBytesMax else { return nil }
      try charge(word.length)
      result.append(String(decoding: bytes(of: word, program), as: UTF8.self))
    }
    return result
  }

  // MARK: Asking

  /// The answer to one question; nil while it is not there. Questions of one instruction are asked
  /// together: whoever asks several looks at all before it waits.
  mutating func ask(
    _ spec: CheckSpec, _ name: String, _ arguments: [String], order: UnpackOrder? = nil,
    pieces: [CheckSubject.Piece] = [], _ program: borrowing VerifiedProgram
  ) throws(Trap) -> CheckAnswer? {
    let isDry = isObserving(program)
    if let answer = answers.answer(spec.kind, arguments, isDry: isDry) {
      return isEarly ? nil : answer
    }
    let isUnderWay =
      isEarly
      ? answers.isPending(spec.kind, arguments, isDry: isDry)
      : answers.awaits(spec.kind, arguments, isDry: isDry)
    guard !isUnderWay else { return nil }
    let isOfRecipient = !isEarly && (phase == .rcpt || turn != nil)
    let asked = isOfRecipient ? answers.askedOfRecipientsCount : answers.askedCount
    let most = isOfRecipient ? limits.recipientChecksMax : limits.checksMax
    guard asked < most else { throw .tooManyChecks(limit: most) }
    let what = "\(spec.kind.name) \(name)"
    tracer.add(isEarly ? .early(what) : .waiting(what), limit: limits.traceEventsMax)
    requests.append(
      answers.ask(
        spec.kind, name: name, arguments, timeoutMilliseconds: Int(spec.timeoutMilliseconds),
        // What mail can choose must not pile up for a whole session.
        isOfSession: spec.kind.info.isOfSession && spec.textCount == 0 && facts.peer == nil,
        outlivesMessage: phase <= .helo, isEarly: isEarly,
        isDry: isDry, isOfRecipient: isOfRecipient, order: order, pieces: pieces))
    return nil
  }

  // MARK: Early

  /// Starts what later rules will surely ask (`EarlyCheck`), as far as its words are known by now.
  ///
  /// - Parameter first: the first phase whose checks are still to be asked.
  mutating func startEarly(
    _ checks: [EarlyCheck], from first: Phase, _ program: borrowing VerifiedProgram
  ) -> [CheckRequest] {
    let awaited = requests
    defer {
      requests = awaited
      isEarly = false
    }
    requests = []
    isEarly = true
    for early in checks where early.known <= phase && early.asked >= first {
      var spec = program.program.checks[Int(early.check)]
      // Texts only say how the answer is compared.
      spec.textCount = 0
      do throws(Trap) {
        _ = try truth(of: spec, program)
      } catch {
        // A limit: the rule itself meets it, when it comes to ask.
        break
      }
    }
    return requests
  }

  /// An error of a class, with its reason for trace, log and report.
  mutating func fail(_ failure: FailureClass, _ reason: String) -> UInt64 {
    failureReasons[failure] = String(reason.prefix(Self.reasonCharactersMax))
    saw(reason)
    return TruthWord.failure(failure)
  }

  private static var reasonCharactersMax: Int { 200 }

  /// An answer whose form its kind does not have: the service's fault, not the sender's.
  mutating func misread(_ spec: CheckSpec, _ name: String) -> UInt64 {
    fail(spec.kind.failure, "\(spec.kind.name) \(name): the answer cannot be read")
  }

  /// A check that says yes or no itself.
  mutating func yesOrNo(
    _ spec: CheckSpec, _ texts: [String], _ program: borrowing VerifiedProgram
  ) throws(Trap) -> UInt64? {
    let constants = program.program.words(ofSet: spec.arguments)
    let name = spec.kind.name
    let arguments = constants + texts
    switch try ask(spec, name, arguments, program) {
    case nil: return nil
    case .truth(let isTrue): return isTrue ? TruthWord.yes : TruthWord.no
    case .failed(let failure, let reason): return fail(failure, "\(name): \(reason)")
    case .values, .fields, .archive, .errands: return misread(spec, name)
    }
  }

  // MARK: What an answer leaves behind

  /// Gives a fact the text of an answer, for as long as the fact lives.
  mutating func note(
    _ fact: Fact, _ text: String?, _ program: borrowing VerifiedProgram
  ) throws(Trap) {
    guard let text, !text.isEmpty else {
      facts[fact] = nil
      return
    }
    let value = cut(text, fact.isLong ? limits.answerTextBytesMax : limits.nameBytesMax)
    // A check that is read again leaves the same texts: no new room for them.
    if let known = facts[fact], bytes(of: known, program).elementsEqual(value) { return }
    try charge(value.count)
    let isOfSession = fact.info.phases == .all
    facts[fact] = isOfSession ? try keepForSession(value) : try keepForMessage(value)
  }

  /// The bytes of an answer's text that are kept.
  func cut(_ text: String, _ bytesMax: Int) -> ArraySlice<UInt8> {
    let bytes = Array(text.utf8)
    guard bytes.count > bytesMax else { return bytes[...] }
    var end = bytesMax
    while end > 0, bytes[end] & 0xC0 == 0x80 { end -= 1 }
    return bytes[..<end]
  }

  /// Shows a value of the test at hand.
  mutating func saw(_ text: @autoclosure () -> String) {
    if tracer.isOn { tracer.saw(ArraySlice(text().utf8)) }
  }
}
