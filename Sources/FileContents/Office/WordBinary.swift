// Documents of Word 97 to 2003 (MS-DOC): passwords, templates from elsewhere, fields that ask other
// programs.
// Trusts nothing: one pass, and offsets are checked.
internal import RuleBytecode

enum WordBinary {
  private static let identifier = 0xA5EC
  private static let encrypted = 0x0100
  private static let usesSecondTable = 0x0200
  /// Where the place of the associated strings is said (§2.5.6, fcSttbfAssoc).
  private static let associations = 0x19A
  /// The template's among them (§2.9.241).
  private static let templateIndex = 1

  static func read(_ bytes: Span<UInt8>, _ work: inout DocumentWork) {
    fields(bytes, &work)
    if let flags = flags(bytes), flags & encrypted != 0 { work.findings.encryption.insert(.office) }
  }

  /// Nil of what only has the name of such a stream.
  private static func flags(_ bytes: Span<UInt8>) -> Int? {
    guard ByteReader.little16(bytes, at: 0) == identifier else { return nil }
    return ByteReader.little16(bytes, at: 10)
  }

  /// The stream with the document's tables.
  static func tableName(_ bytes: Span<UInt8>) -> String? {
    flags(bytes).map { $0 & usesSecondTable != 0 ? "1table" : "0table" }
  }

  static func template(
    _ bytes: Span<UInt8>, _ tables: Span<UInt8>, _ work: inout DocumentWork
  ) {
    guard let start = ByteReader.little32(bytes, at: associations),
      let template = string(tables, from: start, number: templateIndex),
      RemoteAddress.isRemote(template.span)
    else { return }
    work.findings.traits.insert(.externalTemplate)
  }

  /// A string of a table of UTF-16 strings (§2.2.4), as one byte a character.
  private static func string(_ bytes: Span<UInt8>, from start: Int, number: Int) -> [UInt8]? {
    guard ByteReader.little16(bytes, at: start) == 0xFFFF else { return nil }
    var index = start + 6
    for _ in 0..<number {
      guard let length = ByteReader.little16(bytes, at: index) else { return nil }
      index += 2 + 2 * length
    }
    guard let length = ByteReader.little16(bytes, at: index) else { return nil }
    var text: [UInt8] = []
    for place in 0..<length {
      guard let unit = ByteReader.little16(bytes, at: index + 2 + 2 * place) else { break }
      text.append(unit < 128 ? UInt8(unit) : UInt8(ascii: "?"))
    }
    return text
  }

  /// A field begins with the character 19; its text is in one byte or two a character.
  private static func fields(_ bytes: Span<UInt8>, _ work: inout DocumentWork) {
    var index = 0
    while index < bytes.count {
      guard bytes[index] == 19 else {
        index += 1
        continue
      }
      index += 1
      var word: [UInt8] = []
      for place in index..<min(index + 24, bytes.count)
      where bytes[place] != 0 && bytes[place] != 32 {
        word.append(bytes[place])
      }
      if ByteSearch.holds(dde, word.span, at: 0) { work.findings.traits.insert(.dde) }
    }
  }

  private static let dde = Array("dde".utf8)
}

/// Addresses that lead to another host.
enum RemoteAddress {
  private static let schemes = [
    "http:", "https:", "ftp:", "file://", "mhtml:", "ms-", "webdav:", "dav:", "smb:", "\\\\", "//",
    "ldap:",
  ].map { Array($0.utf8) }

  private static let local = ["file:///", "file://localhost"].map { Array($0.utf8) }

  static func isRemote(_ text: Span<UInt8>) -> Bool {
    var start = 0
    while start < text.count, text[start] <= 32 { start += 1 }
    guard schemes.contains(where: { ByteSearch.holds($0, text, at: start) }) else { return false }
    // `file:///C:/x` is here, `file:///\\host\x` is not.
    guard let path = local.first(where: { ByteSearch.holds($0, text, at: start) }) else {
      return true
    }
    let rest = start + path.count
    return rest + 1 < text.count && isSlash(text[rest]) && isSlash(text[rest + 1])
  }

  private static func isSlash(_ byte: UInt8) -> Bool { byte == 47 || byte == 92 }
}
