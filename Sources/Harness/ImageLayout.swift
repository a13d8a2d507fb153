// An image taken apart into its sections' records, as bytes, so that a mutator can change one and
// put the image together again. It trusts the image: only those of the compiler are taken apart.
internal import RuleBytecode

struct ImageLayout {
  struct Rows {
    var code: UInt32
    var recordCount: Int
    var bytes: [UInt8]

    /// Bytes of one record; 0 when there is none.
    var recordBytes: Int { recordCount == 0 ? 0 : bytes.count / recordCount }
  }

  var sections: [Rows]

  init(_ image: [UInt8]) {
    let count = Int(image.word(at: 16))
    var offset = Self.headerBytes + Self.rowBytes * count
    sections = (0..<count).map { index in
      let row = Self.headerBytes + Self.rowBytes * index
      let length = Int(image.word(at: row + 8))
      defer { offset += length }
      return Rows(
        code: image.word(at: row), recordCount: Int(image.word(at: row + 4)),
        bytes: Array(image[offset..<offset + length]))
    }
  }

  static let headerBytes = 20
  static let rowBytes = 12

  /// The image with its digest.
  var image: [UInt8] {
    var result = ImageFormat.magic
    let dataBytes = sections.reduce(0) { $0 + $1.bytes.count }
    let total =
      Self.headerBytes + Self.rowBytes * sections.count + dataBytes + ImageFormat.digestBytes
    result.append(word: ImageFormat.version)
    result.append(word: UInt32(total))
    result.append(word: UInt32(sections.count))
    for section in sections {
      result.append(word: section.code)
      result.append(word: UInt32(section.recordCount))
      result.append(word: UInt32(section.bytes.count))
    }
    for section in sections { result += section.bytes }
    return result + SHA256.digest(of: result)
  }

  /// The rows of a section.
  subscript(section: Section) -> Rows {
    get { sections[Int(section.rawValue) - 1] }
    set { sections[Int(section.rawValue) - 1] = newValue }
  }
}

extension [UInt8] {
  func word(at offset: Int) -> UInt32 {
    (0..<4).reduce(0) { $0 | UInt32(self[offset + $1]) << UInt32(8 * $1) }
  }

  mutating func append(word value: UInt32) {
    for shift in [0, 8, 16, 24] as [UInt32] { append(UInt8(truncatingIfNeeded: value >> shift)) }
  }

  mutating func set(word value: UInt32, at offset: Int) {
    for index in 0..<4 { self[offset + index] = UInt8(truncatingIfNeeded: value >> (8 * index)) }
  }

  /// The image with its digest made to fit its content again; nil when it has no room for one.
  var mended: [UInt8]? {
    guard count >= ImageFormat.digestBytes else { return nil }
    let content = Array(dropLast(ImageFormat.digestBytes))
    return content + SHA256.digest(of: content)
  }
}
