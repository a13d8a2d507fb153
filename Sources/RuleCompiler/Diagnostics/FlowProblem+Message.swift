// The words of families F and E.

import RuleBytecode

extension FlowProblem {
  var wording: Wording {
    switch self {
    case .unreachable(let verdict):
      Wording("this is never reached", "\(quoted(verdict)) before it ends the run")
    case .acceptAndReject(let name, let before):
      Wording("\(quoted(name)) comes after \(quoted(before)) on the same path")
    case .alwaysTrue(let test): Wording("\(quoted(test)) is always true here")
    case .alwaysFalse(let test): Wording("\(quoted(test)) is always false here")
    case .shadowed(let part, let rule):
      Wording(
        part.phrase,
        rule.map { "\(quoted($0)) takes all its mail" } ?? "a branch before takes all its mail")
    case .duplicateKey(let key): Wording("the key \(quoted(key)) is in this list twice")
    case .duplicateTest(let name): Wording("\(quoted(name)) has the same test twice")
    case .refusalIncludesLocal(let verdict):
      Wording(
        "\(quoted(verdict)) here refuses mail of local programs too",
        "such mail stays in Postfix's queue")
    case .negatedPartNames:
      Wording("'not part :list' is false as soon as one of several names is in the list")
    case .editNeedsSplit(let name):
      Wording(
        "\(quoted(name)) in 'for_each_rcpt' changes the one message that all get",
        "it needs ':split' at the loop")
    case .definitionInLoop(let name, let held):
      Wording(
        "the definition \(quoted(name)) cannot be called in 'for_each_rcpt'",
        "it holds \(quoted(held))")
    case .breaksSignature(let name):
      Wording("\(quoted(name)) here breaks signatures", "who verifies them sees a forgery")
    case .tooComplex(let name):
      Wording("\(quoted(name)) is too large for the machine", "registers, calls or tables run out")
    case .costOverBudget(let rule, let fuel, let all, let budget, let mostly):
      Wording(
        "the policy can cost \(seconds(all)) for one message, "
          + factor(all, of: budget),
        "\(quoted(rule)) has \(seconds(fuel)) of it, mostly \(mostly)")
    case .waitTooLong(let phase, let seconds, let allowed, let mostly, _):
      Wording(
        "the checks of \(phase) can wait \(seconds) s one after the other, "
          + "more than the \(allowed) s that the mail server leaves",
        listed(mostly))
    case .overwritten(let name):
      Wording("this value of \(quoted(name)) is never read", "it is replaced before that")
    case .readBeforeSet(let name):
      Wording("the variable \(quoted(name)) is not set yet here", "it is always \"\"")
    case .hidesVariable(let hidden): hidden.wording
    case .otherMeaning(let text): text.wording
    }
  }

  var help: String? {
    switch self {
    case .unreachable: "remove it, or move it up"
    case .acceptAndReject: "a run has one verdict: put them into different branches"
    case .alwaysTrue: "remove the test, or what it guards against"
    case .alwaysFalse: "remove it, or mend its test"
    case .shadowed: "move it before the other one, or remove it"
    case .overwritten: "remove this 'set', or read the value before the next one"
    case .readBeforeSet: "set it in a rule before this one"
    case .hidesVariable(let hidden): hidden.help
    case .otherMeaning(let text): text.help
    case .duplicateKey, .duplicateTest: "remove one of the two"
    case .refusalIncludesLocal: "put the rule into group not submission \"local\" { … }"
    case .editNeedsSplit: "write for_each_rcpt :split { … }, or move the edit out of the loop"
    case .definitionInLoop: "write what it does into the loop itself"
    case .breaksSignature: "leave ':break_signature' out where signed mail may stay as it is"
    case .tooComplex: "split it into several rules"
    case .costOverBudget(_, _, _, _, let mostly)
    where mostly.hasPrefix("recipient") || mostly.hasPrefix("envelope"):
      "ask it once, in phase rcpt or message, and remember the answer: set :message …"
    case .costOverBudget:
      "compare with :is, a table or fewer keys, or read less: limits :header_bytes … :text_bytes …"
    case .waitTooLong(_, let seconds, _, _, let tag):
      "give them less by ':timeout', or the mail server more: "
        + "mta_timeouts :\(tag) \(MTAPatience.needed(seconds));"
    case .negatedPartNames: "for an allow-list write not part :all :list …"
    }
  }
}

extension ShadowedPart {
  fileprivate var phrase: String {
    switch self {
    case .rule(let name): "the rule \(quoted(name)) never decides"
    case .branch: "this branch is never taken"
    case .group: "this group never runs"
    }
  }
}

extension FailureProblem {
  var wording: Wording {
    switch self {
    case .unknownClass(let name, _): Wording("there is no class of failures ':\(name)'")
    case .unknownAnswer(let text, _):
      Wording(
        "\(quoted(text)) is no answer to a failure",
        "expected continue, tempfail, accept or reject")
    case .missingPolicy(let name, let test):
      Wording("nothing says what happens when \(quoted(test)) cannot answer", "class :\(name)")
    case .duplicateClass(let name): Wording("':\(name)' has two answers here")
    case .failOpen(let name, let answer):
      Wording("when :\(name) fails, mail goes by unchecked", "\(quoted(answer)) lets it pass")
    case .wrongPlace: Wording("'on_error' cannot stand here")
    }
  }

  var help: String? {
    switch self {
    case .unknownClass(_, let nearest):
      didYouMean(nearest.map { ":" + $0 })
        ?? "the classes are :dns :scanner :table :callout :store :program :limit :internal"
    case .unknownAnswer(_, let nearest): didYouMean(nearest)
    case .missingPolicy(let name, _):
      "write on_error :\(name) \"tempfail\"; at the top of the file, or \"continue\""
    case .duplicateClass: "remove one of the two"
    case .failOpen: "write \"tempfail\" if unchecked mail must not pass, ':fail_open' if it may"
    case .wrongPlace: "make it the first command"
    }
  }
}

extension HiddenVariable {
  var wording: Wording {
    Wording(
      "this \(quoted(name)) is not the one of ':\(scope)'",
      inner == VariableScope.run.name
        ? "it lasts for this run, and hides that one" : "where both are known it hides that one")
  }

  var help: String {
    isLookup
      ? "look it up into another name, then set :\(scope) \"\(name)\" to that"
      : "write set :\(scope) \"\(name)\", or take another name"
  }
}
