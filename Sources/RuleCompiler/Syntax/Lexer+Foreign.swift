// What was pasted from elsewhere: blanks that are none to the grammar, letters that are not ASCII.

extension Lexer {
  /// Blanks of another kind are blanks, so nothing behind them is misread.
  mutating func oddBlanks(_ first: UInt32) {
    let start = index
    let nothing = OddBlank.takesNoPlace(first)
    while let value = UTF8Scan.value(in: source.bytes, at: index), OddBlank.isOne(value),
      OddBlank.takesNoPlace(value) == nothing
    {
      index += UTF8Scan.scalar(in: source.bytes, at: index).length
    }
    report(.oddBlank(first), start..<index, edit: (start..<index, nothing ? "" : " "))
  }

  /// A letter that is not ASCII.
  func foreignLetter(at offset: Int) -> Unicode.Scalar? {
    guard let value = UTF8Scan.value(in: source.bytes, at: offset), value >= 0x80,
      let scalar = Unicode.Scalar(value), scalar.properties.isAlphabetic
    else { return nil }
    return scalar
  }

  /// A word with letters of other scripts is one mistake.
  mutating func foreignWord() {
    let start = index
    var end = start
    var foreign: Unicode.Scalar?
    while end < source.bytes.count {
      if let letter = foreignLetter(at: end) {
        foreign = foreign ?? letter
        end += UTF8Scan.scalar(in: source.bytes, at: end).length
      } else if source.bytes[end].continuesName {
        end += 1
      } else {
        break
      }
    }
    let word = source.text(start..<end)
    let isName = word.utf8.count <= 4 * limits.nameBytesMax
    let edit = isName ? OddBlank.plain(word).map { (start..<end, $0) } : nil
    report(.foreignLetter(word: word, letter: foreign?.value ?? 0), start..<end, edit: edit)
    emit(.unknown, end - start)
  }
}
