// Ways of the mistake maker: what can never happen, what nothing answers, and what costs too much.

@testable import RuleCompiler

extension MistakeWay {
  static let flows: [MistakeWay] = [
    MistakeWay(.flow, "statement behind a verdict") { policy, _ in
      guard policy.isOurs else { return [] }
      return policy.actions.filter { isLast($0) && ends($0) }.map {
        let end = $0.command.range.bytes.upperBound
        return Break(.unreachable, end..<end, " «log» \"too late\";")
      }
    },
    MistakeWay(.flow, "accept behind reject") { policy, _ in
      policy.actions.filter { isLast($0) && ["reject", "tempfail"].contains($0.name) }
        .filter { _ in policy.isOurs }.map {
          let end = $0.command.range.bytes.upperBound
          return Break(.acceptAndReject, end..<end, " «accept»;")
        }
    },
    MistakeWay(.flow, "rule a second time") { policy, _ in
      deciding(policy).compactMap { rule -> Break? in
        guard let name = rule.command.arguments.items.last?.range.bytes else { return nil }
        let whole = rule.command.range.bytes
        let head = policy.source(whole.lowerBound..<name.lowerBound)
        let tail = policy.source(name.upperBound..<whole.upperBound)
        return Break(
          .shadowedRule, whole.upperBound..<whole.upperBound, "\n  \(head)«\"once more\"»\(tail)")
      }
    },
    MistakeWay(.flow, "rule behind one that ends all") { policy, _ in
      policy.rules(in: RightPolicy.phases).compactMap { rule -> Break? in
        guard let name = rule.command.arguments.items.last?.range.bytes else { return nil }
        let start = rule.command.range.bytes.lowerBound
        return Break(
          .shadowedRule, start..<start, "rule \"ends all\" { stop; }\n  ", at: name)
      }
    },
    MistakeWay(.flow, "test that is always true") { policy, _ in
      replaceable(policy).map { Break(.alwaysTrue, $0.range.bytes, "«true»") }
    },
    MistakeWay(.flow, "test that is never true") { policy, _ in
      replaceable(policy).map { Break(.alwaysFalse, $0.range.bytes, "«false»") }
    },
    MistakeWay(.flow, "test and its contrary") { policy, _ in
      replaceable(policy).map {
        let words = policy.source($0.range.bytes)
        return Break(.alwaysFalse, $0.range.bytes, "«allof (\(words), not \(words))»")
      }
    },
    MistakeWay(.flow, "test or its contrary") { policy, _ in
      replaceable(policy).map {
        let words = policy.source($0.range.bytes)
        return Break(.alwaysTrue, $0.range.bytes, "«anyof (\(words), not \(words))»")
      }
    },
    MistakeWay(.flow, "test asked again inside") { policy, _ in
      policy.commands(named: "if").compactMap { site -> Break? in
        guard let test = site.command.arguments.tests.first, isSimple(test),
          let start = site.command.block?.openBrace.bytes.upperBound
        else { return nil }
        let words = policy.source(test.range.bytes)
        return Break(.alwaysTrue, start..<start, " if «\(words)» { stop; } ")
      }
    },
    MistakeWay(.flow, "key twice") { policy, _ in
      policy.tests.filter { ["header", "envelope", "string"].contains($0.name) }.compactMap {
        ask -> Break? in
        guard case .list(let list) = ask.test.arguments.items.last?.value, let last = list.last,
          let first = list.first, list.count > 1, !last.value.contains("$")
        else { return nil }
        let end = last.range.bytes.upperBound
        return Break(.duplicateKey, end..<end, ", «\(policy.source(first.range.bytes))»")
      }
    },
    MistakeWay(.flow, "same test twice") { policy, _ in
      policy.tests.compactMap { ask -> Break? in
        guard let last = ask.test.arguments.tests.last, ask.test.arguments.testList != nil,
          isSimple(last)
        else { return nil }
        let end = last.range.bytes.upperBound
        return Break(.duplicateTest, end..<end, ", «\(policy.source(last.range.bytes))»")
      }
    },
    MistakeWay(.flow, "allow-list that one name opens") { policy, _ in
      tags(of: policy).filter { $0.tag == "all" && $0.owner == "part" }.compactMap {
        item -> Break? in
        let negated = policy.tests(named: "not").map(\.test.range.bytes)
        guard let whole = negated.first(where: { $0.contains(item.range.lowerBound) }) else {
          return nil
        }
        return Break(.negatedPartNames, item.range, "", at: whole)
      }
    },
    MistakeWay(.flow, "table that nothing asks") { policy, _ in
      unused(policy, "table :inline [\"one\", \"two\"] «\"nobody-asks\"»;")
    },
    MistakeWay(.flow, "definition that nothing uses") { policy, _ in
      unused(policy, "define «\"nobody-uses\"» fact \"client.ptr\";")
    },
    MistakeWay(.flow, "scanner that nothing asks") { policy, _ in
      unused(policy, "scanner :clamd \"inet:3310@127.0.0.1\" «\"idle\"»;")
    },
    MistakeWay(.flow, "variable that nothing reads") { policy, _ in
      policy.rules(in: RightPolicy.phases).compactMap { rule -> Break? in
        inserted("set «\"nobody_reads\"» \"1\";", in: rule).map { Break(.unused, [$0]) }
      }
    },
    MistakeWay(.flow, "variable that nothing sets") { policy, _ in
      guard policy.isOurs else { return [] }
      return policy.rules(in: RightPolicy.phases).compactMap { rule -> Break? in
        inserted("log \"is «${nobody_sets}»\";", in: rule).map { Break(.variableNeverSet, [$0]) }
      }
    },
    MistakeWay(.flow, "value that nothing reads") { policy, _ in
      policy.commands(named: "set").filter { _ in policy.isOurs }.compactMap { site -> Break? in
        guard let name = site.command.arguments.items.first(where: { $0.tag == nil }) else {
          return nil
        }
        let words = policy.source(site.command.range.bytes)
        let end = site.command.range.bytes.upperBound
        return Break(.overwrittenVariable, end..<end, " \(words)", at: name.range.bytes)
      }
    },
    MistakeWay(.flow, "variable read before it is set") { policy, _ in
      policy.rules(in: RightPolicy.phases).map {
        let start = $0.command.range.bytes.lowerBound
        let end = $0.command.range.bytes.upperBound
        let edits = [
          Break.Edit(start..<start, "rule \"asks\" { log \"is «${sets_it}»\"; }\n  "),
          Break.Edit(end..<end, "\n  rule \"sets\" { set \"sets_it\" \"1\"; log \"${sets_it}\"; }"),
        ]
        return Break(.readBeforeSet, edits)
      }
    },
    MistakeWay(.flow, "refusal of local mail") { policy, random in
      policy.commands(named: "phase").filter { $0.phase == "rcpt" }.compactMap { site in
        site.command.block.map {
          let end = $0.closeBrace.bytes.lowerBound
          let verdict = ["reject", "tempfail"][random.below(2)]
          let rule = "rule \"no local\" { if fact \"rcpt.arg.ORCPT\" { «\(verdict)» \"No\"; } }"
          return Break(.refusalIncludesLocal, end..<end, " \(rule) ")
        }
      }
    },
    MistakeWay(.flow, "policy without rules") { policy, _ in
      guard policy.isOurs else { return [] }
      let head = policy.script.commands.prefix { $0.name.text == "require" }
      guard let end = head.last?.range.bytes.upperBound else { return [] }
      return [Break(.noRules, end..<policy.bytes.count, "\n", at: 0..<0)]
    },
  ]

