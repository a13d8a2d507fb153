// Makes texts of the grammar, at random and with a seed, and remembers which ways it went.

struct GrammarGenerator {
  private let grammar: Grammar
  private var random: TreeRandom
  /// For each production the least nesting of names it needs to end.
  private let heights: [String: Int]
  private(set) var reachedNames: Set<String> = []
  /// `choice/way`.
  private(set) var reachedWays: Set<[Int]> = []
  /// Names that the next text must not use where the grammar says `identifier`.
  private let avoided: Set<String>
  private var budget = 0

  init(_ grammar: Grammar, seed: UInt64, avoiding avoided: Set<String> = []) {
    self.grammar = grammar
    self.avoided = avoided
    random = TreeRandom(seed: seed)
    var heights: [String: Int] = [:]
    for _ in grammar.names {
      for name in grammar.names {
        if let rule = grammar.productions[name], let height = Self.height(rule, heights) {
          heights[name] = min(heights[name] ?? .max, height + 1)
        }
      }
    }
    self.heights = heights
  }

  /// One text, about that many tokens long.
  mutating func text(of name: String, tokens: Int) -> String {
    budget = tokens
    var words: [String] = []
    write(.name(name), depth: 0, &words)
    return joined(words)
  }

  private static func height(_ rule: GrammarRule, _ heights: [String: Int]) -> Int? {
    switch rule {
    case .literal, .characters: return 0
    case .name(let name): return heights[name]
    case .sequence(let rules):
      let all = rules.map { height($0, heights) }
      return all.contains(nil) ? nil : all.compactMap(\.self).max() ?? 0
    case .choice(_, let rules): return rules.compactMap { height($0, heights) }.min()
    case .repetition(let inner, let least, _): return least == 0 ? 0 : height(inner, heights)
    case .difference(let left, _): return height(left, heights)
    }
  }

  // MARK: Tokens

  private static let depthMax = 40

  private mutating func write(_ rule: GrammarRule, depth: Int, _ words: inout [String]) {
    switch rule {
    case .literal(let text): add(cased(text), &words)
    case .characters: preconditionFailure("letters stand in tokens only")
    case .name(let name) where Grammar.tokens.contains(name):
      reachedNames.insert(name)
      add(token(name), &words)
    case .name(let name):
      reachedNames.insert(name)
      if let rule = grammar.productions[name] { write(rule, depth: depth + 1, &words) }
    case .sequence(let rules): for rule in rules { write(rule, depth: depth, &words) }
    case .choice(let number, let rules):
      let way = way(rules, of: number, depth)
      reachedWays.insert([number, way])
      write(rules[way], depth: depth, &words)
    case .repetition(let inner, let least, let isMany):
      var count = 0
      while count < least || (wantsMore(depth) && (isMany || count == 0)) {
        write(inner, depth: depth, &words)
        count += 1
      }
    case .difference(let left, let right):
      repeat {
        let before = (words, budget)
        write(left, depth: depth, &words)
        let text = words[before.0.count...].joined(separator: " ")
        if !recognises(right, text) { return }
        (words, budget) = before
      } while true
    }
  }

  private mutating func add(_ word: String, _ words: inout [String]) {
    words.append(word)
    budget -= 1
  }

  private mutating func wantsMore(_ depth: Int) -> Bool {
    budget > 0 && depth < Self.depthMax && random.below(2) == 0
  }

  /// Any way, often one that was not gone yet; when the text is long enough, one of those that end
  /// soonest.
  private mutating func way(_ rules: [GrammarRule], of number: Int, _ depth: Int) -> Int {
    if budget > 0 && depth < Self.depthMax {
      let way = random.below(rules.count)
      let new = rules.indices.first { !reachedWays.contains([number, $0]) }
      return random.below(2) == 0 ? new ?? way : way
    }
    let all = rules.map { Self.height($0, heights) ?? .max }
    let least = all.min() ?? 0
    let ways = all.indices.filter { all[$0] == least }
    return ways[random.below(ways.count)]
  }

