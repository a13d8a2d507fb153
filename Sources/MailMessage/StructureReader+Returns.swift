// CRs without LFs: RFC 5322 §2.3 forbids them, and to some programs they end lines. Read so, a
// message may have other headers and other delimiters.

extension StructureReader {
  /// Whether a CR without a LF stands in a header, or before what looks like a delimiter or a MIME
  /// field. Cost: the bytes once at several GB/s where there is none.
  func hasTellingReturn(_ bytes: Span<UInt8>) -> Bool {
    guard lineEnd == ASCII.lineFeed else { return false }
    var position = 0
    var part = 0
    while let found = ByteScan.firstBareReturn(in: bytes, from: position, to: bytes.count) {
      position = found + 1
      // Parts of the first reading stand in the order of their headers.
      while part + 1 < parts.count, parts[part + 1].isInMessage,
        parts[part + 1].header.lowerBound <= found
      {
        part += 1
      }
      if parts[part].header.contains(found) { return true }
      let rest = position..<bytes.count
      // What stands behind a row of them is looked at behind the last one.
      if !rest.isEmpty, bytes[position] == ASCII.carriageReturn { continue }
      let isDash =
        rest.count > 1 && bytes[position] == ASCII.dash && bytes[position + 1] == ASCII.dash
      if isDash || MIMEField.begins(bytes, position..<min(position + 80, bytes.count)) {
        return true
      }
    }
    return false
  }

  /// Reads the whole message again with CRs as line ends. Offsets stay, since a LF takes the place
  /// of each.
  mutating func rereadWithReturns(_ bytes: Span<UInt8>) {
    guard begin(0, scanning: bytes.count) else { return }
    var copy = buffer
    var position = 0
    while let found = ByteScan.firstBareReturn(in: bytes, from: position, to: bytes.count) {
      copy[found] = ASCII.lineFeed
      position = found + 1
    }
    rereading.readsReturns = true
    rereading.returnsAsLineFeeds = copy
    let changed = copy.span
    let block = readHeader(changed, from: 0, isMessage: true)
    let root = append(changed, block, Place(twin: 0, isListed: false), isDigest: false)
    readBody(changed, from: descend(changed, from: root))
    finish()
  }
}
