// From what becomes of the parts to ranges of the body, and to what the message's own header must
// say then.

internal import MailMessage

struct BodyWriter {
  var splice = Splice()
  private let message: MailMessage
  private let fates: [PartFates.Fate]
  private let limits: EditLimits

  private static let lineEnd: [UInt8] = [0x0D, 0x0A]
  /// Fields that state the size or digest of a body as it was (RFC 1864; RFC 1036 §2.2.12).
  private static let staleNames = ["content-length", "content-md5", "lines"]

  init(_ message: MailMessage, _ fates: PartFates, limits: EditLimits) {
    self.message = message
    self.fates = fates.fates
    self.limits = limits
  }

  mutating func write(warnings: [[UInt8]], header: inout EditedHeader) {
    let root: WrittenPart?
    switch fates[0] {
    case .replace(let replacement): root = WrittenPart(replacement, limits: limits)
    case .empty where warnings.isEmpty:
      root = WrittenPart(Replacement(text: []), limits: limits)
    // Nothing else is left: the warning is the message.
    case .empty: return replaceBody(warningPart(warnings, isNamed: false), header: &header)
    case .keep, .drop: root = nil
    }
    guard !warnings.isEmpty else {
      if let root { replaceBody(root, header: &header) } else { writeParts(header: &header) }
      return
    }
    let warning = warningPart(warnings, isNamed: true)
    if root == nil, let first = firstOfMixed {
      writeParts(header: &header)
      let start = message.parts[first].outer.lowerBound
      let insertion = delimiter(at: start) + Self.lineEnd + warning.bytes + Self.lineEnd
      splice.replace(start..<start, with: insertion)
      dropStaleFields(&header)
    } else {
      wrap(root, under: warning, header: &header)
    }
  }

  private func warningPart(_ warnings: [[UInt8]], isNamed: Bool) -> WrittenPart {
    var text: [UInt8] = []
    for warning in warnings.prefix(limits.warningsMax) {
      if !text.isEmpty { text.append(0x0A) }
      text.append(contentsOf: warning)
      if let last = warning.last, last != 0x0A, last != 0x0D { text.append(0x0A) }
    }
    if warnings.count > limits.warningsMax {
      text.append(contentsOf: "\n\(warnings.count - limits.warningsMax) more warnings.\n".utf8)
    }
    let replacement = Replacement(text: text, name: isNamed ? "warning.txt" : nil)
    return WrittenPart(replacement, limits: limits)
  }

  /// The first part of the top multipart/mixed, where there is such.
  private var firstOfMixed: Int? {
    let top = message.parts[0]
    guard top.contentType.name == "multipart/mixed",
      !top.structuralAnomalies.contains(.missingBoundary)
    else { return nil }
    return top.children.first
  }

  // MARK: The top

  /// One part stands for the whole body; the header says what it is.
  private mutating func replaceBody(_ part: WrittenPart, header: inout EditedHeader) {
    splice.replace(message.headerEnd..<message.bytes.count, with: part.body)
    dropStaleFields(&header)
    // An inline disposition says nothing that a message without the field does not say.
    let isPlainInline = part.fields.last?.value.elementsEqual("inline".utf8) ?? true
    var written = part.fields.map(\.name)
    if isPlainInline, !header.contains("Content-Disposition") { written.removeLast() }
    header.removeAll { name in
      HeaderText.isContentField(name) && !written.contains { HeaderText.isSameName($0, name) }
    }
    for field in part.fields where written.contains(field.name) {
      header.setOnly(field.name, field.value, in: message)
    }
    addVersion(&header)
  }

  /// The old top, or what replaced it, becomes the second part of a new multipart/mixed.
  private mutating func wrap(
    _ root: WrittenPart?, under warning: WrittenPart, header: inout EditedHeader
  ) {
    let bodyRange = message.headerEnd..<message.bytes.count
    dropStaleFields(&header)
    let inner = root?.headerBytes ?? header.contentLines(in: message)
    let old = root?.body ?? Array(message.bytes[bodyRange])
    var parts = BodyWriter(message, fates: fates, limits: limits)
    if root == nil { parts.spliceParts() }
    let written = parts.splice.replacements.map(\.bytes)
    let boundary = Boundary.choose(for: [old, inner, warning.bytes] + written)
    let line = Array("--\(boundary)".utf8)
    let prefix =
      line + Self.lineEnd + warning.bytes + Self.lineEnd + line + Self.lineEnd + inner
      + Self.lineEnd
    let suffix = Self.lineEnd + line + Array("--\r\n".utf8)
    let encoding = message.parts[0].encoding
    header.removeAll(where: HeaderText.isContentField)
    header.setOnly(
      "Content-Type", Array("multipart/mixed; boundary=\"\(boundary)\"".utf8), in: message)
    // A container must admit what its parts need (RFC 2045 §6.4).
    if root == nil, encoding == .eightBit || encoding == .binary {
      let value = encoding == .binary ? "binary" : "8bit"
      header.setOnly("Content-Transfer-Encoding", Array(value.utf8), in: message)
    }
    addVersion(&header)
    if root != nil {
      splice.replace(bodyRange, with: prefix + old + suffix)
    } else {
      splice.replace(bodyRange.lowerBound..<bodyRange.lowerBound, with: prefix)
      for one in parts.splice.replacements { splice.replace(one.range, with: one.bytes) }
      splice.replace(bodyRange.upperBound..<bodyRange.upperBound, with: suffix)
    }
  }

