// Says whether a text is of the grammar: by trying every way, remembering what each name can reach
// from each place. For short texts; it knows nothing that is not in the file, but for what "white
// space may stand between tokens", "as long as it can be" and "case does not count" mean.

struct GrammarRecogniser {
  private let grammar: Grammar
  private let scalars: [UInt32]
  /// Tokens as ranges of `scalars`, with the production; nil for one that is a literal.
  private var tokens: [(range: Range<Int>, production: String?)] = []
  private var isText = true
  private var known: [Key: Set<Int>] = [:]

  private struct Key: Hashable {
    let name: String
    let place: Int
    let isLetters: Bool
  }

  init(_ grammar: Grammar, _ bytes: [UInt8]) {
    self.grammar = grammar
    guard let text = String(validating: bytes, as: UTF8.self) else {
      scalars = []
      isText = false
      return
    }
    var scalars = text.unicodeScalars.map(\.value)
    if scalars.first == 0xFEFF { scalars.removeFirst() }
    // A line end may be missing at the end; half of one is a control character.
    if let last = scalars.last, last != 10, last != 13 { scalars.append(10) }
    self.scalars = scalars
    cut()
  }

  /// Whether the whole text is one of that name.
  mutating func recognises(_ name: String) -> Bool {
    isText && ends(of: .name(name), from: 0, isLetters: false).contains(tokens.count)
  }

  /// The names used as identifiers, folded.
  var identifiers: [String] {
    tokens.filter { $0.production == "identifier" }.map { Self.folded(scalars[$0.range]) }
  }

  // MARK: Tokens

  private static let punctuation = ["[", "]", "(", ")", "{", "}", ",", ";"]

  private mutating func cut() {
    var at = 0
    while at < scalars.count {
      if let end = longest("white-space", at) {
        at = end
        continue
      }
      var best: (end: Int, production: String?)?
      for name in Grammar.tokens {
        if let end = longest(name, at), end > best?.end ?? at { best = (end, name) }
      }
      if best == nil, Self.punctuation.contains(Self.folded(scalars[at...at])) {
        best = (at + 1, nil)
      }
      guard let best else {
        isText = false
        return
      }
      tokens.append((at..<best.end, best.production))
      at = best.end
    }
  }

  private mutating func longest(_ name: String, _ at: Int) -> Int? {
    ends(of: .name(name), from: at, isLetters: true).max()
  }

  private static func folded(_ scalars: ArraySlice<UInt32>) -> String {
    String(
      String.UnicodeScalarView(scalars.compactMap { Unicode.Scalar($0) })
    ).lowercased()
  }

  // MARK: Every way

  /// Where a rule can end that begins at that letter or token.
  private mutating func ends(
    of rule: GrammarRule, from start: Int, isLetters: Bool
  ) -> Set<Int> {
    switch rule {
    case .literal(let text): return literal(text, start, isLetters)
    case .characters(let ranges):
      let fits =
        isLetters && start < scalars.count
        && ranges.contains { $0.contains(scalars[start]) }
      return fits ? [start + 1] : []
    case .name(let name): return ends(ofName: name, start, isLetters)
    case .sequence(let rules):
      var places: Set = [start]
      for rule in rules {
        var next: Set<Int> = []
        for place in places { next.formUnion(ends(of: rule, from: place, isLetters: isLetters)) }
        places = next
      }
      return places
    case .choice(_, let rules):
      var places: Set<Int> = []
      for rule in rules { places.formUnion(ends(of: rule, from: start, isLetters: isLetters)) }
      return places
    case .repetition(let inner, let least, let isMany):
      var places: Set<Int> = least == 0 ? [start] : []
      var open = [start]
      while let place = open.popLast() {
        for end in ends(of: inner, from: place, isLetters: isLetters)
        where places.insert(end).inserted && isMany {
          open.append(end)
        }
      }
      return places
    case .difference(let left, let right):
      return ends(of: left, from: start, isLetters: isLetters)
        .subtracting(ends(of: right, from: start, isLetters: isLetters))
    }
  }

  private mutating func ends(
    ofName name: String, _ start: Int, _ isLetters: Bool
  ) -> Set<Int> {
    if !isLetters && Grammar.tokens.contains(name) {
      return start < tokens.count && tokens[start].production == name ? [start + 1] : []
    }
    let key = Key(name: name, place: start, isLetters: isLetters)
    if let places = known[key] { return places }
    guard let rule = grammar.productions[name] else { return [] }
    let places = ends(of: rule, from: start, isLetters: isLetters)
    known[key] = places
    return places
  }

  private func literal(_ text: String, _ start: Int, _ isLetters: Bool) -> Set<Int> {
    if isLetters {
      let wanted = text.unicodeScalars.map(\.value)
      return scalars[min(start, scalars.count)...].starts(with: wanted)
        ? [start + wanted.count] : []
    }
    guard start < tokens.count else { return [] }
    let isName = tokens[start].production == "identifier"
    guard isName || tokens[start].production == nil else { return [] }
    return Self.folded(scalars[tokens[start].range]) == text ? [start + 1] : []
  }
}
