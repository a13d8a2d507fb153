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
  /// The bytes that are read now: the message, or what was decoded of one part.
  var buffer: [UInt8]
  var bufferNumber = 0
  var resumption: Resumption?
  var isStopped = false
  /// What is read again now, and what of it was found before.
  var rereading = Rereading()

  init(bytes: [UInt8], limits: MailLimits, isHeaderOnly: Bool) {
    buffer = bytes
    self.limits = limits
    self.isHeaderOnly = isHeaderOnly
  }

  mutating func hit(_ limit: MailLimit) {
    if !limitsHit.contains(limit) { limitsHit.append(limit) }
  }

  /// Reads the message: first as the standards say, then what may be read in another way.
  mutating func read(_ bytes: Span<UInt8>) {
    limit = bytes.count
    if hasOnlyBareCR(bytes, 0..<limit) { lineEnd = ASCII.carriageReturn }
    let position = openChain(bytes, at: 0, Place(), isDigest: false)
    readBody(bytes, from: position)
    settleDoubts(bytes)
  }

  /// Reads what the open parts hold, up to `limit`; `start` is a line's start. Ends all parts.
  mutating func readBody(_ bytes: Span<UInt8>, from start: Int) {
    let end = limit
    var position = start
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
    limit = end
    closeParts(downTo: 0, bodyEnd: end, nextDelimiter: end)
  }

  // MARK: Delimiters

  /// Ends what `delimiter` ends and opens what it begins.
  private mutating func take(_ bytes: Span<UInt8>, _ delimiter: Delimiter) -> Int {
    let frame = frames[delimiter.frame]
    if frames[(delimiter.frame + 1)...].contains(where: { !$0.isClosed }) {
      doubt(frame.part, .crossed)
    }
    noteOutside(bytes, delimiter, frame)
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
    let place = Place(parent: frame.part, outerStart: delimiter.start)
    return openChain(bytes, at: delimiter.next, place, isDigest: isDigest)
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
    guard !isStopped else { return }
    if !frame.isClosed { parts[frame.part].structuralAnomalies.insert(.missingEnd) }
    if parts[frame.part].children.isEmpty { noteUndivided(frame.part) }
  }

  /// Gives a multipart that no delimiter divides its whole body as one child, so that rules see it.
  private mutating func noteUndivided(_ part: Int) {
    parts[part].structuralAnomalies.insert(.missingBoundary)
    doubt(part, .type)
    guard rereading.number == 0, mayNest(under: part) else { return }
    let container = parts[part]
    let start = container.body.lowerBound
    parts[part].children.append(parts.count)
    let source = PartSource(
      path: "\(container.path).1", depth: container.depth + 1, fields: [], header: start..<start,
      contentType: .plainText, isTypeDeclared: false, encoding: container.encoding,
      encodingName: container.encodingName, bytes: buffer, bufferNumber: bufferNumber,
      givenNames: [], limits: limits)
    parts.append(
      Part(
        source: source, parent: part, body: container.body, outer: container.body, reading: 0,
        structuralAnomalies: AnomalySet(), target: container.target))
  }

  // MARK: Bare CR line ends

  /// Whether the range has CRs, but no LF at all.
  func hasOnlyBareCR(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
    let from = range.lowerBound
    let to = range.upperBound
    return ByteScan.firstIndex(of: ASCII.lineFeed, in: bytes, from: from, to: to) == nil
      && ByteScan.firstIndex(of: ASCII.carriageReturn, in: bytes, from: from, to: to) != nil
  }

  /// What was decoded has line ends of its own, whatever those around it are. Returns these.
  mutating func setLineEnd(of decoded: Span<UInt8>) -> UInt8 {
    let outer = lineEnd
    lineEnd = hasOnlyBareCR(decoded, decoded.indices) ? ASCII.carriageReturn : ASCII.lineFeed
    return outer
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
