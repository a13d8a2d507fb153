// What the archives among the parts hold: read once a part, when a rule first asks. Zips and gzip
// files are read here, other formats by another process: until its answer is there the run waits,
// and only what is known already decides. What stays unread is an error of class `:limit`; nobody
// may take it for a no.
internal import FileContents
internal import FileTypes
internal import MailMessage
internal import RuleBytecode

/// What has been found out about one part as an archive.
struct ArchiveState {
  var report: ArchiveReport
  /// Where the archive begins in the content: unpackers look for it behind what is none.
  var start = 0
  /// Why the other process gave no answer.
  var failure: FailureClass?
  var reason = ""
  /// The members' texts that queries compare, by the field.
  var words: [MemberField: MemberWords] = [:]
}

/// Texts of members, and whose each is.
struct MemberWords {
  var words: [TextWord] = []
  var members: [Int] = []
  /// Some member's could not be had.
  var isOpen = false
}

/// The archives of a message.
struct ArchiveCache {
  var states: [Int: ArchiveState] = [:]
  var budget: ArchiveBudget?
  /// Texts that questions compare, of all archives, by the field.
  var texts: [MemberField: Int] = [:]
  var textBytes: [MemberField: Int] = [:]
  /// A question could not be decided without an answer that is not there yet.
  var isWaiting = false

  var limitsHit: Set<LimitName> {
    states.values.reduce(into: []) { $0.formUnion($1.report.limitsHit) }
  }
}

extension Machine {
  // MARK: Reading

  /// What the part holds as an archive; nil when its content could not be had.
  mutating func archive(of index: Int) throws(Trap) -> ArchiveState? {
    if parts[index].holdsNoMembers { return ArchiveState(report: ArchiveReport()) }
    if let known = archives.states[index] { return known }
    guard let part = message?.parts[index] else { throw .misplaced("a MIME part") }
    guard !part.isContainer else { return ArchiveState(report: ArchiveReport()) }
    guard let word = try content(of: index) else { return nil }
    // All of it is read for the places where a zip's records begin.
    try charge(word.length * ByteCost.archivePerByte + ByteCost.archiveEndBytesMax)
    let bytes = contentBytes(word)
    var format = ArchiveFormat(of: bytes.span)
    if format == nil, ZipArchive.isLikely(bytes.span) { format = .zip }
    var state = ArchiveState(report: ArchiveReport())
    if format == nil, let start = try furtherKinds(of: index)?.archiveStart {
      state.start = start
      format = .container
    }
    if let format {
      state.report = try walk(word, format, from: state.start, name: part.names.first)
    } else if try isClosed(index) {
      state.report.unread.insert(.unsupported)
    } else {
      parts[index].holdsNoMembers = true
      return state
    }
    archives.states[index] = state
    return state
  }

  private mutating func walk(
    _ word: TextWord, _ format: ArchiveFormat, from start: Int, name: String?
  ) throws(Trap) -> ArchiveReport {
    var budget = archives.budget ?? ArchiveBudget(limits.archives)
    let report = ArchiveWalker.walk(
      contentBytes(word).span.extracting(droppingFirst: start), as: format, name: name,
      limits: limits.archives, budget: &budget)
    // What another process is to read is read again there, on the same account.
    if !report.unread.contains(.foreign) { archives.budget = budget }
    try charge(report.workBytes * ByteCost.archivePerByte)
    return report
  }

  /// An archive or a disk image that nothing here can read. The files of a winmail.dat are parts.
  private mutating func isClosed(_ index: Int) throws(Trap) -> Bool {
    guard let kind = try kind(of: index) else { return true }
    guard kind == .archive || kind == .diskImage else { return false }
    return try sniffed(of: index) != "application/vnd.ms-tnef"
  }

  private enum Next {
    /// The run waits for an answer.
    case wait
    /// More is known than before.
    case again
    /// It stays open, for a reason.
    case open(UInt64)
  }

  /// What to do about a question that what is known of a part does not decide.
  private mutating func undecided(
    _ index: Int, _ program: borrowing VerifiedProgram
  ) throws(Trap) -> Next {
    guard let state = archives.states[index] else { throw .misplaced("an archive") }
    if let failure = state.failure { return .open(fail(failure, "archive: \(state.reason)")) }
    guard state.report.unread.contains(.foreign), let word = parts[index].content else {
      return .open(fail(.limit, "archive: " + Self.reason(state.report)))
    }
    let arguments = [String(index)]
    if let answer = answers.answer(.unpack, arguments) {
      take(answer, index)
      return .again
    }
    archives.isWaiting = true
    if answers.isPending(.unpack, arguments) { return .wait }
    requests = []
    let part = message?.parts[index]
    let order = UnpackOrder(
      bytes: Array(contentBytes(word).dropFirst(state.start)), name: part?.names.first,
      limits: limits.archives,
      budget: archives.budget ?? ArchiveBudget(limits.archives))
    let spec = CheckSpec(
      kind: .unpack, arguments: 0, textCount: 1,
      timeoutMilliseconds: CheckKind.unpack.defaultTimeoutMilliseconds)
    _ = try ask(spec, "part \(part?.path ?? "")", arguments, order: order, program)
    return .wait
  }

