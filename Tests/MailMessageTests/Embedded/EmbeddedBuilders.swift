// Writers of the formats that hold files inside of texts. Plain and separate from the readers, so
// that both would have to be wrong in the same way to agree.

/// Writes texts that hold files.
enum Embed {
  static func uuencode(_ bytes: [UInt8], name: String, mode: String = "644") -> String {
    sixBit(bytes, name: name, mode: mode) { $0 == 0 ? "`" : String(UnicodeScalar($0 + 32)) }
  }

  static func xxencode(_ bytes: [UInt8], name: String) -> String {
    let alphabet = Array("+-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
    return sixBit(bytes, name: name, mode: "644") { String(alphabet[Int($0)]) }
  }

  private static func sixBit(
    _ bytes: [UInt8], name: String, mode: String, _ sign: (UInt8) -> String
  ) -> String {
    var text = "begin \(mode) \(name)\n"
    for start in stride(from: 0, to: bytes.count, by: 45) {
      let line = Array(bytes[start..<min(start + 45, bytes.count)])
      text += sign(UInt8(line.count))
      text += groups(line).map(sign).joined() + "\n"
    }
    return text + sign(0) + "\nend\n"
  }

  /// Six bits at a time, three bytes filled up with zeros.
  static func groups(_ bytes: [UInt8]) -> [UInt8] {
    let filled = bytes + [UInt8](repeating: 0, count: (3 - bytes.count % 3) % 3)
    return stride(from: 0, to: filled.count, by: 3).flatMap { at -> [UInt8] in
      let (one, two, three) = (filled[at], filled[at + 1], filled[at + 2])
      return [one >> 2, (one & 3) << 4 | two >> 4, (two & 15) << 2 | three >> 6, three & 63]
    }
  }

  static func base64(_ bytes: [UInt8]) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
    var text = groups(bytes).map { String(alphabet[Int($0)]) }
    let padding = (3 - bytes.count % 3) % 3
    for index in 0..<padding { text[text.count - 1 - index] = "=" }
    return text.joined()
  }

  static func yEnc(
    _ bytes: [UInt8], name: String, part: Int? = nil, begin: Int = 1, checksum: String? = nil
  ) -> [UInt8] {
    let size = part == nil ? bytes.count : 1_000
    let number = part.map { "part=\($0) total=2 " } ?? ""
    var text = Array("=ybegin \(number)line=16 size=\(size) name=\(name)\r\n".utf8)
    if part != nil {
      text += Array("=ypart begin=\(begin) end=\(begin + bytes.count - 1)\r\n".utf8)
    }
    for (index, byte) in bytes.enumerated() {
      let coded = byte &+ 42
      text += [0, 10, 13, 61].contains(coded) ? [61, coded &+ 64] : [coded]
      if index % 16 == 15 { text += [13, 10] }
    }
    let key = part == nil ? "crc32" : "pcrc32"
    let sum = checksum ?? String(crc32(bytes), radix: 16)
    return text + Array("\r\n=yend size=\(bytes.count) \(key)=\(sum)\r\n".utf8)
  }

  /// Bit by bit.
  static func crc32(_ bytes: [UInt8]) -> UInt32 {
    var sum = UInt32.max
    for byte in bytes {
      sum ^= UInt32(byte)
      for _ in 0..<8 { sum = sum % 2 == 1 ? sum / 2 ^ 0xEDB8_8320 : sum / 2 }
    }
    return ~sum
  }

  static func crc16(_ bytes: [UInt8]) -> UInt16 {
    var sum: UInt16 = 0
    for byte in bytes {
      sum ^= UInt16(byte) << 8
      for _ in 0..<8 { sum = sum > 0x7FFF ? sum << 1 ^ 0x1021 : sum << 1 }
    }
    return sum
  }

  static func binHex(
    _ data: [UInt8], name: String, resource: [UInt8] = [], packsRuns: Bool = true,
    announcement: String = "(This file must be converted with BinHex 4.0)\n"
  ) -> String {
    func big(_ value: Int) -> [UInt8] { TNEFWriter.word(UInt32(value)).reversed() }
    func summed(_ bytes: [UInt8]) -> [UInt8] {
      bytes + [UInt8(crc16(bytes) >> 8), UInt8(crc16(bytes) & 255)]
    }
    var header = [UInt8(name.utf8.count)]
    header += Array("\(name)\0TEXTttxt\0\0".utf8)
    header += big(data.count) + big(resource.count)
    let stream = summed(header) + summed(data) + summed(resource)
    let alphabet = Array("!\"#$%&'()*+,-012345689@ABCDEFGHIJKLMNPQRSTUVXYZ[`abcdefhijklmpqr")
    let coded = groups(packed(stream, packsRuns: packsRuns)).map { String(alphabet[Int($0)]) }
    var text = announcement + "\n:"
    for (index, sign) in coded.enumerated() { text += index % 64 == 63 ? sign + "\n" : sign }
    return text + ":\n"
  }

  private static func packed(_ bytes: [UInt8], packsRuns: Bool) -> [UInt8] {
    var packed: [UInt8] = []
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      var count = 1
      while index + count < bytes.count, bytes[index + count] == byte, count < 255 { count += 1 }
      packed += byte == 0x90 ? [0x90, 0] : [byte]
      if packsRuns, count > 3 {
        packed += [0x90, UInt8(count)]
        index += count
      } else {
        index += 1
      }
    }
    return packed
  }
}

/// Writes TNEF (MS-OXTNEF §2.1.2).
struct TNEFWriter {
  private(set) var bytes: [UInt8] = Self.word(0x223E_9F78) + [1, 0]

  static func word(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(value >> (8 * $0) & 255) } }

  mutating func add(
    _ level: UInt8, _ identifier: UInt32, _ data: [UInt8], length: UInt32? = nil, sum: Int? = nil
  ) {
    let total = sum ?? data.reduce(0) { $0 + Int($1) }
    bytes += [level] + Self.word(identifier) + Self.word(length ?? UInt32(data.count)) + data
    bytes += [UInt8(total & 255), UInt8(total >> 8 & 255)]
  }

  mutating func addAttachment(title: String, data: [UInt8]?, properties: [[UInt8]] = []) {
    add(2, 0x0006_9002, [UInt8](repeating: 0, count: 14))
    if !title.isEmpty { add(2, 0x0001_8010, Array(title.utf8) + [0]) }
    if let data { add(2, 0x0006_800F, data) }
    if !properties.isEmpty { add(2, 0x0006_9005, Self.list(properties)) }
  }

  static func list(_ properties: [[UInt8]]) -> [UInt8] {
    word(UInt32(properties.count)) + properties.flatMap { $0 }
  }

  /// A property of variable length with one value.
  static func property(_ identifier: UInt16, _ type: UInt16, _ value: [UInt8]) -> [UInt8] {
    word(UInt32(identifier) << 16 | UInt32(type)) + word(1) + counted(value)
  }

  static func counted(_ value: [UInt8]) -> [UInt8] {
    word(UInt32(value.count)) + value + [UInt8](repeating: 0, count: (4 - value.count % 4) % 4)
  }

  static func wide(_ text: String) -> [UInt8] {
    (text.utf16 + [0]).flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
  }
}
