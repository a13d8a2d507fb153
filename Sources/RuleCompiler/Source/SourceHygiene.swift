// What no source may hold, wherever it stands: bytes that are no UTF-8, NUL, control characters
// and marks that make a line look like another one. One pass over all bytes, before the lexer, so
// that the lexer need not look for them in each kind of token.

/// Looks for forbidden characters in one source.
struct SourceHygiene {
  let source: SourceFile
  let file: Int

  /// Reports what it finds. False when the source is no text at all and not worth parsing.
  func check(_ diagnostics: inout Diagnostics) -> Bool {
    let bytes = source.bytes
    // Written so by some editors; half of its bytes would be NUL.
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      diagnostics.report(.syntax(.isUTF16), at: range(0, 2))
      return false
    }
    if let index = bytes.firstIndex(of: 0) {
      // One message: everything else in a binary file would be noise.
      diagnostics.report(.syntax(.nulByte), at: range(index, 1))
      return false
    }
    var index = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    while index < bytes.count {
      let byte = bytes[index]
      if (0x20..<0x7F).contains(byte) || byte == 0x0A || byte == 0x09 {
        index += 1
      } else {
        index += checkUnusual(at: index, &diagnostics)
      }
    }
    return true
  }

  /// A byte that is not printable ASCII. Gives how many bytes are dealt with.
  private func checkUnusual(at index: Int, _ diagnostics: inout Diagnostics) -> Int {
    let bytes = source.bytes
    let scalar = UTF8Scan.scalar(in: bytes, at: index)
    guard let value = scalar.value else {
      let length = invalidLength(from: index)
      diagnostics.report(.syntax(.invalidUTF8), at: range(index, length))
      return length
    }
    if value == 0x0D && index + 1 < bytes.count && bytes[index + 1] == 0x0A { return 2 }
    if UTF8Scan.isControl(value) {
      diagnostics.report(.syntax(.controlCharacter(value)), at: range(index, scalar.length))
    } else if UTF8Scan.isBidirectionalMark(value) {
      diagnostics.report(.syntax(.bidirectionalMark(value)), at: range(index, scalar.length))
    }
    return scalar.length
  }

  /// Neighbouring bad bytes are one mistake: a word in another character set.
  private func invalidLength(from start: Int) -> Int {
    var end = start
    while end < source.bytes.count {
      let scalar = UTF8Scan.scalar(in: source.bytes, at: end)
      if scalar.value != nil { break }
      end += scalar.length
    }
    return end - start
  }

  private func range(_ index: Int, _ length: Int) -> SourceRange {
    SourceRange(file: file, bytes: index..<index + length)
  }
}
