// From bytes to parts (RFC 2046 §5.1), in one pass and without recursion.
// Trusts nothing: a stack of open multiparts, bounded by `depthMax`, takes the place of recursion,
// and memchr finds the lines that can be delimiters. Cost: bytes once at memchr's speed, and for
// each line that begins with "--" one comparison with every open boundary.

/// Reads the structure of one message; `parts` and `limitsHit` are the result.
struct StructureReader {
  /// A multipart whose end has not come.
  struct Frame {
    let part: Int
    /// The container's place in `openParts`.
    let openIndex: Int
    /// Nil where none is declared; an empty one makes `--` the delimiter, as some programs read it.
    let boundary: [UInt8]?
    var isClosed = false
    var isRetried = false
  }

  /// A line that ends what came before it.
  struct Delimiter {
    let start: Int
    let next: Int
    let frame: Int
    let isClose: Bool
  }

  /// What to go back to after a body with bare CR line ends was read.
  struct Resumption {
    let position: Int
    let limit: Int
    let openCount: Int
    let frame: Int
  }

  private(set) var limitsHit: [MailLimit] = []
  var parts: [Part] = []
  let limits: MailLimits
  let isHeaderOnly: Bool
  /// The end of what is read now: of the message, or of a body with bare CR line ends.
  var limit = 0
  /// LF; CR only where no LF is at all.
  var lineEnd = ASCII.lineFeed
  var frames: [Frame] = []
  /// The way from part "1" to the part that is read now.
  var openParts: [Int] = []
  var fieldCount = 0
  var fieldBytes = 0
  private let buffer: [UInt8]
  private(set) var resumption: Resumption?
  private var isStopped = false

  init(bytes: [UInt8], limits: MailLimits, isHeaderOnly: Bool) {
    buffer = bytes
    self.limits = limits
    self.isHeaderOnly = isHeaderOnly
  }

  mutating func hit(_ limit: MailLimit) {
    if !limitsHit.contains(limit) { limitsHit.append(limit) }
  }

  mutating func read(_ bytes: Span<UInt8>) {
    limit = bytes.count
    if hasOnlyBareCR(bytes, 0..<limit) { lineEnd = ASCII.carriageReturn }
    var position = openChain(bytes, at: 0, parent: nil, outerStart: 0, isDigest: false)
    while !isStopped {
      let delimiter = nextDelimiter(bytes, from: position)
      if delimiter == nil, let resumption {
        position = resume(resumption)
      } else if let start = startOfRetry(bytes, before: delimiter) {
        position = start
      } else if let delimiter {
        position = take(bytes, delimiter)
      } else {
        break
      }
    }
    limit = bytes.count
    closeParts(downTo: 0, bodyEnd: limit, nextDelimiter: limit)
  }

  // MARK: Opening

  /// Opens the part at `start` and, where it is a message/rfc822, the message in it, and so on.
  /// Returns where the search for the next delimiter begins: at a line's start.
  private mutating func openChain(
    _ bytes: Span<UInt8>, at start: Int, parent: Int?, outerStart: Int, isDigest: Bool
  ) -> Int {
    var part = open(bytes, at: start, parent: parent, outerStart: outerStart, isDigest: isDigest)
    while parts[part].contentType.isMessage, !isHeaderOnly {
      guard parts[part].encoding.isIdentity, mayNest(under: part) else { break }
      let body = parts[part].body.lowerBound
      part = open(bytes, at: body, parent: part, outerStart: body, isDigest: false)
    }
    if parts[part].contentType.isMultipart, !isHeaderOnly { openFrame(bytes, of: part) }
    return parts[part].body.lowerBound
  }

  /// Whether one part more is allowed, a level below `part`; if not, the limit is recorded.
  mutating func mayNest(under part: Int) -> Bool {
    if parts[part].depth >= limits.depthMax {
      hit(.depth)
      return false
    }
    if parts.count >= limits.partsMax {
      hit(.parts)
      return false
    }
    return true
  }

  private mutating func open(
    _ bytes: Span<UInt8>, at start: Int, parent: Int?, outerStart: Int, isDigest: Bool
  ) -> Int {
    let block = readHeader(bytes, from: start)
    return append(bytes, block, parent: parent, outerStart: outerStart, isDigest: isDigest)
  }

  /// Appends the part that `block` is the header of; its end is set when its delimiter comes.
  private mutating func append(
    _ bytes: Span<UInt8>, _ block: HeaderBlock, parent: Int?, outerStart: Int, isDigest: Bool
  ) -> Int {
    var anomalies = block.anomalies
    let declared = block.contentType.flatMap { ContentTypeReader.read(bytes, $0.value) }
    let type = declared ?? (isDigest ? .message : .plainText)
    let encoding = TransferEncodingReader.read(bytes, block)
    if encoding.isConflicting || (!encoding.value.isIdentity && type.isContainer) {
      anomalies.insert(.encodingConflict)
    }
    if encoding.value == .unknown { anomalies.insert(.unknownEncoding) }
    let index = parts.count
    parts.append(
      Part(
        path: path(under: parent), parent: parent,
        depth: parent.map { parts[$0].depth + 1 } ?? 0,
        fields: block.fields, header: block.start..<block.end, body: block.end..<block.end,
        outer: outerStart..<block.end, contentType: type, isTypeDeclared: declared != nil,
        encoding: encoding.value, encodingName: encoding.name, reading: 0,
        structuralAnomalies: anomalies, bytes: buffer, isInMessage: true, target: index,
        givenNames: [], parametersMax: limits.parametersMax, namesMax: limits.namesMax))
    if let parent { parts[parent].children.append(index) }
    openParts.append(index)
    return index
  }

