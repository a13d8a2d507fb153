// Reads a pattern's text into a tree. PCRE2 has accepted the pattern before, so what is wrong here
// is only what this reader does not know; it then says so and never guesses. The syntax is that of
// pcre2pattern(3). Recursion is by groups and bounded by their limit.

struct PatternParser {
  struct Flags {
    var isCaseless = false
    var dotTakesLineEnds = true
    var isMultiline = false
    var skipsBlanks = false
  }

  /// A character of the pattern; `\Q…\E` is taken away beforehand.
  struct Letter {
    let scalar: Unicode.Scalar
    let offset: Int
    /// It stood between `\Q` and `\E`.
    let isQuoted: Bool
  }

  let characters: [Letter]
  let textEnd: Int
  let limits: PatternLimits
  var index = 0
  var flags: Flags
  /// False once something was read that only bounds what PCRE2 does.
  var isRegular = true
  var hasGroups = false

  init(_ source: String, isCaseless: Bool, limits: PatternLimits) {
    characters = Self.unquoted(source)
    textEnd = source.utf8.count
    self.limits = limits
    flags = Flags(isCaseless: isCaseless)
  }

  static func parse(
    _ source: String, isCaseless: Bool, limits: PatternLimits
  ) throws(UnreadFeature) -> ParsedPattern {
    var parser = PatternParser(source, isCaseless: isCaseless, limits: limits)
    if parser.peek == "(", parser.peek(1) == "*" { throw parser.unread("a (*VERB)", length: 2) }
    let root = try parser.choice(depth: 0)
    guard parser.index == parser.characters.count else { throw parser.unread("this", length: 1) }
    return ParsedPattern(
      root: root, isRegular: parser.isRegular, hasGroups: parser.hasGroups)
  }

  private static func unquoted(_ source: String) -> [Letter] {
    var result: [Letter] = []
    var isQuoted = false
    var offset = 0
    var scalars = source.unicodeScalars[...]
    while let scalar = scalars.popFirst() {
      let next = scalars.first
      let isMark = scalar == "\\" && (next == "E" || (next == "Q" && !isQuoted))
      if isMark {
        isQuoted = next == "Q"
        scalars.removeFirst()
        offset += 2
        continue
      }
      result.append(Letter(scalar: scalar, offset: offset, isQuoted: isQuoted))
      offset += UTF8.width(scalar)
      // The character behind a backslash belongs to it, whatever it is.
      if scalar == "\\", !isQuoted, let next {
        scalars.removeFirst()
        result.append(Letter(scalar: next, offset: offset, isQuoted: false))
        offset += UTF8.width(next)
      }
    }
    return result
  }

  // MARK: Looking ahead

  /// The next character, if it may be syntax.
  var peek: Unicode.Scalar? { peek(0) }

  func peek(_ ahead: Int) -> Unicode.Scalar? {
    guard index + ahead < characters.count, !characters[index + ahead].isQuoted else { return nil }
    return characters[index + ahead].scalar
  }

  var offset: Int { index < characters.count ? characters[index].offset : textEnd }

  func unread(_ name: String, length: Int) -> UnreadFeature {
    UnreadFeature(name: name, range: offset..<min(offset + length, textEnd))
  }

  /// Takes these characters if they come next.
  mutating func take(_ text: String) -> Bool {
    var ahead = 0
    for scalar in text.unicodeScalars {
      guard peek(ahead) == scalar else { return false }
      ahead += 1
    }
    index += ahead
    return true
  }

  // MARK: Alternatives and sequences

  mutating func choice(depth: Int) throws(UnreadFeature) -> PatternNode {
    guard depth <= limits.nestingMax else { throw unread("nesting as deep as this", length: 1) }
    var branches = [try sequence(depth: depth)]
    while take("|") { branches.append(try sequence(depth: depth)) }
    return branches.count == 1 ? branches[0] : .choice(branches)
  }

