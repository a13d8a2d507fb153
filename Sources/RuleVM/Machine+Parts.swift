// The part that a run is for: its names, its decoded content and what that content is.
// Decoded, sniffed and hashed only for what a rule asks, once a message.
internal import FileContents
internal import FileTypes
internal import MailMessage
internal import RuleBytecode

/// What has been found out about a part.
struct PartCache {
  struct Entry {
    var content: TextWord?
    /// The content in UTF-8, and without markup.
    var text: TextWord?
    var readableText: TextWord?
    var limitHit = false
    var names: [String]?
    /// What queries compare and facts tell, by the field.
    var words = PartWords()
    /// It is no archive, which every question about members wants to know.
    var holdsNoMembers = false
    var sniffed: String?
    var kind: FileKind?
    var furtherKinds: FurtherKinds?
    var sha256: String?
    var anomalies: [AnomalyName]?
    /// What its content holds.
    var findings: ContentFindings?
  }

  private var entries: [Entry] = []
  /// A list longer than this is given back with its message.
  private static let keptEntriesMax = 16
  private static let unknown = Entry()
  /// Readings that differ in type only share what was decoded.
  var contents: [ContentKey: TextWord] = [:]
  /// Content that was looked at for other ways to decode it.
  var readAgain: Set<ContentKey> = []
  /// All anomalies of the message, once they were looked for.
  var messageAnomalies: [AnomalyName]?
  private var knownTree: PartTree?
  /// Of all documents.
  var documentBytes = 0
  /// Of some part, and a rule asked for them.
  var hasTooManyNames = false
  /// Decoded values of the parts' own header fields.
  var fieldValues: [FieldPlace: TextWord] = [:]
  /// What the content holds of patterns, as long as there are so many parts.
  var answers = FieldAnswers()
  var answersPartCount = 0

  /// Lent in its place: a copy would count references of all that is known, for each answer.
  subscript(index: Int) -> Entry {
    _read {
      if index < entries.count { yield entries[index] } else { yield Self.unknown }
    }
    _modify {
      while entries.count <= index { entries.append(Entry()) }
      yield &entries[index]
    }
  }

  /// Some part could not be decoded within the limits.
  var isLimitHit: Bool { entries.contains { $0.limitHit } }

  /// Limits that kept content from being looked into.
  var contentLimitsHit: Set<LimitName> {
    entries.reduce(into: []) { $0.formUnion($1.findings?.limitsHit ?? []) }
  }

  /// Made once; anew when parts were found since.
  mutating func tree(of message: borrowing MailMessage) -> PartTree {
    if let knownTree, knownTree.count == message.parts.count { return knownTree }
    let tree = PartTree(message.parts)
    knownTree = tree
    return tree
  }

  mutating func drop() {
    entries.removeAll(keepingCapacity: entries.capacity <= Self.keptEntriesMax)
    contents = [:]
    readAgain = []
    knownTree = nil
    hasTooManyNames = false
    documentBytes = 0
    messageAnomalies = nil
    fieldValues = [:]
    answers.forget()
  }
}

extension Machine {
  private func currentPart(_ index: Int) throws(Trap) -> Part {
    guard let part = message?.parts[index] else { throw .misplaced("a MIME part") }
    return part
  }

  /// The part's content, transfer decoded; nil when a limit was hit.
  mutating func content(of index: Int) throws(Trap) -> TextWord? {
    if let word = parts[index].content { return word }
    if parts[index].limitHit { return nil }
    let part = try currentPart(index)
    if part.encoding.isIdentity, part.isInMessage {
      let word = TextWord(.raw, offset: part.body.lowerBound, length: part.body.count)
      parts[index].content = word
      return word
    }
    if let word = parts.contents[part.contentKey] {
      parts[index].content = word
      return word
    }
    try charge(part.body.count * ByteCost.decodeBodyPerByte)
    let room = limits.decodedSpaceBytesMax - decodedSpace.count
    let offset = decodedSpace.count
    let result = message?.appendDecodedBody(of: index, to: &decodedSpace, limitBytes: room)
    guard result?.isComplete == true else {
      parts[index].limitHit = true
      return nil
    }
    let word = TextWord(.decoded, offset: offset, length: decodedSpace.count - offset)
    parts[index].content = word
    parts.contents[part.contentKey] = word
    try addReadings(of: index, result)
    return word
  }