  private func path(under parent: Int?) -> String {
    guard let parent else { return "1" }
    return "\(parts[parent].path).\(parts[parent].children.count + 1)"
  }

  // MARK: Delimiters

  /// Ends what `delimiter` ends and opens what it begins.
  private mutating func take(_ bytes: Span<UInt8>, _ delimiter: Delimiter) -> Int {
    let frame = frames[delimiter.frame]
    closeParts(
      downTo: frame.openIndex + 1, bodyEnd: contentEnd(bytes, before: delimiter.start),
      nextDelimiter: delimiter.start)
    if delimiter.isClose {
      frames[delimiter.frame].isClosed = true
      return delimiter.next
    }
    guard mayNest(under: frame.part) else {
      isStopped = true
      return limit
    }
    let isDigest = parts[frame.part].contentType.subtype == "digest"
    return openChain(
      bytes, at: delimiter.next, parent: frame.part, outerStart: delimiter.start,
      isDigest: isDigest)
  }

  /// The end of the content before a delimiter line, whose own line end belongs to the delimiter.
  private func contentEnd(_ bytes: Span<UInt8>, before start: Int) -> Int {
    guard start > 0, bytes[start - 1] == lineEnd else { return start }
    guard lineEnd == ASCII.lineFeed, start > 1, bytes[start - 2] == ASCII.carriageReturn else {
      return start - 1
    }
    return start - 2
  }

  /// Ends the open parts until `count` are left, and the multiparts among them.
  private mutating func closeParts(downTo count: Int, bodyEnd: Int, nextDelimiter: Int) {
    while openParts.count > count, let part = openParts.popLast() {
      let start = parts[part].body.lowerBound
      let end = isHeaderOnly ? start : max(start, bodyEnd)
      parts[part].body = start..<end
      let isBeforeDelimiter = openParts.count == count
      let outerStart = parts[part].outer.lowerBound
      parts[part].outer = outerStart..<max(outerStart, isBeforeDelimiter ? nextDelimiter : end)
      if let frame = frames.last, frame.part == part { closeFrame(frame) }
    }
  }

  private mutating func closeFrame(_ frame: Frame) {
    frames.removeLast()
    if !frame.isClosed, !isStopped { parts[frame.part].structuralAnomalies.insert(.missingEnd) }
    if parts[frame.part].children.isEmpty, !isStopped { appendWholeBody(of: frame.part) }
  }

  /// Gives a multipart that no delimiter divides its whole body as one child, so that rules see it.
  private mutating func appendWholeBody(of part: Int) {
    parts[part].structuralAnomalies.insert(.missingBoundary)
    guard mayNest(under: part) else { return }
    let container = parts[part]
    let start = container.body.lowerBound
    parts[part].children.append(parts.count)
    parts.append(
      Part(
        path: "\(container.path).1", parent: part, depth: container.depth + 1, fields: [],
        header: start..<start, body: container.body, outer: container.body,
        contentType: .plainText, isTypeDeclared: false, encoding: container.encoding,
        encodingName: container.encodingName, reading: 0, structuralAnomalies: AnomalySet(),
        bytes: buffer, isInMessage: true, target: part, givenNames: [],
        parametersMax: limits.parametersMax, namesMax: limits.namesMax))
  }

  // MARK: Bare CR line ends

  /// Whether the range has CRs, but no LF at all.
  private func hasOnlyBareCR(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
    let from = range.lowerBound
    let to = range.upperBound
    return ByteScan.firstIndex(of: ASCII.lineFeed, in: bytes, from: from, to: to) == nil
      && ByteScan.firstIndex(of: ASCII.carriageReturn, in: bytes, from: from, to: to) != nil
  }

  /// A multipart that ends undivided and holds CRs without any LF is read once more with CR as the
  /// line end: only the innermost open one can be such, so no byte is read a third time.
  private mutating func startOfRetry(_ bytes: Span<UInt8>, before delimiter: Delimiter?) -> Int? {
    guard let last = frames.indices.last, !frames[last].isRetried, !frames[last].isClosed,
      lineEnd == ASCII.lineFeed, parts[frames[last].part].children.isEmpty,
      delimiter?.frame != last
    else { return nil }
    frames[last].isRetried = true
    let start = parts[frames[last].part].body.lowerBound
    let end = delimiter.map { contentEnd(bytes, before: $0.start) } ?? limit
    guard start < end, hasOnlyBareCR(bytes, start..<end) else { return nil }
    resumption = Resumption(
      position: delimiter?.start ?? limit, limit: limit, openCount: openParts.count,
      frame: last)
    limit = end
    lineEnd = ASCII.carriageReturn
    return start
  }

  private mutating func resume(_ resumption: Resumption) -> Int {
    closeParts(downTo: resumption.openCount, bodyEnd: limit, nextDelimiter: limit)
    limit = resumption.limit
    lineEnd = ASCII.lineFeed
    self.resumption = nil
    return resumption.position
  }
}

extension ContentType {
  fileprivate var isContainer: Bool { isMultipart || isMessage }
}
