// The source text of macros: the compressed containers of MS-OVBA §2.4.1, and the names of the
// procedures that run by themselves.
// Trusts nothing: a chunk gives 4,096 bytes at most, and everything else is one pass.

enum VBASource {
  private static let chunkBytes = 4_096

  /// Unpacks the container that begins at `start`, as far as it is one.
  static func unpack(_ bytes: Span<UInt8>, from start: Int, room: Int) -> [UInt8] {
    var output: [UInt8] = []
    guard ByteReader.byte(bytes, at: start) == 1 else { return output }
    var index = start + 1
    while output.count < room, let header = ByteReader.little16(bytes, at: index),
      header >> 12 & 7 == 3
    {
      let end = min(index + (header & 0xFFF) + 3, bytes.count)
      index += 2
      if header >> 15 == 0 {
        let whole = min(index + chunkBytes, bytes.count)
        while index < whole {
          output.append(bytes[index])
          index += 1
        }
      } else {
        unpackChunk(bytes, index..<max(index, end), &output)
        index = max(index, end)
      }
    }
    return output
  }

  private static func unpackChunk(
    _ bytes: Span<UInt8>, _ range: Range<Int>, _ output: inout [UInt8]
  ) {
    let start = output.count
    var index = range.lowerBound
    while index < range.upperBound {
      let flags = bytes[index]
      index += 1
      for bit in 0..<8 {
        guard index < range.upperBound, output.count - start < chunkBytes else { return }
        if flags >> UInt8(bit) & 1 == 0 {
          output.append(bytes[index])
          index += 1
        } else {
          guard let token = ByteReader.little16(bytes, at: index), output.count > start else {
            return
          }
          index += 2
          copy(token, start, &output)
        }
      }
    }
  }

  /// A copy token: how its bits are shared depends on how much there is to copy from (§2.4.1.3.19).
  private static func copy(_ token: Int, _ start: Int, _ output: inout [UInt8]) {
    let known = output.count - start
    let offsetBits = max(4, Int.bitWidth - (known - 1).leadingZeroBitCount)
    let length = token & (0xFFFF >> offsetBits) + 3
    let offset = token >> (16 - offsetBits) + 1
    guard offset <= known else { return }
    for _ in 0..<min(length, chunkBytes - known) { output.append(output[output.count - offset]) }
  }

  /// Where a container may begin that holds a module's source: that begins with an attribute.
  static func starts(in bytes: Span<UInt8>, max: Int) -> [Int] {
    var starts: [Int] = []
    var index = 0
    while starts.count < max,
      let found = ByteSearch.firstIndex(of: attribute, in: bytes, index..<bytes.count)
    {
      // A flag byte is before it, the head of a chunk and the sign of a container before that.
      if found >= 4, bytes[found - 4] == 1, bytes[found - 2] >> 4 == 0xB {
        starts.append(found - 4)
      }
      index = found + 1
    }
    return starts
  }

  private static let attribute = Array("attribut".utf8)

  // MARK: Names

  /// Procedures that Word, Excel, PowerPoint, Access and Outlook call by themselves.
  private static let automatic: [[UInt8]] =
    """
    autoexec autoopen autonew autoclose autoexit auto_open auto_close auto_activate \
    auto_deactivate auto_add auto_remove document_open document_close document_new \
    document_beforeclose documentopen documentbeforeclose newdocument documentchange \
    workbook_open workbook_close workbook_activate workbook_beforeclose workbook_deactivate \
    workbook_windowactivate workbook_addininstall workbook_sheetactivate worksheet_activate \
    presentation_open presentationopen onslideshowpagechange slideshow_begin \
    slideshownextslide application_startup application_quit item_open project_open
    """.split(separator: " ").map { Array($0.utf8) }

  /// Events of controls that come without anybody's doing.
  private static let events: [[UInt8]] = [
    "_gotfocus", "_layout", "_painted", "_painting", "_titlechange", "_resize",
  ].map { Array($0.utf8) }

  private static let names = Set(automatic.map { PackedWord($0) })

  /// Whether some word of the text is the name of such a procedure.
  static func runsByItself(_ text: Span<UInt8>) -> Bool {
    var index = 0
    while index < text.count {
      guard isLetter(text[index]) else {
        index += 1
        continue
      }
      let start = index
      while index < text.count, isLetter(text[index]) { index += 1 }
      let range = start..<index
      if range.count <= PackedWord.bytesMax, names.contains(PackedWord(text, range)) { return true }
      if events.contains(where: { ByteSearch.holds($0, text, at: range.upperBound - $0.count) }) {
        return true
      }
    }
    return false
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    byte == 95 || (byte | 0x20) &- 97 < 26 || byte &- 48 < 10
  }
}

/// A word of up to 32 letters, folded.
struct PackedWord: Hashable {
  static let bytesMax = 32
  private var high: UInt128 = 0
  private var low: UInt128 = 0

  init(_ bytes: [UInt8]) { self.init(bytes.span, 0..<bytes.count) }

  init(_ bytes: Span<UInt8>, _ range: Range<Int>) {
    for index in range {
      let byte = bytes[index]
      high = high << 8 | low >> 120
      low = low << 8 | UInt128(byte &- 65 < 26 ? byte | 0x20 : byte)
    }
  }
}
