// Office documents in zips: Office Open XML (ECMA-376) and OpenDocument. Which member is what, its
// relations and types say, and all of these can be renamed: so names, types, relations and content
// each count.
// Trusts nothing: members come from the zip reader, which sees all that any program could find;
// each is unpacked once, within the budget.
internal import FileTypes
internal import RuleBytecode

enum OfficePackage {
  /// Bytes of a member that tell what it is.
  private static let headBytes = 64

  /// - Parameter isCertain: It is a document by its name or type, not just a zip.
  /// - Returns: The zip, where it is no document.
  static func read(
    _ bytes: Span<UInt8>, isCertain: Bool, _ work: inout DocumentWork
  ) -> ZipArchive? {
    guard work.budget.take(bytes: bytes.count) else { return nil }
    var limits = ArchiveLimits()
    limits.entriesMax = min(limits.entriesMax, work.budget.itemsLeft)
    let archive = ZipArchive(bytes, limits: limits)
    guard isCertain || archive.entries.contains(where: { isSign($0.name) }) else {
      return archive
    }
    for limit in archive.limitsHit { work.budget.hit(limit) }
    if archive.anomalies.contains(.archiveDamaged) || archive.entries.isEmpty {
      work.findings.anomalies.insert(.officeDamaged)
    }
    for entry in archive.entries where !entry.isFolder {
      guard work.budget.takeItem() else { return nil }
      for name in entry.names { path(name.lowercased().replacing("\\", with: "/"), &work) }
      member(entry, bytes, &work)
    }
    return nil
  }

  /// Names that only documents have.
  private static func isSign(_ name: String) -> Bool {
    let name = name.lowercased()
    return name == "[content_types].xml" || name == "mimetype" || name == "content.xml"
      || name.hasSuffix("meta-inf/manifest.xml") || name.hasSuffix("_rels/.rels")
  }

  // MARK: Names

  private static func path(_ name: String, _ work: inout DocumentWork) {
    if name.hasSuffix("vbaproject.bin") || name.hasSuffix("vbadata.xml")
      || name.contains("/macrosheets/") || name.hasPrefix("basic/") || name.hasPrefix("scripts/")
      || name.contains("/basic/")
    {
      work.findings.traits.insert(.macro)
    }
    if name.contains("/embeddings/") || name.contains("/activex/") || name.hasPrefix("object ") {
      work.findings.traits.insert(.embeddedObject)
    }
  }

  // MARK: Content

  private static func member(
    _ entry: ZipEntry, _ bytes: Span<UInt8>, _ work: inout DocumentWork
  ) {
    let head = ZipArchive.extract(entry, from: bytes, limitBytes: headBytes)
    guard work.budget.take(bytes: head.workBytes) else { return }
    guard head.readings.contains(where: { isOfInterest($0.span) }) else { return }
    let content = ZipArchive.extract(entry, from: bytes, limitBytes: work.budget.room)
    switch content.end {
    case .limit: work.budget.hit(.archiveBytes)
    case .damaged: work.findings.anomalies.insert(.officeDamaged)
    case .whole, .encrypted, .foreign: break
    }
    guard work.budget.take(bytes: content.workBytes) else { return }
    for reading in content.readings {
      if isMarkup(reading.span) {
        OfficeXML.read(reading.span, &work)
      } else {
        let name = MemberName.plainExtension(entry.name) ?? ""
        work.add(reading, DocumentHints(kinds: [], extensions: [name]))
      }
    }
  }

  /// Markup, or a file that can be a document. Pictures and letters are not.
  private static func isOfInterest(_ head: Span<UInt8>) -> Bool {
    isMarkup(head) || CompoundFile.isLikely(head) || ZipMark.at(0, head) == .local
      || Signatures.isRTF(head) || Signatures.isPDF(head) || Signatures.isLink(head)
  }

  private static func isMarkup(_ head: Span<UInt8>) -> Bool {
    for index in 0..<min(head.count, headBytes) {
      let byte = head[index]
      if byte == 60 { return true }
      let isMark = byte == 0 || byte >= 0xFE || [0xEF, 0xBB, 0xBF].contains(byte)
      if !isMark, !MarkupTokenizer.isBlank(byte) { return false }
    }
    return false
  }
}
