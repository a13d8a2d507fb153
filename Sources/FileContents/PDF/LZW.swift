// LZW as PDF and TIFF have it (ISO 32000-1 §7.4.4): codes of 9 to 12 bits, the first bit first, the
// width growing one code early.

enum LZW {
  private static let clear = 256
  private static let end = 257

  static func decode(_ data: [UInt8], _ room: Int) -> PDFFilters.Result {
    var output: [UInt8] = []
    // Where each code's text stands in the output.
    var table: [Range<Int>] = []
    table.reserveCapacity(4_096 - 258)
    var last: Range<Int>?
    var buffer = 0
    var bits = 0
    for byte in data {
      buffer = (buffer << 8 | Int(byte)) & 0xFFFF_FFFF
      bits += 8
      let width = min(12, max(9, Int.bitWidth - (table.count + 259).leadingZeroBitCount))
      guard bits >= width else { continue }
      bits -= width
      let code = buffer >> bits & (1 << width - 1)
      if code == end { return PDFFilters.Result(bytes: output) }
      if code == clear {
        table.removeAll(keepingCapacity: true)
        last = nil
        continue
      }
      let start = output.count
      if code < 256 {
        output.append(UInt8(code))
      } else if code - 258 < table.count {
        for index in table[code - 258] { output.append(output[index]) }
      } else if let last, code - 258 == table.count {
        for index in last { output.append(output[index]) }
        output.append(output[last.lowerBound])
      } else {
        return PDFFilters.Result(bytes: output, isDamaged: true)
      }
      // A new code is the last text and the first byte of this one, which stand side by side.
      if let last, table.count < 4_096 - 258 {
        table.append(last.lowerBound..<last.upperBound + 1)
      }
      last = start..<output.count
      if output.count > room {
        return PDFFilters.Result(bytes: Array(output.prefix(room)), isCut: true)
      }
    }
    return PDFFilters.Result(bytes: output, isDamaged: true)
  }
}
