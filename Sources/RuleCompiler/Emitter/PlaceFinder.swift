// Lines and columns of many places of one policy. Code is emitted almost in source order, so each
// place is found from the one before: a source of one long line costs its length, not its square.

import RuleBytecode

struct PlaceFinder {
  private struct Known {
    var offset = 0
    var line = 1
    var column = 1
    var lineEnd = -1
  }

  private let sources: SourceSet
  private var known: [Known]

  init(_ sources: SourceSet) {
    self.sources = sources
    known = Array(repeating: Known(), count: sources.files.count)
  }

  /// The place of a range's first byte.
  mutating func place(of range: SourceRange) -> SourcePlace {
    let source = sources.files[range.file]
    let offset = range.bytes.lowerBound
    var place = known[range.file]
    if offset >= place.offset && offset <= place.lineEnd {
      while place.offset < offset {
        place.offset += UTF8Scan.scalar(in: source.bytes, at: place.offset).length
        place.column += 1
      }
    } else {
      let found = source.position(ofByte: offset)
      place = Known(
        offset: offset, line: found.line, column: found.column,
        lineEnd: source.bytes(ofLine: found.line).upperBound)
    }
    known[range.file] = place
    return SourcePlace(
      file: UInt32(range.file), line: UInt32(place.line), column: UInt32(place.column))
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
