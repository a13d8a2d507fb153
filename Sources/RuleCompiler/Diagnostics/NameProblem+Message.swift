// The words of family N.

import RuleBytecode

extension NameProblem {
  var wording: Wording {
    switch self {
    case .unknownCommand(let name, _): Wording("there is no command \(quoted(name))")
    case .unknownTest(let name, _): Wording("there is no test \(quoted(name))")
    case .unknownTag(let tag, let name, _):
      Wording("\(quoted(name)) has no tag \(quoted(":" + tag))")
    case .unknownCapability(let name, _): Wording("there is no capability \(quoted(name))")
    case .refusedCapability(let name):
      Wording("the capability \(quoted(name)) is not for a mail filter at the MTA")
    case .missingRequire(let capability, let name):
      Wording("\(quoted(name)) needs the capability \(quoted(capability))")
    case .unknownComparator(let name, _): Wording("there is no comparator \(quoted(name))")
    case .unknownPhase(let name, _): Wording("there is no phase \(quoted(name))")
    case .unknownFact(let name, _): Wording("there is no fact \(quoted(name))")
    case .unknownNamespace(let name, _):
      Wording("there are no facts called \(quoted(name + ".…"))")
    case .unknownValue(let value, "extension", _, _):
      Wording("no extension is \(quoted(value))", "it is what stands behind the last dot")
    case .unknownValue(let value, let name, _, let known):
      Wording(
        "\(quoted(value)) is no value of \(quoted(name))",
        known.isEmpty ? nil : "expected \(listed(known, "or"))")
    case .commandAsTest(let name):
      Wording("\(quoted(name)) is a command, not a test", "expected a test")
    case .testAsCommand(let name):
      Wording("\(quoted(name)) is a test, not a command", "expected a command")
    }
  }

  private func isRelation(_ tag: String) -> Bool {
    Relation.allCases.contains { $0.name == tag }
  }

  var help: String? {
    switch self {
    case .unknownValue("temperror", _, _, let known) where known.contains("permerror"):
      "temperror is an error of class :dns: what follows says on_error :dns"
    case .unknownCommand(let name, let nearest):
      ForeignWords.commandHelp[name] ?? didYouMean(nearest)
    case .unknownTest(let name, let nearest):
      ForeignWords.testHelp[name] ?? didYouMean(nearest)
    case .unknownCapability(_, let nearest), .unknownFact(_, let nearest),
      .unknownValue(_, _, let nearest, _):
      didYouMean(nearest)
    case .unknownNamespace(_, let nearest):
      didYouMean(nearest) ?? "names of your own have no dot: \"${name}\""
    case .unknownTag(let tag, _, _) where ForeignWords.relations[tag] != nil || isRelation(tag):
      "write :value \"\(ForeignWords.relations[tag] ?? tag)\""
    case .unknownTag(let tag, _, _) where ForeignWords.tagHelp[tag] != nil:
      ForeignWords.tagHelp[tag]
    case .unknownTag("size", "part", _): "write part :over \"size\" 10M"
    case .unknownTag(let tag, _, nil) where Registry.tests[tag] != nil:
      Signature.usage(of: tag) ?? "\(quoted(tag)) is a test of its own"
    case .unknownTag(_, let name, let nearest):
      didYouMean(nearest.map { ":" + $0 }) ?? Registry.signature(of: name)?.tagsInWords
    case .unknownComparator(_, let nearest):
      didYouMean(nearest) ?? "there are \"i;octet\" and \"i;ascii-casemap\""
    case .unknownPhase(_, let nearest):
      didYouMean(nearest)
        ?? "the phases are connect, helo, mail, rcpt, data, headers, message, part and eom"
    case .refusedCapability("fileinto"):
      "mark it for the program that delivers, as in addheader \"X-Spam\" \"yes\"; or quarantine it"
    case .refusedCapability: "leave it to the program that delivers the mail"
    case .missingRequire(let capability, _):
      "add \"\(capability)\" to the 'require' at the top of the file"
    case .commandAsTest: "put it into the block: if TEST { … }"
    case .testAsCommand(let name): "write if \(name) … { … }"
    }
  }
}
