// Character references of HTML (Living Standard §13.5): by number, and by the names that mail uses.
// A reference is short, so looking for its end costs little wherever an ampersand stands.

package enum CharacterReference {
  /// The character that the reference at `start`, an ampersand, stands for, and where it ends. Nil
  /// where there is none: then the ampersand is text.
  package static func read(
    _ html: Span<UInt8>, at start: Int
  ) -> (scalar: Unicode.Scalar, next: Int)? {
    guard start + 1 < html.count else { return nil }
    if html[start + 1] == 35 { return number(html, start + 2) }
    return named(html, start + 1)
  }

  private static func number(
    _ html: Span<UInt8>, _ start: Int
  ) -> (scalar: Unicode.Scalar, next: Int)? {
    var index = start
    let isHex = index < html.count && ASCII.lower(html[index]) == 120
    if isHex { index += 1 }
    let digits = index
    var value: UInt32 = 0
    while index < html.count,
      let digit = isHex
        ? ASCII.hex(html[index]).map(UInt32.init)
        : ASCII.digit(html[index]).map({ UInt32($0) })
    {
      // Beyond Unicode it stays beyond, however many digits follow.
      value = min(value * (isHex ? 16 : 10) + digit, 0x110000)
      index += 1
    }
    guard index > digits else { return nil }
    if index < html.count, html[index] == ASCII.semicolon { index += 1 }
    return (scalar(value), index)
  }

  /// What is no character is U+FFFD; 0x80–0x9F are meant as windows-1252 (Living Standard §13.2.5).
  private static func scalar(_ value: UInt32) -> Unicode.Scalar {
    var value = value
    if (0x80...0x9F).contains(value) { value = WindowsLatin.scalar(UInt8(value)) }
    if value == 0 { value = 0xFFFD }
    return Unicode.Scalar(value) ?? "\u{FFFD}"
  }

  /// The longest name in the table.
  private static let nameBytesMax = 8

  private static func named(
    _ html: Span<UInt8>, _ start: Int
  ) -> (scalar: Unicode.Scalar, next: Int)? {
    var index = start
    while index < html.count, index - start <= nameBytesMax, isNameByte(html[index]) { index += 1 }
    guard index > start else { return nil }
    let name = String(decoding: (start..<index).map { html[$0] }, as: UTF8.self)
    let isClosed = index < html.count && html[index] == ASCII.semicolon
    // Without a semicolon only the old names count (Living Standard §13.2.5.73).
    guard let value = table[name], let scalar = Unicode.Scalar(value),
      isClosed || value < 0x100
    else { return nil }
    return (scalar, isClosed ? index + 1 : index)
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    ASCII.lower(byte) &- 97 < 26 || ASCII.digit(byte) != nil
  }

  private static let table: [String: UInt32] = {
    var table: [String: UInt32] = others
    for (offset, name) in latin.split(separator: " ").enumerated() {
      table[String(name)] = 0xA0 + UInt32(offset)
    }
    for (first, names) in runs {
      for (offset, name) in names.split(separator: " ").enumerated() {
        table[String(name)] = first + UInt32(offset)
      }
    }
    return table
  }()

  /// U+00A0 to U+00FF in order (HTML 4 §24.2.1).
  private static let latin = """
    nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr \
    deg plusmn sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest \
    Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml \
    Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times \
    Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig \
    agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml \
    igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide \
    oslash ugrave uacute ucirc uuml yacute thorn yuml
    """

  /// The Greek letters and the signs of mathematics of HTML 4 (§24.3.1), by the first of a
  /// row; brackets as the Living Standard has them.
  private static let runs: [(UInt32, String)] = [
    (
      0x391,
      """
      Alpha Beta Gamma Delta Epsilon Zeta Eta Theta Iota Kappa Lambda Mu Nu Xi Omicron Pi Rho
      """
    ),
    (0x3A3, "Sigma Tau Upsilon Phi Chi Psi Omega"),
    (
      0x3B1,
      """
      alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho \
      sigmaf sigma tau upsilon phi chi psi omega
      """
    ),
    (0x3D1, "thetasym upsih"), (0x3D6, "piv"), (0x200E, "lrm rlm"), (0x2032, "prime Prime"),
    (0x203E, "oline"), (0x2044, "frasl"), (0x2111, "image"), (0x2118, "weierp"), (0x211C, "real"),
    (0x2135, "alefsym"), (0x2194, "harr"), (0x21B5, "crarr"), (0x21D0, "lArr uArr rArr dArr hArr"),
    (0x2200, "forall"), (0x2202, "part exist"), (0x2205, "empty"), (0x2207, "nabla isin notin"),
    (0x220B, "ni"), (0x220F, "prod"), (0x2211, "sum"), (0x2217, "lowast"), (0x221A, "radic"),
    (0x221D, "prop infin"), (0x2220, "ang"), (0x2227, "and or cap cup int"), (0x2234, "there4"),
    (0x223C, "sim"), (0x2245, "cong"), (0x2248, "asymp"), (0x2260, "ne equiv"), (0x2264, "le ge"),
    (0x2282, "sub sup nsub"), (0x2286, "sube supe"), (0x2295, "oplus"), (0x2297, "otimes"),
    (0x22A5, "perp"), (0x22C5, "sdot"), (0x2308, "lceil rceil lfloor rfloor"),
    (0x27E8, "lang rang"),
    (0x25CA, "loz"), (0x2660, "spades"), (0x2663, "clubs"), (0x2665, "hearts diams"),
  ]

  private static let others: [String: UInt32] = [
    "quot": 0x22, "amp": 0x26, "lt": 0x3C, "gt": 0x3E, "apos": 0x27, "QUOT": 0x22, "AMP": 0x26,
    "LT": 0x3C, "GT": 0x3E, "OElig": 0x152, "oelig": 0x153, "Scaron": 0x160, "scaron": 0x161,
    "Yuml": 0x178, "fnof": 0x192, "circ": 0x2C6, "tilde": 0x2DC, "ensp": 0x2002, "emsp": 0x2003,
    "thinsp": 0x2009, "zwnj": 0x200C, "zwj": 0x200D, "ndash": 0x2013, "mdash": 0x2014,
    "lsquo": 0x2018, "rsquo": 0x2019, "sbquo": 0x201A, "ldquo": 0x201C, "rdquo": 0x201D,
    "bdquo": 0x201E, "dagger": 0x2020, "Dagger": 0x2021, "bull": 0x2022, "hellip": 0x2026,
    "permil": 0x2030, "lsaquo": 0x2039, "rsaquo": 0x203A, "euro": 0x20AC, "trade": 0x2122,
    "larr": 0x2190, "uarr": 0x2191, "rarr": 0x2192, "darr": 0x2193, "minus": 0x2212,
    "colon": 0x3A, "period": 0x2E, "comma": 0x2C, "sol": 0x2F, "num": 0x23, "excl": 0x21,
    "commat": 0x40, "dollar": 0x24, "percnt": 0x25, "lpar": 0x28, "rpar": 0x29, "hyphen": 0x2010,
    "NewLine": 0x0A, "Tab": 0x09, "ast": 0x2A, "midast": 0x2A, "plus": 0x2B, "semi": 0x3B,
    "equals": 0x3D, "quest": 0x3F, "lsqb": 0x5B, "lbrack": 0x5B, "bsol": 0x5C, "rsqb": 0x5D,
    "rbrack": 0x5D, "Hat": 0x5E, "lowbar": 0x5F, "UnderBar": 0x5F, "grave": 0x60, "lcub": 0x7B,
    "lbrace": 0x7B, "verbar": 0x7C, "vert": 0x7C, "rcub": 0x7D, "rbrace": 0x7D,
  ]
}
