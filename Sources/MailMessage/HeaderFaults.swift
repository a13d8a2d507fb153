// What is odd about the text of a header, whatever its fields mean.
// Trusts nothing: one pass, and a bounded number of charsets is looked up.

enum HeaderFaults {
  /// Charsets of encoded words that are looked up; a header in more of them is not written by any
  /// program.
  private static let charsetsMax = 16
  private static let charsetBytesMax = 40

  static func find(_ bytes: Span<UInt8>, _ header: Range<Int>) -> AnomalySet {
    var found = AnomalySet()
    let text = bytes.extracting(header)
    if hasControl(text) || (try? UTF8Span(validating: text)) == nil {
      found.insert(.badHeaderText)
    }
    if hasRiskyWord(text) { found.insert(.riskyCharset) }
    return found
  }

  /// Controls other than TAB and those of line ends (RFC 5322 §2.2, §3.2); NULs are told apart.
  private static func hasControl(_ text: Span<UInt8>) -> Bool {
    for index in text.indices {
      let byte = text[index]
      guard byte < 32 || byte == 127, byte != ASCII.nul else { continue }
      if byte != ASCII.tab, byte != ASCII.lineFeed, byte != ASCII.carriageReturn { return true }
    }
    return false
  }

  /// An encoded word (RFC 2047) in a charset that hides ASCII.
  private static func hasRiskyWord(_ text: Span<UInt8>) -> Bool {
    var seen: Set<[UInt8]> = []
    var position = 0
    while seen.count < charsetsMax,
      let sign = ByteScan.firstIndex(
        of: ASCII.equals, in: text, from: position, to: text.count)
    {
      position = sign + 1
      guard position < text.count, text[position] == ASCII.question else { continue }
      position += 1
      guard
        let end = ByteScan.firstIndex(
          of: ASCII.question, in: text, from: position,
          to: min(text.count, position + charsetBytesMax))
      else { continue }
      // The language follows a star (RFC 2231 §5).
      let star = ByteScan.firstIndex(of: ASCII.star, in: text, from: position, to: end)
      let name = ASCII.lowered(text, position..<(star ?? end))
      guard seen.insert(name).inserted else { continue }
      if CharsetName.hidesASCII(String(decoding: name, as: UTF8.self)) { return true }
    }
    return false
  }
}

extension Span where Element == UInt8 {
  /// Whether no byte has its highest bit set. Cost: that of validating UTF-8, which is fastest on
  /// ASCII.
  package var isASCII: Bool { (try? UTF8Span(validating: self))?.isKnownASCII ?? false }
}
