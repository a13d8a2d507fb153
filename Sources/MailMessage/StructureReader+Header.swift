// Header blocks of the message and of its parts (RFC 5322 §2.2, RFC 2045 §3).
// Trusts nothing: a block ends at a blank line, at a delimiter, or at a line that is no field.

extension StructureReader {
  /// One header as read, and where the fields are that say how to read the body.
  struct HeaderBlock {
    let start: Int
    var end: Int
    var fields: [HeaderField] = []
    var contentType: HeaderField?
    var encoding: HeaderField?
    var hasSecondEncoding = false
    var anomalies = AnomalySet()
    var doubts = Doubts()

    init(start: Int) {
      self.start = start
      end = start
    }
  }

  /// A field whose folded lines are still coming.
  struct OpenField {
    let name: Range<Int>
    let valueStart: Int
    var valueEnd: Int
  }

  enum Line {
    case blank
    case continuation
    case field(nameEnd: Int, colon: Int)
    case ignored
    case other
  }

  /// Reads the header at `start`; its `end` is where the body begins.
  mutating func readHeader(
    _ bytes: Span<UInt8>, from start: Int, isMessage: Bool
  ) -> HeaderBlock {
    var block = HeaderBlock(start: start)
    block.fields.reserveCapacity(parts.isEmpty ? 24 : 4)
    var field: OpenField?
    var line = start == 0 ? afterEnvelopeLine(bytes) : start
    while line < limit {
      let end =
        ByteScan.firstIndex(of: lineEnd, in: bytes, from: line, to: limit) ?? limit
      let content = line..<contentEnd(bytes, of: line..<end)
      let next = min(end + 1, limit)
      switch classify(bytes, content, hasField: field != nil) {
      case .continuation:
        field?.valueEnd = content.upperBound
        noteContinuation(bytes, content, &block)
      case .ignored: close(bytes, &field, at: line, &block)
      case .field(let nameEnd, let colon):
        close(bytes, &field, at: line, &block)
        field = OpenField(
          name: line..<nameEnd, valueStart: colon + 1, valueEnd: content.upperBound)
      case .blank:
        close(bytes, &field, at: line, &block)
        block.end = next
        let isOdd = block.fields.isEmpty || isBareBlank(bytes, line..<end, block)
        if isOdd, hasFieldBehind(bytes, next, isMessage: isMessage && block.fields.isEmpty) {
          block.doubts.insert(.header)
        }
        return block
      case .other:
        close(bytes, &field, at: line, &block)
        block.end = line
        block.anomalies.insert(.missingBlankLine)
        if !isDelimiter(bytes, content) {
          block.doubts.insert(.header)
          let colon = ByteScan.firstIndex(
            of: ASCII.colon, in: bytes, from: content.lowerBound, to: content.upperBound)
          if colon != nil { block.anomalies.insert(.badHeaderLine) }
        }
        return block
      }
      line = next
    }
    close(bytes, &field, at: line, &block)
    block.end = line
    return block
  }

  /// Whether the line is empty but for a LF, though the header's first line ends with CRLF: some
  /// programs see no line end in a bare LF.
  private func isBareBlank(
    _ bytes: Span<UInt8>, _ line: Range<Int>, _ block: HeaderBlock
  ) -> Bool {
    guard line.isEmpty, let first = block.fields.first?.line, first.count > 1 else { return false }
    let end = ByteScan.firstIndex(
      of: ASCII.lineFeed, in: bytes, from: first.lowerBound, to: first.upperBound)
    return end.map { bytes[$0 - 1] == ASCII.carriageReturn } ?? false
  }

  /// Whether a header stands behind one that is empty: of a message with any field, of a part with
  /// a MIME one among its first.
  private func hasFieldBehind(_ bytes: Span<UInt8>, _ start: Int, isMessage: Bool) -> Bool {
    if isMessage { return beginsWithField(bytes, start..<limit) }
    var line = start
    for _ in 0..<Self.junkLinesMax where line < limit {
      if MIMEField.begins(bytes, line..<limit) { return true }
      let end = ByteScan.firstIndex(of: lineEnd, in: bytes, from: line, to: limit) ?? limit
      guard case .field = fieldLine(bytes, line..<end) else { return false }
      line = min(end + 1, limit)
    }
    return false
  }

  /// A line of blanks alone ends the header for some programs (RFC 5322 §4.2 has the field go on);
  /// a folded line that looks like a field is one for some.
  private func noteContinuation(
    _ bytes: Span<UInt8>, _ line: Range<Int>, _ block: inout HeaderBlock
  ) {
    if isBlank(bytes, line) {
      block.anomalies.insert(.headerEndConflict)
      block.doubts.insert(.header)
    } else if MIMEField.begins(bytes, line) {
      block.doubts.insert(.header)
    }
  }

  private mutating func isDelimiter(_ bytes: Span<UInt8>, _ line: Range<Int>) -> Bool {
    line.count > 1 && bytes[line.lowerBound] == ASCII.dash
      && delimiter(bytes, at: line.lowerBound) != nil
  }

