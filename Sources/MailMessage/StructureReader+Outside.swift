// What stands where no part should: before the first delimiter of a multipart, behind its end
// (RFC 2046 §5.1.1 has programs ignore both), or in messages of unknown kinds (§5.2.4).

extension StructureReader {
  /// Notes a MIME field at the beginning of a preamble or an epilogue.
  mutating func noteOutside(_ bytes: Span<UInt8>, _ delimiter: Delimiter, _ frame: Frame) {
    let isFirst = parts[frame.part].children.isEmpty
    let start = delimiter.isClose ? delimiter.next : parts[frame.part].body.lowerBound
    guard isFirst || delimiter.isClose else { return }
    let end = delimiter.isClose ? limit : delimiter.start
    if start < end, MIMEField.begins(bytes, start..<end) { doubt(frame.part, .outside) }
  }

  /// Reads preamble and epilogue as parts, where they begin like one.
  mutating func settleOutside(_ bytes: Span<UInt8>, _ part: Int) {
    for range in outside(bytes, part) where MIMEField.begins(bytes, range) {
      guard mayNest(under: part), begin(part, scanning: range.count) else { return }
      limit = range.upperBound
      let block = readHeader(bytes, from: range.lowerBound, isMessage: false)
      let place = Place(parent: part, outerStart: range.lowerBound, isListed: false)
      let root = append(bytes, block, place, isDigest: false)
      readBody(bytes, from: descend(bytes, from: root))
      finish()
    }
  }

  /// The preamble and the epilogue of a multipart.
  func outside(_ bytes: Span<UInt8>, _ part: Int) -> [Range<Int>] {
    guard let first = parts[part].children.first, let last = parts[part].children.last,
      parts[first].bufferNumber == parts[part].bufferNumber
    else { return [] }
    let body = parts[part].body
    let close = parts[last].outer.upperBound
    let line = ByteScan.firstIndex(of: lineEnd, in: bytes, from: close, to: body.upperBound)
    let end = line.map { $0 + 1 } ?? body.upperBound
    return [body.lowerBound..<max(body.lowerBound, parts[first].outer.lowerBound)]
      + (end < body.upperBound ? [end..<body.upperBound] : [])
  }

  /// Reads a message of another kind as one where it has a MIME header; the kinds that have none,
  /// such as a delivery status, stay as they are.
  mutating func settleMessage(_ bytes: Span<UInt8>, _ part: Int) {
    guard parts[part].children.isEmpty, parts[part].encoding.isIdentity,
      beginsWithField(bytes, parts[part].body), charge(parts[part].body.count)
    else { return }
    let block = looseHeader(bytes, parts[part].body, endsAtBlanks: false)
    guard block.contentType != nil || block.encoding != nil else { return }
    reread(bytes, part, as: .message)
  }
}