  static let failures: [MistakeWay] = [
    MistakeWay(.failure, "no answer to a failure") { policy, _ in
      let stated = policy.commands(named: "on_error")
      guard stated.count == 1, stated[0].parents.isEmpty else { return [] }
      let asked = policy.tests(named: "dnsbl").map(\.test.name.range.bytes)
      guard let first = asked.first else { return [] }
      return [Break(.missingFailurePolicy, stated[0].command.range.bytes, "", at: first)]
    },
    MistakeWay(.failure, "answer of a call forgotten") { policy, _ in
      guard policy.commands(named: "on_error").isEmpty else { return [] }
      return policy.tests(named: "dnsbl").compactMap { ask -> Break? in
        let items = ask.test.arguments.items
        guard let place = items.firstIndex(where: { $0.tag == "on_error" }) else { return nil }
        let range =
          items[place].range.bytes.lowerBound..<items[place + 1].range.bytes.upperBound
        return Break(.missingFailurePolicy, range, "", at: ask.test.name.range.bytes)
      }
    },
    MistakeWay(.failure, "misspelled class") { policy, random in
      tags(of: policy).filter { $0.owner == "on_error" && $0.tag != "dns" }.compactMap {
        item -> Break? in
        misspelled(item.tag, &random).map {
          Break(.unknownFailureClass, item.range, "«:\($0)»")
        }
      }
    },
    MistakeWay(.failure, "misspelled answer") { policy, random in
      policy.literals.filter { $0.owner == "on_error" }.compactMap { item -> Break? in
        misspelled(item.literal.value, &random).map {
          Break(.unknownFailureAnswer, item.literal.range.bytes, "«\"\($0)\"»")
        }
      }
    },
    MistakeWay(.failure, "two answers for one class") { policy, _ in
      policy.commands(named: "on_error").filter { $0.parents.isEmpty }.compactMap {
        site -> Break? in
        let tag = site.command.arguments.items.first?.tag ?? "dns"
        let end = site.command.range.bytes.upperBound
        return Break(.duplicateFailureClass, end..<end, "\non_error «:\(tag)» \"reject\";")
      }
    },
    MistakeWay(.failure, "scanner that lets all by") { policy, random in
      policy.commands(named: "on_error").flatMap { site -> [Break] in
        let items = site.command.arguments.items
        guard let place = items.firstIndex(where: { $0.tag == "scanner" }) else { return [] }
        let answer = ["continue", "accept"][random.below(2)]
        return [Break(.failOpen, items[place + 1].range.bytes, "«\"\(answer)\"»")]
      }
    },
    MistakeWay(.failure, "answer behind the rules") { policy, _ in
      policy.commands(named: "phase").compactMap { site -> Break? in
        site.command.block.map {
          let end = $0.closeBrace.bytes.lowerBound
          return Break(.failurePolicyPlace, end..<end, " «on_error» :table \"tempfail\"; ")
        }
      }
    },
  ]

