// Escapes and bracket classes.

extension PatternParser {
  /// What an escape stands for.
  private enum Escape {
    case scalar(UInt32)
    case set(ScalarSet)
  }

  mutating func escape() throws(UnreadFeature) -> PatternNode {
    let start = offset
    switch peek(1) {
    case "b", "B":
      let condition: PatternNode.Condition = peek(1) == "b" ? .wordBoundary : .noWordBoundary
      index += 2
      return .condition(condition)
    case "Z":
      index += 2
      return irregular(.condition(.other))
    case "A":
      index += 2
      return .begin
    case "z":
      index += 2
      return .end
    case "G":
      index += 2
      return irregular(.begin)
    case "K":
      index += 2
      return irregular(.empty)
    case "R":
      index += 2
      let whole = start..<offset
      let pair = PatternNode.concat([.set(ScalarSet(13), whole), .set(ScalarSet(10), whole)])
      return irregular(.choice([pair, .set(.vertical, whole)]))
    case "N" where peek(2) != "{":
      index += 2
      return .set(ScalarSet.lineEnds.inverted, start..<offset)
    case "1", "2", "3", "4", "5", "6", "7", "8", "9", "k":
      throw unread("a back-reference", length: 2)
    case "g": throw unread("a back-reference or a recursion", length: 2)
    default: break
    }
    switch try characterEscape(inClass: false) {
    case .scalar(let value): return literal(value, start)
    case .set(let set): return .set(set, start..<offset)
    }
  }

  /// `\n`, `\x{41}`, `\d` and all others that stand for characters, after a backslash.
  private mutating func characterEscape(inClass: Bool) throws(UnreadFeature) -> Escape {
    guard let letter = peek(1) else { throw unread("a backslash at the end", length: 1) }
    index += 2
    if let set = Self.genericSets[letter] { return .set(set) }
    if let value = Self.controls[letter] { return .scalar(value) }
    switch letter {
    case "b" where inClass: return .scalar(8)
    case "0": return .scalar(octal(atMost: 2))
    case "1"..."7" where inClass:
      index -= 1
      return .scalar(octal(atMost: 3))
    case "x": return .scalar(try hexadecimal())
    case "o": return .scalar(try braced(radix: 8))
    case "c":
      guard let next = peek, next.isASCII else { throw unread("this escape", length: 1) }
      index += 1
      let upper = next.value &- 97 < 26 ? next.value ^ 0x20 : next.value
      return .scalar(upper ^ 0x40)
    case "p", "P": return .set(try property(isNegated: letter == "P"))
    default:
      // PCRE2 takes a backslash before anything but a letter or digit as "this character".
      let isWord = letter.isASCII && ScalarSet.posix("alnum")?.contains(letter.value) == true
      guard !isWord else {
        index -= 2
        throw unread("the escape \\\(letter)", length: 2)
      }
      return .scalar(letter.value)
    }
  }

  private static let genericSets: [Unicode.Scalar: ScalarSet] = [
    "d": .digits, "D": ScalarSet.digits.inverted, "w": .word, "W": ScalarSet.word.inverted,
    "s": .space, "S": ScalarSet.space.inverted, "h": .horizontal,
    "H": ScalarSet.horizontal.inverted, "v": .vertical, "V": ScalarSet.vertical.inverted,
  ]

  private static let controls: [Unicode.Scalar: UInt32] = [
    "a": 7, "e": 27, "f": 12, "n": 10, "r": 13, "t": 9,
  ]

  private mutating func octal(atMost digits: Int) -> UInt32 {
    var value: UInt32 = 0
    var left = digits
    while left > 0, let digit = peek?.value, digit >= 48, digit <= 55 {
      value = value * 8 + digit - 48
      index += 1
      left -= 1
    }
    return value
  }

  private mutating func hexadecimal() throws(UnreadFeature) -> UInt32 {
    if peek == "{" { return try braced(radix: 16) }
    var value: UInt32 = 0
    var left = 2
    while left > 0, let next = peek, let digit = Character(next).hexDigitValue, next.isASCII {
      value = value * 16 + UInt32(digit)
      index += 1
      left -= 1
    }
    return value
  }

  private mutating func braced(radix: Int) throws(UnreadFeature) -> UInt32 {
    guard take("{") else { throw unread("this escape", length: 1) }
    var digits = ""
    while let next = peek, next != "}", digits.utf8.count < 12 {
      digits.unicodeScalars.append(next)
      index += 1
    }
    guard take("}"), let value = UInt32(digits, radix: radix), value <= 0x10FFFF else {
      throw unread("this escape", length: 1)
    }
    return value
  }

  /// `\p{L}`: general categories are known, all other properties may be any character.
  private mutating func property(isNegated: Bool) throws(UnreadFeature) -> ScalarSet {
    var name = ""
    if take("{") {
      while let next = peek, next != "}", name.utf8.count < 40 {
        name.unicodeScalars.append(next)
        index += 1
      }
      guard take("}") else { throw unread("a property", length: 1) }
    } else if let next = peek {
      name.unicodeScalars.append(next)
      index += 1
    }
    let negates = isNegated != name.hasPrefix("^")
    if name.hasPrefix("^") { name.removeFirst() }
    // Releases of PCRE2 differ in what letter case does to properties.
    guard let set = ScalarSet.category(name), !flags.isCaseless else {
      isRegular = false
      return .all
    }
    return negates ? set.inverted : set
  }

