// The sheets that everything derives from: facts, phases and actions, opcodes, truth words.

import Testing

@testable import RuleBytecode

struct SheetTests {
  // MARK: Facts

  @Test func factsAreFoundByTheirNames() {
    for fact in Fact.allCases {
      #expect(Fact.named(fact.name) == fact)
      #expect(!fact.info.meaning.isEmpty)
      #expect(fact.info.phases != .none)
    }
    #expect(Fact.named("part") == nil)
  }

  @Test func noFactHidesInAFamily() {
    for family in FactFamily.allCases {
      #expect(Fact.allCases.filter { $0.name.hasPrefix(family.prefix) } == [])
    }
  }

  /// A macro carries one fact, or the machine could not know which to set.
  @Test func eachMacroCarriesOneFact() {
    let macros = Fact.allCases.flatMap(\.info.macros)
    #expect(Set(macros).count == macros.count)
    for macro in macros {
      #expect(macro.count == 1 || macro.hasPrefix("{") && macro.hasSuffix("}"), "\(macro)")
    }
  }

  /// LANGUAGE.md §2, "known from here on".
  static let phasesOfFacts: [(String, PhaseSet)] = [
    ("client.ip", .all), ("client.name", .all), ("client.port", .all), ("server.daemon", .all),
    ("session.id", .all), ("score", .all), ("now", .all), ("helo", .from(.helo)),
    ("tls.version", .from(.helo)), ("sender", .from(.mail)), ("auth.user", .from(.mail)),
    ("queue.id", .from(.mail)), ("rcpt", PhaseSet([.rcpt])), ("rcpt.mailer", PhaseSet([.rcpt])),
    ("rcpt.count", .from(.rcpt)), ("rcpt.first", .from(.rcpt)), ("subject", .from(.headers)),
    ("from.count", .from(.headers)), ("message.id", .from(.headers)),
    ("message.size", .from(.message)), ("part.name", PhaseSet([.part])),
    ("part.sniffed", PhaseSet([.part])),
  ]

  @Test(arguments: phasesOfFacts)
  func factIsKnownInItsPhases(name: String, phases: PhaseSet) throws {
    #expect(try #require(Fact.named(name)).info.phases == phases)
  }

  // MARK: Phases and actions

  /// LANGUAGE.md §2 with each action by its name; `save_copy` and `train` stand with the copies.
  static let table = """
    | action | connect | helo | mail | rcpt | data | headers | message | part | eom |
    | continue stop set score compute log event lookup | ✓ | ✓ | ✓ | ✓ | ✓ | ✓ | ✓ | ✓ | ✓ |
    | delay | ✓ | ✓ | ✓ | ✓ | ✓ | – | – | – | – |
    | accept | session | session | message | this recipient's run, or `:message` \
    | message | message | message | this part's run, or `:message` | message |
    | reject ereject tempfail | session | session | message | this recipient \
    | message | message | message | message | message |
    | discard | – | – | message | only `:message` \
    | message | message | message | message | message |
    | hold quarantine addheader insertheader deleteheader setheader addrcpt delrcpt setsender \
    redirect notify save_copy train | – | – | recorded | recorded \
    | recorded | recorded | recorded | recorded | ✓ |
    | drop replace enclose rename settype warn replace_with_file replace_with_link compress \
    sanitize_html html_to_text strip_redundant_html strip_tracking filter_program \
    | – | – | – | – | – | – | – | this part | in `foreverypart` |
    | disclaimer addpart canonicalize dkim_sign arc_seal auth_results apply_scan_headers \
    | – | – | recorded | recorded | recorded | recorded | recorded | – | ✓ |
    | keep | – | – | – | – | – | – | – | this part | ✓ |
    | fileinto | – | – | – | – | – | – | – | – | ✓ |
    | extracttext | – | – | – | – | – | – | – | ✓ | ✓ |
    """.split(separator: "\n").map { row in
      row.split(separator: "|").map { $0.trimming }
    }

