// A small zip of stored files, from which bsdtar makes the other formats, and a RAR 5.

@testable import FileContents

enum TestArchive {
  static func little(_ value: Int, _ bytes: Int) -> [UInt8] {
    (0..<bytes).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }

  /// A program for Windows, as far as its first bytes tell.
  static let program: [UInt8] = {
    var bytes = Array("MZ".utf8) + [UInt8](repeating: 0, count: 0x3A) + little(0x40, 4)
    bytes += Array("PE\0\0".utf8) + [UInt8](repeating: 0, count: 64)
    return bytes
  }()

  static func zip(_ members: [(name: String, content: [UInt8])]) -> [UInt8] {
    var out: [UInt8] = []
    var directory: [UInt8] = []
    for (name, content) in members {
      let crc = Int(Inflate.checksum(of: content.span))
      var common = [20, 0] as [UInt8]
      common += little(0, 4) + little(0, 2) + little(0x21, 2) + little(crc, 4)
      common += little(content.count, 4) + little(content.count, 4) + little(name.utf8.count, 2)
      common += [0, 0]
      directory += Array("PK\u{1}\u{2}".utf8) + [20, 3] + common + little(0, 2) + little(0, 4)
      directory += little(0o100644 << 16, 4) + little(out.count, 4) + Array(name.utf8)
      out += Array("PK\u{3}\u{4}".utf8) + common + Array(name.utf8) + content
    }
    let start = out.count
    out += directory + Array("PK\u{5}\u{6}\0\0\0\0".utf8)
    out += little(members.count, 2) + little(members.count, 2)
    return out + little(directory.count, 4) + little(start, 4) + [0, 0]
  }

  /// A RAR 5 of stored files; the checksums of its headers are right.
  static func rar5(
    _ members: [(name: String, content: [UInt8], isEncrypted: Bool)], hidesNames: Bool = false
  ) -> [UInt8] {
    var out = Array("Rar!\u{1A}\u{7}\u{1}\0".utf8)
    if hidesNames {
      return out + header([4, 0, 0, 0, 15] + [UInt8](repeating: 7, count: 16)) + [1, 2, 3, 4]
    }
    out += header([1, 0, 0])
    for (name, content, isEncrypted) in members {
      // Encryption record: its size, type 1, version, flags, count, salt, start value.
      let extra: [UInt8] = isEncrypted ? [37, 1, 0, 0, 15] + [UInt8](repeating: 9, count: 33) : []
      var body: [UInt8] = [2, isEncrypted ? 3 : 2]
      if isEncrypted { body.append(UInt8(extra.count)) }
      body += number(content.count)
      body += [4] + number(content.count) + number(0o100644)
      body += little(Int(Inflate.checksum(of: content.span)), 4)
      body += [0, 1] + number(name.utf8.count) + Array(name.utf8)
      out += header(body + extra) + content
    }
    return out + header([5, 0, 0])
  }

  private static func header(_ body: [UInt8]) -> [UInt8] {
    let sized = number(body.count) + body
    return little(Int(Inflate.checksum(of: sized.span)), 4) + sized
  }

  private static func number(_ value: Int) -> [UInt8] {
    var out: [UInt8] = []
    var rest = value
    while rest >= 0x80 {
      out.append(UInt8(rest & 0x7F) | 0x80)
      rest >>= 7
    }
    return out + [UInt8(rest)]
  }
}
