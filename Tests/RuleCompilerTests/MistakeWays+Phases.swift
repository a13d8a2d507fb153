// Ways of the mistake maker: what a phase does not have, and what stands at the wrong place.

@testable import RuleCompiler

extension MistakeWay {
  private static let early: Set = ["connect", "helo", "mail", "rcpt", "data"]

  static let phases: [MistakeWay] = [
    MistakeWay(.phase, "part edit without a part") { policy, random in
      let edits = ["drop", "replace", "warn"]
      return policy.rules(in: RightPolicy.phases.subtracting(["part", "eom"])).compactMap {
        rule -> Break? in
        let name = edits[random.below(edits.count)]
        return inserted(name == "drop" ? "«drop»;" : "«\(name)» \"Gone.\";", in: rule).map {
          Break(.actionNotPossible, [$0])
        }
      }
    },
    MistakeWay(.phase, "header edit before any message") { policy, random in
      policy.rules(in: ["connect", "helo"]).compactMap { rule -> Break? in
        let name = ["addheader", "setheader"][random.below(2)]
        return inserted("«\(name)» \"X-Early\" \"yes\";", in: rule).map {
          Break(.actionNotPossible, [$0])
        }
      }
    },
    MistakeWay(.phase, "part edit outside of a loop") { policy, _ in
      policy.rules(in: ["eom"]).compactMap { rule -> Break? in
        inserted("«drop»;", in: rule).map { Break(.loopNeeded, [$0]) }
      }
    },
    MistakeWay(.phase, "discard of a session") { policy, _ in
      verdicts(policy, in: ["connect", "helo"]).map {
        Break(.actionNotPossible, $0.command.range.bytes, "«discard»;")
      }
    },
    MistakeWay(.phase, "discard of one recipient") { policy, _ in
      policy.actions.filter { $0.phase == "rcpt" && ["log", "accept"].contains($0.name) }.map {
        Break(.tagNeeded, $0.command.range.bytes, "«discard»;")
      }
    },
    MistakeWay(.phase, "test of what is not there yet") { policy, random in
      let tests = [
        "«exists» \"X-Early\"", "«size» :over 10K", "«header» :is \"Subject\" \"early\"",
        "«address» :domain \"From\" \"early.example\"",
      ]
      return policy.rules(in: early).compactMap { rule -> Break? in
        inserted("if \(tests[random.below(tests.count)]) { log \"early\"; }", in: rule).map {
          Break(.testNotPossible, [$0])
        }
      }
    },
    MistakeWay(.phase, "test of a part without one") { policy, _ in
      policy.rules(in: RightPolicy.phases.subtracting(["part", "eom"])).compactMap {
        rule -> Break? in
        inserted("if «part» :is \"kind\" \"pdf\" { log \"pdf\"; }", in: rule).map {
          Break(.testNotPossible, [$0])
        }
      }
    },
    MistakeWay(.phase, "fact of a later phase") { policy, random in
      let facts = ["subject", "message.size", "part.name", "from.domain"]
      return policy.rules(in: early).compactMap { rule -> Break? in
        inserted("log \"early: «${\(facts[random.below(4)])}»\";", in: rule).map {
          Break(.factNotKnown, [$0])
        }
      }
    },
    MistakeWay(.phase, "sender before MAIL") { policy, _ in
      policy.rules(in: ["connect", "helo"]).compactMap { rule -> Break? in
        inserted("log \"early: «${sender}»\";", in: rule).map { Break(.factNotKnown, [$0]) }
      }
    },
    MistakeWay(.phase, "recipient at MAIL") { policy, _ in
      policy.tests(named: "envelope").filter { $0.phase == "mail" }.compactMap { ask -> Break? in
        firstPositional(ask.test.arguments).map {
          Break(.dataNotAvailable, $0.range.bytes, "«\"to\"»")
        }
      }
    },
    MistakeWay(.phase, "scope of a message in a session") { policy, _ in
      scopes(policy, "session").filter { ["connect", "helo"].contains($0.phase) }.map {
        Break(.scopeNotPossible, $0.range, "«:message»")
      }
    },
    MistakeWay(.phase, "scope of a recipient without one") { policy, _ in
      scopes(policy, "message").filter { $0.phase == "mail" }.map {
        Break(.scopeNotPossible, $0.range, "«:recipient»")
      }
    },
    MistakeWay(.phase, "scope forgotten") { policy, _ in forgottenScopes(policy) },
    MistakeWay(.phase, "message scope of accept") { policy, _ in
      policy.actions.filter { $0.name == "accept" && ["connect", "helo"].contains($0.phase) }.map {
        let end = $0.command.name.range.bytes.upperBound
        return Break(.tagNotPossible, end..<end, " «:message»")
      }
    },
  ]

