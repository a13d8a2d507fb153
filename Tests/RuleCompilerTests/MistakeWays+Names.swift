// Ways of the mistake maker: names that nobody knows, and words that are not in their list.

import RuleBytecode

@testable import RuleCompiler

extension MistakeWay {
  private static let vocabulary = Vocabulary.language
  private static let words = vocabulary.commands.union(vocabulary.tests)

  static let names: [MistakeWay] = [
    MistakeWay(.name, "misspelled command") { policy, random in
      policy.commands.filter { !["if", "elsif", "else", "define", "table"].contains($0.name) }
        .compactMap { site -> Break? in
          misspelled(policy.source(site.command.name.range.bytes), among: words, &random).map {
            Break(.unknownCommand, site.command.name.range.bytes, "«\($0)»")
          }
        }
    },
    MistakeWay(.name, "misspelled if") { policy, random in
      policy.commands(named: "if").filter { $0.isStatement }.map {
        Break(.unknownCommand, $0.command.name.range.bytes, "«\(["iff", "fi"][random.below(2)])»")
      }
    },
    MistakeWay(.name, "misspelled declaration") { policy, random in
      policy.commands.filter { ["define", "table"].contains($0.name) }.compactMap {
        site -> Break? in
        misspelled(site.name, among: words, &random).map {
          Break(.unknownCommand, site.command.name.range.bytes, "«\($0)»")
        }
      }
    },
    MistakeWay(.name, "misspelled test") { policy, random in
      policy.tests.compactMap { ask -> Break? in
        misspelled(policy.source(ask.test.name.range.bytes), among: words, &random).map {
          Break(.unknownTest, ask.test.name.range.bytes, "«\($0)»")
        }
      }
    },
    MistakeWay(.name, "misspelled tag") { policy, random in
      tags(of: policy).filter { $0.owner != "on_error" }.compactMap { tag, owner, range in
        misspelled(tag, among: Set(Self.tags(of: owner)), &random).map {
          Break(.unknownTag, range, "«:\($0)»")
        }
      }
    },
    MistakeWay(.name, "misspelled table") { policy, random in
      policy.literals.filter { $0.literal.value.hasPrefix("table:") }.compactMap { item -> Break? in
        misspelled(String(item.literal.value.dropFirst(6)), &random).map {
          Break(.undefined, item.literal.range.bytes, "«\"table:\($0)\"»")
        }
      }
    },
    MistakeWay(.name, "misspelled definition") { policy, random in
      names(in: policy, of: ["is", "call"]).compactMap { name, range in
        misspelled(name, &random).map { Break(.undefined, range, "«\"\($0)\"»") }
      }
    },
    MistakeWay(.name, "misspelled fact") { policy, random in
      guard policy.isOurs else { return [] }
      return policy.references.filter { !isOwn($0.name) }.compactMap { reference -> Break? in
        guard let dot = reference.name.firstIndex(of: ".") else { return nil }
        let field = String(reference.name[reference.name.index(after: dot)...])
        return misspelled(field, &random).map {
          Break(.unknownFact, reference.bytes, "«${\(reference.name[...dot])\($0)}»")
        }
      }
    },
    MistakeWay(.name, "misspelled namespace") { policy, random in
      guard policy.isOurs else { return [] }
      return policy.references.compactMap { reference -> Break? in
        guard let dot = reference.name.firstIndex(of: "."),
          let wrong = misspelled(String(reference.name[..<dot]), &random)
        else { return nil }
        return Break(.unknownNamespace, reference.bytes, "«${\(wrong)\(reference.name[dot...])}»")
      }
    },
    MistakeWay(.name, "misspelled variable") { policy, random in
      let set = variables(of: policy)
      return policy.references.filter { set.contains($0.name.lowercased()) }.compactMap {
        item -> Break? in
        misspelled(item.name, among: set, &random).map {
          Break(.variableNeverSet, item.bytes, "«${\($0)}»")
        }
      }
    },
    MistakeWay(.name, "misspelled capability") { policy, random in
      policy.literals.filter { $0.owner == "require" }.compactMap { item -> Break? in
        misspelled(item.literal.value, &random).map {
          Break(.unknownCapability, item.literal.range.bytes, "«\"\($0)\"»")
        }
      }
    },
    MistakeWay(.name, "capability of delivery") { policy, random in
      let names = ["vacation", "imap4flags", "enotify", "mailbox"]
      return firstRequired(policy).map { range in
        [
          Break(
            .refusedCapability, range, "[\(policy.source(range)), «\"\(names[random.below(4)])\"»]")
        ]
      } ?? []
    },
    MistakeWay(.name, "misspelled phase") { policy, random in
      policy.commands(named: "phase").compactMap { site -> Break? in
        guard let name = site.command.arguments.tests.first?.name else { return nil }
        return misspelled(name.text, among: RightPolicy.phases, &random).map {
          Break(.unknownPhase, name.range.bytes, "«\($0)»")
        }
      }
    },
    MistakeWay(.name, "word of no list") { policy, random in
      let labels: Set = ["mode", "level", "place", "type"]
      return wordLiterals(of: policy, behind: labels).compactMap { literal -> Break? in
        misspelled(literal.value, &random).map {
          Break(.unknownValue, literal.range.bytes, "«\"\($0)\"»")
        }
      }
    },
    MistakeWay(.name, "field of no part") { policy, random in
      policy.tests.filter { ["part", "ip", "envelope"].contains($0.name) }.compactMap {
        ask -> Break? in
        guard let literal = firstPositional(ask.test.arguments), literal.value.count > 3 else {
          return nil
        }
        return misspelled(literal.value, among: ["name"], &random).map {
          Break(.unknownValue, literal.range.bytes, "«\"\($0)\"»")
        }
      }
    },
    MistakeWay(.name, "misspelled comparator") { policy, random in
      wordLiterals(of: policy, behind: ["comparator"]).compactMap { literal -> Break? in
        misspelled(literal.value, &random).map {
          Break(.unknownComparator, literal.range.bytes, "«\"\($0)\"»")
        }
      }
    },
    MistakeWay(.name, "action as test") { policy, _ in
      policy.tests(named: "exists").map {
        Break(.commandAsTest, $0.test.range.bytes, "«discard»")
      }
    },
    MistakeWay(.name, "test as action") { policy, _ in
      policy.actions.filter { $0.name == "log" && $0.isStatement }.map {
        Break(.testAsCommand, $0.command.range.bytes, "«exists» \"X-Loop\";")
      }
    },
    MistakeWay(.name, "missing capability") { policy, _ in missingCapabilities(policy) },
    MistakeWay(.name, "name taken twice") { policy, _ in
      let rules = policy.commands(named: "rule").compactMap {
        $0.command.arguments.items.last?.strings?.first
      }
      return zip(rules, rules.dropFirst()).map {
        Break(.duplicateName, $1.range.bytes, "«\"\($0.value)\"»")
      }
    },
  ]

