// ASCII as records and names have it. No table of Unicode decides what a record means.

extension UInt8 {
  var isLetter: Bool { self | 0x20 >= 0x61 && self | 0x20 <= 0x7A }
  var isDigit: Bool { self >= 0x30 && self <= 0x39 }
  var isLetterOrDigit: Bool { isLetter || isDigit }
  var lowercased: UInt8 { self >= 0x41 && self <= 0x5A ? self | 0x20 : self }

  static let space = UInt8(ascii: " ")
  static let dot = UInt8(ascii: ".")
  static let slash = UInt8(ascii: "/")
  static let percent = UInt8(ascii: "%")
}

extension Collection where Element == UInt8 {
  /// Equal to a word in lower case, in whatever case this is written.
  func isWord(_ word: StaticString) -> Bool { isWord("\(word)") }

  func isWord(_ word: String) -> Bool {
    count == word.utf8.count && zip(self, word.utf8).allSatisfy { $0.lowercased == $1 }
  }

  var asciiLowercased: String { String(decoding: map(\.lowercased), as: UTF8.self) }

  /// At most so many bytes, printable ASCII; whatever else there is becomes a question mark.
  func printable(bytesMax: Int) -> String {
    String(decoding: prefix(bytesMax).map { (0x20...0x7E).contains($0) ? $0 : 0x3F }, as: UTF8.self)
  }
}
