// From what becomes of the parts to the body as pieces, and to what the message's own header must
// say then. This file: the top. `MessageWriter+Parts` has what is below.

internal import MailMessage

struct MessageWriter {
  /// The body.
  var out = Pieces()
  let message: MailMessage
  let outcomes: [PartOutcome]
  let limits: EditLimits
  /// Something in the part, or in a part inside of it, is written anew.
  let isTouched: [Bool]
  /// The body of the part changes.
  let isBodyTouched: [Bool]
  var boundaries: Boundaries
  /// Parts that stay with another header or content.
  let edits: [Int: EditedLeaf]
  private let first: [Replacement]
  private let last: [Replacement]

  static let lineEnd: [UInt8] = [0x0D, 0x0A]

  init(_ message: MailMessage, _ resolution: PlanResolution, limits: EditLimits) {
    self.message = message
    self.limits = limits
    outcomes = resolution.outcomes
    first = resolution.first
    last = resolution.last
    boundaries = Boundaries(message)
    var edits: [Int: EditedLeaf] = [:]
    var isTouched = outcomes.map { $0.base != .keep }
    var isBodyTouched = [Bool](repeating: false, count: outcomes.count)
    for (index, outcome) in resolution.outcomes.enumerated() where outcome.isEdited {
      guard let edit = LeafEdit(message, index, outcome, limits).result else { continue }
      edits[index] = edit
      isTouched[index] = true
      isBodyTouched[index] = edit.body != nil
    }
    self.edits = edits
    for index in message.parts.indices.reversed() where isTouched[index] {
      guard let parent = message.parts[index].parent else { continue }
      isTouched[parent] = true
      isBodyTouched[parent] = true
    }
    self.isTouched = isTouched
    self.isBodyTouched = isBodyTouched
  }

  private var bodyRange: Range<Int> { message.headerEnd..<message.bytes.count }

  mutating func write(header: inout EditedHeader) {
    writeTop(header: &header)
    endReturnLines()
  }

  /// Where a CR ends lines, because no LF is there, our CRLF would join all of them: they get one.
  private mutating func endReturnLines() {
    let isLonger = !first.isEmpty || !last.isEmpty
    for index in message.parts.indices
    where isBodyTouched[index] || (index == 0 && isLonger) {
      let part = message.parts[index]
      guard part.isContainer, part.target == index else { continue }
      let held = message.bytes
      let body = held.span.extracting(part.body)
      guard ByteScan.firstIndex(of: 0x0A, in: body, from: 0, to: body.count) == nil else {
        continue
      }
      out = out.withLineFeeds(in: part.body, of: message.bytes)
    }
  }

  private mutating func writeTop(header: inout EditedHeader) {
    switch outcomes[0].base {
    case .replace(let replacement):
      let fields = [("Subject", replacement.subject), ("From", replacement.from)]
      for case (let name, let value?) in fields { header.setOnly(name, value, in: message) }
      writeTop(written(replacement, changes: outcomes[0].changes), header: &header)
    case .empty, .drop: writeEmpty(header: &header)
    case .enclose(let enclosure): enclose(enclosure, header: &header)
    case .hoist(let child): hoist(child, header: &header)
    case .keep: writeKept(header: &header)
    }
  }

  // MARK: What becomes of the top

  private mutating func writeKept(header: inout EditedHeader) {
    if isBodyTouched[0] { HeaderPatch.stale.apply(to: &header, in: message) }
    if first.isEmpty, last.isEmpty {
      patch(0).apply(to: &header, in: message)
      writeBody(0)
    } else if isMixed {
      HeaderPatch.stale.apply(to: &header, in: message)
      patch(0).apply(to: &header, in: message)
      writeContainerBody(0, first: first.map { written($0) }, last: last.map { written($0) })
    } else {
      patch(0).apply(to: &header, in: message)
      wrap(header: &header) { writer in writer.writeBody(0) }
    }
  }

  /// New parts can go beside the content as it is.
  private var isMixed: Bool {
    let top = message.parts[0]
    return top.contentType.name == "multipart/mixed"
      && !top.structuralAnomalies.contains(.missingBoundary)
      && !message.ownChildren(of: 0).isEmpty
  }

  /// Another entity stands in the place of the whole body.
  private mutating func writeTop(_ part: WrittenPart, header: inout EditedHeader) {
    guard first.isEmpty, last.isEmpty else {
      setTop(part.fields, header: &header)
      return wrap(header: &header) { $0.out.write(part.body) }
    }
    setTop(part.fields, header: &header)
    out.write(part.body)
  }

