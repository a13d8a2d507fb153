// `grammar/rules.ebnf` against the parser, both ways: what the grammar makes parses, what it does
// not know is refused; and the names of its part 2 are those that the parser knows.

import Testing

@testable import RuleCompiler

struct GrammarFileTests {
  private let grammar = Grammar.file
  private let names = Grammar.file.names

  private func terminals(_ name: String) -> Set<String> {
    let words = grammar.literals(of: name)
    #expect(Set(words).count == words.count, "\(name) has a name twice")
    return Set(words)
  }

  private var allNames: Set<String> {
    terminals("declaration").union(terminals("statement")).union(terminals("test-name"))
  }

  @Test func namesAreThoseOfTheParser() {
    let vocabulary = Vocabulary.language
    #expect(terminals("declaration").union(terminals("statement")) == vocabulary.commands)
    #expect(terminals("test-name") == vocabulary.tests)
    let takers = terminals("command-with-test").union(terminals("test-with-test"))
    #expect(takers == vocabulary.testTakers)
    #expect(terminals("block-command") == vocabulary.blockNeeders)
    #expect(vocabulary.testNeeders == takers.subtracting(["define", "phase"]))
    // Part 3 names these where part 2 would need a name for each.
    let both = vocabulary.commands.intersection(vocabulary.tests)
    #expect(terminals("policy-test") == both.union(["(", ")", ","]).subtracting(["(", ")", ","]))
    #expect(terminals("test-holder") == takers.intersection(vocabulary.commands))
  }

  @Test func everyNameIsDefinedAndUsed() {
    var used: Set = ["start", "policy", "white-space", "block-command"]
    func collect(_ rule: GrammarRule) {
      switch rule {
      case .literal, .characters: break
      case .name(let name): used.insert(name)
      case .sequence(let rules), .choice(_, let rules): rules.forEach(collect)
      case .repetition(let inner, _, _): collect(inner)
      case .difference(let left, let right):
        collect(left)
        collect(right)
      }
    }
    grammar.productions.values.forEach(collect)
    #expect(used == Set(names))
  }

  /// 2 × 1,100 texts; between them they go every way there is.
  @Test func whatTheGrammarMakesParses() {
    var generic = GrammarGenerator(grammar, seed: 1, avoiding: allNames)
    var policies = GrammarGenerator(grammar, seed: 2)
    for round in 0..<1_100 {
      check(generic.text(of: "start", tokens: round / 8))
      check(policies.text(of: "policy", tokens: 40 + round / 8))
    }
    let reached = generic.reachedNames.union(policies.reachedNames)
    // They list names; part 3 uses them in what they exclude, or not at all.
    let lists: Set = ["block-command", "command-with-test"]
    #expect(Set(names).subtracting(reached) == lists)
    let ways = generic.reachedWays.union(policies.reachedWays)
    let missing = names.filter { !lists.contains($0) }
      .flatMap { Self.ways(in: grammar.productions[$0] ?? .sequence([])) }
      .filter { !ways.contains($0) }
    #expect(missing == [])
  }

  /// Each way of each choice that a text can go.
  private static func ways(in rule: GrammarRule) -> [[Int]] {
    switch rule {
    case .literal, .characters, .name: []
    case .sequence(let rules): rules.flatMap(ways)
    case .choice(let number, let rules):
      rules.indices.map { [number, $0] } + rules.flatMap(ways)
    case .repetition(let inner, _, _): ways(in: inner)
    case .difference(let left, _): ways(in: left)
    }
  }

  private func check(_ text: String) {
    let parsed = Parsed(text)
    #expect(!parsed.diagnostics.hasErrors, "\(text.debugDescription)\n\(parsed.text)")
    // Each name of the text is the name of a command or test.
    let words = FormatSource(parsed.source, limits: .standard)
    let nameCount = words.tokens.count { $0.kind == .identifier }
    #expect(parsed.script.nodeCount == nameCount, "\(text.debugDescription)")
    let formatted = Formatted(text)
    #expect(formatted.bytes != nil, "\(text.debugDescription)")
    formatted.check("\(text.debugDescription)")
  }

