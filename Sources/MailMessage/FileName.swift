// What a desktop would take a file for: the extension of a declared name.

/// Questions about declared file names.
package enum FileName {
  /// What follows the last dot of the last path component, lower-cased; "" when there is none.
  ///
  /// Dots and blanks at the end are ignored, as Windows ignores them when it opens the file.
  package static func `extension`(of name: String) -> String {
    var bytes = Array(name.utf8)
    while let last = bytes.last, last == ASCII.dot || ASCII.isFolding(last) || last == 0 {
      bytes.removeLast()
    }
    var index = bytes.count
    while index > 0 {
      let byte = bytes[index - 1]
      if byte == ASCII.slash || byte == ASCII.backslash { return "" }
      if byte == ASCII.dot {
        return String(decoding: bytes[index...].map(ASCII.lower), as: UTF8.self)
      }
      index -= 1
    }
    return ""
  }
}
