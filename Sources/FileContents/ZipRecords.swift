// The records of a zip (PKWARE APPNOTE 6.3, section 4.3) as they stand, none of them believed.

/// What the four bytes that begin a record say it is.
enum ZipMark: UInt16 {
  case central = 0x0201
  case local = 0x0403
  case digitalSignature = 0x0505
  case end = 0x0605
  case end64 = 0x0606
  case locator64 = 0x0706
  case descriptor = 0x0807

  static func at(_ offset: Int, _ bytes: Span<UInt8>) -> ZipMark? {
    guard offset >= 0, bytes.count - offset >= 4, bytes[offset] == 0x50, bytes[offset + 1] == 0x4B
    else { return nil }
    return ZipMark(rawValue: UInt16(bytes[offset + 2]) | UInt16(bytes[offset + 3]) << 8)
  }
}

/// A header of a member: its local one (§4.3.7) or the directory's (§4.3.12).
struct ZipHeader: Equatable {
  struct Flags: OptionSet {
    let rawValue: Int
    static let encrypted = Flags(rawValue: 1)
    /// Sizes and checksum come behind the data.
    static let descriptor = Flags(rawValue: 8)
    static let strongEncryption = Flags(rawValue: 1 << 6)
    /// The directory is encrypted, and what this header says is masked.
    static let masked = Flags(rawValue: 1 << 13)
  }

  /// The compression method that AES encryption puts in place of the real one.
  static let methodAES = 99
  private static let localBytes = 30
  private static let centralBytes = 46
  /// Extra fields that are read of one header; honest ones have a handful.
  private static let extraFieldsMax = 64

  let offset: Int
  /// Where the record ends, in the directory behind its comment.
  let end: Int
  let name: Range<Int>
  let flags: Flags
  private(set) var method: Int
  let checksum: UInt32
  private(set) var compressed: UInt64
  private(set) var size: UInt64
  /// Where the local header is, from the archive's start.
  private(set) var localOffset: UInt64
  /// A second name, in UTF-8 (extra field 0x7075).
  private(set) var unicodeName: Range<Int>?
  private(set) var isAES = false

  var isEncrypted: Bool {
    isAES || !flags.isDisjoint(with: [.encrypted, .strongEncryption, .masked])
  }

  static func local(at offset: Int, _ bytes: Span<UInt8>) -> ZipHeader? {
    guard ZipMark.at(offset, bytes) == .local else { return nil }
    return ZipHeader(bytes, at: offset, common: offset + 6, names: offset + 26, isCentral: false)
  }

  static func central(at offset: Int, _ bytes: Span<UInt8>) -> ZipHeader? {
    guard ZipMark.at(offset, bytes) == .central else { return nil }
    return ZipHeader(bytes, at: offset, common: offset + 8, names: offset + 28, isCentral: true)
  }

  /// - Parameters:
  ///   - common: Where the fields begin that both kinds have, from the flags on.
  ///   - names: Where the lengths are.
  private init?(
    _ bytes: Span<UInt8>, at offset: Int, common: Int, names: Int, isCentral: Bool
  ) {
    let fixed = isCentral ? Self.centralBytes : Self.localBytes
    guard bytes.count - offset >= fixed,
      let flags = ByteReader.little16(bytes, at: common),
      let method = ByteReader.little16(bytes, at: common + 2),
      let checksum = ByteReader.little32(bytes, at: common + 8),
      let compressed = ByteReader.little32(bytes, at: common + 12),
      let size = ByteReader.little32(bytes, at: common + 16),
      let nameBytes = ByteReader.little16(bytes, at: names),
      let extraBytes = ByteReader.little16(bytes, at: names + 2)
    else { return nil }
    let comment = isCentral ? ByteReader.little16(bytes, at: names + 4) ?? 0 : 0
    let nameEnd = offset + fixed + nameBytes
    guard nameEnd + extraBytes + comment <= bytes.count else { return nil }
    self.offset = offset
    end = nameEnd + extraBytes + comment
    name = nameEnd - nameBytes..<nameEnd
    self.flags = Flags(rawValue: flags)
    self.method = method
    self.checksum = UInt32(truncatingIfNeeded: checksum)
    self.compressed = UInt64(compressed)
    self.size = UInt64(size)
    localOffset = isCentral ? UInt64(ByteReader.little32(bytes, at: offset + 42) ?? 0) : 0
    readExtra(bytes, nameEnd..<nameEnd + extraBytes, isCentral: isCentral)
  }

