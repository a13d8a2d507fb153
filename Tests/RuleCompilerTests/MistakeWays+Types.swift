// Ways of the mistake maker: arguments of the wrong kind, count and place, and names that stand for
// something else.

@testable import RuleCompiler

extension MistakeWay {
  static let types: [MistakeWay] = [
    MistakeWay(.type, "number in quotes") { policy, _ in
      policy.tests(named: "size").compactMap { ask -> Break? in
        ask.test.arguments.items.last.map {
          Break(.wrongKind, $0.range.bytes, "«\"\(policy.source($0.range.bytes))\"»")
        }
      }
    },
    MistakeWay(.type, "number without quotes") { policy, _ in
      policy.actions.filter {
        ["addheader", "setheader", "log", "score", "reject"].contains($0.name)
      }
      .compactMap { site -> Break? in
        site.command.arguments.items.last.map { Break(.wrongKind, $0.range.bytes, "«550»") }
      }
    },
    MistakeWay(.type, "keys without quotes") { policy, _ in
      policy.tests.filter { ["header", "address", "envelope", "string", "ip"].contains($0.name) }
        .compactMap { ask -> Break? in
          ask.test.arguments.items.last.map { Break(.wrongKind, $0.range.bytes, "«17»") }
        }
    },
    MistakeWay(.type, "list for a string") { policy, _ in
      policy.actions.filter { ["addheader", "setheader"].contains($0.name) }.compactMap {
        site -> Break? in
        site.command.arguments.items.first { $0.tag == nil && $0.strings != nil }.map {
          Break(.wrongKind, $0.range.bytes, "«[\(policy.source($0.range.bytes)), \"X-Two\"]»")
        }
      }
    },
    MistakeWay(.type, "value of a tag in quotes") { policy, _ in
      tagValues(policy) { if case .number = $0.value { true } else { false } }.map { tag, value in
        Break(
          .tagWantsValue, value.range.bytes, "\"\(policy.source(value.range.bytes))\"",
          at: tag.range.bytes)
      }
    },
    MistakeWay(.type, "value of a tag without quotes") { policy, _ in
      tagValues(policy) { if case .string = $0.value { true } else { false } }
        .filter { ["code", "level", "mode", "comparator"].contains($0.tag.tag) }
        .map { Break(.tagWantsValue, $0.value.range.bytes, "550", at: $0.tag.range.bytes) }
    },
    MistakeWay(.type, "argument left out") { policy, _ in
      let names: Set = [
        "addheader", "setheader", "set", "score", "reject", "log", "replace", "warn",
      ]
      return policy.actions.filter { names.contains($0.name) }.compactMap { site -> Break? in
        lastLeftOut(site.command.arguments, site.command.name.range.bytes)
      }
    },
    MistakeWay(.type, "keys left out") { policy, _ in
      let names: Set = ["header", "address", "envelope", "string", "size", "ip", "fact", "exists"]
      return policy.tests.filter { names.contains($0.name) }.compactMap { ask -> Break? in
        lastLeftOut(ask.test.arguments, ask.test.name.range.bytes)
      }
    },
    MistakeWay(.type, "one argument too many") { policy, _ in
      let names: Set = ["addheader", "setheader", "set", "score", "reject", "log", "drop", "stop"]
      return policy.actions.filter { names.contains($0.name) }.map { site in
        let end = site.command.range.bytes.upperBound - 1
        return Break(.extraArgument, end..<end, " «\"more\"»")
      }
    },
    MistakeWay(.type, "one list too many") { policy, _ in
      let names: Set = ["header", "address", "envelope", "string", "ip", "fact", "exists"]
      return policy.tests.filter { names.contains($0.name) }.map { ask in
        let end = ask.test.range.bytes.upperBound
        return Break(.extraArgument, end..<end, " «[\"more\", \"keys\"]»")
      }
    },
    MistakeWay(.type, "two match types") { policy, _ in
      matchTags(policy).map {
        let other = $0.tag == "contains" ? "is" : "contains"
        return Break(.conflictingTags, $0.end, " «:\(other)»")
      }
    },
    MistakeWay(.type, "a tag twice") { policy, _ in
      matchTags(policy).map { Break(.duplicateTag, $0.end, " «:\($0.tag)»") }
    },
    MistakeWay(.type, "two sides of a size") { policy, _ in
      policy.tests(named: "size").compactMap { ask -> Break? in
        guard let tag = ask.test.arguments.items.first(where: { $0.tag != nil }) else { return nil }
        let end = tag.range.bytes.upperBound
        return Break(.conflictingTags, end..<end, " «:\(tag.tag == "over" ? "under" : "over")»")
      }
    },
    MistakeWay(.type, "tag behind the arguments") { policy, _ in
      policy.tests.filter { ["header", "address", "envelope", "string"].contains($0.name) }
        .compactMap { ask -> Break? in
          let items = ask.test.arguments.items
          guard let tag = items.first, tag.tag != nil, tag.tag != "comparator",
            let last = items.last?.range.bytes.lowerBound
          else { return nil }
          let words = policy.source(tag.range.bytes)
          let edits = [Break.Edit(tag.range.bytes, ""), Break.Edit(last..<last, "«\(words)» ")]
          return Break(.tagAfterPositional, edits)
        }
    },
    MistakeWay(.type, "table of another type") { policy, _ in wrongTables(policy) },
    MistakeWay(.type, "list of tests for one") { policy, _ in
      policy.commands.filter { ["if", "elsif"].contains($0.name) }.compactMap { site -> Break? in
        site.command.arguments.tests.first.map {
          Break(.testListNotAllowed, $0.range.bytes, "«(\(policy.source($0.range.bytes)))»")
        }
      }
    },
    MistakeWay(.type, "one test for a list") { policy, _ in
      policy.commands.filter { ["if", "elsif"].contains($0.name) }.compactMap { site -> Break? in
        site.command.arguments.tests.first.map {
          Break(.testListWanted, $0.range.bytes, "anyof «\(policy.source($0.range.bytes))»")
        }
      }
    },
    MistakeWay(.type, "test behind an action") { policy, _ in
      policy.actions.filter { ["stop", "accept", "discard"].contains($0.name) }.map { site in
        let end = site.command.range.bytes.upperBound - 1
        return Break(.unexpectedTest, end..<end, " «true»")
      }
    },
    MistakeWay(.type, "block behind an action") { policy, _ in
      policy.actions.filter { ["log", "addheader"].contains($0.name) && $0.isStatement }.map {
        let end = $0.command.range.bytes.upperBound - 1
        return Break(.unexpectedBlock, end..<end + 1, " «{» stop; }")
      }
    },
    MistakeWay(.type, "block for a test") { policy, _ in
      definitions(policy, areTests: true).flatMap { name in
        policy.rules(in: RightPolicy.phases).compactMap { rule -> Break? in
          guard isBefore(name, rule, policy) else { return nil }
          return inserted("call «\"\(name)\"»;", in: rule).map {
            Break(.wrongUseOfDefinition, [$0])
          }
        }
      }
    },
    MistakeWay(.type, "header name from mail") { policy, _ in
      guard policy.isOurs else { return [] }
      return policy.actions.filter { $0.name == "addheader" && $0.isStatement }.compactMap {
        site -> Break? in
        site.command.arguments.items.first { $0.tag == nil }.map {
          Break(.notConstant, $0.range.bytes, "\"X-«${client.ip}»\"")
        }
      }
    },
  ]

