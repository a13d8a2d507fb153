// What begins with an opening parenthesis.

extension PatternParser {
  mutating func group(depth: Int) throws(UnreadFeature) -> PatternNode? {
    if peek(1) == "*" { throw unread("a (*VERB)", length: 2) }
    guard peek(1) == "?" else {
      index += 1
      hasGroups = true
      return try content(depth: depth)
    }
    if take("(?#") {
      try comment()
      return nil
    }
    if take("(?:") { return try content(depth: depth) }
    if take("(?|") { return try content(depth: depth) }
    if take("(?>") { return irregular(try content(depth: depth)) }
    if take("(?=") || take("(?!") || take("(?<=") || take("(?<!") {
      return try look(depth: depth)
    }
    if peek(2) == "<" || peek(2) == "'" || (peek(2) == "P" && peek(3) == "<") {
      return try named(depth: depth)
    }
    if peek(2) == "(" { throw unread("a condition", length: 3) }
    if peek(2) == "C" { throw unread("a call-out", length: 3) }
    return try settings(depth: depth)
  }

  /// The alternatives up to the closing parenthesis; settings made inside end there.
  private mutating func content(depth: Int) throws(UnreadFeature) -> PatternNode {
    let outer = flags
    let node = try choice(depth: depth + 1)
    guard take(")") else { throw unread("an open group", length: 1) }
    flags = outer
    return node
  }

  /// Comments, and with `(?x)` blanks between them.
  mutating func skipComments() throws(UnreadFeature) {
    skipBlanks()
    while take("(?#") {
      try comment()
      skipBlanks()
    }
  }

  private mutating func comment() throws(UnreadFeature) {
    while index < characters.count {
      let character = characters[index]
      // `\Q` means nothing in a comment, but has been taken for a quote.
      if character.isQuoted || character.scalar == "\\" {
        throw unread("a backslash in a comment", length: 1)
      }
      index += 1
      if character.scalar == ")" { return }
    }
    throw unread("an open comment", length: 1)
  }

  private mutating func named(depth: Int) throws(UnreadFeature) -> PatternNode {
    let close: Unicode.Scalar = peek(2) == "'" ? "'" : ">"
    index += peek(2) == "P" ? 4 : 3
    while let next = peek, next != close { index += 1 }
    guard peek == close else { throw unread("a group's name", length: 1) }
    index += 1
    hasGroups = true
    return try content(depth: depth)
  }

  /// A look-around takes nothing and only cuts off paths. Its own paths cost: of bounded length
  /// they are a constant, else whoever judges must see that it is tried only once.
  private mutating func look(depth: Int) throws(UnreadFeature) -> PatternNode {
    isRegular = false
    let start = offset
    let inside = try content(depth: depth)
    if inside.hasLook { throw unread("a look-around in a look-around", length: 1) }
    if let longest = inside.longest, longest <= Self.lookMax, inside.paths <= Self.lookMax {
      return .condition(.other)
    }
    return .unboundedLook(inside, start..<offset)
  }

  private static let lookMax = 64

  /// `(?i)` up to the end of the group, `(?i:…)`, `(?^…)`.
  private mutating func settings(depth: Int) throws(UnreadFeature) -> PatternNode? {
    var changed = flags
    var isOn = true
    var ahead = 2
    while let next = peek(ahead) {
      ahead += 1
      switch next {
      case "i": changed.isCaseless = isOn
      case "s": changed.dotTakesLineEnds = isOn
      case "m": changed.isMultiline = isOn
      case "x" where peek(ahead) != "x": changed.skipsBlanks = isOn
      case "n", "J", "U": break
      case "-": isOn = false
      case "^":
        changed = Flags(dotTakesLineEnds: false)
      case ")":
        index += ahead
        flags = changed
        return nil
      case ":":
        index += ahead
        let outer = flags
        flags = changed
        let node = try content(depth: depth)
        flags = outer
        return node
      default: throw unread("a recursion or a setting", length: ahead)
      }
    }
    throw unread("a setting", length: 2)
  }
}

extension PatternNode {
  fileprivate var hasLook: Bool {
    switch self {
    case .empty, .set, .begin, .end: false
    case .condition(.wordBoundary), .condition(.noWordBoundary): false
    case .condition(.other), .unboundedLook: true
    case .concat(let nodes), .choice(let nodes): nodes.contains(where: \.hasLook)
    case .repeated(let node, _): node.hasLook
    }
  }

  /// A bound on the ways through a node of bounded length.
  fileprivate var paths: Int {
    let most = 1 << 20
    switch self {
    case .empty, .set, .begin, .end, .condition, .unboundedLook: return 1
    case .concat(let nodes): return nodes.reduce(1) { Swift.min($0 * $1.paths, most) }
    case .choice(let nodes): return nodes.reduce(0) { Swift.min($0 + $1.paths, most) }
    case .repeated(let node, let times):
      let once = node.paths
      var all = 1
      for _ in 0..<Swift.min(times.max ?? 64, 64) { all = Swift.min(all * once + 1, most) }
      return all
    }
  }
}
