// Questions about what is odd in a message and what its parts hold. What this machine cannot look
// into is an error of class `:limit`: a rule that asks must not take it for a no.
internal import FileContents
internal import FileTypes
internal import MailMessage
internal import RuleBytecode

extension Machine {
  /// The answer to a question about content that has no values to compare; nil when `query` is none
  /// of these.
  mutating func contentTruth(
    _ query: QuerySpec, _ program: borrowing VerifiedProgram
  ) throws(Trap) -> UInt64? {
    switch query.source {
    case .anomaly: return try messageAnomaly(query, program)
    case .limitHit: return limitHit(query, program)
    case .direction:
      let name = try direction(loop: Int(query.loop), program).name
      saw(name)
      return isNamed(name, query, program) ? TruthWord.yes : TruthWord.no
    case .partAnomaly: return try partAnomaly(query, program)
    case .partEncrypted: return try partEncrypted(query, program)
    case .partTrait: return try partTrait(query, program)
    case .archive: return try archive(query, program)
    default: return nil
    }
  }

  /// What has been found of the message so far: parts that no rule has decoded are not counted.
  private mutating func limitHit(
    _ query: QuerySpec, _ program: borrowing VerifiedProgram
  ) -> UInt64 {
    let names = limitNames.filter { isNamed($0, query, program) }
    for name in names { saw(name) }
    return names.isEmpty ? TruthWord.no : TruthWord.yes
  }

  // MARK: Anomalies

  private mutating func messageAnomaly(
    _ query: QuerySpec, _ program: borrowing VerifiedProgram
  ) throws(Trap) -> UInt64 {
    let wanted = { (name: AnomalyName) in name.severity.rawValue >= query.detail }
    let found = try messageAnomalies().filter { wanted($0) && isNamed($0.name, query, program) }
    if isSeen(found) { return TruthWord.yes }
    // At the end of the header there is no content.
    guard let message, phase != .headers else { return TruthWord.no }
    let asked = contentAnomalies(askedBy: query, program).filter(wanted)
    var isOpen = false
    if !asked.isEmpty {
      for index in message.parts.indices {
        guard let found = try contentAnomalies(of: index, asked) else {
          isOpen = true
          continue
        }
        if isSeen(found) { return TruthWord.yes }
      }
    }
    let truth = try archiveAnomaly(query, in: message.parts.indices, program)
    guard truth == TruthWord.no, isOpen else { return truth }
    return fail(.limit, "a part cannot be looked into")
  }

  private mutating func partAnomaly(
    _ query: QuerySpec, _ program: borrowing VerifiedProgram
  ) throws(Trap) -> UInt64 {
    let index = try part(ofLoop: Int(query.loop))
    let found = try mailAnomalies(of: index).filter { isNamed($0.name, query, program) }
    if isSeen(found) { return TruthWord.yes }
    let asked = contentAnomalies(askedBy: query, program)
    guard let more = try contentAnomalies(of: index, asked) else { return contentFailure(query) }
    if isSeen(more) { return TruthWord.yes }
    return try archiveAnomaly(query, in: CollectionOfOne(index), program)
  }

  private mutating func isSeen(_ names: [AnomalyName]) -> Bool {
    for name in names { saw(name.name) }
    return !names.isEmpty
  }

  /// What the structure and the encodings of the whole message show: of its lines, and of each
  /// part. Another way to decode the same bytes has nothing to add.
  mutating func messageAnomalies() throws(Trap) -> [AnomalyName] {
    guard let message else { throw .misplaced("a message") }
    if let known = parts.messageAnomalies { return known }
    try charge(message.bytes.count * ByteCost.lineFaultPerByte)
    var found = Set(message.lineAnomalies.compactMap { AnomalyName.named($0.name) })
    for index in message.parts.indices where message.parts[index].variant == .standard {
      found.formUnion(try mailAnomalies(of: index))
    }
    let names = AnomalyName.allCases.filter(found.contains)
    parts.messageAnomalies = names
    return names
  }