  /// Bytes of the content; needs no program since parts never lie among the constants.
  func contentBytes(_ word: TextWord) -> ArraySlice<UInt8> {
    let range = word.offset..<word.offset + word.length
    if word.spaceCode == TextSpace.raw.rawValue { return message?.bytes[range] ?? [] }
    return decodedSpace[range]
  }

  /// All names anybody could give the part's file.
  private mutating func names(of index: Int) throws(Trap) -> [String] {
    if let names = parts[index].names { return names }
    let part = try currentPart(index)
    try charge(part.fieldBytes * ByteCost.decodeHeaderPerByte)
    let names = part.names
    // One that is not compared could be the one that is opened.
    guard names.count <= part.namesMax else {
      parts.hasTooManyNames = true
      throw .tooManyNames(limit: part.namesMax)
    }
    parts[index].names = names
    return names
  }

  /// All that a desktop could act on, of all names.
  private mutating func extensions(of index: Int) throws(Trap) -> [String] {
    var found: [String] = []
    for name in try names(of: index) {
      for other in FileName.extensions(of: name) where !found.contains(other) {
        found.append(other)
      }
    }
    return found
  }

  /// A container is what its structure says: no client opens it as a file, its children are
  /// asked one by one, and libmagic would take a millisecond to call it text.
  mutating func sniffed(of index: Int) throws(Trap) -> String? {
    let part = try currentPart(index)
    if part.isContainer { return part.contentType.name }
    if let known = parts[index].sniffed { return known }
    guard let word = try content(of: index) else { return nil }
    try charge(ByteCost.sniffBase + word.length * ByteCost.sniffPerByte)
    guard let type = types.mimeType(of: contentBytes(word).span) else { return nil }
    parts[index].sniffed = type
    return type
  }

  mutating func kind(of index: Int) throws(Trap) -> FileKind? {
    if try currentPart(index).isContainer { return .message }
    if let known = parts[index].kind { return known }
    guard let word = try content(of: index) else { return nil }
    try charge(min(word.length, ByteCost.proofBytesMax) * ByteCost.proofPerByte)
    var kind = types.quickKind(of: contentBytes(word).span)
    if kind == nil { kind = try sniffed(of: index).map { FileKind.kind(ofMIMEType: $0) } }
    parts[index].kind = kind
    return kind
  }

  /// The families that the content belongs to beside `kind(of:)`; nil when it could not be had.
  mutating func furtherKinds(of index: Int) throws(Trap) -> FurtherKinds? {
    if try currentPart(index).isContainer { return FurtherKinds() }
    if let known = parts[index].furtherKinds { return known }
    guard let kind = try kind(of: index), let word = try content(of: index) else { return nil }
    try charge(word.length * ByteCost.furtherKindsPerByte)
    let further = FurtherKinds(of: contentBytes(word).span, primary: kind)
    parts[index].furtherKinds = further
    return further
  }

  private mutating func sha256(of index: Int) throws(Trap) -> String? {
    if let known = parts[index].sha256 { return known }
    guard let word = try content(of: index) else { return nil }
    try charge(word.length * ByteCost.digestPerByte)
    let digest = SHA256.digest(of: contentBytes(word).span).hex
    parts[index].sha256 = digest
    return digest
  }

  /// Octets of the content; an error of class `limit` when it could not be decoded, since 0 would
  /// let a part pass that is too large for that.
  mutating func partSize(_ next: Instruction) throws(Trap) {
    let index = try part(ofLoop: Int(next.c))
    guard let content = try content(of: index) else {
      registers[Int(next.a)] = TruthWord.failure(.limit)
      registers[Int(next.b)] = 0
      return
    }
    registers[Int(next.a)] = TruthWord.yes
    registers[Int(next.b)] = UInt64(content.length)
    if tracer.isOn { tracer.saw(ArraySlice(String(content.length).utf8)) }
  }

