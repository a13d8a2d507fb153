// docs/PHASES.md, made from the phase table and the fact sheet; a test holds them equal.

package enum PhaseManual {
  /// The whole file, in Markdown.
  package static var text: String {
    ([introduction, phases, actions, facts, families].joined(separator: "\n\n") + "\n")
  }

  private static let introduction = """
    # Phases, actions and facts

    Made from the phase table and the fact sheet (`PhaseTable.swift` and `Fact.swift` in
    `Sources/RuleBytecode`) by a test, which fails when this file differs; to write it anew:
    `DEFANG_RECORD=1 swift test --filter ManualTests`. What the words mean is in LANGUAGE.md.
    """

  private static var phases: String {
    let rows = Phase.allCases.map { phase in
      ["`\(phase.name)`", phase.runs, names(firstKnownIn: phase)]
    }
    return "## Phases\n\n" + ManualTable.text(["phase", "runs", "facts known from here on"], rows)
  }

  /// Facts and families whose first phase this is.
  private static func names(firstKnownIn phase: Phase) -> String {
    let facts = Fact.allCases.filter { $0.info.phases.phases.first == phase }.map(\.name)
    let families = FactFamily.allCases.filter { $0.phases.phases.first == phase }
    return (facts + families.map { $0.prefix + "NAME" }).map { "`\($0)`" }.joined(separator: " ")
  }

  private static var actions: String {
    let rows = Action.allCases.map { action in
      ["`\(action.name)`"] + Phase.allCases.map { action.reach(in: $0).cell }
    }
    let key = """
      `yes`: done at once. `recorded`: done at the end of the message, if it is delivered. The
      other words say what a verdict or an edit reaches; `–`: not possible.
      """
    let titles = ["action"] + Phase.allCases.map(\.name)
    return "## What is possible where\n\n\(key)\n\n" + ManualTable.text(titles, rows)
  }

  private static var facts: String {
    let rows = Fact.allCases.map { fact in
      let info = fact.info
      return [
        "`\(info.name)`", "\(info.kind)", ManualTable.span(info.phases),
        info.macros.joined(separator: " "), info.meaning,
      ]
    }
    return "## Facts\n\nRead as `${name}`; `fact \"name\"` tests whether there is one.\n\n"
      + ManualTable.text(["fact", "type", "phases", "milter macros", "meaning"], rows)
  }

  private static var families: String {
    let rows = FactFamily.allCases.map {
      ["`\($0.prefix)NAME`", ManualTable.span($0.phases), $0.meaning]
    }
    return "## Facts with a name of their own\n\n"
      + ManualTable.text(["fact", "phases", "meaning"], rows)
  }
}

extension Reach {
  /// A cell of the table in the manual.
  var cell: String {
    switch self {
    case .no: "–"
    case .here: "yes"
    case .session: "session"
    case .message: "message"
    case .recipient: "this recipient"
    case .recipientOrMessage: "this recipient, or `:message`"
    case .partOrMessage: "this part, or `:message`"
    case .onlyMessage: "only `:message`"
    case .recorded: "recorded"
    case .thisPart: "this part"
    case .loopPart: "in `foreverypart`"
    }
  }
}

extension FactFamily {
  /// What the facts of this family are, for the manual.
  package var meaning: String {
    switch self {
    case .macro: "a milter macro of the MTA, named without braces; upper and lower case differ"
    case .senderArgument: "an ESMTP argument of MAIL FROM, as SIZE"
    case .rcptArgument: "an ESMTP argument of this RCPT TO, as NOTIFY"
    case .scan: "what a scanner said: \(FactFamily.scanFields.joined(separator: ", "))"
    case .switch: "a switch of the policy, on or off"
    }
  }
}
