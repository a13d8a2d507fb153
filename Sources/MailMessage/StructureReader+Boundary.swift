// Which line is a delimiter of which multipart (RFC 2046 §5.1.1).
// A delimiter is the whole line but for blanks at its end; a line that only begins like one is
// content, and noted, since some mail programs take it for a delimiter.

extension StructureReader {
  /// Opens the multipart `part` for its delimiters: those of `given`, else of what it declares.
  mutating func openFrame(_ bytes: Span<UInt8>, of part: Int, given: [UInt8]? = nil) {
    guard mayNest(under: part) else { return }
    let boundary = given ?? boundary(bytes, of: part)
    parts[part].givenBoundary = given
    if boundary?.isEmpty == true { parts[part].structuralAnomalies.insert(.missingBoundary) }
    for frame in frames where isAmbiguous(frame.boundary, boundary) {
      parts[part].structuralAnomalies.insert(.boundaryConflict)
      if frame.boundary != boundary { doubt(frame.part, .alike) }
    }
    frames.append(Frame(part: part, openIndex: openParts.count - 1, boundary: boundary))
  }

  /// Whether a delimiter of the one also begins like a delimiter of the other.
  private func isAmbiguous(_ one: [UInt8]?, _ other: [UInt8]?) -> Bool {
    guard let one, let other, !one.isEmpty, !other.isEmpty else { return false }
    return one.starts(with: other) || other.starts(with: one)
  }

  /// The first boundary that the Content-Type fields declare; others that differ are noted.
  mutating func boundary(_ bytes: Span<UInt8>, of part: Int) -> [UInt8]? {
    var found: [[UInt8]] = []
    for field in parts[part].fields where isContentType(bytes, field) {
      let list = ParameterList(bytes, field.value, parametersMax: limits.parametersMax)
      found += list.tokens(named: "boundary")
    }
    // Blanks at the end of a delimiter line are not part of it (RFC 2046 §5.1.1).
    let boundaries = found.map { value in
      let trimmed = ASCII.trimmed(value.span, value.indices)
      return Array(trimmed.isEmpty ? [] : value[..<trimmed.upperBound])
    }
    guard let first = boundaries.first(where: { !$0.isEmpty }) ?? boundaries.first else {
      return nil
    }
    if boundaries.contains(where: { $0 != first }) {
      parts[part].structuralAnomalies.insert(.boundaryConflict)
      doubt(part, .type)
    }
    return first
  }

  func isContentType(_ bytes: Span<UInt8>, _ field: HeaderField) -> Bool {
    ASCII.isEqual(bytes.extracting(field.name), FieldName.contentType.utf8Bytes.span)
  }

  /// The next delimiter of an open multipart; `position` is the start of a line.
  mutating func nextDelimiter(_ bytes: Span<UInt8>, from position: Int) -> Delimiter? {
    guard !frames.isEmpty else { return nil }
    if let found = delimiter(bytes, at: position) { return found }
    var position = position
    while let line = ByteScan.nextDashLine(
      in: bytes, from: position, to: limit, lineEnd: lineEnd)
    {
      if let found = delimiter(bytes, at: line) { return found }
      noteAlmost(bytes, line)
      position = line + 2
    }
    return nil
  }

  /// Notes a line that is a delimiter but for a blank or a dash before it: no program takes it for
  /// one, but somebody meant it to look so.
  private mutating func noteAlmost(_ bytes: Span<UInt8>, _ start: Int) {
    let isIndented = ASCII.isBlank(bytes[start])
    guard isIndented || (start + 2 < limit && bytes[start + 2] == ASCII.dash) else { return }
    let found = ByteScan.firstIndex(of: lineEnd, in: bytes, from: start, to: limit) ?? limit
    let text = ASCII.trimmed(bytes, start..<found)
    guard text.count > 2 else { return }
    let line = bytes.extracting(text.lowerBound + (isIndented ? 2 : 3)..<text.upperBound)
    for frame in frames {
      guard let boundary = frame.boundary, !boundary.isEmpty, line.count >= boundary.count,
        ByteScan.isEqual(line.extracting(0..<boundary.count), boundary.span)
      else { continue }
      parts[frame.part].structuralAnomalies.insert(.boundaryConflict)
    }
  }

  /// The delimiter that the line at `start` is, if it is one.
  mutating func delimiter(_ bytes: Span<UInt8>, at start: Int) -> Delimiter? {
    guard !frames.isEmpty, start + 1 < limit, bytes[start] == ASCII.dash,
      bytes[start + 1] == ASCII.dash
    else { return nil }
    let lineStop =
      ByteScan.firstIndex(of: lineEnd, in: bytes, from: start, to: limit) ?? limit
    var end = lineStop
    while end > start + 2, ASCII.isFolding(bytes[end - 1]) { end -= 1 }
    let line = bytes.extracting(start + 2..<end)
    var lowest = resumption?.frame ?? 0
    if rereading.manner == .innermost {
      lowest = max(lowest, frames.lastIndex { !$0.isClosed } ?? 0)
    }
    let isOuterFirst = rereading.manner == .outermost
    for place in frames.indices {
      let index = isOuterFirst ? place : frames.count - 1 - place
      guard index >= lowest || rereading.manner == .innermost,
        let isClose = match(line, index)
      else { continue }
      if rereading.manner == .innermost, !rereading.crossing.confirms(index, lowest) { return nil }
      return Delimiter(
        start: start, next: min(lineStop + 1, limit), frame: index, isClose: isClose)
    }
    return nil
  }

  /// Whether `line`, without its dashes, opens (false) or closes (true) the frame, or nil.
  private mutating func match(_ line: Span<UInt8>, _ index: Int) -> Bool? {
    guard let boundary = frames[index].boundary, line.count >= boundary.count,
      ByteScan.isEqual(line.extracting(0..<boundary.count), boundary.span)
    else { return nil }
    let rest = line.extracting(boundary.count..<line.count)
    let isClose = rest.count == 2 && rest[0] == ASCII.dash && rest[1] == ASCII.dash
    let goesOn = !frames[index].isClosed || rereading.manner == .pastEnd
    if goesOn, rest.isEmpty || isClose { return isClose }
    if goesOn, rereading.manner == .prefix, !boundary.isEmpty {
      return rest.count > 1 && rest[0] == ASCII.dash && rest[1] == ASCII.dash
    }
    // A part after the end, or a line that merely begins like a delimiter.
    if !(frames[index].isClosed && isClose), !boundary.isEmpty {
      parts[frames[index].part].structuralAnomalies.insert(.boundaryConflict)
      doubt(frames[index].part, frames[index].isClosed ? .afterEnd : .prefix)
    }
    return nil
  }
}