  static let reaches: [String: [Reach]] = [
    "✓": [.here, .recorded], "–": [.no], "session": [.session], "message": [.message],
    "this recipient's run, or `:message`": [.recipientOrMessage],
    "this part's run, or `:message`": [.partOrMessage], "this recipient": [.recipient],
    "only `:message`": [.onlyMessage], "recorded": [.recorded], "this part": [.thisPart],
    "in `foreverypart`": [.loopPart],
  ]

  @Test(arguments: table.dropFirst())
  func actionReachesWhatTheTableSays(row: [String]) throws {
    let names = row[0].split(separator: " ")
    for action in Action.allCases where names.contains(Substring(action.name)) {
      for (phase, cell) in zip(Phase.allCases, row.dropFirst()) {
        let allowed = try #require(Self.reaches[cell])
        #expect(allowed.contains(action.reach(in: phase)), "\(action.name) in \(phase.name)")
      }
    }
  }

  @Test func theTableHasEveryPhaseAndAction() {
    #expect(Self.table[0].dropFirst().map { String($0) } == Phase.allCases.map(\.name))
    let named = Set(Self.table.dropFirst().flatMap { $0[0].split(separator: " ").map(String.init) })
    #expect(
      Set(Action.allCases.map(\.name)).subtracting(named)
        == ["call", "return", "break", "error"])
  }

  @Test func verdictsArePossibleWhereTheTableSays() {
    for kind in VerdictKind.allCases {
      for wholeMessage in [false, true] {
        let reply = Reply(kind: kind, wholeMessage: wholeMessage, code: 0, enhanced: 0)
        for phase in Phase.allCases {
          let reach = kind.action.reach(in: phase)
          let possible = reach != .no && (reach != .onlyMessage || wholeMessage)
          #expect(reply.phases.contains(phase) == possible, "\(kind) \(wholeMessage) \(phase)")
        }
      }
    }
  }

  @Test func phaseSetsInWords() {
    #expect(PhaseSet([.rcpt]).phrase == "rcpt")
    #expect(PhaseSet([.mail, .rcpt]).phrase == "mail and rcpt")
    #expect(PhaseSet.from(.message).phrase == "message, part and eom")
    #expect(PhaseSet(bits: .max) == .all && PhaseSet.none.phrase == "no phase")
  }

  // MARK: Opcodes and words

  @Test func opcodesHaveNamesOfTheirOwn() {
    let shapes = Opcode.allCases.map(\.shape)
    #expect(Set(shapes.map(\.name)).count == shapes.count)
    #expect(Set(shapes.map(\.meaning)).count == shapes.count)
    #expect(shapes.allSatisfy { $0.cost > 0 && Int32(exactly: $0.cost) != nil })
  }

  @Test func truthWordsKeepClassAndPolicy() {
    for failure in FailureClass.allCases {
      let word = TruthWord.failure(failure)
      #expect(TruthWord.failure(in: word) == failure && TruthWord.policy(in: word) == nil)
      let answered = TruthWord.answered(word, by: 7)
      #expect(TruthWord.failure(in: answered) == failure && TruthWord.policy(in: answered) == 7)
      #expect(TruthWord.answered(answered, by: 9) == answered)
    }
    for word in [TruthWord.no, TruthWord.yes] {
      #expect(TruthWord.failure(in: word) == nil && TruthWord.answered(word, by: 7) == word)
    }
  }

  @Test func textWordsKeepPlaceAndLength() {
    let most = TextWord.spaceBytesMax
    for space in TextSpace.allCases {
      for (offset, length) in [(0, 0), (0, most), (most, 1), (12, 34)] {
        let word = TextWord(space, offset: offset, length: length)
        #expect(word.spaceCode == space.rawValue && word.offset == offset)
        #expect(word.length == length && word.isEmpty == (length == 0))
      }
    }
  }
}

extension Substring {
  fileprivate var trimming: String {
    var text = self
    while text.first == " " { text.removeFirst() }
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
