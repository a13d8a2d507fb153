// libmilter looks a macro up two strings at a time, and reads on behind a list that holds an odd
// number of them (`smfi_getsymval`): such a list from a mail server would end any filter that is
// built on it, before our code is asked. No mail server sends one, so it is not said to libmilter;
// our own engine gets it.
enum WholeMacros {
  /// The same stream, cut in the same places, without packets of macros whose strings are no pairs.
  static func keep(_ pieces: [[UInt8]]) -> [[UInt8]] {
    let bytes = pieces.flatMap { $0 }
    var isKept = [Bool](repeating: true, count: bytes.count)
    var at = 0
    while bytes.count - at >= 4 {
      let length = bytes[at..<at + 4].reduce(0) { $0 << 8 | Int($1) }
      // What does not come whole is not carried out, nor what follows it.
      guard length > 0, bytes.count - at - 4 >= length else { break }
      let end = at + 4 + length
      let strings = bytes[at + 4..<end].count { $0 == 0 }
      if bytes[at + 4] == UInt8(ascii: "D"), !strings.isMultiple(of: 2) {
        for index in at..<end { isKept[index] = false }
      }
      at = end
    }
    var index = 0
    return pieces.map { piece in
      piece.filter { _ in
        defer { index += 1 }
        return isKept[index]
      }
    }
  }
}
