// Files inside of texts (uuencode, yEnc, BinHex), of TNEF, of calendars and of AppleSingle, as
// parts of their own: mail programs show them as attachments. What holds them stays as it is.
// Cost: for plain text one search at about memchr's speed; for others a look at the first bytes.
// What must be decoded first counts against `embeddedBytesMax`, as do the files.

extension StructureReader {
  /// Reads the files in all parts from `start` on, and in what is found so.
  mutating func findFiles(from start: Int) {
    var part = start
    while part < parts.count {
      if mayHoldFiles(part) { findFiles(in: part) }
      if parts[part].doubts.contains(.nested), parts[part].contentType.subtype == "global" {
        readEncoded(part)
      }
      if parts[part].contentType.isMultipart, parts[part].isContainer { findFilesOutside(part) }
      part += 1
    }
  }

  /// Reads the files in one part.
  mutating func findFiles(in part: Int) {
    let held = parts[part].bytes
    let body = held.span.extracting(parts[part].body)
    let encoding = parts[part].encoding
    if startsLikeTNEF(body, encoding) {
      guard let stream = content(body, encoding) else { return }
      let room = fileRoom
      let found = TNEFReader.read(stream.span, filesMax: room.files, bytesMax: room.bytes)
      if found.isDamaged { parts[part].structuralAnomalies.insert(.badEmbedded) }
      if found.isTruncated { hitFileLimit(room, found.files) }
      place(found.files, in: part)
    } else if startsLikeSignedData(body, encoding) {
      readSigned(part)
    } else if startsLikeAppleSingle(body, encoding) {
      guard let data = content(body, encoding), let file = AppleSingleReader.read(data.span) else {
        return
      }
      place([file], in: part)
    } else if let start = startOfSaved(body, encoding), isNamedAsMessage(part) {
      readSaved(part, from: start)
    } else {
      findFiles(inText: body, encoding, of: part)
    }
  }

  /// Reads the files in a calendar, in any text, or in a calendar that is a text as well.
  private mutating func findFiles(
    inText body: Span<UInt8>, _ encoding: TransferEncoding, of part: Int
  ) {
    let isCalendar = startsLikeCalendar(body, encoding)
    let isText = isText(part) && (encoding == .base64 || hint(body, encoding))
    guard isCalendar || isText, let text = content(body, encoding) else { return }
    let room = fileRoom
    var search = EmbeddedSearch(filesMax: room.files, bytesMax: room.bytes)
    if isCalendar { search.readCalendar(text.span) }
    if isText { search.readText(text.span) }
    let found = search.finished()
    if search.isTruncated { hitFileLimit(room, found) }
    place(isBinHex(part) && found.isEmpty ? binHex(text, room) : found, in: part)
  }

  /// Reads the files in preamble and epilogue of a multipart.
  private mutating func findFilesOutside(_ part: Int) {
    let held = parts[part].bytes
    for range in outside(held.span, part) {
      let text = held.span.extracting(range)
      guard !range.isEmpty, EmbeddedFiles.hint(in: text) else { continue }
      let room = fileRoom
      let found = EmbeddedFiles.find(in: text, filesMax: room.files, bytesMax: room.bytes)
      if found.isTruncated { hitFileLimit(room, found.files) }
      place(found.files, in: part)
    }
  }

  // MARK: Where files may be

  private func mayHoldFiles(_ part: Int) -> Bool {
    !isHeaderOnly && !parts[part].isContainer && !parts[part].body.isEmpty
      && !parts[part].contentType.isContainer
  }

  /// Whether the content is looked at as text: any text, or what says to be encoded in a way that
  /// is found in texts.
  private func isText(_ part: Int) -> Bool {
    parts[part].contentType.type == "text" || parts[part].encoding == .unknown || isBinHex(part)
  }

  private func isBinHex(_ part: Int) -> Bool {
    parts[part].contentType.subtype.hasSuffix("mac-binhex40")
      || (parts[part].encoding == .unknown
        && (parts[part].encodingName ?? "").contains("binhex"))
  }

  private func binHex(_ text: [UInt8], _ room: (files: Int, bytes: Int)) -> [EmbeddedFile] {
    EmbeddedFiles.binHex(in: text.span, bytesMax: room.bytes).map { [$0] } ?? []
  }

  private func hint(_ body: Span<UInt8>, _ encoding: TransferEncoding) -> Bool {
    EmbeddedFiles.hint(in: body, isQuotedPrintable: encoding == .quotedPrintable)
  }

  /// Whether the decoded content begins with the signature of TNEF.
  private func startsLikeTNEF(_ body: Span<UInt8>, _ encoding: TransferEncoding) -> Bool {
    // "x", which is "e" in base64.
    let start = firstBytes(of: body, encoding, 4, ifFirst: (120, 101))
    return TNEFReader.hasSignature(start.span)
  }

  /// Whether the decoded content begins as a file of Apple's with its resources does.
  private func startsLikeAppleSingle(_ body: Span<UInt8>, _ encoding: TransferEncoding) -> Bool {
    // A NUL, which is "A" in base64.
    let start = firstBytes(of: body, encoding, 4, ifFirst: (0, 65))
    return AppleSingleReader.hasSignature(start.span)
  }

