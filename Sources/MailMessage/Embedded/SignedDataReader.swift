// The content of an opaque signature (S/MIME in one part: RFC 8551 §3.5.2, RFC 5652 §5): mail
// programs show what is inside as if there were no signature. BER and DER, whole or in pieces.
// Trusts nothing: one pass that never goes back, no recursion; lengths are checked against what is
// there, and what is kept is bounded. The signature itself is nobody's concern here.

enum SignedDataReader {
  /// The entity that was signed.
  struct Content {
    var bytes: [UInt8] = []
    /// More than was granted.
    var isCut = false
    /// It ends before its lengths say so.
    var isDamaged = false
  }

  /// 1.2.840.113549.1.7.2, id-signedData, as it is encoded.
  private static let signedData: [UInt8] = [6, 9, 42, 134, 72, 134, 247, 13, 1, 7, 2]
  /// With tag and length of the SEQUENCE before it, whatever its length.
  static let signatureBytesMax = 10 + signedData.count

  /// Whether these are the first bytes of such a signature, `signatureBytesMax` of them or more.
  static func hasSignature(_ bytes: Span<UInt8>) -> Bool {
    guard let outer = Element(bytes, at: 0), outer.tag == Tag.sequence else { return false }
    return holds(signedData, bytes, at: outer.content)
  }

  /// The content of the signature that `bytes` are; nil where there is none in it, as for a list of
  /// certificates, or where it is no such thing.
  static func read(_ bytes: Span<UInt8>, bytesMax: Int) -> Content? {
    guard hasSignature(bytes), let outer = Element(bytes, at: 0) else { return nil }
    var position = outer.content + signedData.count
    // [0], SignedData and its version; the digest algorithms are stepped over.
    for tag in [Tag.explicit, Tag.sequence] {
      guard let element = Element(bytes, at: position), element.tag == tag else { return nil }
      position = element.content
    }
    for tag in [Tag.integer, Tag.set] {
      guard let element = Element(bytes, at: position), element.tag == tag,
        let end = end(of: element, in: bytes)
      else { return nil }
      position = end
    }
    // What is signed: its type, then [0] and the bytes.
    guard let signed = Element(bytes, at: position), signed.tag == Tag.sequence,
      let type = Element(bytes, at: signed.content), type.tag == Tag.objectIdentifier,
      let afterType = end(of: type, in: bytes),
      let box = Element(bytes, at: afterType), box.tag == Tag.explicit,
      signed.limit(bytes).contains(afterType)
    else { return nil }
    return octets(bytes, at: box.content, bytesMax: bytesMax)
  }

  private enum Tag {
    static let integer: UInt8 = 0x02
    static let octets: UInt8 = 0x04
    static let objectIdentifier: UInt8 = 0x06
    static let pieces: UInt8 = 0x24
    static let sequence: UInt8 = 0x30
    static let set: UInt8 = 0x31
    static let explicit: UInt8 = 0xA0
    static let endOfContents: UInt8 = 0
  }

  /// One element's tag and length (X.690 §8.1); tags of several bytes do not occur here.
  private struct Element {
    let tag: UInt8
    /// Where its content begins.
    let content: Int
    /// Bytes of its content; nil where an end mark says where it ends.
    let count: Int?

    init?(_ bytes: Span<UInt8>, at start: Int) {
      guard start + 1 < bytes.count else { return nil }
      tag = bytes[start]
      guard tag & 0x1F != 0x1F else { return nil }
      let first = bytes[start + 1]
      guard first & 0x80 != 0 else {
        content = start + 2
        count = Int(first)
        return
      }
      let sizeCount = Int(first & 0x7F)
      guard sizeCount <= 8, start + 2 + sizeCount <= bytes.count else { return nil }
      var size: UInt64 = 0
      for index in start + 2..<start + 2 + sizeCount { size = size << 8 | UInt64(bytes[index]) }
      content = start + 2 + sizeCount
      // A length beyond all memory is one beyond the end.
      count = sizeCount == 0 ? nil : Int(clamping: min(size, UInt64(Int32.max)))
    }

    var isConstructed: Bool { tag & 0x20 != 0 }

    /// Where its content can be at most.
    func limit(_ bytes: Span<UInt8>) -> Range<Int> {
      content..<min(bytes.count, count.map { content + $0 } ?? bytes.count)
    }
  }

  /// Where the element ends; nil where its end is not there.
  private static func end(of element: Element, in bytes: Span<UInt8>) -> Int? {
    if let count = element.count {
      return element.content + count <= bytes.count ? element.content + count : nil
    }
    guard element.isConstructed else { return nil }
    var open = 1
    var position = element.content
    while open > 0 {
      guard let inner = Element(bytes, at: position) else { return nil }
      position = inner.content
      if inner.tag == Tag.endOfContents {
        open -= 1
      } else if let count = inner.count {
        position += count
      } else if inner.isConstructed {
        open += 1
      } else {
        return nil
      }
    }
    return position
  }

  /// An OCTET STRING, whose pieces may hold pieces (X.690 §8.7).
  private static func octets(_ bytes: Span<UInt8>, at start: Int, bytesMax: Int) -> Content? {
    guard let first = Element(bytes, at: start),
      first.tag == Tag.octets || first.tag == Tag.pieces
    else { return nil }
    var content = Content()
    let limit = first.limit(bytes)
    if let count = first.count, first.content + count > bytes.count { content.isDamaged = true }
    guard first.isConstructed else {
      append(bytes, limit, to: &content, bytesMax: bytesMax)
      return content
    }
    // Pieces of pieces are read in their order; of their ends only the marks need be counted.
    var marks = first.count == nil ? 1 : 0
    var position = limit.lowerBound
    while position < limit.upperBound, !content.isCut {
      guard let piece = Element(bytes, at: position) else { break }
      position = piece.content
      switch piece.tag {
      case Tag.endOfContents:
        marks -= 1
        if marks == 0, first.count == nil { return content }
      case Tag.pieces:
        if piece.count == nil { marks += 1 }
      case Tag.octets:
        let range = piece.limit(bytes).clamped(to: 0..<limit.upperBound)
        if range.count != piece.count { content.isDamaged = true }
        append(bytes, range, to: &content, bytesMax: bytesMax)
        position = range.upperBound
      default:
        content.isDamaged = true
        return content
      }
    }
    // Without the end mark that was announced the mail was cut off.
    if first.count == nil, !content.isCut { content.isDamaged = true }
    return content
  }

  private static func append(
    _ bytes: Span<UInt8>, _ range: Range<Int>, to content: inout Content, bytesMax: Int
  ) {
    let room = bytesMax - content.bytes.count
    if range.count > room { content.isCut = true }
    for index in range.prefix(max(0, room)) { content.bytes.append(bytes[index]) }
  }

  private static func holds(_ wanted: [UInt8], _ bytes: Span<UInt8>, at start: Int) -> Bool {
    guard bytes.count - start >= wanted.count else { return false }
    for (offset, byte) in wanted.enumerated() where bytes[start + offset] != byte { return false }
    return true
  }
}