  private mutating func take(_ answer: CheckAnswer, _ index: Int) {
    var state = ArchiveState(report: archives.states[index]?.report ?? ArchiveReport())
    switch answer {
    case .archive(let report):
      state.report = report
      var budget = archives.budget ?? ArchiveBudget(limits.archives)
      budget.spend(report)
      archives.budget = budget
      // Never twice, whatever the answer left open.
      if report.unread.contains(.foreign) { state.failure = .limit }
      state.reason = "a format that cannot be read"
    case .failed(let failure, let reason):
      state.failure = failure
      state.reason = reason
    case .values, .fields, .truth, .errands:
      state.failure = .internal
      state.reason = "the answer cannot be read"
    }
    archives.states[index] = state
    // What was known before is made anew; the same texts count once.
    archives.texts = [:]
    archives.textBytes = [:]
  }

  private static func reason(_ report: ArchiveReport) -> String {
    if let limit = report.limitsHit.map(\.name).sorted().first { return "it hits \(limit)" }
    if report.unread.contains(.hidden) { return "the names in it are encrypted" }
    if report.unread.contains(.damaged) { return "it is damaged" }
    return "a format that cannot be read"
  }

  // MARK: Questions

  /// `part :archive`: a part that is none has no members.
  mutating func archive(
    _ query: QuerySpec, _ program: borrowing VerifiedProgram
  ) throws(Trap) -> UInt64 {
    guard query.spec > 0, let field = MemberField(rawValue: query.detail) else {
      throw .misplaced("part :archive without a comparison")
    }
    let spec = program.program.specs[Int(query.spec) - 1]
    let index = try part(ofLoop: Int(query.loop))
    while true {
      guard let state = try archive(of: index) else { return contentFailure(query) }
      if parts[index].holdsNoMembers, spec.type != .count { return TruthWord.no }
      let found = try memberWords(field, of: index)
      let isOpen = found.isOpen || !state.report.isComplete
      // A number of members that are not all known says nothing.
      if spec.type != .count || !isOpen {
        let isTrue = try matches(found.words, spec, program)
        if isTrue { try noteMember(found, of: index) }
        // Of no members at all nothing is known yet.
        if !isOpen || (isTrue != spec.everyCandidate && !found.words.isEmpty) {
          return isTrue ? TruthWord.yes : TruthWord.no
        }
      }
      switch try undecided(index, program) {
      case .wait: return TruthWord.no
      case .again: continue
      case .open(let truth): return truth
      }
    }
  }

  /// `${member.name}`: the member that matched, with the archives around it.
  private mutating func noteMember(_ found: MemberWords, of index: Int) throws(Trap) {
    guard let matchedValue, matchedValue < found.members.count,
      let member = archives.states[index]?.report.members[found.members[matchedValue]]
    else { return }
    let path = cut(member.path, limits.nameBytesMax)
    if let known = facts[.memberName], contentBytes(known).elementsEqual(path) { return }
    facts[.memberName] = try keepDecoded(path)
  }

  /// `part :encrypted "archive"`; nil for a no that is sure.
  mutating func encryptedArchive(
    _ query: QuerySpec, _ program: borrowing VerifiedProgram
  ) throws(Trap) -> UInt64? {
    let index = try part(ofLoop: Int(query.loop))
    while true {
      guard let state = try archive(of: index) else { return contentFailure(query) }
      if state.report.isEncrypted {
        saw(EncryptionKind.archive.name)
        return TruthWord.yes
      }
      if state.report.isComplete { return nil }
      switch try undecided(index, program) {
      case .wait: return TruthWord.no
      case .again: continue
      case .open(let truth): return truth
      }
    }
  }

