// What a desktop would take a file for: the extension of a declared name, and the extensions that
// it could have once a program has cleaned the name.
// Trusts nothing; a handful of passes over the name.

/// Questions about declared file names.
package enum FileName {
  /// What follows the last dot of the last path component, lower-cased; "" when there is none.
  ///
  /// Dots and blanks at the end are ignored, as Windows ignores them when it opens the file, and
  /// the name ends at a NUL.
  package static func `extension`(of name: String) -> String {
    let bytes = Array(name.utf8)
    let nul = bytes.firstIndex(of: ASCII.nul) ?? bytes.count
    return lastExtension(nul > 0 ? bytes[..<nul] : bytes[...])
  }

  /// Every extension that a program could act on: first what `extension(of:)` says, then what is
  /// left when the name is cut or cleaned in the ways that programs and systems have. The others
  /// are not empty.
  package static func extensions(of name: String) -> [String] {
    var found = [`extension`(of: name)]
    guard isUnusual(name) else { return found }
    for text in variants(of: name) {
      let other = plainExtension(text[...])
      if !other.isEmpty, !found.contains(other) { found.append(other) }
    }
    for other in decodedExtensions(of: name) where !found.contains(other) { found.append(other) }
    return found
  }

  /// Extensions that show only once percent signs, other forms of letters and invisible characters
  /// are resolved.
  static func decodedExtensions(of name: String) -> [String] {
    var found: [String] = []
    var next: String? = name
    // Some programs resolve percent signs twice.
    for _ in 0..<3 {
      guard let text = next else { break }
      let other = plainExtension(NameFolding.folded(text)[...])
      if !other.isEmpty, !found.contains(other) { found.append(other) }
      next = PercentText.resolved(text)
    }
    return found
  }

  /// The extension as it stands there, without blanks and controls; "" if that is no plain word.
  static func plainExtension(of name: String) -> String { plainExtension(Array(name.utf8)[...]) }

  /// The last component of a path of any system; the name itself where that is empty.
  static func lastComponent(of name: String) -> String {
    let bytes = Array(name.utf8)
    guard let separator = bytes.lastIndex(where: isSeparator), separator + 1 < bytes.count else {
      return name
    }
    return String(decoding: bytes[(separator + 1)...], as: UTF8.self)
  }

  /// Whether text that is not declared as a name looks like one.
  package static func looksLikeFile(_ text: String) -> Bool {
    let found = `extension`(of: text)
    return (1...8).contains(found.utf8.count) && text.utf8.count <= 255
      && found.utf8.count + 1 < text.utf8.count
      && found.utf8.allSatisfy { isLetterOrDigit($0) }
  }

  static func isSeparator(_ byte: UInt8) -> Bool {
    byte == ASCII.slash || byte == ASCII.backslash
  }

  /// Controls but tabs, which folding leaves in names.
  static func isControl(_ byte: UInt8) -> Bool {
    (byte < 32 && byte != ASCII.tab) || byte == 127
  }

  static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    ASCII.digit(byte) != nil || ASCII.lower(byte) &- 97 < 26
  }

  // MARK: Extensions of bytes

  private static func lastExtension(_ name: ArraySlice<UInt8>) -> String {
    var end = name.endIndex
    while end > name.startIndex, isIgnoredAtEnd(name[end - 1]) { end -= 1 }
    var index = end
    while index > name.startIndex {
      let byte = name[index - 1]
      if isSeparator(byte) { return "" }
      if byte == ASCII.dot {
        return String(decoding: name[index..<end].map(ASCII.lower), as: UTF8.self)
      }
      index -= 1
    }
    return ""
  }

  private static func isIgnoredAtEnd(_ byte: UInt8) -> Bool {
    byte == ASCII.dot || ASCII.isFolding(byte) || byte == ASCII.nul
  }

  /// The last extension without blanks in it, if it is made of letters and digits; else "".
  private static func plainExtension(_ name: ArraySlice<UInt8>) -> String {
    let found = lastExtension(name).utf8.filter { !ASCII.isFolding($0) && !isControl($0) }
    guard found.count <= 32, found.allSatisfy(isLetterOrDigit) else { return "" }
    return String(decoding: found, as: UTF8.self)
  }

  /// Whether anything but the last dot could decide; most names need no second look.
  private static func isUnusual(_ name: String) -> Bool {
    var last: UInt8 = ASCII.dot
    for byte in name.utf8 {
      switch byte {
      case 0...31, 127...255, 37, ASCII.colon: return true
      // A blank that is in the extension, at the end, or one of many.
      case ASCII.space where last == ASCII.dot || last == ASCII.space: return true
      default: last = byte
      }
    }
    if !isLetterOrDigit(last) { return true }
    return !`extension`(of: name).utf8.allSatisfy(isLetterOrDigit)
  }

  /// The name as programs and systems cut it.
  private static func variants(of name: String) -> [[UInt8]] {
    let bytes = Array(name.utf8)
    var found = [bytes]
    if bytes.contains(ASCII.nul) { found.append(bytes.filter { $0 != ASCII.nul }) }
    // `file.exe:stream`, `file.exe::$DATA`: NTFS opens the file before the colon. `c:` is a drive.
    let start = bytes.count > 1 && bytes[1] == ASCII.colon ? 2 : 0
    if let colon = bytes[start...].firstIndex(of: ASCII.colon) {
      found.append(Array(bytes[..<colon]))
    }
    let wrapping = Array("\"';,)]}>/\\".utf8)
    if let last = bytes.lastIndex(where: { !wrapping.contains($0) && !isIgnoredAtEnd($0) }),
      last + 1 < bytes.count
    {
      found.append(Array(bytes[...last]))
    }
    // Systems cut long names; blanks are there to move the cut.
    if let gap = Padding.firstGap(bytes) { found.append(Array(bytes[..<gap])) }
    return found
  }
}

/// Blanks that push what follows them out of sight, and perhaps beyond the longest name.
enum Padding {
  static let gapMin = 8

  /// Where the first long run of blanks begins.
  static func firstGap(_ name: [UInt8]) -> Int? {
    var start = 0
    for (index, byte) in name.enumerated() where !ASCII.isFolding(byte) {
      if index - start >= gapMin { return start }
      start = index + 1
    }
    return nil
  }
}
