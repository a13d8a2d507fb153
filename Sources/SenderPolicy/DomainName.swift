// Names as the DNS takes them (RFC 1035 §2.3.4): the form in which they are asked for and compared.

/// A name of labels with 1 to 63 bytes each, 253 in all, in lower case without a final dot.
struct DomainName: Hashable, Sendable {
  static let bytesMax = 253
  static let labelBytesMax = 63

  let text: String

  /// Takes any printable ASCII, since names that records make hold more than host names do
  /// (RFC 2181 §11). Nil for what cannot be asked for.
  init?(_ bytes: some Collection<UInt8>) {
    var bytes = Array(bytes)
    if bytes.last == .dot { bytes.removeLast() }
    guard !bytes.isEmpty, bytes.count <= Self.bytesMax else { return nil }
    guard bytes.allSatisfy({ (0x20...0x7E).contains($0) }) else { return nil }
    let labels = bytes.split(separator: .dot, omittingEmptySubsequences: false)
    guard labels.allSatisfy({ (1...Self.labelBytesMax).contains($0.count) }) else { return nil }
    text = bytes.asciiLowercased
  }

  init?(_ text: String) { self.init(Array(text.utf8.prefix(Self.bytesMax + 2))) }

  /// Whether mail can be of it (RFC 7208 §4.3): two labels or more, and no address literal.
  var isMailDomain: Bool {
    text.utf8.contains(.dot) && text.utf8.first != UInt8(ascii: "[")
      && !text.utf8.contains(.space)
  }

  func isSubdomain(of other: DomainName) -> Bool {
    text.utf8.count > other.text.utf8.count && text.hasSuffix("." + other.text)
  }

  /// Without labels from the left until the rest is short enough (RFC 7208 §7.3).
  static func shortened(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
    var rest = bytes[...]
    while (rest.last == .dot ? rest.count - 1 : rest.count) > bytesMax {
      guard let cut = rest.firstIndex(of: .dot) else { return [] }
      rest = rest[(cut + 1)...]
    }
    return rest
  }
}
