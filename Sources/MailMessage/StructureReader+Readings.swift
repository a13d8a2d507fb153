// Readings besides that of the standards: what some mail program would make of the same bytes.
// Each part in doubt is read again in every way that its bytes give reason for; what shows nothing
// new is forgotten. Parts found so may be in doubt themselves, and are looked at in their turn.
// Cost: nothing for mail without doubts; else at most `readingBytesMax`, and never more than four
// times the message and 1 MB, so that doubts within doubts stay linear.

extension StructureReader {
  /// Reads again whatever is in doubt.
  mutating func settleDoubts(_ bytes: Span<UInt8>) {
    guard !isHeaderOnly else { return }
    rereading.bytesLeft = min(limits.readingBytesMax, 4 * buffer.count + 1 << 20)
    findFiles(from: 0)
    let hasReturns = hasTellingReturn(bytes)
    guard rereading.isNeeded || hasReturns, parts.count < limits.partsMax else { return }
    for part in parts where !part.isContainer { rereading.known.insert(PartKey(part)) }
    let standardCount = parts.count
    if hasReturns { rereadWithReturns(bytes) }
    findFiles(from: standardCount)
    var part = 0
    while part < parts.count {
      let end = parts.count
      if !parts[part].doubts.isEmpty { settle(part) }
      findFiles(from: end)
      part += 1
    }
  }

  private mutating func settle(_ part: Int) {
    let doubts = parts[part].doubts
    rereading.readsReturns = parts[part].readsReturns
    let held = rereading.readsReturns ? rereading.returnsAsLineFeeds : parts[part].bytes
    let bytes = held.span
    if doubts.contains(.header) { settleHeader(bytes, part) }
    if !doubts.isDisjoint(with: [.type, .boundary, .guess]) { settleType(bytes, part) }
    for (doubt, manner) in Self.manners where doubts.contains(doubt) {
      reread(bytes, part, as: parts[part].contentType, manner: manner)
    }
    if doubts.contains(.outside) { settleOutside(bytes, part) }
    if doubts.contains(.message) { settleMessage(bytes, part) }
    if doubts.contains(.encoding) { settleEncoding(bytes, part) }
    if doubts.contains(.nested) { settleNested(bytes, part) }
  }

  private static let manners: [(Doubts, Rereading.Manner)] = [
    (.prefix, .prefix), (.afterEnd, .pastEnd), (.crossed, .innermost), (.inHeader, .pastHeaders),
    (.alike, .outermost),
  ]

  // MARK: One reading

  /// Reads the body of a part again as of another type, or divided in another way. Returns whether
  /// that showed anything new.
  @discardableResult
  mutating func reread(
    _ bytes: Span<UInt8>, _ part: Int, as type: ContentType, encoding: TransferEncoding? = nil,
    boundary: [UInt8]? = nil, manner: Rereading.Manner = .standard
  ) -> Bool {
    let body = parts[part].body
    guard begin(part, manner: manner, scanning: type.isContainer ? body.count : 0) else {
      return false
    }
    let old = parts[part]
    parts.append(
      old.redeclared(
        as: type, encoding: encoding ?? old.encoding, reading: rereading.number, from: body))
    openParts.append(parts.count - 1)
    let given = boundary ?? old.givenBoundary
    let start = descend(bytes, from: parts.count - 1, boundary: given)
    readBody(bytes, from: start)
    return finish()
  }

  /// Whether there is room for one more reading of `part`, which looks at `count` bytes.
  mutating func begin(
    _ part: Int, manner: Rereading.Manner = .standard, scanning count: Int
  ) -> Bool {
    guard rereading.keptCount < limits.readingsMax else {
      hit(.readings)
      return false
    }
    guard charge(count) else { return false }
    rereading.number = rereading.keptCount + 1
    rereading.target = parts[part].target
    rereading.base = parts.count
    rereading.manner = manner
    rereading.crossing = Rereading.Crossing()
    buffer = parts[part].bytes
    bufferNumber = parts[part].bufferNumber
    limit = parts[part].body.upperBound
    isStopped = false
    return true
  }

  /// Takes what is looked at again from what may be; each look costs a little in itself.
  mutating func charge(_ count: Int) -> Bool {
    let cost = count + 64
    guard rereading.bytesLeft >= cost else {
      hit(.readingBytes)
      return false
    }
    rereading.bytesLeft -= cost
    rereading.bytesRead += cost
    return true
  }

  /// Ends a reading: keeps what is new in it. Returns whether there was any.
  @discardableResult
  mutating func finish() -> Bool {
    let base = rereading.base
    let isIdle = rereading.manner == .innermost && !rereading.crossing.isConfirmed
    let kept = isIdle ? [] : keptParts(from: base)
    if kept.isEmpty {
      parts.removeLast(parts.count - base)
    } else {
      keep(kept, from: base)
      rereading.keptCount += 1
    }
    rereading.number = 0
    rereading.target = nil
    rereading.base = 0
    rereading.manner = .standard
    return !kept.isEmpty
  }

  /// The indices, ascending, of parts that show something that no reading before showed, and of
  /// the containers that they are in.
  private mutating func keptParts(from base: Int) -> [Int] {
    var isKept = [Bool](repeating: false, count: parts.count - base)
    for index in (base..<parts.count).reversed() {
      if parts[index].children.isEmpty, showsContent(parts[index]) {
        isKept[index - base] = rereading.known.insert(PartKey(parts[index])).inserted
      }
      if isKept[index - base], let parent = parts[index].parent, parent >= base {
        isKept[parent - base] = true
      }
    }
    let kept = (base..<parts.count).filter { isKept[$0 - base] }
    guard base + kept.count > limits.partsMax else { return kept }
    hit(.parts)
    return Array(kept.prefix(limits.partsMax - base))
  }

  /// Nothing is in an empty part, and what is in a multipart that was not divided is known, unless
  /// it is to be decoded yet.
  private func showsContent(_ part: Part) -> Bool {
    !part.body.isEmpty && (!part.contentType.isMultipart || part.doubts.contains(.nested))
  }

  /// Drops all parts from `base` on but `kept`. Containers come before what is in them, so that a
  /// part's parent has its new place already.
  private mutating func keep(_ kept: [Int], from base: Int) {
    var places = [Int](repeating: -1, count: parts.count - base)
    var next = base
    for index in kept {
      var part = parts[index]
      part.children = []
      if !rereading.isExpected { part.structuralAnomalies.insert(.hiddenPart) }
      if let parent = part.parent, parent >= base {
        part.parent = places[parent - base]
        parts[places[parent - base]].children.append(next)
      }
      places[index - base] = next
      parts[next] = part
      next += 1
    }
    parts.removeLast(parts.count - next)
    guard !rereading.isExpected else { return }
    parts[parts[base].target].structuralAnomalies.insert(.hiddenPart)
  }
}
