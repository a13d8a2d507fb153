// Line ends that are none, NULs, overlong lines, and what may end a message in the middle.
// Cost: memchr three times over the bytes.

enum LineFaults {
  /// Bytes of a line without its end (RFC 5322 §2.1.1).
  private static let lineBytesMax = 998

  static func find(_ bytes: Span<UInt8>, _ range: Range<Int>) -> AnomalySet {
    var found = AnomalySet()
    let end = range.upperBound
    let nul = ByteScan.firstIndex(of: ASCII.nul, in: bytes, from: range.lowerBound, to: end)
    if nul != nil { found.insert(.nul) }
    var line = range.lowerBound
    var isBareBefore = false
    while line < end {
      let lineFeed = ByteScan.firstIndex(
        of: ASCII.lineFeed, in: bytes, from: line, to: end)
      if line > range.lowerBound {
        noteDot(bytes, line, end, isBareBefore: isBareBefore, &found)
      }
      isBareBefore = note(bytes, line, lineFeed, end, &found)
      line = lineFeed.map { $0 + 1 } ?? end
    }
    return found
  }

  /// In a line that ends well the first CR is the one before the LF. Returns whether it ends with
  /// a bare LF.
  private static func note(
    _ bytes: Span<UInt8>, _ line: Int, _ lineFeed: Int?, _ end: Int, _ found: inout AnomalySet
  ) -> Bool {
    let stop = lineFeed ?? end
    let hasReturn = lineFeed != nil && stop > line && bytes[stop - 1] == ASCII.carriageReturn
    let isBare = lineFeed != nil && !hasReturn
    if isBare { found.insert(.bareLF) }
    let last = hasReturn ? stop - 1 : stop
    if last - line > lineBytesMax { found.insert(.longLine) }
    var next = ByteScan.firstIndex(of: ASCII.carriageReturn, in: bytes, from: line, to: last)
    while let bare = next {
      found.insert(.bareCR)
      if found.contains(.smuggling) { break }
      noteDot(bytes, bare + 1, end, isBareBefore: true, &found)
      next = ByteScan.firstIndex(of: ASCII.carriageReturn, in: bytes, from: bare + 1, to: last)
    }
    return isBare
  }

  /// A dot alone between two line ends of which one is not CRLF: servers that take both for line
  /// ends stop there, and read what follows as commands (CVE-2023-51764 and its kin). NULs are
  /// dropped by some on the way.
  private static func noteDot(
    _ bytes: Span<UInt8>, _ start: Int, _ end: Int, isBareBefore: Bool, _ found: inout AnomalySet
  ) {
    var index = afterNULs(bytes, start, end)
    guard index < end, bytes[index] == ASCII.dot else { return }
    var hasNUL = index > start
    let behind = afterNULs(bytes, index + 1, end)
    if behind > index + 1 { hasNUL = true }
    index = behind
    guard index < end else { return }
    let isReturn = bytes[index] == ASCII.carriageReturn
    guard isReturn || bytes[index] == ASCII.lineFeed else { return }
    let isWhole = isReturn && index + 1 < end && bytes[index + 1] == ASCII.lineFeed
    if isBareBefore || hasNUL || !isWhole { found.insert(.smuggling) }
  }

  private static func afterNULs(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Int {
    var index = start
    while index < end, bytes[index] == ASCII.nul { index += 1 }
    return index
  }
}
