// The words of family P. The phases come from the table of phases, never from here.

import RuleBytecode

extension PhaseProblem {
  var wording: Wording {
    switch self {
    case .testNotPossible(let name, let phase, let need, let possible),
      .actionNotPossible(let name, let phase, let need, let possible):
      Wording(
        "\(quoted(name)) is not possible in phase \(phase)", need.reason(possible))
    case .factNotKnown(let name, let phase, let known):
      Wording(
        "the fact \(quoted(name)) is not known in phase \(phase)",
        "it is known in \(phaseList(known))")
    case .variableOfOtherPhase(let name, let phase, let setIn, _):
      Wording(
        "the variable \(quoted(name)) is not kept until phase \(phase)",
        "it is set for one run of phase \(setIn)")
    case .tagNotPossible(let tag, let name, let phase, let possible):
      Wording(
        "':\(tag)' of \(quoted(name)) is not possible in phase \(phase)",
        "it is possible in \(phaseList(possible))")
    case .tagNeeded(let tag, let name, let phase):
      Wording("\(quoted(name)) is not possible in phase \(phase) without ':\(tag)'")
    case .scopeNotPossible(let scope, let phase, let possible):
      Wording(
        "':\(scope)' is not possible in phase \(phase)",
        "it is possible in \(phaseList(possible))")
    case .dataNotAvailable(let data, let name, let phase, let possible):
      Wording(
        "\(quoted(name)) cannot ask for \(quoted(data)) in phase \(phase)",
        "it is known in \(phaseList(possible))")
    case .definitionNotPossible(let name, let phase, let because, let possible):
      Wording(
        "the definition \(quoted(name)) is not possible in phase \(phase)",
        "its \(quoted(because)) is possible in \(phaseList(possible))")
    case .loopNeeded(let name, let phase, let loop):
      Wording(
        "\(quoted(name)) is not possible in phase \(phase) outside of \(quoted(loop))",
        "which part is meant?")
    case .notInTimer(let name):
      Wording("\(quoted(name)) is not possible in 'every'", "there is no client and no mail")
    }
  }

  var help: String? {
    switch self {
    case .actionNotPossible(let name, let phase, .part, let possible):
      possible.first.map {
        "remember it here (\(Self.remember(in: phase))) and \(name) in phase \($0)"
      }
    case .testNotPossible(_, _, _, let possible), .actionNotPossible(_, _, _, let possible),
      .factNotKnown(_, _, let possible), .tagNotPossible(_, _, _, let possible),
      .dataNotAvailable(_, _, _, let possible), .definitionNotPossible(_, _, _, let possible):
      possible.isEmpty ? nil : "move this rule to \(phaseList(possible, "or"))"
    case .variableOfOtherPhase(let name, _, _, let scope):
      "write set :\(scope) \"\(name)\" where it is set"
    case .tagNeeded(let tag, let name, _): "write \(name) :\(tag)"
    case .loopNeeded("keep", _, let loop):
      "a message that no rule refuses is delivered: leave it out, or write accept; "
        + "of a part write \(loop) { keep … }"
    case .loopNeeded(let name, _, let loop): "write \(loop) { \(name) … }, or use phase part"
    case .notInTimer:
      "a job can \(TimerRights.actions.map(\.name).joined(separator: ", ")); what is about mail"
        + " stands in a phase"
    case .scopeNotPossible: nil
    }
  }

  /// A variable that lives until the parts: the widest scope that the phase can give.
  private static func remember(in phase: String) -> String {
    let scope =
      switch phase {
      case "connect", "helo": "session"
      default: "message"
      }
    return "set :\(scope) \"strip\" \"1\""
  }
}

extension PhaseProblem.Need {
  /// The words under the caret: what it works on, and where that is.
  fileprivate func reason(_ possible: [String]) -> String {
    let (needed, exist) =
      switch self {
      case .part: ("it needs a MIME part", "parts exist")
      case .header: ("it needs the header", "the header is known")
      case .message: ("it needs the message", "the message is known")
      case .sender: ("it needs the sender", "the sender is known")
      case .recipient: ("it needs a recipient", "a recipient is known")
      case .recipients: ("it needs the recipients", "they are known")
      case .messageEnd: ("it needs the whole message", "it is there")
      case .none: ("", "it is possible")
      }
    let place = "in " + phaseList(possible)
    return needed.isEmpty ? "\(exist) \(place)" : "\(needed); \(exist) \(place)"
  }
}
