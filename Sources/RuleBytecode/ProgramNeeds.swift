// What a program needs of the MTA, read from its code: so the daemon asks for no event, byte, macro
// or right that no rule uses, and the administrator sees what a policy costs.

package struct ProgramNeeds: Equatable, Sendable {
  /// Phases that have code.
  package private(set) var phases = PhaseSet.none
  /// Phases whose run can end in a verdict that the MTA must be told: reject, tempfail, discard,
  /// and the failure policy's; `accept` stays inside. Also those whose reply may be held back: the
  /// MTA must wait for one.
  package private(set) var verdicts = PhaseSet.none
  /// Some run reads the header.
  package private(set) var readsHeader = false
  /// Some run reads content, or there are runs behind the header at all.
  package private(set) var readsBody = false
  /// Facts read anywhere.
  package private(set) var facts: Set<Fact> = []
  /// Macros by the phase with which the MTA must send them.
  package private(set) var macros: [Phase: Set<String>] = [:]
  /// Some run asks what a part's content is, and so libmagic.
  package private(set) var readsContentTypes = false
  package private(set) var editsHeader = false
  package private(set) var editsBody = false
  package private(set) var editsEnvelope = false
  /// Some run may keep the mail back: the MTA's own quarantine.
  package private(set) var holds = false
  package private(set) var checks: Set<CheckKind> = []
  /// Some run leaves something that must last: in a store, in the quarantine, in a mail.
  package private(set) var isStored = false
  /// Some run needs the daemon's own state: the quarantine, mails of ours, the salt of links.
  package private(set) var keepsState = false
  /// Some run asks what is known of a sender, so accepted mail is noted.
  package private(set) var remembersSenders = false

  /// Some run reads whose a domain is.
  package var readsOrganisations: Bool {
    facts.contains(.senderOrgDomain) || facts.contains(.fromOrgDomain)
  }

  package init(_ program: Program) {
    var functionFlags: [Bool] = []
    for index in program.blocks.indices {
      if program.timers.contains(where: { Int($0.block) == index }) {
        scanJob(program, index)
        continue
      }
      let refuses = scan(program, index, functionFlags)
      functionFlags.append(refuses)
      guard let entry = program.phases.first(where: { Int($0.block) == index }) else { continue }
      add(entry.phase, refuses)
    }
    readDeclared(program)
    collectMacros(program)
    // Lists in the image or in files are asked without waiting.
    if program.tables.contains(where: \.source.isOutside) { checks.insert(.table) }
    if editsHeader || editsBody { readsHeader = true }
    let content: [Phase] = [.message, .part, .eom]
    if content.contains(where: phases.contains) { readsHeader = true }
    if phases.contains(.headers) { readsHeader = true }
  }

  /// What a policy says for the whole of it may keep a message.
  private mutating func readDeclared(_ program: Program) {
    let keeps = program.policies.contains { $0.answers.contains(.quarantine) }
    let mixed = program.declaration(.onMixed).map { program.arguments(of: $0).map(\.value) }
    let isSplit = program.actions.contains { $0.flags.contains(.split) }
    let tells = mixed?.contains { $0 == "quarantine" || $0 == "notify" } ?? false
    let hasDigest = program.declarations.contains { $0.role == .digest }
    if keeps || tells || isSplit { readMessage() }
    let isSalted = program.actions.contains { $0.flags.contains(.salt) }
    let isCopied = program.actions.contains {
      $0.action == .redirect && $0.flags.isSuperset(of: .copy) && !$0.flags.contains(.plain)
    }
    if isCopied { readMessage() }
    // The part that is stored is taken out.
    let takesParts = program.actions.contains {
      $0.action == .quarantine && $0.flags.contains(.part)
    }
    if takesParts { editsBody = true }
    if keeps || tells || isSplit || hasDigest || isSalted || isCopied { keepsState = true }
    if isSplit { readEnvelope() }
    if remembersSenders, program.declaration(.own) != nil { read(.direction) }
  }

  private mutating func add(_ phase: Phase, _ refuses: Bool) {
    phases = phases.union(phase)
    // A trap (fuel, limit) is answered by tempfail wherever the content is read.
    if refuses || phase >= .headers { verdicts = verdicts.union(phase) }
  }

  /// A job of `every` asks nothing of the mail server; a mail that it writes needs our queue.
  private mutating func scanJob(_ program: Program, _ index: Int) {
    let start = Int(program.blocks[index].start)
    let end =
      index + 1 < program.blocks.count ? Int(program.blocks[index + 1].start) : program.code.count
    for instruction in program.code[start..<end] where instruction.opcode == .act {
      if program.actions[Int(instruction.c)].action == .notify { keepsState = true }
    }
  }

  /// Looks at one block; true when a run through it can end in a refusal or a discard.
  private mutating func scan(_ program: Program, _ index: Int, _ called: [Bool]) -> Bool {
    var refuses = false
    let start = Int(program.blocks[index].start)
    let end =
      index + 1 < program.blocks.count ? Int(program.blocks[index + 1].start) : program.code.count
    for instruction in program.code[start..<end] {
      switch instruction.opcode {
      case .verdict:
        let reply = program.replies[Int(instruction.c)]
        if reply.kind != .accept { refuses = true }
        // In a mixed message the recipient is taken out of the envelope.
        if reply.endsTurn { readEnvelope() }
      // A plain script that does not keep the message, or conflicts with itself.
      case .scriptEnd: refuses = true
      case .settle: refuses = true
      case .call: if called[Int(instruction.c)] { refuses = true }
      case .textFact, .numberFact, .factPresent:
        if let fact = Fact(rawValue: UInt8(truncatingIfNeeded: instruction.c)) { read(fact) }
      case .query: ask(program.queries[Int(instruction.c)])
      case .partSize: readsBody = true
      case .loopBegin:
        if LoopKind(code: Int(instruction.b)) == .recipients {
          read(.rcpt)
        } else {
          readsBody = true
        }
      case .act:
        let action = program.actions[Int(instruction.c)].action
        if action == .delay { refuses = true }
        plan(action)
      case .check:
        let check = program.checks[Int(instruction.c)]
        ask(check.kind)
        if check.kind == .scan { readEnvelope(of: check, program) }
      default: break
      }
    }
    return refuses
  }

  private mutating func ask(_ query: QuerySpec) {
    let detail = query.detail
    switch query.source {
    case .header, .address, .exists, .date: readsHeader = true
    case .envelope:
      let isSender = EnvelopePart(rawValue: detail)?.phases.contains(.mail) == true
      read(isSender ? .sender : .rcpt)
      if detail == EnvelopePart.auth.rawValue { read(.authUser) }
    case .ip: read(detail == IPSide.server.rawValue ? .serverIP : .clientIP)
    case .authenticated: read(.authUser)
    case .tls:
      read(.tlsVersion)
      read(.tlsBits)
      read(.tlsVerified)
    case .submission:
      read(.authUser)
      read(.queueID)
      read(.clientIP)
    case .direction: read(.direction)
    case .environment:
      for fact in [Fact.clientIP, .authUser, .queueID, .clientPTR, .tlsVersion] { read(fact) }
    case .recipient: read(.rcpt)
    case .body, .part, .partIs, .partAnomaly, .partTrait, .partEncrypted, .archive, .anomaly,
      .limitHit, .spamtest, .virustest:
      readsBody = true
      readsHeader = true
      let field = PartField(rawValue: detail)
      let asksType = query.source == .part && (field == .sniffed || field == .kind)
      if asksType || query.source == .partIs || query.source == .archive {
        readsContentTypes = true
      }
    case .text, .currentDate, .macro, .verdictSet: break
    }
    if query.flags.contains(.mime) { readsBody = true }
  }

  private mutating func plan(_ action: Action) {
    switch action {
    case .addheader, .insertheader, .deleteheader, .setheader, .authResults, .applyScanHeaders:
      editsHeader = true
    case .dkimSign, .arcSeal:
      editsHeader = true
      readsBody = true
    case .disclaimer, .addpart, .canonicalize: editsBody = true
    case .addrcpt, .delrcpt, .setsender, .redirect, .fileinto: readEnvelope()
    case .hold: holds = true
    case .saveCopy: readMessage()
    case .quarantine, .notify:
      readMessage()
      keepsState = true
    default: if action.isOfPart, action != .keep { editsBody = true }
    }
    if [.replaceWithLink, .filterProgram, .train].contains(action) { readMessage() }
  }

  /// It is stored, or written about, with all that is known of it.
  private mutating func readMessage() {
    isStored = true
    readsHeader = true
    readsBody = true
    for fact in Self.envelopeFacts { read(fact) }
  }

  /// rspamd and spamd weigh who sent it to whom; the others look at the content alone.
  private mutating func readEnvelope(of check: CheckSpec, _ program: Program) {
    let name = program.words(ofSet: check.arguments).first ?? ""
    let said = program.declaration(.scanner, named: name).map { program.arguments(of: $0) } ?? []
    let kind = said.first { $0.name == "kind" }?.value
    guard kind == "rspamd" || kind == "spamd" else { return }
    for fact in Self.envelopeFacts { read(fact) }
  }

  private static let envelopeFacts: [Fact] = [
    .rcpt, .sender, .clientIP, .clientName, .helo, .authUser, .queueID,
  ]

  /// Who gets the message is changed, so all recipients must be known.
  private mutating func readEnvelope() {
    editsEnvelope = true
    read(.rcpt)
  }

  private mutating func ask(_ kind: CheckKind) {
    if kind != .table { checks.insert(kind) }
    switch kind {
    case .dnsbl, .rdns: read(.clientIP)
    case .mx:
      read(.clientIP)
      read(.serverIP)
    case .spf: readSenderPolicy()
    case .greylist:
      read(.clientIP)
      read(.sender)
      read(.rcpt)
    case .knownSender:
      // What is taken is noted: who gets it, which way it goes, and whether a program wrote it.
      remembersSenders = true
      readsHeader = true
      for fact in [Fact.sender, .rcpt] { read(fact) }
    case .dkim, .arc, .scan:
      readsBody = true
      readsHeader = true
    case .dmarc:
      readSenderPolicy()
      readsBody = true
      readsHeader = true
    default: break
    }
  }

  /// What SPF is asked about; DMARC asks it too.
  private mutating func readSenderPolicy() {
    for fact in [Fact.clientIP, .sender, .helo] { read(fact) }
  }

  private mutating func read(_ fact: Fact) {
    facts.insert(fact)
    if fact == .direction { facts.formUnion([.clientIP, .authUser, .queueID, .rcpt]) }
    if fact == .partSniffed || fact == .partKind { readsContentTypes = true }
    switch fact {
    case .messageSize, .messageParts, .messageDepth: readsBody = true
    case .subject, .fromAddress, .fromDomain, .fromOrgDomain, .fromDisplay, .fromCount, .messageID:
      readsHeader = true
    default: if fact.info.phases == PhaseSet([.part]) { readsBody = true }
    }
  }

  /// A fact's macros are wanted with the first phase in which it can be read; the queue id comes
  /// late from some MTAs, so it is wanted until the end.
  private mutating func collectMacros(_ program: Program) {
    for fact in facts {
      let wanted: [Phase] =
        fact == .queueID
        ? [.mail, .rcpt, .data, .eom] : [fact.info.phases.phases.first ?? .connect]
      for phase in wanted { macros[phase, default: []].formUnion(fact.info.macros) }
    }
    var names = program.queries.filter { $0.source == .macro && $0.word > 0 }.map {
      program.string($0.word - 1)
    }
    for instruction in program.code {
      guard instruction.opcode == .textNamedFact || instruction.opcode == .namedFactPresent,
        instruction.b == UInt16(FactFamily.macro.rawValue)
      else { continue }
      names.append(program.string(instruction.c))
    }
    for name in names {
      let sent = name.count == 1 ? name : "{\(name)}"
      for phase in [Phase.connect, .helo, .mail, .rcpt, .data, .eom] {
        macros[phase, default: []].insert(sent)
      }
    }
  }
}

extension Program {
  /// A rule that does what it says asks what is known of senders; a definition counts as one.
  package var remembersSenders: Bool {
    var mode = RuleMode.enforce
    let starts = Set(blocks.map { Int($0.start) })
    for (pc, instruction) in code.enumerated() {
      if starts.contains(pc) { mode = .enforce }
      if instruction.opcode == .rule { mode = rules[Int(instruction.c)].mode }
      guard instruction.opcode == .check, mode == .enforce else { continue }
      if checks[Int(instruction.c)].kind == .knownSender { return true }
    }
    return false
  }
}

extension PhaseSet {
  package func union(_ phase: Phase) -> PhaseSet {
    PhaseSet(bits: bits | 1 << UInt16(phase.rawValue))
  }
}
