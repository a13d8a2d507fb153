// What an entry of a table must look like. Pure questions about text; who asks reports.

package import RuleBytecode

package enum TableGrammar {
  /// RFC 1035 §2.3.4 lengths; letters, digits, `-` and `_` (used in real DNS names), and UTF-8 for
  /// RFC 6531.
  package static func isDomain(_ text: String) -> Bool {
    guard !text.isEmpty, text.utf8.count <= 253 else { return false }
    return text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
      guard !label.isEmpty, label.utf8.count <= 63 else { return false }
      guard label.utf8.first != UInt8(ascii: "-"), label.utf8.last != UInt8(ascii: "-") else {
        return false
      }
      return label.utf8.allSatisfy { isWordByte($0) || $0 == UInt8(ascii: "-") || $0 >= 0x80 }
    }
  }

  /// A local part as SMTP commands hold it: no space, control, bracket or comma outside quotes.
  package static func isLocalPart(_ text: some StringProtocol) -> Bool {
    let bytes = Array(text.utf8)
    if bytes.first == UInt8(ascii: "\""), bytes.count > 2, bytes.last == UInt8(ascii: "\"") {
      return true
    }
    return !bytes.isEmpty
      && bytes.allSatisfy { $0 > 32 && $0 != 127 && !Array("<>(),;:\\[]@\"".utf8).contains($0) }
  }

  /// `user@domain`, `@domain` or `user@`.
  package static func isAddressEntry(_ text: String) -> Bool {
    guard let at = text.lastIndex(of: "@") else { return false }
    let local = text[..<at]
    let domain = text[text.index(after: at)...]
    if local.isEmpty && domain.isEmpty { return false }
    return (local.isEmpty || isLocalPart(local)) && (domain.isEmpty || isDomain(String(domain)))
  }

  /// Whether a key can stand in a table of that type; networks are read by `AddressRange`.
  package static func isKey(_ text: String, of type: TableType) -> Bool {
    switch type {
    case .set, .map, .regex: !text.isEmpty
    case .domain: isDomain(text)
    case .address: isAddressEntry(text)
    case .cidr:
      switch AddressRange.read(text) {
      case .range, .hostBits: true
      case .badAddress, .badNetwork: false
      }
    }
  }

  /// The two halves of a map's entry: `key blanks value`.
  package static func halves(
    _ entry: some Collection<UInt8>
  ) -> (key: [UInt8], value: [UInt8]) {
    let key = entry.prefix { !isBlank($0) }
    let value = entry.dropFirst(key.count).drop(while: isBlank)
    return (Array(key), Array(value))
  }

  static func isBlank(_ byte: UInt8) -> Bool { byte == 32 || byte == 9 }

  package static func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
      true
    default: false
    }
  }
}