  private mutating func sequence(depth: Int) throws(UnreadFeature) -> PatternNode {
    var nodes: [PatternNode] = []
    skipBlanks()
    while index < characters.count, peek != "|", peek != ")" {
      guard let atom = try atom(depth: depth) else {
        skipBlanks()
        continue
      }
      skipBlanks()
      nodes.append(try quantified(atom, depth: depth))
      skipBlanks()
    }
    return nodes.count == 1 ? nodes[0] : nodes.isEmpty ? .empty : .concat(nodes)
  }

  /// White space and comments of `(?x)`.
  mutating func skipBlanks() {
    guard flags.skipsBlanks else { return }
    while let next = peek {
      if next == "#" {
        while let inside = peek, inside != "\n", inside != "\r" { index += 1 }
      } else if next.properties.isPatternWhitespace {
        index += 1
      } else {
        return
      }
    }
  }

  /// Nil for what leaves nothing behind: comments, settings.
  private mutating func atom(depth: Int) throws(UnreadFeature) -> PatternNode? {
    let start = offset
    guard let scalar = peek else {
      let quoted = characters[index].scalar
      index += 1
      return literal(quoted.value, start)
    }
    switch scalar {
    case "(": return try group(depth: depth)
    case "[": return try bracketClass()
    case "\\": return try escape()
    case "*", "+", "?": throw unread("a quantifier here", length: 1)
    case ".":
      index += 1
      let set = flags.dotTakesLineEnds ? ScalarSet.all : ScalarSet.lineEnds.inverted
      return .set(set, start..<offset)
    case "^":
      index += 1
      return flags.isMultiline ? irregular(.condition(.other)) : .begin
    case "$":
      index += 1
      return flags.isMultiline ? irregular(.condition(.other)) : .end
    default:
      index += 1
      return literal(scalar.value, start)
    }
  }

  func literal(_ value: UInt32, _ start: Int) -> PatternNode {
    let set = ScalarSet(value)
    return .set(flags.isCaseless ? set.foldingCase.set : set, start..<offset)
  }

  mutating func irregular(_ node: PatternNode) -> PatternNode {
    isRegular = false
    return node
  }

  // MARK: Quantifiers

  private mutating func quantified(
    _ atom: PatternNode, depth: Int
  ) throws(UnreadFeature) -> PatternNode {
    var node = atom
    var stacked = depth
    // A comment stands between nothing: what repeats the atom may come behind it.
    try skipComments()
    while var times = try quantifier() {
      stacked += 1
      guard stacked <= limits.nestingMax else { throw unread("nesting as deep as this", length: 1) }
      if take("+") {
        times.isPossessive = true
        isRegular = false
      } else {
        _ = take("?")
      }
      node = .repeated(node, times)
      try skipComments()
    }
    return node
  }

  private mutating func quantifier() throws(UnreadFeature) -> PatternNode.Repetition? {
    if take("*") { return .init(min: 0, max: nil) }
    if take("+") { return .init(min: 1, max: nil) }
    if take("?") { return .init(min: 0, max: 1) }
    guard peek == "{" else { return nil }
    return try counted()
  }

  /// `{n}`, `{n,}`, `{n,m}`; anything else is text. What newer releases of PCRE2 read as a
  /// quantifier and older ones as text is not read at all.
  private mutating func counted() throws(UnreadFeature) -> PatternNode.Repetition? {
    var ahead = 1
    func number(_ ahead: inout Int) -> Int? {
      var value: Int?
      while let digit = peek(ahead)?.value, digit >= 48, digit <= 57, (value ?? 0) < 100_000 {
        value = (value ?? 0) * 10 + Int(digit - 48)
        ahead += 1
      }
      return value
    }
    let low = number(&ahead)
    var high = low
    if peek(ahead) == "," {
      ahead += 1
      high = number(&ahead)
      if low == nil, high != nil { throw unread("a quantifier without a lower bound", length: 2) }
    }
    if peek(ahead) == " " || peek(ahead) == "\t" { throw unread("a blank in braces", length: 2) }
    guard let low, peek(ahead) == "}" else { return nil }
    index += ahead + 1
    return .init(min: low, max: high)
  }
}
