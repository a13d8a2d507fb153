// Ways of the mistake maker: texts that cannot be what they stand for.

import RuleBytecode

@testable import RuleCompiler

extension MistakeWay {
  static let literals: [MistakeWay] = [
    MistakeWay(.literal, "prefix longer than an address") { policy, _ in
      networks(policy).filter { $0.owner == "ip" }.map {
        Break(.badNetwork, $0.range, "«\"\($0.address)/\($0.address.contains(":") ? 129 : 33)\"»")
      }
    },
    MistakeWay(.literal, "no address") { policy, random in
      let wrong = ["300.1.2.3", "192.0.2", "2001:db8::1::2", "mail.example"]
      return networks(policy).filter { $0.owner == "ip" }.map {
        Break(.badIPAddress, $0.range, "«\"\(wrong[random.below(4)])\"»")
      }
    },
    MistakeWay(.literal, "bits behind the prefix") { policy, _ in
      networks(policy).filter { $0.owner == "ip" && $0.isNetwork }.map {
        let address = $0.address.contains(":") ? "2001:db8::7" : "198.51.100.201"
        return Break(.networkHostBits, $0.range, "«\"\(address)/28\"»")
      }
    },
    MistakeWay(.literal, "wrong table entry") { policy, _ in
      policy.commands(named: "table").compactMap { site -> Break? in
        let type = wordLiteral(site.command.arguments, "type")
        let wrong =
          switch type {
          case "cidr": "10.0.0.0/40"
          case "domain": "not a domain"
          case "address": "no-at-sign"
          default: ""
          }
        guard !wrong.isEmpty, let entry = entries(of: site).last else { return nil }
        let code: ProblemCode = type == "cidr" ? .badNetwork : .badTableEntry
        return Break(code, entry, "«\"\(wrong)\"»")
      }
    },
    MistakeWay(.literal, "reply code of the other class") { policy, _ in
      replies(policy, ":code").map {
        Break(.badReplyCode, $0.range, $0.verdict == "reject" ? "«\"450\"»" : "«\"550\"»")
      }
    },
    MistakeWay(.literal, "no reply code") { policy, random in
      replies(policy, ":code").map {
        Break(.badReplyCode, $0.range, "«\"\(["5500", "55", "99x"][random.below(3)])\"»")
      }
    },
    MistakeWay(.literal, "no enhanced code") { policy, random in
      replies(policy, ":enhanced").map {
        Break(.badEnhancedCode, $0.range, "«\"\(["5.7", "5-7-1", "9.7.1"][random.below(3)])\"»")
      }
    },
    MistakeWay(.literal, "codes of two classes") { policy, _ in
      replies(policy, ":enhanced").map {
        Break(.codeClassMismatch, $0.range, $0.verdict == "reject" ? "«\"4.7.1\"»" : "«\"5.7.1\"»")
      }
    },
    MistakeWay(.literal, "no header name") { policy, random in
      let wrong = ["Sub ject", "Subject:", "Betreff ü", ""]
      return headerNames(policy).filter { _ in policy.isOurs }.map {
        Break(.badHeaderName, $0, "«\"\(wrong[random.below(4)])\"»")
      }
    },
    MistakeWay(.literal, "no amount") { policy, random in
      let wrong = ["1,5", "much", "1.5.0", ""]
      return amounts(policy).map { Break(.badScore, $0, "«\"\(wrong[random.below(4)])\"»") }
    },
    MistakeWay(.literal, "amount too big") { policy, _ in
      amounts(policy).map { Break(.scoreTooBig, $0, "«\"99999999999\"»") }
    },
    MistakeWay(.literal, "no symbol") { policy, random in
      policy.actions.filter { $0.name == "score" }.compactMap { site -> Break? in
        site.command.arguments.items.last.map {
          Break(.badSymbol, $0.range.bytes, "«\"\(["TWO WORDS", "", "A,B"][random.below(3)])\"»")
        }
      }
    },
    MistakeWay(.literal, "name of nothing") { policy, _ in
      policy.commands(named: "rule").compactMap { site -> Break? in
        site.command.arguments.items.last.map { Break(.badName, $0.range.bytes, "«\"\"»") }
      }
    },
    MistakeWay(.literal, "no media type") { policy, _ in
      policy.actions.filter { $0.name == "replace" }.compactMap { site -> Break? in
        let items = site.command.arguments.items
        guard let place = items.firstIndex(where: { $0.tag == "type" }) else { return nil }
        return Break(.badMediaType, items[place + 1].range.bytes, "«\"plain text\"»")
      }
    },
    MistakeWay(.literal, "reference that never ends") { policy, _ in
      guard policy.isOurs else { return [] }
      return policy.references.map { reference in
        let open = "${\(reference.name)"
        return Break(.badVariable, reference.bytes, "«\(open)»")
      }
    },
    MistakeWay(.literal, "capture that there is not") { policy, random in
      policy.references.filter { Int($0.name) != nil && policy.isOurs }.map {
        Break(.captureBeyondGroups, $0.bytes, "«${\(7 + random.below(3))}»")
      }
    },
    MistakeWay(.literal, "capture without a match") { policy, _ in
      policy.rules(in: RightPolicy.phases).compactMap { rule -> Break? in
        inserted("log \"got «${1}»\";", in: rule).map { Break(.captureWithoutMatch, [$0]) }
      }
    },
    MistakeWay(.literal, "time-out out of range") { policy, _ in
      numbers(policy, behind: ["timeout"]).map { Break(.outOfRange, $0, "«86400»") }
    },
    MistakeWay(.literal, "no socket") { policy, _ in
      policy.commands(named: "scanner").filter { site in
        site.command.arguments.items.contains { ["clamd", "spamd"].contains($0.tag) }
      }.compactMap { site -> Break? in
        firstPositional(site.command.arguments).map {
          Break(.badSocketAddress, $0.range.bytes, "«\"/run/no-scheme.sock\"»")
        }
      }
    },
    MistakeWay(.literal, "useless backslash") { policy, _ in
      policy.literals.filter { $0.owner == "log" && $0.literal.form == .quoted }.map {
        let end = $0.literal.range.bytes.upperBound - 1
        return Break(.uselessEscape, end..<end, "«\\.»")
      }
    },
    MistakeWay(.literal, "reply of two lines in one") { policy, _ in
      policy.actions.filter { $0.name == "reject" && policy.isOurs }.compactMap { site -> Break? in
        guard case .string(let literal) = site.command.arguments.items.last?.value,
          literal.form == .quoted
        else { return nil }
        let end = literal.range.bytes.upperBound - 1
        return Break(.replyControl, end..<end, "\nand more", at: literal.range.bytes)
      }
    },
  ]

