// Small zips for policies to look into, and the mail that carries them.

/// A zip of stored members, and how it lies.
struct TestZip {
  struct Member {
    let name: String
    let content: [UInt8]
    var localName: String?
    var isEncrypted = false

    init(
      _ name: String, _ content: String = "text", localName: String? = nil,
      encrypted: Bool = false
    ) {
      self.init(name, bytes: Array(content.utf8), localName: localName, encrypted: encrypted)
    }

    init(
      _ name: String, bytes: [UInt8], localName: String? = nil, encrypted: Bool = false
    ) {
      self.name = name
      content = bytes
      self.localName = localName
      isEncrypted = encrypted
    }
  }

  /// What its headers say.
  let bytes: [UInt8]

  init(_ members: Member...) { self.init(members) }

  init(_ members: [Member]) {
    var out: [UInt8] = []
    var directory: [UInt8] = []
    for member in members {
      let offset = out.count
      out += Self.header("PK\u{3}\u{4}", member, member.localName ?? member.name, nil)
      out += member.content
      directory += Self.header("PK\u{1}\u{2}", member, member.name, offset)
    }
    let start = out.count
    out += directory + Array("PK\u{5}\u{6}\0\0\0\0".utf8)
    out += Self.little(members.count, 2) + Self.little(members.count, 2)
    out += Self.little(directory.count, 4) + Self.little(start, 4) + [0, 0]
    bytes = out
  }

  /// Without checksums: what is not compressed needs none.
  private static func header(
    _ mark: String, _ member: Member, _ name: String, _ offset: Int?
  ) -> [UInt8] {
    var out = Array(mark.utf8)
    if offset != nil { out += [20, 0] }
    out += [20, 0, member.isEncrypted ? 1 : 0, 0, 0, 0] + little(0, 4) + little(0, 4)
    out += little(member.content.count, 4) + little(member.content.count, 4)
    out += little(name.utf8.count, 2) + [0, 0]
    if let offset { out += little(0, 10) + little(offset, 4) }
    return out + Array(name.utf8)
  }

  private static func little(_ value: Int, _ bytes: Int) -> [UInt8] {
    (0..<bytes).map { $0 < 8 ? UInt8(truncatingIfNeeded: value >> (8 * $0)) : 0 }
  }

  /// A program for Windows, as far as its first bytes tell.
  static let program: [UInt8] = {
    var bytes = Array("MZ".utf8) + [UInt8](repeating: 0, count: 0x3A) + little(0x40, 4)
    bytes += Array("PE\0\0".utf8) + [UInt8](repeating: 0, count: 64)
    return bytes
  }()

  /// A message with this file.
  var mail: String { Self.mail(bytes) }

  static func mail(_ bytes: [UInt8], name: String = "a.zip") -> String {
    """
    From: ann@example.net
    Content-Type: application/octet-stream; name="\(name)"
    Content-Transfer-Encoding: base64

    \(base64(bytes))

    """
  }

  static func base64(_ bytes: [UInt8]) -> String {
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var out: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      let word = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
      for place in 0..<4 {
        out.append(place <= group.count ? letters[word >> (18 - 6 * place) & 63] : 0x3D)
      }
      if start % 57 == 54 { out.append(0x0A) }
    }
    return String(decoding: out, as: UTF8.self)
  }
}