  // MARK: Places

  static func tags(
    of policy: RightPolicy
  ) -> [(tag: String, owner: String, range: Range<Int>)] {
    func tags(_ arguments: Arguments, _ owner: String) -> [(String, String, Range<Int>)] {
      arguments.items.compactMap { item in item.tag.map { ($0, owner, item.range.bytes) } }
    }
    return policy.commands.flatMap { tags($0.command.arguments, $0.name) }
      + policy.tests.flatMap { tags($0.test.arguments, $0.name) }
  }

  private static func tags(of name: String) -> [String] {
    let signature = Registry.tests[name]?.signature ?? Registry.actions[name]?.signature
    return signature?.tags.map(\.name) ?? []
  }

  private static func names(
    in policy: RightPolicy, of owners: Set<String>
  ) -> [(name: String, range: Range<Int>)] {
    policy.literals.filter { owners.contains($0.owner) }.map {
      ($0.literal.value, $0.literal.range.bytes)
    }
  }

  /// Parts of names that the author of the policy chose.
  private static func isOwn(_ name: String) -> Bool {
    ["macro.", "switch.", "scan.", "sender.arg.", "rcpt.arg."].contains(where: name.hasPrefix)
  }

  static func variables(of policy: RightPolicy) -> Set<String> {
    Set(policy.commands(named: "set").compactMap { Effects.variableName(of: $0.command) })
  }

  private static func firstRequired(_ policy: RightPolicy) -> Range<Int>? {
    let item = policy.commands(named: "require").first?.command.arguments.items.first
    guard case .string(let literal) = item?.value else { return nil }
    return literal.range.bytes
  }

  /// Strings behind one of these tags.
  static func wordLiterals(
    of policy: RightPolicy, behind tags: Set<String>
  ) -> [StringLiteral] {
    return policy.argumentLists.flatMap { arguments in
      zip(arguments.items, arguments.items.dropFirst()).compactMap {
        tag, value -> StringLiteral? in
        guard let name = tag.tag, tags.contains(name), name != "type" || arguments.isOfTable else {
          return nil
        }
        return value.strings?.first
      }
    }
  }

  static func firstPositional(_ arguments: Arguments) -> StringLiteral? {
    let tagged = ["comparator"]
    var previous = ""
    for item in arguments.items {
      if let tag = item.tag {
        previous = tag
      } else if tagged.contains(previous) {
        previous = ""
      } else {
        return item.strings?.first
      }
    }
    return nil
  }

  /// What needs which capability, where it is needed first.
  private static func missingCapabilities(_ policy: RightPolicy) -> [Break] {
    guard let require = policy.commands(named: "require").first?.command,
      let list = require.arguments.items.first, let literals = list.strings
    else { return [] }
    return literals.compactMap { literal -> Break? in
      guard let place = firstUse(of: literal.value, in: policy) else { return nil }
      let rest = literals.filter { $0.value != literal.value }.map { "\"\($0.value)\"" }
      let text = rest.isEmpty ? "" : "require [\(rest.joined(separator: ", "))];"
      return Break(.missingRequire, require.range.bytes, text, at: place)
    }
  }

  private static func firstUse(of capability: String, in policy: RightPolicy) -> Range<Int>? {
    let tests = policy.tests.map { ($0.name, $0.test.name.range.bytes) }
    let commands = policy.commands.map { ($0.name, $0.command.name.range.bytes) }
    let edits = ["addheader", "deleteheader"]
    let found: [Range<Int>]
    switch capability {
    case "defang":
      let shapes = ["phase", "group", "on_error"] + Registry.topLevel
      found = commands.filter { shapes.contains($0.0) }.map(\.1)
    case "envelope": found = tests.filter { $0.0 == "envelope" }.map(\.1)
    case "variables" where policy.isOurs: found = tests.filter { $0.0 == "string" }.map(\.1)
    case "variables": found = commands.filter { $0.0 == "set" }.map(\.1)
    case "reject" where !policy.isOurs: found = commands.filter { $0.0 == "reject" }.map(\.1)
    case "editheader" where !policy.isOurs:
      found = commands.filter { edits.contains($0.0) }.map(\.1)
    case "extlists": found = tags(of: policy).filter { $0.tag == "list" }.map(\.range)
    default: found = []
    }
    return found.min { $0.lowerBound < $1.lowerBound }
  }
}

extension Arguments {
  /// `:type` of a table is a word of a list, that of `replace` is a media type.
  fileprivate var isOfTable: Bool { items.contains { $0.tag == "inline" } }
}
