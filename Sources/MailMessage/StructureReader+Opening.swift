// Opening parts: from a header block to a part in its place, down to the first that has no parts.

extension StructureReader {
  /// Where a part comes to stand. The default is the top.
  struct Place {
    var parent: Int?
    var outerStart = 0
    /// The part that is read again: the new one has its path.
    var twin: Int?
    /// Whether the parent has it among its children.
    var isListed = true
  }

  /// Opens the part at `start` and, where it is a message/rfc822, the message in it, and so on.
  /// Returns where the search for the next delimiter begins: at a line's start.
  mutating func openChain(
    _ bytes: Span<UInt8>, at start: Int, _ place: Place, isDigest: Bool
  ) -> Int {
    let block = readHeader(bytes, from: start, isMessage: place.parent == nil)
    return descend(bytes, from: append(bytes, block, place, isDigest: isDigest))
  }

  /// Opens what the open part `part` holds without a delimiter before it. A multipart is divided
  /// by `boundary`, else by what it declares.
  mutating func descend(
    _ bytes: Span<UInt8>, from part: Int, boundary: [UInt8]? = nil
  ) -> Int {
    var part = part
    while !isHeaderOnly, parts[part].encoding.isIdentity {
      let body = parts[part].body.lowerBound
      let isMessage = parts[part].contentType.isMessage
      guard isMessage || hasInnerHeader(bytes, part), mayNest(under: part) else { break }
      let block = readHeader(bytes, from: body, isMessage: true)
      part = append(bytes, block, Place(parent: part, outerStart: body), isDigest: false)
    }
    if parts[part].contentType.isMultipart, !isHeaderOnly {
      openFrame(bytes, of: part, given: boundary)
    }
    return parts[part].body.lowerBound
  }

  /// A fragment of a message (RFC 2046 §5.2.2) may begin with its header, and what stands for a
  /// body that is elsewhere (§5.2.3) has one.
  private func hasInnerHeader(_ bytes: Span<UInt8>, _ part: Int) -> Bool {
    let type = parts[part].contentType
    guard type.type == "message", ["partial", "external-body", "news"].contains(type.subtype)
    else { return false }
    let start = parts[part].body.lowerBound
    let end = ByteScan.firstIndex(of: lineEnd, in: bytes, from: start, to: limit) ?? limit
    if case .field = fieldLine(bytes, start..<end) { return true }
    return false
  }

  /// Whether one part more is allowed, a level below `part`; if not, the limit is recorded.
  mutating func mayNest(under part: Int) -> Bool {
    if parts[part].depth >= limits.depthMax {
      hit(.depth)
      return false
    }
    if parts.count - rereading.base >= limits.partsMax {
      hit(.parts)
      return false
    }
    return true
  }

  /// Appends the part that `block` is the header of; its end is set when its delimiter comes.
  mutating func append(
    _ bytes: Span<UInt8>, _ block: HeaderBlock, _ place: Place, isDigest: Bool
  ) -> Int {
    var anomalies = block.anomalies
    let declared = block.contentType.flatMap { ContentTypeReader.read(bytes, $0.value) }
    let type = declared ?? (isDigest ? .message : .plainText)
    let encoding = TransferEncodingReader.read(bytes, block)
    var doubts = block.doubts
    doubts.formUnion(typeDoubts(bytes, block, declared, &anomalies))
    let isNested = !encoding.value.isIdentity && type.isContainer
    // RFC 2046 §5.2 forbids it for all messages but those of RFC 6532 §3.7.
    let mayEncode = type.type != "message" || type.subtype.hasPrefix("global")
    let isForbidden = type.isMultipart || !mayEncode
    if encoding.isConflicting || (isForbidden && !encoding.value.isIdentity) {
      anomalies.insert(.encodingConflict)
    }
    if encoding.value == .unknown { anomalies.insert(.unknownEncoding) }
    let isUnsure = encoding.isConflicting || encoding.value == .unknown
    if isNested || (isUnsure && type.isContainer) { doubts.insert(.nested) }
    if !encoding.isPlain || encoding.isConflicting { doubts.insert(.encoding) }
    let index = parts.count
    let parent = place.parent
    let source = PartSource(
      path: place.twin.map { parts[$0].path } ?? path(under: parent),
      depth: parent.map { parts[$0].depth + 1 } ?? 0, fields: block.fields,
      header: block.start..<block.end, contentType: type, isTypeDeclared: declared != nil,
      encoding: encoding.value, encodingName: encoding.name, bytes: buffer,
      bufferNumber: bufferNumber, givenNames: [], limits: limits)
    parts.append(
      Part(
        source: source, parent: parent, body: block.end..<block.end,
        outer: place.outerStart..<block.end, reading: rereading.number,
        structuralAnomalies: anomalies, target: rereading.target ?? index,
        readsReturns: rereading.readsReturns))
    if let parent, place.isListed { parts[parent].children.append(index) }
    openParts.append(index)
    if !doubts.isEmpty { doubt(index, doubts) }
    return index
  }

  private func path(under parent: Int?) -> String {
    guard let parent else { return "1" }
    return "\(parts[parent].path).\(parts[parent].children.count + 1)"
  }

  /// Notes that the part may be read in other ways.
  mutating func doubt(_ part: Int, _ doubts: Doubts) {
    parts[part].doubts.formUnion(doubts)
    rereading.isNeeded = true
  }

  /// What is not plain about the type. Ordinary mail costs one look at each byte of the field.
  private func typeDoubts(
    _ bytes: Span<UInt8>, _ block: HeaderBlock, _ declared: ContentType?,
    _ anomalies: inout AnomalySet
  ) -> Doubts {
    guard let field = block.contentType else {
      return isLikeMultipart(bytes, block) ? .guess : []
    }
    let syntax = TypeSyntax(bytes, field.value)
    if !syntax.isTypeValid, TypeSyntax.mentions(bytes, field.value, "/") {
      anomalies.insert(.typeConflict)
    }
    if syntax.hasOpenComment { anomalies.insert(.badParameter) }
    guard let declared, !block.anomalies.contains(.duplicateContentType) else { return .type }
    if declared.type == "message", !declared.isMessage { return .message }
    if declared.isMultipart {
      if syntax.isPlain { return [] }
      return syntax.isValid ? .boundary : .type
    }
    if syntax.hasBoundary { return .type }
    if syntax.isValid { return [] }
    return TypeSyntax.mentions(bytes, field.value, "multipart") ? .type : []
  }

  /// Whether a message with a MIME header, but no type, begins with a delimiter.
  private func isLikeMultipart(_ bytes: Span<UInt8>, _ block: HeaderBlock) -> Bool {
    var index = block.end
    while index < limit, ASCII.isFolding(bytes[index]) { index += 1 }
    guard index + 2 < limit, bytes[index] == ASCII.dash, bytes[index + 1] == ASCII.dash else {
      return false
    }
    return block.fields.contains {
      ASCII.isEqual(bytes.extracting($0.name), FieldName.version.utf8Bytes.span)
    }
  }
}

extension ContentType {
  var isContainer: Bool { isMultipart || isMessage }
}