  /// Texts of the grammar with a letter or word changed: what the recogniser refuses the parser
  /// must refuse, what it takes for a policy the parser must take.
  @Test(arguments: 0..<4)
  func whatTheGrammarRefusesDoesNotParse(_ seed: Int) {
    var random = TreeRandom(seed: UInt64(100 + seed))
    var generic = GrammarGenerator(grammar, seed: UInt64(200 + seed), avoiding: allNames)
    var policies = GrammarGenerator(grammar, seed: UInt64(300 + seed))
    var (refusedCount, takenCount) = (0, 0)
    for round in 0..<150 {
      let text =
        round.isMultiple(of: 2)
        ? generic.text(of: "start", tokens: 12) : policies.text(of: "policy", tokens: 16)
      let mutant = Self.mutant(Array(text.utf8.prefix(400)), &random)
      var recogniser = GrammarRecogniser(grammar, mutant)
      let parsed = Parsed(bytes: mutant)
      let shown = String(decoding: mutant, as: UTF8.self).debugDescription
      if !recogniser.recognises("start") {
        refusedCount += 1
        #expect(parsed.diagnostics.hasErrors, "\(shown)")
      } else if recogniser.recognises("policy") && !Self.needsSpace(parsed) {
        takenCount += 1
        #expect(!parsed.diagnostics.hasErrors, "\(shown)\n\(parsed.text)")
      }
    }
    #expect(refusedCount > 50 && takenCount > 15, "\(refusedCount) refused, \(takenCount) taken")
  }

  /// A number or a string of several lines touches a name: what the grammar says in words.
  private static func needsSpace(_ parsed: Parsed) -> Bool {
    parsed.diagnostics.shown.contains {
      switch $0.problem.code {
      case .badNumber, .unterminatedString: true
      default: false
      }
    }
  }

  private static let letters = Array("\"{}[](),;:#/*\\\n\r\t 5Kax_.\u{7}é".utf8) + [0xFF]

  private static func mutant(_ text: [UInt8], _ random: inout TreeRandom) -> [UInt8] {
    var bytes = text
    for _ in 0...random.below(2) {
      guard !bytes.isEmpty else { return bytes }
      let at = random.below(bytes.count)
      switch random.below(5) {
      case 0: bytes.remove(at: at)
      case 1: bytes.insert(letters[random.below(letters.count)], at: at)
      case 2: bytes[at] = letters[random.below(letters.count)]
      case 3: bytes.swapAt(at, random.below(bytes.count))
      default: bytes.removeSubrange(at..<min(bytes.count, at + 1 + random.below(8)))
      }
    }
    return bytes
  }

  /// The recogniser itself: it would prove nothing if it took all or nothing.
  @Test(arguments: [
    ("", true), ("stop;", true), ("stop", false), ("a \"x\" [\"y\"] 5K :t b (c, d) { e; }", true),
    ("a [];", false), ("a b c;", true), ("a b, c;", false), ("a { b; ", false), ("a 5Kb;", true),
    ("a text:\n.x\n.\n;", true), ("a text:\n.x\n;", false), ("/* */ a; # c", true),
    ("/* * a;", false), ("a \"\\\";", false), ("a \"\\\"\";", true), ("A;", true), ("é;", false),
  ])
  func recogniserKnowsTheGrammar(text: String, isText: Bool) {
    var recogniser = GrammarRecogniser(grammar, Array(text.utf8))
    #expect(recogniser.recognises("start") == isText)
  }

  @Test(arguments: [
    ("if true { stop; }", true), ("if { stop; }", false), ("if stop { stop; }", false),
    ("stop true;", false), ("phase eom { }", true), ("define \"x\" not score :over 5;", true),
    ("if score 5 true {}", false), ("other not true;", true), ("IF TRUE {}", true),
    ("score 5 score;", false), ("other score;", false), ("if (score, lookup) {}", true),
  ])
  func recogniserKnowsPolicies(text: String, isPolicy: Bool) {
    var recogniser = GrammarRecogniser(grammar, Array(text.utf8))
    #expect(recogniser.recognises("policy") == isPolicy)
  }
}

extension Script {
  fileprivate var nodeCount: Int { commands.reduce(0) { $0 + $1.nodeCount } }
}

extension Command {
  fileprivate var nodeCount: Int {
    1 + arguments.nodeCount + (block?.commands.reduce(0) { $0 + $1.nodeCount } ?? 0)
  }
}

extension Arguments {
  fileprivate var nodeCount: Int { tests.reduce(tests.count) { $0 + $1.arguments.nodeCount } }
}