  // MARK: Places

  private static func tagValues(
    _ policy: RightPolicy, _ isMeant: (Argument) -> Bool
  ) -> [(tag: Argument, value: Argument)] {
    let owned: Set = [
      "timeout", "index", "code", "level", "mode", "comparator", "parts", "depth", "expire",
      "every", "command", "end", "header_bytes", "headers", "decoded_bytes",
    ]
    return policy.argumentLists.flatMap { arguments in
      zip(arguments.items, arguments.items.dropFirst()).filter { tag, value in
        tag.tag.map(owned.contains) == true && isMeant(value)
      }.map { ($0, $1) }
    }
  }

  private static func lastLeftOut(_ arguments: Arguments, _ name: Range<Int>) -> Break? {
    guard arguments.items.count(where: { $0.tag == nil }) > 0, let last = arguments.items.last
    else {
      return nil
    }
    return Break(.missingArgument, last.range.bytes, "", at: name)
  }

  static func matchTags(_ policy: RightPolicy) -> [(tag: String, end: Range<Int>)] {
    tags(of: policy).filter { ["is", "contains", "matches", "list"].contains($0.tag) }.map {
      ($0.tag, $0.range.upperBound..<$0.range.upperBound)
    }
  }

  private static func tables(_ policy: RightPolicy, ofNetworks: Bool) -> [String] {
    policy.commands(named: "table").filter { site in
      site.command.arguments.items.contains { $0.strings?.first?.value == "cidr" } == ofNetworks
    }.compactMap { $0.command.arguments.items.last?.strings?.first?.value }
  }

  private static func wrongTables(_ policy: RightPolicy) -> [Break] {
    policy.literals.filter { $0.literal.value.hasPrefix("table:") }.flatMap { item in
      let isNetwork = item.owner == "ip"
      return tables(policy, ofNetworks: !isNetwork).filter { _ in
        item.owner == "ip" || item.owner == "envelope" || item.owner == "header"
      }.map { Break(.wrongTableType, item.literal.range.bytes, "«\"table:\($0)\"»") }
    }
  }

  private static func definitions(_ policy: RightPolicy, areTests: Bool) -> [String] {
    policy.commands(named: "define").filter { ($0.command.block == nil) == areTests }.compactMap {
      $0.command.arguments.items.last?.strings?.first?.value
    }
  }

  private static func isBefore(
    _ name: String, _ rule: RightPolicy.Site, _ policy: RightPolicy
  ) -> Bool {
    policy.commands(named: "define").contains {
      $0.command.arguments.items.last?.strings?.first?.value == name
        && $0.command.range < rule.command.range
    }
  }

  /// A statement put at the start of a rule.
  static func inserted(_ text: String, in rule: RightPolicy.Site) -> Break.Edit? {
    guard let block = rule.command.block else { return nil }
    let start = block.openBrace.bytes.upperBound
    return Break.Edit(start..<start, " " + text)
  }
}