  /// The extra fields that change what the header means (§4.5).
  private mutating func readExtra(_ bytes: Span<UInt8>, _ range: Range<Int>, isCentral: Bool) {
    var at = range.lowerBound
    for _ in 0..<Self.extraFieldsMax {
      guard range.upperBound - at >= 4, let tag = ByteReader.little16(bytes, at: at),
        let length = ByteReader.little16(bytes, at: at + 2), range.upperBound - at - 4 >= length
      else { return }
      let field = at + 4..<at + 4 + length
      switch tag {
      case 0x0001: readLarge(bytes, field, isCentral: isCentral)
      // Version 1, the checksum of the name that it replaces, the name (§4.6.9).
      case 0x7075 where length > 5: unicodeName = field.lowerBound + 5..<field.upperBound
      // AE-x: version, vendor, strength, the real method (WinZip's specification).
      case 0x9901 where length >= 7:
        isAES = true
        method = ByteReader.little16(bytes, at: field.lowerBound + 5) ?? method
      default: break
      }
      at = field.upperBound
    }
  }

  /// Zip64 (§4.5.3): only what does not fit in its 32 bits, in this order.
  private mutating func readLarge(_ bytes: Span<UInt8>, _ field: Range<Int>, isCentral: Bool) {
    var at = field.lowerBound
    func next() -> UInt64? {
      guard field.upperBound - at >= 8 else { return nil }
      defer { at += 8 }
      return ByteReader.little64(bytes, at: at)
    }
    if size == Self.large { size = next() ?? size }
    if compressed == Self.large { compressed = next() ?? compressed }
    if isCentral, localOffset == Self.large { localOffset = next() ?? localOffset }
  }

  /// Says: the value is in the Zip64 field.
  static let large: UInt64 = 0xFFFF_FFFF
}

/// The end of a directory (§4.3.16), with its Zip64 form (§4.3.14) where there is one.
struct ZipDirectoryEnd: Equatable {
  private static let fixedBytes = 22
  private static let locatorBytes = 20
  private static let end64Bytes = 56

  /// Of this record, its comment included.
  let range: Range<Int>
  /// Where the directory has to end.
  let directoryEnd: Int
  let count: UInt64
  let size: UInt64
  let offset: UInt64
  /// The count is one that may have overflowed its 16 bits.
  let isCountShort: Bool
  /// The two forms, or the two counts, say different things.
  let disagrees: Bool
  let isEncrypted: Bool

  init?(at offset: Int, _ bytes: Span<UInt8>) {
    guard ZipMark.at(offset, bytes) == .end, bytes.count - offset >= Self.fixedBytes,
      let here = ByteReader.little16(bytes, at: offset + 8),
      let count = ByteReader.little16(bytes, at: offset + 10),
      let size = ByteReader.little32(bytes, at: offset + 12),
      let start = ByteReader.little32(bytes, at: offset + 16),
      let comment = ByteReader.little16(bytes, at: offset + 20)
    else { return nil }
    range = offset..<min(bytes.count, offset + Self.fixedBytes + comment)
    guard let large = Self.end64(before: offset, bytes) else {
      directoryEnd = offset
      self.count = UInt64(count)
      self.size = UInt64(size)
      self.offset = UInt64(start)
      isCountShort = true
      disagrees = here != count
      isEncrypted = false
      return
    }
    directoryEnd = large
    let counts = [
      ByteReader.little64(bytes, at: large + 32) ?? 0,
      ByteReader.little64(bytes, at: large + 40) ?? 0,
      ByteReader.little64(bytes, at: large + 48) ?? 0,
    ]
    self.count = counts[0]
    self.size = counts[1]
    self.offset = counts[2]
    isCountShort = false
    disagrees =
      (count != 0xFFFF && UInt64(count) != counts[0])
      || (UInt64(size) != ZipHeader.large && UInt64(size) != counts[1])
      || (UInt64(start) != ZipHeader.large && UInt64(start) != counts[2])
    // §7.3: version 6.2 encrypts the directory.
    isEncrypted = (ByteReader.little16(bytes, at: large + 14) ?? 0) >= 62
  }

  /// The Zip64 end record that a locator before `end` points at.
  private static func end64(before end: Int, _ bytes: Span<UInt8>) -> Int? {
    let locator = end - locatorBytes
    guard ZipMark.at(locator, bytes) == .locator64 else { return nil }
    if let stated = ByteReader.little64(bytes, at: locator + 8), stated < UInt64(bytes.count),
      ZipMark.at(Int(stated), bytes) == .end64, bytes.count - Int(stated) >= end64Bytes
    {
      return Int(stated)
    }
    // With something before the archive it is not where it says.
    let beside = locator - end64Bytes
    return ZipMark.at(beside, bytes) == .end64 ? beside : nil
  }
}