  /// An inline disposition says nothing that a message without the field does not say.
  private mutating func setTop(
    _ fields: [(name: String, value: [UInt8])], header: inout EditedHeader
  ) {
    HeaderPatch.stale.apply(to: &header, in: message)
    let written = fields.filter { field in
      let isPlain = field.name == "Content-Disposition" && field.value.elementsEqual("inline".utf8)
      return !isPlain || header.contains("Content-Disposition")
    }
    header.removeAll { name in
      HeaderText.isContentField(name)
        && !written.contains { HeaderText.isSameName($0.name, name) }
    }
    for field in written { header.setOnly(field.name, field.value, in: message) }
    addVersion(&header)
  }

  /// Nothing of the content is left: the new parts are the message.
  private mutating func writeEmpty(header: inout EditedHeader) {
    var new = first + last
    if new.count > 1 {
      header.removeAll(where: HeaderText.isContentField)
      HeaderPatch.stale.apply(to: &header, in: message)
      let boundary = setMixed(is8Bit: false, header: &header)
      for part in new { writeSection(written(part), boundary) }
      return writeEnd(boundary)
    }
    if new.isEmpty { new = [Replacement(text: [])] }
    // The one text of a message is no file.
    if new[0].disposition != "attachment" { new[0].name = nil }
    setTop(written(new[0]).fields, header: &header)
    out.write(written(new[0]).body)
  }

  /// A multipart/alternative of which one part is left becomes that part.
  private mutating func hoist(_ child: Int, header: inout EditedHeader) {
    setTop(contentFields(of: child), header: &header)
    if first.isEmpty, last.isEmpty {
      writeBody(child)
    } else {
      wrap(header: &header) { $0.writeBody(child) }
    }
  }

  // MARK: A new top

  /// What is written by `body`, described by the header's Content-* fields, becomes one of the
  /// parts of a new multipart/mixed.
  private mutating func wrap(
    header: inout EditedHeader, body: (inout MessageWriter) -> Void
  ) {
    HeaderPatch.stale.apply(to: &header, in: message)
    let inner = header.contentLines(in: message)
    let encoding = message.parts[0].encoding
    let is8Bit =
      outcomes[0].base == .keep
      && (encoding == .eightBit || encoding == .binary || has8Bit(bodyRange))
    header.removeAll(where: HeaderText.isContentField)
    let boundary = setMixed(is8Bit: is8Bit, encoding, header: &header)
    for part in first { writeSection(written(part), boundary) }
    out.write("--\(boundary)\r\n")
    out.write(inner)
    out.writeLineEnd()
    body(&self)
    out.writeLineEnd()
    for part in last { writeSection(written(part), boundary) }
    writeEnd(boundary)
  }

  /// The message as it came, behind a text. Its header is copied: mail servers go on reading it.
  private mutating func enclose(_ enclosure: Enclosure, header: inout EditedHeader) {
    HeaderPatch.stale.apply(to: &header, in: message)
    header.removeAll(where: HeaderText.isContentField)
    for field in enclosure.allFields { header.setOnly(field.name, field.value, in: message) }
    let is8Bit = has8Bit(0..<message.bytes.count)
    let boundary = setMixed(is8Bit: is8Bit, header: &header)
    for part in first { writeSection(written(part), boundary) }
    writeSection(WrittenPart(Replacement(text: enclosure.text), limits: limits), boundary)
    writeEnclosed(0, boundary, is8Bit: is8Bit) { writer in
      var copy = Pieces()
      writer.writeHeader(0, patch: writer.fullPatch(0), to: &copy)
      writer.out.write(copy.bytes(of: writer.message.bytes))
      writer.writeBody(0)
    }
    for part in last { writeSection(written(part), boundary) }
    writeEnd(boundary)
  }

  /// A container must admit what its parts need (RFC 2045 §6.4).
  private mutating func setMixed(
    is8Bit: Bool, _ encoding: TransferEncoding = .eightBit, header: inout EditedHeader
  ) -> String {
    let boundary = boundaries.next()
    let type = "multipart/mixed; boundary=\"\(boundary)\""
    header.setOnly("Content-Type", Array(type.utf8), in: message)
    if is8Bit {
      let value = encoding == .binary ? "binary" : "8bit"
      header.setOnly("Content-Transfer-Encoding", Array(value.utf8), in: message)
    }
    addVersion(&header)
    return boundary
  }

  /// A body with MIME fields needs its version (RFC 2045 §4).
  private func addVersion(_ header: inout EditedHeader) {
    guard !header.contains("MIME-Version") else { return }
    header.setOnly("MIME-Version", Array("1.0".utf8), in: message)
  }

  func has8Bit(_ range: Range<Int>) -> Bool { !message.bytes.span.extracting(range).isASCII }
}

extension Pieces {
  /// The whole as bytes.
  func bytes(of message: [UInt8]) -> [UInt8] {
    var bytes: [UInt8] = []
    for piece in all {
      switch piece {
      case .kept(let range): bytes.append(contentsOf: message[range])
      case .new(let new): bytes.append(contentsOf: new)
      }
    }
    return bytes
  }
}