  /// A mailbox file's `From ` line (RFC 4155) is no field, and not the end of the header either.
  func afterEnvelopeLine(_ bytes: Span<UInt8>) -> Int {
    let prefix: InlineArray<5, UInt8> = [70, 114, 111, 109, 32]
    guard bytes.count >= prefix.count, ByteScan.isEqual(bytes.extracting(0..<5), prefix.span)
    else { return 0 }
    return ByteScan.firstIndex(of: lineEnd, in: bytes, from: 0, to: limit).map { $0 + 1 } ?? limit
  }

  /// The end of a line's content: a CR belongs to the LF after it.
  func contentEnd(_ bytes: Span<UInt8>, of line: Range<Int>) -> Int {
    let end = line.upperBound
    guard lineEnd == ASCII.lineFeed, end > line.lowerBound, end < limit,
      bytes[end - 1] == ASCII.carriageReturn
    else { return end }
    return end - 1
  }

  private mutating func classify(
    _ bytes: Span<UInt8>, _ line: Range<Int>, hasField: Bool
  ) -> Line {
    guard !line.isEmpty, bytes[line.lowerBound] != ASCII.carriageReturn else {
      return isBlank(bytes, line) ? .blank : .other
    }
    let first = bytes[line.lowerBound]
    if ASCII.isBlank(first) {
      if hasField { return .continuation }
      return isBlank(bytes, line) ? .blank : .other
    }
    if first == ASCII.dash, let found = delimiter(bytes, at: line.lowerBound) {
      if rereading.manner == .pastHeaders, hasField { return .ignored }
      if hasField { doubt(frames[found.frame].part, .inHeader) }
      return .other
    }
    return fieldLine(bytes, line)
  }

  private func isBlank(_ bytes: Span<UInt8>, _ line: Range<Int>) -> Bool {
    ASCII.trimmed(bytes, line).isEmpty
  }

  /// A field has a name of printable ASCII (RFC 5322 §2.2); blanks before the colon are the
  /// obsolete syntax of §4.5.
  func fieldLine(_ bytes: Span<UInt8>, _ line: Range<Int>) -> Line {
    var index = line.lowerBound
    while index < line.upperBound, bytes[index] != ASCII.colon, bytes[index] &- 33 < 94 {
      index += 1
    }
    let nameEnd = index
    while index < line.upperBound, ASCII.isBlank(bytes[index]) { index += 1 }
    guard nameEnd > line.lowerBound, index < line.upperBound, bytes[index] == ASCII.colon else {
      return .other
    }
    return .field(nameEnd: nameEnd, colon: index)
  }

  /// Appends the open field, if any, to the block; `line` is the start of the line after it.
  mutating func close(
    _ bytes: Span<UInt8>, _ open: inout OpenField?, at line: Int, _ block: inout HeaderBlock
  ) {
    guard let field = open else { return }
    open = nil
    let bound = block.start + limits.headerBytesMax
    if line > bound { hit(.headerBytes) }
    guard field.valueStart <= bound else { return }
    guard block.fields.count < limits.headersMax, fieldCount < limits.allHeadersMax else {
      return hit(.headers)
    }
    let valueEnd = max(field.valueStart, min(field.valueEnd, bound))
    guard fieldBytes + valueEnd - field.name.lowerBound <= limits.allHeaderBytesMax else {
      return hit(.headerBytes)
    }
    fieldCount += 1
    fieldBytes += valueEnd - field.name.lowerBound
    let closed = HeaderField(
      name: field.name, value: field.valueStart..<valueEnd, line: field.name.lowerBound..<line)
    block.fields.append(closed)
    note(bytes, closed, &block)
  }

  /// Keeps the first of the fields that say how to read the body, and notes further ones.
  private mutating func note(
    _ bytes: Span<UInt8>, _ field: HeaderField, _ block: inout HeaderBlock
  ) {
    let name = bytes.extracting(field.name)
    guard name.count >= 12, ASCII.lower(name[0]) == 99 else { return }
    switch name.count {
    case 12 where ASCII.isEqual(name, FieldName.contentType.utf8Bytes.span):
      if block.contentType == nil {
        block.contentType = field
      } else {
        block.anomalies.insert(.duplicateContentType)
      }
      checkParameters(bytes, field)
    case 19 where ASCII.isEqual(name, FieldName.contentDisposition.utf8Bytes.span):
      checkParameters(bytes, field)
    case 25 where ASCII.isEqual(name, FieldName.contentEncoding.utf8Bytes.span):
      if let first = block.encoding {
        let one = TransferEncodingReader.name(bytes, first.value)
        if one != TransferEncodingReader.name(bytes, field.value) { block.hasSecondEncoding = true }
      } else {
        block.encoding = field
      }
    default: break
    }
  }

  /// Parameters are read when asked for; that there are too many is said now. One takes two bytes.
  private mutating func checkParameters(_ bytes: Span<UInt8>, _ field: HeaderField) {
    // A name takes seven bytes.
    guard field.value.count >= min(2 * limits.parametersMax, 7 * limits.namesMax) else { return }
    let list = ParameterList(bytes, field.value, parametersMax: limits.parametersMax)
    if list.isTruncated { hit(.parameters) }
    if list.nameCount > limits.namesMax { hit(.names) }
  }
}