  // MARK: Places

  struct Network {
    let address: String
    let isNetwork: Bool
    let owner: String
    let range: Range<Int>
  }

  private static func networks(_ policy: RightPolicy) -> [Network] {
    policy.literals.filter { $0.owner == "ip" }.compactMap { item -> Network? in
      let parts = item.literal.value.split(separator: "/")
      guard let address = parts.first, address.contains(where: ".:".contains),
        !address.hasPrefix("table")
      else { return nil }
      return Network(
        address: String(address), isNetwork: parts.count == 2, owner: item.owner,
        range: item.literal.range.bytes)
    }
  }

  private static func entries(of table: RightPolicy.Site) -> [Range<Int>] {
    let items = table.command.arguments.items
    guard let place = items.firstIndex(where: { $0.tag == "inline" }) else { return [] }
    return items[place + 1].strings?.map(\.range.bytes) ?? []
  }

  private static func wordLiteral(_ arguments: Arguments, _ tag: String) -> String? {
    guard let place = arguments.items.firstIndex(where: { $0.tag == tag }) else { return nil }
    return arguments.items[place + 1].strings?.first?.value
  }

  private static func replies(
    _ policy: RightPolicy, _ tag: String
  ) -> [(verdict: String, range: Range<Int>)] {
    policy.actions.compactMap { site -> (verdict: String, range: Range<Int>)? in
      let items = site.command.arguments.items
      guard let place = items.firstIndex(where: { ":" + ($0.tag ?? "") == tag }) else { return nil }
      return (site.name, items[place + 1].range.bytes)
    }
  }

  private static func headerNames(_ policy: RightPolicy) -> [Range<Int>] {
    let edits = policy.actions.filter { ["addheader", "setheader"].contains($0.name) }
      .compactMap { firstPositional($0.command.arguments)?.range.bytes }
    let tests = policy.tests.filter { ["header", "exists"].contains($0.name) }
      .compactMap { firstPositional($0.test.arguments)?.range.bytes }
    return edits + tests
  }

  private static func amounts(_ policy: RightPolicy) -> [Range<Int>] {
    policy.actions.filter { $0.name == "score" }
      .compactMap { $0.command.arguments.items.first?.range.bytes }
      + policy.tests(named: "score").compactMap { $0.test.arguments.items.last?.range.bytes }
  }

  static func numbers(_ policy: RightPolicy, behind tags: Set<String>) -> [Range<Int>] {
    return policy.argumentLists.flatMap { arguments in
      zip(arguments.items, arguments.items.dropFirst()).compactMap {
        tag, value -> Range<Int>? in
        guard case .number = value.value, tag.tag.map(tags.contains) == true else { return nil }
        return value.range.bytes
      }
    }
  }
}
