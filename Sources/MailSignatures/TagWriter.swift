// Writes a field of tags in lines of 76 columns (RFC 5322 §2.1.1 asks for 78). Folds stand where
// RFC 6376 allows them: between tags, at the colons of `h=`, inside of base64.
internal import MailMessage

struct TagWriter {
  private static let columnsMax = 76

  private(set) var bytes: [UInt8]
  private var column: Int
  private var hasTag = false

  /// - Parameter name: Of the field.
  init(_ name: String) {
    bytes = Array("\(name):".utf8)
    column = bytes.count
  }

  /// Appends a tag that is never broken unless between `pieces`.
  mutating func append(_ name: String, _ pieces: [String]) {
    if hasTag { append(";") }
    for (index, piece) in pieces.enumerated() {
      let text = index == 0 ? "\(name)=\(piece)" : piece
      // One column stays for the `;` or `:` behind it.
      if column + text.utf8.count + 2 > Self.columnsMax {
        fold()
      } else if index == 0 {
        append(" ")
      }
      append(text)
    }
    hasTag = true
  }

  /// Appends a tag of base64 on lines of its own.
  mutating func append(_ name: String, base64: [UInt8]) {
    if hasTag { append(";") }
    fold()
    append("\(name)=")
    append(base64: base64)
    hasTag = true
  }

  /// Continues the last tag.
  mutating func append(base64: [UInt8]) {
    for letter in base64 {
      if column + 1 >= Self.columnsMax { fold() }
      bytes.append(letter)
      column += 1
    }
  }

  private mutating func fold() {
    bytes += [ASCII.carriageReturn, ASCII.lineFeed, ASCII.tab]
    // Counted as one column: limits are in characters.
    column = 1
  }

  private mutating func append(_ text: String) {
    bytes += Array(text.utf8)
    column += text.utf8.count
  }
}
