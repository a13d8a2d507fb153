// Which addresses a sanitised page may have. The value is one with references resolved; it is read
// as the WHATWG URL standard does, and what is given back is what was judged.

enum PageAddress {
  /// Where a reader may go by a click: pages and mail. All other schemes run something, or show
  /// content that no filter saw; an address without a scheme leads nowhere in a mail.
  private static let pageSchemes = ["http:", "https:"].map { Array($0.utf8) }
  private static let mailScheme = Array("mailto:".utf8)
  /// A part of the mail itself.
  private static let partScheme = Array("cid:".utf8)
  /// Pictures that hold no script. SVG does.
  private static let pictures = ["png", "jpeg", "gif", "webp"].map {
    Array("data:image/\($0);base64,".utf8)
  }

  /// Fields that a link may put into a new mail (RFC 6068); some programs take `attach` as well.
  private static let mailFields = ["subject", "body", "cc", "bcc", "to", "in-reply-to"].map {
    Array($0.utf8)
  }

  static func link(_ value: [UInt8]) -> [UInt8]? {
    guard let address = cleaned(value) else { return nil }
    if pageSchemes.contains(where: { begins(address, $0) }) { return address }
    return begins(address, mailScheme) ? withoutForeignFields(address) : nil
  }

  static func picture(_ value: [UInt8]) -> [UInt8]? {
    guard let address = cleaned(value) else { return nil }
    if begins(address, partScheme) { return address }
    guard let head = pictures.first(where: { begins(address, $0) }) else { return nil }
    return address[head.count...].allSatisfy(isBase64) ? address : nil
  }

  /// Without blanks and controls around it, and without tabs and line ends anywhere (WHATWG URL
  /// §4.4). Other controls stand in no honest address.
  private static func cleaned(_ value: [UInt8]) -> [UInt8]? {
    var address: [UInt8] = []
    address.reserveCapacity(value.count)
    for byte in value where byte != 9 && byte != 10 && byte != 13 {
      if byte <= 32, address.isEmpty { continue }
      address.append(byte)
    }
    while let last = address.last, last <= 32 { address.removeLast() }
    return address.contains { $0 < 32 || $0 == 127 } ? nil : address
  }

  private static func begins(_ address: [UInt8], _ head: [UInt8]) -> Bool {
    guard address.count > head.count else { return false }
    for index in head.indices where lower(address[index]) != head[index] { return false }
    return true
  }

  private static func lower(_ byte: UInt8) -> UInt8 { byte &- 65 < 26 ? byte | 0x20 : byte }

  private static func isBase64(_ byte: UInt8) -> Bool {
    switch byte {
    case 48...57, 65...90, 97...122, 43, 47, 61: true
    default: false
    }
  }

  /// The address alone, where it brings other fields of a mail.
  private static func withoutForeignFields(_ address: [UInt8]) -> [UInt8] {
    guard let mark = address.firstIndex(of: 63) else { return address }
    let fields = address[(mark + 1)...].split(separator: 38)
    let isKnown = fields.allSatisfy { field in
      let name = field.prefix { $0 != 61 }.map(lower)
      return mailFields.contains(name)
    }
    return isKnown ? address : Array(address[..<mark])
  }
}