  private func recognises(_ rule: GrammarRule, _ text: String) -> Bool {
    guard case .name(let name) = rule else { return recognisesAny(rule, text) }
    var recogniser = GrammarRecogniser(grammar, Array(text.utf8))
    return recogniser.recognises(name)
  }

  private func recognisesAny(_ rule: GrammarRule, _ text: String) -> Bool {
    guard case .choice(_, let rules) = rule else { return false }
    return rules.contains { recognises($0, text) }
  }

  /// Case does not count in names.
  private mutating func cased(_ word: String) -> String {
    switch random.below(8) {
    case 0: word.uppercased()
    case 1: word.prefix(1).uppercased() + word.dropFirst()
    default: word
    }
  }

  // MARK: Letters

  private mutating func token(_ name: String) -> String {
    while true {
      var text = ""
      spell(.name(name), &text)
      if name != "identifier" || !avoided.contains(text.lowercased()) { return text }
    }
  }

  private mutating func spell(_ rule: GrammarRule, _ text: inout String) {
    switch rule {
    case .literal(let word): text += word
    case .characters(let ranges): text.unicodeScalars.append(scalar(ranges))
    case .name(let name):
      reachedNames.insert(name)
      if let rule = grammar.productions[name] { spell(rule, &text) }
    case .sequence(let rules): for rule in rules { spell(rule, &text) }
    case .choice(let number, let rules):
      let way = random.below(rules.count)
      reachedWays.insert([number, way])
      spell(rules[way], &text)
    case .repetition(let inner, let least, let isMany):
      var count = 0
      while count < least || (random.below(4) > 0 && count < (isMany ? 8 : 1)) {
        spell(inner, &text)
        count += 1
      }
    case .difference(let left, let right):
      // Both are classes of letters.
      var letter = ""
      repeat {
        letter = ""
        spell(left, &letter)
      } while holds(right, letter)
      text += letter
    }
  }

  private func holds(_ rule: GrammarRule, _ letter: String) -> Bool {
    switch rule {
    case .literal(let text): text == letter
    case .characters(let ranges):
      letter.unicodeScalars.first.map { scalar in ranges.contains { $0.contains(scalar.value) } }
        ?? false
    default: false
    }
  }

  /// Mostly from the first ranges, which are ASCII; bounds of ranges often.
  private mutating func scalar(_ ranges: [ClosedRange<UInt32>]) -> Unicode.Scalar {
    let range = ranges[random.below(ranges.count)]
    let value: UInt32 =
      switch random.below(8) {
      case 0: range.lowerBound
      case 1: range.upperBound
      default: range.lowerBound + UInt32(random.below(range.count))
      }
    return Unicode.Scalar(value) ?? "x"
  }

  // MARK: Between tokens

  /// White space where the grammar asks for it, and at random elsewhere.
  private mutating func joined(_ words: [String]) -> String {
    var text = space(isNeeded: false)
    for (index, word) in words.enumerated() {
      if index > 0 { text += space(isNeeded: mustPart(words[index - 1], word)) }
      text += word
    }
    return text + space(isNeeded: false)
  }

  private func mustPart(_ left: String, _ right: String) -> Bool {
    guard let last = left.utf8.last, let first = right.utf8.first else { return false }
    let startsName = isNameByte(first)
    if isNameByte(last) && startsName { return true }
    if left.lowercased() == "text" && first == UInt8(ascii: ":") { return true }
    return left.utf8.first == UInt8(ascii: "\"") && left.utf8.contains(10)
      && (startsName || first == UInt8(ascii: "\""))
  }

  private func isNameByte(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "_") || (byte < 0x80 && Character(Unicode.Scalar(byte)).isLetter)
      || (0x30...0x39).contains(byte)
  }

  private mutating func space(isNeeded: Bool) -> String {
    if !isNeeded && random.below(3) > 0 { return "" }
    if random.below(3) > 0 { return " " }
    var text = ""
    spell(.name("white-space"), &text)
    return text
  }
}
