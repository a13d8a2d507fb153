// Lines, columns and texts of places in the sources, as the program keeps them for the trace.

import RuleBytecode

struct PlaceFinder {
  let sources: SourceSet

  /// The place of a range's first byte.
  func place(of range: SourceRange) -> SourcePlace {
    let found = sources.files[range.file].position(ofByte: range.bytes.lowerBound)
    return SourcePlace(
      file: UInt32(range.file), line: UInt32(found.line), column: UInt32(found.column))
  }

  /// A piece of source on one line, cut at `bytesMax`.
  func text(of range: SourceRange, bytesMax: Int) -> String {
    let source = sources.files[range.file].bytes
    let end = min(range.bytes.upperBound, source.count)
    var text: [UInt8] = []
    var index = range.bytes.lowerBound
    while index < end {
      let length = UTF8Scan.scalar(in: source, at: index).length
      let isBlank = source[index] == 0x20 || (0x09...0x0D).contains(source[index])
      if !isBlank {
        text += source[index..<min(index + length, end)]
      } else if text.last != 0x20 {
        text.append(0x20)
      }
      index += length
      if text.count > bytesMax { break }
    }
    guard text.count > bytesMax else { return String(decoding: text, as: UTF8.self) }
    // Back to the start of a character, with room for the mark.
    var cut = bytesMax - 3
    while cut > 0, text[cut] & 0xC0 == 0x80 { cut -= 1 }
    return String(decoding: text[..<cut], as: UTF8.self) + "…"
  }
}
