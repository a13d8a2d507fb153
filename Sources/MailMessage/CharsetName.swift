// Names of charsets as mail writes them: aliases, misspellings, and which of them hide text from
// who reads bytes. A name comes from the mail and may be anything.

/// What a charset's name in mail means.
enum CharsetName {
  enum Kind: Equatable {
    case utf8
    /// ISO 8859-1, read as its superset windows-1252, as every mail program does.
    case latin1
    case iconv(String)
    case unknown
  }

  static func kind(_ name: String) -> Kind {
    switch name {
    case "", "utf-8", "us-ascii": .utf8
    case "iso-8859-1", "windows-1252": .latin1
    default: normalKind(normalized(name))
    }
  }

  private static func normalKind(_ name: String) -> Kind {
    switch name {
    case "", "utf-8", "utf8", "us-ascii", "ascii", "ansi_x3.4-1968", "utf_8", "utf 8", "x-utf-8",
      "unicode-1-1-utf-8", "cp65001", "cp20127":
      .utf8
    case "iso-8859-1", "iso8859-1", "iso_8859-1", "latin1", "latin-1", "cp1252", "cp28591", "l1",
      "8859-1", "iso88591":
      .latin1
    case "unknown-8bit", "x-unknown", "unknown", "default", "binary", "none": .unknown
    default: .iconv(aliases[name] ?? name)
    }
  }

  /// Without blanks, quotes and controls around it; all names of a code page are `cp` and its
  /// number.
  private static func normalized(_ name: String) -> String {
    var bytes = Array(name.utf8)[...]
    while let first = bytes.first, isSurrounding(first) { bytes.removeFirst() }
    while let last = bytes.last, isSurrounding(last) { bytes.removeLast() }
    let word = String(decoding: bytes, as: UTF8.self)
    return codePage(word) ?? word
  }

  private static func isSurrounding(_ byte: UInt8) -> Bool {
    byte <= ASCII.space || byte == ASCII.quote || byte == 39 || byte == 127
  }

  /// `windows-1251`, `x-cp1251`, `ibm037` and the like.
  private static func codePage(_ word: String) -> String? {
    var rest = Substring(word)
    if rest.hasPrefix("x-") { rest = rest.dropFirst(2) }
    let prefixes = ["windows", "win", "cp", "ibm", "dos", "ms", "ccsid"]
    guard let prefix = prefixes.first(where: { rest.hasPrefix($0) }) else { return nil }
    rest = rest.dropFirst(prefix.utf8.count)
    if let mark = rest.utf8.first, mark == ASCII.dash || mark == 95 { rest = rest.dropFirst() }
    guard 2...5 ~= rest.utf8.count, rest.utf8.allSatisfy({ ASCII.digit($0) != nil }) else {
      return nil
    }
    // Some write `ibm-37`.
    let digits = rest.utf8.count == 2 ? "0" + rest : String(rest)
    return "cp\(digits)"
  }

  /// Names that mail uses and iconv does not know, or knows as a smaller charset than mail means.
  private static let aliases = [
    "gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "gb_2312-80": "gb18030",
    "cp936": "gb18030", "ks_c_5601-1987": "cp949", "euc-kr": "cp949", "ks_c_5601": "cp949",
    "shift_jis": "cp932", "shift-jis": "cp932", "x-sjis": "cp932", "windows-31j": "cp932",
    "iso-8859-8-i": "iso-8859-8", "iso-8859-8-e": "iso-8859-8", "tis-620": "cp874",
    "x-mac-roman": "macintosh", "x-mac-cyrillic": "mac-cyrillic", "iso-8859-9": "cp1254",
    "big5": "big5-hkscs", "cp1200": "utf-16le", "cp1201": "utf-16be", "cp65000": "utf-7",
    "unicode-1-1-utf-7": "utf-7", "unicode-2-0-utf-7": "utf-7", "x-unicode-2-0-utf-7": "utf-7",
    "csunicode11utf7": "utf-7", "utf_7": "utf-7", "utf 7": "utf-7", "x-utf-7": "utf-7",
    "utf_16": "utf-16", "utf 16": "utf-16", "x-utf-16": "utf-16", "unicodefffe": "utf-16be",
    "x-utf-16le": "utf-16le", "x-utf-16be": "utf-16be", "iso-10646-ucs-4": "utf-32",
    "ucs-4": "utf-32", "ebcdic": "cp037", "x-ebcdic": "cp037",
  ]

  // MARK: Unicode in wide units

  /// What a byte order mark at the beginning says, and the bytes it takes. It overrules every name,
  /// as in every browser (WHATWG Encoding §6). That of UTF-8 is kept, as in text that needs no
  /// conversion.
  static func mark(_ bytes: Span<UInt8>) -> (charset: String, bytes: Int)? {
    guard bytes.count >= 2 else { return nil }
    switch (bytes[0], bytes[1]) {
    case (0xFE, 0xFF): return ("utf-16be", 2)
    case (0xFF, 0xFE):
      let isWide = bytes.count >= 4 && bytes[2] == 0 && bytes[3] == 0
      return isWide ? ("utf-32le", 4) : ("utf-16le", 2)
    case (0xEF, 0xBB) where bytes.count >= 3 && bytes[2] == 0xBF: return ("utf-8", 0)
    default: return nil
    }
  }

  /// The charset with the order of its bytes, where neither name nor mark says it: that which
  /// makes text of it, and else the one of RFC 2781 §4.3.
  static func ordered(_ name: String, _ bytes: Span<UInt8>) -> String {
    let isWide = name == "utf-32"
    guard isWide || ["utf-16", "ucs-2", "iso-10646-ucs-2", "utf16", "unicode"].contains(name)
    else { return name }
    // With a mark iconv knows.
    if !isWide, let mark = mark(bytes), mark.bytes > 0 { return "utf-16" }
    var zeros = (even: 0, odd: 0)
    for index in 0..<min(bytes.count, 512) where bytes[index] == 0 {
      if index % 4 == 3 || (!isWide && index % 2 == 1) { zeros.odd += 1 }
      if index % 4 == 0 || (!isWide && index % 2 == 0) { zeros.even += 1 }
    }
    let isLittle = zeros.odd > zeros.even
    if isWide { return isLittle ? "utf-32le" : "utf-32be" }
    return isLittle ? "utf-16le" : "utf-16be"
  }

  // MARK: What a name tells

  /// Whether it is one of the names of ASCII, which knows no other character.
  static func isASCII(_ name: String) -> Bool {
    ["", "us-ascii", "ascii", "ansi_x3.4-1968", "cp20127"].contains(normalized(name))
  }

  /// Whether text in it can be converted.
  static func isKnown(_ name: String) -> Bool {
    switch kind(name) {
    case .utf8, .latin1: true
    case .unknown: false
    case .iconv(let canonical): Iconv(charset: canonical) != nil
    }
  }

  /// Whether markup and words in ASCII can be written in it so that bytes do not show them: UTF-7,
  /// UTF-16, EBCDIC. What can be converted is tried.
  static func hidesASCII(_ name: String) -> Bool {
    guard case .iconv(let canonical) = kind(name) else { return false }
    let hiding = ["hz", "utf-7", "utf7", "utf-1", "scsu", "bocu", "ebcdic", "ucs-", "utf-32"]
    if hiding.contains(where: { canonical.hasPrefix($0) }) { return true }
    let markup = Array("<a href=\"x\">+ADw-</a>".utf8)
    guard var converter = Iconv(charset: canonical) else { return false }
    var text: [UInt8] = []
    _ = converter.append(markup.span, to: &text, limitBytes: 1_024)
    return text != markup
  }
}
