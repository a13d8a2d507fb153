// Words of others, made fit for a line of ours, and ours for a line of theirs.

enum ScannerText {
  /// RFC 5322 §2.1.1: nothing that a mail server hands on is longer.
  static let lineBytesMax = 998
  static let shownBytesMax = 200

  /// For messages: without controls, and cut.
  static func shown(_ text: String) -> String { line(text, bytesMax: shownBytesMax) }

  /// For a header field of a request: whatever a client put into its HELO, it stays one line.
  static func line(_ text: String, bytesMax: Int = lineBytesMax) -> String {
    var kept = ""
    for scalar in text.unicodeScalars {
      guard kept.utf8.count + 4 <= bytesMax else { break }
      kept.unicodeScalars.append(scalar.properties.generalCategory == .control ? "?" : scalar)
    }
    return kept
  }

  static func trimmed(_ text: some StringProtocol) -> String {
    let isSpace = { (character: Character) in character.isWhitespace }
    let start = text.drop(while: isSpace)
    guard let last = start.lastIndex(where: { !isSpace($0) }) else { return "" }
    return String(start[...last])
  }

  /// A count of at most nine digits.
  static func count(_ text: String) -> Int? {
    guard (1...9).contains(text.utf8.count), text.utf8.allSatisfy({ (48...57).contains($0) })
    else { return nil }
    return Int(text)
  }

  /// A name: printable ASCII without spaces and commas, since names are joined by these.
  static func isName(_ text: some StringProtocol, bytesMax: Int) -> Bool {
    (1...bytesMax).contains(text.utf8.count)
      && text.utf8.allSatisfy { $0 > 32 && $0 < 127 && $0 != UInt8(ascii: ",") }
  }

  /// Text of several lines: LF ends each, other controls but tabs are gone.
  static func lines(_ bytes: [UInt8]) -> String {
    var kept = String.UnicodeScalarView()
    for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars
    where scalar == "\n" || scalar == "\t" || scalar.properties.generalCategory != .control {
      kept.append(scalar)
    }
    return String(kept)
  }
}
