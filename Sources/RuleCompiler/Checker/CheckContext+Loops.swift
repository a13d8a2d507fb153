// `foreverypart` and `for_each_rcpt` while their blocks are checked: which part or recipient is
// meant.

import RuleBytecode

/// A loop whose block is being checked. Its depth is its place among the loops of its block.
struct OpenLoop: Sendable {
  enum Subject: Sendable { case parts, recipients, nothing }

  let subject: Subject
  /// As `break :name` calls it.
  let name: String?
  /// `for_each_rcpt :split`: each recipient may get a message of its own.
  var isSplit = false
}

extension CheckContext {
  /// A script that is included in a loop sees its part, and cannot leave it.
  var loopsToLeave: ArraySlice<OpenLoop> { loops[loopsAround...] }

  /// The innermost loop over parts; its part is the one that is meant.
  var partLoop: Int? { loops.lastIndex { $0.subject == .parts } }

  var recipientLoop: Int? { loops.lastIndex { $0.subject == .recipients } }

  /// The loop that a fact is about, where there is one.
  func loop(of fact: Fact) -> Int? {
    fact.isOfPart ? partLoop : fact.isOfRecipient ? recipientLoop : nil
  }

  /// Where something about a part can be asked: also where a loop over parts is.
  func withLoop(_ phases: PhaseSet) -> PhaseSet {
    partLoop == nil ? phases : PhaseSet(phases.phases + [.eom])
  }

  /// Whether there is a part that an action or test can mean; if not, that is reported. In `eom`
  /// only a loop gives one.
  mutating func hasPart(for name: String, at range: SourceRange) -> Bool {
    guard place.phase == .eom, partLoop == nil else { return true }
    report(.phase(.loopNeeded(name, phase: Phase.eom.name, loop: "foreverypart")), at: range)
    return false
  }
}
