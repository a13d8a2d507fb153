// Headers in other readings: where they end, and which lines are fields, as programs see it that
// pass over junk, know no folding, or stop at a line of blanks.

extension StructureReader {
  /// Reads a part again with each header that a program may see, where that changes anything.
  mutating func settleHeader(_ bytes: Span<UInt8>, _ part: Int) {
    // What stands behind the empty header of a digest's part is the message (RFC 2046 §5.1.5).
    if parts[part].contentType.isMessage, !parts[part].isTypeDeclared { return }
    for endsAtBlanks in [false, true] {
      guard charge(parts[part].extent.count) else { return }
      let block = looseHeader(bytes, parts[part].extent, endsAtBlanks: endsAtBlanks)
      reread(bytes, part, with: block)
    }
    guard parts[part].structuralAnomalies.contains(.missingBlankLine) else { return }
    // The first line that is no field may stand for the blank one.
    let end = parts[part].body.upperBound
    let start = parts[part].body.lowerBound
    var block = looseHeader(bytes, parts[part].header, endsAtBlanks: false)
    let line = ByteScan.firstIndex(of: lineEnd, in: bytes, from: start, to: end)
    block.end = line.map { $0 + 1 } ?? end
    reread(bytes, part, with: block)
  }

  /// Reads a part again from another header on.
  private mutating func reread(_ bytes: Span<UInt8>, _ part: Int, with block: HeaderBlock) {
    guard changes(bytes, block, part) else { return }
    if parts[part].structuralAnomalies.contains(.missingBlankLine),
      declares(bytes, block.fields, otherThan: parts[part].fields)
    {
      parts[part].structuralAnomalies.insert(.badHeaderLine)
    }
    guard begin(part, scanning: parts[part].extent.count) else {
      return
    }
    let parent = parts[part].parent
    let start = parts[part].outer.lowerBound
    let place = Place(parent: parent, outerStart: start, twin: part, isListed: false)
    let isDigest = parent.map { parts[$0].contentType.subtype == "digest" } ?? false
    let root = append(bytes, block, place, isDigest: isDigest)
    parts[root].structuralAnomalies.insert(.headerEndConflict)
    readBody(bytes, from: descend(bytes, from: root))
    if finish() { parts[parts[part].target].structuralAnomalies.insert(.headerEndConflict) }
  }

  /// Whether the header says something else of the content, or gives it another beginning where
  /// that counts.
  private func changes(_ bytes: Span<UInt8>, _ block: HeaderBlock, _ part: Int) -> Bool {
    if declares(bytes, block.fields, otherThan: parts[part].fields) { return true }
    let isPlain = parts[part].contentType == .plainText && parts[part].encoding.isIdentity
    return block.end != parts[part].header.upperBound && !isPlain
  }

  private func declares(
    _ bytes: Span<UInt8>, _ fields: [HeaderField], otherThan others: [HeaderField]
  ) -> Bool {
    let one = declarations(bytes, fields)
    let other = declarations(bytes, others)
    return one.count != other.count
      || !zip(one, other).allSatisfy {
        ByteScan.isEqual(bytes.extracting($0), bytes.extracting($1))
      }
  }

  private func declarations(_ bytes: Span<UInt8>, _ fields: [HeaderField]) -> [Range<Int>] {
    fields.filter { MIMEField.begins(bytes, $0.name) }.map { ASCII.trimmed(bytes, $0.value) }
  }

  // MARK: Reading

  /// Reads the header of the part that stands in `extent`: blank lines before it do not count,
  /// lines that are no fields do neither, and a MIME field is one wherever its line begins.
  mutating func looseHeader(
    _ bytes: Span<UInt8>, _ extent: Range<Int>, endsAtBlanks: Bool
  ) -> HeaderBlock {
    limit = extent.upperBound
    var block = HeaderBlock(start: extent.lowerBound)
    var field: OpenField?
    var hasBegun = false
    var endsWithReturns = false
    var line = extent.lowerBound == 0 ? afterEnvelopeLine(bytes) : extent.lowerBound
    while line < extent.upperBound {
      let end =
        ByteScan.firstIndex(of: lineEnd, in: bytes, from: line, to: extent.upperBound)
        ?? extent.upperBound
      let next = min(end + 1, extent.upperBound)
      let content = line..<contentEnd(bytes, of: line..<end)
      let isBlank = content.allSatisfy { bytes[$0] <= ASCII.space }
      let isEmpty = content.isEmpty && !(endsWithReturns && content.upperBound == end)
      if isBlank, hasBegun, endsAtBlanks || isEmpty {
        close(bytes, &field, at: line, &block)
        block.end = next
        return block
      }
      if !isBlank {
        // Where lines end with CRLF, an empty one with a bare LF may be no end.
        if !hasBegun { endsWithReturns = content.upperBound < end }
        hasBegun = true
        take(bytes, content, &field, &block)
      }
      line = next
    }
    close(bytes, &field, at: line, &block)
    block.end = line
    return block
  }

  /// Whether the value asks for more: parameters go on behind a semicolon.
  private func isUnfinished(_ bytes: Span<UInt8>, _ field: OpenField) -> Bool {
    let end = ASCII.trimmed(bytes, field.valueStart..<max(field.valueStart, field.valueEnd))
    return !end.isEmpty && bytes[end.upperBound - 1] == ASCII.semicolon
  }

  private func isField(_ bytes: Span<UInt8>, _ line: Range<Int>) -> Bool {
    if case .field = fieldLine(bytes, line) { return true }
    return false
  }

  /// One line that is not blank.
  private mutating func take(
    _ bytes: Span<UInt8>, _ line: Range<Int>, _ field: inout OpenField?,
    _ block: inout HeaderBlock
  ) {
    if let name = MIMEField.name(bytes, line) {
      close(bytes, &field, at: line.lowerBound, &block)
      var start = name.upperBound
      while start < line.upperBound, bytes[start] <= ASCII.space || bytes[start] == ASCII.colon {
        start += 1
      }
      field = OpenField(name: name, valueStart: start, valueEnd: line.upperBound)
    } else if ASCII.isBlank(bytes[line.lowerBound]) {
      field?.valueEnd = line.upperBound
    } else if let open = field, isUnfinished(bytes, open), !isField(bytes, line) {
      field?.valueEnd = line.upperBound
    } else {
      close(bytes, &field, at: line.lowerBound, &block)
      guard case .field(let nameEnd, let colon) = fieldLine(bytes, line) else { return }
      field = OpenField(
        name: line.lowerBound..<nameEnd, valueStart: colon + 1, valueEnd: line.upperBound)
    }
  }
}