  /// The candidates that `part` compares; nil when the content could not be had.
  mutating func candidates(
    _ field: PartField, of index: Int
  ) throws(Trap) -> [String]? {
    let part = try currentPart(index)
    switch field {
    case .path: return [part.path]
    case .name: return try names(of: index)
    case .extension: return try extensions(of: index)
    case .declared: return [part.contentType.name]
    case .sniffed: return try sniffed(of: index).map { [$0] }
    case .kind:
      guard let kind = try kind(of: index), let further = try furtherKinds(of: index) else {
        return nil
      }
      return [kind.name] + further.kinds.map(\.name)
    case .charset:
      try charge(part.fieldBytes * ByteCost.decodeHeaderPerByte)
      return part.charset.map { [$0] } ?? []
    case .encoding: return part.encodingName.map { [$0] } ?? []
    case .disposition:
      try charge(part.fieldBytes * ByteCost.decodeHeaderPerByte)
      return part.disposition.map { [$0] } ?? []
    case .sha256: return try sha256(of: index).map { [$0] }
    case .size: return try content(of: index).map { [String($0.length)] }
    case .depth: return [String(part.depth)]
    case .reading: return [String(part.reading)]
    }
  }

  /// The candidates as texts that live as long as the message: made, and paid for, once a part.
  private mutating func words(
    _ field: PartField, of index: Int
  ) throws(Trap) -> [TextWord]? {
    if let known = parts[index].words[field] { return known }
    guard let candidates = try candidates(field, of: index) else { return nil }
    var words: [TextWord] = []
    for candidate in candidates { words.append(try keepDecoded(candidate.utf8)) }
    parts[index].words[field] = words
    return words
  }

  /// `part FIELD`: the candidates; nil when the content could not be had.
  mutating func partValues(_ query: QuerySpec) throws(Trap) -> [TextWord]? {
    guard let field = PartField(rawValue: query.detail) else {
      throw .misplaced("part field \(query.detail)")
    }
    let index = try part(ofLoop: Int(query.loop))
    return try words(field, of: index)
  }

  /// Content that could not be had: a limit stopped its decoding, or libmagic is not there.
  mutating func contentFailure(_ query: QuerySpec) -> UInt64 {
    if query.source == .body {
      return fail(.limit, "the text is too long, or a part too large to be decoded")
    }
    let index = try? part(ofLoop: Int(query.loop))
    let hit = index.map { parts[$0].limitHit } ?? false
    return hit
      ? fail(.limit, "the part is too large to be decoded")
      : fail(.internal, "the part's type cannot be told")
  }

  mutating func partIs(_ query: QuerySpec) throws(Trap) -> UInt64 {
    let index = try part(ofLoop: Int(query.loop))
    let part = try currentPart(index)
    switch PartQuestion(rawValue: query.detail) {
    case .container: return part.isContainer ? TruthWord.yes : TruthWord.no
    case .lying, nil:
      guard !part.isContainer else { return TruthWord.no }
      let declared = part.contentType.name
      guard !FileKind.isUnspecific(mimeType: declared) else { return TruthWord.no }
      guard let sniffed = try kind(of: index) else { return contentFailure(query) }
      let family = FileKind.kind(ofMIMEType: declared)
      tracer.saw(ArraySlice(declared.utf8))
      tracer.saw(ArraySlice(sniffed.name.utf8))
      guard family != .other, sniffed != .other else { return TruthWord.no }
      // Plain text is what is left when nothing else was found: a page without a head, a report.
      if sniffed == .text, [.html, .script, .message].contains(family) { return TruthWord.no }
      return family == sniffed ? TruthWord.no : TruthWord.yes
    }
  }

  /// A `part.*` fact as text; nil when it is absent.
  mutating func partFact(_ fact: Fact, loop: Int) throws(Trap) -> TextWord? {
    let index = try part(ofLoop: loop)
    let field: PartField =
      switch fact {
      case .partPath: .path
      case .partName: .name
      case .partExtension: .extension
      case .partDeclared: .declared
      case .partSniffed: .sniffed
      case .partKind: .kind
      case .partCharset: .charset
      case .partEncoding: .encoding
      case .partDisposition: .disposition
      case .partSize: .size
      case .partDepth: .depth
      case .partSHA256: .sha256
      default: .reading
      }
    return try words(field, of: index)?.first
  }
}

extension Part {
  /// Bytes of the fields that were read of its header.
  fileprivate var fieldBytes: Int {
    fields.reduce(0) { $0 + $1.value.upperBound - $1.name.lowerBound }
  }
}