  /// The anomalies asked for that only the reading of archives finds, in these parts.
  mutating func archiveAnomaly(
    _ query: QuerySpec, in indices: some Sequence<Int>, _ program: borrowing VerifiedProgram
  ) throws(Trap) -> UInt64 {
    let least = query.source == .anomaly ? query.detail : 0
    let asked = AnomalyName.allCases.filter {
      $0.isOfArchives && $0.severity.rawValue >= least && isNamed($0.name, query, program)
    }
    guard query.names > 0, !asked.isEmpty else { return TruthWord.no }
    var open: UInt64?
    for index in indices {
      guard let answer = try anomaly(in: asked, of: index, program) else { return TruthWord.no }
      if answer == TruthWord.yes { return answer }
      if answer != TruthWord.no { open = answer }
    }
    return open ?? TruthWord.no
  }

  /// Whether the reading of one part shows any of them; nil while it waits.
  private mutating func anomaly(
    in asked: [AnomalyName], of index: Int, _ program: borrowing VerifiedProgram
  ) throws(Trap) -> UInt64? {
    while true {
      guard let state = try archive(of: index) else {
        return fail(.limit, "a part is too large to be decoded")
      }
      let found = asked.filter { state.report.anomalies.contains($0) }
      for name in found { saw(name.name) }
      if !found.isEmpty { return TruthWord.yes }
      if state.report.isComplete { return TruthWord.no }
      switch try undecided(index, program) {
      case .wait: return nil
      case .again: continue
      case .open(let truth): return truth
      }
    }
  }

  // MARK: Members

  /// The members' texts of one field, made and paid for once a part.
  private mutating func memberWords(
    _ field: MemberField, of index: Int
  ) throws(Trap) -> MemberWords {
    guard let state = archives.states[index] else { return MemberWords() }
    if let known = state.words[field] { return known }
    var found = MemberWords()
    var count = archives.texts[field] ?? 0
    var bytes = archives.textBytes[field] ?? 0
    for (number, member) in state.report.members.enumerated() {
      guard let texts = try memberTexts(field, of: member, number, index) else {
        found.isOpen = true
        continue
      }
      for text in texts {
        count += 1
        bytes += text.utf8.count
        guard count <= limits.memberTextsMax, bytes <= limits.memberTextBytesMax else {
          found.isOpen = true
          break
        }
        found.words.append(try keepDecoded(text.utf8))
        found.members.append(number)
      }
    }
    archives.states[index]?.words[field] = found
    archives.texts[field] = count
    archives.textBytes[field] = bytes
    return found
  }

  /// What a member says of a field; nil when that could not be had. A folder is no file.
  private mutating func memberTexts(
    _ field: MemberField, of member: ArchiveMember, _ number: Int, _ index: Int
  ) throws(Trap) -> [String]? {
    switch field {
    case .member: return member.names
    case .depth: return [String(member.depth)]
    case .extension:
      guard !member.isFolder else { return [] }
      var found: [String] = []
      for name in member.names {
        for text in FileName.extensions(of: name) where !found.contains(text) {
          found.append(text)
        }
      }
      return found
    case .size:
      guard !member.isFolder else { return [] }
      return member.sizes.isEmpty ? nil : member.sizes.map { String($0) }
    case .kind: return try types(of: member, number, index, isKind: true)
    case .sniffed: return try types(of: member, number, index, isKind: false)
    }
  }

  /// What a member's content is, by each reading of it. What is encrypted is of no known type.
  private mutating func types(
    of member: ArchiveMember, _ number: Int, _ index: Int, isKind: Bool
  ) throws(Trap) -> [String]? {
    if member.isFolder { return [] }
    if member.isEncrypted {
      return [isKind ? FileKind.other.name : "application/octet-stream"]
    }
    guard !member.readings.isEmpty else { return nil }
    var found: [String] = []
    for (place, known) in member.readings.enumerated() {
      var reading = known
      if isKind ? reading.kind == nil : reading.mimeType == nil {
        guard try identify(&reading) else { return nil }
        // Once for both questions.
        archives.states[index]?.report.members[number].readings[place] = reading
      }
      let text = isKind ? reading.kind?.name : reading.mimeType
      if let text, !found.contains(text) { found.append(text) }
    }
    return found
  }

  /// Asks libmagic; false where nothing was kept to ask about.
  private mutating func identify(
    _ reading: inout ArchiveMember.Reading
  ) throws(Trap) -> Bool {
    guard !reading.head.isEmpty else { return false }
    try charge(ByteCost.sniffBase + reading.head.count * ByteCost.sniffPerByte)
    guard let mimeType = types.mimeType(of: reading.head.span) else { return false }
    reading.mimeType = mimeType
    if reading.kind == nil { reading.kind = FileKind.kind(ofMIMEType: mimeType) }
    return true
  }
}
