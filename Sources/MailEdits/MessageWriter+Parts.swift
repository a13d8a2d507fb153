// The parts below the top. What is not touched is kept as a range; recursion follows the nesting,
// which the reader bounds (`MailLimits.depthMax`).

internal import MailMessage

extension MessageWriter {
  // MARK: New parts

  /// A part of a rule's making.
  func written(_ replacement: Replacement, changes: [PartEdit] = []) -> WrittenPart {
    WrittenPart(replacement.changed(by: changes), limits: limits)
  }

  /// A delimiter and a part behind it, with the line end that belongs to the next delimiter.
  mutating func writeSection(_ part: WrittenPart, _ boundary: String) {
    out.write("--\(boundary)\r\n")
    out.write(part.bytes)
    out.writeLineEnd()
  }

  mutating func writeEnd(_ boundary: String) { out.write("--\(boundary)--\r\n") }

  /// The attached message of an enclosure, with its delimiter; `content` writes the message.
  mutating func writeEnclosed(
    _ index: Int, _ boundary: String, is8Bit: Bool, content: (inout MessageWriter) -> Void
  ) {
    out.write("--\(boundary)\r\nContent-Type: message/rfc822\r\n")
    // Identity encodings only (RFC 2046 §5.2.1).
    if is8Bit { out.write("Content-Transfer-Encoding: 8bit\r\n") }
    out.write("Content-Disposition: attachment\r\n\r\n")
    content(&self)
    out.writeLineEnd()
  }

  // MARK: Parts

  /// Header and body of a part below the top, as they stand in its parent.
  mutating func writePart(_ index: Int) {
    let part = message.parts[index]
    switch outcomes[index].base {
    case .drop: return
    case .replace(let replacement):
      writeNew(written(replacement, changes: outcomes[index].changes), for: index)
    case .empty: writeNew(written(Replacement(text: [])), for: index)
    case .enclose(let enclosure): writeEnclosure(enclosure, of: index)
    case .hoist(let child): writeHoisted(child, for: index)
    case .keep where !isTouched[index]: out.keep(part.extent)
    case .keep:
      var header = Pieces()
      writeHeader(index, patch: fullPatch(index), to: &header)
      append(header)
      writeBody(index)
    }
  }

  private mutating func append(_ pieces: Pieces) {
    for piece in pieces.all {
      switch piece {
      case .kept(let range): out.keep(range)
      case .new(let bytes): out.write(bytes)
      }
    }
  }

  private mutating func writeNew(_ part: WrittenPart, for index: Int) {
    if message.parts[index].isMessageRoot(in: message.parts) {
      out.write(mailHeader(of: index))
    }
    out.write(part.bytes)
  }

  private mutating func writeHoisted(_ child: Int, for index: Int) {
    guard message.parts[index].isMessageRoot(in: message.parts) else { return writePart(child) }
    var lines = mailHeader(of: index)
    for field in contentFields(of: child) { HeaderLine.append(field.name, field.value, to: &lines) }
    out.write(lines + Self.lineEnd)
    writeBody(child)
  }

  /// The fields that describe a part, for another header than its own.
  func contentFields(of index: Int) -> [(name: String, value: [UInt8])] {
    let patch = patch(index)
    var fields: [(name: String, value: [UInt8])] = []
    for field in message.parts[index].fields {
      let name = String(decoding: message.bytes[field.name], as: UTF8.self)
      guard HeaderText.isContentField(name), !patch.contains(name) else { continue }
      var value: [UInt8] = []
      message.appendUnfolded(field, to: &value)
      fields.append((name, value))
    }
    for field in patch.fields { if let value = field.value { fields.append((field.name, value)) } }
    return fields
  }

  /// A multipart/mixed of the text and, as an attached message, the part. A part that is no message
  /// gets the fields as its mail header.
  private mutating func writeEnclosure(_ enclosure: Enclosure, of index: Int) {
    let part = message.parts[index]
    let isRoot = part.isMessageRoot(in: message.parts)
    let is8Bit = has8Bit(part.extent)
    let boundary = boundaries.next()
    if isRoot { out.write(mailHeader(of: index, setting: enclosure.allFields)) }
    out.write("Content-Type: multipart/mixed; boundary=\"\(boundary)\"\r\n")
    if is8Bit { out.write("Content-Transfer-Encoding: 8bit\r\n") }
    out.writeLineEnd()
    writeSection(WrittenPart(Replacement(text: enclosure.text), limits: limits), boundary)
    writeEnclosed(index, boundary, is8Bit: is8Bit) { writer in
      if !isRoot {
        var lines: [UInt8] = []
        for field in enclosure.allFields {
          let value = HeaderText.clean(field.value, bytesMax: writer.limits.headerValueBytesMax)
          HeaderLine.append(field.name, value, to: &lines)
        }
        if writer.message.firstField(named: "MIME-Version", in: index) == nil {
          HeaderLine.append("MIME-Version", Array("1.0".utf8), to: &lines)
        }
        writer.out.write(lines)
      }
      var header = Pieces()
      writer.writeHeader(index, patch: writer.fullPatch(index), to: &header)
      writer.append(header)
      writer.writeBody(index)
    }
    writeEnd(boundary)
  }

  // MARK: Headers

  /// The changes of the part's header: what its orders say, and what no longer holds.
  func fullPatch(_ index: Int) -> HeaderPatch {
    var patch = isBodyTouched[index] ? HeaderPatch.stale : HeaderPatch()
    patch.add(self.patch(index))
    return patch
  }