  /// Whether the decoded content begins as an opaque signature does.
  private func startsLikeSignedData(_ body: Span<UInt8>, _ encoding: TransferEncoding) -> Bool {
    // "0", which is "M" in base64.
    let start = firstBytes(
      of: body, encoding, SignedDataReader.signatureBytesMax, ifFirst: (0x30, 77))
    return SignedDataReader.hasSignature(start.span)
  }

  /// Whether the decoded content is a calendar, whatever type it is declared to be.
  private func startsLikeCalendar(_ body: Span<UInt8>, _ encoding: TransferEncoding) -> Bool {
    guard body.count > 16, encoding != .uuencode else { return false }
    // B, b, a byte order mark, an escape, a blank; and what base64 makes of them.
    let isPossible =
      encoding == .base64
      ? [81, 89, 55, 73, 68, 67].contains(body[0]) : [66, 98, 0xEF, ASCII.equals].contains(body[0])
    guard isPossible || body[0] <= ASCII.space else { return false }
    var start: [UInt8] = []
    let raw = body.extracting(0..<min(body.count, 4 * CalendarReader.openingBytesMax))
    _ = encoding.append(raw, to: &start, bound: CalendarReader.openingBytesMax)
    return CalendarReader.isCalendar(start.span)
  }

  /// The first decoded bytes, if the body begins with one of two; blank lines may be before that.
  private func firstBytes(
    of body: Span<UInt8>, _ encoding: TransferEncoding, _ count: Int,
    ifFirst wanted: (UInt8, UInt8)
  ) -> [UInt8] {
    var start: [UInt8] = []
    guard body.count > 16, encoding != .uuencode else { return start }
    let first = body[0]
    guard first == wanted.0 || first == wanted.1 || first <= ASCII.space else { return start }
    _ = encoding.append(body.extracting(0..<min(body.count, 64)), to: &start, bound: count)
    return start
  }

  // MARK: Room

  var fileRoom: (files: Int, bytes: Int) {
    (
      max(0, limits.embeddedFilesMax - rereading.fileCount),
      max(0, limits.embeddedBytesMax - rereading.bufferBytes)
    )
  }

  private mutating func hitFileLimit(
    _ room: (files: Int, bytes: Int), _ files: [EmbeddedFile]
  ) {
    hit(files.count >= room.files ? .embeddedFiles : .embeddedBytes)
  }

  /// The content without its encoding; a copy, which counts unless it is thrown away.
  mutating func content(_ body: Span<UInt8>, _ encoding: TransferEncoding) -> [UInt8]? {
    let room = fileRoom
    guard room.files > 0, room.bytes > 0 else {
      hit(room.files > 0 ? .embeddedBytes : .embeddedFiles)
      return nil
    }
    var content: [UInt8] = []
    let result = encoding.append(body, to: &content, bound: room.bytes)
    if !result.isComplete { hit(.embeddedBytes) }
    return content
  }

  // MARK: Placing

  /// Appends a part for each file; messages among them are read.
  mutating func place(_ files: [EmbeddedFile], in holder: Int) {
    for (ordinal, file) in files.enumerated() {
      guard mayNest(under: holder) else { return }
      rereading.fileCount += 1
      rereading.bufferCount += 1
      rereading.bufferBytes += file.content.count
      let index = parts.count
      parts.append(part(file, parts[holder].children.count + ordinal + 1, in: holder))
      if file.isMessage { readMessage(index) }
    }
  }

  private func part(_ file: EmbeddedFile, _ ordinal: Int, in holder: Int) -> Part {
    let parent = parts[holder]
    let binary = ContentType(type: "application", subtype: "octet-stream")
    var anomalies = AnomalySet()
    if file.isDamaged { anomalies.insert(.badEmbedded) }
    let content = 0..<file.content.count
    let source = PartSource(
      path: "\(parent.path).\(ordinal)", depth: parent.depth + 1, fields: [], header: 0..<0,
      contentType: file.isMessage ? .message : file.contentType ?? binary,
      isTypeDeclared: file.isMessage || file.contentType != nil, encoding: .binary,
      encodingName: nil, bytes: file.content, bufferNumber: rereading.bufferCount,
      givenNames: file.names, limits: limits)
    return Part(
      source: source, parent: holder, body: content, outer: content, reading: parent.reading,
      structuralAnomalies: anomalies, target: parent.target)
  }

  /// Reads the message that a file is.
  private mutating func readMessage(_ index: Int) {
    buffer = parts[index].bytes
    bufferNumber = parts[index].bufferNumber
    rereading.number = parts[index].reading
    rereading.target = parts[index].target
    rereading.readsReturns = false
    let held = buffer
    limit = held.count
    isStopped = false
    parts[index].body = 0..<0
    openParts.append(index)
    let outerLineEnd = setLineEnd(of: held.span)
    readBody(held.span, from: descend(held.span, from: index))
    lineEnd = outerLineEnd
    parts[index].body = 0..<held.count
    rereading.number = 0
    rereading.target = nil
  }
}