  // MARK: Bracket classes

  mutating func bracketClass() throws(UnreadFeature) -> PatternNode {
    let start = offset
    index += 1
    let isNegated = take("^")
    var set = ScalarSet()
    var ranges: [ClosedRange<UInt32>] = []
    var isFirst = true
    while isFirst || peek != "]" {
      guard index < characters.count else { throw unread("an open class", length: 1) }
      isFirst = false
      if let named = try posixClass() {
        set = set.union(named)
        continue
      }
      switch try classMember() {
      case .set(let more): set = set.union(more)
      case .scalar(let low): ranges.append(try range(from: low))
      }
    }
    index += 1
    var written = ScalarSet(ranges)
    if flags.isCaseless {
      let folded = written.foldingCase
      if !folded.isExact { isRegular = false }
      // The complement of what may be too much would be too little.
      let isSafe = folded.isExact || !isNegated
      written = isSafe ? folded.set : ScalarSet(written.ranges.filter { $0.upperBound <= 127 })
    }
    set = set.union(written)
    return .set(isNegated ? set.inverted : set, start..<offset)
  }

  private mutating func classMember() throws(UnreadFeature) -> Escape {
    if peek == "\\" { return try characterEscape(inClass: true) }
    defer { index += 1 }
    return .scalar(characters[index].scalar.value)
  }

  /// `a-z` after its `a`; a hyphen before `]` or a named class is itself.
  private mutating func range(from low: UInt32) throws(UnreadFeature) -> ClosedRange<UInt32> {
    guard peek == "-", index + 1 < characters.count, peek(1) != "]" else { return low...low }
    let mark = index
    index += 1
    if try posixClass() == nil, case .scalar(let high) = try classMember() {
      guard high >= low else { throw unread("this range", length: 1) }
      return low...high
    }
    index = mark
    return low...low
  }

  private mutating func posixClass() throws(UnreadFeature) -> ScalarSet? {
    guard peek == "[", let kind = peek(1), kind == ":" || kind == "." || kind == "=" else {
      return nil
    }
    var ahead = 2
    let isNegated = peek(ahead) == "^"
    if isNegated { ahead += 1 }
    var name = ""
    while let next = peek(ahead), ScalarSet.posix("lower")?.contains(next.value) == true {
      name.unicodeScalars.append(next)
      ahead += 1
    }
    guard peek(ahead) == kind, peek(ahead + 1) == "]" else { return nil }
    guard kind == ":", let set = ScalarSet.posix(name) else {
      throw unread("this class", length: ahead + 2)
    }
    index += ahead + 2
    let isCase = flags.isCaseless && (name == "lower" || name == "upper")
    let meant = isCase ? ScalarSet.posix("alpha") ?? set : set
    return isNegated ? meant.inverted : meant
  }
}

extension ScalarSet {
  /// The scalars of a general category (`Lu`) or of a group of them (`L`); nil for other names.
  /// A table by the standard library's Unicode version; made at the first question, since it asks
  /// for each scalar once (20 ms).
  static func category(_ name: String) -> ScalarSet? {
    guard name.utf8.count <= 2 else { return name == "Any" ? .all : nil }
    let found = categories.filter { $0.key == name || String($0.key.prefix(1)) == name }
    if found.isEmpty { return nil }
    return found.values.reduce(ScalarSet()) { $0.union($1) }
  }

  private static let categories: [String: ScalarSet] = {
    var ranges: [Unicode.GeneralCategory: [ClosedRange<UInt32>]] = [:]
    var current: (category: Unicode.GeneralCategory, first: UInt32)?
    for value in UInt32(0)...0x110000 {
      let category = Unicode.Scalar(value)?.properties.generalCategory
      if let open = current, open.category == category { continue }
      if let open = current { ranges[open.category, default: []].append(open.first...value - 1) }
      current = category.map { ($0, value) }
    }
    var named: [String: ScalarSet] = [:]
    for (category, found) in ranges { named[abbreviation(category)] = ScalarSet(found) }
    return named
  }()

  private static func abbreviation(_ category: Unicode.GeneralCategory) -> String {
    switch category {
    case .uppercaseLetter: "Lu"
    case .lowercaseLetter: "Ll"
    case .titlecaseLetter: "Lt"
    case .modifierLetter: "Lm"
    case .otherLetter: "Lo"
    case .nonspacingMark: "Mn"
    case .spacingMark: "Mc"
    case .enclosingMark: "Me"
    case .decimalNumber: "Nd"
    case .letterNumber: "Nl"
    case .otherNumber: "No"
    case .connectorPunctuation: "Pc"
    case .dashPunctuation: "Pd"
    case .openPunctuation: "Ps"
    case .closePunctuation: "Pe"
    case .initialPunctuation: "Pi"
    case .finalPunctuation: "Pf"
    case .otherPunctuation: "Po"
    case .mathSymbol: "Sm"
    case .currencySymbol: "Sc"
    case .modifierSymbol: "Sk"
    case .otherSymbol: "So"
    case .spaceSeparator: "Zs"
    case .lineSeparator: "Zl"
    case .paragraphSeparator: "Zp"
    case .control: "Cc"
    case .format: "Cf"
    case .surrogate: "Cs"
    case .privateUse: "Co"
    case .unassigned: "Cn"
    @unknown default: "??"
    }
  }
}
