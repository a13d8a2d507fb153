// Looks into documents: everything that a rule can ask about one file's content is found at once.
// A file is read as everything that its name, its declaration or its bytes say it is, since some
// program will; so are the files inside of it.
// Trusts nothing: every reader behind it is one pass over bounded data, without recursion.
internal import FileTypes
internal import MailMessage
internal import RuleBytecode

package struct DocumentReader {
  package let limits: DocumentLimits
  /// Bytes that were read and unpacked, for whoever pays for it.
  package private(set) var bytesRead = 0
  private let bytesMax: Int

  /// - Parameter bytesMax: Bytes that may be read and unpacked, each as often as it is read.
  package init(limits: DocumentLimits = DocumentLimits(), bytesMax: Int = 128 << 20) {
    self.limits = limits
    self.bytesMax = bytesMax
  }

  /// What the file holds.
  package mutating func findings(
    in bytes: Span<UInt8>, _ hints: DocumentHints = DocumentHints()
  ) -> ContentFindings {
    let room = bytesMax - bytesRead
    var work = DocumentWork(
      DocumentBudget(
        bytes: room, items: limits.itemsMax, streamBytesMax: limits.streamBytesMax),
      limits)
    look(into: bytes, hints, &work)
    while let inner = work.next() { look(into: inner.bytes.span, inner.hints, &work) }
    bytesRead += room - work.budget.bytesLeft
    work.findings.limitsHit.formUnion(work.budget.limitsHit)
    return work.findings
  }

  private func look(
    into bytes: Span<UInt8>, _ hints: DocumentHints, _ work: inout DocumentWork
  ) {
    page(bytes, hints, &work)
    office(bytes, hints, &work)
    if hints.kinds.contains(.pdf) || hints.extensions.contains("pdf") || Signatures.isPDF(bytes) {
      PDFReader.read(bytes, &work)
    }
    if Signatures.isLink(bytes) { LinkFile.read(bytes, &work) }
    ShortcutText.read(bytes, extensions: hints.extensions, &work)
  }

  // MARK: Pages and pictures

  private func page(_ bytes: Span<UInt8>, _ hints: DocumentHints, _ work: inout DocumentWork) {
    if hints.isSVG, bytes.count > 2, bytes[0] == 0x1F, bytes[1] == 0x8B {
      let picture = Inflate.inflate(bytes, as: .gzip, limitBytes: work.budget.room)
      if picture.end == .outputLimit { work.budget.hit(.archiveBytes) }
      if work.budget.take(bytes: picture.bytes.count) { work.add(picture.bytes, hints) }
      return
    }
    if hints.isArchivedPage { return archive(bytes, &work) }
    // Office opens a page with all its files under the names of its own documents too.
    if hints.isOffice, let start = Signatures.webArchive(bytes) {
      archive(bytes.extracting(droppingFirst: start), &work)
    }
    let isPicture = hints.isSVG || (!hints.isPage && Signatures.isSVG(bytes))
    guard isPicture || hints.isPage || Signatures.isPage(bytes) else { return }
    let isXML = isPicture || hints.isXML || Signatures.isXML(bytes)
    let page = MarkupReader.findings(
      in: bytes, isPicture: isPicture && !hints.isPage, isXML: isXML, limits,
      bytesMax: work.budget.bytesLeft)
    _ = work.budget.take(bytes: page.bytesRead)
    work.findings.formUnion(page.findings)
  }

  /// A page saved with all its files is a mail (RFC 2557).
  private func archive(_ bytes: Span<UInt8>, _ work: inout DocumentWork) {
    guard work.budget.take(bytes: 2 * bytes.count) else { return }
    let message = MailMessage(bytes.copied)
    if !message.limitsHit.isEmpty { work.budget.hit(.archiveEntries) }
    for index in message.parts.indices where !message.parts[index].isContainer {
      guard work.budget.takeItem() else { return }
      var content: [UInt8] = []
      let result = message.appendDecodedBody(
        of: index, to: &content, limitBytes: work.budget.room)
      if !result.isComplete { work.budget.hit(.archiveBytes) }
      guard work.budget.take(bytes: content.count) else { return }
      let type = message.parts[index].contentType.name
      let hints = DocumentHints(kinds: [FileKind.kind(ofMIMEType: type)], types: [type])
      work.add(content, hints)
    }
  }

  // MARK: Office

  private func office(_ bytes: Span<UInt8>, _ hints: DocumentHints, _ work: inout DocumentWork) {
    if CompoundFile.isLikely(bytes) { OfficeBinary.read(bytes, &work) }
    if ZipMark.at(0, bytes) != nil || (hints.isOffice && ZipArchive.isLikely(bytes)),
      let archive = OfficePackage.read(bytes, isCertain: hints.isOffice, &work)
    {
      zipped(archive, bytes, &work)
    }
    if Signatures.isRTF(bytes) { RTFReader.read(bytes, &work) }
    if Signatures.isNotes(bytes) || hints.extensions.contains("one") {
      NotesReader.read(bytes, &work)
    }
    if ExcelBinary.isBare(bytes), work.budget.take(bytes: bytes.count) {
      ExcelBinary.read(bytes, &work)
    }
    if Signatures.isActiveMIME(bytes) { activeMIME(bytes, &work) }
    if Signatures.isXML(bytes), !hints.isSVG, work.budget.take(bytes: bytes.count) {
      OfficeXML.read(bytes, &work)
    }
  }

  /// Documents that are sent in a zip, one after the other: what programs open without more than a
  /// click is looked into, as if it had come by itself.
  private func zipped(
    _ archive: ZipArchive, _ bytes: Span<UInt8>, _ work: inout DocumentWork
  ) {
    for entry in archive.entries where !entry.isFolder && !entry.isEncrypted {
      let names = entry.names.compactMap(MemberName.plainExtension)
      let hints = DocumentHints(kinds: [], extensions: Set(names))
      guard work.budget.takeItem() else { return }
      let head = ZipArchive.extract(entry, from: bytes, limitBytes: Self.headBytesMax)
      guard work.budget.take(bytes: head.workBytes) else { return }
      guard hints.isDocument || head.readings.contains(where: { Signatures.isDocument($0.span) })
      else { continue }
      let room = min(work.budget.bytesLeft, limits.zippedBytesMax)
      let content = ZipArchive.extract(entry, from: bytes, limitBytes: room)
      if content.end == .limit { work.budget.hit(.archiveBytes) }
      guard work.budget.take(bytes: content.workBytes) else { return }
      for reading in content.readings {
        // Zips in zips wait for their turn, so that nothing calls itself.
        if ZipMark.at(0, reading.span) != nil || ZipArchive.isLikely(reading.span) {
          work.add(reading, hints)
        } else {
          look(into: reading.span, hints, &work)
        }
      }
    }
  }

  /// Bytes of a member that tell whether it is a document.
  private static let headBytesMax = 4_096

  /// Macros as pages of Office have them: a compound file, packed behind a head of 50 bytes.
  private func activeMIME(_ bytes: Span<UInt8>, _ work: inout DocumentWork) {
    work.findings.traits.insert(.macro)
    guard work.budget.takeItem() else { return }
    let packed = bytes.extracting(droppingFirst: 50)
    let file = Inflate.inflate(packed, as: .zlib, limitBytes: work.budget.room)
    if file.end == .outputLimit { work.budget.hit(.archiveBytes) }
    guard work.budget.take(bytes: file.bytes.count) else { return }
    work.add(file.bytes)
  }
}
