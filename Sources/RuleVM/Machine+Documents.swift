// What the documents among the parts hold. A part is looked into when a rule asks, once, for
// everything that can be asked; what is read of all documents of a message is bounded together.
internal import FileContents
internal import FileTypes
internal import MailMessage
internal import RuleBytecode

extension Machine {
  /// All that is found in a part's content; nil when the content could not be had.
  mutating func findings(of index: Int) throws(Trap) -> ContentFindings? {
    guard let part = message?.parts[index] else { throw .misplaced("a MIME part") }
    if let known = parts[index].findings { return known }
    // Its children are asked one by one.
    guard !part.isContainer else { return ContentFindings() }
    guard let word = try content(of: index), let hints = try documentHints(of: index) else {
      return nil
    }
    var findings = try look(into: word, hints)
    if message?.isOfOtherCharset(part: index) == true {
      guard let text = try decodedText(of: index) else { return nil }
      findings.formUnion(try look(into: text, hints))
    }
    parts[index].findings = findings
    return findings
  }

  private mutating func documentHints(of index: Int) throws(Trap) -> DocumentHints? {
    guard let sniffed = try kind(of: index), let further = try furtherKinds(of: index),
      let extensions = try candidates(.extension, of: index)
    else { return nil }
    let declared = message?.parts[index].contentType.name ?? ""
    var types: Set<String> = [declared]
    if let known = parts[index].sniffed { types.insert(known) }
    return DocumentHints(
      kinds: Set(further.kinds + [sniffed, FileKind.kind(ofMIMEType: declared)]), types: types,
      extensions: Set(extensions.map { $0.lowercased() }))
  }

  /// Most documents are read once; what some are read beyond that is paid for behind it, and is
  /// bounded as well.
  private mutating func look(
    into word: TextWord, _ hints: DocumentHints
  ) throws(Trap) -> ContentFindings {
    let room = limits.documentBytesMax - parts.documentBytes
    let paid = min(word.length, room)
    try charge(paid * ByteCost.documentPerByte)
    var reader = DocumentReader(bytesMax: room)
    let findings = reader.findings(in: contentBytes(word).span, hints)
    parts.documentBytes += max(paid, reader.bytesRead)
    try charge(max(0, reader.bytesRead - paid) * ByteCost.documentPerByte)
    return findings
  }

  /// `part :trait`.
  mutating func partTrait(
    _ query: QuerySpec, _ program: borrowing VerifiedProgram
  ) throws(Trap) -> UInt64 {
    let index = try part(ofLoop: Int(query.loop))
    guard let findings = try findings(of: index) else { return contentFailure(query) }
    let found = PartTrait.allCases.filter {
      findings.traits.contains($0) && isNamed($0.name, query, program)
    }
    for trait in found { saw(trait.name) }
    return found.isEmpty ? unfound(findings) : TruthWord.yes
  }

  /// What was not found, in content that was not read to its end, may be behind it.
  mutating func unfound(_ findings: ContentFindings) -> UInt64 {
    guard let limit = findings.limitsHit.map(\.name).min() else { return TruthWord.no }
    return fail(.limit, "the part could not be read to its end: \(limit)")
  }
}
