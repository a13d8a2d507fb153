// Writes zips as honest programs do, and with every field bent as a sender could.

@testable import FileContents

/// One member, with what its two headers say where they lie.
struct ZipMember {
  enum Header { case local, central }

  var name: String
  var content: [UInt8]
  var isDeflated = false
  /// Sizes and checksum behind the data, with a mark or without, as streams are written.
  var descriptor = Descriptor.none
  var flags = 0
  var extra: [UInt8] = []
  var localExtra: [UInt8]?
  var isZip64 = false
  // What is said otherwise.
  var data: [UInt8]?
  var localName: String?
  var method: Int?
  var localMethod: Int?
  var size: Int?
  var localSize: Int?
  var compressedSize: Int?
  var localCompressedSize: Int?
  var checksum: UInt32?
  var localOffset: Int?
  var isInDirectory = true
  var hasLocal = true
  var nameBytes: [UInt8]?

  enum Descriptor { case none, marked, bare }

  init(_ name: String, _ content: String = "", deflated: Bool = false) {
    self.name = name
    self.content = Array(content.utf8)
    isDeflated = deflated
  }

  init(_ name: String, bytes: [UInt8], deflated: Bool = false) {
    self.name = name
    content = bytes
    isDeflated = deflated
  }

  func with(_ change: (inout ZipMember) -> Void) -> ZipMember {
    var copy = self
    change(&copy)
    return copy
  }

  var packed: [UInt8] { data ?? (isDeflated ? Deflate.bytes(content) : content) }
  var crc: UInt32 { checksum ?? CRC32.of(content) }
}

struct ZipBuilder {
  var members: [ZipMember]
  var prefix: [UInt8] = []
  /// Offsets count from the file's start, also behind a prefix.
  var countsPrefix = false
  var comment: [UInt8] = []
  var count: Int?
  var directorySize: Int?
  var directoryOffset: Int?
  var hasEnd = true
  var isZip64 = false
  var versionNeeded = 45
  var beforeDirectory: [UInt8] = []

  init(_ members: [ZipMember]) { self.members = members }

  static func bytes(_ members: ZipMember...) -> [UInt8] { ZipBuilder(members).bytes }

  var bytes: [UInt8] {
    var out = prefix
    let base = countsPrefix ? 0 : prefix.count
    var directory: [UInt8] = []
    var listed = 0
    for member in members {
      let offset = member.localOffset ?? out.count - base
      if member.hasLocal { out += local(member) }
      guard member.isInDirectory else { continue }
      directory += central(member, offset)
      listed += 1
    }
    out += beforeDirectory
    let start = directoryOffset ?? out.count - base
    out += directory
    guard hasEnd else { return out }
    let size = directorySize ?? directory.count
    let entries = count ?? listed
    if isZip64 { out += end64(entries, size, start, at: out.count - base) }
    out += ascii("PK\u{5}\u{6}") + little(0, 2) + little(0, 2)
    out += little(isZip64 ? 0xFFFF : entries, 2) + little(isZip64 ? 0xFFFF : entries, 2)
    out += little(isZip64 ? 0xFFFF_FFFF : size, 4) + little(isZip64 ? 0xFFFF_FFFF : start, 4)
    return out + little(comment.count, 2) + comment
  }

  private func local(_ member: ZipMember) -> [UInt8] {
    let isLate = member.descriptor != .none
    let name =
      member.localName.map { Array($0.utf8) } ?? member.nameBytes ?? Array(member.name.utf8)
    let method = member.localMethod ?? member.method ?? (member.isDeflated ? 8 : 0)
    var size = member.localSize ?? (isLate ? 0 : member.size ?? member.content.count)
    var packed =
      member.localCompressedSize ?? (isLate ? 0 : member.compressedSize ?? member.packed.count)
    var extra = member.localExtra ?? member.extra
    if member.isZip64 {
      extra = little(1, 2) + little(16, 2) + little(size, 8) + little(packed, 8) + extra
      size = 0xFFFF_FFFF
      packed = size
    }
    var out = ascii("PK\u{3}\u{4}")
    out += little(20, 2)
    out += little(member.flags | (isLate ? 8 : 0), 2) + little(method, 2) + little(0, 4)
    out += little(isLate ? 0 : Int(member.crc), 4) + little(packed, 4) + little(size, 4)
    out += little(name.count, 2) + little(extra.count, 2) + name + extra + member.packed
    if isLate {
      if member.descriptor == .marked { out += ascii("PK\u{7}\u{8}") }
      let width = member.isZip64 ? 8 : 4
      out += little(Int(member.crc), 4) + little(member.packed.count, width)
      out += little(member.content.count, width)
    }
    return out
  }