  /// The changes of the part's header that its orders say.
  func patch(_ index: Int) -> HeaderPatch { edits[index]?.patch ?? HeaderPatch() }

  /// The part's header with changes and the blank line that ends it.
  func writeHeader(_ index: Int, patch: HeaderPatch, to header: inout Pieces) {
    let part = message.parts[index]
    let end = RawHeader.end(of: part, in: message.bytes)
    patch.apply(to: part, until: end, of: message.bytes, &header)
    if end == part.header.upperBound {
      header.writeLineEnd()
    } else {
      header.keep(end..<part.header.upperBound)
    }
  }

  /// The header of an attached message without its MIME fields, and without the blank line.
  private func mailHeader(of index: Int, setting fields: [Enclosure.Field] = []) -> [UInt8] {
    let part = message.parts[index]
    var patch = HeaderPatch.stale
    for field in part.fields {
      let name = String(decoding: message.bytes[field.name], as: UTF8.self)
      if HeaderText.isContentField(name) { patch.remove(name) }
    }
    for field in fields {
      patch.set(
        field.name, HeaderText.clean(field.value, bytesMax: limits.headerValueBytesMax))
    }
    if message.firstField(named: "MIME-Version", in: index) == nil {
      patch.set("MIME-Version", Array("1.0".utf8))
    }
    var header = Pieces()
    let end = RawHeader.end(of: part, in: message.bytes)
    patch.apply(to: part, until: end, of: message.bytes, &header)
    return header.bytes(of: message.bytes)
  }

  // MARK: Bodies

  /// The body of a part that stays, with the changes inside of it.
  mutating func writeBody(_ index: Int) {
    let part = message.parts[index]
    if let body = edits[index]?.body {
      out.write(body)
    } else if isBodyTouched[index] {
      writeContainerBody(index, first: [], last: [])
    } else {
      out.keep(part.body)
    }
  }

  /// Preamble, parts and epilogue, with new parts before and behind those that stay.
  mutating func writeContainerBody(_ index: Int, first: [WrittenPart], last: [WrittenPart]) {
    let part = message.parts[index]
    let children = message.ownChildren(of: index)
    let start = message.parts[children[0]].outer.lowerBound
    let delimiter = delimiter(at: start)
    out.keep(from: part.body.lowerBound, to: start)
    for new in first { writeSection(new, delimiter) }
    var endsWithDropped = false
    for child in children {
      let outer = message.parts[child].outer
      let extent = message.parts[child].extent
      endsWithDropped = outcomes[child].base == .drop
      if !endsWithDropped {
        out.keep(outer.lowerBound..<extent.lowerBound)
        // A delimiter with which the message ends.
        if isTouched[child], isUnended(extent.lowerBound) { out.writeLineEnd() }
        writePart(child)
        // A delimiter that follows at once has no line end of its own.
        if isTouched[child], needsLineEnd(at: extent.upperBound) { out.writeLineEnd() }
        out.pass(extent.upperBound)
        out.keep(extent.upperBound..<outer.upperBound)
      }
      out.pass(outer.upperBound)
    }
    let end = message.parts[children[children.count - 1]].outer.upperBound
    writeClose(at: end, delimiter, endsWithDropped: endsWithDropped, last)
    out.keep(from: end, to: part.body.upperBound)
  }

  /// Parts behind the last one; and the closing delimiter, where the multipart ends without one and
  /// the part before would take in the line end that belongs to it.
  private mutating func writeClose(
    at end: Int, _ delimiter: [UInt8], endsWithDropped: Bool, _ last: [WrittenPart]
  ) {
    let isClosed = isDelimiter(delimiter, at: end)
    guard !last.isEmpty || (endsWithDropped && !isClosed) else { return }
    if !isClosed, !endsWithDropped { out.writeLineEnd() }
    for new in last { writeSection(new, delimiter) }
    guard !isClosed else { return }
    out.write(delimiter + [0x2D, 0x2D])
    if end == message.bytes.count || needsLineEnd(at: end) { out.writeLineEnd() }
  }

  private mutating func writeSection(_ part: WrittenPart, _ delimiter: [UInt8]) {
    out.write(delimiter + Self.lineEnd)
    out.write(part.bytes)
    out.writeLineEnd()
  }

  // MARK: Delimiters

  /// The delimiter line at `start`, without blanks and line end.
  private func delimiter(at start: Int) -> [UInt8] {
    var end = start
    let bytes = message.bytes
    while end < bytes.count, bytes[end] != 0x0A, bytes[end] != 0x0D { end += 1 }
    while end > start, bytes[end - 1] == 0x20 || bytes[end - 1] == 0x09 { end -= 1 }
    return Array(bytes[start..<end])
  }

  /// Whether that multipart goes on, or is closed, at `start`.
  private func isDelimiter(_ line: [UInt8], at start: Int) -> Bool {
    let bytes = message.bytes
    let after = start + line.count
    guard after <= bytes.count, bytes[start..<after].elementsEqual(line) else { return false }
    return after == bytes.count || [0x0D, 0x0A, 0x20, 0x09].contains(bytes[after])
      || bytes[after...].starts(with: [0x2D, 0x2D])
  }

  /// Whether the line before has no end.
  private func isUnended(_ start: Int) -> Bool {
    start > 0 && message.bytes[start - 1] != 0x0D && message.bytes[start - 1] != 0x0A
  }

  /// Whether no line end stands there.
  private func needsLineEnd(at end: Int) -> Bool {
    end < message.bytes.count && message.bytes[end] != 0x0D && message.bytes[end] != 0x0A
  }
}
