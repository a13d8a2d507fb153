// Names of the DNS as they are asked for and as answers have them (RFC 1035 §2.3.4, RFC 2181 §11).
// Whoever made the name, a sender or a name server, is not trusted: a value of `DNSName` keeps to
// the limits, is in lower case, and holds nothing that would need quoting in a log line.

/// Why a text is no name that we ask for.
package enum DNSNameError: Error, Equatable, Sendable {
  case empty
  case emptyLabel
  case labelTooLong(bytes: Int)
  case nameTooLong(bytes: Int)
  /// A control character, a blank, a backslash, or a byte beyond ASCII.
  case forbiddenByte(UInt8)
}

/// A domain name, without the dot at its end, in lower case (RFC 4343).
package struct DNSName: Hashable, Sendable, CustomStringConvertible {
  package static let labelBytesMax = 63
  /// 255 octets on the wire: a length before each label and the root's zero.
  package static let textBytesMax = 253

  package let text: String

  package var description: String { text }

  /// A dot at the end is taken and dropped.
  package init(_ text: String) throws(DNSNameError) {
    var bytes = Array(text.utf8)
    if bytes.last == UInt8(ascii: ".") { bytes.removeLast() }
    guard !bytes.isEmpty else { throw .empty }
    guard bytes.count <= Self.textBytesMax else { throw .nameTooLong(bytes: bytes.count) }
    for label in bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false) {
      guard !label.isEmpty else { throw .emptyLabel }
      guard label.count <= Self.labelBytesMax else { throw .labelTooLong(bytes: label.count) }
      if let bad = label.first(where: { !Self.isPlain($0) }) { throw .forbiddenByte(bad) }
    }
    self.text = String(decoding: bytes.map(Self.lowered), as: UTF8.self)
  }

  /// From labels as they came over the wire; nil when one of them cannot stand in a name of ours.
  init?(wireLabels: [ArraySlice<UInt8>]) {
    guard !wireLabels.isEmpty,
      wireLabels.allSatisfy({ $0.allSatisfy { Self.isPlain($0) && $0 != UInt8(ascii: ".") } })
    else { return nil }
    let bytes = wireLabels.joined(separator: [UInt8(ascii: ".")]).map(Self.lowered)
    text = String(decoding: bytes, as: UTF8.self)
  }

  /// Printable ASCII without the backslash, which would begin an escape (RFC 1035 §5.1).
  private static func isPlain(_ byte: UInt8) -> Bool {
    byte > 0x20 && byte < 0x7f && byte != UInt8(ascii: "\\")
  }

  private static func lowered(_ byte: UInt8) -> UInt8 {
    byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte
  }

  /// True for the name itself and for what lies below it.
  package func isWithin(_ other: DNSName) -> Bool {
    text == other.text || text.hasSuffix("." + other.text)
  }
}

/// What an answer points at.
package enum DNSTarget: Hashable, Sendable {
  case name(DNSName)
  /// The root, `.`: as the only MX it says that no mail is taken (RFC 7505).
  case root
  /// Bytes that no host name has; kept as a fact, so that nobody takes the record for missing.
  case unusable

  package var name: DNSName? {
    if case .name(let name) = self { name } else { nil }
  }
}