  private func central(_ member: ZipMember, _ offset: Int) -> [UInt8] {
    let name = member.nameBytes ?? Array(member.name.utf8)
    let method = member.method ?? (member.isDeflated ? 8 : 0)
    var size = member.size ?? member.content.count
    var packed = member.compressedSize ?? member.packed.count
    var start = offset
    var extra = member.extra
    if member.isZip64 {
      extra =
        little(1, 2) + little(24, 2) + little(size, 8) + little(packed, 8) + little(start, 8)
        + extra
      (size, packed, start) = (0xFFFF_FFFF, 0xFFFF_FFFF, 0xFFFF_FFFF)
    }
    let isLate = member.descriptor != .none
    var out = ascii("PK\u{1}\u{2}") + little(0x0314, 2) + little(20, 2)
    out += little(member.flags | (isLate ? 8 : 0), 2) + little(method, 2) + little(0, 4)
    out += little(Int(member.crc), 4) + little(packed, 4) + little(size, 4)
    out += little(name.count, 2) + little(extra.count, 2) + little(0, 2) + little(0, 2)
    return out + little(0, 2) + little(0, 4) + little(start, 4) + name + extra
  }

  private func end64(_ entries: Int, _ size: Int, _ start: Int, at offset: Int) -> [UInt8] {
    var out = ascii("PK\u{6}\u{6}") + little(44, 8) + little(45, 2) + little(versionNeeded, 2)
    out += little(0, 4) + little(0, 4) + little(entries, 8) + little(entries, 8)
    out += little(size, 8) + little(start, 8)
    return out + ascii("PK\u{6}\u{7}") + little(0, 4) + little(offset, 8) + little(1, 4)
  }
}

func ascii(_ text: String) -> [UInt8] { Array(text.utf8) }

func little(_ value: Int, _ bytes: Int) -> [UInt8] {
  (0..<bytes).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
}

enum CRC32 {
  static func of(_ bytes: [UInt8]) -> UInt32 {
    var value: UInt32 = 0xFFFF_FFFF
    for byte in bytes {
      value ^= UInt32(byte)
      for _ in 0..<8 { value = value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
    }
    return ~value
  }
}

/// A small compressor (RFC 1951): one block of fixed codes, in which only runs of a byte are short.
enum Deflate {
  static func bytes(_ content: [UInt8]) -> [UInt8] {
    var out = BitWriter()
    out.write(1, 1)
    out.write(1, 2)
    var index = 0
    while index < content.count {
      let byte = content[index]
      var run = 0
      while run < 258, index > 0, index + run < content.count, content[index + run] == byte,
        content[index - 1] == byte
      {
        run += 1
      }
      if run == 258 {
        // Length code 285, distance code 0.
        out.writeCode(0b1100_0101, 8)
        out.writeCode(0, 5)
        index += 258
      } else {
        if byte < 144 {
          out.writeCode(0x30 + Int(byte), 8)
        } else {
          out.writeCode(0x190 + Int(byte) - 144, 9)
        }
        index += 1
      }
    }
    out.writeCode(0, 7)
    return out.finished
  }

  static func gzip(_ content: [UInt8], name: String? = nil) -> [UInt8] {
    var out: [UInt8] = [0x1F, 0x8B, 8, name == nil ? 0 : 8, 0, 0, 0, 0, 0, 3]
    if let name { out += Array(name.utf8) + [0] }
    return out + bytes(content) + little(Int(CRC32.of(content)), 4) + little(content.count, 4)
  }

  private struct BitWriter {
    private var bytes: [UInt8] = []
    private var pending: UInt8 = 0
    private var used = 0

    mutating func write(_ value: Int, _ bits: Int) {
      for bit in 0..<bits {
        pending |= UInt8(value >> bit & 1) << UInt8(used)
        used += 1
        if used == 8 {
          bytes.append(pending)
          pending = 0
          used = 0
        }
      }
    }

    /// Huffman codes stand with their highest bit first.
    mutating func writeCode(_ code: Int, _ bits: Int) {
      for bit in (0..<bits).reversed() { write(code >> bit & 1, 1) }
    }

    var finished: [UInt8] { used == 0 ? bytes : bytes + [pending] }
  }
}

// A span does not outlive an expression of `#expect`: these lend one for a call.

func zipArchive(_ bytes: [UInt8], _ limits: ArchiveLimits = ArchiveLimits()) -> ZipArchive {
  ZipArchive(bytes.span, limits: limits)
}

func isLikely(_ bytes: [UInt8]) -> Bool { ZipArchive.isLikely(bytes.span) }

func content(
  _ archive: ZipArchive, _ index: Int, _ bytes: [UInt8], _ limitBytes: Int
) -> ZipContent {
  archive.extract(archive.entries[index], from: bytes.span, limitBytes: limitBytes)
}

func inflated(
  _ bytes: some Sequence<UInt8>, _ form: Inflate.Form, _ limitBytes: Int
) -> Inflated {
  Inflate.inflate(Array(bytes).span, as: form, limitBytes: limitBytes)
}

func checksumOf(_ bytes: [UInt8]) -> UInt32 { Inflate.checksum(of: bytes.span) }