  private init(_ message: MailMessage, fates: [PartFates.Fate], limits: EditLimits) {
    self.message = message
    self.fates = fates
    self.limits = limits
  }

  private func dropStaleFields(_ header: inout EditedHeader) {
    header.removeAll { name in
      Self.staleNames.contains { HeaderText.isSameName($0, name) }
    }
  }

  /// A body with MIME fields needs its version (RFC 2045 §4).
  private func addVersion(_ header: inout EditedHeader) {
    guard !header.contains("MIME-Version") else { return }
    header.setOnly("MIME-Version", Array("1.0".utf8), in: message)
  }

  // MARK: Parts

  private mutating func writeParts(header: inout EditedHeader) {
    spliceParts()
    if !splice.isEmpty { dropStaleFields(&header) }
  }

  /// The parts below the top; each that goes covers those inside of it, which are `keep`.
  private mutating func spliceParts() {
    for (index, part) in message.parts.enumerated().dropFirst() {
      switch fates[index] {
      case .keep: continue
      case .drop: splice.replace(part.outer, with: closingDelimiter(after: part))
      case .replace(let replacement): replace(part, replacement)
      case .empty: replace(part, Replacement(text: []))
      }
    }
  }

  private mutating func replace(_ part: Part, _ replacement: Replacement) {
    let written = WrittenPart(replacement, limits: limits)
    var bytes: [UInt8]
    if part.isMessageRoot(in: message.parts) {
      bytes = mailHeader(of: part, for: written) + Self.lineEnd + written.body
    } else {
      bytes = written.bytes
    }
    if needsLineEnd(at: part.extent.upperBound) { bytes.append(contentsOf: Self.lineEnd) }
    splice.replace(part.extent, with: bytes)
  }

  /// The header of an attached message, its mail fields as they are, its MIME fields new.
  private func mailHeader(of part: Part, for written: WrittenPart) -> [UInt8] {
    let end = RawHeader.end(of: part, in: message.bytes)
    var lines: [UInt8] = []
    var position = part.header.lowerBound
    var hasVersion = false
    for field in part.fields {
      let name = String(decoding: message.bytes[field.name], as: UTF8.self)
      if HeaderText.isSameName(name, "MIME-Version") { hasVersion = true }
      guard HeaderText.isContentField(name) else { continue }
      lines.append(contentsOf: message.bytes[position..<field.line.lowerBound])
      position = field.line.upperBound
    }
    RawHeader.appendEnded(message.bytes[min(position, end)..<end], to: &lines)
    if !hasVersion { HeaderLine.append("MIME-Version", Array("1.0".utf8), to: &lines) }
    return lines + written.headerBytes
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

  /// What stands in the place of a dropped part: nothing, or, where the multipart ends with it and
  /// has no closing delimiter, that one; else the part before would take in the line end that
  /// belongs to the delimiter.
  private func closingDelimiter(after part: Part) -> [UInt8] {
    let line = delimiter(at: part.outer.lowerBound)
    let next = part.outer.upperBound
    let bytes = message.bytes
    if bytes.count - next >= line.count, bytes[next..<next + line.count].elementsEqual(line) {
      let after = next + line.count
      let isWhole =
        after == bytes.count || [0x0D, 0x0A, 0x20, 0x09].contains(bytes[after])
        || bytes[after...].starts(with: [0x2D, 0x2D])
      if isWhole { return [] }
    }
    var closing = line + [0x2D, 0x2D]
    if next == bytes.count || needsLineEnd(at: next) { closing.append(contentsOf: Self.lineEnd) }
    return closing
  }

  /// Whether a delimiter follows at once: the line end before it is then part of what goes.
  private func needsLineEnd(at end: Int) -> Bool {
    end < message.bytes.count && message.bytes[end] != 0x0D && message.bytes[end] != 0x0A
  }
}