  /// The same of one part.
  mutating func mailAnomalies(of index: Int) throws(Trap) -> [AnomalyName] {
    guard let part = message?.parts[index] else { throw .misplaced("a MIME part") }
    if let known = parts[index].anomalies { return known }
    let read = part.isContainer ? part.header : part.extent
    try charge(read.count * ByteCost.anomalyPerByte)
    let names = part.anomalies.compactMap { AnomalyName.named($0.name) }
    parts[index].anomalies = names
    return names
  }

  /// Which of the names that are asked for only the decoded content shows; nil when it could not
  /// be had.
  mutating func contentAnomalies(
    of index: Int, _ asked: [AnomalyName]
  ) throws(Trap) -> [AnomalyName]? {
    var found: [AnomalyName] = []
    if asked.contains(.polyglot) {
      guard let further = try furtherKinds(of: index) else { return nil }
      if further.isPolyglot { found.append(.polyglot) }
    }
    if asked.contains(.officeDamaged) {
      guard let findings = try findings(of: index) else { return nil }
      found += asked.filter(findings.anomalies.contains)
    }
    return found
  }

  /// What content has to be looked into for. Documents are read only for their names: who asks for
  /// any anomaly at all does not pay for that.
  private func contentAnomalies(
    askedBy query: QuerySpec, _ program: borrowing VerifiedProgram
  ) -> [AnomalyName] {
    guard query.names > 0 else { return [.polyglot] }
    return [.polyglot, .officeDamaged].filter { isNamed($0.name, query, program) }
  }

  // MARK: Content

  /// `part :encrypted`. Mail is told by its structure and its first bytes, other content by what it
  /// holds.
  private mutating func partEncrypted(
    _ query: QuerySpec, _ program: borrowing VerifiedProgram
  ) throws(Trap) -> UInt64 {
    let index = try part(ofLoop: Int(query.loop))
    let asked = EncryptionKind.allCases.filter { isNamed($0.name, query, program) }
    if asked.contains(.mail), let isMail = try isEncryptedMail(index) {
      guard isMail else { return contentFailure(query) }
      return TruthWord.yes
    }
    var open: UInt64?
    if asked.contains(where: { $0 == .office || $0 == .pdf }) {
      guard let findings = try findings(of: index) else { return contentFailure(query) }
      for kind in asked where findings.encryption.contains(kind) {
        saw(kind.name)
        return TruthWord.yes
      }
      open = unfound(findings)
    }
    if asked.contains(.archive), let truth = try encryptedArchive(query, program) { return truth }
    return open ?? TruthWord.no
  }

  /// RFC 1847 §2.2, RFC 3156 §4, RFC 8551 §3.2, and OpenPGP armour in a text (RFC 9580 §6.2). True
  /// when it is, nil when it is not, false when the content could not be had.
  mutating func isEncryptedMail(_ index: Int) throws(Trap) -> Bool? {
    guard let part = message?.parts[index] else { throw .misplaced("a MIME part") }
    let type = part.contentType
    switch type.name {
    case "multipart/encrypted", "application/pgp-encrypted": return true
    case "application/pkcs7-mime", "application/x-pkcs7-mime":
      guard let word = try content(of: index) else { return false }
      let head = Array(contentBytes(word).prefix(64))
      return Self.envelopedData.contains { head.contains(run: $0) } ? true : nil
    default: break
    }
    guard type.type == "text" else { return nil }
    guard let word = try content(of: index) else { return false }
    try charge(word.length * ByteCost.comparePerByte)
    let armour = Array("-----BEGIN PGP MESSAGE-----".utf8)
    return contentBytes(word).span.contains(armour.span, folding: false) ? true : nil
  }

  /// The object identifiers of EnvelopedData, EncryptedData and AuthEnvelopedData (RFC 5652 §6, §8;
  /// RFC 5083 §2.1) as DER has them, behind their common beginning.
  private static let envelopedData: [[UInt8]] = {
    let pkcs: [UInt8] = [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01]
    return [pkcs + [0x07, 0x03], pkcs + [0x07, 0x06], pkcs + [0x09, 0x10, 0x01, 0x17]]
  }()
}

extension [UInt8] {
  fileprivate func contains(run: [UInt8]) -> Bool { span.contains(run.span, folding: false) }
}
