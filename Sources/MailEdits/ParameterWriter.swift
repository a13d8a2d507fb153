// A parameter of Content-Type or Content-Disposition, as it is written (RFC 2045 §5.1, RFC 2231).

enum ParameterWriter {
  /// Longest value, and longest piece of one, that is written at once: keeps lines within 78.
  private static let pieceCharactersMax = 54

  /// Longest value that was received and is written as it is, in ASCII: a line holds it.
  private static let plainBytesMax = 900

  /// Appends `; name="value"`, in RFC 2231 form where it is not short ASCII.
  ///
  /// - Parameter isPlain: Nobody reads it in RFC 2231 form: boundary, charset and the like.
  static func append(
    _ name: String, _ value: [UInt8], isPlain: Bool = false, to field: inout [UInt8]
  ) {
    if value.count <= (isPlain ? plainBytesMax : pieceCharactersMax),
      value.allSatisfy({ $0 >= 0x20 && $0 < 0x7F })
    {
      field.append(contentsOf: "; \(name)=\"".utf8)
      for byte in value {
        if byte == 0x22 || byte == 0x5C { field.append(0x5C) }
        field.append(byte)
      }
      field.append(0x22)
      return
    }
    let pieces = extendedPieces(value)
    for (index, piece) in pieces.enumerated() {
      let number = pieces.count > 1 ? "*\(index)" : ""
      field.append(contentsOf: "; \(name)\(number)*=\(index == 0 ? "utf-8''" : "")".utf8)
      field.append(contentsOf: piece)
    }
  }

  /// Percent-encoded pieces (RFC 2231 §3, §4.1); a piece never parts an escape.
  private static func extendedPieces(_ value: [UInt8]) -> [[UInt8]] {
    var pieces: [[UInt8]] = [[]]
    for byte in value {
      var one: [UInt8] = []
      if MediaTypeText.isToken(byte), byte != 0x25, byte != 0x27, byte != 0x2A {
        one = [byte]
      } else {
        QuotedPrintable.appendEscape(byte, to: &one)
        one[0] = 0x25
      }
      if pieces[pieces.count - 1].count + one.count > pieceCharactersMax { pieces.append([]) }
      pieces[pieces.count - 1].append(contentsOf: one)
    }
    return pieces
  }
}