  static let orders: [MistakeWay] = [
    MistakeWay(.order, "require behind others") { policy, _ in
      guard policy.script.commands.count > 2,
        let require = policy.script.commands.first, require.name.text == "require"
      else { return [] }
      let end = policy.script.commands[1].range.bytes.upperBound
      let words = policy.source(require.range.bytes).dropFirst("require".count)
      let edits = [
        Break.Edit(require.range.bytes, ""),
        Break.Edit(end..<end, "\n«\(policy.source(require.name.range.bytes))»\(words)"),
      ]
      return [Break(.requireNotFirst, edits)]
    },
    MistakeWay(.order, "definition behind its use") { policy, _ in moved(policy, "define") },
    MistakeWay(.order, "table behind its use") { policy, _ in moved(policy, "table") },
    MistakeWay(.order, "elsif first") { policy, _ in
      policy.commands(named: "if").filter(isFirst).map {
        Break(.elsifWithoutIf, $0.command.name.range.bytes, "«elsif»")
      }
    },
    MistakeWay(.order, "else without if") { policy, _ in
      policy.rules(in: RightPolicy.phases).compactMap { rule -> Break? in
        inserted("«else» { log \"never\"; }", in: rule).map { Break(.elsifWithoutIf, [$0]) }
      }
    },
    MistakeWay(.order, "branch behind else") { policy, _ in
      policy.commands(named: "else").map {
        let end = $0.command.range.bytes.upperBound
        return Break(.elseTwice, end..<end, " «elsif» exists \"X-Late\" { stop; }")
      }
    },
    MistakeWay(.order, "rule in a rule") { policy, _ in
      policy.rules(in: RightPolicy.phases).compactMap { rule -> Break? in
        inserted("«rule» \"inner rule\" { log \"inner\"; }", in: rule).map {
          Break(.ruleInRule, [$0])
        }
      }
    },
    MistakeWay(.order, "statement without a rule") { policy, _ in
      policy.commands(named: "phase").compactMap { site -> Break? in
        site.command.block.map {
          let end = $0.closeBrace.bytes.lowerBound
          return Break(.statementOutsideRule, end..<end, " «log» \"no rule\"; ")
        }
      }
    },
    MistakeWay(.order, "statement without a phase") { policy, _ in
      guard policy.isOurs, let last = policy.script.commands.last else { return [] }
      let end = last.range.bytes.upperBound
      return [Break(.statementAtTopLevel, end..<end, "\n«log» \"no phase\";")]
    },
    MistakeWay(.order, "declaration in a phase") { policy, _ in
      policy.commands(named: "phase").compactMap { site -> Break? in
        site.command.block.map {
          let end = $0.closeBrace.bytes.lowerBound
          return Break(.misplaced, end..<end, " «table» :inline [\"a\", \"b\"] \"late\"; ")
        }
      }
    },
    MistakeWay(.order, "rule without a phase") { policy, _ in
      guard policy.isOurs, let last = policy.script.commands.last else { return [] }
      let end = last.range.bytes.upperBound
      return [Break(.misplaced, end..<end, "\n«rule» \"no phase\" { log \"alone\"; }")]
    },
    MistakeWay(.order, "phase in a rule") { policy, _ in
      policy.rules(in: RightPolicy.phases).compactMap { rule -> Break? in
        inserted("«phase» eom { rule \"inner\" { log \"inner\"; } }", in: rule).map {
          Break(.misplaced, [$0])
        }
      }
    },
    MistakeWay(.order, "break without a loop") { policy, _ in
      policy.rules(in: RightPolicy.phases).compactMap { rule -> Break? in
        guard let end = rule.command.block?.closeBrace.bytes.lowerBound, !endsRun(rule) else {
          return nil
        }
        return Break(.breakOutsideLoop, end..<end, " «break»; ")
      }
    },
  ]

  // MARK: Places

  private static func isFirst(_ site: RightPolicy.Site) -> Bool {
    site.parents.last?.block?.commands.first?.range == site.command.range
  }

  static func verdicts(_ policy: RightPolicy, in phases: Set<String>) -> [RightPolicy.Site] {
    policy.actions.filter { site in
      ["accept", "reject", "tempfail", "discard"].contains(site.name)
        && site.phase.map(phases.contains) == true
    }
  }

  private static func scopes(
    _ policy: RightPolicy, _ scope: String
  ) -> [(phase: String, range: Range<Int>)] {
    policy.commands(named: "set").compactMap { site -> (phase: String, range: Range<Int>)? in
      guard let phase = site.phase,
        let tag = site.command.arguments.items.first(where: { $0.tag == scope })
      else { return nil }
      return (phase, tag.range.bytes)
    }
  }

  /// Where one `set` of a variable is read at one place, in another phase.
  private static func forgottenScopes(_ policy: RightPolicy) -> [Break] {
    policy.commands(named: "set").compactMap { site -> Break? in
      guard let phase = site.phase, let name = Effects.variableName(of: site.command),
        let tag = site.command.arguments.items.first, tag.tag != nil,
        policy.commands(named: "set").count(where: {
          Effects.variableName(of: $0.command) == name
        }) == 1
      else { return nil }
      let reads = policy.references.filter { $0.name.lowercased() == name }
      guard reads.count == 1, let read = reads.first, let other = read.phase, other != phase else {
        return nil
      }
      return Break(.variableOfOtherPhase, tag.range.bytes, "", at: read.bytes)
    }
  }

  /// A declaration put at the end of the file, where its name is used at one place.
  private static func moved(_ policy: RightPolicy, _ kind: String) -> [Break] {
    policy.commands(named: kind).compactMap { site -> Break? in
      guard let name = site.command.arguments.items.last?.strings?.first?.value,
        let last = policy.script.commands.last
      else { return nil }
      let uses = policy.literals.filter {
        kind == "table"
          ? $0.literal.value == "table:\(name)"
          : ["is", "call"].contains($0.owner) && $0.literal.value == name
      }
      guard uses.count == 1, let use = uses.first else { return nil }
      let end = last.range.bytes.upperBound
      let edits = [
        Break.Edit(site.command.range.bytes, ""),
        Break.Edit(end..<end, "\n" + policy.source(site.command.range.bytes)),
      ]
      return Break(.usedBeforeDefinition, edits, at: use.literal.range.bytes)
    }
  }

  /// The body's last statement leaves the rule.
  static func endsRun(_ rule: RightPolicy.Site) -> Bool {
    guard let last = rule.command.block?.commands.last else { return false }
    return Effects.end(of: last, isPolicy: true) != .goesOn || last.name.text == "else"
  }
}