  static let costs: [MistakeWay] = [
    MistakeWay(.cost, "patterns for every part") { policy, _ in
      let keys = (0..<600).map { "\"*\($0)a*\($0)b*\"" }.joined(separator: ", ")
      return dear(policy, ["part"], "if part :matches \"name\" [\(keys)] { drop; }")
    },
    MistakeWay(.cost, "patterns for every field") { policy, _ in
      let keys = (0..<2_500).map { "\"*\($0)a*\($0)b*\"" }.joined(separator: ", ")
      return dear(
        policy, ["headers", "message", "eom"],
        "if header :matches \"Received\" [\(keys)] { log \"dear\"; }")
    },
    MistakeWay(.cost, "loops in loops in loops") { policy, _ in
      let open = String(repeating: "foreverypart { ", count: 4)
      let close = String(repeating: " }", count: 4)
      return policy.rules(in: ["eom"]).compactMap { rule -> Break? in
        inserted("\(open)«foreverypart» { log \"deep\"; }\(close)", in: rule).map {
          Break(.loopsTooDeep, [$0])
        }
      }
    },
    MistakeWay(.cost, "tests nested too deep") { policy, _ in
      let open = String(repeating: "not ", count: CompilerLimits.standard.testNestingMax)
      return replaceable(policy).map {
        let name = $0.name.range.bytes
        return Break(.testsTooDeep, name, "\(open)«\(policy.source(name))»")
      }
    },
  ]

  // MARK: Places

  private static func isLast(_ site: RightPolicy.Site) -> Bool {
    site.parents.last?.block?.commands.last?.range == site.command.range
  }

  private static func ends(_ site: RightPolicy.Site) -> Bool {
    Effects.end(of: site.command, isPolicy: true) == .endsRun
  }

  /// A test that always answers and reads nothing that the policy itself declares.
  private static func isSimple(_ test: Test) -> Bool {
    let names: Set = ["header", "address", "envelope", "exists", "size", "ip", "string", "fact"]
    guard names.contains(test.name.text) else { return false }
    return !test.arguments.items.contains { item in
      item.strings?.contains { $0.value.contains("$") || $0.value.hasPrefix("table:") } == true
        || item.tag == "matches"
    }
  }

  /// Conditions of an `if` for which another can stand.
  private static func replaceable(_ policy: RightPolicy) -> [Test] {
    policy.commands(named: "if").filter { $0.isStatement }.compactMap { site in
      let isModal = site.parents.contains {
        $0.name.text == "rule" && $0.arguments.items.contains { $0.tag == "mode" }
      }
      guard let test = site.command.arguments.tests.first, isSimple(test), !isModal else {
        return nil
      }
      return test
    }
  }

  /// Rules that are one `if` with one branch that ends the run.
  private static func deciding(_ policy: RightPolicy) -> [RightPolicy.Site] {
    policy.rules(in: RightPolicy.phases).filter { rule in
      guard let commands = rule.command.block?.commands, commands.count == 1,
        let test = commands[0].arguments.tests.first, commands[0].name.text == "if",
        let last = commands[0].block?.commands.last
      else { return false }
      let isObserved = policy.commands.contains { $0.name == "mode" }
      return isSimple(test) && Effects.end(of: last, isPolicy: true) == .endsRun && !isObserved
    }
  }

  /// A declaration put behind `require`.
  private static func unused(_ policy: RightPolicy, _ text: String) -> [Break] {
    guard policy.isOurs, let require = policy.script.commands.first else { return [] }
    let end = require.range.bytes.upperBound
    return [Break(.unused, end..<end, "\n" + text)]
  }

  /// A rule put at the end of a phase.
  private static func dear(
    _ policy: RightPolicy, _ phases: Set<String>, _ body: String
  ) -> [Break] {
    policy.commands(named: "phase").compactMap { site -> Break? in
      guard let block = site.command.block, site.phase.map(phases.contains) == true else {
        return nil
      }
      let end = block.closeBrace.bytes.lowerBound
      return Break(.costOverBudget, end..<end, " rule «\"dear\"» { \(body) } ")
    }
  }
}
