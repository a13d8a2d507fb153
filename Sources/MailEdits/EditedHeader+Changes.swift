// From the edited header to the changes that the MTA is told, and to ranges of the raw header.
//
// The order of the changes makes their numbers mean the same to every MTA, whether or not it still
// counts a deleted field: insertions in the middle come first, while all received fields are there;
// then changes and deletions from the last field to the first, so that a deletion never moves a
// number that is still to come; then the fields at the top (index 0, last one first) and at the
// end, which depend on no count.

internal import MailMessage

extension EditedHeader {
  /// A field that was added, and where it stands among the received ones that are left.
  private enum Place {
    case top, end
    case after(received: Int)
  }

  private struct Added {
    let field: Field
    let place: Place
    /// Received field that it stands before, of those that are left.
    let next: Int?
  }

  private func added() -> [Added] {
    let lastReceived = fields.lastIndex { $0.original != nil }
    var nextReceived = [Int?](repeating: nil, count: fields.count)
    var next: Int?
    for index in fields.indices.reversed() {
      nextReceived[index] = next
      if let original = fields[index].original { next = original }
    }
    var previous: Int?
    var result: [Added] = []
    for (index, field) in fields.enumerated() {
      if let original = field.original {
        previous = original
        continue
      }
      let place: Place
      if index > lastReceived ?? -1 {
        place = .end
      } else {
        place = previous.map { .after(received: $0) } ?? .top
      }
      result.append(Added(field: field, place: place, next: nextReceived[index]))
    }
    return result
  }

  /// The changes, in the order in which the MTA must be told.
  func changes(in message: MailMessage) -> [HeaderChange] {
    let added = added()
    var changes: [HeaderChange] = []
    var middle: [(after: Int, name: String)] = []
    for one in added {
      guard case .after(let received) = one.place else { continue }
      changes.append(
        .insert(
          index: received + 1 + middle.count, name: one.field.name, value: Self.folded(one.field)))
      middle.append((received, one.field.name))
    }
    changes += replacements(in: message, middle: middle)
    for one in added.reversed() {
      guard case .top = one.place else { continue }
      changes.append(.insert(index: 0, name: one.field.name, value: Self.folded(one.field)))
    }
    for one in added {
      guard case .end = one.place else { continue }
      changes.append(.add(name: one.field.name, value: Self.folded(one.field)))
    }
    return changes
  }

  /// Changed and deleted fields, from the last to the first.
  private func replacements(
    in message: MailMessage, middle: [(after: Int, name: String)]
  ) -> [HeaderChange] {
    var kept = [Field?](repeating: nil, count: message.headers.count)
    for field in fields {
      if let original = field.original { kept[original] = field }
    }
    var changes: [HeaderChange] = []
    for (index, received) in message.headers.enumerated().reversed() {
      if let field = kept[index], field.value == nil { continue }
      let name = String(decoding: message.bytes[received.name], as: UTF8.self)
      let same = message.headers[..<index].count { other in
        ASCII.isEqual(
          message.bytes.span.extracting(other.name), message.bytes.span.extracting(received.name))
      }
      let inserted = middle.count { $0.after < index && HeaderText.isSameName($0.name, name) }
      changes.append(
        .change(name: name, occurrence: same + inserted + 1, value: kept[index].map(Self.folded)))
    }
    return changes
  }

  private static func folded(_ field: Field) -> String {
    let value = HeaderFolder.fold(name: field.name, value: field.value ?? [])
    return String(decoding: value, as: UTF8.self)
  }

  /// The same changes as ranges of the raw message.
  ///
  /// - Parameter isBlankLineNeeded: The body is new, so a header without a blank line gets one.
  func splice(in message: MailMessage, isBlankLineNeeded: Bool) -> Splice {
    var splice = Splice()
    var kept = [Field?](repeating: nil, count: message.headers.count)
    for field in fields {
      if let original = field.original { kept[original] = field }
    }
    let end = RawHeader.end(of: message.parts[0], in: message.bytes)
    var isEnded = end == 0 || message.bytes[end - 1] == 0x0A || message.bytes[end - 1] == 0x0D
    for (index, received) in message.headers.enumerated() {
      // A field that goes, or is written anew, takes an unended line with it.
      if kept[index] == nil || kept[index]?.value != nil, received.line.upperBound == end {
        isEnded = true
      }
      guard let field = kept[index] else {
        splice.replace(received.line, with: [])
        continue
      }
      guard let value = field.value else { continue }
      var bytes: [UInt8] = [0x3A, 0x20]
      HeaderLine.appendLines(HeaderFolder.fold(name: field.name, value: value), to: &bytes)
      splice.replace(received.name.upperBound..<received.line.upperBound, with: bytes)
    }
    // A body that begins with a blank would go on with the header's last field.
    let isFolded = end < message.bytes.count && [0x20, 0x09].contains(message.bytes[end])
    let isBlankLineMissing =
      (isBlankLineNeeded || (isFolded && !fields.isEmpty)) && end == message.headerEnd
    let isAppended = fields.last.map { $0.original == nil } ?? false
    if !isEnded, isBlankLineMissing || isAppended { splice.replace(end..<end, with: [0x0D, 0x0A]) }
    for one in added() {
      var place = one.next.map { message.headers[$0].line.lowerBound } ?? end
      if case .top = one.place, let first = message.headers.first { place = first.line.lowerBound }
      var bytes: [UInt8] = []
      HeaderLine.append(one.field.name, one.field.value ?? [], to: &bytes)
      splice.replace(place..<place, with: bytes)
    }
    if isBlankLineMissing { splice.replace(end..<end, with: [0x0D, 0x0A]) }
    // A bare CR ends the header for some readers only; the others would take the new body's first
    // line for a field.
    if isBlankLineNeeded, end + 1 == message.headerEnd, message.bytes[end] == 0x0D {
      splice.replace(end..<message.headerEnd, with: [0x0D, 0x0A])
    }
    return splice
  }

  /// The lines of the fields that describe the body (`Content-*`), as they stand now.
  func contentLines(in message: MailMessage) -> [UInt8] {
    var lines: [UInt8] = []
    for field in fields where HeaderText.isContentField(field.name) {
      if let original = field.original, field.value == nil {
        RawHeader.appendEnded(message.bytes[message.headers[original].line], to: &lines)
      } else {
        HeaderLine.append(field.name, field.value ?? [], to: &lines)
      }
    }
    return lines
  }
}

/// The raw lines of a header.
enum RawHeader {
  /// Where the fields end: the start of the blank line, or the end of the header where there is
  /// none.
  static func end(of part: Part, in bytes: [UInt8]) -> Int {
    let header = part.header
    guard !header.isEmpty else { return header.lowerBound }
    // As the header was read: a CR ends lines only where no LF does.
    let lineEnd: UInt8 = bytes[header].contains(0x0A) ? 0x0A : 0x0D
    var start = header.upperBound - 1
    while start > header.lowerBound, bytes[start - 1] != lineEnd { start -= 1 }
    let isBlank = bytes[start..<header.upperBound].allSatisfy { byte in
      byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0x0A
    }
    // A line of blanks can be the last field's (RFC 5322 §4.2).
    return isBlank ? max(start, part.fields.last?.line.upperBound ?? 0) : header.upperBound
  }

  /// Appends lines of a header, with a line end where the last one has none.
  static func appendEnded(_ lines: ArraySlice<UInt8>, to output: inout [UInt8]) {
    output.append(contentsOf: lines)
    if let last = lines.last, last != 0x0A, last != 0x0D {
      output.append(contentsOf: [0x0D, 0x0A])
    }
  }
}
